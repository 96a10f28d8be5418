/*
 * Threads, locks and clocks.
 */
#include "windows.h"

#include <stdlib.h>

#include "shortage.h"

/* Workers call the system's resolver, the registry and COM; those want room. */
#define STACK_SIZE (512 * 1024)

#define TICKS_TO_1970 116444736000000000ull /* 100 ns from 1601-01-01 to 1970-01-01 */

struct platform_thread {
	HANDLE handle;
};

struct platform_lock {
	CRITICAL_SECTION section;
	CONDITION_VARIABLE signal;
};

struct thread_start {
	void (*fn)(void *);
	void *arg;
};

static DWORD WINAPI thread_main(void *arg)
{
	struct thread_start start = *(struct thread_start *)arg;

	free(arg);
	start.fn(start.arg);
	return 0;
}

struct platform_thread *platform_thread_start(void (*fn)(void *), void *arg)
{
	struct platform_thread *thread = mem_alloc(sizeof *thread);
	struct thread_start *start = mem_alloc(sizeof *start);

	*start = (struct thread_start){fn, arg};
	thread->handle = CreateThread(
		NULL, STACK_SIZE, thread_main, start, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
	if (thread->handle != NULL)
		return thread;
	free(start);
	free(thread);
	shortage_note(SHORTAGE_THREADS);
	return NULL;
}

void platform_thread_detach(struct platform_thread *thread)
{
	CloseHandle(thread->handle);
	free(thread);
}

void platform_thread_join(struct platform_thread *thread)
{
	WaitForSingleObject(thread->handle, INFINITE);
	platform_thread_detach(thread);
}

struct platform_lock *platform_lock_new(void)
{
	struct platform_lock *lock = mem_alloc(sizeof *lock);

	InitializeCriticalSection(&lock->section);
	InitializeConditionVariable(&lock->signal);
	return lock;
}

void platform_lock_free(struct platform_lock *lock)
{
	if (lock == NULL)
		return;
	DeleteCriticalSection(&lock->section);
	free(lock);
}

void platform_lock_acquire(struct platform_lock *lock)
{
	EnterCriticalSection(&lock->section);
}

void platform_lock_release(struct platform_lock *lock)
{
	LeaveCriticalSection(&lock->section);
}

void platform_lock_wait(struct platform_lock *lock)
{
	SleepConditionVariableCS(&lock->signal, &lock->section, INFINITE);
}

void platform_lock_signal(struct platform_lock *lock)
{
	WakeAllConditionVariable(&lock->signal);
}

double platform_monotonic(void)
{
	LARGE_INTEGER now, frequency;

	QueryPerformanceFrequency(&frequency);
	QueryPerformanceCounter(&now);
	return (double)now.QuadPart / (double)frequency.QuadPart;
}

double platform_wall(void)
{
	FILETIME time;

	GetSystemTimePreciseAsFileTime(&time);
	uint64_t ticks = (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
	return (double)(ticks - TICKS_TO_1970) / 1e7;
}
