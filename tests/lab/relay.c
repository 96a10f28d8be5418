/*
 * A line with delay, jitter and loss between two network namespaces.
 *
 *   relay NETNS_A DEV_A NETNS_B DEV_B
 *
 * Makes one TUN device in each namespace and carries IP packets between them. One command a line on
 * standard input:
 *
 *   set DELAY_MS JITTER_MS LOSS_PERCENT SEED EVERY_MS DOWN_MS BURST DUPLICATED_PERCENT
 *       OVERTAKING_PERCENT KBIT DIRECTIONS
 *                                               answers "ok". In each period of EVERY_MS, from now
 * on, all is lost for DOWN_MS. BURST: so many packets are lost in a row, on average. KBIT: so many
 * kbit/s fit. DIRECTIONS in which packets are lost: 1 (A to B), 2, or 3 (both). stats answers
 * "PASSED LOST PASSED LOST" (A to B, B to A)
 *
 * Ends at end of input. Packets keep their order, but those that overtake; the same seed loses the
 * same packets.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_MAX = 2048, QUEUE_MAX = 8192, NS_PER_MS = 1000000 };

struct packet {
	int64_t due;
	size_t length;
	unsigned char data[PACKET_MAX];
};

struct direction {
	int from, to;
	struct packet *queue; /* ring of QUEUE_MAX */
	size_t head, count;
	int64_t last_due, free_at; /* when the last packet is through */
	bool losing;               /* a burst goes on */
	uint64_t random;
	unsigned long passed, lost;
};

struct line {
	int64_t delay, jitter; /* ns */
	double loss;           /* 0..1 */
	int64_t start, every, down;
	double burst, duplicated, overtaking; /* packets; 0..1 */
	double kbit;
	unsigned long directions;
};

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 * NS_PER_MS + t.tv_nsec;
}

/* xorshift64*: uniform in [0, 1) */
static double uniform(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (double)((*state * UINT64_C(2685821657736338717)) >> 11) / 9007199254740992.0;
}

static int open_tun(const char *netns, const char *device)
{
	int ns = open(netns, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET) != 0) {
		fprintf(stderr, "relay: %s: %s\n", netns, strerror(errno));
		exit(1);
	}
	close(ns);
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	struct ifreq request;
	memset(&request, 0, sizeof request);
	request.ifr_flags = IFF_TUN | IFF_NO_PI;
	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0) {
		fprintf(stderr, "relay: tun device %s: %s\n", device, strerror(errno));
		exit(1);
	}
	return fd;
}

static bool is_down(const struct line *line)
{
	return line->every > 0 && (now_ns() - line->start) % line->every < line->down;
}

/* Whether the next packet is lost: each by itself, or a burst of them, which are as many on
 * average. */
static bool is_lost(struct direction *d, const struct line *line, int number)
{
	if (is_down(line))
		return true;
	if (line->loss <= 0 || (line->directions >> number & 1) == 0)
		return false;
	if (line->burst <= 1)
		return uniform(&d->random) < line->loss;
	double ends = 1 / line->burst;
	double starts = ends * line->loss / (1 - line->loss);
	d->losing = uniform(&d->random) < (d->losing ? 1 - ends : starts);
	return d->losing;
}

/* When a packet comes out at the other end. */
static int64_t due_time(struct direction *d, const struct line *line, size_t length)
{
	int64_t due = now_ns();
	if (line->kbit > 0) {
		if (d->free_at > due)
			due = d->free_at;
		due += (int64_t)((double)length * 8 * NS_PER_MS / line->kbit);
		d->free_at = due;
	}
	due += line->delay;
	if (line->jitter > 0)
		due += (int64_t)((double)line->jitter * uniform(&d->random));
	if (due < d->last_due)
		due = d->last_due;
	d->last_due = due;
	return due;
}

static struct packet *slot_at(struct direction *d, size_t number)
{
	return &d->queue[(d->head + number) % QUEUE_MAX];
}

static void put(struct direction *d, const struct line *line, size_t length)
{
	struct packet *slot = slot_at(d, d->count);
	slot->due = due_time(d, line, length);
	slot->length = length;
	d->count++;
	if (line->duplicated > 0 && d->count < QUEUE_MAX &&
		uniform(&d->random) < line->duplicated) {
		*slot_at(d, d->count) = *slot;
		d->count++;
	}
	/* It overtakes the one before it, which then waits for it. */
	if (line->overtaking > 0 && d->count > 1 && uniform(&d->random) < line->overtaking) {
		struct packet last = *slot_at(d, d->count - 1);
		struct packet *before = slot_at(d, d->count - 2);
		last.due = before->due;
		*slot_at(d, d->count - 1) = *before;
		*before = last;
	}
}

