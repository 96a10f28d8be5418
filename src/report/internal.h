/*
 * What the report's files share with each other and with nobody else.
 */
#ifndef PREFLIGHT_REPORT_INTERNAL_H
#define PREFLIGHT_REPORT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "diagnose.h"
#include "lang.h"
#include "report.h"
#include "strbuf.h"

/* width.c: columns of one character: 0, 1 or 2. */
int width_of(uint32_t code);

/*
 * safe.c: appends text with control characters, bidi controls and invalid UTF-8 as "\xNN", as
 * facts do it. lines: a newline stays one.
 */
void safe_append(struct strbuf *out, const char *text, bool lines);

/* page.c: a text page being written, that knows the column it is at. */
struct page {
	FILE *out;
	int width; /* wrap here; 0: never */
	int column;
	bool color;
	enum lang lang;
};

enum tone { TONE_PLAIN, TONE_GOOD, TONE_LOOK, TONE_BAD, TONE_DIM, TONE_STRONG, TONE_COUNT };

void page_newline(struct page *page);
void page_pad(struct page *page, int column); /* spaces up to a column */
/* Writes a short text in a tone, never wrapped. The text is made safe. */
void page_word(struct page *page, enum tone tone, const char *text);
/* Writes text wrapped, from the present column; further lines begin at `indent`. Made safe. */
void page_text(struct page *page, int indent, const char *text);
/* Writes each line of text as a step of its own, with a mark and a hanging indent; ends the line.
 */
void page_steps(struct page *page, int indent, const char *text);

/* ---- the text format: text.c, text_causes.c, text_checks.c ---- */

struct sheet {
	struct page page;
	const json_t *report;
	int verbosity;
};

/* A sheet for a document in the options' language, colour and width, or the least that is readable.
 */
struct sheet sheet_begin(FILE *out, const json_t *document, const struct report_options *options);
const char *sheet_message(const struct sheet *sheet, const char *id);
/* The catalogue's text "PREFIX.WORD", or the word itself when there is none. */
const char *sheet_word(const struct sheet *sheet, const char *prefix, const char *word);
/* A member that is a string, else "". Borrowed. */
const char *member_string(const json_t *object, const char *name);
/* A member that is a text, in the sheet's language; else NULL. Borrowed. */
const char *member_text(const struct sheet *sheet, const json_t *object, const char *name);
/* Whether a member is a string with this value. */
bool member_is(const json_t *object, const char *name, const char *value);
/* Appends a list's strings, joined in the language's way; prefix NULL or one of the catalogue. */
void join_words(
	const struct sheet *sheet, struct strbuf *out, const json_t *list, const char *prefix);
void sheet_heading(struct sheet *sheet, const char *id);
/* Appends a template of the catalogue over one {value}, whose reference it takes. */
void sheet_note(const struct sheet *sheet, struct strbuf *out, const char *id, json_t *value);
/* "2026-11-21T02:03:04Z" as the reader's clock shows it: "2026-11-21 11:03:04 (UTC+09:00)". */
json_t *local_time(const char *text);
/* The check with this id, or NULL. */
const json_t *find_check(const json_t *report, const char *id);

/* Appends what makes a report no full one, in one line: --only, --skip and --set. */
void limits_line(const struct sheet *sheet, struct strbuf *out);
/* What the templates "summary.*" and "footer.*" may name. The caller releases it. */
json_t *summary_values(const json_t *report);
json_t *footer_values(const struct sheet *sheet);

/* text_checks.c: how checks are told; html_checks.c tells them in the same order. */
size_t check_group(const json_t *check);           /* its group: 0… in the order of the report */
const char *check_group_id(size_t group);          /* its heading in the catalogue; NULL: no more */
const char *check_group_name(const json_t *check); /* "terminal", "names", "transport", … */
bool check_collapses(const json_t *check);         /* skipped for a reason that is told once */
/* Whether an earlier check was skipped for the reason of this one. */
bool check_reason_seen(const json_t *checks, size_t index);
const char *check_title(const struct sheet *sheet, const json_t *check);
/* The root cause that a check belongs to, or NULL. Borrowed. */
const json_t *root_of(const json_t *report, const json_t *check);
/* Appends what was seen; not again what its cause has told already. */
void check_evidence(const struct sheet *sheet, struct strbuf *text, const json_t *check);
/* Questions: of whom; actor NULL: of nobody named. */
bool check_is_asked_of(const json_t *check, const char *actor);
extern const char *const check_askable[]; /* actors, NULL-terminated */

/* "2026-11-21T02:03:04Z" as the reader's clock shows it: "2026-11-21 11:03:04 (UTC+09:00)". */
json_t *local_time(const char *text);

