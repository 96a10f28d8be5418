#include "follow.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_parse.h"
#include "mem.h"

#define HOPS_MAX   20 /* as Chromium: kMaxRedirects, net/url_request/url_request.cc */
#define VISITS_MAX 3  /* of one page: one bad server of several may differ */

struct jar {
	char host[256];
	struct strs cookies; /* NAME=VALUE */
};

struct follow {
	struct check_run *c;
	follow_allowed_fn *allowed;
	follow_fn *fn;
	struct fetch_want want; /* of the page; its proxy is our own copy */
	char *proxy;
	struct fetch_place at; /* the request under way, or the last one */
	struct strs visited;
	/*
	 * Browsers open http:// pages by https first, and always those of hosts that ask for it.
	 */
	struct strs https_only, plain_hosts;
	struct fetch_place asked; /* the http:// page, while https is tried */
	bool upgrading;
	struct jar jars[HOPS_MAX + 1];
	size_t jar_count;
};

/* ---- cookies ---- */

static struct jar *jar_of(struct follow *f, const char *host)
{
	for (size_t i = 0; i < f->jar_count; i++)
		if (strcmp(f->jars[i].host, host) == 0)
			return &f->jars[i];
	struct jar *jar = &f->jars[f->jar_count++];
	snprintf(jar->host, sizeof jar->host, "%s", host);
	return jar;
}

static void keep_cookies(struct follow *f, const struct fetch_result *result)
{
	struct jar *jar = jar_of(f, f->at.host);

	strs_release(&jar->cookies);
	jar->cookies = (struct strs){0};
	for (size_t i = 0; result->cookies != NULL && i < result->cookies->count; i++)
		strs_add(&jar->cookies, result->cookies->items[i]);
}

/* ---- where to ---- */

/* scheme://host[:port], what follows, and how much of it is the first part. */
static void put_place(struct strbuf *sb, const struct fetch_place *place, bool path)
{
	bool bracket = strchr(place->host, ':') != NULL;

	strbuf_addf(sb, "%s://%s%s%s", place->plain ? "http" : "https", bracket ? "[" : "",
		place->host, bracket ? "]" : "");
	if (place->port != (place->plain ? 80 : 443))
		strbuf_addf(sb, ":%u", (unsigned)place->port);
	if (path)
		strbuf_adds(sb, place->path);
}

/* false: a browser would give up. */
static bool visit(struct follow *f, const struct fetch_place *place)
{
	struct strbuf url;
	size_t visits = 0;

	strbuf_init(&url, sizeof *place + 32);
	put_place(&url, place, true);
	for (size_t i = 0; i < f->visited.count; i++)
		visits += strcmp(f->visited.items[i], url.data) == 0;
	bool good = f->visited.count < HOPS_MAX && visits < VISITS_MAX;
	strs_add(&f->visited, url.data);
	strbuf_release(&url);
	return good;
}

static bool leads(const struct fetch_result *result)
{
	return result->leads_to != NULL && result->leads_to[0] != '\0' &&
	       !facts_has(&result->http, "error") &&
	       fetch_is_redirect(facts_get_int(&result->http, "status", 0));
}

/* What makes no sense is no page; what is only too long for us may be one. */
static void put_invalid(struct facts *facts, const char *location)
{
	if (strlen(location) < sizeof((struct fetch_place *)0)->path)
		facts_str(facts, "led_error", "invalid");
}

/* Where the browser goes next; false: nowhere, and the facts say why if that is no page. */
static bool next_place(struct follow *f, const struct fetch_result *result, struct fetch_place *to)
{
	struct facts *facts = &f->c->facts;

	if (!leads(result))
		return false;
	switch (fetch_follow(&f->at, result->leads_to, to)) {
	case FETCH_LEADS_NOWHERE:
		put_invalid(facts, result->leads_to);
		return false;
	case FETCH_LEADS_ELSEWHERE:
		facts_str(facts, "led_error", "scheme");
		return false;
	case FETCH_LEADS_ON:
		break;
	}
	if (!f->allowed(f->c, to))
		facts_str(facts, "led_off_site", to->host);
	else if (!visit(f, to))
		facts_str(facts, "led_error", "redirects");
	else
		return true;
	return false;
}

/* ---- one hop ---- */

