#include "path_probe.h"

#include <stdio.h>
#include <stdlib.h>

#include "hops.h"
#include "ike.h"
#include "mem.h"
#include "path_facts.h"
#include "platform.h"
#include "udp.h"

#define TICK     0.3 /* seconds between two rounds */
#define ROUNDS   2   /* how often a hop limit is tried */
#define AHEAD    3   /* hops that are tried beyond the last one that answered */
#define RECEIVED 64  /* bytes of an answer that are read: that it came is enough */
#define DRAIN    8   /* datagrams and errors taken from a socket at once */

/* One hop limit of one port. */
struct step {
	struct trace *trace;
	struct udp_socket *udp; /* NULL: TCP, or not open */
	intptr_t tcp;           /* -1: not open */
	int rounds;             /* begun */
	double begun;           /* of the last */
};

/* One port, followed. */
struct trace {
	struct path_board *board;
	struct path_port port;
	struct loop_timer timer;
	double until;
	struct step steps[PATH_HOPS_MAX];
	struct path_trace found;
	int host_at; /* hop limit with which the host answered, 0: not */
	int sent;
	bool ended;
};

/* A port that is silent, or may turn out to be. */
struct expected {
	struct path_board *board;
	struct path_port port;
	struct loop_timer timer;
	double until;
	bool begun, refused; /* refused: there were enough traces */
	struct trace *asked, *other;
};

struct path_board {
	struct loop *loop;
	const struct terminal *terminal;
	struct trace *traces[PATH_TRACES_MAX]; /* owned */
	size_t trace_count;
	struct expected **expected; /* owned */
	size_t expected_count, expected_capacity;
	struct path_port *answered; /* owned */
	size_t answered_count, answered_capacity;
};

static bool same_port(const struct path_port *a, const struct path_port *b)
{
	return a->protocol == b->protocol && a->port == b->port &&
	       net_addr_equal(&a->addr, &b->addr);
}

/* ---- one hop limit ---- */

static void step_close(struct step *step)
{
	struct loop *loop = step->trace->board->loop;

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

static int step_limit(const struct step *step)
{
	return (int)(step - step->trace->steps) + 1;
}

static bool step_answered(const struct step *step)
{
	return step->trace->found.hops[step_limit(step) - 1].family != 0;
}

/* Somebody answered. Beyond the host nothing more is to be learnt. */
static void found(struct step *step, const struct net_addr *who)
{
	struct trace *trace = step->trace;
	int limit = step_limit(step);

	if (who->family == 0 || step_answered(step) || terminal_is_own(trace->board->terminal, who))
		return;
	trace->found.hops[limit - 1] = *who;
	step_close(step);
	if (!net_addr_equal(who, &trace->port.addr) ||
		(trace->host_at != 0 && trace->host_at < limit))
		return;
	trace->host_at = limit;
	for (int i = limit; i < PATH_HOPS_MAX; i++) {
		step_close(&trace->steps[i]);
		trace->found.hops[i] = (struct net_addr){0};
	}
}

static void on_udp(void *arg, intptr_t fd, int events)
{
	struct step *step = arg;
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
			found(step, &step->trace->port.addr);
			break;
		case UDP_ERROR:
			found(step, &error.offender);
			break;
		}
	}
}

static void on_tcp(void *arg, intptr_t fd, int events)
{
	struct step *step = arg;
	struct net_addr who;
	enum net_error error = hops_result(fd, &who);

	(void)events;
	if (error == NET_TIMEOUT)
		return;
	if (error == NET_OK || (error == NET_REFUSED && who.family == 0))
		who = step->trace->port.addr;
	found(step, &who);
	step_close(step); /* an end that nobody answers for is none of the path's */
}

static void random_spi(uint8_t spi[8])
{
	do
		platform_random(spi, 8);
	while (spi[0] == 0); /* an SPI must not be zero, nor look like a marker */
}

static bool send_udp(struct step *step)
{
	const struct path_port *port = &step->trace->port;
	struct ike_request request = {.question = IKE_ASK_REJECT,
		.marker = port->marker,
		.remote = port->addr,
		.remote_port = port->port};
	uint8_t bytes[IKE_MAX];
	struct udp_error error;

	udp_local(step->udp, &request.local, &request.local_port);
	random_spi(request.spi);
	size_t len = ike_build(&request, bytes, sizeof bytes);
	return len > 0 && udp_send(step->udp, bytes, len, &error) == 0;
}

