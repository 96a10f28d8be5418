/* Requests for connections: merged, queued, and told when they end. */
#include "fetch_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libraries.h"
#include "mem.h"
#include "route_facts.h"

#define PAGE_WHOLE 2 /* budgets that a page has that comes in drops */

static void on_timer(void *arg);
static void on_slow(void *arg);

struct fetches *fetches_new(struct loop *loop, struct names *names, struct rtt_board *rtts)
{
	struct fetches *f = mem_alloc(sizeof *f);

	f->loop = loop;
	f->names = names;
	f->rtts = rtts;
	f->in_flight_max = FETCH_IN_FLIGHT_MAX;
	f->connect_budget = FETCH_CONNECT_BUDGET;
	f->least_connect = FETCH_LEAST_CONNECT;
	f->answer_budget = FETCH_ANSWER_BUDGET;
	f->page_budget = FETCH_PAGE_BUDGET;
	f->patience = FETCH_PATIENCE;
	return f;
}

void fetches_take_trust(struct fetches *f, struct trust *trust)
{
	trust_free(f->trust);
	f->trust = trust;
}

void fetches_set_limit(struct fetches *f, double limit)
{
	f->limit = limit;
}

void fetch_free(struct fetch *t)
{
	second_drop(t);
	loop_timer_stop(t->owner->loop, &t->timer);
	loop_timer_stop(t->owner->loop, &t->slow);
	loop_timer_stop(t->owner->loop, &t->patience);
	if (t->easy != NULL)
		loop_curl_remove(t->owner->loop, t->easy);
	fetch_close(t);
	tls_evidence_unref(t->tls);
	facts_release(&t->result.connect);
	facts_release(&t->result.tls);
	facts_release(&t->result.http);
	facts_release(&t->result.timings);
	strbuf_release(&t->body);
	strs_release(&t->anyconnect);
	free(t->location);
	free(t->leads_to);
	free(t->led_path);
	redirects_release(&t->redirects);
	free(t->waiters);
	free(t->proxy);
	free(t);
}

void fetches_free(struct fetches *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->count; i++)
		fetch_free(f->list[i]);
	trust_free(f->trust);
	free(f->list);
	free(f);
}

/* ---- requests ---- */

static void go_on_behalf(struct fetch *t, const struct fetch_want *want)
{
	t->whose = want->behalf;
	t->led_host = *want->host;
	snprintf(t->led_name, sizeof t->led_name, "%s", want->host->name);
	t->led_host.id = t->led_host.name = t->led_name;
	t->host = t->peer = &t->led_host;
	t->path = t->led_path = mem_strdup(want->path);
	for (size_t i = 0; want->cookies != NULL && i < want->cookies->count; i++)
		strs_add(&t->redirects.cookies, want->cookies->items[i]);
}

struct fetch *fetch_make(struct fetches *f, const struct fetch_want *want)
{
	struct fetch *t = mem_alloc(sizeof *t);

	t->owner = f;
	t->host = t->peer = t->whose = want->host;
	t->port = t->peer_port = want->port;
	t->depth = want->depth;
	t->plain = want->plain;
	t->path = want->path;
	t->identity = want->identity;
	t->max_version = want->max_version;
	t->brief = want->brief;
	t->only = want->only;
	t->proxy = want->proxy != NULL ? mem_strdup(want->proxy) : NULL;
	if (want->behalf != NULL)
		go_on_behalf(t, want);
	facts_init(&t->result.connect);
	facts_init(&t->result.tls);
	facts_init(&t->result.http);
	facts_init(&t->result.timings);
	strbuf_init(&t->body, FETCH_BODY_MAX);
	loop_timer_init(&t->timer, on_timer, t);
	loop_timer_init(&t->slow, on_slow, t);
	second_init(t);
	return t;
}

static struct fetch *fetch_new(struct fetches *f, const struct fetch_want *want)
{
	struct fetch *t = fetch_make(f, want);

	f->list = mem_grow(f->list, f->count, &f->capacity, sizeof f->list[0]);
	f->list[f->count++] = t;
	return t;
}

static bool uses_tls(const struct fetch *t)
{
	return t->depth != FETCH_CONNECT && !t->plain;
}

