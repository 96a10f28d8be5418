/*
 * Which source gives the address that connections use, and when everything is known.
 *
 * The first configured server's answer is used at once, as the OS would. Another source's answer
 * waits a moment for a better one.
 */
#include "names_private.h"

#include <stdlib.h>
#include <string.h>

#define TYPE_A    1
#define TYPE_AAAA 28
#define NEVER     1e300

static double earlier(double a, double b)
{
	return a < b ? a : b;
}

static double later(double a, double b)
{
	return a > b ? a : b;
}

/* ---- the address that connections use ---- */

static void use_addresses(
	struct name_address *out, const struct net_addr *addrs, size_t count, int family)
{
	const size_t room = sizeof out->addrs / sizeof out->addrs[0];

	for (size_t i = 0; i < count; i++) {
		bool known = addrs[i].family != family;
		for (size_t k = 0; k < out->count && !known; k++)
			known = net_addr_equal(&out->addrs[k], &addrs[i]);
		if (!known && out->count < room)
			out->addrs[out->count++] = addrs[i];
	}
}

void name_use(struct name *name, enum name_via via, const struct net_addr *addrs, size_t count)
{
	name->decided = true;
	name->address.via = via;
	name->address.ms = loop_now(name->names->loop) * 1000;
	use_addresses(&name->address, addrs, count, 4);
	use_addresses(&name->address, addrs, count, 6);
}

/* A server's addresses; of IPv6 what is there by now. */
static void use_server(struct name *name, size_t server)
{
	const struct dns_reply *a = &name->facts.replies[2 * server], *aaaa = a + 1;

	name_use(name, NAME_VIA_DNS, a->addrs, a->addr_count);
	use_addresses(&name->address, aaaa->addrs, aaaa->addr_count, 6);
}

static void use_last_resort(struct name *name)
{
	const struct rule_host *host = name->host;

	name_use(name, host->address_count > 0 ? NAME_VIA_DOCUMENTED : NAME_VIA_NONE,
		host->addresses, host->address_count);
}

static double question_ended(const struct question *q)
{
	return q->asked + q->reply->ms / 1000;
}

/* The first server with addresses of a type, or -1; *better: one before it may still answer. */
static int best_server(const struct name *name, int type, bool *better)
{
	*better = false;
	for (size_t i = type == TYPE_A ? 0 : 1; i < name->facts.reply_count; i += 2) {
		if (name->facts.replies[i].outcome == DNS_ANSWER)
			return (int)(i / 2);
		*better = *better || name->questions[i].state != QUESTION_DONE;
	}
	return -1;
}

static bool os_positive(const struct name *name)
{
	return name->facts.os_done && name->facts.os.status == OS_RESOLVE_OK &&
	       name->facts.os.addr_count > 0;
}

/* Tries to settle on an address; else gives the time at which to try again. */
static double decide(struct name *name, double now)
{
	const struct names_times *times = &name->names->times;
	bool a_pending, aaaa_pending;
	int a = best_server(name, TYPE_A, &a_pending);
	int aaaa = best_server(name, TYPE_AAAA, &aaaa_pending);
	double patience = name->started + times->patience + names_slack(name->names) / 2, due;
	double again = now < patience ? patience : NEVER;

	if (a >= 0) {
		due = question_ended(&name->questions[2 * a]) + times->grace;
		if (!a_pending || now >= due) {
			use_server(name, (size_t)a);
			return NEVER;
		}
		again = earlier(again, due);
	} else if (aaaa >= 0 && (!a_pending || now >= patience)) {
		use_server(name, (size_t)aaaa);
		return NEVER;
	}
	if (os_positive(name)) {
		due = name->os_at + times->grace;
		if ((!a_pending && !aaaa_pending) || now >= due) {
			name_use(
				name, NAME_VIA_OS, name->facts.os.addrs, name->facts.os.addr_count);
			return NEVER;
		}
		again = earlier(again, due);
	}
	bool no = a < 0 && !a_pending && !aaaa_pending && name->facts.os_done;
	if (no || (now >= patience && name->host->address_count > 0)) {
		use_last_resort(name);
		return NEVER;
	}
	return again;
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

/* Until when the OS resolver is waited for. */
static double os_due(const struct name *name)
{
	const struct names_times *times = &name->names->times;

	if (name->answered_at < 0)
		return name->started + times->budget;
	return name->answered_at + later(times->os_least, times->os_factor * name->slowest);
}

bool name_is_literal(const struct name *name)
{
	return name->decided && name->address.via == NAME_VIA_LITERAL;
}

static bool is_complete(const struct name *name, bool probe, double now)
{
	if (name_is_literal(name))
		return true;
	if (!all_done(name->questions, name->facts.reply_count))
		return false;
	if (!name->facts.os_done && now < os_due(name))
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
		waiter.fn(waiter.arg, &name->address);
	}
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
			use_last_resort(name);
		tell_address(name);
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
	if (!name->decided)
		due = earlier(due, decide(name, now));
	if (name->decided)
		tell_address(name);
	if (name->complete_count > 0)
		tell_complete(name, now);
	if (name->complete_count > 0 && !name->facts.os_done && os_due(name) > now)
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
			name->changed = name->changed || name->zone == q->zone;
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