static bool step_udp(struct step *step)
{
	const struct path_port *port = &step->trace->port;
	struct udp_error error;

	if (step->udp == NULL) {
		step->udp = udp_open(&port->addr, port->port, 0, &error);
		if (step->udp == NULL)
			return false;
		loop_fd(step->trace->board->loop, udp_fd(step->udp), LOOP_READ, on_udp, step);
	}
	return hops_limit(udp_fd(step->udp), port->addr.family, step_limit(step)) == 0 &&
	       send_udp(step);
}

/* A second SYN needs a second connection: the OS repeats the first one too late. */
static bool step_tcp(struct step *step)
{
	const struct path_port *port = &step->trace->port;

	step_close(step);
	step->tcp = hops_connect(&port->addr, port->port, step_limit(step));
	if (step->tcp >= 0)
		loop_fd(step->trace->board->loop, step->tcp, LOOP_WRITE, on_tcp, step);
	return step->tcp >= 0;
}

static void step_try(struct step *step)
{
	struct trace *trace = step->trace;

	step->rounds++;
	step->begun = loop_now(trace->board->loop);
	if (trace->port.protocol == PATH_UDP ? step_udp(step) : step_tcp(step))
		trace->sent++;
}

/* ---- one port ---- */

static void trace_end(struct trace *trace)
{
	trace->ended = true;
	loop_timer_stop(trace->board->loop, &trace->timer);
	for (int i = 0; i < PATH_HOPS_MAX; i++)
		step_close(&trace->steps[i]);
}

static int trace_limit(const struct trace *trace)
{
	int last = 0;

	if (trace->host_at > 0)
		return trace->host_at;
	for (int i = 0; i < PATH_HOPS_MAX; i++)
		if (trace->found.hops[i].family != 0)
			last = i + 1;
	return last + AHEAD < PATH_HOPS_MAX ? last + AHEAD : PATH_HOPS_MAX;
}

/*
 * A round: what is lost is repeated, what comes next is tried. False: every hop has answered. On a
 * slow line answers may come long after the last packet.
 */
static bool trace_round(struct trace *trace)
{
	double now = loop_now(trace->board->loop);
	int limit = trace_limit(trace);
	bool open = false;

	for (int i = 0; i < limit; i++) {
		struct step *step = &trace->steps[i];
		if (step_answered(step))
			continue;
		bool due = step->rounds == 0 || now >= step->begun + TICK * 0.9;
		open = true;
		if (due && step->rounds < ROUNDS)
			step_try(step);
	}
	return open;
}

static void on_round(void *arg)
{
	struct trace *trace = arg;
	struct loop *loop = trace->board->loop;
	double next = loop_now(loop) + TICK;

	if (loop_now(loop) >= trace->until || !trace_round(trace))
		trace_end(trace);
	else
		loop_timer_at(loop, &trace->timer, next < trace->until ? next : trace->until);
}

/* The trace of a port, begun now if it is new; NULL: there are enough. */
static struct trace *follow(struct path_board *board, const struct path_port *port, double until)
{
	for (size_t i = 0; i < board->trace_count; i++)
		if (same_port(&board->traces[i]->port, port))
			return board->traces[i];
	if (board->trace_count == PATH_TRACES_MAX)
		return NULL;
	struct trace *trace = mem_alloc(sizeof *trace);
	trace->board = board;
	trace->port = *port;
	trace->until = until;
	loop_timer_init(&trace->timer, on_round, trace);
	for (int i = 0; i < PATH_HOPS_MAX; i++) {
		trace->steps[i].trace = trace;
		trace->steps[i].tcp = -1;
	}
	board->traces[board->trace_count++] = trace;
	on_round(trace);
	return trace;
}

/* ---- the board ---- */

struct path_board *path_board_new(struct loop *loop, const struct terminal *terminal)
{
	struct path_board *board = mem_alloc(sizeof *board);

	board->loop = loop;
	board->terminal = terminal;
	return board;
}

void path_board_free(struct path_board *board)
{
	if (board == NULL)
		return;
	for (size_t i = 0; i < board->trace_count; i++) {
		trace_end(board->traces[i]);
		free(board->traces[i]);
	}
	for (size_t i = 0; i < board->expected_count; i++) {
		loop_timer_stop(board->loop, &board->expected[i]->timer);
		free(board->expected[i]);
	}
	free(board->expected);
	free(board->answered);
	free(board);
}

