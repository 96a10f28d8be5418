/* libyaml's events, made into a tree. */
#include "tree.h"

#include <string.h>
#include <yaml.h>

#include "encoding.h"
#include "index.h"
#include "rules.h"

/* An open list or mapping. */
struct frame {
	struct node *node;
	struct node **end; /* where the next member is linked */
	struct node *key;  /* a mapping's key that waits for its value */
	bool full;         /* too many members: reported */
};

struct builder {
	struct tree *tree;
	const char *file;
	struct diags *diags;
	struct frame stack[RULES_MAX_DEPTH];
	int depth;     /* open frames */
	int too_deep;  /* open containers that are left out */
	int documents; /* begun */
};

static int line_of(const yaml_mark_t *mark)
{
	return (int)mark->line + 1;
}

static int column_of(const yaml_mark_t *mark)
{
	return (int)mark->column + 1;
}

static void complain(const struct builder *b, const struct node *node, const char *text)
{
	char buf[QUOTE_SIZE];

	if (node->kind == NODE_SCALAR && node->count > 0)
		diags_add(b->diags, b->file, (int)node->line, (int)node->column, "%s: %s",
			quote(node->text, buf), text);
	else
		diags_add(b->diags, b->file, (int)node->line, (int)node->column, "%s", text);
}

static struct node *new_node(struct builder *b, enum node_kind kind, const yaml_mark_t *mark)
{
	struct node *node = arena_alloc(&b->tree->arena, sizeof *node);

	node->kind = (uint8_t)kind;
	node->line = (uint32_t)line_of(mark);
	node->column = (uint32_t)column_of(mark);
	return node;
}

static bool is_number(const char *text)
{
	text += *text == '-' || *text == '+';
	return *text != '\0' && strspn(text, "0123456789._") == strlen(text) &&
	       strpbrk(text, "0123456789") != NULL;
}

/* Whether a node may be a key; reports it if not. */
static bool key_fits(const struct builder *b, const struct node *key)
{
	if (key->kind == NODE_BAD)
		return false;
	if (key->kind != NODE_SCALAR)
		complain(b, key, "a key must be a text, not a list or mapping");
	else if (!key->plain)
		return true;
	else if (strcmp(key->text, "<<") == 0)
		complain(b, key, "merge keys are not used in rule files");
	else if (node_is_null(key))
		complain(b, key, "a key is missing before the colon");
	else if (node_is_boolean(key))
		complain(b, key,
			"as a key this is read as true or false by many programs: quote it");
	else if (is_number(key->text))
		complain(b, key, "a key must be a text, not a number: quote it");
	else
		return true;
	return false;
}

static void link_member(struct builder *b, struct frame *f, struct node *node)
{
	if (f->node->count >= RULES_MAX_ENTRIES) {
		if (!f->full)
			diags_add(b->diags, b->file, (int)node->line, (int)node->column,
				"more than %d members in one list or mapping", RULES_MAX_ENTRIES);
		f->full = true;
		return;
	}
	f->node->count++;
	*f->end = node;
	while (*f->end != NULL)
		f->end = &(*f->end)->next;
}

/* Puts a new node where it belongs in the open frame. */
static void attach(struct builder *b, struct node *node)
{
	if (b->depth == 0) {
		b->tree->root = node;
		return;
	}
	struct frame *f = &b->stack[b->depth - 1];
	if (f->node->kind == NODE_LIST) {
		link_member(b, f, node);
	} else if (f->key == NULL) {
		f->key = node;
		if (!key_fits(b, node))
			node->kind = NODE_BAD;
	} else {
		f->key->next = node;
		if (f->key->kind == NODE_SCALAR)
			link_member(b, f, f->key);
		f->key = NULL;
	}
}

static void open_container(struct builder *b, enum node_kind kind, const yaml_mark_t *mark)
{
	if (b->too_deep > 0 || b->depth == RULES_MAX_DEPTH) {
		if (b->too_deep++ == 0) {
			attach(b, new_node(b, NODE_BAD, mark));
			diags_add(b->diags, b->file, line_of(mark), column_of(mark),
				"nested deeper than %d levels", RULES_MAX_DEPTH);
		}
		return;
	}
	struct node *node = new_node(b, kind, mark);
	attach(b, node);
	b->stack[b->depth++] = (struct frame){.node = node, .end = &node->first};
}

static void report_repeat(const struct builder *b, const struct node *key, uint32_t first)
{
	char buf[QUOTE_SIZE];

	diags_add(b->diags, b->file, (int)key->line, (int)key->column,
		"%s: this key is given twice (first in line %u)", quote(key->text, buf),
		(unsigned)first);
}

static void check_repeats_many(const struct builder *b, const struct node *map)
{
	struct index index = {0};

	for (const struct node *key = map->first; key != NULL; key = key->next->next) {
		uint32_t first = index_put(&index, key->text, key->line);
		if (first != INDEX_NONE)
			report_repeat(b, key, first);
	}
	index_release(&index);
}

static void check_repeats_few(const struct builder *b, const struct node *map)
{
	for (const struct node *key = map->first; key != NULL; key = key->next->next) {
		const struct node *other = map->first;
		while (other != key && strcmp(other->text, key->text) != 0)
			other = other->next->next;
		if (other != key)
			report_repeat(b, key, other->line);
	}
}

static void close_container(struct builder *b)
{
	if (b->too_deep > 0) {
		b->too_deep--;
		return;
	}
	const struct node *node = b->stack[--b->depth].node;
	if (node->kind == NODE_MAP && node->count > 16)
		check_repeats_many(b, node);
	else if (node->kind == NODE_MAP)
		check_repeats_few(b, node);
}

