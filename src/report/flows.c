/*
 * What texts list: ports, "TCP 443"; and by language: flows, the traffic that a check needs to its
 * host, in the words in which a network administrator is asked to allow it; and entries for the
 * hosts file.
 */
#include <string.h>

#include "check.h"
#include "internal.h"

#define FLOW_MAX 512

json_t *lists_new(void)
{
	json_t *lists = json_object();

	for (int i = 0; i < LANG_COUNT; i++)
		json_object_set_new(lists, lang_name((enum lang)i), json_array());
	return lists;
}

static void add_once(json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
			return;
	json_array_append_new(list, json_string(text));
}

static void add_flow(json_t *flows, const struct target *target, const char *address)
{
	json_t *values = json_pack("{s:s, s:s, s:s, s:i}", "host", target->host, "address", address,
		"protocol", target->protocol, "port", (int)target->port);
	struct strbuf text;

	strbuf_init(&text, FLOW_MAX);
	for (int i = 0; i < LANG_COUNT; i++) {
		strbuf_reset(&text);
		template_expand(&text, message((enum lang)i, "flow"), values);
		add_once(json_object_get(flows, lang_name((enum lang)i)), text.data);
	}
	strbuf_release(&text);
	json_decref(values);
}

const char *check_transport(const struct rule_check *check)
{
	static const char *const udp[] = {"ike", "ike-mtu", "dtls"};

	for (size_t i = 0; i < sizeof udp / sizeof udp[0]; i++)
		if (strcmp(check->type->name, udp[i]) == 0)
			return "UDP";
	return "TCP";
}

void ports_add(json_t *ports, const struct rule_check *check)
{
	char text[32];

	if (check_port(check) < 0)
		return;
	snprintf(text, sizeof text, "%s %lld", check_transport(check), check_port(check));
	add_once(ports, text);
}

void hosts_entries_add(json_t *entries, const struct rule_check *check)
{
	const struct rule_host *host = check_host(check);
	char address[NET_ADDR_STRLEN];
	struct strbuf text;

	strbuf_init(&text, FLOW_MAX);
	for (size_t k = 0; host != NULL && k < host->address_count * LANG_COUNT; k++) {
		enum lang lang = (enum lang)(k % LANG_COUNT);
		json_t *values = json_pack("{s:s, s:s}", "name", host->name, "address",
			net_addr_format(&host->addresses[k / LANG_COUNT], address));
		strbuf_reset(&text);
		template_expand(&text, message(lang, "hosts-entry"), values);
		add_once(json_object_get(entries, lang_name(lang)), text.data);
		json_decref(values);
	}
	strbuf_release(&text);
}

void flows_add(json_t *flows, const struct rule_check *check, const struct terminal *terminal,
	const char *address)
{
	const struct rule_host *host = check_host(check);
	struct targets targets = {0};

	/* What goes through a proxy is the proxy's to send. */
	if (host == NULL || strcmp(check->type->name, "proxy") == 0)
		return;
	check->type->targets(check, terminal, &targets);
	for (size_t i = 0; i < targets.count; i++) {
		const struct target *target = &targets.items[i];
		if (strcmp(target->host, host->name) == 0 &&
			(strcmp(target->protocol, "TCP") == 0 ||
				strcmp(target->protocol, "UDP") == 0))
			add_flow(flows, target, address != NULL ? address : target->address);
	}
	targets_release(&targets);
}
