/*
 * Worker threads for calls that block. A call that never returns does not hold up the program:
 * its thread is left behind, and the state they share is freed by whoever leaves last. Threads
 * that have nothing to do are joined, so that nothing of theirs is in the air at exit.
 */
#include "loop_private.h"

#include <stdlib.h>

#include "mem.h"

#define WORKERS_MAX 32 /* a name that the OS looks for in vain holds some up for half a minute */

struct job {
	void (*work)(void *);
	void (*done)(void *);
	void (*abandon)(void *);
	void *arg;
	struct job *next;
};

struct worker {
	struct workers *owner;
	struct platform_thread *thread;
	bool busy; /* inside a job */
};

struct workers {
	struct platform_lock *lock;
	struct platform_waker *waker; /* borrowed from the loop; NULL once it is gone */
	struct job *waiting, **waiting_tail;
	struct job *returned, **returned_tail;
	int queued; /* jobs in `waiting` */
	struct worker list[WORKERS_MAX];
	int threads; /* started */
	int idle;    /* of these without a job */
	int holders; /* threads that run, and the loop; the last one frees */
};

static void append(struct job ***tail, struct job *job)
{
	job->next = NULL;
	**tail = job;
	*tail = &job->next;
}

static struct job *take(struct job **head, struct job ***tail)
{
	struct job *job = *head;

	if (job != NULL && (*head = job->next) == NULL)
		*tail = head;
	return job;
}

/* Releases the lock, and everything when nobody else holds it. */
static void workers_leave(struct workers *w)
{
	bool last = --w->holders == 0;

	platform_lock_release(w->lock);
	if (!last)
		return;
	platform_lock_free(w->lock);
	free(w);
}

static void give_up(struct job *job)
{
	if (job->abandon != NULL)
		job->abandon(job->arg);
	free(job);
}

static void worker_main(void *arg)
{
	struct worker *self = arg;
	struct workers *w = self->owner;

	platform_lock_acquire(w->lock);
	while (w->waker != NULL) {
		struct job *job = take(&w->waiting, &w->waiting_tail);
		if (job == NULL) {
			w->idle++;
			platform_lock_wait(w->lock);
			w->idle--;
			continue;
		}
		w->queued--;
		self->busy = true;
		platform_lock_release(w->lock);
		job->work(job->arg);
		platform_lock_acquire(w->lock);
		self->busy = false;
		if (w->waker != NULL) {
			append(&w->returned_tail, job);
			platform_waker_wake(w->waker);
		} else {
			give_up(job);
		}
	}
	workers_leave(w);
}

static struct workers *workers_new(struct platform_waker *waker)
{
	struct workers *w = mem_alloc(sizeof *w);

	w->lock = platform_lock_new();
	w->waker = waker;
	w->holders = 1;
	w->waiting_tail = &w->waiting;
	w->returned_tail = &w->returned;
	return w;
}

/* One more thread when the idle ones have enough to do; with none at all, the job runs here and
 * now. */
static void start_thread(struct workers *w)
{
	if (w->idle > w->queued || w->threads >= WORKERS_MAX)
		return;
	struct worker *worker = &w->list[w->threads];
	worker->owner = w;
	worker->thread = platform_thread_start(worker_main, worker);
	if (worker->thread == NULL)
		return;
	w->threads++;
	w->holders++;
}

void loop_work(struct loop *loop, void (*work)(void *arg), void (*done)(void *arg),
	void (*abandon)(void *arg), void *arg)
{
	if (loop->workers == NULL)
		loop->workers = workers_new(loop->waker);
	struct workers *w = loop->workers;
	struct job *job = mem_alloc(sizeof *job);
	*job = (struct job){.work = work, .done = done, .abandon = abandon, .arg = arg};

	platform_lock_acquire(w->lock);
	start_thread(w);
	if (w->threads > 0) {
		append(&w->waiting_tail, job);
		w->queued++;
	} else {
		work(arg);
		append(&w->returned_tail, job);
		platform_waker_wake(w->waker);
	}
	platform_lock_signal(w->lock);
	platform_lock_release(w->lock);
}

void workers_finish(struct loop *loop)
{
	struct workers *w = loop->workers;
	struct job *job;

	while (w != NULL) {
		platform_lock_acquire(w->lock);
		job = take(&w->returned, &w->returned_tail);
		platform_lock_release(w->lock);
		if (job == NULL)
			return;
		job->done(job->arg);
		free(job);
	}
}

void workers_free(struct workers *w)
{
	struct platform_thread *joinable[WORKERS_MAX];
	struct job *job;
	int count = 0;

	if (w == NULL)
		return;
	platform_lock_acquire(w->lock);
	w->waker = NULL;
	while ((job = take(&w->waiting, &w->waiting_tail)) != NULL)
		give_up(job);
	while ((job = take(&w->returned, &w->returned_tail)) != NULL)
		give_up(job);
	platform_lock_signal(w->lock);
	for (int i = 0; i < w->threads; i++)
		if (w->list[i].busy)
			platform_thread_detach(w->list[i].thread);
		else
			joinable[count++] = w->list[i].thread;
	platform_lock_release(w->lock);
	while (count > 0)
		platform_thread_join(joinable[--count]);
	platform_lock_acquire(w->lock);
	workers_leave(w);
}