/* Escapes may name characters that may not stand in the file itself. */
static bool escapes_fit(const struct builder *b, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	uint32_t code = 0;

	if (event->data.scalar.style != YAML_DOUBLE_QUOTED_SCALAR_STYLE ||
		encoding_clean(text, len, &code))
		return true;
	diags_add(b->diags, b->file, line_of(&event->start_mark), column_of(&event->start_mark),
		"the text holds a control character (U+%04X)", (unsigned)code);
	return false;
}

static void add_scalar(struct builder *b, const yaml_event_t *event)
{
	size_t len = event->data.scalar.length;
	struct node *node;

	if (b->too_deep > 0)
		return;
	node = new_node(b, NODE_SCALAR, &event->start_mark);
	if (len > RULES_MAX_STRING) {
		diags_add(b->diags, b->file, (int)node->line, (int)node->column,
			"the text has %zu bytes, more than the limit of %d", len, RULES_MAX_STRING);
		node->kind = NODE_BAD;
	} else if (!escapes_fit(b, event)) {
		node->kind = NODE_BAD;
	} else {
		node->text =
			arena_strndup(&b->tree->arena, (const char *)event->data.scalar.value, len);
		node->count = (uint32_t)len;
		node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	}
	attach(b, node);
}

static void refuse(const struct builder *b, const yaml_event_t *event, const char *what)
{
	diags_add(b->diags, b->file, line_of(&event->start_mark), column_of(&event->start_mark),
		"%s are not used in rule files", what);
}

static void refuse_properties(
	const struct builder *b, const yaml_event_t *event, const void *anchor, const void *tag)
{
	if (anchor != NULL)
		refuse(b, event, "anchors (&)");
	if (tag != NULL)
		refuse(b, event, "tags (!)");
}

static void begin_document(struct builder *b, const yaml_event_t *event)
{
	if (++b->documents > 1)
		refuse(b, event, "several documents (---)");
	if (event->data.document_start.version_directive != NULL ||
		event->data.document_start.tag_directives.start !=
			event->data.document_start.tag_directives.end)
		refuse(b, event, "directives (%)");
}

/* Returns false when nothing more is to be read. */
static bool take_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		refuse_properties(b, event, event->data.scalar.anchor, event->data.scalar.tag);
		add_scalar(b, event);
		return true;
	case YAML_ALIAS_EVENT:
		refuse(b, event, "aliases (*)");
		if (b->too_deep == 0)
			attach(b, new_node(b, NODE_BAD, &event->start_mark));
		return true;
	case YAML_SEQUENCE_START_EVENT:
		refuse_properties(b, event, event->data.sequence_start.anchor,
			event->data.sequence_start.tag);
		open_container(b, NODE_LIST, &event->start_mark);
		return true;
	case YAML_MAPPING_START_EVENT:
		refuse_properties(
			b, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
		open_container(b, NODE_MAP, &event->start_mark);
		return true;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_container(b);
		return true;
	case YAML_DOCUMENT_START_EVENT:
		begin_document(b, event);
		return b->documents == 1;
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	case YAML_STREAM_END_EVENT:
	case YAML_NO_EVENT:
		return false;
	}
	return false;
}

static bool tab_at(const char *text, size_t len, const yaml_mark_t *mark)
{
	const char *line = text, *end = text + len;

	for (size_t i = 0; i < mark->line && line < end; i++) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		line = feed != NULL ? feed + 1 : end;
	}
	while (line < end && *line == ' ')
		line++;
	return line < end && *line == '\t';
}

static void report_syntax(
	struct builder *b, const yaml_parser_t *parser, const char *text, size_t len)
{
	const char *problem = parser->problem != NULL ? parser->problem : "cannot be read";
	const yaml_mark_t *mark = &parser->problem_mark;
	struct strbuf why;

	strbuf_init(&why, 500);
	if (parser->context != NULL)
		strbuf_addf(
			&why, " (%s, line %d)", parser->context, line_of(&parser->context_mark));
	if (tab_at(text, len, mark))
		strbuf_adds(&why, "; the line is indented with a tab: use spaces");
	diags_add(b->diags, b->file, line_of(mark), column_of(mark), "YAML syntax: %s%s", problem,
		why.data);
	strbuf_release(&why);
}

/* A mapping that the end of readable text left open has its pairs, without a last lonely key. */
static void close_all(struct builder *b)
{
	b->too_deep = 0;
	while (b->depth > 0)
		close_container(b);
}

static void run_parser(struct builder *b, const char *text, size_t len)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool more = true;

	if (!yaml_parser_initialize(&parser)) {
		diags_add(b->diags, b->file, 0, 0, "out of memory");
		return;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	b->tree->complete = true;
	while (more) {
		if (!yaml_parser_parse(&parser, &event)) {
			report_syntax(b, &parser, text, len);
			b->tree->complete = false;
			break;
		}
		more = take_event(b, &event);
		yaml_event_delete(&event);
	}
	close_all(b);
	yaml_parser_delete(&parser);
}

void tree_parse(
	struct tree *tree, const char *file, const char *text, size_t len, struct diags *diags)
{
	struct builder b = {.tree = tree, .file = file, .diags = diags};
	size_t bom = encoding_bom(text, len);

	memset(tree, 0, sizeof *tree);
	if (len > RULES_MAX_BYTES) {
		diags_add(diags, file, 0, 0, "the file has %zu bytes, more than the limit of %d",
			len, RULES_MAX_BYTES);
		return;
	}
	if (encoding_check(file, text, len, diags))
		run_parser(&b, text + bom, len - bom);
}

void tree_release(struct tree *tree)
{
	arena_release(&tree->arena);
	memset(tree, 0, sizeof *tree);
}
