#include "path_probe.h"

#include <stdio.h>
#include <stdlib.h>

#include "hops.h"
#include "mem.h"
#include "path_facts.h"
#include "path_trace.h"

/* A port that is silent, or may turn out to be. */
struct expected {
	struct path_board *board;
	struct path_port port;
	struct loop_timer timer;
	double until;
	bool begun, refused; /* refused: there were enough traces */
	struct path_tracer *asked, *other;
};

struct path_board {
	struct loop *loop;
	const struct terminal *terminal;
	struct path_tracer *traces[PATH_TRACES_MAX]; /* owned */
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
	for (size_t i = 0; i < board->trace_count; i++)
		path_tracer_free(board->traces[i]);
	for (size_t i = 0; i < board->expected_count; i++) {
		loop_timer_stop(board->loop, &board->expected[i]->timer);
		free(board->expected[i]);
	}
	free(board->expected);
	free(board->answered);
	free(board);
}

/* The trace of a port, begun now if it is new; NULL: there are enough. */
static struct path_tracer *follow(
	struct path_board *board, const struct path_port *port, double until)
{
	for (size_t i = 0; i < board->trace_count; i++)
		if (same_port(&board->traces[i]->port, port))
			return board->traces[i];
	if (board->trace_count == PATH_TRACES_MAX)
		return NULL;
	board->traces[board->trace_count] =
		path_tracer_new(board->loop, board->terminal, port, until);
	return board->traces[board->trace_count++];
}

/* Whether this OS tells the routers of such a port. */
static bool is_told(const struct path_port *port)
{
	return hops_told(port->protocol == PATH_TCP ? HOPS_TCP : HOPS_UDP);
}

/* What to compare with: TCP before UDP, which filters treat most unlike. NULL: nothing answered. */
static const struct path_port *comparable(
	const struct path_board *board, const struct path_port *silent)
{
	const struct path_port *best = NULL;

	for (size_t i = 0; i < board->answered_count; i++) {
		const struct path_port *port = &board->answered[i];
		if (same_port(port, silent) || !net_addr_equal(&port->addr, &silent->addr) ||
			!is_told(port))
			continue;
		if (best == NULL || (best->protocol == PATH_UDP && port->protocol == PATH_TCP))
			best = port;
	}
	return best;
}

static void compare(struct expected *expected)
{
	const struct path_port *port = comparable(expected->board, &expected->port);

	if (port == NULL || expected->other != NULL)
		return;
	expected->other = follow(expected->board, port, expected->until);
	expected->asked->peer = expected->other;
	if (expected->other != NULL && expected->other->peer == NULL)
		expected->other->peer = expected->asked;
}

static void on_expected(void *arg)
{
	struct expected *expected = arg;

	expected->begun = true;
	if (!is_told(&expected->port) || terminal_vpn(expected->board->terminal) != NULL)
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

static bool is_udp_of(const struct path_port *port, const struct net_addr *addr)
{
	return port->protocol == PATH_UDP && net_addr_equal(&port->addr, addr);
}

void path_spare(struct path_board *board, const struct net_addr *addr)
{
	for (size_t i = 0; i < board->expected_count; i++)
		if (is_udp_of(&board->expected[i]->port, addr))
			loop_timer_stop(board->loop, &board->expected[i]->timer);
	for (size_t i = 0; i < board->trace_count; i++)
		if (is_udp_of(&board->traces[i]->port, addr))
			path_tracer_stop(board->traces[i]);
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

static const char *why_unavailable(const struct path_board *board, const struct path_port *port,
	const struct expected *expected)
{
	if (!is_told(port))
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
		path_facts_unavailable(facts, why_unavailable(board, port, expected));
		return;
	}
	const struct path_tracer *other = expected->other;
	path_facts(facts, &expected->asked->found, other != NULL ? &other->found : NULL,
		&port->addr, board->terminal, facts_get_bool(facts, "path_reset", false));
	facts_int(facts, "path_sent", expected->asked->sent + (other != NULL ? other->sent : 0));
	if (path_tracer_doubtful(expected->asked) || (other != NULL && path_tracer_doubtful(other)))
		facts_bool(facts, "path_doubtful", true);
	if (other == NULL)
		return;
	snprintf(text, sizeof text, "%s %d", other->port.protocol == PATH_TCP ? "TCP" : "UDP",
		other->port.port);
	facts_str(facts, "path_other_port", text);
}
