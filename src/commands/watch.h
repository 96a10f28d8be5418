/*
 * What --every tells: events, each of them one line, and at the end a summary.
 *
 * As JSON Lines, one object a line; texts are {"ja", "en"}, times UTC. Every event has "time",
 * "run" (counted from 1) and "event":
 *   first    verdict, phase, counts, causes (what failed or is unknown: code, title)
 *   phase    before, after            the VPN was connected or disconnected
 *   check    id, title, before, after, cause (root cause, or null), detail (text or null)
 *   verdict  before, after
 *   summary  seconds, verdict (the worst), exit_code, checks: of each that did not pass once or
 *            changed: id, title, runs, bad, share (bad / runs), changes, longest_seconds, first
 *            and last (time of the first and last run in which it did not pass, or null)
 */
#ifndef PREFLIGHT_COMMANDS_WATCH_H
#define PREFLIGHT_COMMANDS_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "lang.h"

/* ---- history (watch_history.c): what is remembered of all runs ---- */

struct watch_history {
	struct watch_check *checks; /* owned; as many as the rules have */
	size_t count, capacity;
	size_t runs;
	double first, last; /* monotonic, starts of the first and last run */
};

/* Takes note of a run's report. now: monotonic; both at the start of the run. */
void watch_history_add(
	struct watch_history *history, const json_t *report, double now, double wall);
/* The summary's "checks"; until: monotonic, the end of it all. A new reference. */
json_t *watch_history_checks(const struct watch_history *history, double until);
void watch_history_release(struct watch_history *history);

/* ---- events (watch_events.c) ---- */

/* What changed from one report to the next (before NULL: the first). A new list. */
json_t *watch_events(const json_t *before, const json_t *after, size_t run, double wall);

/* ---- lines (watch_lines.c) ---- */

/* Writes the events of one run, and flushes. */
void watch_write(FILE *out, const json_t *events, bool json, enum lang lang);

#endif
