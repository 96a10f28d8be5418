/*
 * proxy: is a proxy configured on this terminal, and does a connection through it come about? The
 * VPN itself never uses one.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

static const struct check_key keys[] = {
	{
		.name = "host",
		.type = KEY_HOST,
		.text = "Host to try through the proxy, an id in `hosts`; without it nothing is "
			"sent.",
	},
	{
		.name = "port",
		.type = KEY_INT,
		.min = 1,
		.max = 65535,
		.fallback = "443",
		.text = "TCP port to try through the proxy.",
	},
};

static const char *const causes[] = {"proxy.configured", "run.unreadable", NULL};

#define HTTPS_PROXY_PORT 443
#define PROXY_PORT       1080 /* libcurl's, when the setting names none (CURLOPT_PROXY(3)) */

/* The first proxy that can be used as it stands, not by a script; NULL when there is none. */
static const struct proxy_setting *usable_proxy(const struct terminal *t)
{
	for (size_t i = 0; t != NULL && i < t->proxies.count; i++)
		if (!t->proxies.items[i].automatic)
			return &t->proxies.items[i];
	return NULL;
}

/* ---- targets ---- */

/* Copies the host of [scheme://][user:password@]host[:port][/…] and returns its end. */
static const char *copy_host(const char *authority, char *host, size_t size)
{
	bool bracket = *authority == '[';
	const char *start = authority + (bracket ? 1 : 0);
	size_t len = strcspn(start, bracket ? "]" : ":/?#");
	const char *end = start + len + (bracket && start[len] == ']' ? 1 : 0);

	if (len >= size)
		len = size - 1;
	memcpy(host, start, len);
	host[len] = '\0';
	return end;
}

static void proxy_target(const char *url, struct target *target)
{
	const char *scheme = strstr(url, "://");
	const char *authority = scheme != NULL ? scheme + 3 : url;
	const char *at = strrchr(authority, '@');
	struct net_addr addr;
	long port = strncmp(url, "https://", 8) == 0 ? HTTPS_PROXY_PORT : PROXY_PORT;
	const char *end =
		copy_host(at != NULL ? at + 1 : authority, target->host, sizeof target->host);

	if (*end == ':')
		port = strtol(end + 1, NULL, 10);
	target->port = port > 0 && port <= 65535 ? (uint16_t)port : 0;
	if (!net_addr_parse(target->host, &addr))
		return;
	net_addr_format(&addr, target->address);
	target->host[0] = '\0';
}

static void targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	const struct proxy_setting *proxy = usable_proxy(terminal);
	const struct rule_host *host = rule_host(check, "host");
	struct target target = {.protocol = "TCP", .purpose = "proxy", .check = check->id};

	if (proxy == NULL || host == NULL)
		return;
	proxy_target(proxy->url, &target);
	targets_add(list, &target);
	targets_add_host(list, check, "TCP", "TLS through the proxy", host,
		(uint16_t)rule_number(check, "port", 0));
}

/* ---- run ---- */

static json_t *proxy_json(const struct proxy_setting *proxy)
{
	struct facts f;

	facts_init(&f);
	facts_str(&f, "source", proxy->source);
	facts_str(&f, "url", proxy->url);
	facts_bool(&f, "automatic", proxy->automatic);
	if (proxy->bypass[0] != '\0')
		facts_str(&f, "bypass", proxy->bypass);
	return f.object;
}

/* A script is not run: it would have to be fetched from a host that the rules do not name. */
static void put_proxies(struct facts *f, const struct terminal *t)
{
	json_t *list = json_array();
	bool script = t->proxies.detect;

	for (size_t i = 0; i < t->proxies.count; i++) {
		json_array_append_new(list, proxy_json(&t->proxies.items[i]));
		script = script || t->proxies.items[i].automatic;
	}
	if (t->proxies.detect)
		facts_bool(f, "detect", true);
	if (script)
		facts_bool(f, "script_evaluated", false);
	facts_bool(f, "configured", t->proxies.count > 0);
	facts_json(f, "proxies", list);
}

/* `connected` of a fetch by a proxy: the proxy opened the way to the host (fetch.c). */
static void take_result(struct check_run *c, const struct fetch_result *result)
{
	facts_json(&c->facts, "via_proxy", json_deep_copy(result->connect.object));
	facts_bool(&c->facts, "proxy_works", facts_get_bool(&result->connect, "connected", false));
	if (!facts_get_bool(&result->connect, "connected", false) &&
		facts_has(&result->connect, "proxy_status"))
		facts_int(&c->facts, "proxy_status",
			facts_get_int(&result->connect, "proxy_status", 0));
}

static void fetched(void *arg, const struct fetch_result *result)
{
	struct check_run *c = arg;

	take_result(c, result);
	json_object_update(c->timings.object, result->timings.object);
	check_done(c);
}

static void start(struct check_run *c)
{
	const struct terminal *t = run_terminal(c->run);
	const struct proxy_setting *proxy = usable_proxy(t);
	struct fetch_want want = {
		.host = rule_host(c->check, "host"),
		.port = (uint16_t)rule_number(c->check, "port", 0),
		.depth = FETCH_TLS,
		.proxy = proxy != NULL ? proxy->secret_url : NULL,
	};

	if (t->proxies_known)
		put_proxies(&c->facts, t);
	else
		facts_str(&c->facts, "error", t->why.data);
	if (proxy != NULL && want.host != NULL)
		fetch_add(run_fetches(c->run), &want, fetched, c);
	else
		check_done(c);
}

/* ---- judge ---- */

static void judge(const struct judge_input *in, struct judgement *out)
{
	*out = (struct judgement){.verdict = VERDICT_PASS};
	if (!facts_has(in->facts, "configured"))
		*out = (struct judgement){VERDICT_UNKNOWN, "run.unreadable", 0, 0};
	else if (facts_has(in->facts, "proxy_works") &&
		 !facts_get_bool(in->facts, "proxy_works", false))
		*out = (struct judgement){VERDICT_WARN, "proxy.configured", 0, 0};
}

extern const struct check_type check_proxy;
const struct check_type check_proxy = {
	.name = "proxy",
	.text = "Shows the configured proxies, and tries one host through the first of them. A "
		"script (PAC, WPAD) is shown and not run.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.flags = CHECK_NETWORK,
	.causes = causes,
	.targets = targets,
	.start = start,
	.stop = check_stop_none,
	.release = check_release_none,
	.collect = check_collect_none,
	.judge = judge,
};
