/*
 * link: through what kind of interface does this terminal reach other networks?
 */
#include "check.h"

#include <string.h>

static const char *const levels[] = {"pass", "warn", "fail", NULL};

static const struct check_key keys[] = {
	{
		.name = "mobile",
		.type = KEY_ENUM,
		.choices = levels,
		.fallback = "warn",
		.text = "Verdict when the default route goes through a mobile modem.",
	},
	{
		.name = "wifi",
		.type = KEY_ENUM,
		.choices = levels,
		.fallback = "warn",
		.text = "Verdict when the default route goes through Wi-Fi.",
	},
};

static const char *const causes[] = {
	"net.no-route", "link.mobile", "link.wifi", "run.unreadable", NULL};

static void put_addresses(struct facts *f, const struct netif *netif)
{
	char buf[NET_ADDR_STRLEN];

	facts_list(f, "addresses");
	for (size_t i = 0; i < netif->addr_count; i++)
		facts_add(f, "addresses", net_addr_format(&netif->addrs[i], buf));
}

static void put_interface(struct facts *f, const struct netif *netif)
{
	facts_str(f, "kind", netif_kind_name(netif->kind));
	if (netif->description[0] != '\0')
		facts_str(f, "description", netif->description);
	if (netif->speed >= 0)
		facts_int(f, "speed", netif->speed);
	put_addresses(f, netif);
}

/* Where routes lead to single networks only, one to a host of the rules is enough. */
static bool reaches_a_host(const struct rules *rules)
{
	for (size_t i = 0; i < rules->host_count; i++) {
		const struct rule_host *host = &rules->hosts[i];
		for (size_t k = 0; k < host->address_count && !host->internal; k++) {
			struct route_info route;
			if (platform_route(&host->addresses[k], &route, NULL) == 0 && route.present)
				return true;
		}
	}
	return false;
}

static void collect(struct check_run *c)
{
	const struct terminal *t = run_terminal(c->run);
	const struct route_info *route = t->route4.present ? &t->route4 : &t->route6;
	const struct netif *netif = terminal_default_interface(t);
	char buf[NET_ADDR_STRLEN];

	if (!t->routes_known) {
		facts_str(&c->facts, "error", t->why.data);
		return;
	}
	/* A saved terminal has no routes here, and none of its hosts file. */
	bool present = route->present || (t->hosts_known && reaches_a_host(run_rules(c->run)));
	facts_bool(&c->facts, "default_route", present);
	if (netif != NULL)
		facts_bool(&c->facts, "interface_up", netif->up);
	facts_bool(&c->facts, "vpn", terminal_vpn(t) != NULL);
	if (!route->present)
		return;
	facts_str(&c->facts, "interface", route->interface);
	if (route->gateway.family != 0)
		facts_str(&c->facts, "gateway", net_addr_format(&route->gateway, buf));
	if (netif != NULL)
		put_interface(&c->facts, netif);
}

static void judge_kind(
	const struct rule_check *check, const char *key, const char *cause, struct judgement *out)
{
	const char *level = rule_string(check, key);

	if (level != NULL && strcmp(level, "fail") == 0)
		*out = (struct judgement){VERDICT_FAIL, cause, 0, 0};
	else if (level != NULL && strcmp(level, "warn") == 0)
		*out = (struct judgement){VERDICT_WARN, cause, 0, 0};
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	const char *kind = facts_get_str(in->facts, "kind");

	*out = (struct judgement){.verdict = VERDICT_PASS};
	if (!facts_has(in->facts, "default_route"))
		*out = (struct judgement){VERDICT_UNKNOWN, "run.unreadable", 0, 0};
	else if (!facts_get_bool(in->facts, "vpn", false) &&
		 (!facts_get_bool(in->facts, "default_route", false) ||
			 !facts_get_bool(in->facts, "interface_up", true)))
		*out = (struct judgement){VERDICT_FAIL, "net.no-route", 0, 0};
	else if (kind != NULL && strcmp(kind, netif_kind_name(NETIF_WWAN)) == 0)
		judge_kind(in->check, "mobile", "link.mobile", out);
	else if (kind != NULL && strcmp(kind, netif_kind_name(NETIF_WIFI)) == 0)
		judge_kind(in->check, "wifi", "link.wifi", out);
}

extern const struct check_type check_link;
const struct check_type check_link = {
	.name = "link",
	.text = "The default route exists and goes through a suitable kind of interface.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.causes = causes,
	.targets = check_targets_none,
	.start = check_start_collect,
	.stop = check_stop_none,
	.release = check_release_none,
	.collect = collect,
	.judge = judge,
};
