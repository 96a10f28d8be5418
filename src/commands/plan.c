/* preflight plan: what would be contacted. */
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "select.h"
#include "verdict.h"

static json_t *target_json(const struct target *target)
{
	return json_pack("{s:s, s:s?, s:s?, s:i, s:s, s:s}", "protocol", target->protocol, "host",
		target->host[0] != '\0' ? target->host : NULL, "address",
		target->address[0] != '\0' ? target->address : NULL, "port", (int)target->port,
		"purpose", target->purpose, "check", target->check);
}

static void print_json(const struct plan *plan, const struct targets *targets)
{
	json_t *list = json_array();

	for (size_t i = 0; i < targets->count; i++)
		json_array_append_new(list, target_json(&targets->items[i]));
	json_t *top = json_pack("{s:s, s:o}", "phase", phase_name(plan->phase), "targets", list);
	json_dumpf(top, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(top);
}

static void print_row(const char *const cells[6])
{
	static const int widths[6] = {8, 6, 18, 34, 11, 0};

	for (int i = 0; i < 5; i++)
		print_padded(cells[i], widths[i]);
	report_print_safe(stdout, cells[5]);
	putchar('\n');
}

static void print_text(const struct plan *plan, const struct targets *targets, enum lang lang)
{
	bool ja = lang == LANG_JA;
	char phase[64];
	const char *const head_ja[6] = {"種別", "ポート", "アドレス", "ホスト", "用途", "確認項目"};
	const char *const head_en[6] = {"PROTO", "PORT", "ADDRESS", "HOST", "PURPOSE", "CHECK"};

	snprintf(phase, sizeof phase, "phase.%s", phase_name(plan->phase));
	print_row(ja ? head_ja : head_en);
	for (size_t i = 0; i < targets->count; i++) {
		const struct target *t = &targets->items[i];
		char port[8];
		snprintf(port, sizeof port, "%u", t->port);
		const char *const cells[6] = {
			t->protocol, port, t->address, t->host, t->purpose, t->check};
		print_row(cells);
	}
	printf(ja ? "\n通信先は %zu "
		    "件です（%s）。名前解決で別のアドレスが返った場合は、そのアドレスへ"
		    "接続します。何も送信していません。\n"
		  : "\n%zu targets (%s). Where a name resolves to another address, that address is"
		    " contacted. Nothing was sent.\n",
		targets->count, message(lang, phase));
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
