/* What a saved terminal says of itself, part by part. */
#include "saved.h"

#include <stdio.h>
#include <string.h>

#include "saved_object.h"

/* ---- os ---- */

static bool is_word_of(const char *const *words, const char *text)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

static bool is_family(const char *text)
{
	static const char *const words[] = {"windows", "macos", "linux", NULL};

	return is_word_of(words, text);
}

static bool is_channel(const char *text)
{
	static const char *const words[] = {
		"home-pro", "enterprise", "ltsc", "iot-ltsc", "server", NULL};

	return is_word_of(words, text);
}

static const struct member os_members[] = {
	{"family", MEMBER_TEXT, true, AT(struct os_info, family), is_family,
		"windows, macos or linux", NULL},
	{"distro", MEMBER_TEXT, false, AT(struct os_info, distro), NULL, NULL, NULL},
	{"name", MEMBER_TEXT, false, AT(struct os_info, name), NULL, NULL, NULL},
	{"version", MEMBER_TEXT, true, AT(struct os_info, version), NULL, NULL, NULL},
	{"release", MEMBER_TEXT, false, AT(struct os_info, release), NULL, NULL, NULL},
	{"build", MEMBER_LONG, false, AT(struct os_info, build), NULL, NULL, NULL},
	{"revision", MEMBER_LONG, false, AT(struct os_info, revision), NULL, NULL, NULL},
	{"service_pack", MEMBER_INT, false, AT(struct os_info, service_pack), NULL, NULL, NULL},
	{"edition", MEMBER_TEXT, false, AT(struct os_info, edition), NULL, NULL, NULL},
	{"channel", MEMBER_TEXT, false, AT(struct os_info, channel), is_channel,
		"home-pro, enterprise, ltsc, iot-ltsc or server", NULL},
	{"kernel", MEMBER_TEXT, false, AT(struct os_info, kernel), NULL, NULL, NULL},
	{"arch", MEMBER_TEXT, false, AT(struct os_info, arch), NULL, NULL, NULL},
	{"s_mode", MEMBER_BOOL, false, AT(struct os_info, s_mode), NULL, NULL, NULL},
};

/* What verdicts of an OS rest on: left out, an OS would seem to be another one. */
static void check_os(struct reader *r, const json_t *value, const struct os_info *os)
{
	static const struct {
		const char *family, *version, *name;
	} needed[] = {
		{"windows", NULL, "build"},
		{"windows", NULL, "edition"},
		{"windows", NULL, "arch"},
		{"windows", "7", "service_pack"},
		{"linux", NULL, "distro"},
	};
	char path[PATH_SIZE];

	for (size_t i = 0; i < COUNT(needed); i++) {
		if (strcmp(needed[i].family, os->family) != 0 ||
			(needed[i].version != NULL && strcmp(needed[i].version, os->version) != 0))
			continue;
		saved_join_path(path, "os", needed[i].name);
		if (json_object_get(value, needed[i].name) == NULL)
			saved_wrong(r, path, "missing; %s%s%s needs it", needed[i].family,
				needed[i].version != NULL ? " " : "",
				needed[i].version != NULL ? needed[i].version : "");
	}
}

/* Windows 11 still calls itself 10.0 inside; its first build was 22000. */
static void check_windows(struct reader *r, const struct os_info *os)
{
	bool ten = strcmp(os->version, "10") == 0 || strncmp(os->version, "10.", 3) == 0;

	if (strcmp(os->family, "windows") != 0 || strcmp(os->channel, "server") == 0)
		return;
	if (ten && os->build >= 22000)
		saved_wrong(r, "os.version", "build %lld is Windows 11, not %s", os->build,
			os->version);
	else if (strcmp(os->version, "11") == 0 && os->build > 0 && os->build < 22000)
		saved_wrong(r, "os.version", "build %lld is older than Windows 11", os->build);
}

void saved_read_os(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct terminal *t = &((struct saved *)base)->terminal;
	struct os_info *os = &t->os;

	if (!saved_read_object(r, path, value, os_members, COUNT(os_members), os))
		return;
	check_os(r, value, os);
	check_windows(r, os);
	if (os->name[0] == '\0')
		snprintf(os->name, sizeof os->name, "%.15s%s%.31s", os->family,
			os->version[0] != '\0' ? " " : "", os->version);
	t->os_known = true;
}

/* ---- disk ---- */

static const struct member disk_members[] = {
	{"available", MEMBER_SIZE, true, AT(struct disk_info, available), NULL, NULL, NULL},
	{"total", MEMBER_SIZE, true, AT(struct disk_info, total), NULL, NULL, NULL},
	{"read_only", MEMBER_BOOL, false, AT(struct disk_info, read_only), NULL, NULL, NULL},
};

void saved_read_disk(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct saved *saved = base;

	if (!saved_read_object(r, path, value, disk_members, COUNT(disk_members), &saved->disk))
		return;
	if (saved->disk.available > saved->disk.total &&
		json_is_integer(json_object_get(value, "total")))
		saved_wrong(r, path, "available is more than total");
	saved->disk_known = true;
}

/* ---- link ---- */

static int parse_netif_kind(const char *text, enum netif_kind *kind)
{
	for (int i = NETIF_UNKNOWN; i <= NETIF_LOOPBACK; i++) {
		if (strcmp(netif_kind_name((enum netif_kind)i), text) != 0)
			continue;
		*kind = (enum netif_kind)i;
		return 0;
	}
	return -1;
}

static bool is_netif_kind(const char *text)
{
	enum netif_kind kind;

	return parse_netif_kind(text, &kind) == 0;
}

