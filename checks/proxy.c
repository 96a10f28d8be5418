/*
 * proxy: whether a host that is opened in a browser, or by a VPN client that does as browsers do,
 * is reached the way that the terminal's proxy settings send it. The IKE client never uses a proxy.
 *
 * Browsers' own setting decides (platform.h, proxy_rules.h): where they go directly, or the host is
 * exempt, nothing is tried. A proxy that no browser uses is tried only to tell whether it is a way
 * out of the facility, and a script (PAC, WPAD) is not run: neither decides anything.
 *
 * Facts: configured, proxies, detect, script_evaluated; exempt (the host is); browsers (they use
 * the proxy that was tried); exempt_elsewhere (libcurl and others read the exemptions so that the
 * host is exempt); proxy (its URL, masked); via_proxy (the `connect` stage of fetch.h); proxy_works
 * (it opened the way); proxy_status (else); error; proxy_genuine (the host proved through it who it
 * is); page_status, and proxy_page (the page came through it as a browser takes it, and the one
 * that it leads to: led_* of follow.h); script (a script is set, which browsers ask first).
 */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "http_parse.h"
#include "mem.h"

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
	{
		.name = "path",
		.type = KEY_STR,
		.max = 1000,
		.fallback = "/",
		.text = "Path that is asked for through the proxy, with GET.",
	},
	{
		.name = "expect",
		.type = KEY_STRS,
		.max = 3,
		.fallback = "[2xx, 3xx]",
		.validate = http_status_validate,
		.text = "Status codes with which the page counts as shown.",
	},
	CONNECTION_KEY_MAX_VERSION,
	CONNECTION_KEY_CERTIFICATE,
};

static const char *const causes[] = {"proxy.configured", "proxy.sign-in", "proxy.bypass-unclear",
	"proxy.script", "run.unreadable", NULL};

/* Ports when the setting names none: libcurl's (CURLOPT_PROXY(3)), and browsers'. */
#define HTTPS_PORT       443
#define CURL_PORT        1080
#define BROWSER_PORT     80
#define SIGN_IN_REQUIRED 407 /* RFC 9110 section 15.5.8 */

/* ---- which proxy ---- */

struct choice {
	const struct proxy_setting *proxy; /* to try; NULL: none */
	bool exempt, browsers, exempt_elsewhere;
};

static bool exempt_for_browsers(
	const struct proxy_setting *p, const struct rule_host *host, uint16_t port)
{
	enum proxy_list form = p->environment ? PROXY_LIST_ENVIRONMENT : PROXY_LIST_SYSTEM;

	return proxy_exempt_browser(p->bypass, form, host->name, port);
}

/* The proxy that browsers, or libcurl, send https to; not a script. */
static const struct proxy_setting *proxy_of(const struct terminal *t, bool browsers)
{
	for (size_t i = 0; i < t->proxies.count; i++) {
		const struct proxy_setting *p = &t->proxies.items[i];
		if (!p->automatic && (browsers ? p->browsers : p->curl))
			return p;
	}
	return NULL;
}

/* Exemptions do not concern it: it is asked about every page. */
static bool a_script_is_set(const struct terminal *t)
{
	for (size_t i = 0; i < t->proxies.count; i++)
		if (t->proxies.items[i].automatic && t->proxies.items[i].browsers)
			return true;
	return false;
}

static bool a_script_comes_first(const struct terminal *t)
{
	return t->proxies.detect || a_script_is_set(t);
}

/* Of the system's services (WinHTTP): no browser's, but it may be the way out. */
static const struct proxy_setting *system_proxy(
	const struct terminal *t, const struct rule_host *host, uint16_t port)
{
	for (size_t i = 0; i < t->proxies.count; i++) {
		const struct proxy_setting *p = &t->proxies.items[i];
		if (!p->automatic && !p->environment && !exempt_for_browsers(p, host, port))
			return p;
	}
	return NULL;
}

