/*
 * The list of what is installed.
 */
#include "inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char *const kind_names[INVENTORY_KIND_COUNT] = {
	[INVENTORY_PACKAGE] = "package",
	[INVENTORY_PROGRAM] = "program",
	[INVENTORY_SERVICE] = "service",
	[INVENTORY_DRIVER] = "driver",
	[INVENTORY_ADAPTER] = "adapter",
	[INVENTORY_LSP] = "lsp",
	[INVENTORY_STORE] = "store",
	[INVENTORY_BUNDLE] = "bundle",
	[INVENTORY_RECEIPT] = "receipt",
	[INVENTORY_STATE] = "state",
};

const char *inventory_kind_name(enum inventory_kind kind)
{
	return kind < INVENTORY_KIND_COUNT ? kind_names[kind] : "?";
}

int inventory_kind_parse(const char *name, enum inventory_kind *kind)
{
	for (int i = 0; i < INVENTORY_KIND_COUNT; i++) {
		if (strcmp(kind_names[i], name) != 0)
			continue;
		*kind = (enum inventory_kind)i;
		return 0;
	}
	return -1;
}

void inventory_init(struct inventory *inv, const char *os)
{
	memset(inv, 0, sizeof *inv);
	snprintf(inv->os, sizeof inv->os, "%s", os);
}

void inventory_release(struct inventory *inv)
{
	for (size_t i = 0; i < inv->count; i++) {
		free(inv->items[i].name);
		free(inv->items[i].version);
		free(inv->items[i].publisher);
		free(inv->items[i].code);
	}
	free(inv->items);
	memset(inv, 0, sizeof *inv);
}

static char *copy(const char *text)
{
	return mem_strdup(text != NULL ? text : "");
}

void inventory_add(struct inventory *inv, enum inventory_kind kind, const char *name,
	const char *version, const char *publisher, const char *code)
{
	inv->items = mem_grow(inv->items, inv->count, &inv->capacity, sizeof *inv->items);
	inv->items[inv->count++] = (struct inventory_entry){
		.kind = kind,
		.name = copy(name),
		.version = copy(version),
		.publisher = copy(publisher),
		.code = copy(code),
	};
}
