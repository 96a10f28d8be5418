/*
 * The catalogue behind message(): texts for people by stable id, in tables sorted by id. To add a
 * text, add a row at its place; a unit test checks order, completeness and templates.
 */
#ifndef PREFLIGHT_MESSAGES_H
#define PREFLIGHT_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "lang.h"

struct message_row {
	const char *id;
	const char *in[LANG_COUNT];
};

/* A row: id, Japanese, English. */
#define MESSAGE(name, ja, en)                                                                      \
	{                                                                                          \
		.id = (name), .in = { [LANG_JA] = (ja), [LANG_EN] = (en) }                         \
	}

struct message_table {
	const struct message_row *rows; /* sorted by strcmp of the ids */
	size_t count;
	bool templates; /* the texts are templates (report.h) */
};

/* src/messages.c: words and sentences of the program itself; fixed texts, and its templates. */
extern const struct message_table messages_words, messages_templates;
/* src/messages_evidence.c: what was seen, by "evidence.TYPE.VERDICT" or "evidence.TYPE". */
extern const struct message_table messages_evidence;
/* src/messages_request.c: "request.*", the letters of `preflight request`. */
extern const struct message_table messages_request;
/* src/messages_html.c: "html.*", words of the HTML report; fixed texts, and its templates. */
extern const struct message_table messages_html, messages_html_templates;
/* src/messages_diff.c: what changed between two reports; words, and templates. */
extern const struct message_table messages_diff, messages_diff_notes;

/* src/messages_formats.c: texts of JUnit, TAP, Nagios and Prometheus. */
extern const struct message_table messages_formats;

/* src/messages_facts.c: names and units of facts and timings, by "fact.NAME", "fact_unit.NAME". */
extern const struct message_table messages_facts;
/* src/messages_decode.c: the support code, and what is read from it. */
extern const struct message_table messages_decode;
/* src/messages_repeat.c: --wait and --every. */
extern const struct message_table messages_repeat;
/* src/messages_path.c: words for how far packets got. */
extern const struct message_table messages_path;
/* src/messages_tls.c: words for what is wrong with a certificate. */
extern const struct message_table messages_tls;
/* src/messages_desktop.c: started by a double click; fixed texts, and its templates. */
extern const struct message_table messages_desktop, messages_desktop_templates;

/* All tables, NULL-terminated; no id is in two of them. */
extern const struct message_table *const message_tables[];

#endif
