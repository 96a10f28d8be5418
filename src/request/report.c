/*
 * The sheet of a saved report: only what it found blocked, and what was seen. Root causes say whom
 * to ask; their checks say which traffic it is about.
 */
#include "commands.h"
#include "internal.h"

#include <string.h>

#include "report/internal.h"
#include "report_build.h"

#define ADVICE_MAX 4096

static const char *const actors[] = {"network", "carrier", "desk"};
#define ACTORS (sizeof actors / sizeof actors[0])

/* ---- which causes ---- */

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), tail = strlen(suffix);

	return len >= tail && strcmp(text + len - tail, suffix) == 0;
}

/* Failed or open; of warnings, those with a firewall's own word for it. */
static bool is_blocked(const json_t *cause)
{
	const char *code = member_string(cause, "code");

	return !starts(code, "run.") &&
	       (!member_is(cause, "verdict", "warn") || ends(code, ".prohibited"));
}

/* What the network administrator is asked to do where allowing the traffic does not help. */
static const char *ask_for(const char *code)
{
	static const struct {
		const char *prefix, *ask;
	} asks[] = {
		{"dns.", "names"},
		{"udp.fragments", "fragments"},
		{"udp.large-answers", "fragments"},
		{"udp.mtu-", "fragments"},
		{"http.captive-portal", "sign-in"},
		{"tls.", "exempt"},
		{"http.", "exempt"},
	};

	for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++)
		if (starts(code, asks[i].prefix))
			return asks[i].ask;
	return NULL;
}

/* ---- rows of a cause ---- */

static bool add_checks(
	json_t *rows, const json_t *report, const json_t *ids, const struct rules *rules)
{
	bool any = false;

	for (size_t i = 0; i < json_array_size(ids); i++) {
		const json_t *check = find_check(report, json_string_value(json_array_get(ids, i)));
		any = (check != NULL && rows_add(rows, check, rules)) || any;
	}
	return any;
}

/* The traffic that shows the cause; where none does, as without Internet, what fails by it. */
static json_t *rows_of(const json_t *cause, const json_t *report, const struct rules *rules)
{
	json_t *rows = json_array();
	const char *ask = ask_for(member_string(cause, "code"));

	if (!add_checks(rows, report, json_object_get(cause, "checks"), rules))
		add_checks(rows, report, json_object_get(cause, "symptoms"), rules);
	rows_complete(rows, json_object_get(report, "checks"), rules);
	for (size_t i = 0; ask != NULL && i < json_array_size(rows); i++)
		if (!member_is(json_array_get(rows, i), "protocol", "DNS"))
			json_object_set_new(json_array_get(rows, i), "ask", json_string(ask));
	return rows;
}

static json_t *same_row(const json_t *rows, const json_t *row)
{
	static const char *const keys[] = {"protocol", "port", "host", "ask"};

	for (size_t i = 0; i < json_array_size(rows); i++) {
		bool same = true;
		for (size_t k = 0; same && k < sizeof keys / sizeof keys[0]; k++)
			same = json_equal(json_object_get(json_array_get(rows, i), keys[k]),
				json_object_get(row, keys[k]));
		if (same)
			return json_array_get(rows, i);
	}
	return NULL;
}

static void merge_lists(json_t *row, const json_t *other)
{
	static const char *const keys[] = {"names", "addresses", "source", "checks"};

	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		const json_t *list = json_object_get(other, keys[k]);
		for (size_t i = 0; i < json_array_size(list); i++)
			add_once(json_object_get(row, keys[k]),
				json_string_value(json_array_get(list, i)));
	}
}

/* Adds a cause's rows to a letter's; returns the numbers that they have there. */
static json_t *add_rows(json_t *rows, const json_t *more)
{
	json_t *numbers = json_array();

	for (size_t i = 0; i < json_array_size(more); i++) {
		json_t *row = same_row(rows, json_array_get(more, i));
		size_t at = 0;
		if (row != NULL)
			merge_lists(row, json_array_get(more, i));
		else
			json_array_append_new(rows, json_deep_copy(json_array_get(more, i)));
		while (row != NULL && json_array_get(rows, at) != row)
			at++;
		json_array_append_new(numbers,
			json_integer((json_int_t)(row != NULL ? at + 1 : json_array_size(rows))));
	}
	return numbers;
}

/* ---- findings ---- */