static void put_led_to(struct follow *f)
{
	struct strbuf url;

	strbuf_init(&url, sizeof f->at.host + 32);
	put_place(&url, &f->at, false);
	facts_str(&f->c->facts, "led_to", url.data);
	strbuf_release(&url);
}

static const struct rule_host *known_host(const struct follow *f, const char *name)
{
	const struct rules *rules = run_rules(f->c->run);

	for (size_t i = 0; i < rules->host_count; i++)
		if (strcmp(rules->hosts[i].name, name) == 0)
			return &rules->hosts[i];
	return NULL;
}

/* The rules' own check of this kind at that place, or NULL. */
static const struct rule_check *check_at(const struct follow *f, const struct fetch_place *place)
{
	const struct rules *rules = run_rules(f->c->run);

	for (size_t i = 0; i < rules->check_count; i++) {
		const struct rule_check *check = &rules->checks[i];
		const struct rule_host *host =
			check->type == f->c->check->type ? rule_host(check, "host") : NULL;
		if (host != NULL && strcmp(host->name, place->host) == 0 &&
			rule_number(check, "port", 443) == place->port)
			return check;
	}
	return NULL;
}

/* What is shown of a client certificate, and spoken of TLS. */
static void put_tls(const struct follow *f, struct fetch_want *want)
{
	const struct rule_check *check = check_at(f, &f->at);

	if (strcmp(f->at.host, f->want.host->name) == 0) {
		want->identity = f->want.identity;
		want->max_version = f->want.max_version;
	} else if (check != NULL) {
		want->identity = run_identity(f->c->run, rule_certificate(check, "certificate"));
		if (strcmp(rule_string(check, "max-version"), "1.2") == 0)
			want->max_version = TLS1_2_VERSION;
	}
}

static void on_hop(void *arg, const struct fetch_result *result);

static void request(struct follow *f)
{
	struct rule_host unknown = {.id = f->at.host, .name = f->at.host};
	const struct rule_host *known = known_host(f, f->at.host);
	struct fetch_want want = {
		.host = known != NULL ? known : &unknown,
		.port = f->at.port,
		.depth = FETCH_HTTP,
		.plain = f->at.plain,
		.path = f->at.path,
		.proxy = f->proxy,
		.behalf = f->want.host,
		.cookies = &jar_of(f, f->at.host)->cookies,
	};

	if (!f->at.plain)
		put_tls(f, &want);
	put_led_to(f);
	fetch_add(run_fetches(f->c->run), &want, on_hop, f);
}

static const char *or_other(const char *error)
{
	return error != NULL ? error : "other";
}

/* Why no page came; NULL: one did. */
static const char *hop_error(const struct fetch_place *at, const struct fetch_result *result)
{
	const char *error = facts_get_str(&result->http, "error");

	if (facts_has(&result->connect, "blocked_by"))
		return "name";
	if (!facts_get_bool(&result->connect, "connected", false))
		return or_other(facts_get_str(&result->connect, "error"));
	if (!at->plain && !facts_get_bool(&result->tls, "handshake", false))
		return or_other(facts_get_str(&result->tls, "error"));
	if (!at->plain && (!facts_get_bool(&result->tls, "verified", false) ||
				  !facts_get_bool(&result->tls, "name_ok", false) ||
				  facts_get_bool(&result->tls, "inconsistent", false)))
		return "certificate";
	if (error != NULL)
		return error;
	return facts_has(&result->http, "status") ? NULL : "closed";
}

static void by_https(struct fetch_place *place)
{
	place->plain = false;
	place->port = place->port == 80 ? 443 : place->port;
}

static bool is_listed(const struct strs *hosts, const char *host)
{
	for (size_t i = 0; i < hosts->count; i++)
		if (strcmp(hosts->items[i], host) == 0)
			return true;
	return false;
}

static void go(struct follow *f, const struct fetch_place *to)
{
	bool must = is_listed(&f->https_only, to->host);

	f->at = f->asked = *to;
	f->upgrading =
		to->plain && !must && to->port == 80 && !is_listed(&f->plain_hosts, to->host);
	if (to->plain && (must || f->upgrading))
		by_https(&f->at);
	request(f);
}

