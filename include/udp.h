/*
 * One connected UDP socket to one address and port, with errors told as exactly as the OS can:
 * who refused, and how. Implemented by the OS layer (src/platform/udp_*.c).
 */
#ifndef PREFLIGHT_UDP_H
#define PREFLIGHT_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net.h"

struct udp_error {
	enum net_error error;
	int number;               /* errno or WSA code */
	int icmp_type, icmp_code; /* -1 when not from ICMP or not told */
	struct net_addr offender; /* who sent the ICMP message; family 0: not told */
	long mtu;                 /* NET_MSGSIZE: path MTU in bytes, 0: not told */
};

struct udp_socket;

/*
 * Opens and connects. source_port 0: any. NULL and *error on failure (no route, local firewall).
 * Free with udp_close.
 */
struct udp_socket *udp_open(
	const struct net_addr *addr, uint16_t port, uint16_t source_port, struct udp_error *error);
void udp_close(struct udp_socket *s);

/* The descriptor for the event loop. */
intptr_t udp_fd(const struct udp_socket *s);

/* This end's address and port, as bound by connect. */
int udp_local(const struct udp_socket *s, struct net_addr *addr, uint16_t *port);

/* Sets or clears Don't Fragment (Linux: IP_PMTUDISC_DO / _DONT); -1 where the OS cannot. */
int udp_dont_fragment(struct udp_socket *s, bool on);

/* Sends one datagram; -1 and *error when the OS refuses at once. */
int udp_send(struct udp_socket *s, const void *bytes, size_t len, struct udp_error *error);

enum udp_event {
	UDP_NOTHING,  /* nothing more is waiting */
	UDP_DATAGRAM, /* *len bytes are in buf */
	UDP_ERROR     /* *error is filled */
};
/* Takes the next waiting datagram or error; never blocks. */
enum udp_event udp_receive(
	struct udp_socket *s, void *buf, size_t size, size_t *len, struct udp_error *error);

#endif
