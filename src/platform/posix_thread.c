/*
 * Threads, locks and clocks.
 */
#include "platform.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "shortage.h"

/* Workers read files and resolve names; glibc's resolver stays well below this. */
#define STACK_SIZE (256 * 1024)

struct platform_thread {
	pthread_t id;
};

struct platform_lock {
	pthread_mutex_t mutex;
	pthread_cond_t signal;
};

struct thread_start {
	void (*fn)(void *);
	void *arg;
};

static void *thread_main(void *arg)
{
	struct thread_start start = *(struct thread_start *)arg;

	free(arg);
	start.fn(start.arg);
	return NULL;
}

/* Signals stay with the thread that runs the loop. */
static int create(pthread_t *id, struct thread_start *start)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int number;

	if (pthread_attr_init(&attr) != 0)
		return -1;
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	number = pthread_create(id, &attr, thread_main, start);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return number == 0 ? 0 : -1;
}

struct platform_thread *platform_thread_start(void (*fn)(void *), void *arg)
{
	struct platform_thread *thread = mem_alloc(sizeof *thread);
	struct thread_start *start = mem_alloc(sizeof *start);

	*start = (struct thread_start){fn, arg};
	if (create(&thread->id, start) == 0)
		return thread;
	free(start);
	free(thread);
	shortage_note(SHORTAGE_THREADS);
	return NULL;
}

void platform_thread_detach(struct platform_thread *thread)
{
	pthread_detach(thread->id);
	free(thread);
}

void platform_thread_join(struct platform_thread *thread)
{
	pthread_join(thread->id, NULL);
	free(thread);
}

struct platform_lock *platform_lock_new(void)
{
	struct platform_lock *lock = mem_alloc(sizeof *lock);

	pthread_mutex_init(&lock->mutex, NULL);
	pthread_cond_init(&lock->signal, NULL);
	return lock;
}

void platform_lock_free(struct platform_lock *lock)
{
	if (lock == NULL)
		return;
	pthread_cond_destroy(&lock->signal);
	pthread_mutex_destroy(&lock->mutex);
	free(lock);
}

void platform_lock_acquire(struct platform_lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
}

void platform_lock_release(struct platform_lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}

void platform_lock_wait(struct platform_lock *lock)
{
	pthread_cond_wait(&lock->signal, &lock->mutex);
}

void platform_lock_signal(struct platform_lock *lock)
{
	pthread_cond_broadcast(&lock->signal);
}

static double clock_seconds(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

double platform_monotonic(void)
{
	return clock_seconds(CLOCK_MONOTONIC);
}

double platform_wall(void)
{
	return clock_seconds(CLOCK_REALTIME);
}
