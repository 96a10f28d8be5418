/*
 * When what is known of a name: what is still waited for and asked anew, when the address stands,
 * and telling those who wait.
 */
#include "names_private.h"

#include <stdlib.h>
#include <string.h>

#define TYPE_A 1

static double earlier(double a, double b)
{
	return a < b ? a : b;
}

static double later(double a, double b)
{
	return a > b ? a : b;
}

/* ---- when everything is known ---- */

/*
 * A server that answers others is there: its answer to this question was lost on the way, and is
 * worth the whole time. Not so for AAAA, which some servers never answer and nothing depends on.
 */
static double question_due(const struct name *name, const struct question *q)
{
	const struct names_times *times = &name->names->times;
	double due = question_deadline(q);

	if (q->state == QUESTION_UNASKED || q->state == QUESTION_DONE)
		return NEVER;
	if (q->state == QUESTION_QUEUED || (q->server->heard && q->reply->type == TYPE_A))
		return due;
	if (q->name == NULL)
		return earlier(due, q->asked + times->silence);
	if (name->positive_at >= 0)
		due = earlier(
			due, later(q->asked + times->silence, name->positive_at + times->late));
	return due;
}

/* When a question is to be asked anew. */
static double repeat_due(const struct question *q)
{
	return question_may_repeat(q) ? q->asked + q->asks * q->names->times.again : NEVER;
}

/* Gives up what is overdue and asks anew what seems lost; returns when the next one will be. */
static double expire(struct name *name, struct question *questions, size_t count, double now)
{
	double next = NEVER;

	for (size_t i = 0; i < count; i++) {
		struct question *q = &questions[i];
		double due = question_due(name, q);
		if (now >= due) {
			question_give_up(q);
			continue;
		}
		if (now >= repeat_due(q))
			question_repeat(q);
		next = earlier(next, earlier(due, repeat_due(q)));
	}
	return next;
}

static bool all_done(const struct question *questions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (questions[i].state != QUESTION_DONE)
			return false;
	return true;
}

/* A server is there, and only our questions about this name were lost. */
static bool server_lives(const struct names *names)
{
	for (size_t i = 0; i < names->server_count; i++)
		if (names->servers[i].heard)
			return true;
	return false;
}

/* Until when the OS resolver is waited for. */
static double os_due(const struct name *name)
{
	const struct names_times *times = &name->names->times;

	if (name->positive_at >= 0 || (name->answered_at < 0 && server_lives(name->names)))
		return name->started + times->os_limit;
	if (name->answered_at < 0)
		return name->started + times->budget + names_slack(name->names) + times->os_least;
	return name->answered_at +
	       earlier(times->budget, later(times->os_least, times->os_factor * name->slowest));
}

static bool is_complete(const struct name *name, bool probe, double now)
{
	if (name_is_literal(name))
		return true;
	if (!all_done(name->questions, name->facts.reply_count))
		return false;
	if (!name->facts.os_done && now < os_due(name))
		return false;
	for (size_t i = 0; i < name->facts.search_count; i++)
		if (!all_done(name->searches[i]->questions, name->names->server_count))
			return false;
	return !probe || name->zone == NULL ||
	       all_done(name->zone->questions, name->names->server_count);
}

/* ---- telling those who wait ---- */

static void tell_address(struct name *name)
{
	while (name->address_count > 0) {
		struct address_waiter waiter = name->addresses[0];
		name->address_count--;
		memmove(name->addresses, name->addresses + 1,
			name->address_count * sizeof name->addresses[0]);
		name->told = true;
		waiter.fn(waiter.arg, &name->address);
	}
}

/* The address stands once the OS has answered, or its time is over. */
static void tell_final(struct name *name, double now)
{
	struct names *names = name->names;
	bool changed = name->revised;

	if (name->final || !name->decided ||
		!(name_is_literal(name) || name->facts.os_done || now >= os_due(name)))
		return;
	name->final = true;
	name->revised = false;
	if (names->on_final != NULL)
		names->on_final(names->on_final_arg, name->host, changed);
}

/* What the run has learnt by now from its other names. */
static void note_others(struct name *name)
{
	struct name_facts *facts = &name->facts;

	for (size_t i = 0; i < facts->reply_count; i++) {
		const struct server *server = name->questions[i].server;
		facts->replies[i].heard =
			facts->replies[i].type == TYPE_A ? server->heard : server->heard_aaaa;
	}
	facts->os_quickest_ms = -1;
	for (const struct name *other = name->names->first; other != NULL; other = other->next)
		if (other->facts.os_done && other->facts.os.addr_count > 0 &&
			other->facts.hosts_count == 0 &&
			(facts->os_quickest_ms < 0 || other->facts.os_ms < facts->os_quickest_ms))
			facts->os_quickest_ms = other->facts.os_ms;
}

static void tell_complete(struct name *name, double now)
{
	for (size_t i = 0; i < name->complete_count;) {
		struct complete_waiter waiter = name->completes[i];
		if (!is_complete(name, waiter.probe, now)) {
			i++;
			continue;
		}
		if (!name->decided)
			name_use_last_resort(name);
		tell_address(name);
		tell_final(name, now);
		note_others(name);
		name->complete_count--;
		memmove(name->completes + i, name->completes + i + 1,
			(name->complete_count - i) * sizeof name->completes[0]);
		waiter.fn(waiter.arg, &name->facts);
	}
}

static void settle(struct name *name)
{
	struct names *names = name->names;
	double now = loop_now(names->loop);
	double due = expire(name, name->questions, name->facts.reply_count, now);

	if (name->zone != NULL)
		due = earlier(due, expire(name, name->zone->questions, names->server_count, now));
	due = earlier(due, os_settle(name, now, os_due(name)));
	if (name->complete_count > 0)
		search_begin(name);
	for (size_t i = 0; i < name->facts.search_count; i++)
		due = earlier(
			due, expire(name, name->searches[i]->questions, names->server_count, now));
	due = earlier(due, name_choose(name, now));
	tell_final(name, now);
	if (name->decided)
		tell_address(name);
	if (name->complete_count > 0)
		tell_complete(name, now);
	if (!name->final && !name->facts.os_done && os_due(name) > now)
		due = earlier(due, os_due(name));
	if (due >= NEVER)
		loop_timer_stop(names->loop, &name->timer);
	else
		loop_timer_at(names->loop, &name->timer, due);
}

void names_settle(struct names *names)
{
	bool again = true;

	if (names->settling)
		return;
	names->settling = true;
	while (again) {
		again = false;
		for (struct name *name = names->first; name != NULL; name = name->next) {
			if (!name->changed)
				continue;
			name->changed = false;
			settle(name);
			again = true;
		}
	}
	names->settling = false;
}

void names_on_timer(void *arg)
{
	struct name *name = arg;

	name->changed = true;
	names_settle(name->names);
}

void names_question_done(struct question *q)
{
	struct name *name = q->name;

	if (name == NULL) {
		for (name = q->names->first; name != NULL; name = name->next)
			name->changed =
				name->changed || name->zone == q->zone || q->zone->owner == name;
		return;
	}
	double now = loop_now(q->names->loop);
	if (q->reply->rcode >= 0 || q->reply->outcome == DNS_MALFORMED) {
		name->answered_at = now;
		name->slowest = later(name->slowest, q->reply->ms / 1000);
	}
	if (q->reply->outcome == DNS_ANSWER)
		name->positive_at = now;
	name->changed = true;
}
