/* What changed from one run to the next, as events. */
#include "watch.h"

#include <string.h>

#include "report/internal.h"

static json_t *event_new(const char *name, size_t run, double wall)
{
	char when[64];

	format_time(when, wall);
	return json_pack("{s:s, s:I, s:s}", "time", when, "run", (json_int_t)run, "event", name);
}

/* Root causes of what failed or is unknown: code and title. */
static json_t *cause_list(const json_t *report)
{
	json_t *list = json_array(), *cause;
	size_t i;

	json_array_foreach(json_object_get(report, "causes"), i, cause)
	{
		if (!member_is(cause, "verdict", "warn"))
			json_array_append_new(list,
				json_pack("{s:O, s:O}", "code", json_object_get(cause, "code"),
					"title", json_object_get(cause, "title")));
	}
	return list;
}

static json_t *first_event(const json_t *report, size_t run, double wall)
{
	json_t *event = event_new("first", run, wall);

	json_object_set(event, "verdict", json_object_get(report, "verdict"));
	json_object_set(event, "phase", json_object_get(report, "phase"));
	json_object_set(event, "counts", json_object_get(report, "counts"));
	json_object_set_new(event, "causes", cause_list(report));
	return event;
}

/* An event when a member of the report is another now. */
static void compare_member(
	json_t *events, const json_t *before, const json_t *after, const char *name, json_t *event)
{
	json_t *was = json_object_get(before, name), *is = json_object_get(after, name);

	if (json_equal(was, is)) {
		json_decref(event);
		return;
	}
	json_object_set(event, "before", was);
	json_object_set(event, "after", is);
	json_array_append_new(events, event);
}

static bool is_bad(const json_t *check)
{
	return member_is(check, "verdict", "fail") || member_is(check, "verdict", "unknown") ||
	       member_is(check, "verdict", "warn");
}

/* The root cause of what did not pass, now or before; what was seen, in a few words. */
static void add_detail(json_t *event, const json_t *before, const json_t *was, const json_t *after,
	const json_t *is)
{
	const json_t *now = is_bad(is) ? root_of(after, is) : NULL;
	const json_t *cause = now != NULL ? now : root_of(before, was);
	json_t *detail = json_null();

	if (now != NULL)
		detail = json_object_get(now, "title");
	else if (is_bad(is))
		detail = json_object_get(is, "evidence");
	json_object_set_new(event, "cause",
		cause != NULL ? json_string(member_string(cause, "code")) : json_null());
	json_object_set(event, "detail", detail);
}

static void compare_checks(
	json_t *events, const json_t *before, const json_t *after, size_t run, double wall)
{
	const json_t *checks = json_object_get(after, "checks"), *is;
	size_t i;

	json_array_foreach(checks, i, is)
	{
		const json_t *was = find_check(before, member_string(is, "id"));
		if (was == NULL || member_is(was, "verdict", member_string(is, "verdict")))
			continue;
		json_t *event = event_new("check", run, wall);
		json_object_set(event, "id", json_object_get(is, "id"));
		json_object_set(event, "title", json_object_get(is, "title"));
		json_object_set(event, "before", json_object_get(was, "verdict"));
		json_object_set(event, "after", json_object_get(is, "verdict"));
		add_detail(event, before, was, after, is);
		json_array_append_new(events, event);
	}
}

json_t *watch_events(const json_t *before, const json_t *after, size_t run, double wall)
{
	json_t *events = json_array();

	if (before == NULL) {
		json_array_append_new(events, first_event(after, run, wall));
		return events;
	}
	compare_member(events, before, after, "phase", event_new("phase", run, wall));
	compare_checks(events, before, after, run, wall);
	compare_member(events, before, after, "verdict", event_new("verdict", run, wall));
	return events;
}
