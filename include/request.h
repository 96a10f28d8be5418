/*
 * The sheet of `preflight request`: letters that ask whoever runs the network, the line or the
 * service for what a terminal needs. It is one JSON document with texts in every language, and
 * every format is made from that document alone:
 *
 *   origin    "profile" or "report"
 *   state     "letters", or why there are none: "vpn-only" (all traffic is inside the VPN),
 *             "not-blocked", "own" (the terminal's own settings), "inside" (the VPN),
 *             "undecided", "not-checked"
 *   remarks   texts for who sends the letters, not for who gets them
 *   letters   to (actor), when (text or null: in which case to send it), addressee, subject, body,
 *             rows, source_terminal, notes, findings, started, closing, documents
 *   rows      number, protocol, port, direction, host, names, addresses, purpose, severity, ask,
 *             source (requirement rows)
 *   notes     text, source
 *   findings  what a report found: code, title, evidence, segments, offender, advice, rows
 *   documents title, source: which requirement rows it is the source of
 */
#ifndef PREFLIGHT_REQUEST_H
#define PREFLIGHT_REQUEST_H

#include <stdio.h>

#include <jansson.h>

#include "lang.h"
#include "plan.h"
#include "rules.h"

/* What the plan's profiles need of the network before the VPN is up. The caller owns the result. */
json_t *request_from_plan(const struct plan *plan);

/*
 * What a saved report (report_load.h) found blocked. The rules know the hosts' documented addresses
 * and the requirements' documents. The caller owns the result.
 */
json_t *request_from_report(const json_t *report, const struct rules *rules);

/* One format. */
struct request_format {
	const char *name; /* --format word */
	void (*write)(FILE *out, const json_t *sheet, enum lang lang);
};

/* The format of that name, or NULL. Static storage. */
const struct request_format *request_format_find(const char *name);

#endif