/* Costs some milliseconds; done before anything is being timed. */
static void prepare(const struct fetch *t)
{
	struct fetches *f = t->owner;

	if (!f->prepared) {
		f->prepared = true;
		trust_library_init();
		libraries_init_curl();
	}
	if (f->trust == NULL && uses_tls(t))
		f->trust = trust_new(platform_ca_directory(), platform_ca_file());
}

void fetch_add(struct fetches *f, const struct fetch_want *want, fetch_fn *fn, void *arg)
{
	struct fetch *t = fetch_find(f, want);

	if (t == NULL)
		t = fetch_new(f, want);
	else
		fetch_merge(t, want);
	t->waiters =
		mem_grow(t->waiters, t->waiter_count, &t->waiter_capacity, sizeof t->waiters[0]);
	t->waiters[t->waiter_count++] = (struct fetch_waiter){.fn = fn, .arg = arg};
	if (t->state == FETCH_NEW || t->state == FETCH_DONE)
		loop_timer_at(f->loop, &t->timer, loop_now(f->loop));
}

const struct fetch_result *fetch_peek(struct fetches *f, const struct fetch_want *want)
{
	static const struct fetch_result nothing;
	struct fetch *t = fetch_find(f, want);

	if (t != NULL && t->state == FETCH_RUNNING)
		fetch_tell_unfinished(t);
	return t != NULL ? &t->result : &nothing;
}

void fetch_copy(struct facts *to, const struct facts *from, const char *const *names)
{
	if (names == NULL && from->object != NULL)
		json_object_update(to->object, from->object);
	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		json_t *value = json_object_get(from->object, names[i]);
		if (value != NULL)
			json_object_set(to->object, names[i], value);
	}
}

/* ---- the life of a transfer ---- */

static void tell_waiters(struct fetch *t)
{
	struct fetch_waiter *waiters = t->waiters;
	size_t count = t->waiter_count;

	t->waiters = NULL;
	t->waiter_count = t->waiter_capacity = 0;
	for (size_t i = 0; i < count; i++)
		waiters[i].fn(waiters[i].arg, &t->result);
	free(waiters);
}

static void stop_counting(struct fetch *t)
{
	loop_timer_stop(t->owner->loop, &t->slow);
	if (t->counted)
		t->owner->running--;
	t->counted = false;
}

static void start_queued(struct fetches *f)
{
	for (size_t i = 0; i < f->count && f->running < f->in_flight_max; i++) {
		struct fetch *t = f->list[i];
		if (t->state != FETCH_QUEUED)
			continue;
		t->state = FETCH_RUNNING;
		t->begun = t->first_begun = loop_now(f->loop);
		f->running++;
		t->counted = true;
		loop_timer_at(f->loop, &t->slow, t->begun + FETCH_IN_FLIGHT_TIME);
		fetch_begin_attempt(t);
	}
}

static void on_slow(void *arg)
{
	struct fetch *t = arg;

	stop_counting(t);
	start_queued(t->owner);
}

static void finish(struct fetch *t)
{
	struct fetches *f = t->owner;
	bool ran = t->state == FETCH_RUNNING;

	loop_timer_stop(f->loop, &t->timer);
	stop_counting(t);
	if (ran) {
		facts_real(&t->result.timings, "total_ms",
			(loop_now(f->loop) - t->first_begun) * 1000);
	}
	t->state = FETCH_DONE;
	t->result.path = t->location != NULL ? t->location : t->path;
	t->result.leads_to = t->leads_to;
	t->result.cookies = &t->redirects.cookies;
	strbuf_release(&t->body);
	strbuf_init(&t->body, FETCH_BODY_MAX);
	tell_waiters(t);
	if (ran)
		start_queued(f);
}

void fetches_forget(struct fetches *f, const struct rule_host *host, bool by_proxy)
{
	for (size_t i = 0; i < f->count; i++) {
		struct fetch *t = f->list[i];
		if (!fetch_is_for(t, host, by_proxy))
			continue;
		t->forgotten = true;
		t->waiter_count = 0;
		names_forget(f->names, t);
		second_drop(t);
		loop_timer_stop(f->loop, &t->timer);
		stop_counting(t);
		if (t->easy != NULL)
			loop_curl_remove(f->loop, t->easy);
		fetch_close(t);
		t->state = FETCH_DONE;
	}
	start_queued(f);
}

