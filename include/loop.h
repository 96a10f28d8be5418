/*
 * The event loop: descriptors, timers, worker threads and (once asked for) libcurl's transfers.
 * All callbacks run on the thread that calls loop_step.
 */
#ifndef PREFLIGHT_LOOP_H
#define PREFLIGHT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

struct loop *loop_new(void);
void loop_free(struct loop *loop); /* detaches workers that still block */

/* Seconds since the loop was made; monotonic. Timings in facts are differences of these. */
double loop_now(const struct loop *loop);

/* ---- descriptors ---- */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
typedef void loop_fd_fn(void *arg, intptr_t fd, int events);
/* Watches fd; a second call for the same fd changes events, fn and arg. events 0: stop watching. */
void loop_fd(struct loop *loop, intptr_t fd, int events, loop_fd_fn *fn, void *arg);

/* ---- timers ---- */
struct loop_timer {
	double due; /* loop_now() value; < 0: not armed */
	void (*fn)(void *arg);
	void *arg;
	int index; /* place in the loop's heap; private */
};
/* The struct belongs to the caller and must be disarmed before it is freed. */
void loop_timer_init(struct loop_timer *timer, void (*fn)(void *arg), void *arg);
void loop_timer_at(struct loop *loop, struct loop_timer *timer, double due); /* (re)arms */
void loop_timer_stop(struct loop *loop, struct loop_timer *timer);           /* disarms */

/* ---- blocking work ---- */
/*
 * Runs work(arg) on a worker thread, then done(arg) on the loop's thread. If the loop is freed
 * first, done is not called and `abandon(arg)` is called instead when the work returns (on the
 * worker's thread), so that arg can be freed; abandon may be NULL when arg is static.
 */
void loop_work(struct loop *loop, void (*work)(void *arg), void (*done)(void *arg),
	void (*abandon)(void *arg), void *arg);

/* ---- libcurl ---- */
typedef void loop_curl_fn(void *arg, int curlcode);
/*
 * Adds an easy handle (CURL *); fn is called once with the CURLcode when the transfer ends. The
 * handle stays the caller's; CURLOPT_PRIVATE belongs to the loop. The first call initialises
 * libcurl. loop_curl_remove stops a transfer without calling fn.
 */
void loop_curl_add(struct loop *loop, void *easy, loop_curl_fn *fn, void *arg);
void loop_curl_remove(struct loop *loop, void *easy);
/* Memory that libcurl's callbacks may use until the loop ends; takes it, and frees it with free().
 */
void loop_curl_keep(struct loop *loop, void *memory);

/* Waits at most until `until` (loop_now value) for something to happen and handles all of it. */
void loop_step(struct loop *loop, double until);

/* Wakes loop_step from any thread or a signal handler. */
void loop_wake(struct loop *loop);

#endif
