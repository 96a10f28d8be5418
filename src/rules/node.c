/* Reading single nodes. */
#include "tree.h"

#include <stdio.h>
#include <string.h>

static bool is_word(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

bool node_is_null(const struct node *node)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};

	return node->kind == NODE_SCALAR && node->plain && is_word(node->text, words);
}

/* YAML 1.1, "Boolean Language-Independent Type for YAML" (2005). */
bool node_is_boolean(const struct node *node)
{
	static const char *const words[] = {"y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No",
		"NO", "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off",
		"Off", "OFF", NULL};

	return node->kind == NODE_SCALAR && node->plain && is_word(node->text, words);
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
