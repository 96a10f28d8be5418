/*
 * A UDP conversation on the loop: one connected socket, datagrams sent at planned times, a
 * deadline, and callbacks for what comes back.
 *
 * The socket stays open until udp_probe_free, also after the conversation has ended: the peer may
 * still repeat its answer, and a closed port would reply to that with an ICMP error.
 */
#ifndef PREFLIGHT_UDP_PROBE_H
#define PREFLIGHT_UDP_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"
#include "udp.h"

#define UDP_PROBE_MAX 2048 /* bytes of a datagram that are received; the rest is cut off */

/*
 * Callbacks, all on the loop's thread; they may call every function below but udp_probe_free.
 * None is called after udp_probe_quiet.
 */
struct udp_probe_calls {
	/* The time of datagram `tag` has come: send it with udp_probe_send, or don't. */
	void (*due)(void *arg, int tag);
	void (*datagram)(void *arg, const uint8_t *bytes, size_t len);
	/* sending: the OS refused tag's datagram at once; else it came later (ICMP). */
	void (*error)(void *arg, const struct udp_error *error, bool sending);
	void (*deadline)(void *arg); /* passed, once; planned sends stay planned */
};

struct udp_probe;

/* NULL and *error when the socket cannot be opened. `calls` and arg are borrowed until free. */
struct udp_probe *udp_probe_new(struct loop *loop, const struct net_addr *addr, uint16_t port,
	uint16_t source_port, const struct udp_probe_calls *calls, void *arg,
	struct udp_error *error);
void udp_probe_free(struct udp_probe *probe);

/* Borrowed; for udp_local and udp_dont_fragment. */
struct udp_socket *udp_probe_socket(struct udp_probe *probe);

void udp_probe_plan(struct udp_probe *probe, double at, int tag); /* `at`: loop_now value */
void udp_probe_unplan(struct udp_probe *probe);                   /* forgets all planned sends */
void udp_probe_deadline(
	struct udp_probe *probe, double at); /* replaces the one before; < 0: none */

/* Sends now; a refusal goes to the error callback and gives false. */
bool udp_probe_send(struct udp_probe *probe, const void *bytes, size_t len);

/* Ends the conversation: no callback, no timer, no reading. The socket stays open. */
void udp_probe_quiet(struct udp_probe *probe);

#endif
