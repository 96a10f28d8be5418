/*
 * What is installed: application bundles, receipts of installer packages, adapters, and whether
 * the Internet connection is shared. All of it may be read without rights.
 */
#include "darwin.h"
#include "posix.h"

#include <stdio.h>
#include <stdlib.h>

#define RECEIPTS "/var/db/receipts"
#define PLUTIL   "/usr/bin/plutil"
#define SHARING  "/Library/Preferences/SystemConfiguration/com.apple.nat.plist"

static bool read_bundles(struct inventory *inventory, struct strbuf *why)
{
	/* The last: Safari since macOS 13, which the first shows to applications only. */
	static const char *const places[] = {"/Applications", "/System/Applications",
		"/System/Cryptexes/App/System/Applications"};
	const char *home = getenv("HOME");
	char own[1024];
	bool complete = true;

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		complete = darwin_read_bundles(places[i], PLUTIL, inventory, why) && complete;
	if (home != NULL && home[0] == '/' &&
		snprintf(own, sizeof own, "%s/Applications", home) < (int)sizeof own)
		complete = darwin_read_bundles(own, PLUTIL, inventory, why) && complete;
	return complete;
}

int platform_inventory(struct inventory *inventory, struct strbuf *why)
{
	bool *complete = inventory->complete;

	complete[INVENTORY_BUNDLE] = read_bundles(inventory, why);
	complete[INVENTORY_RECEIPT] = darwin_read_receipts(RECEIPTS, inventory, why);
	complete[INVENTORY_STATE] = darwin_read_sharing(SHARING, inventory, why);
	complete[INVENTORY_ADAPTER] = posix_adapters(inventory) == 0;
	return 0;
}