struct link {
	bool default_route;
	const char *kind;
	struct netif netif;
};

static const struct member link_members[] = {
	{"default_route", MEMBER_BOOL, true, AT(struct link, default_route), NULL, NULL, NULL},
	{"interface", MEMBER_TEXT, false, AT(struct link, netif.name), NULL, NULL, NULL},
	{"kind", MEMBER_STRING, false, AT(struct link, kind), is_netif_kind,
		"ethernet, wifi, wwan, ppp, tunnel, virtual, loopback or unknown", NULL},
	{"description", MEMBER_TEXT, false, AT(struct link, netif.description), NULL, NULL, NULL},
	{"speed", MEMBER_LONG, false, AT(struct link, netif.speed), NULL, NULL, NULL},
};

static void add_interface(struct terminal *t, const struct link *link)
{
	struct netifs *list = &t->interfaces;

	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count] = link->netif;
	list->items[list->count].up = true;
	parse_netif_kind(link->kind, &list->items[list->count].kind);
	list->count++;
	t->route4.present = true;
	snprintf(t->route4.interface, sizeof t->route4.interface, "%s", link->netif.name);
}

void saved_read_link(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct terminal *t = &((struct saved *)base)->terminal;
	struct link link = {.netif = {.speed = -1}};

	if (!saved_read_object(r, path, value, link_members, COUNT(link_members), &link))
		return;
	t->routes_known = t->interfaces_known = true;
	if (!link.default_route) {
		if (json_object_size(value) > 1 &&
			json_is_false(json_object_get(value, "default_route")))
			saved_wrong(r, path, "describes an interface without a default route");
	} else if (json_object_get(value, "kind") == NULL) {
		saved_wrong(r, "link.kind", "missing; a default route needs it");
	} else if (link.kind != NULL) {
		add_interface(t, &link);
	}
}

/* ---- vpns ---- */

static const struct member vpn_members[] = {
	{"name", MEMBER_TEXT, true, AT(struct vpn_connection, name), NULL, NULL, NULL},
	{"kind", MEMBER_TEXT, false, AT(struct vpn_connection, kind), NULL, NULL, NULL},
	{"connected", MEMBER_BOOL, true, AT(struct vpn_connection, connected), NULL, NULL, NULL},
};

void saved_read_vpns(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct terminal *t = &((struct saved *)base)->terminal;
	struct vpn_connections *list = &t->vpns;
	char inner[PATH_SIZE];

	if (!json_is_array(value)) {
		saved_wrong_type(r, path, value, "a list");
		return;
	}
	if (json_array_size(value) > SAVED_VPNS_MAX) {
		saved_wrong(r, path, "holds more than %d entries", SAVED_VPNS_MAX);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		snprintf(inner, sizeof inner, "%s[%zu]", path, i);
		list->items =
			mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
		list->items[list->count] = (struct vpn_connection){0};
		saved_read_object(r, inner, json_array_get(value, i), vpn_members,
			COUNT(vpn_members), &list->items[list->count]);
		list->count++;
	}
	t->vpns_known = true;
}

/* ---- software ---- */

static bool is_inventory_kind(const char *text)
{
	enum inventory_kind kind;

	return inventory_kind_parse(text, &kind) == 0;
}

#define KINDS "package, program, service, driver, adapter, lsp, store, bundle, receipt or state"

struct entry {
	const char *kind, *name, *version, *publisher, *code;
};

static const struct member entry_members[] = {
	{"kind", MEMBER_STRING, true, AT(struct entry, kind), is_inventory_kind, KINDS, NULL},
	{"name", MEMBER_STRING, true, AT(struct entry, name), NULL, NULL, NULL},
	{"version", MEMBER_STRING, false, AT(struct entry, version), NULL, NULL, NULL},
	{"publisher", MEMBER_STRING, false, AT(struct entry, publisher), NULL, NULL, NULL},
	{"code", MEMBER_STRING, false, AT(struct entry, code), NULL, NULL, NULL},
};

static void read_entry(
	struct reader *r, const char *path, const json_t *value, struct inventory *inventory)
{
	struct entry entry = {0};
	enum inventory_kind kind;

	if (saved_read_object(r, path, value, entry_members, COUNT(entry_members), &entry) &&
		entry.kind != NULL && inventory_kind_parse(entry.kind, &kind) == 0)
		inventory_add(
			inventory, kind, entry.name, entry.version, entry.publisher, entry.code);
}

void saved_read_software(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct saved *saved = base;
	char inner[PATH_SIZE];

	if (!json_is_array(value)) {
		saved_wrong_type(r, path, value, "a list");
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		snprintf(inner, sizeof inner, "%s[%zu]", path, i);
		read_entry(r, inner, json_array_get(value, i), &saved->inventory);
	}
	saved->inventory_known = true;
}

void saved_read_complete(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct inventory *inventory = &((struct saved *)base)->inventory;
	char inner[PATH_SIZE];

	if (!json_is_array(value)) {
		saved_wrong_type(r, path, value, "a list");
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *text = json_string_value(json_array_get(value, i));
		enum inventory_kind kind;

		snprintf(inner, sizeof inner, "%s[%zu]", path, i);
		if (text == NULL)
			saved_wrong_type(r, inner, json_array_get(value, i), "text");
		else if (inventory_kind_parse(text, &kind) != 0)
			saved_wrong(r, inner, "\"%s\" must be %s", text, KINDS);
		else if (inventory->complete[kind])
			saved_wrong(r, inner, "\"%s\" is given twice", text);
		else
			inventory->complete[kind] = true;
	}
}
