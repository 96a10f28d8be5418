/*
 * What the files of the request sheet share with each other and with nobody else.
 */
#ifndef PREFLIGHT_REQUEST_INTERNAL_H
#define PREFLIGHT_REQUEST_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "lang.h"
#include "request.h"
#include "rules.h"
#include "strbuf.h"

/* ---- rows.c: traffic, from checks in the shape that they have in a report ---- */

/* Whether a check stands for traffic that a firewall sees: not inside the VPN. */
bool row_is_traffic(const json_t *check, const struct rules *rules);
/* Adds the check's traffic, or what it brings to a row that is there. false: it has none. */
bool rows_add(json_t *rows, const json_t *check, const struct rules *rules);
/* What other checks of the same traffic say of it: what it is for, and whether it is required. */
void rows_complete(const json_t *rows, const json_t *checks, const struct rules *rules);
/* A check of the rules in the shape of a report's. The caller owns it. */
json_t *check_of_rules(const struct rule_check *check);
/* The check's host, when it is in the VPN only; else NULL. Borrowed. */
const char *check_inside(const json_t *check, const struct rules *rules);

/* ---- texts.c ---- */

/* The catalogue's text in every language; values: members are strings, or texts themselves. */
json_t *say(const char *id, json_t *values);
/* A member that is a text, in a language; "" when there is none. Borrowed. */
const char *text_of(const json_t *object, const char *name, enum lang lang);
/* Adds a string unless it is there. */
void add_once(json_t *list, const char *text);
bool list_has(const json_t *list, const char *text);
/* The strings of a list, as the language joins them. */
void join(struct strbuf *out, const json_t *list, enum lang lang);

/* ---- letter.c ---- */

/* The actor who is asked to meet a requirement. Static storage. */
const char *asked_of(const struct rule_requirement *requirement);

struct letters {
	const struct rules *rules;
	const char *origin; /* "profile", "report" */
	json_t *values;     /* owned: service, command, when, hosts: what the texts may name */
	const char *started;
};

/*
 * A letter to an actor about rows (whose reference it takes); they get their numbers. findings:
 * its reference too; may be NULL. after: it is to be sent when nobody before could help.
 */
json_t *letter_new(
	const struct letters *all, const char *actor, json_t *rows, json_t *findings, bool after);
/* How the letters call what is used, from profiles in the shape of a report's. */
json_t *service_name(const json_t *profiles, const struct rules *rules);
/* The command that checks again. */
json_t *check_command(const json_t *profiles);

/* ---- formats ---- */

void request_write_text(FILE *out, const json_t *sheet, enum lang lang);
void request_write_html(FILE *out, const json_t *sheet, enum lang lang);
void request_write_csv(FILE *out, const json_t *sheet, enum lang lang);

/* cells.c: what all formats say alike. Each appends to a buffer. */
void cell_protocol(struct strbuf *out, const json_t *row, enum lang lang);
void cell_port(struct strbuf *out, const json_t *row); /* nothing where there are no ports */
void cell_destination(struct strbuf *out, const json_t *row, enum lang lang);
void cell_purpose(struct strbuf *out, const json_t *row, enum lang lang);
void cell_segments(struct strbuf *out, const json_t *finding, enum lang lang);
void cell_offender(struct strbuf *out, const json_t *finding, enum lang lang);
void cell_rows(struct strbuf *out, const json_t *finding, enum lang lang); /* "No. 1, 2" */
/* The cell of a column ("protocol"; the name in "request.column.NAME"); nothing for others. */
void cell_of(struct strbuf *out, const char *column, const json_t *letter, const json_t *row,
	enum lang lang);
/* A row's ask, when it is not what the whole letter is about; else NULL. Static storage. */
const char *special_ask(const json_t *row, enum lang lang);
/* A remark behind something, in brackets. */
void add_bracketed(struct strbuf *out, const char *text, enum lang lang);
/* Whether a word of the letter stands for an address of the facility. */
bool letter_hides(const json_t *letter);
/* "request.PART", or "request.PART.answer" for letters that only ask for an answer. */
const char *letter_label(const json_t *letter, const char *part, enum lang lang);
/* A word of the catalogue, "PREFIX.WORD", or the word itself. */
const char *word_of(const char *prefix, const char *word, enum lang lang);

#endif
