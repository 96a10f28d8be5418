/* A second connection beside one that stays silent (fetch_private.h). */
#include "fetch_private.h"

#include <stdlib.h>

#include "mem.h"

#define PATIENCE_TRIPS 5 /* round trips, at least: a handshake takes some */

static bool others_answer(const struct fetch *t)
{
	return t->owner->rtts != NULL && rtt_line(t->owner->rtts) >= 0;
}

/* What the first one's earlier attempts and rounds have told stays told. */
static void copy_told(struct fetch *to, const struct fetch *from)
{
	to->address = from->address;
	to->attempt = from->attempt;
	to->again = from->again;
	to->bare = from->bare;
	to->first_standing = from->first_standing;
	to->connected = from->again && from->connected;
	to->handshake = from->again && from->handshake;
	to->location = from->location != NULL ? mem_strdup(from->location) : NULL;
	redirects_copy(&to->redirects, &from->redirects);
	to->first_status = from->first_status;
	for (size_t i = 0; i < from->anyconnect.count; i++)
		strs_add(&to->anyconnect, from->anyconnect.items[i]);
	fetch_copy(&to->result.connect, &from->result.connect, NULL);
	fetch_copy(&to->result.tls, &from->result.tls, NULL);
	fetch_copy(&to->result.timings, &from->result.timings, NULL);
}

static void begin(struct fetch *t)
{
	struct fetch_want want = {
		.host = t->host,
		.port = t->port,
		.depth = t->depth,
		.plain = t->plain,
		.path = t->path,
		.proxy = t->proxy,
		.brief = t->brief,
		.identity = t->identity,
		.max_version = t->max_version,
		.behalf = t->whose != t->host ? t->whose : NULL,
	};
	struct fetch *second = fetch_make(t->owner, &want);

	if (t->proxy != NULL && !fetch_read_proxy(second)) {
		fetch_free(second);
		return;
	}
	copy_told(second, t);
	second->first = t;
	second->state = FETCH_RUNNING;
	second->begun = second->first_begun = loop_now(t->owner->loop);
	t->second = second;
	fetch_begin_attempt(second);
}

static void on_patience(void *arg)
{
	struct fetch *t = arg;
	double due = t->attempt_begun + PATIENCE_TRIPS * rtt_line(t->owner->rtts);

	if (t->easy == NULL)
		return;
	if (due > loop_now(t->owner->loop))
		loop_timer_at(t->owner->loop, &t->patience, due);
	else if (others_answer(t))
		begin(t);
}

void second_init(struct fetch *t)
{
	loop_timer_init(&t->patience, on_patience, t);
}

void second_plan(struct fetch *t)
{
	if (t->first == NULL && t->owner->rtts != NULL)
		loop_timer_at(t->owner->loop, &t->patience, t->attempt_begun + t->owner->patience);
}

void second_drop(struct fetch *t)
{
	struct fetch *second = t->second;

	loop_timer_stop(t->owner->loop, &t->patience);
	t->second = NULL;
	if (second != NULL)
		fetch_free(second);
}

bool second_is_ahead(const struct fetch *t)
{
	const struct fetch *second = t->second;

	return second != NULL && second->easy != NULL && second->connected_at > 0 &&
	       t->connected_at <= 0;
}

static void swap_facts(struct facts *a, struct facts *b)
{
	struct facts kept = *a;

	*a = *b;
	*b = kept;
}

struct fetch *second_take(struct fetch *t)
{
	struct fetch *first = t->first;
	struct fetch old = *first;

	if (first->easy != NULL)
		loop_curl_remove(first->owner->loop, first->easy);
	fetch_close(first);
	swap_facts(&first->result.connect, &t->result.connect);
	swap_facts(&first->result.tls, &t->result.tls);
	swap_facts(&first->result.http, &t->result.http);
	swap_facts(&first->result.timings, &t->result.timings);
	facts_bool(&first->result.connect, "second", true);
	first->result.https_only = t->result.https_only;
	first->attempt_begun = t->attempt_begun;
	first->connected_at = t->connected_at;
	first->connected = t->connected;
	first->handshake = t->handshake;
	first->first_status = t->first_status;
	first->waited = t->waited;
	first->tls = t->tls;
	first->location = t->location;
	first->leads_to = t->leads_to;
	first->redirects = t->redirects;
	first->anyconnect = t->anyconnect;
	t->tls = old.tls;
	t->location = old.location;
	t->leads_to = old.leads_to;
	t->redirects = old.redirects;
	t->anyconnect = old.anyconnect;
	second_drop(first);
	return first;
}

void second_silent(struct fetch *t)
{
	struct fetch *first = t->first;

	if (first->easy != NULL) {
		second_drop(first);
		return;
	}
	fetch_tell(t, CURLE_OPERATION_TIMEDOUT, true);
	fetch_end_attempt(second_take(t));
}
