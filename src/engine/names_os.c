/*
 * Names by the OS's own resolver, which blocks: on a worker thread. The job outlives the names
 * when the resolver hangs; what the thread touches belongs to the job alone.
 */
#include "names_private.h"

#include <stdlib.h>

#include "mem.h"

struct os_job {
	char *text;
	void (*resolve)(const char *name, struct os_resolve_result *result);
	struct os_resolve_result result;
	struct name *name; /* loop thread only; NULL: forgotten */
	double started;
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
	job->resolve(job->text, &job->result);
}

static void job_done(void *arg)
{
	struct os_job *job = arg;
	struct name *name = job->name;

	if (name != NULL) {
		struct names *names = name->names;
		name->os_job = NULL;
		name->os_at = loop_now(names->loop);
		name->facts.os_done = true;
		name->facts.os = job->result;
		name->facts.os_ms = (name->os_at - job->started) * 1000;
		name->changed = true;
		job->result = (struct os_resolve_result){0};
		names_settle(names);
	}
	job_free(job);
}

void os_job_start(struct name *name)
{
	struct os_job *job = mem_alloc(sizeof *job);

	job->text = mem_strdup(name->text);
	job->resolve = name->names->resolve;
	job->name = name;
	job->started = loop_now(name->names->loop);
	name->os_job = job;
	loop_work(name->names->loop, job_work, job_done, job_free, job);
}

void os_job_forget(struct os_job *job)
{
	if (job != NULL)
		job->name = NULL;
}
