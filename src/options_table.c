/* The option table: what each option is for, which commands take it, and what it sets. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

enum {
	ON_RUN = 1 << 0,
	ON_PLAN = 1 << 1,
	ON_LIST = 1 << 2,
	ON_EXPLAIN = 1 << 3,
	ON_LINT = 1 << 4,
	ON_SCHEMA = 1 << 5,
	ON_INVENTORY = 1 << 6,
	ON_SHOW = 1 << 7,
	ON_DIFF = 1 << 8,
	ON_REQUEST = 1 << 9,
	ON_DECODE = 1 << 10,
	ON_COMPLETION = 1 << 11,
	ON_SELECT = ON_RUN | ON_PLAN | ON_LIST,
	ON_RULES = ON_SELECT | ON_EXPLAIN | ON_SHOW | ON_REQUEST | ON_DECODE | ON_COMPLETION,
	ON_REPORT = ON_RUN | ON_SHOW,
	ON_ALL = ON_RULES | ON_LINT | ON_SCHEMA | ON_INVENTORY | ON_DIFF
};

static const char *apply_profile(struct options *o, const char *value)
{
	strs_add(&o->request.profiles, value);
	return NULL;
}

static const char *apply_rules(struct options *o, const char *value)
{
	strs_add(&o->rules, value);
	return NULL;
}

static const char *apply_set(struct options *o, const char *value)
{
	strs_add(&o->set, value);
	return NULL;
}

static const char *apply_only(struct options *o, const char *value)
{
	strs_add(&o->request.only, value);
	return NULL;
}

static const char *apply_skip(struct options *o, const char *value)
{
	strs_add(&o->request.skip, value);
	return NULL;
}

static const char *apply_waive(struct options *o, const char *value)
{
	strs_add(&o->request.waive, value);
	return NULL;
}

const char *const option_phases[] = {
	[PHASE_CHOICE_AUTO] = "auto",
	[PHASE_CHOICE_BEFORE_VPN] = "before-vpn",
	[PHASE_CHOICE_IN_VPN] = "in-vpn",
	NULL,
};

static const char *apply_phase(struct options *o, const char *value)
{
	for (size_t i = 0; option_phases[i] != NULL; i++) {
		if (strcmp(value, option_phases[i]) == 0) {
			o->request.phase = (enum phase_choice)i;
			return NULL;
		}
	}
	return "must be auto, before-vpn or in-vpn";
}

/* Whether the command takes them is told once the command is known (check_formats). */
static const char *apply_format(struct options *o, const char *value)
{
	o->format = value;
	return NULL;
}

static const char *apply_output(struct options *o, const char *value)
{
	strs_add(&o->outputs, value);
	return NULL;
}

static const char *apply_lang(struct options *o, const char *value)
{
	return lang_parse(value, &o->lang) == 0 ? NULL : "must be ja or en";
}

static const char *apply_inventory(struct options *o, const char *value)
{
	o->inventory = value;
	return NULL;
}

static const char *apply_timeout(struct options *o, const char *value)
{
	o->timeout = options_duration(value);
	return o->timeout > 0 && o->timeout <= 86400
		       ? NULL
		       : "must be a time from 1ms to 24h, such as 10s";
}

static const char *apply_wait(struct options *o, const char *value)
{
	o->wait = options_duration(value);
	return o->wait > 0 && o->wait <= 86400 ? NULL
					       : "must be a time from 1ms to 24h, such as 10m";
}

static const char *apply_every(struct options *o, const char *value)
{
	o->every = options_duration(value);
	return o->every >= 5 && o->every <= 86400 ? NULL
						  : "must be a time from 5s to 24h, such as 30s";
}

static const char *file_problem(const char *value)
{
	return value[0] == '\0' ? "must name a file" : NULL;
}

static const char *apply_dump(struct options *o, const char *value)
{
	o->inputs.dump = value;
	return file_problem(value);
}

static const char *apply_cert(struct options *o, const char *value)
{
	strs_add(&o->inputs.certificates, value);
	return file_problem(value);
}

static const char *apply_ca(struct options *o, const char *value)
{
	strs_add(&o->inputs.authorities, value);
	return file_problem(value);
}

static const char *apply_password_file(struct options *o, const char *value)
{
	o->inputs.password_file = value;
	return file_problem(value);
}

static const char *apply_strict(struct options *o, const char *value)
{
	(void)value;
	o->strict = true;
	return NULL;
}

static const char *apply_identify(struct options *o, const char *value)
{
	(void)value;
	o->identify = true;
	return NULL;
}

static const char *apply_quiet(struct options *o, const char *value)
{
	(void)value;
	o->verbosity = -1;
	return NULL;
}

static const char *apply_verbose(struct options *o, const char *value)
{
	(void)value;
	o->verbosity = 1;
	return NULL;
}

static const char *apply_no_color(struct options *o, const char *value)
{
	(void)value;
	o->no_color = true;
	return NULL;
}

static const char *apply_version(struct options *o, const char *value)
{
	(void)value;
	o->version = true;
	return NULL;
}

static const char *apply_help(struct options *o, const char *value)
{
	(void)value;
	o->help = true;
	return NULL;
}

