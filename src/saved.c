/*
 * Reading terminals from files: strict, driven by tables of members. Whatever is wrong is told with
 * its place, and then nothing is taken from the file.
 */
#include "saved.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "report/internal.h"
#include "platform.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define PATH_SIZE  128
#define STRING_MAX (4 * FACT_STRING_MAX + 8) /* bytes of a text; what saved_make writes fits */
#define NUMBER_MAX 1000000000                /* of numbers that count neither bytes nor seconds */

struct reader {
	const char *file;
	struct diags *diags;
};

enum member_type {
	MEMBER_TEXT,   /* char[size] */
	MEMBER_STRING, /* const char *, borrowed from the document */
	MEMBER_INT,    /* int */
	MEMBER_LONG,   /* long long */
	MEMBER_SIZE,   /* uint64_t */
	MEMBER_BOOL,   /* bool */
	MEMBER_PART    /* read by its own function */
};

struct member {
	const char *name;
	enum member_type type;
	bool required;
	size_t offset, size;
	bool (*accepts)(const char *text); /* NULL: any text */
	const char *expected;              /* for the message */
	void (*read)(struct reader *r, const char *path, const json_t *value, void *base);
};

#define AT(type, field) .offset = offsetof(type, field), .size = sizeof(((type *)0)->field)

/* ---- messages ---- */

static void wrong(struct reader *r, const char *path, const char *fmt, ...) PF_PRINTF(3, 4);

static void wrong(struct reader *r, const char *path, const char *fmt, ...)
{
	struct strbuf text;
	va_list ap;

	strbuf_init(&text, 1024);
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	diags_add(r->diags, r->file, 0, 0, "%s: %s", path, text.data);
	strbuf_release(&text);
}

static void wrong_type(
	struct reader *r, const char *path, const json_t *value, const char *expected)
{
	wrong(r, path, "must be %s, not %s", expected, json_type_words(value));
}

/* ---- members ---- */

static void join_path(char path[PATH_SIZE], const char *outer, const char *name)
{
	snprintf(path, PATH_SIZE, "%s%s%s", outer, *outer != '\0' ? "." : "", name);
}

static void read_string(
	struct reader *r, const char *path, const json_t *value, const struct member *m, void *at)
{
	const char *text = json_string_value(value);
	size_t most = m->type == MEMBER_TEXT ? m->size - 1 : STRING_MAX;

	if (text == NULL)
		wrong_type(r, path, value, "text");
	else if (strlen(text) > most)
		wrong(r, path, "is longer than %zu bytes", most);
	else if (m->accepts != NULL && !m->accepts(text))
		wrong(r, path, "\"%s\" must be %s", text, m->expected);
	else if (m->type == MEMBER_TEXT)
		memcpy(at, text, strlen(text) + 1);
	else
		*(const char **)at = text;
}

static void read_number(
	struct reader *r, const char *path, const json_t *value, const struct member *m, void *at)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value))
		wrong_type(r, path, value, "a whole number");
	else if (number < 0)
		wrong(r, path, "must not be negative");
	else if (m->type == MEMBER_SIZE)
		*(uint64_t *)at = (uint64_t)number;
	else if (number > NUMBER_MAX)
		wrong(r, path, "must be at most %d", NUMBER_MAX);
	else if (m->type == MEMBER_INT)
		*(int *)at = (int)number;
	else
		*(long long *)at = number;
}

static void read_member(
	struct reader *r, const char *path, const json_t *value, const struct member *m, void *base)
{
	void *at = (char *)base + m->offset;

	switch (m->type) {
	case MEMBER_TEXT:
	case MEMBER_STRING:
		read_string(r, path, value, m, at);
		break;
	case MEMBER_INT:
	case MEMBER_LONG:
	case MEMBER_SIZE:
		read_number(r, path, value, m, at);
		break;
	case MEMBER_BOOL:
		if (json_is_boolean(value))
			*(bool *)at = json_is_true(value);
		else
			wrong_type(r, path, value, "true or false");
		break;
	case MEMBER_PART:
		m->read(r, path, value, base);
		break;
	}
}

#define MEMBERS_MAX 24

static void unknown_member(struct reader *r, const char *path, const char *name,
	const struct member *members, size_t count)
{
	const char *names[MEMBERS_MAX + 1] = {NULL};
	const char *near;

	for (size_t i = 0; i < count && i < MEMBERS_MAX; i++)
		names[i] = members[i].name;
	near = diag_suggest(name, names);
	if (near != NULL)
		wrong(r, path, "unknown key; did you mean %s?", near);
	else
		wrong(r, path, "unknown key");
}

