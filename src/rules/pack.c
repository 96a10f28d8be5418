#include "pack.h"

#include <string.h>

#include "rules.h"

struct unpacker {
	const unsigned char *at, *end;
	struct arena *arena;
	uint32_t line; /* of the node before */
};

static bool read_number(struct unpacker *u, uint32_t *out)
{
	*out = 0;
	for (unsigned shift = 0; shift < 28 && u->at < u->end; shift += 7) {
		*out |= (uint32_t)(*u->at & 0x7f) << shift;
		if (!(*u->at++ & 0x80))
			return true;
	}
	return false;
}

static bool read_text(struct unpacker *u, struct node *node)
{
	if (node->count >= (size_t)(u->end - u->at) ||
		memchr(u->at, '\0', node->count + 1) != u->at + node->count)
		return false;
	node->text = (const char *)u->at;
	u->at += node->count + 1;
	return true;
}

static struct node *read_node(struct unpacker *u, int depth);

static bool read_members(struct unpacker *u, struct node *node, int depth)
{
	bool map = node->kind == NODE_MAP;
	uint32_t total = map ? node->count * 2 : node->count;
	struct node **end = &node->first;

	if (depth == RULES_MAX_DEPTH || node->count > RULES_MAX_ENTRIES)
		return false;
	for (uint32_t i = 0; i < total; i++, end = &(*end)->next) {
		*end = read_node(u, depth + 1);
		if (*end == NULL || (map && i % 2 == 0 && (*end)->kind != NODE_SCALAR))
			return false;
	}
	return true;
}

/* NULL when it is damaged. */
static struct node *read_node(struct unpacker *u, int depth)
{
	struct node *node = arena_alloc(u->arena, sizeof *node);
	uint32_t down;

	if (u->at == u->end)
		return NULL;
	node->plain = *u->at & PACK_PLAIN;
	node->kind = *u->at++ & (PACK_PLAIN - 1);
	if (!read_number(u, &down) || !read_number(u, &node->column) ||
		!read_number(u, &node->count))
		return NULL;
	node->line = u->line += down;
	switch ((enum node_kind)node->kind) {
	case NODE_SCALAR:
		return read_text(u, node) ? node : NULL;
	case NODE_LIST:
	case NODE_MAP:
		return read_members(u, node, depth) ? node : NULL;
	case NODE_BAD:
		break;
	}
	return NULL;
}

bool tree_unpack(struct tree *tree, const unsigned char *bytes, size_t len)
{
	struct unpacker u = {.at = bytes, .end = bytes + len, .arena = &tree->arena};

	memset(tree, 0, sizeof *tree);
	tree->root = read_node(&u, 0);
	if (u.at != u.end)
		tree->root = NULL;
	tree->complete = tree->root != NULL;
	return tree->complete;
}