/* Whether a line of a remedy begins with an actor's name; *rest is what follows. */
static bool begins_with_actor(
	const char *line, const char *actor, enum lang lang, const char **rest)
{
	const char *name = word_of("actor", actor, lang);
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		char a = line[i], b = name[i];
		if ((a >= 'A' && a <= 'Z' ? (char)(a + 32) : a) !=
			(b >= 'A' && b <= 'Z' ? (char)(b + 32) : b))
			return false;
	}
	if (line[len] != ':')
		return false;
	*rest = line + len + 1 + strspn(line + len + 1, " ");
	return true;
}

/* A remedy's lines for one actor: behind its name, up to the next name. */
static void own_lines(struct strbuf *out, const char *remedy, const char *actor, enum lang lang)
{
	static const char *const all[] = {"it", "network", "carrier", "desk"};
	bool own = false;

	for (size_t len; *remedy != '\0'; remedy += len + (remedy[len] == '\n')) {
		const char *from = remedy;
		len = strcspn(remedy, "\n");
		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			if (begins_with_actor(remedy, all[i], lang, &from))
				own = strcmp(all[i], actor) == 0;
		if (own && from < remedy + len) {
			bool small = from > remedy && *from >= 'a' && *from <= 'z';
			strbuf_adds(out, out->len > 0 ? "\n" : "");
			strbuf_addc(out, small ? (char)(*from - 'a' + 'A') : *from);
			strbuf_add(out, from + 1, (size_t)(remedy + len - from - 1));
		}
	}
}

static json_t *advice_of(const json_t *cause, const char *actor)
{
	json_t *advice = json_object();
	bool any = false;

	for (int k = 0; k < LANG_COUNT; k++) {
		struct strbuf lines;
		strbuf_init(&lines, ADVICE_MAX);
		own_lines(&lines, text_of(cause, "remedy", (enum lang)k), actor, (enum lang)k);
		any = any || lines.len > 0;
		json_object_set_new(advice, lang_name((enum lang)k), json_string(lines.data));
		strbuf_release(&lines);
	}
	if (any)
		return advice;
	json_decref(advice);
	return json_null();
}

/* Who sent a notice that something is refused, as the checks saw it. */
static json_t *offender_of(const json_t *cause, const json_t *report)
{
	const json_t *ids = json_object_get(cause, "checks");

	for (size_t i = 0; i < json_array_size(ids); i++) {
		const json_t *check = find_check(report, json_string_value(json_array_get(ids, i)));
		const json_t *facts = json_object_get(check, "facts");
		const char *address = member_string(facts, "offender");
		if (*address != '\0')
			return json_pack("{s:s, s:s}", "address", address, "is",
				member_string(facts, "offender_is"));
	}
	return json_null();
}

static json_t *finding_of(
	const json_t *cause, const json_t *report, const char *actor, json_t *numbers)
{
	return json_pack("{s:O, s:O, s:O?, s:O, s:o, s:o, s:o}", "code",
		json_object_get(cause, "code"), "title", json_object_get(cause, "title"),
		"evidence", json_object_get(cause, "evidence"), "segments",
		json_object_get(cause, "segments"), "offender", offender_of(cause, report),
		"advice", advice_of(cause, actor), "rows", numbers);
}

/* ---- letters ---- */

/* Whether a cause shows in checks inside the VPN only. */
static bool is_inside(const json_t *cause, const json_t *report, const struct rules *rules)
{
	static const char *const keys[] = {"checks", "symptoms"};
	bool inside = false;

	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		const json_t *ids = json_object_get(cause, keys[k]);
		for (size_t i = 0; i < json_array_size(ids); i++) {
			const json_t *check =
				find_check(report, json_string_value(json_array_get(ids, i)));
			if (check_inside(check, rules) == NULL)
				return false;
			inside = true;
		}
	}
	return inside;
}

/* A firewall's own word may come from the line, and is then the carrier's matter. */
static bool acts(const json_t *cause, const char *actor)
{
	return list_has(json_object_get(cause, "actors"), actor) ||
	       (strcmp(actor, "carrier") == 0 &&
		       ends(member_string(cause, "code"), ".prohibited") &&
		       list_has(json_object_get(cause, "segments"), "line"));
}

/* What is wrong inside the VPN, neither the facility nor the line can mend. */
static bool concerns(
	const struct letters *all, const json_t *cause, const char *actor, const json_t *report)
{
	return is_blocked(cause) && acts(cause, actor) &&
	       (strcmp(actor, "desk") == 0 || !is_inside(cause, report, all->rules));
}

