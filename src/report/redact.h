/* What the two halves of redaction share: what to replace, and by what. */
#ifndef PREFLIGHT_REPORT_REDACT_H
#define PREFLIGHT_REPORT_REDACT_H

#include <jansson.h>

#include "mem.h"
#include "net.h"

struct redact_pair {
	char *from, *to; /* owned */
};

struct redaction {
	struct redact_pair *pairs; /* owned; longest first once gathered */
	size_t count, capacity;
	struct strs homes;     /* home directories: become "~" */
	struct strs addresses; /* in the order of their numbers */
	struct strs own;       /* addresses of this terminal, also public ones */
	struct strs versions;  /* look like addresses, and are none */
};

/* redact_names.c: fills it from this computer's user and host, and from the report's facts. */
void redaction_gather(struct redaction *r, const json_t *report);
void redaction_release(struct redaction *r);

#endif