/* Each is tried twice, in turn: what was lost once is not silent. */
static void repeat_addresses(struct name_address *address)
{
	const size_t room = sizeof address->addrs / sizeof address->addrs[0];
	size_t count = address->count;

	for (size_t i = 0; count > 1 && i < count && address->count < room; i++)
		address->addrs[address->count++] = address->addrs[i];
}

static void on_address(void *arg, const struct name_address *address)
{
	struct fetch *t = arg;

	t->address = *address;
	facts_str(&t->result.connect, "via", name_via_name(address->via));
	facts_int(&t->result.connect, "port", t->peer_port);
	facts_real(&t->result.timings, "name_ms", address->ms);
	if (address->count == 0) {
		facts_bool(&t->result.connect, "connected", false);
		facts_str(&t->result.connect, "blocked_by", "name");
		/* Its waiters are told from the loop, never from within fetch_add. */
		t->state = FETCH_DONE;
		loop_timer_at(t->owner->loop, &t->timer, loop_now(t->owner->loop));
		return;
	}
	route_sort(&t->address);
	repeat_addresses(&t->address);
	t->state = FETCH_QUEUED;
	start_queued(t->owner);
}

static void begin(struct fetch *t)
{
	t->state = FETCH_NAMING;
	if (t->proxy != NULL && !fetch_read_proxy(t)) {
		facts_bool(&t->result.connect, "connected", false);
		facts_str(&t->result.connect, "error", net_error_name(NET_OTHER));
		finish(t);
		return;
	}
	if (t->only.family != 0) {
		struct name_address one = {.addrs = {t->only}, .count = 1};
		on_address(t, &one);
		return;
	}
	names_address(t->owner->names, t->peer, on_address, t);
	if (t->state == FETCH_NAMING)
		prepare(t); /* while the question travels */
}

double fetch_slack(const struct fetch *t)
{
	return t->owner->rtts != NULL ? rtt_slack(t->owner->rtts) : 0;
}

static double connect_deadline(const struct fetch *t)
{
	double least = t->begun + t->owner->least_connect;

	return (t->owner->connect_budget > least ? t->owner->connect_budget : least) +
	       fetch_slack(t);
}

/* The proxy took the connection, and has yet to open the way to the host. */
static bool awaits_proxy(const struct fetch *t)
{
	return t->proxy != NULL && !t->again && t->connected && t->connected_at <= 0;
}

/* A browser waits while bytes come. Who gave more time than all that means to wait. */
static double answer_deadline(const struct fetch *t)
{
	double begun = t->again ? t->begun : awaits_proxy(t) ? t->attempt_begun : t->connected_at;
	bool page = !t->brief && (uses_tls(t) || t->proxy != NULL || t->whose != t->host);
	double budget = page ? t->owner->page_budget : t->owner->answer_budget;
	double quiet = page && t->last_byte > begun ? t->last_byte : begun;
	double whole = begun + PAGE_WHOLE * budget;
	double due = (quiet + budget < whole ? quiet + budget : whole) + fetch_slack(t);
	double limit = t->owner->limit - FETCH_LIMIT_GRACE;

	return limit > due ? limit : due;
}

/* Seconds that one of several addresses has, until the next one is tried. */
static double turn(const struct fetch *t)
{
	double even = t->owner->connect_budget / (double)(t->address.count + 1);

	return (even < FETCH_TURN ? even : FETCH_TURN) + fetch_slack(t) / 2;
}

/* When the present attempt has to be over, as far as is known. */
double fetch_deadline(const struct fetch *t)
{
	if (awaits_proxy(t))
		return answer_deadline(t);
	if (!t->again && t->connected_at <= 0 && t->attempt + 1 < t->address.count)
		return t->attempt_begun + turn(t);
	return t->again || t->connected_at > 0 ? answer_deadline(t) : connect_deadline(t);
}

void fetch_end_attempt(struct fetch *t)
{
	tls_evidence_unref(t->tls);
	t->tls = NULL;
	second_drop(t);
	fetch_close(t);
	finish(t);
}

/* The certificate is no proof; nor is one connection: another may reach a better server. */
static bool want_confirmation(const struct fetch *t)
{
	enum tls_standing standing = tls_evidence_standing(t->tls);

	return standing == TLS_STRANGE || standing == TLS_DATED;
}

