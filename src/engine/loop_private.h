/* What the parts of the loop share: timers and descriptors, workers, libcurl. */
#ifndef PREFLIGHT_LOOP_PRIVATE_H
#define PREFLIGHT_LOOP_PRIVATE_H

#include <stddef.h>

#include "loop.h"
#include "platform.h"

struct watcher {
	intptr_t fd;
	int events;
	loop_fd_fn *fn;
	void *arg;
};

struct workers;
struct transfers;

struct loop {
	double origin; /* platform_monotonic() of loop_new */
	struct platform_waker *waker;
	struct watcher *watchers;
	size_t watcher_count, watcher_capacity;
	struct platform_pollfd *polled;
	size_t polled_capacity;
	struct loop_timer **timers; /* binary heap by due time */
	size_t timer_count, timer_capacity;
	struct workers *workers;     /* NULL until the first loop_work */
	struct transfers *transfers; /* NULL until the first loop_curl_add */
};

void workers_finish(struct loop *loop); /* calls done() of everything that returned */
void workers_free(struct workers *workers);
void transfers_free(struct transfers *transfers);

#endif