/* Whether somebody else is to look first. */
static bool somebody_before(const json_t *cause, size_t actor)
{
	bool before = acts(cause, "it");

	for (size_t i = 0; i < actor; i++)
		before = before || acts(cause, actors[i]);
	return before;
}

static json_t *letter_to(const struct letters *all, size_t actor, const json_t *report)
{
	const json_t *causes = json_object_get(report, "causes");
	json_t *rows = json_array(), *findings = json_array();
	bool after = true;

	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		json_t *own = rows_of(cause, report, all->rules);
		if (concerns(all, cause, actors[actor], report)) {
			after = after && somebody_before(cause, actor);
			json_array_append_new(findings,
				finding_of(cause, report, actors[actor], add_rows(rows, own)));
		}
		json_decref(own);
	}
	if (json_array_size(findings) > 0)
		return letter_new(all, actors[actor], rows, findings, after);
	json_decref(rows);
	json_decref(findings);
	return NULL;
}

/* What leaves the facility names no address that means something only inside it. */
static json_t *write_letters(const struct letters *all, const json_t *report)
{
	json_t *letters = json_array();

	for (size_t i = 0; i < ACTORS; i++) {
		json_t *letter = letter_to(all, i, report);
		if (letter == NULL)
			continue;
		json_t *own = json_deep_copy(letter); /* its texts are the report's */
		if (strcmp(actors[i], "network") != 0)
			report_redact(own);
		json_array_append_new(letters, own);
		json_decref(letter);
	}
	return letters;
}

/* ---- when there is nothing to ask, or more to do ---- */

/* Causes that only the terminal's own staff can mend. */
static void add_own_causes(json_t *remarks, const json_t *report)
{
	const json_t *causes = json_object_get(report, "causes");

	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		const json_t *who = json_object_get(cause, "actors");
		json_t *values;
		if (!is_blocked(cause) || (json_array_size(who) > 0 && !list_has(who, "it")) ||
			json_array_size(who) > 1)
			continue;
		values = json_pack("{s:O, s:O}", "title", json_object_get(cause, "title"), "code",
			json_object_get(cause, "code"));
		json_array_append_new(remarks, say("request.remark.own", values));
		json_decref(values);
	}
}

static bool any_inside(const json_t *report, const struct rules *rules)
{
	const json_t *causes = json_object_get(report, "causes");

	for (size_t i = 0; i < json_array_size(causes); i++)
		if (is_blocked(json_array_get(causes, i)) &&
			is_inside(json_array_get(causes, i), report, rules))
			return true;
	return false;
}

static const char *state_of(const json_t *report, const struct rules *rules)
{
	const json_t *checks = json_object_get(report, "checks");
	size_t asked = 0, open = 0, failed = 0;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		bool required = member_is(check, "severity", "required");
		if (!row_is_traffic(check, rules) || member_is(check, "verdict", "skip"))
			continue;
		asked++;
		open += required && member_is(check, "verdict", "unknown");
		failed += required && member_is(check, "verdict", "fail");
	}
	if (failed > 0)
		return "own";
	if (open > 0)
		return "undecided";
	if (any_inside(report, rules))
		return "inside";
	return asked > 0 ? "not-blocked" : "not-checked";
}

json_t *request_from_report(const json_t *report, const struct rules *rules)
{
	json_t *profiles = json_object_get(report, "profiles"), *remarks = json_array();
	struct letters all = {
		.rules = rules, .origin = "report", .started = member_string(report, "started")};
	const char *state = "letters";
	char id[64];

	all.values = json_pack("{s:o, s:o}", "service", service_name(profiles, rules), "command",
		check_command(profiles));
	json_t *letters = write_letters(&all, report);
	if (json_array_size(letters) == 0) {
		state = state_of(report, rules);
		snprintf(id, sizeof id, "request.none.%s", state);
		json_array_append_new(remarks, say(id, all.values));
	}
	add_own_causes(remarks, report);
	json_decref(all.values);
	return json_pack("{s:s, s:s, s:s, s:s, s:O, s:o, s:o}", "schema", "preflight-request",
		"version", PREFLIGHT_VERSION, "origin", "report", "state", state, "profiles",
		profiles, "remarks", remarks, "letters", letters);
}
