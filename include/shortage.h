/*
 * What this machine itself could not give while the checks ran: descriptors, memory, threads. A
 * failure that was seen meanwhile tells nothing about the network, so every check that did not pass
 * then is `unknown` (fact `local_error`, cause run.local-error).
 *
 * Any thread may note one; the first of a run stays.
 */
#ifndef PREFLIGHT_SHORTAGE_H
#define PREFLIGHT_SHORTAGE_H

enum shortage {
	SHORTAGE_NONE,
	SHORTAGE_DESCRIPTORS, /* EMFILE, ENFILE */
	SHORTAGE_MEMORY,      /* ENOMEM and what libraries make of it */
	SHORTAGE_BUFFERS,     /* ENOBUFS: of the network's */
	SHORTAGE_THREADS,
	SHORTAGE_OTHER /* an error that says nothing about the network */
};
const char *shortage_name(enum shortage shortage); /* "descriptors", "memory", ... */

void shortage_reset(void); /* a new run begins */
void shortage_note(enum shortage shortage);
enum shortage shortage_seen(void);

#endif