static struct choice choose(const struct terminal *t, const struct rule_host *host, uint16_t port)
{
	const struct proxy_setting *browsers, *curl;
	struct choice choice = {0};

	if (t == NULL || host == NULL)
		return choice;
	browsers = proxy_of(t, true);
	curl = proxy_of(t, false);
	if (curl != NULL && proxy_exempt_curl(curl->bypass, host->name))
		choice.exempt = true;
	if (browsers != NULL && !exempt_for_browsers(browsers, host, port)) {
		choice.exempt_elsewhere = browsers->environment && choice.exempt;
		choice.exempt = false;
		choice.browsers = !a_script_comes_first(t);
		choice.proxy = browsers;
	} else if (browsers != NULL) {
		choice.exempt = true;
	} else {
		choice.proxy = curl != NULL && !choice.exempt ? curl : system_proxy(t, host, port);
	}
	return choice;
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

/*
 * Browsers speak plain HTTP to a proxy of the environment, whatever scheme stands before it, but
 * for SOCKS (net/proxy_resolution/proxy_config_service_linux.cc: FixupProxyHostScheme).
 */
static bool is_plain(const struct proxy_setting *proxy)
{
	return proxy->environment && proxy->browsers && strncmp(proxy->url, "socks", 5) != 0;
}

static uint16_t default_port(const struct proxy_setting *proxy)
{
	if (is_plain(proxy))
		return BROWSER_PORT;
	if (strncmp(proxy->url, "https://", 8) == 0)
		return HTTPS_PORT;
	return proxy->browsers && strncmp(proxy->url, "socks", 5) != 0 ? BROWSER_PORT : CURL_PORT;
}

/* Where host and port of [scheme://][user:password@]host[:port][/…] begin. */
static const char *authority_of(const char *url)
{
	const char *scheme = strstr(url, "://");
	const char *authority = scheme != NULL ? scheme + 3 : url;
	const char *at = strrchr(authority, '@');

	return at != NULL ? at + 1 : authority;
}

static void proxy_target(const struct proxy_setting *proxy, struct target *target)
{
	struct net_addr addr;
	long port = default_port(proxy);
	const char *end = copy_host(authority_of(proxy->url), target->host, sizeof target->host);

	if (*end == ':')
		port = strtol(end + 1, NULL, 10);
	target->port = port > 0 && port <= 65535 ? (uint16_t)port : 0;
	if (!net_addr_parse(target->host, &addr))
		return;
	net_addr_format(&addr, target->address);
	target->host[0] = '\0';
}

/* The setting as libcurl takes it, with the port that was meant, into a buffer to release. */
static void proxy_url(const struct proxy_setting *proxy, struct strbuf *url)
{
	const char *text = proxy->secret_url + strspn(proxy->secret_url, " \t");
	char host[256];
	const char *end = copy_host(authority_of(text), host, sizeof host);

	strbuf_init(url, sizeof proxy->secret_url + 16);
	if (is_plain(proxy) && strstr(text, "://") != NULL) {
		strbuf_addf(url, "http://");
		text = strstr(text, "://") + 3;
	}
	strbuf_add(url, text, (size_t)(end - text));
	if (*end == ':')
		strbuf_add(url, end, 1 + strspn(end + 1, "0123456789"));
	else
		strbuf_addf(url, ":%u", (unsigned)default_port(proxy));
}

static void targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	const struct rule_host *host = rule_host(check, "host");
	uint16_t port = (uint16_t)rule_number(check, "port", 0);
	const struct proxy_setting *proxy = choose(terminal, host, port).proxy;
	struct target target = {.protocol = "TCP", .purpose = "proxy", .check = check->id};

