/*
 * A terminal as a file: what `preflight inventory` writes and --inventory reads, so that another
 * terminal can be judged here. Network probes make no sense then and are skipped.
 *
 *   {"preflight-inventory": 1, "taken": "2026-11-21T09:00:00Z",
 *    "os": {"family": "windows", "name": …, "version": …, "release": …, "build": …, "revision": …,
 *           "service_pack": …, "edition": …, "channel": …, "kernel": …, "arch": …, "distro": …,
 *           "s_mode": …},
 *    "disk": {"available": bytes, "total": bytes, "read_only": false},
 *    "link": {"default_route": true, "interface": …, "kind": netif_kind_name, "description": …,
 *             "speed": Mbit/s},
 *    "vpns": [{"name": …, "kind": …, "connected": …}],
 *    "software": [{"kind": …, "name": …, "version": …, "publisher": …, "code": …}],
 *    "complete": ["program", "service", …]}
 *
 * Every part may be missing: what it would tell is then unknown. No addresses, no user, no host
 * name, no serial number.
 */
#ifndef PREFLIGHT_SAVED_H
#define PREFLIGHT_SAVED_H

#include <jansson.h>

#include "diag.h"
#include "inventory.h"
#include "platform.h"
#include "terminal.h"

#define SAVED_MARK      "preflight-inventory" /* the member that tells such a file */
#define SAVED_VERSION   1
#define SAVED_MAX_BYTES (16 * 1024 * 1024)
#define SAVED_VPNS_MAX  1000

struct saved {
	struct terminal terminal;   /* what a run reads instead of this terminal's */
	struct inventory inventory; /* owned */
	bool inventory_known;
	struct disk_info disk;
	bool disk_known;
};

/* Reads a file; NULL and diagnostics (file, line and column, or the path of the value). */
struct saved *saved_read(const char *path, struct diags *diags);
void saved_free(struct saved *saved);

/* This terminal as such a document; a new reference. taken: seconds since 1970. */
json_t *saved_make(const struct terminal *terminal, const struct inventory *inventory,
	const struct disk_info *disk, double taken); /* disk, inventory may be NULL */

#endif
