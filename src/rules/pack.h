/*
 * A tree as bytes, so that the default rules are read when the program is built: not at each start
 * by the YAML parser. tools/pack-rules.c writes them, tree_unpack reads them.
 *
 * Nodes stand in the order of the text, each as
 *
 *	kind      1 byte: the enum node_kind, and PACK_PLAIN
 *	line      number: how many lines below the node before it (the first: below line 0)
 *	column    number
 *	count     number, as in struct node
 *
 * and behind that a scalar's bytes with a NUL, a list's members or a map's pairs. A number is a
 * base 128 varint: seven bits a byte, the lowest first, bit 7 set but in the last.
 */
#ifndef PREFLIGHT_RULES_PACK_H
#define PREFLIGHT_RULES_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "tree.h"

#define PACK_PLAIN 0x80

/*
 * Reads packed bytes; false, and a tree without a root, when they are none. The scalars' texts are
 * borrowed from the bytes. Free with tree_release.
 */
bool tree_unpack(struct tree *tree, const unsigned char *bytes, size_t len);

#endif
