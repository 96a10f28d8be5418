#include "udp_probe.h"

#include <stdlib.h>

#include "mem.h"

#define BATCH 64 /* datagrams and errors taken in a row, so that a flood cannot hold the loop */

struct planned {
	double at;
	int tag;
};

struct udp_probe {
	struct loop *loop;
	struct udp_socket *socket;
	const struct udp_probe_calls *calls;
	void *arg;
	struct loop_timer timer;
	struct planned *planned; /* owned, in order of time */
	size_t planned_count, planned_capacity;
	double deadline; /* < 0: none */
	bool quiet;
};

static void drain(struct udp_probe *probe)
{
	uint8_t bytes[UDP_PROBE_MAX];
	struct udp_error error;
	size_t len;

	for (int i = 0; i < BATCH && !probe->quiet; i++) {
		switch (udp_receive(probe->socket, bytes, sizeof bytes, &len, &error)) {
		case UDP_NOTHING:
			return;
		case UDP_DATAGRAM:
			probe->calls->datagram(probe->arg, bytes, len);
			break;
		case UDP_ERROR:
			probe->calls->error(probe->arg, &error, false);
			break;
		}
	}
}

static void on_readable(void *arg, intptr_t fd, int events)
{
	(void)fd;
	(void)events;
	drain(arg);
}

static void rearm(struct udp_probe *probe)
{
	double due = probe->deadline;

	if (probe->quiet)
		return;
	if (probe->planned_count > 0 && (due < 0 || probe->planned[0].at < due))
		due = probe->planned[0].at;
	if (due < 0)
		loop_timer_stop(probe->loop, &probe->timer);
	else
		loop_timer_at(probe->loop, &probe->timer, due);
}

/* What already waits in the socket counts before time does. */
static void on_timer(void *arg)
{
	struct udp_probe *probe = arg;
	double now = loop_now(probe->loop);

	drain(probe);
	if (!probe->quiet && probe->deadline >= 0 && now >= probe->deadline) {
		udp_probe_deadline(probe, -1);
		probe->calls->deadline(probe->arg);
		return;
	}
	if (!probe->quiet && probe->planned_count > 0 && now >= probe->planned[0].at) {
		int tag = probe->planned[0].tag;
		probe->planned_count--;
		for (size_t i = 0; i < probe->planned_count; i++)
			probe->planned[i] = probe->planned[i + 1];
		probe->calls->due(probe->arg, tag);
	}
	rearm(probe);
}

struct udp_probe *udp_probe_new(struct loop *loop, const struct net_addr *addr, uint16_t port,
	uint16_t source_port, const struct udp_probe_calls *calls, void *arg,
	struct udp_error *error)
{
	struct udp_socket *socket = udp_open(addr, port, source_port, error);

	if (socket == NULL)
		return NULL;
	struct udp_probe *probe = mem_alloc(sizeof *probe);
	probe->loop = loop;
	probe->socket = socket;
	probe->calls = calls;
	probe->arg = arg;
	probe->deadline = -1;
	loop_timer_init(&probe->timer, on_timer, probe);
	loop_fd(loop, udp_fd(socket), LOOP_READ, on_readable, probe);
	return probe;
}

void udp_probe_free(struct udp_probe *probe)
{
	if (probe == NULL)
		return;
	udp_probe_quiet(probe);
	udp_close(probe->socket);
	free(probe->planned);
	free(probe);
}

struct udp_socket *udp_probe_socket(struct udp_probe *probe)
{
	return probe->socket;
}

void udp_probe_plan(struct udp_probe *probe, double at, int tag)
{
	probe->planned = mem_grow(probe->planned, probe->planned_count, &probe->planned_capacity,
		sizeof probe->planned[0]);
	size_t i = probe->planned_count++;
	for (; i > 0 && probe->planned[i - 1].at > at; i--)
		probe->planned[i] = probe->planned[i - 1];
	probe->planned[i] = (struct planned){at, tag};
	rearm(probe);
}

void udp_probe_unplan(struct udp_probe *probe)
{
	probe->planned_count = 0;
	rearm(probe);
}

void udp_probe_deadline(struct udp_probe *probe, double at)
{
	probe->deadline = at;
	rearm(probe);
}

bool udp_probe_send(struct udp_probe *probe, const void *bytes, size_t len)
{
	struct udp_error error;

	if (udp_send(probe->socket, bytes, len, &error) == 0)
		return true;
	if (!probe->quiet)
		probe->calls->error(probe->arg, &error, true);
	return false;
}

void udp_probe_quiet(struct udp_probe *probe)
{
	if (probe->quiet)
		return;
	probe->quiet = true;
	loop_timer_stop(probe->loop, &probe->timer);
	loop_fd(probe->loop, udp_fd(probe->socket), 0, NULL, NULL);
}