	if (proxy == NULL)
		return;
	proxy_target(proxy, &target);
	targets_add(list, &target);
	targets_add_host(list, check, "TCP", "TLS through the proxy", host, port);
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

/*
 * What came through the opened way. It is no way when nothing did, unless the host itself ended the
 * handshake, as one does that wants a client certificate. Where the terminal's roots are not known,
 * who the host is stays open.
 */
static void take_tls(struct check_run *c, const struct fetch_result *result)
{
	const char *error = facts_get_str(&result->tls, "error");

	if (facts_get_bool(&result->tls, "handshake", false)) {
		if (facts_get_bool(&result->tls, "trust", true))
			facts_bool(&c->facts, "proxy_genuine", connection_genuine(&result->tls));
	} else if (error != NULL && strcmp(error, "alert") != 0) {
		facts_bool(&c->facts, "proxy_works", false);
		facts_str(&c->facts, "error", error);
	}
}

static bool is_expected(const struct check_run *c, long long status)
{
	const struct strs *patterns = rule_list(c->check, "expect");

	for (size_t i = 0; i < patterns->count; i++)
		if (http_status_match(patterns->items[i], status))
			return true;
	return false;
}

/* A redirect that leads to the service's own site, or none. */
static bool stays(const struct check_run *c, const struct facts *http)
{
	const char *host = facts_get_str(http, "location_host");
	const char *location = facts_get_str(http, "location");

	if (location != NULL && http_other_scheme(location))
		return false;
	return host == NULL || follow_is_own_site(c, rule_host(c->check, "host"), host);
}

/* The page as it came through the proxy, over TLS that a browser takes. */
static void take_page(struct check_run *c, const struct fetch_result *result)
{
	const struct facts *http = &result->http;
	long long status = facts_get_int(http, "status", 0);
	bool good = facts_get_bool(&result->tls, "verified", false) &&
		    facts_get_bool(&result->tls, "name_ok", false) &&
		    !facts_has(&result->tls, "weak") &&
		    !facts_get_bool(&result->tls, "inconsistent", false) &&
		    !facts_has(http, "error") && is_expected(c, status) && stays(c, http);

	if (status != 0)
		facts_int(&c->facts, "page_status", status);
	facts_bool(&c->facts, "proxy_page", good);
}

/* `connected` of a fetch by a proxy: the proxy opened the way to the host (fetch.c). */
static void take_result(struct check_run *c, const struct fetch_result *result)
{
	const struct facts *connect = &result->connect;
	bool works = facts_get_bool(connect, "connected", false);

	facts_json(&c->facts, "via_proxy", json_deep_copy(connect->object));
	facts_bool(&c->facts, "proxy_works", works);
	if (works) {
		take_tls(c, result);
		take_page(c, result);
	} else if (facts_has(connect, "proxy_status"))
		facts_int(&c->facts, "proxy_status", facts_get_int(connect, "proxy_status", 0));
	else if (facts_get_str(connect, "error") != NULL)
		facts_str(&c->facts, "error", facts_get_str(connect, "error"));
}

/* What goes through a proxy to one host, and to where its page leads. */
struct attempt {
	struct fetch_want want;
	struct strbuf url; /* of the proxy */
	struct follow *follow;
};

/* Where browsers would go by this proxy, too; which one plain HTTP has is another setting. */
static bool may_follow(const struct check_run *c, const struct fetch_place *to)
{
	struct rule_host host = {
		.id = (char *)(uintptr_t)to->host, .name = (char *)(uintptr_t)to->host};

	return !to->plain && choose(run_terminal(c->run), &host, to->port).proxy != NULL &&
	       follow_is_own_site(c, rule_host(c->check, "host"), to->host);
}

static void followed(struct check_run *c)
{
	long long status = facts_get_int(&c->facts, "led_status", 0);

	if (status != 0)
		facts_int(&c->facts, "page_status", status);
	facts_bool(&c->facts, "proxy_page",
		is_expected(c, status) && !facts_has(&c->facts, "led_off_site"));
	check_done(c);
}

static void fetched(void *arg, const struct fetch_result *result)
{
	struct check_run *c = arg;
	struct attempt *attempt = c->state;

	take_result(c, result);
	json_object_update(c->timings.object, result->timings.object);
	if (facts_get_bool(&c->facts, "proxy_page", false))
		attempt->follow = follow_begin(c, &attempt->want, result, may_follow, followed);
	if (facts_has(&c->facts, "led_error"))
		facts_bool(&c->facts, "proxy_page", false);
	if (attempt->follow == NULL)
		check_done(c);
}

static void release(struct check_run *c)
{
	struct attempt *attempt = c->state;

	if (attempt == NULL)
		return;
	follow_free(attempt->follow);
	strbuf_release(&attempt->url);
	free(attempt);
	c->state = NULL;
}

static void try_proxy(
	struct check_run *c, const struct choice *choice, const struct fetch_want *want)
{
	struct attempt *attempt = mem_alloc(sizeof *attempt);

