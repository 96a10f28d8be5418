/*
 * Times as people read them.
 */
#ifndef PREFLIGHT_SPAN_H
#define PREFLIGHT_SPAN_H

#include "lang.h"

/* "1 h 2 min 3 s" of seconds, rounded; the caller frees it. */
char *span_text(enum lang lang, double seconds);

/* Seconds since 1970 of "2026-11-21T07:30:00Z"; 0 for what is no such time. */
double span_parse(const char *text);

/* "16:30:00" on the clock of this terminal, of seconds since 1970, into buf. */
void span_clock(char buf[16], double when);

#endif
