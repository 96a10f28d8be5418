/* preflight plan: what would be contacted. */
#include <stdio.h>
#include <string.h>

#include "http_parse.h"
#include "report.h"
#include "select.h"
#include "strbuf.h"
#include "verdict.h"

#define TEXT_MAX 4096

static json_t *target_json(const struct target *target)
{
	return json_pack("{s:s, s:s?, s:s?, s:i, s:s, s:s}", "protocol", target->protocol, "host",
		target->host[0] != '\0' ? target->host : NULL, "address",
		target->address[0] != '\0' ? target->address : NULL, "port", (int)target->port,
		"purpose", target->purpose, "check", target->check);
}

static void add_site(json_t *list, const char *site)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) if (strcmp(json_string_value(item), site) == 0) return;
	json_array_append_new(list, json_string(site));
}

static void add_sites(json_t *list, const struct rule_check *check)
{
	bool http = strcmp(check->type->name, "http") == 0;
	bool page = http || check->type->flags & CHECK_PROXY;
	const struct rule_host *host = page ? rule_host(check, "host") : NULL;
	const struct strs *sites = http ? rule_list(check, "sites") : NULL;
	char glob[260];

	if (host != NULL && host_site(host->name) != NULL) {
		snprintf(glob, sizeof glob, "*.%s", host_site(host->name));
		add_site(list, glob);
	}
	for (size_t i = 0; sites != NULL && i < sites->count; i++)
		add_site(list, sites->items[i]);
}

/* Globs of the names that a redirect is followed to (checks/follow.h). */
static json_t *redirect_sites(const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->item_count; i++)
		if (plan->items[i].skip == SKIP_NONE)
			add_sites(list, plan->items[i].check);
	return list;
}

static void print_json(const struct plan *plan, const struct targets *targets)
{
	json_t *list = json_array();

	for (size_t i = 0; i < targets->count; i++)
		json_array_append_new(list, target_json(&targets->items[i]));
	json_t *top = json_pack("{s:s, s:o, s:o}", "phase", phase_name(plan->phase), "targets",
		list, "redirects", redirect_sites(plan));
	json_dumpf(top, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(top);
}

#define COLUMNS 6

static void print_row(const char *const cells[COLUMNS])
{
	static const int widths[COLUMNS - 1] = {11, 7, 18, 34, 11};

	for (int i = 0; i < COLUMNS - 1; i++)
		print_padded(cells[i], widths[i]);
	report_print_safe(stdout, cells[COLUMNS - 1]);
	putchar('\n');
}

static void print_head(enum lang lang)
{
	static const char *const ids[COLUMNS] = {"plan.protocol", "plan.port", "plan.address",
		"plan.host", "plan.purpose", "plan.check"};
	const char *cells[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		cells[i] = message(lang, ids[i]);
	print_row(cells);
}

static void print_target(const struct target *target, enum lang lang)
{
	char port[8];

	snprintf(port, sizeof port, "%u", target->port);
	print_row((const char *const[COLUMNS]){target->protocol, port, target->address,
		target->host, word_in(lang, "purpose", target->purpose), target->check});
}

/* What a target is at: its name, or an address without one. */
static const char *place_of(const struct target *target)
{
	return target->host[0] != '\0' ? target->host : target->address;
}

static size_t count_places(const struct targets *targets)
{
	size_t count = 0;

	for (size_t i = 0; i < targets->count; i++) {
		size_t before = 0;
		while (before < i && strcmp(place_of(&targets->items[before]),
					     place_of(&targets->items[i])) != 0)
			before++;
		count += before == i;
	}
	return count;
}

static void print_message(enum lang lang, const char *id, const json_t *values)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	template_expand(&text, message(lang, id), values);
	puts(text.data);
	strbuf_release(&text);
}

/* Nothing is contacted where every check is skipped: another run would. */
static void print_hint(const struct plan *plan, enum lang lang)
{
	enum skip_reason reason = SKIP_NONE;
	char id[64];

	for (size_t i = 0; i < plan->item_count && reason == SKIP_NONE; i++)
		reason = plan->items[i].skip;
	snprintf(id, sizeof id, "plan.none.%s", skip_reason_name(reason));
	if (message_or_null(lang, id) != NULL)
		print_message(lang, id, NULL);
}

static void print_redirects(const struct plan *plan, enum lang lang)
{
	json_t *list = redirect_sites(plan), *values = json_object();
	struct strbuf text;
	const json_t *item;
	size_t i;

	strbuf_init(&text, TEXT_MAX);
	json_array_foreach(list, i, item) strbuf_addf(&text, "%s%s",
		i > 0 ? (lang == LANG_JA ? "、" : ", ") : "", json_string_value(item));
	json_object_set_new(values, "sites", json_string(text.data));
	if (text.len > 0)
		print_message(lang, "plan.redirects", values);
	strbuf_release(&text);
	json_decref(values);
	json_decref(list);
}

static void print_text(const struct plan *plan, const struct targets *targets, enum lang lang)
{
	char phase[64];

	snprintf(phase, sizeof phase, "phase.%s", phase_name(plan->phase));
	json_t *values = json_pack("{s:I, s:I, s:s}", "places", (json_int_t)count_places(targets),
		"targets", (json_int_t)targets->count, "phase", message(lang, phase));

	print_head(lang);
	for (size_t i = 0; i < targets->count; i++)
		print_target(&targets->items[i], lang);
	putchar('\n');
	print_message(lang, "plan.end", values);
	print_redirects(plan, lang);
	if (targets->count == 0)
		print_hint(plan, lang);
	json_decref(values);
}

int command_plan(const struct options *options)
{
	struct selection s;
	struct targets targets = {0};
	int code = selection_make(&s, options);

	if (code == 0) {
		plan_targets(&s.plan, &targets);
		if (options->format != NULL && strcmp(options->format, "json") == 0)
			print_json(&s.plan, &targets);
		else
			print_text(&s.plan, &targets, options->lang);
		targets_release(&targets);
	}
	selection_release(&s);
	return code;
}
