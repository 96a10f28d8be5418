/*
 * Reads a rule file from standard input, as strictly as the program does, and writes it as C
 * source: a struct rule_pack (src/rules/pack.h). Runs where the program is built.
 *
 *	pack-rules FILE NAME < FILE	(FILE is for messages)
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "diag.h"
#include "rules.h"
#include "rules/pack.h"
#include "rules/sha256.h"
#include "rules/tree.h"

struct packer {
	unsigned column; /* of the line that is being written */
	uint32_t line;   /* of the node before */
};

/* Octal escapes end after three digits, whatever follows. */
static void write_byte(struct packer *p, unsigned char byte)
{
	if (p->column == 0)
		fputs("\n\t\"", stdout);
	printf("\\%03o", (unsigned)byte);
	if (++p->column == 20) {
		putchar('"');
		p->column = 0;
	}
}

static void write_number(struct packer *p, uint32_t number)
{
	for (; number >= 0x80; number >>= 7)
		write_byte(p, (unsigned char)(0x80 | (number & 0x7f)));
	write_byte(p, (unsigned char)number);
}

static void write_node(struct packer *p, const struct node *node)
{
	if (node->line < p->line) {
		fprintf(stderr, "pack-rules: a node is above the one before it\n");
		exit(EXIT_FAILURE);
	}
	write_byte(p, (unsigned char)(node->kind | (node->plain ? PACK_PLAIN : 0)));
	write_number(p, node->line - p->line);
	write_number(p, node->column);
	write_number(p, node->count);
	p->line = node->line;
	if (node->kind == NODE_SCALAR) {
		for (uint32_t i = 0; i <= node->count; i++)
			write_byte(p, (unsigned char)node->text[i]);
		return;
	}
	for (const struct node *n = node->first; n != NULL; n = n->next)
		write_node(p, n);
}

static void write_pack(const struct node *root, const char *sha256, const char *name)
{
	struct packer packer = {0};

	printf("#include \"rules.h\"\n\nextern const struct rule_pack %s;\n\n", name);
	printf("static const unsigned char bytes[] =");
	write_node(&packer, root);
	printf("%s;\n\nconst struct rule_pack %s = {\n", packer.column > 0 ? "\"" : "", name);
	printf("\t.bytes = bytes, .len = sizeof bytes - 1, .sha256 = \"%s\"};\n", sha256);
}

int main(int argc, char **argv)
{
	static char text[RULES_MAX_BYTES + 1];
	struct diags diags = {0};
	struct tree tree = {0};
	char sha256[65];
	int status = EXIT_FAILURE;

	if (argc != 3) {
		fputs("usage: pack-rules FILE NAME < FILE\n", stderr);
		return EXIT_FAILURE;
	}
	size_t len = fread(text, 1, sizeof text, stdin);
	tree_parse(&tree, argv[1], text, len, &diags);
	diags_print(&diags, stderr);
	if (diags.count == 0 && tree.root != NULL) {
		sha256_hex(text, len, sha256);
		write_pack(tree.root, sha256, argv[2]);
		if (fflush(stdout) == 0 && !ferror(stdout) && !ferror(stdin))
			status = EXIT_SUCCESS;
	}
	tree_release(&tree);
	diags_release(&diags);
	return status;
}