const struct option_row option_rows[] = {
	{"profile", 'p', "NAME", ON_SELECT | ON_REQUEST, apply_profile,
		{"確認する項目の組（繰り返し可、既定: registry）",
			"which set of checks (repeatable; default: registry)"}},
	{"rules", 'r', "FILE", ON_RULES, apply_rules,
		{"規則ファイルを加えます（繰り返し可、後の内容が優先）",
			"add a rule file (repeatable; later ones win)"}},
	{"set", 0, "NAME=VALUE", ON_RULES, apply_set,
		{"規則の値を一つ変えます（例 checks.term-disk.free=200MB）",
			"change one value of the rules (checks.term-disk.free=200MB)"}},
	{"only", 0, "ID", ON_SELECT, apply_only,
		{"この項目だけ（* と ? が使えます、繰り返し可）",
			"only these checks (* and ? allowed; repeatable)"}},
	{"skip", 0, "ID", ON_SELECT, apply_skip,
		{"この項目を除きます（* と ? が使えます、繰り返し可）",
			"leave these checks out (* and ? allowed; repeatable)"}},
	{"phase", 0, "PHASE", ON_SELECT, apply_phase,
		{"auto、before-vpn（VPN接続前）、in-vpn（VPN接続中）",
			"auto, before-vpn or in-vpn"}},
	{"cert", 0, "FILE", ON_RUN, apply_cert,
		{"クライアント証明書のファイル（繰り返し可）",
			"file of the client certificate (repeatable)"}},
	{"ca", 0, "FILE", ON_RUN, apply_ca,
		{"認証局の証明書のファイル（繰り返し可）",
			"file of the CA certificate (repeatable)"}},
	{"password-file", 0, "FILE", ON_RUN, apply_password_file,
		{"クライアント証明書のパスワードが入ったファイル",
			"file that holds the client certificate's password"}},
	{"inventory", 0, "FILE", ON_SELECT, apply_inventory,
		{"別の端末を、その「preflight "
		 "inventory」のファイルで確認します（通信の確認は除く）",
			"judge the terminal that preflight inventory saved (no network)"}},
	{"timeout", 't', "TIME", ON_RUN, apply_timeout,
		{"全体の制限時間（例 10s）。終わらない項目は「不明」になります",
			"limit for the whole run (10s); what is unfinished is unknown"}},
	{"wait", 0, "TIME", ON_RUN, apply_wait,
		{"準備完了になるまで、合格しない項目を繰り返します（例 10m）",
			"repeat what does not pass until ready, at most so long (10m)"}},
	{"every", 0, "TIME", ON_RUN, apply_every,
		{"この間隔で繰り返し、変化を一行ずつ表示します（例 30s、Ctrl-C で終了）",
			"repeat at this interval and tell each change (30s; ends with Ctrl-C)"}},
	{"waive", 0, "ID=REASON", ON_RUN, apply_waive,
		{"理由を添えて項目を免除します（結果は表示します）",
			"waive a check, with the reason (still shown)"}},
	{"strict", 0, NULL, ON_RUN, apply_strict,
		{"注意も不合格として数えます", "count warnings as failures"}},
	{"format", 'f', "FORMAT", ON_SELECT | ON_SHOW | ON_DIFF | ON_REQUEST | ON_DECODE,
		apply_format,
		{"標準出力の形式: text、json、html、junit、tap、nagios、prometheus",
			"on standard output: text, json, html, junit, tap, nagios, prometheus"}},
	{"output", 'o', "FILE", ON_REPORT | ON_REQUEST, apply_output,
		{"結果をファイルにも書きます（.txt、.json、.html、.xml、.tap、.prom、繰り返し可）",
			"also write it to a file (.txt .json .html .xml .tap .prom; repeatable)"}},
	{"dump", 0, "FILE", ON_RUN, apply_dump,
		{"確認するダンプファイル（既定: 規則が示す名前を作業フォルダから探します）",
			"the dump to check (default: looked for in the working directory)"}},
	{"identify", 0, NULL, ON_REPORT, apply_identify,
		{"保存する結果に、利用者名・ホスト名・施設内のアドレスなどを残します",
			"keep names and private addresses in saved reports"}},
	{"lang", 0, "LANG", ON_ALL, apply_lang,
		{"言語: ja、en（既定: OSの設定）", "language: ja or en (default: from the OS)"}},
	{"quiet", 'q', NULL, ON_REPORT, apply_quiet,
		{"判定と原因だけを表示します", "show the verdict and the causes only"}},
	{"verbose", 'v', NULL, ON_REPORT | ON_LIST, apply_verbose,
		{"各項目の事実と所要時間も表示します", "show facts and timings of every check"}},
	{"no-color", 0, NULL, ON_ALL, apply_no_color,
		{"色を付けません（環境変数 NO_COLOR でも同じ）",
			"no colours (as with NO_COLOR set)"}},
	{"version", 'V', NULL, ON_ALL, apply_version, {"版を表示します", "print the version"}},
	{"help", 'h', NULL, ON_ALL, apply_help, {"この説明を表示します", "print this text"}},
	{.name = NULL},
};

double options_duration(const char *text)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = {{"", 1}, {"ms", 0.001}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}};
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	double number = strtod(text, &end);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(end, units[i].unit) == 0)
			return number * units[i].seconds;
	return -1;
}
