/* Writing a terminal as a file that saved.c reads. */
#include "saved.h"

#include <string.h>

#include "facts.h"
#include "report/internal.h"

static void put_text(json_t *object, const char *name, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_object_set_new(object, name, facts_safe_string(text, strlen(text)));
}

static void put_number(json_t *object, const char *name, long long number)
{
	if (number > 0)
		json_object_set_new(object, name, json_integer(number));
}

/* Members that a reader asks for are written even when they are empty. */
static json_t *make_os(const struct os_info *os)
{
	bool windows = strcmp(os->family, "windows") == 0;
	json_t *object = json_pack("{s:s}", "family", os->family);

	if (strcmp(os->family, "linux") == 0)
		json_object_set_new(object, "distro", json_string(os->distro));
	put_text(object, "name", os->name);
	json_object_set_new(object, "version", json_string(os->version));
	put_text(object, "release", os->release);
	if (windows)
		json_object_set_new(object, "build", json_integer(os->build));
	put_number(object, "revision", os->revision);
	if (windows)
		json_object_set_new(object, "service_pack", json_integer(os->service_pack));
	if (windows || os->edition[0] != '\0')
		json_object_set_new(object, "edition", json_string(os->edition));
	put_text(object, "channel", os->channel);
	put_text(object, "kernel", os->kernel);
	json_object_set_new(object, "arch", json_string(os->arch));
	if (os->s_mode)
		json_object_set_new(object, "s_mode", json_true());
	return object;
}

static json_t *make_disk(const struct disk_info *disk)
{
	return json_pack("{s:I, s:I, s:b}", "available", (json_int_t)disk->available, "total",
		(json_int_t)disk->total, "read_only", disk->read_only);
}

static json_t *make_link(const struct terminal *t)
{
	const struct route_info *route = t->route4.present ? &t->route4 : &t->route6;
	const struct netif *netif = terminal_default_interface(t);
	json_t *object = json_pack("{s:b}", "default_route", route->present);

	if (!route->present)
		return object;
	put_text(object, "interface", route->interface);
	json_object_set_new(object, "kind",
		json_string(netif_kind_name(netif != NULL ? netif->kind : NETIF_UNKNOWN)));
	if (netif == NULL)
		return object;
	put_text(object, "description", netif->description);
	put_number(object, "speed", netif->speed);
	return object;
}

static json_t *make_vpns(const struct vpn_connections *vpns)
{
	json_t *list = json_array();

	for (size_t i = 0; i < vpns->count && i < SAVED_VPNS_MAX; i++) {
		const struct vpn_connection *vpn = &vpns->items[i];
		json_t *object =
			json_pack("{s:o}", "name", facts_safe_string(vpn->name, strlen(vpn->name)));

		put_text(object, "kind", vpn->kind);
		json_object_set_new(object, "connected", json_boolean(vpn->connected));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *make_software(const struct inventory *inventory)
{
	json_t *list = json_array();

	for (size_t i = 0; i < inventory->count; i++) {
		const struct inventory_entry *entry = &inventory->items[i];
		json_t *object = json_pack("{s:s, s:o}", "kind", inventory_kind_name(entry->kind),
			"name", facts_safe_string(entry->name, strlen(entry->name)));

		put_text(object, "version", entry->version);
		put_text(object, "publisher", entry->publisher);
		put_text(object, "code", entry->code);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *make_complete(const struct inventory *inventory)
{
	json_t *list = json_array();

	for (int kind = 0; kind < INVENTORY_KIND_COUNT; kind++)
		if (inventory->complete[kind])
			json_array_append_new(
				list, json_string(inventory_kind_name((enum inventory_kind)kind)));
	return list;
}

json_t *saved_make(const struct terminal *terminal, const struct inventory *inventory,
	const struct disk_info *disk, double taken)
{
	json_t *object = json_pack("{s:i}", SAVED_MARK, SAVED_VERSION);
	char text[64];

	format_time(text, taken);
	json_object_set_new(object, "taken", json_string(text));
	if (terminal->os_known)
		json_object_set_new(object, "os", make_os(&terminal->os));
	if (disk != NULL)
		json_object_set_new(object, "disk", make_disk(disk));
	if (terminal->routes_known)
		json_object_set_new(object, "link", make_link(terminal));
	if (terminal->vpns_known)
		json_object_set_new(object, "vpns", make_vpns(&terminal->vpns));
	if (inventory != NULL && terminal->os_known) {
		json_object_set_new(object, "software", make_software(inventory));
		json_object_set_new(object, "complete", make_complete(inventory));
	}
	return object;
}