static void take(struct direction *d, const struct line *line, int number)
{
	for (;;) {
		struct packet *slot = slot_at(d, d->count);
		unsigned char spare[PACKET_MAX];
		bool full = d->count == QUEUE_MAX;
		ssize_t got = read(d->from, full ? spare : slot->data, PACKET_MAX);
		if (got <= 0)
			return;
		if (full || is_lost(d, line, number))
			d->lost++;
		else
			put(d, line, (size_t)got);
	}
}

static void give(struct direction *d)
{
	while (d->count > 0 && d->queue[d->head].due <= now_ns()) {
		const struct packet *p = &d->queue[d->head];
		if (write(d->to, p->data, p->length) == (ssize_t)p->length)
			d->passed++;
		else
			d->lost++;
		d->head = (d->head + 1) % QUEUE_MAX;
		d->count--;
	}
}

static void command(const char *text, struct line *line, struct direction d[2])
{
	double delay, jitter, loss, every, down, burst, duplicated, overtaking, kbit;
	unsigned long seed, directions;
	if (sscanf(text, "set %lf %lf %lf %lu %lf %lf %lf %lf %lf %lf %lu", &delay, &jitter, &loss,
		    &seed, &every, &down, &burst, &duplicated, &overtaking, &kbit,
		    &directions) == 11) {
		line->delay = (int64_t)(delay * NS_PER_MS);
		line->jitter = (int64_t)(jitter * NS_PER_MS);
		line->loss = loss / 100;
		line->start = now_ns();
		line->every = (int64_t)(every * NS_PER_MS);
		line->down = (int64_t)(down * NS_PER_MS);
		line->burst = burst;
		line->duplicated = duplicated / 100;
		line->overtaking = overtaking / 100;
		line->kbit = kbit;
		line->directions = directions;
		for (int i = 0; i < 2; i++) {
			d[i].losing = false;
			d[i].free_at = 0;
		}
		d[0].random = (uint64_t)seed * 2 + 1;
		d[1].random = (uint64_t)seed * 2 + 0x9e3779b9;
		puts("ok");
	} else if (strncmp(text, "stats", 5) == 0) {
		printf("%lu %lu %lu %lu\n", d[0].passed, d[0].lost, d[1].passed, d[1].lost);
	} else {
		puts("what?");
	}
	fflush(stdout);
}

/* Reads what is there and runs whole lines; false at end of input. */
static bool read_commands(struct line *line, struct direction d[2])
{
	static char text[512];
	static size_t used;
	ssize_t got = read(STDIN_FILENO, text + used, sizeof text - 1 - used);
	if (got <= 0)
		return got < 0 && errno == EINTR;
	used += (size_t)got;
	text[used] = '\0';
	for (char *end; (end = strchr(text, '\n')) != NULL;) {
		*end = '\0';
		command(text, line, d);
		used -= (size_t)(end + 1 - text);
		memmove(text, end + 1, used + 1);
	}
	return used < sizeof text - 1;
}

static struct timespec *until_next(const struct direction d[2], struct timespec *wait)
{
	int64_t next = INT64_MAX;
	for (int i = 0; i < 2; i++)
		if (d[i].count > 0 && d[i].queue[d[i].head].due < next)
			next = d[i].queue[d[i].head].due;
	if (next == INT64_MAX)
		return NULL;
	int64_t left = next - now_ns();
	if (left < 0)
		left = 0;
	wait->tv_sec = (time_t)(left / (1000 * NS_PER_MS));
	wait->tv_nsec = (long)(left % (1000 * NS_PER_MS));
	return wait;
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: relay NETNS_A DEV_A NETNS_B DEV_B\n");
		return 2;
	}
	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	int a = open_tun(argv[1], argv[2]);
	int b = open_tun(argv[3], argv[4]);
	struct direction d[2] = {
		{.from = a, .to = b, .random = 1}, {.from = b, .to = a, .random = 3}};
	for (int i = 0; i < 2; i++) {
		d[i].queue = malloc(QUEUE_MAX * sizeof *d[i].queue);
		if (d[i].queue == NULL) {
			fprintf(stderr, "relay: out of memory\n");
			return 1;
		}
	}
	struct line line = {0};
	puts("ready");
	fflush(stdout);

	struct pollfd polls[3] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN},
		{.fd = STDIN_FILENO, .events = POLLIN}};
	bool open_input = true;
	while (open_input) {
		struct timespec wait;
		if (ppoll(polls, 3, until_next(d, &wait), NULL) < 0 && errno != EINTR)
			break;
		for (int i = 0; i < 2; i++) {
			take(&d[i], &line, i);
			give(&d[i]);
		}
		if (polls[2].revents != 0)
			open_input = read_commands(&line, d);
	}
	free(d[0].queue);
	free(d[1].queue);
	return 0;
}