/*
 * text_facts.c: appends a check's facts and timings for people, a line each: names and words of
 * the catalogue, times as dates, sizes with units.
 */
void fact_lines(const struct sheet *sheet, struct strbuf *out, const json_t *check);
/* Writes a check's facts and timings at a column. */
void text_facts(struct sheet *sheet, const json_t *check, int column);

void text_causes(struct sheet *sheet);
void text_warnings(struct sheet *sheet);
void text_checks(struct sheet *sheet);
void text_checklist(struct sheet *sheet);

/* ---- formats: the write slots of report_formats ---- */

void report_write_text(FILE *out, const json_t *report, const struct report_options *options);
void report_write_json(FILE *out, const json_t *report, const struct report_options *options);
void report_write_html(FILE *out, const json_t *report, const struct report_options *options);
void report_write_junit(FILE *out, const json_t *report, const struct report_options *options);
void report_write_tap(FILE *out, const json_t *report, const struct report_options *options);
void report_write_nagios(FILE *out, const json_t *report, const struct report_options *options);
void report_write_prometheus(FILE *out, const json_t *report, const struct report_options *options);

/* ---- making the document ---- */

/* texts.c: each makes {"ja": …, "en": …} or null; a language that is not given shows the other. */
json_t *text_plain(const struct text *text);
bool text_given(const struct text *text);
/*
 * What the texts of one result are made of. The values are made when the first template asks for
 * them, once for each language.
 */
struct text_source {
	const struct result *result;
	const struct rules *rules;
	json_t *extra;              /* owned; values beside the result's own */
	json_t *values[LANG_COUNT]; /* owned; NULL: not asked for yet */
};
/* Takes the reference of extra; adds the values of products.c to it. */
void text_source_init(struct text_source *source, const struct result *result,
	const struct rules *rules, json_t *extra);
void text_source_release(struct text_source *source);
/* Expands a template. */
json_t *text_expand(const struct text *text, struct text_source *source);
/* A line whose only part was in brackets is empty when that part was left out: takes it away. */
void text_drop_blank_lines(json_t *text);
/* What was seen, in one line: the cause's words where there is one. */
json_t *text_evidence(struct text_source *source);
/* Evidence with what the result's facts add to it, whichever text it is made of. */
json_t *text_with_notes(json_t *evidence, const struct text_source *source);
/* The check's own remedy for the cause, else the cause's; NULL: none. Borrowed. */
const struct text *remedy_text(
	const struct result *result, const char *code, const struct rules *rules);
/* What to do, in that text's words. */
json_t *text_remedy(struct text_source *source, const char *code);
const char *run_state_name(enum run_state state);
/* The names of the segments and actors whose bits are set; new references. */
json_t *segment_list(unsigned segments);
json_t *actor_list(unsigned actors);

/*
 * products.c: adds the values "products" (titles of those found) and "wanted" (those asked for, in
 * words); the remedies of products found follow the cause's, which text holds.
 */
void products_add_values(json_t *extra, const struct result *result, const struct rules *rules);
void products_append_remedies(json_t *text, const struct result *result, const struct rules *rules);

/*
 * remedies.c: the checks that show a root cause may have different remedies. Numbers them: `group`
 * has a place for each result of root->evidence. Returns how many remedies there are.
 */
size_t remedies_group(const struct diagnosis *d, const struct root_cause *root,
	const struct rules *rules, size_t *group);
/* Adds a remedy to those before it, under the titles of its checks. Takes the reference of more. */
void remedies_add(json_t *all, json_t *more, const struct diagnosis *d,
	const struct root_cause *root, const size_t *group, size_t number);

/* flows.c: lists by language: the values "flows" and "hosts_entries". */
json_t *lists_new(void);
/* Adds the host's documented addresses, each once. */
void hosts_entries_add(json_t *entries, const struct rule_check *check);
void ports_add(json_t *ports, const struct rule_check *check); /* one list for all languages */
const char *check_transport(const struct rule_check *check);   /* "TCP" or "UDP" */
/* Adds each TCP or UDP port once; address: the one in use, NULL for the documented ones. */
void flows_add(json_t *flows, const struct rule_check *check, const struct terminal *terminal,
	const char *address);

/* values.c: what templates may name: facts, the check's own data, and values made readable. */
json_t *report_values(const struct result *result, enum lang lang);
/* "2026-11-21" of days since 1970, into buf. */
void format_date(char buf[32], long long days);
/* "2026-11-21T09:30:00Z" of seconds since 1970, into buf. */
void format_time(char buf[64], double seconds);
/* The host key of a check, or NULL. */
const struct rule_host *check_host(const struct rule_check *check);
/* Its port key, or -1. */
long long check_port(const struct rule_check *check);

#endif
