/* What is remembered of all runs: a few numbers for each check. */
#include "watch.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "report/internal.h"

struct watch_check {
	char *id;      /* owned */
	json_t *title; /* owned */
	char verdict[16];
	size_t runs, bad, changes;
	bool failed;        /* failed or was unknown once */
	double since;       /* monotonic: did not pass since then; < 0: passes */
	double longest;     /* seconds */
	double first, last; /* wall clock; only if bad > 0 */
};

static bool is_bad(const char *verdict)
{
	return strcmp(verdict, "fail") == 0 || strcmp(verdict, "unknown") == 0 ||
	       strcmp(verdict, "warn") == 0;
}

static struct watch_check *check_of(struct watch_history *h, const json_t *check)
{
	const char *id = member_string(check, "id");

	for (size_t i = 0; i < h->count; i++)
		if (strcmp(h->checks[i].id, id) == 0)
			return &h->checks[i];
	h->checks = mem_grow(h->checks, h->count, &h->capacity, sizeof h->checks[0]);
	struct watch_check *fresh = &h->checks[h->count++];
	*fresh = (struct watch_check){.id = mem_strdup(id),
		.title = json_incref(json_object_get(check, "title")),
		.since = -1};
	return fresh;
}

static void end_outage(struct watch_check *c, double now)
{
	if (c->since >= 0 && now - c->since > c->longest)
		c->longest = now - c->since;
}

static void note(struct watch_check *c, const char *verdict, double now, double wall)
{
	bool skipped = strcmp(verdict, "skip") == 0, bad = is_bad(verdict);

	c->changes += c->verdict[0] != '\0' && strcmp(c->verdict, verdict) != 0;
	snprintf(c->verdict, sizeof c->verdict, "%s", verdict);
	c->runs += !skipped;
	c->failed = c->failed || (bad && strcmp(verdict, "warn") != 0);
	if (!bad) {
		end_outage(c, now);
		c->since = -1;
		return;
	}
	c->since = c->since >= 0 ? c->since : now;
	c->first = c->bad == 0 ? wall : c->first;
	c->last = wall;
	c->bad++;
}

void watch_history_add(struct watch_history *h, const json_t *report, double now, double wall)
{
	const json_t *checks = json_object_get(report, "checks"), *check;
	size_t i;

	h->first = h->runs == 0 ? now : h->first;
	h->last = now;
	h->runs++;
	json_array_foreach(checks, i, check)
		note(check_of(h, check), member_string(check, "verdict"), now, wall);
}

static json_t *time_or_null(const struct watch_check *c, double when)
{
	char text[64];

	format_time(text, when);
	return c->bad > 0 ? json_string(text) : json_null();
}

static json_t *row_of(const struct watch_check *c, double until)
{
	struct watch_check copy = *c;

	end_outage(&copy, until);
	return json_pack("{s:s, s:O, s:I, s:I, s:f, s:I, s:f, s:o, s:o}", "id", c->id, "title",
		c->title, "runs", (json_int_t)c->runs, "bad", (json_int_t)c->bad, "share",
		c->runs > 0 ? (double)c->bad / (double)c->runs : 0.0, "changes",
		(json_int_t)c->changes, "longest_seconds", copy.longest, "first",
		time_or_null(c, c->first), "last", time_or_null(c, c->last));
}

json_t *watch_history_checks(const struct watch_history *h, double until)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->count; i++)
		if (h->checks[i].changes > 0 || h->checks[i].failed)
			json_array_append_new(list, row_of(&h->checks[i], until));
	return list;
}

void watch_history_release(struct watch_history *h)
{
	for (size_t i = 0; i < h->count; i++) {
		free(h->checks[i].id);
		json_decref(h->checks[i].title);
	}
	free(h->checks);
	memset(h, 0, sizeof *h);
}