/* By https there is no page, or one that leads back: browsers take the http:// page then. */
static bool falls_back(const struct follow *f, const char *error, const struct fetch_result *result)
{
	struct fetch_place to;

	if (!f->upgrading || error != NULL)
		return f->upgrading;
	return leads(result) && fetch_follow(&f->at, result->leads_to, &to) == FETCH_LEADS_ON &&
	       to.plain && to.port == f->asked.port && strcmp(to.host, f->asked.host) == 0 &&
	       strcmp(to.path, f->asked.path) == 0;
}

static void note_https_only(struct follow *f, const struct fetch_result *result)
{
	if (!f->at.plain && result->https_only)
		strs_add(&f->https_only, f->at.host);
}

static void on_hop(void *arg, const struct fetch_result *result)
{
	struct follow *f = arg;
	struct facts *facts = &f->c->facts;
	const char *error = hop_error(&f->at, result);
	long long waited = facts_get_int(&result->http, "waited_s", 0);
	struct fetch_place to;

	if (f->c->finished)
		return;
	keep_cookies(f, result);
	if (waited > facts_get_int(facts, "waited_s", 0))
		facts_int(facts, "waited_s", waited);
	snprintf(f->at.path, sizeof f->at.path, "%s", result->path != NULL ? result->path : "/");
	if (error == NULL)
		note_https_only(f, result);
	if (falls_back(f, error, result)) {
		to = f->asked;
		strs_add(&f->plain_hosts, to.host);
		go(f, &to);
		return;
	}
	if (error == NULL && next_place(f, result, &to)) {
		go(f, &to);
		return;
	}
	if (error != NULL)
		facts_str(facts, "led_error", error);
	else if (!facts_has(facts, "led_error"))
		facts_int(facts, "led_status", facts_get_int(&result->http, "status", 0));
	f->fn(f->c);
}

/* ---- sites ---- */

bool follow_is_own_site(const struct check_run *c, const struct rule_host *host, const char *name)
{
	const struct rules *rules = run_rules(c->run);

	if (host_same_site(host->name, name))
		return true;
	for (size_t i = 0; i < rules->check_count; i++) {
		const struct rule_check *check = &rules->checks[i];
		if (strcmp(check->type->name, "http") == 0 && rule_host(check, "host") == host &&
			glob_match_any(rule_list(check, "sites"), name, true))
			return true;
	}
	return false;
}

/* ---- a chain ---- */

static bool is_genuine(const struct fetch_want *want, const struct fetch_result *result)
{
	return want->plain || (facts_get_bool(&result->tls, "verified", false) &&
				      facts_get_bool(&result->tls, "name_ok", false) &&
				      !facts_get_bool(&result->tls, "inconsistent", false));
}

static struct fetch_place first_place(
	const struct fetch_want *want, const struct fetch_result *result)
{
	struct fetch_place at = {.port = want->port, .plain = want->plain};

	snprintf(at.host, sizeof at.host, "%s", want->host->name);
	snprintf(at.path, sizeof at.path, "%s", result->path != NULL ? result->path : "/");
	return at;
}

struct follow *follow_begin(struct check_run *c, const struct fetch_want *want,
	const struct fetch_result *result, follow_allowed_fn *allowed, follow_fn *fn)
{
	struct fetch_place at, to;

	if (!leads(result) || !is_genuine(want, result))
		return NULL;
	at = first_place(want, result);
	enum fetch_lead lead = fetch_follow(&at, result->leads_to, &to);
	if (lead == FETCH_LEADS_NOWHERE)
		put_invalid(&c->facts, result->leads_to);
	if (lead == FETCH_LEADS_ON && !follow_is_own_site(c, want->host, to.host))
		facts_str(&c->facts, "led_off_site", to.host);
	if (lead != FETCH_LEADS_ON || !allowed(c, &to))
		return NULL;
	struct follow *f = mem_alloc(sizeof *f);
	f->c = c;
	f->allowed = allowed;
	f->fn = fn;
	f->want = *want;
	f->proxy = want->proxy != NULL ? mem_strdup(want->proxy) : NULL;
	f->at = at;
	keep_cookies(f, result);
	visit(f, &at);
	visit(f, &to);
	note_https_only(f, result);
	go(f, &to);
	return f;
}

void follow_free(struct follow *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->jar_count; i++)
		strs_release(&f->jars[i].cookies);
	strs_release(&f->visited);
	strs_release(&f->https_only);
	strs_release(&f->plain_hosts);
	free(f->proxy);
	free(f);
}
