#include "path_trace.h"

#include <stdlib.h>

#include "hops.h"
#include "ike_probe.h"
#include "mem.h"
#include "platform.h"

#define TICK     0.3 /* seconds between two rounds */
#define ROUNDS   2   /* how often a hop limit is tried */
#define LATER    1.3 /* seconds after the first try, where a compared port got farther: once more */
#define AHEAD    3   /* hops that are tried beyond the last one that answered */
#define RECEIVED 64  /* bytes of an answer that are read: that it came is enough */
#define DRAIN    8   /* datagrams and errors taken from a socket at once */

/* ---- one hop limit ---- */

static void step_close(struct path_step *step)
{
	struct loop *loop = step->tracer->loop;

	if (step->udp != NULL) {
		loop_fd(loop, udp_fd(step->udp), 0, NULL, NULL);
		udp_close(step->udp);
		step->udp = NULL;
	}
	if (step->tcp >= 0) {
		loop_fd(loop, step->tcp, 0, NULL, NULL);
		hops_close(step->tcp);
		step->tcp = -1;
	}
}

static int step_limit(const struct path_step *step)
{
	return (int)(step - step->tracer->steps) + 1;
}

static bool step_answered(const struct path_step *step)
{
	return step->tracer->found.hops[step_limit(step) - 1].family != 0;
}

/* Somebody answered. Beyond the host nothing more is to be learnt. */
static void found(struct path_step *step, const struct net_addr *who)
{
	struct path_tracer *tracer = step->tracer;
	int limit = step_limit(step);

	if (who->family == 0 || step_answered(step) || terminal_is_own(tracer->terminal, who))
		return;
	tracer->found.hops[limit - 1] = *who;
	step_close(step);
	if (!net_addr_equal(who, &tracer->port.addr) ||
		(tracer->host_at != 0 && tracer->host_at < limit))
		return;
	tracer->host_at = limit;
	for (int i = limit; i < PATH_HOPS_MAX; i++) {
		step_close(&tracer->steps[i]);
		tracer->found.hops[i] = (struct net_addr){0};
	}
}

static void on_udp(void *arg, intptr_t fd, int events)
{
	struct path_step *step = arg;
	uint8_t bytes[RECEIVED];
	struct udp_error error;
	size_t len;

	(void)fd;
	(void)events;
	for (int i = 0; i < DRAIN && step->udp != NULL; i++) {
		switch (udp_receive(step->udp, bytes, sizeof bytes, &len, &error)) {
		case UDP_NOTHING:
			return;
		case UDP_DATAGRAM:
			found(step, &step->tracer->port.addr);
			break;
		case UDP_ERROR:
			found(step, &error.offender);
			break;
		}
	}
}

static void on_tcp(void *arg, intptr_t fd, int events)
{
	struct path_step *step = arg;
	struct net_addr who;
	enum net_error error = hops_result(fd, &who);

	(void)events;
	if (error == NET_TIMEOUT)
		return;
	if (error == NET_OK || (error == NET_REFUSED && who.family == 0))
		who = step->tracer->port.addr;
	found(step, &who);
	step_close(step); /* an end that nobody answers for is none of the path's */
}

static bool send_udp(struct path_step *step)
{
	const struct path_port *port = &step->tracer->port;
	struct ike_request request = {.question = IKE_ASK_PROPOSAL,
		.group = 21,
		.marker = port->marker,
		.remote = port->addr,
		.remote_port = port->port};
	uint8_t bytes[IKE_MAX];
	struct udp_error error;

	udp_local(step->udp, &request.local, &request.local_port);
	ike_random_spi(request.spi);
	size_t len = ike_build(&request, bytes, sizeof bytes);
	return len > 0 && udp_send(step->udp, bytes, len, &error) == 0;
}

static bool step_udp(struct path_step *step)
{
	const struct path_port *port = &step->tracer->port;
	struct udp_error error;

	if (step->udp == NULL) {
		step->udp = udp_open(&port->addr, port->port, 0, &error);
		if (step->udp == NULL)
			return false;
		loop_fd(step->tracer->loop, udp_fd(step->udp), LOOP_READ, on_udp, step);
	}
	return hops_limit(udp_fd(step->udp), port->addr.family, step_limit(step)) == 0 &&
	       send_udp(step);
}

