/*
 * What is installed on a terminal, as a plain list of typed entries, so that software rules can be
 * judged on any OS and from a file.
 */
#ifndef PREFLIGHT_INVENTORY_H
#define PREFLIGHT_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

enum inventory_kind {
	INVENTORY_PACKAGE, /* Linux: dpkg, rpm */
	INVENTORY_PROGRAM, /* Windows: uninstall entry */
	INVENTORY_SERVICE, /* Windows: service */
	INVENTORY_DRIVER,  /* kernel or network driver */
	INVENTORY_ADAPTER, /* network adapter */
	INVENTORY_LSP,     /* Winsock catalogue entry */
	INVENTORY_STORE,   /* Windows store package */
	INVENTORY_BUNDLE,  /* macOS application bundle */
	INVENTORY_RECEIPT, /* macOS installer receipt */
	INVENTORY_STATE,   /* a switch of the OS, such as connection sharing */
	INVENTORY_KIND_COUNT
};
const char *inventory_kind_name(enum inventory_kind kind); /* "package", … */
int inventory_kind_parse(const char *name, enum inventory_kind *kind);

struct inventory_entry {
	enum inventory_kind kind;
	char *name;      /* owned; as the OS shows it */
	char *version;   /* owned; "" when unknown */
	char *publisher; /* owned; "" when unknown */
	char *code;      /* owned; product or upgrade code, bundle id; "" when none */
};

struct inventory {
	struct inventory_entry *items; /* owned */
	size_t count, capacity;
	char os[16];                         /* linux, windows, macos */
	bool complete[INVENTORY_KIND_COUNT]; /* the kind was read entirely */
};

void inventory_init(struct inventory *inv, const char *os);
void inventory_release(struct inventory *inv);
/* Copies the strings; NULL counts as "". */
void inventory_add(struct inventory *inv, enum inventory_kind kind, const char *name,
	const char *version, const char *publisher, const char *code);

#endif