/* What to compare with: TCP before UDP, which filters treat most unlike. NULL: nothing answered. */
static const struct path_port *comparable(
	const struct path_board *board, const struct path_port *silent)
{
	const struct path_port *best = NULL;

	for (size_t i = 0; i < board->answered_count; i++) {
		const struct path_port *port = &board->answered[i];
		if (same_port(port, silent) || !net_addr_equal(&port->addr, &silent->addr))
			continue;
		if (best == NULL || (best->protocol == PATH_UDP && port->protocol == PATH_TCP))
			best = port;
	}
	return best;
}

static void compare(struct expected *expected)
{
	const struct path_port *port = comparable(expected->board, &expected->port);

	if (port != NULL && expected->other == NULL)
		expected->other = follow(expected->board, port, expected->until);
}

static void on_expected(void *arg)
{
	struct expected *expected = arg;

	expected->begun = true;
	if (!hops_told() || terminal_vpn(expected->board->terminal) != NULL)
		return;
	expected->asked = follow(expected->board, &expected->port, expected->until);
	expected->refused = expected->asked == NULL;
	if (expected->asked != NULL)
		compare(expected);
}

static struct expected *expected_find(const struct path_board *board, const struct path_port *port)
{
	for (size_t i = 0; i < board->expected_count; i++)
		if (same_port(&board->expected[i]->port, port))
			return board->expected[i];
	return NULL;
}

static struct expected *expected_new(
	struct path_board *board, const struct path_port *port, double until)
{
	struct expected *expected = mem_alloc(sizeof *expected);

	expected->board = board;
	expected->port = *port;
	expected->until = until;
	loop_timer_init(&expected->timer, on_expected, expected);
	board->expected = mem_grow(board->expected, board->expected_count,
		&board->expected_capacity, sizeof board->expected[0]);
	board->expected[board->expected_count++] = expected;
	return expected;
}

void path_expect(struct path_board *board, const struct path_port *port, double at, double until)
{
	if (expected_find(board, port) == NULL)
		loop_timer_at(board->loop, &expected_new(board, port, until)->timer, at);
}

void path_follow(struct path_board *board, const struct path_port *port, double until)
{
	struct expected *expected = expected_find(board, port);

	if (expected == NULL)
		expected = expected_new(board, port, until);
	if (expected->begun)
		return;
	loop_timer_stop(board->loop, &expected->timer);
	expected->until = until;
	on_expected(expected);
}

bool path_done(const struct path_board *board, const struct path_port *port)
{
	const struct expected *expected = expected_find(board, port);

	return expected == NULL || expected->asked == NULL ||
	       (expected->asked->ended && (expected->other == NULL || expected->other->ended));
}

void path_settled(struct path_board *board, const struct path_port *port)
{
	struct expected *expected = expected_find(board, port);

	if (expected != NULL)
		loop_timer_stop(board->loop, &expected->timer);
}

void path_answered(struct path_board *board, const struct path_port *port)
{
	path_settled(board, port);
	board->answered = mem_grow(board->answered, board->answered_count,
		&board->answered_capacity, sizeof board->answered[0]);
	board->answered[board->answered_count++] = *port;
	for (size_t i = 0; i < board->expected_count; i++)
		if (board->expected[i]->asked != NULL && !board->expected[i]->asked->ended)
			compare(board->expected[i]);
}

static const char *why_unavailable(const struct path_board *board, const struct expected *expected)
{
	if (!hops_told())
		return "os";
	if (terminal_vpn(board->terminal) != NULL)
		return "vpn";
	return expected != NULL && expected->refused ? "limit" : "time";
}

void path_tell(const struct path_board *board, const struct path_port *port, struct facts *facts)
{
	const struct expected *expected = expected_find(board, port);
	char text[32];

	if (expected == NULL || expected->asked == NULL) {
		path_facts_unavailable(facts, why_unavailable(board, expected));
		return;
	}
	const struct trace *other = expected->other;
	path_facts(facts, &expected->asked->found, other != NULL ? &other->found : NULL,
		&port->addr, board->terminal, facts_get_bool(facts, "path_reset", false));
	facts_int(facts, "path_sent", expected->asked->sent + (other != NULL ? other->sent : 0));
	if (other == NULL)
		return;
	snprintf(text, sizeof text, "%s %d", other->port.protocol == PATH_TCP ? "TCP" : "UDP",
		other->port.port);
	facts_str(facts, "path_other_port", text);
}