	c->state = attempt;
	facts_bool(&c->facts, "browsers", choice->browsers);
	if (choice->exempt_elsewhere)
		facts_bool(&c->facts, "exempt_elsewhere", true);
	facts_str(&c->facts, "proxy", choice->proxy->url);
	proxy_url(choice->proxy, &attempt->url);
	attempt->want = *want;
	attempt->want.brief = !choice->browsers;
	attempt->want.proxy = attempt->url.data;
	fetch_add(run_fetches(c->run), &attempt->want, fetched, c);
}

static void start(struct check_run *c)
{
	const struct terminal *t = run_terminal(c->run);
	struct fetch_want want = {
		.host = rule_host(c->check, "host"),
		.port = (uint16_t)rule_number(c->check, "port", 0),
		.depth = FETCH_HTTP,
		.path = rule_string(c->check, "path"),
	};
	connection_want_tls(&want, c);
	struct choice choice = choose(t, want.host, want.port);

	if (t->proxies_known)
		put_proxies(&c->facts, t);
	else
		facts_str(&c->facts, "error", t->why.data);
	if (want.host != NULL && a_script_is_set(t))
		facts_bool(&c->facts, "script", true);
	if (choice.exempt)
		facts_bool(&c->facts, "exempt", true);
	if (choice.proxy != NULL)
		try_proxy(c, &choice, &want);
	else
		check_done(c);
}

/* ---- judge ---- */

/* Tried, and no page came through. */
static bool fails(const struct facts *facts)
{
	return facts_has(facts, "proxy_works") &&
	       (!facts_get_bool(facts, "proxy_works", false) ||
		       !facts_get_bool(facts, "proxy_genuine", true));
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	judgement_set(out, VERDICT_PASS, NULL);
	if (!facts_has(in->facts, "configured"))
		judgement_set(out, VERDICT_UNKNOWN, "run.unreadable");
	else if (facts_get_bool(in->facts, "script", false))
		judgement_set(out, VERDICT_UNKNOWN, "proxy.script");
	else if (!fails(in->facts) || !facts_get_bool(in->facts, "browsers", true))
		return;
	else if (facts_get_bool(in->facts, "exempt_elsewhere", false))
		judgement_set(out, VERDICT_UNKNOWN, "proxy.bypass-unclear");
	else if (facts_get_int(in->facts, "proxy_status", 0) == SIGN_IN_REQUIRED)
		judgement_set(out, VERDICT_UNKNOWN, "proxy.sign-in");
	else
		judgement_set(out, VERDICT_FAIL, "proxy.configured");
}

extern const struct check_type check_proxy;
const struct check_type check_proxy = {
	.name = "proxy",
	.text = "A host is reached the way that the proxy settings of the terminal's browsers send "
		"it. A script (PAC, WPAD) is shown and not run.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.flags = CHECK_NETWORK | CHECK_PROXY,
	.causes = causes,
	.targets = targets,
	.start = start,
	.stop = check_stop_none,
	.release = release,
	.collect = check_collect_none,
	.judge = judge,
};
