/* The table of check types, and the slots that say "nothing". */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

extern const struct check_type check_os, check_disk, check_software, check_vpn, check_proxy,
	check_link, check_manual, check_dns, check_tcp, check_ike, check_ike_mtu, check_dtls,
	check_tls, check_http, check_captive, check_clock, check_cert;

const struct check_type *const check_types[] = {
	&check_os,
	&check_disk,
	&check_clock,
	&check_cert,
	&check_software,
	&check_link,
	&check_proxy,
	&check_dns,
	&check_tcp,
	&check_ike,
	&check_ike_mtu,
	&check_dtls,
	&check_tls,
	&check_http,
	&check_captive,
	&check_vpn,
	&check_manual,
	NULL,
};

const struct check_type *check_type_find(const char *name)
{
	for (size_t i = 0; check_types[i] != NULL; i++)
		if (strcmp(check_types[i]->name, name) == 0)
			return check_types[i];
	return NULL;
}

void check_targets_none(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	(void)check;
	(void)terminal;
	(void)list;
}

void check_stop_none(struct check_run *c)
{
	(void)c;
}

void check_release_none(struct check_run *c)
{
	(void)c;
}

void check_collect_none(struct check_run *c)
{
	(void)c;
}

void targets_release(struct targets *list)
{
	free(list->items);
	memset(list, 0, sizeof *list);
}

static bool same_target(const struct target *a, const struct target *b)
{
	return a->port == b->port && strcmp(a->protocol, b->protocol) == 0 &&
	       strcmp(a->purpose, b->purpose) == 0 && strcmp(a->host, b->host) == 0 &&
	       strcmp(a->address, b->address) == 0 && strcmp(a->check, b->check) == 0;
}

void targets_add(struct targets *list, const struct target *target)
{
	for (size_t i = 0; i < list->count; i++)
		if (same_target(&list->items[i], target))
			return;
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof list->items[0]);
	list->items[list->count++] = *target;
}

void targets_add_host(struct targets *list, const struct rule_check *check, const char *protocol,
	const char *purpose, const struct rule_host *host, uint16_t port)
{
	struct target target = {
		.protocol = protocol, .purpose = purpose, .port = port, .check = check->id};

	strncpy(target.host, host->name, sizeof target.host - 1);
	if (host->address_count == 0)
		targets_add(list, &target);
	for (size_t i = 0; i < host->address_count; i++) {
		net_addr_format(&host->addresses[i], target.address);
		targets_add(list, &target);
	}
}

static bool is_listed(const struct targets *list, const struct target *target)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].port == target->port &&
			strcmp(list->items[i].purpose, "name") == 0 &&
			strcmp(list->items[i].address, target->address) == 0)
			return true;
	return false;
}

void targets_add_names(struct targets *list, const struct rule_check *check,
	const struct rule_host *host, const struct terminal *terminal)
{
	struct target target = {.protocol = "UDP/TCP", .purpose = "name", .check = check->id};
	struct net_addr literal;

	if (net_addr_parse(host->name, &literal))
		return;
	for (size_t i = 0; i < terminal->dns.count; i++) {
		target.port = terminal->dns.items[i].port;
		net_addr_format(&terminal->dns.items[i].addr, target.address);
		if (!is_listed(list, &target))
			targets_add(list, &target);
	}
}
