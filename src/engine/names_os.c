/*
 * Names by the OS's own resolver, which blocks: on a worker thread. The job outlives the names
 * when the resolver hangs; what the thread touches belongs to the job alone.
 *
 * What failed for the moment, or is not what a server answered us, is asked again: one lost or
 * refused question is no answer. Nor is a long wait while a server answers us: the resolver repeats
 * a lost question only after seconds, so it is asked once more beside that, as whoever tries again
 * does. What takes long each time is slow.
 */
#include "names_private.h"

#include <stdlib.h>

#include "mem.h"

#define TYPE_A    1
#define ASKS      6   /* where a server answers, if only now and then */
#define ASKS_ELSE 3   /* where none does */
#define PAUSE_MAX 0.5 /* seconds */

struct os_job {
	char *text;
	void (*resolve)(const char *name, struct os_resolve_result *result);
	struct os_resolve_result result;
	struct name *name; /* loop thread only; NULL: forgotten */
	bool newest;       /* of those of the name */
	double seconds;    /* that it took */
};

static void job_free(void *arg)
{
	struct os_job *job = arg;

	free(job->result.addrs);
	free(job->text);
	free(job);
}

static void job_work(void *arg)
{
	struct os_job *job = arg;
	double started = platform_monotonic();

	job->resolve(job->text, &job->result);
	job->seconds = platform_monotonic() - started;
}

/* Its place is free; what it says is not heard any more. */
static void unlink_job(struct os_job *job)
{
	for (size_t i = 0; i < NAMES_OS_AT_ONCE; i++)
		if (job->name->os_jobs[i] == job)
			job->name->os_jobs[i] = NULL;
	job->name = NULL;
}

/* The last asking's result counts, and of those before it one that has addresses. */
static void take_result(struct name *name, struct os_job *job)
{
	if (!job->newest && job->result.addr_count == 0)
		return;
	if (job->newest)
		name->os_newest = NULL;
	if (job->result.addr_count > 0)
		os_jobs_forget(name);
	name->os_at = loop_now(name->names->loop);
	free(name->facts.os.addrs);
	name->facts.os = job->result;
	name->facts.os_ms = job->seconds * 1000;
	job->result = (struct os_resolve_result){0};
}

static void job_done(void *arg)
{
	struct os_job *job = arg;
	struct name *name = job->name;

	if (name != NULL) {
		unlink_job(job);
		take_result(name, job);
		name->changed = true;
		names_settle(name->names);
	}
	job_free(job);
}

static size_t jobs_out(const struct name *name)
{
	size_t count = 0;

	for (size_t i = 0; i < NAMES_OS_AT_ONCE; i++)
		count += name->os_jobs[i] != NULL;
	return count;
}

void os_job_start(struct name *name)
{
	struct os_job *job;

	for (size_t i = 0; i < NAMES_OS_AT_ONCE; i++) {
		if (name->os_jobs[i] != NULL)
			continue;
		job = mem_alloc(sizeof *job);
		job->text = mem_strdup(name->text);
		job->resolve = name->names->resolve;
		job->name = name;
		job->newest = true;
		if (name->os_newest != NULL)
			name->os_newest->newest = false;
		name->os_jobs[i] = name->os_newest = job;
		name->os_started = loop_now(name->names->loop);
		name->facts.os_asks++;
		loop_work(name->names->loop, job_work, job_done, job_free, job);
		return;
	}
}

void os_jobs_forget(struct name *name)
{
	for (size_t i = 0; i < NAMES_OS_AT_ONCE; i++)
		if (name->os_jobs[i] != NULL)
			unlink_job(name->os_jobs[i]);
	name->os_newest = NULL;
}

/* A server knows an address of the family that matters most, and the OS gave none of it. */
static bool lacks(const struct name *name)
{
	const struct os_resolve_result *os = &name->facts.os;

	for (size_t i = 0; i < os->addr_count; i++)
		if (os->addrs[i].family == 4)
			return false;
	for (size_t i = 0; i < name->facts.reply_count; i++)
		if (name->facts.replies[i].type == TYPE_A &&
			name->facts.replies[i].outcome == DNS_ANSWER)
			return true;
	return name->positive_at >= 0 && os->addr_count == 0;
}

/* No server knows the name so far, and one may yet. */
static bool servers_pending(const struct name *name)
{
	for (size_t i = 0; i < name->facts.reply_count; i++)
		if (name->facts.replies[i].type == TYPE_A &&
			name->questions[i].state != QUESTION_DONE)
			return name->positive_at < 0;
	return false;
}

/*
 * The OS has no address, and no server says that there is none: one answer of the OS's two was an
 * error, the other empty, which the C library takes for a NO.
 */
static bool nobody_denies(const struct name *name)
{
	bool failed = false;

	for (size_t i = 0; i < name->facts.reply_count; i++) {
		const struct dns_reply *reply = &name->facts.replies[i];
		if (reply->type != TYPE_A)
			continue;
		if (reply->outcome == DNS_NXDOMAIN || reply->outcome == DNS_NODATA)
			return false;
		failed = failed || reply->outcome == DNS_SERVFAIL ||
			 reply->outcome == DNS_REFUSED || reply->outcome == DNS_OTHER_RCODE;
	}
	return failed && name->facts.os.addr_count == 0;
}

static bool server_answers(const struct name *name)
{
	for (size_t i = 0; i < name->names->server_count; i++)
		if (name->names->servers[i].heard)
			return true;
	return false;
}

/*
 * When it is asked beside what is out: a server knows the name, and as long as the servers took,
 * and a moment more, has passed since.
 */
static double beside_at(const struct name *name)
{
	double at = name->os_started + name->slowest;

	if (name->positive_at < 0 || jobs_out(name) >= NAMES_OS_AT_ONCE)
		return NEVER;
	if (at < name->positive_at)
		at = name->positive_at;
	return at + name->names->times.os_beside;
}

static double settle_running(struct name *name, double now, double due)
{
	double at = beside_at(name);

	if (at < due && now >= at) {
		os_job_start(name);
		at = beside_at(name);
	}
	return at < due ? at : NEVER;
}

double os_settle(struct name *name, double now, double due)
{
	struct name_facts *facts = &name->facts;
	double pause = name->names->times.os_again;

	if (facts->os_done || facts->os_asks == 0)
		return NEVER;
	if (name->os_newest != NULL)
		return settle_running(name, now, due);
	bool failed = facts->os.status == OS_RESOLVE_TEMPORARY || nobody_denies(name);
	bool missing = lacks(name);
	unsigned most = missing || server_answers(name) ? ASKS : ASKS_ELSE;
	bool again = (missing || failed) && facts->os_asks < most;
	bool waits = facts->os.addr_count == 0 && (servers_pending(name) || jobs_out(name) > 0);
	if (!again && waits && now < due)
		return due;
	for (unsigned i = 1; i < facts->os_asks && pause < PAUSE_MAX; i++)
		pause *= 2;
	pause = pause < PAUSE_MAX ? pause : PAUSE_MAX;
	if (!again || name->os_at + pause >= due) {
		facts->os_done = true;
		os_jobs_forget(name);
		return NEVER;
	}
	if (now < name->os_at + pause)
		return name->os_at + pause;
	os_job_start(name);
	return NEVER;
}