/*
 * A second round is worth its packets in four cases: the server wanted a client certificate, and
 * with TLS 1.3 it says only after a request that it insists; the dates of the certificate are
 * wrong, and the server's own clock tells whose clock is; a redirect to the same host, for which
 * there are as many rounds as a browser makes; or the server was not genuine, which one bad server
 * of several may be.
 */
static bool want_again(struct fetch *t)
{
	const struct tls_evidence *tls = t->tls;

	if (!t->handshake || tls == NULL || t->plain)
		return false;
	if (t->depth == FETCH_HTTP && t->redirects.pending)
		return true;
	if (t->again)
		return false;
	if (t->depth == FETCH_TLS &&
		(tls->dates_only || (tls->client_cert_requested && tls->version >= TLS1_3_VERSION)))
		return true;
	t->bare = want_confirmation(t);
	return t->bare;
}

static void begin_again(struct fetch *t)
{
	if (!t->again)
		t->first_standing = tls_evidence_standing(t->tls);
	t->again = true;
	t->redirects.pending = false;
	if (!t->bare)
		t->depth = FETCH_HTTP;
	t->begun = loop_now(t->owner->loop);
	fetch_begin_attempt(t);
}

void fetch_proceed(struct fetch *t, int code, bool opened)
{
	bool first = !opened && !t->again;

	second_drop(t);
	if (first && code == CURLE_COULDNT_CONNECT && t->attempt + 1 < t->address.count &&
		loop_now(t->owner->loop) < connect_deadline(t)) {
		t->attempt++;
		fetch_begin_attempt(t);
	} else if (want_again(t)) {
		begin_again(t);
	} else {
		fetch_end_attempt(t);
	}
}

static void on_curl(void *arg, int code)
{
	struct fetch *t = arg;

	fetch_look(t);
	bool opened = t->connected;
	fetch_tell(t, code, false);
	fetch_close(t);
	if (t->first != NULL)
		t = second_take(t);
	fetch_proceed(t, code, opened);
}

static struct tls_evidence *new_evidence(struct fetch *t)
{
	struct tls_evidence *tls = tls_evidence_new(t->owner->trust, t->host->name);

	tls->identity = t->identity;
	tls->max_version = t->max_version;
	return tls;
}

void fetch_begin_attempt(struct fetch *t)
{
	prepare(t);
	t->attempt_begun = loop_now(t->owner->loop);
	t->connected_at = t->last_byte = 0;
	tls_evidence_unref(t->tls);
	t->tls = uses_tls(t) ? new_evidence(t) : NULL; /* each connection speaks for itself */
	if (!fetch_open(t)) {
		fetch_tell(t, CURLE_FAILED_INIT, false);
		if (t->first == NULL)
			fetch_end_attempt(t);
		else
			fetch_close(t); /* the first one goes on alone */
		return;
	}
	fetch_tell_address(t);
	loop_timer_at(t->owner->loop, &t->timer, fetch_deadline(t));
	second_plan(t);
	loop_curl_add(t->owner->loop, t->easy, on_curl, t);
}

/* This one stayed silent. */
static void next_address(struct fetch *t)
{
	fetch_tell(t, CURLE_OPERATION_TIMEDOUT, true);
	second_drop(t);
	fetch_close(t);
	t->attempt++;
	fetch_begin_attempt(t);
}

static void on_deadline(struct fetch *t)
{
	fetch_look(t);
	double due = fetch_deadline(t);
	if (due > loop_now(t->owner->loop)) {
		loop_timer_at(t->owner->loop, &t->timer, due);
		return;
	}
	fetch_socket_ask(t->socket);
	if (t->easy != NULL)
		loop_curl_remove(t->owner->loop, t->easy);
	if (t->first != NULL) {
		second_silent(t);
	} else if (second_is_ahead(t)) {
		fetch_close(t);
	} else if (!t->connected && !t->again && t->attempt + 1 < t->address.count) {
		next_address(t);
	} else {
		fetch_tell(t, CURLE_OPERATION_TIMEDOUT, true);
		fetch_end_attempt(t);
	}
}

static void on_timer(void *arg)
{
	struct fetch *t = arg;

	switch (t->state) {
	case FETCH_NEW:
		begin(t);
		break;
	case FETCH_RUNNING:
		on_deadline(t);
		break;
	case FETCH_DONE:
		tell_waiters(t);
		break;
	case FETCH_NAMING:
	case FETCH_QUEUED:
		break;
	}
}
