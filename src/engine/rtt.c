#include "rtt.h"

#include <stdlib.h>

#include "mem.h"

struct note {
	struct net_addr addr;
	double longest, shortest; /* seconds */
};

struct waiting {
	struct net_addr addr;
	rtt_fn *fn;
	void *arg;
};

struct rtt_board {
	struct note *notes;
	size_t note_count, note_capacity;
	struct waiting *waits;
	size_t wait_count, wait_capacity;
};

struct rtt_board *rtt_new(void)
{
	return mem_alloc(sizeof(struct rtt_board));
}

void rtt_free(struct rtt_board *board)
{
	if (board == NULL)
		return;
	free(board->notes);
	free(board->waits);
	free(board);
}

static struct note *find(const struct rtt_board *board, const struct net_addr *addr)
{
	for (size_t i = 0; i < board->note_count; i++)
		if (net_addr_equal(&board->notes[i].addr, addr))
			return &board->notes[i];
	return NULL;
}

static void wait_remove(struct rtt_board *board, size_t at)
{
	board->wait_count--;
	for (size_t i = at; i < board->wait_count; i++)
		board->waits[i] = board->waits[i + 1];
}

/* A callback may wait or cancel, so the search starts over after each. */
static void wake(struct rtt_board *board, const struct net_addr *addr, double seconds)
{
	size_t i = 0;

	while (i < board->wait_count) {
		struct waiting wait = board->waits[i];
		if (!net_addr_equal(&wait.addr, addr)) {
			i++;
			continue;
		}
		wait_remove(board, i);
		wait.fn(wait.arg, seconds);
		i = 0;
	}
}

void rtt_note(struct rtt_board *board, const struct net_addr *addr, double seconds)
{
	struct note *note = find(board, addr);

	if (note != NULL) {
		note->longest = seconds > note->longest ? seconds : note->longest;
		note->shortest = seconds < note->shortest ? seconds : note->shortest;
		return;
	}
	board->notes = mem_grow(
		board->notes, board->note_count, &board->note_capacity, sizeof board->notes[0]);
	board->notes[board->note_count++] = (struct note){*addr, seconds, seconds};
	wake(board, addr, seconds);
}

double rtt_get(const struct rtt_board *board, const struct net_addr *addr)
{
	const struct note *note = find(board, addr);

	return note != NULL ? note->longest : -1;
}

double rtt_line(const struct rtt_board *board)
{
	double line = -1;

	for (size_t i = 0; i < board->note_count; i++)
		if (board->notes[i].shortest > line)
			line = board->notes[i].shortest;
	return line;
}

double rtt_slack(const struct rtt_board *board)
{
	double slack = RTT_SLACK_TRIPS * rtt_line(board);

	if (slack < 0)
		return 0;
	return slack < RTT_SLACK_MAX ? slack : RTT_SLACK_MAX;
}

void rtt_wait(struct rtt_board *board, const struct net_addr *addr, rtt_fn *fn, void *arg)
{
	double known = rtt_get(board, addr);

	if (known >= 0) {
		fn(arg, known);
		return;
	}
	board->waits = mem_grow(
		board->waits, board->wait_count, &board->wait_capacity, sizeof board->waits[0]);
	board->waits[board->wait_count++] = (struct waiting){*addr, fn, arg};
}

void rtt_cancel(struct rtt_board *board, const void *arg)
{
	for (size_t i = board->wait_count; i > 0; i--)
		if (board->waits[i - 1].arg == arg)
			wait_remove(board, i - 1);
}
