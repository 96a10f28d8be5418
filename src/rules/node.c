/* Reading single nodes. */
#include "tree.h"

#include <stdio.h>
#include <string.h>

/* Whether a plain scalar is one of the words, which have at most five letters. */
static bool is_word(const struct node *node, const char *initials, const char *const *words)
{
	const char *text = node->text;

	if (node->kind != NODE_SCALAR || !node->plain || node->count > 5 ||
		strchr(initials, text[0]) == NULL) /* finds the NUL of an empty text, too */
		return false;
	for (; *words != NULL; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

bool node_is_null(const struct node *node)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};

	return is_word(node, "~nN", words);
}

/* YAML 1.1, "Boolean Language-Independent Type for YAML" (2005), without its y and n, which hardly
 * any program takes as booleans. */
bool node_is_boolean(const struct node *node)
{
	static const char *const words[] = {"yes", "Yes", "YES", "no", "No", "NO", "true", "True",
		"TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF", NULL};

	return is_word(node, "ynNtfoYTFO", words);
}

const char *quote(const char *text, char buf[QUOTE_SIZE])
{
	size_t len = strlen(text), cut = 60;

	if (len <= cut)
		cut = len;
	else
		while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80)
			cut--;
	snprintf(buf, QUOTE_SIZE, "%.*s%s", (int)cut, text, cut < len ? "…" : "");
	return buf;
}
