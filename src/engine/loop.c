/* The event loop: descriptors and timers. */
#include "loop_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct loop *loop_new(void)
{
	struct loop *loop = mem_alloc(sizeof *loop);

	loop->origin = platform_monotonic();
	loop->waker = platform_waker_new();
	return loop;
}

void loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	transfers_free(loop->transfers);
	workers_free(loop->workers);
	platform_waker_free(loop->waker);
	free(loop->watchers);
	free(loop->polled);
	free(loop->timers);
	free(loop);
}

double loop_now(const struct loop *loop)
{
	return platform_monotonic() - loop->origin;
}

void loop_wake(struct loop *loop)
{
	platform_waker_wake(loop->waker);
}

/* ---- descriptors ---- */

static struct watcher *find_watcher(const struct loop *loop, intptr_t fd)
{
	for (size_t i = 0; i < loop->watcher_count; i++)
		if (loop->watchers[i].fd == fd)
			return &loop->watchers[i];
	return NULL;
}

void loop_fd(struct loop *loop, intptr_t fd, int events, loop_fd_fn *fn, void *arg)
{
	struct watcher *watcher = find_watcher(loop, fd);

	if (events == 0) {
		if (watcher != NULL)
			*watcher = loop->watchers[--loop->watcher_count];
		return;
	}
	if (watcher == NULL) {
		loop->watchers = mem_grow(loop->watchers, loop->watcher_count,
			&loop->watcher_capacity, sizeof loop->watchers[0]);
		watcher = &loop->watchers[loop->watcher_count++];
	}
	*watcher = (struct watcher){.fd = fd, .events = events, .fn = fn, .arg = arg};
}

/* ---- timers ---- */

static void heap_put(struct loop *loop, size_t at, struct loop_timer *timer)
{
	loop->timers[at] = timer;
	timer->index = (int)at;
}

static void sift_up(struct loop *loop, size_t at)
{
	struct loop_timer *timer = loop->timers[at];

	for (; at > 0 && loop->timers[(at - 1) / 2]->due > timer->due; at = (at - 1) / 2)
		heap_put(loop, at, loop->timers[(at - 1) / 2]);
	heap_put(loop, at, timer);
}

static void sift_down(struct loop *loop, size_t at)
{
	struct loop_timer *timer = loop->timers[at];

	for (;;) {
		size_t child = 2 * at + 1;
		if (child + 1 < loop->timer_count &&
			loop->timers[child + 1]->due < loop->timers[child]->due)
			child++;
		if (child >= loop->timer_count || loop->timers[child]->due >= timer->due)
			break;
		heap_put(loop, at, loop->timers[child]);
		at = child;
	}
	heap_put(loop, at, timer);
}

void loop_timer_init(struct loop_timer *timer, void (*fn)(void *arg), void *arg)
{
	*timer = (struct loop_timer){.due = -1, .fn = fn, .arg = arg, .index = -1};
}

void loop_timer_stop(struct loop *loop, struct loop_timer *timer)
{
	if (timer->index < 0)
		return;
	size_t at = (size_t)timer->index;
	struct loop_timer *last = loop->timers[--loop->timer_count];
	if (last != timer) {
		heap_put(loop, at, last);
		sift_down(loop, at);
		sift_up(loop, (size_t)last->index);
	}
	timer->index = -1;
	timer->due = -1;
}

void loop_timer_at(struct loop *loop, struct loop_timer *timer, double due)
{
	loop_timer_stop(loop, timer);
	loop->timers = mem_grow(
		loop->timers, loop->timer_count, &loop->timer_capacity, sizeof loop->timers[0]);
	timer->due = due;
	heap_put(loop, loop->timer_count++, timer);
	sift_up(loop, (size_t)timer->index);
}

/* Fires what was due at the time of the call; timers armed meanwhile wait for the next step. */
static void fire_timers(struct loop *loop)
{
	double now = loop_now(loop);

	while (loop->timer_count > 0 && loop->timers[0]->due <= now) {
		struct loop_timer *timer = loop->timers[0];
		loop_timer_stop(loop, timer);
		timer->fn(timer->arg);
	}
}

/* ---- one turn ---- */

static size_t fill_polled(struct loop *loop)
{
	size_t count = loop->watcher_count + 1;

	if (count > loop->polled_capacity) {
		loop->polled_capacity = count * 2;
		loop->polled =
			mem_realloc(loop->polled, loop->polled_capacity * sizeof loop->polled[0]);
	}
	loop->polled[0] =
		(struct platform_pollfd){.fd = platform_waker_fd(loop->waker), .events = LOOP_READ};
	for (size_t i = 1; i < count; i++)
		loop->polled[i] = (struct platform_pollfd){
			.fd = loop->watchers[i - 1].fd, .events = loop->watchers[i - 1].events};
	return count;
}

static double wait_time(const struct loop *loop, double until)
{
	double now = loop_now(loop);

	if (loop->timer_count > 0 && loop->timers[0]->due < until)
		until = loop->timers[0]->due;
	return until > now ? until - now : 0;
}

/* A callback may add and remove watchers, so each is looked up again before it is called. */
static void dispatch(struct loop *loop, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct platform_pollfd polled = loop->polled[i];
		if (polled.ready == 0)
			continue;
		struct watcher *watcher = find_watcher(loop, polled.fd);
		if (watcher != NULL && (watcher->events & polled.ready) != 0)
			watcher->fn(watcher->arg, polled.fd, watcher->events & polled.ready);
	}
}

void loop_step(struct loop *loop, double until)
{
	size_t count = fill_polled(loop);

	if (platform_poll(loop->polled, count, wait_time(loop, until)) == 0) {
		if (loop->polled[0].ready != 0)
			platform_waker_clear(loop->waker);
		dispatch(loop, count);
	}
	workers_finish(loop);
	fire_timers(loop);
}