static const struct member *find_member(
	const struct member *members, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

/* Reads an object into *base; false when it is none. */
static bool read_object(struct reader *r, const char *path, const json_t *value,
	const struct member *members, size_t count, void *base)
{
	char inner[PATH_SIZE];
	const char *name;
	json_t *item;

	if (!json_is_object(value)) {
		wrong_type(r, *path != '\0' ? path : "the file", value, "an object");
		return false;
	}
	json_object_foreach((json_t *)(uintptr_t)value, name, item)
	{
		const struct member *m = find_member(members, count, name);

		join_path(inner, path, name);
		if (m == NULL)
			unknown_member(r, inner, name, members, count);
		else
			read_member(r, inner, item, m, base);
	}
	for (size_t i = 0; i < count; i++) {
		join_path(inner, path, members[i].name);
		if (members[i].required && json_object_get(value, members[i].name) == NULL)
			wrong(r, inner, "missing");
	}
	return true;
}

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
		join_path(path, "os", needed[i].name);
		if (json_object_get(value, needed[i].name) == NULL)
			wrong(r, path, "missing; %s%s%s needs it", needed[i].family,
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
		wrong(r, "os.version", "build %lld is Windows 11, not %s", os->build, os->version);
	else if (strcmp(os->version, "11") == 0 && os->build > 0 && os->build < 22000)
		wrong(r, "os.version", "build %lld is older than Windows 11", os->build);
}

static void read_os(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct terminal *t = &((struct saved *)base)->terminal;
	struct os_info *os = &t->os;

	if (!read_object(r, path, value, os_members, COUNT(os_members), os))
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

static void read_disk(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct saved *saved = base;

	if (!read_object(r, path, value, disk_members, COUNT(disk_members), &saved->disk))
		return;
	if (saved->disk.available > saved->disk.total &&
		json_is_integer(json_object_get(value, "total")))
		wrong(r, path, "available is more than total");
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

static void read_link(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct terminal *t = &((struct saved *)base)->terminal;
	struct link link = {.netif = {.speed = -1}};

	if (!read_object(r, path, value, link_members, COUNT(link_members), &link))
		return;
	t->routes_known = t->interfaces_known = true;
	if (!link.default_route) {
		if (json_object_size(value) > 1 &&
			json_is_false(json_object_get(value, "default_route")))
			wrong(r, path, "describes an interface without a default route");
	} else if (json_object_get(value, "kind") == NULL) {
		wrong(r, "link.kind", "missing; a default route needs it");
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

static void read_vpns(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct terminal *t = &((struct saved *)base)->terminal;
	struct vpn_connections *list = &t->vpns;
	char inner[PATH_SIZE];

	if (!json_is_array(value)) {
		wrong_type(r, path, value, "a list");
		return;
	}
	if (json_array_size(value) > SAVED_VPNS_MAX) {
		wrong(r, path, "holds more than %d entries", SAVED_VPNS_MAX);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		snprintf(inner, sizeof inner, "%s[%zu]", path, i);
		list->items =
			mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
		list->items[list->count] = (struct vpn_connection){0};
		read_object(r, inner, json_array_get(value, i), vpn_members, COUNT(vpn_members),
			&list->items[list->count]);
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

	if (read_object(r, path, value, entry_members, COUNT(entry_members), &entry) &&
		entry.kind != NULL && inventory_kind_parse(entry.kind, &kind) == 0)
		inventory_add(
			inventory, kind, entry.name, entry.version, entry.publisher, entry.code);
}

static void read_software(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct saved *saved = base;
	char inner[PATH_SIZE];

	if (!json_is_array(value)) {
		wrong_type(r, path, value, "a list");
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		snprintf(inner, sizeof inner, "%s[%zu]", path, i);
		read_entry(r, inner, json_array_get(value, i), &saved->inventory);
	}
	saved->inventory_known = true;
}

static void read_complete(struct reader *r, const char *path, const json_t *value, void *base)
{
	struct inventory *inventory = &((struct saved *)base)->inventory;
	char inner[PATH_SIZE];

	if (!json_is_array(value)) {
		wrong_type(r, path, value, "a list");
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *text = json_string_value(json_array_get(value, i));
		enum inventory_kind kind;

		snprintf(inner, sizeof inner, "%s[%zu]", path, i);
		if (text == NULL)
			wrong_type(r, inner, json_array_get(value, i), "text");
		else if (inventory_kind_parse(text, &kind) != 0)
			wrong(r, inner, "\"%s\" must be %s", text, KINDS);
		else if (inventory->complete[kind])
			wrong(r, inner, "\"%s\" is given twice", text);
		else
			inventory->complete[kind] = true;
	}
}

/* ---- the document ---- */

static void read_mark(struct reader *r, const char *path, const json_t *value, void *base)
{
	(void)base;
	if (!json_is_integer(value))
		wrong_type(r, path, value, "a whole number");
	else if (json_integer_value(value) != SAVED_VERSION)
		wrong(r, path, "is version %lld; only %d is known",
			(long long)json_integer_value(value), SAVED_VERSION);
}

static bool is_time(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00Z";

	for (size_t i = 0; i < sizeof form; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (form[i] == '0' ? !digit : text[i] != form[i])
			return false;
	}
	return true;
}

static void read_taken(struct reader *r, const char *path, const json_t *value, void *base)
{
	(void)base;
	if (!json_is_string(value))
		wrong_type(r, path, value, "text");
	else if (!is_time(json_string_value(value)))
		wrong(r, path, "\"%s\" must be a time such as 2026-11-21T09:00:00Z",
			json_string_value(value));
}

static const struct member top_members[] = {
	{.name = SAVED_MARK, .type = MEMBER_PART, .required = true, .read = read_mark},
	{.name = "taken", .type = MEMBER_PART, .read = read_taken},
	{.name = "os", .type = MEMBER_PART, .read = read_os},
	{.name = "disk", .type = MEMBER_PART, .read = read_disk},
	{.name = "link", .type = MEMBER_PART, .read = read_link},
	{.name = "vpns", .type = MEMBER_PART, .read = read_vpns},
	{.name = "software", .type = MEMBER_PART, .read = read_software},
	{.name = "complete", .type = MEMBER_PART, .read = read_complete},
};

/* Products are looked for by the OS that they run on. */
static void check_whole(struct reader *r, const json_t *value, const struct saved *saved)
{
	if (saved->inventory_known && json_object_get(value, "os") == NULL)
		wrong(r, "software", "cannot be judged without os");
	if (json_object_get(value, "complete") != NULL &&
		json_object_get(value, "software") == NULL)
		wrong(r, "complete", "speaks of a list that is missing: software");
}

static void add_unknown(struct strbuf *why, bool known, const char *part)
{
	if (!known)
		strbuf_addf(
			why, "%s%s: not in the saved inventory", why->len > 0 ? "; " : "", part);
}

static void read_document(struct reader *r, const json_t *value, struct saved *saved)
{
	struct terminal *t = &saved->terminal;

	if (!read_object(r, "", value, top_members, COUNT(top_members), saved))
		return;
	check_whole(r, value, saved);
	snprintf(saved->inventory.os, sizeof saved->inventory.os, "%s", t->os.family);
	add_unknown(&t->why, t->os_known, "os");
	add_unknown(&t->why, t->routes_known, "link");
	add_unknown(&t->why, t->vpns_known, "vpns");
}

static struct saved *saved_new(void)
{
	struct saved *saved = mem_alloc(sizeof *saved);

	strbuf_init(&saved->terminal.why, 1024);
	inventory_init(&saved->inventory, "");
	return saved;
}

void saved_free(struct saved *saved)
{
	if (saved == NULL)
		return;
	terminal_release(&saved->terminal);
	inventory_release(&saved->inventory);
	free(saved);
}

/* ---- the file ---- */

static int read_text(const char *path, struct strbuf *text, struct diags *diags)
{
	char buf[16384];
	size_t n;
	FILE *in = platform_open(path, "rb");

	if (in == NULL) {
		diags_add(diags, path, 0, 0, "%s", strerror(errno));
		return -1;
	}
	while (!text->truncated && (n = fread(buf, 1, sizeof buf, in)) > 0)
		strbuf_add(text, buf, n);
	bool failed = ferror(in) != 0;
	fclose(in);
	if (failed)
		diags_add(diags, path, 0, 0, "cannot be read");
	else if (text->truncated)
		diags_add(diags, path, 0, 0, "is longer than %d bytes", SAVED_MAX_BYTES);
	return failed || text->truncated ? -1 : 0;
}

static json_t *parse_text(const char *path, const struct strbuf *text, struct diags *diags)
{
	size_t mark = text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	json_error_t error;
	json_t *value =
		json_loadb(text->data + mark, text->len - mark, JSON_REJECT_DUPLICATES, &error);

	if (value == NULL)
		diags_add(diags, path, error.line > 0 ? error.line : 0,
			error.column > 0 ? error.column : 0, "%s", error.text);
	return value;
}

struct saved *saved_read(const char *path, struct diags *diags)
{
	struct reader reader = {.file = path, .diags = diags};
	size_t before = diags->count;
	struct saved *saved = NULL;
	json_t *value = NULL;
	struct strbuf text;

	strbuf_init(&text, SAVED_MAX_BYTES);
	if (read_text(path, &text, diags) == 0)
		value = parse_text(path, &text, diags);
	strbuf_release(&text);
	if (value != NULL) {
		saved = saved_new();
		read_document(&reader, value, saved);
		json_decref(value);
	}
	if (diags->count == before)
		return saved;
	saved_free(saved);
	return NULL;
}