/* A second SYN needs a second connection: the OS repeats the first one too late. */
static bool step_tcp(struct path_step *step)
{
	const struct path_port *port = &step->tracer->port;

	step_close(step);
	step->tcp = hops_connect(&port->addr, port->port, step_limit(step));
	if (step->tcp >= 0)
		loop_fd(step->tracer->loop, step->tcp, LOOP_WRITE, on_tcp, step);
	return step->tcp >= 0;
}

static void step_try(struct path_step *step)
{
	struct path_tracer *tracer = step->tracer;

	step->begun = loop_now(tracer->loop);
	if (step->rounds++ == 0)
		step->first = step->begun;
	if (tracer->port.protocol == PATH_UDP ? step_udp(step) : step_tcp(step))
		tracer->sent++;
}

/* ---- one port ---- */

static void trace_end(struct path_tracer *tracer)
{
	tracer->ended = true;
	loop_timer_stop(tracer->loop, &tracer->timer);
	for (int i = 0; i < PATH_HOPS_MAX; i++)
		step_close(&tracer->steps[i]);
}

static int trace_limit(const struct path_tracer *tracer)
{
	int last = 0;

	if (tracer->host_at > 0)
		return tracer->host_at;
	for (int i = 0; i < PATH_HOPS_MAX; i++)
		if (tracer->found.hops[i].family != 0)
			last = i + 1;
	return last + AHEAD < PATH_HOPS_MAX ? last + AHEAD : PATH_HOPS_MAX;
}

/* A router that only the compared port's packets reached. */
static bool is_missed(const struct path_step *step)
{
	const struct path_tracer *tracer = step->tracer;
	const struct net_addr *hop;

	if (tracer->peer == NULL || step_answered(step))
		return false;
	hop = &tracer->peer->found.hops[step_limit(step) - 1];
	return hop->family != 0 && !net_addr_equal(hop, &tracer->port.addr);
}

static bool is_due(const struct path_step *step, double now)
{
	if (step->rounds == 0)
		return true;
	if (step->rounds < ROUNDS)
		return now >= step->begun + TICK * 0.9;
	return step->rounds == ROUNDS && is_missed(step) && now >= step->first + LATER;
}

bool path_tracer_doubtful(const struct path_tracer *tracer)
{
	for (int i = 0; i < PATH_HOPS_MAX; i++) {
		const struct path_step *step = &tracer->steps[i];
		if ((step_answered(step) && step->rounds > 1) ||
			(is_missed(step) && step->rounds <= ROUNDS))
			return true;
	}
	return false;
}

/*
 * A round: what is lost is repeated, what comes next is tried. False: every hop has answered. On a
 * slow line answers may come long after the last packet.
 */
static bool trace_round(struct path_tracer *tracer)
{
	double now = loop_now(tracer->loop);
	int limit = trace_limit(tracer);
	bool open = false;

	for (int i = 0; i < limit; i++) {
		struct path_step *step = &tracer->steps[i];
		if (step_answered(step))
			continue;
		open = true;
		if (is_due(step, now))
			step_try(step);
	}
	return open;
}

static void on_round(void *arg)
{
	struct path_tracer *tracer = arg;
	struct loop *loop = tracer->loop;
	double next = loop_now(loop) + TICK;

	if (loop_now(loop) >= tracer->until || !trace_round(tracer))
		trace_end(tracer);
	else
		loop_timer_at(loop, &tracer->timer, next < tracer->until ? next : tracer->until);
}

struct path_tracer *path_tracer_new(struct loop *loop, const struct terminal *terminal,
	const struct path_port *port, double until)
{
	struct path_tracer *tracer = mem_alloc(sizeof *tracer);

	tracer->loop = loop;
	tracer->terminal = terminal;
	tracer->port = *port;
	tracer->until = until;
	loop_timer_init(&tracer->timer, on_round, tracer);
	for (int i = 0; i < PATH_HOPS_MAX; i++) {
		tracer->steps[i].tracer = tracer;
		tracer->steps[i].tcp = -1;
	}
	on_round(tracer);
	return tracer;
}

void path_tracer_stop(struct path_tracer *tracer)
{
	tracer->ended = true;
	loop_timer_stop(tracer->loop, &tracer->timer);
}

void path_tracer_free(struct path_tracer *tracer)
{
	trace_end(tracer);
	free(tracer);
}
