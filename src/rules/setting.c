/* --set NAME=VALUE as a rule file of one key. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "tree.h"

#define PARTS_MAX 8

/* Bytes of the first part of a dotted path. */
static size_t part_size(const char *path)
{
	return strcspn(path, ".");
}

/* Bytes of the cause code that the path begins with (codes have dots), or of one part. */
static size_t cause_size(const char *path)
{
	size_t best = part_size(path);

	for (size_t i = 0; i < cause_count; i++) {
		size_t len = strlen(cause_table[i].code);
		if (len > best && strncmp(path, cause_table[i].code, len) == 0 &&
			(path[len] == '.' || path[len] == '\0'))
			best = len;
	}
	return best;
}

static bool fits(const char *part, size_t len)
{
	return len > 0 && strspn(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789-_.") >= len;
}

/* Splits the path; the count of parts, or 0 when it is none. */
static size_t split(const char *path, const char *parts[PARTS_MAX], size_t sizes[PARTS_MAX])
{
	size_t count = 0;

	for (const char *p = path;;) {
		bool cause = (count == 1 && strncmp(path, "causes.", 7) == 0) ||
			     (count == 3 && strncmp(path, "checks.", 7) == 0 &&
				     strncmp(parts[2], "remedy.", 7) == 0);
		size_t size = cause ? cause_size(p) : part_size(p);
		if (count == PARTS_MAX || !fits(p, size))
			return 0;
		parts[count] = p;
		sizes[count++] = size;
		if (p[size] == '\0')
			return count;
		p += size + 1;
	}
}

static bool only_scalars(const struct node *list)
{
	for (const struct node *n = list->first; n != NULL; n = n->next)
		if (n->kind != NODE_SCALAR)
			return false;
	return true;
}

/* NULL when a value, put behind "key: ", means what it means alone; else what is wrong. */
static const char *value_problem(const char *value, const struct tree *tree)
{
	const struct node *root = tree->root;

	if (root == NULL || node_is_null(root))
		return "there is no value";
	if (root->kind == NODE_MAP)
		return "the value is a mapping: name its keys in the path instead";
	if (root->kind == NODE_LIST)
		return value[0] == '[' && only_scalars(root) ? NULL
							     : "a list is written [one, two]";
	if (root->kind == NODE_SCALAR && root->plain)
		return strcmp(root->text, value) == 0
			       ? NULL
			       : "the value is not plain text (a comment perhaps): quote it";
	return value[0] == '"' || value[0] == '\'' ? NULL : "write the value on one line";
}

static bool value_fits(const char *file, const char *value, struct diags *diags)
{
	size_t before = diags->count + diags->dropped;
	struct tree tree = {0};
	const char *problem = NULL;

	if (strpbrk(value, "\r\n") != NULL) {
		diags_add(diags, file, 0, 0, "the value has several lines");
		return false;
	}
	tree_parse(&tree, file, value, strlen(value), diags);
	if (diags->count + diags->dropped == before)
		problem = value_problem(value, &tree);
	if (problem != NULL)
		diags_add(diags, file, 0, 0, "%s", problem);
	tree_release(&tree);
	return diags->count + diags->dropped == before;
}

static char *compose(const char *const *parts, const size_t *sizes, size_t count, const char *value)
{
	struct strbuf sb;

	strbuf_init(&sb, RULES_MAX_BYTES);
	strbuf_addf(&sb, "version: %d\n", RULES_VERSION);
	for (size_t i = 0; i < count; i++) {
		strbuf_addf(&sb, "%*s\"", (int)i * 2, "");
		strbuf_add(&sb, parts[i], sizes[i]);
		strbuf_adds(&sb, i + 1 < count ? "\":\n" : "\": ");
	}
	strbuf_addf(&sb, "%s\n", value);
	return strbuf_detach(&sb);
}

char *rules_from_setting(const char *setting, struct diags *diags)
{
	const char *equals = strchr(setting, '='), *parts[PARTS_MAX];
	size_t sizes[PARTS_MAX], count = 0;
	char *path = NULL, *yaml = NULL, *value = NULL;
	char file[QUOTE_SIZE + 8], buf[QUOTE_SIZE];

	snprintf(file, sizeof file, "--set %s", quote(setting, buf));
	if (equals != NULL) {
		path = mem_strndup(setting, (size_t)(equals - setting));
		snprintf(file, sizeof file, "--set %s", quote(path, buf));
		count = split(path, parts, sizes);
		value = mem_strdup(equals + 1 + strspn(equals + 1, " "));
		size_t len = strlen(value);
		while (len > 0 && value[len - 1] == ' ')
			value[--len] = '\0';
	}
	if (equals == NULL || count < 2)
		diags_add(diags, file, 0, 0,
			"NAME=VALUE was expected, NAME being keys joined by dots "
			"(checks.term-disk.free=200MB)");
	else if (value_fits(file, value, diags))
		yaml = compose(parts, sizes, count, value);
	free(path);
	free(value);
	return yaml;
}
