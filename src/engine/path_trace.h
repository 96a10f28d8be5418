/*
 * One port, followed hop by hop: what path_probe.c starts and reads, and path_trace.c does.
 */
#ifndef PREFLIGHT_PATH_TRACE_H
#define PREFLIGHT_PATH_TRACE_H

#include "loop.h"
#include "path_facts.h"
#include "path_probe.h"
#include "terminal.h"
#include "udp.h"

struct path_tracer;

/* One hop limit of one port. */
struct path_step {
	struct path_tracer *tracer;
	struct udp_socket *udp; /* NULL: TCP, or not open */
	intptr_t tcp;           /* -1: not open */
	int rounds;             /* begun */
	double first, begun;    /* the first of them, the last */
};

struct path_tracer {
	struct loop *loop;
	const struct path_tracer *peer; /* compared with it; NULL: none */
	const struct terminal *terminal;
	struct path_port port;
	struct loop_timer timer;
	double until;
	struct path_step steps[PATH_HOPS_MAX];
	struct path_trace found;
	int host_at; /* hop limit with which the host answered, 0: not */
	int sent;
	bool ended;
};

/*
 * Something of it was lost, or may have been: an answer came only when it was asked again, or what
 * the peer reached was not tried over a time that moments without a line do not last.
 */
bool path_tracer_doubtful(const struct path_tracer *tracer);

/* Begins; free with path_tracer_free. until: loop_now value. */
struct path_tracer *path_tracer_new(struct loop *loop, const struct terminal *terminal,
	const struct path_port *port, double until);
/* Sends no more, and hears what still comes. */
void path_tracer_stop(struct path_tracer *tracer);
void path_tracer_free(struct path_tracer *tracer);

#endif
