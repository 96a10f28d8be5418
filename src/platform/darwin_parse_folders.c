/*
 * Folders of application bundles and of receipts. A folder that is not there has none; what cannot
 * be read makes the list incomplete, with the reason.
 */
#include "darwin.h"
#include "plist.h"
#include "posix.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	DEPTH_MAX = 3,        /* folders within folders of applications */
	BUNDLES_MAX = 10000,  /* of one kind of place */
	PATH_LEN = 1024 + 256 /* longer than PATH_MAX and a name */
};

#define CONVERSION_TIME 10.0 /* seconds for one file */

struct walk {
	const char *plutil;
	struct inventory *inventory;
	struct strbuf *why;
	size_t count;
	bool complete;
};

/* The first reason is kept; more would only repeat it. */
static void fail(struct walk *walk, const char *path, const char *reason)
{
	if (walk->why != NULL && walk->complete)
		strbuf_addf(walk->why, "%s%s: %s", walk->why->len > 0 ? "; " : "", path, reason);
	walk->complete = false;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

/* ---- bundles ---- */

/* By way of Apple's own reader, which knows more forms. */
static int add_converted(struct walk *walk, const char *folder, const char *file)
{
	const char *const argv[] = {walk->plutil, "-convert", "xml1", "-o", "-", file, NULL};
	struct strbuf xml;
	int result;

	strbuf_init(&xml, PLIST_BYTES_MAX);
	result = posix_run(argv, CONVERSION_TIME, &xml, NULL);
	if (result == 0)
		result = darwin_add_bundle(walk->inventory, folder, xml.data, xml.len, NULL);
	strbuf_release(&xml);
	return result;
}

/* Those of iPad applications stand one folder deeper. A bundle without one does not start. */
static void read_bundle(struct walk *walk, const char *path, const char *folder)
{
	static const char *const places[] = {"Contents/Info.plist", "WrappedBundle/Info.plist"};
	char *bytes = NULL, file[PATH_LEN + 64];
	struct strbuf reason;
	size_t len = 0;

	strbuf_init(&reason, 512);
	for (size_t i = 0; i < 2 && bytes == NULL; i++) {
		snprintf(file, sizeof file, "%s/%s", path, places[i]);
		strbuf_reset(&reason);
		bytes = posix_read_file(file, PLIST_BYTES_MAX, &len, NULL);
		if (bytes == NULL && errno != ENOENT && errno != ENOTDIR) {
			strbuf_adds(&reason, strerror(errno));
			break;
		}
	}
	if (darwin_add_bundle(walk->inventory, folder, bytes, len, &reason) != 0) {
		if (add_converted(walk, folder, file) == 0)
			strbuf_reset(&reason);
		else
			darwin_add_bundle(walk->inventory, folder, NULL, 0, NULL);
	}
	if (reason.len > 0)
		fail(walk, file, reason.data);
	strbuf_release(&reason);
	free(bytes);
}

static void walk_folder(struct walk *walk, const char *path, int depth)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (dir == NULL && errno != ENOENT && errno != ENOTDIR)
		fail(walk, path, strerror(errno));
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char inner[PATH_LEN];
		struct stat st;
		int n = snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);

		if (entry->d_name[0] == '.' || n < 0 || n >= (int)sizeof inner ||
			stat(inner, &st) != 0 || !S_ISDIR(st.st_mode))
			continue;
		if (walk->count++ >= BUNDLES_MAX) {
			fail(walk, path, "too many entries");
			break;
		}
		if (ends_with(entry->d_name, ".app"))
			read_bundle(walk, inner, entry->d_name);
		else if (depth < DEPTH_MAX)
			walk_folder(walk, inner, depth + 1);
	}
	if (dir != NULL)
		closedir(dir);
}

bool darwin_read_bundles(
	const char *folder, const char *plutil, struct inventory *inventory, struct strbuf *why)
{
	struct walk walk = {.plutil = plutil, .inventory = inventory, .why = why, .complete = true};

	walk_folder(&walk, folder, 0);
	return walk.complete;
}

/* ---- receipts ---- */

static void read_receipt(struct walk *walk, const char *folder, const char *name)
{
	char path[PATH_LEN], *bytes;
	struct strbuf reason;
	size_t len;

	if (!ends_with(name, ".plist"))
		return;
	strbuf_init(&reason, 512);
	snprintf(path, sizeof path, "%s/%s", folder, name);
	bytes = posix_read_file(path, PLIST_BYTES_MAX, &len, NULL);
	if (bytes == NULL)
		fail(walk, path, strerror(errno));
	else if (darwin_add_receipt(walk->inventory, bytes, len, &reason) != 0)
		fail(walk, path, reason.data);
	strbuf_release(&reason);
	free(bytes);
}

bool darwin_read_receipts(const char *folder, struct inventory *inventory, struct strbuf *why)
{
	struct walk walk = {.inventory = inventory, .why = why, .complete = true};
	struct strs names = {0};

	if (platform_list(folder, &names, NULL) != 0 && errno != ENOENT)
		fail(&walk, folder, strerror(errno));
	for (size_t i = 0; i < names.count; i++)
		read_receipt(&walk, folder, names.items[i]);
	strs_release(&names);
	return walk.complete;
}

/* ---- sharing ---- */

/* A Mac whose connection was never shared has no such file. */
bool darwin_read_sharing(const char *path, struct inventory *inventory, struct strbuf *why)
{
	size_t len;
	char *bytes = posix_read_file(path, PLIST_BYTES_MAX, &len, NULL);
	int on = bytes == NULL && errno == ENOENT ? 0 : -1;

	if (bytes != NULL)
		on = darwin_sharing(bytes, len);
	else if (on < 0)
		posix_why(why, path, errno);
	if (on > 0)
		inventory_add(inventory, INVENTORY_STATE, "internet-connection-sharing", NULL, NULL,
			NULL);
	free(bytes);
	return on >= 0;
}
