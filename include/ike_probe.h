/*
 * One IKE conversation with one address and port: questions at planned times until the first
 * answer, and after it, if wanted, one full exchange for NAT detection.
 *
 * Only what stays without answer goes on to the questions that leave state on the gateway, and a
 * COOKIE is never answered: a facility's terminals share one address and one half-open limit.
 *
 * ICMP can be forged and the first question is an odd one, so an error is not the end: the next
 * question is asked at once, and both get a short time for a real answer.
 */
#ifndef PREFLIGHT_IKE_PROBE_H
#define PREFLIGHT_IKE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike.h"
#include "loop.h"
#include "udp.h"

/* One planned datagram. */
struct ike_step {
	double at; /* seconds after the first */
	enum ike_question question;
	bool again; /* the bytes of the step before, unchanged */
};

enum ike_fragment {
	IKE_FRAGMENT_AS_IS, /* as the OS does by itself */
	IKE_FRAGMENT_NEVER, /* Don't Fragment set */
	IKE_FRAGMENT_MAY    /* Don't Fragment clear */
};

struct ike_plan {
	struct net_addr addr;
	uint16_t port, source_port; /* source_port 0: any */
	bool marker;
	bool nat; /* ask for NAT detection after an answer */
	size_t pad_to;
	enum ike_fragment fragment;
	const struct ike_step *steps; /* borrowed for the probe's life; the first is sent at once */
	size_t step_count;
	double scale;    /* factor on the steps' times */
	double deadline; /* loop_now value */
};

/* All borrowed; none is called from within ike_probe_new. */
struct ike_probe_calls {
	bool (*may_send)(void *arg, size_t step); /* whether step is sent when its time comes */
	void (*answered)(void *arg);              /* the first answer came; more may follow */
	void (*done)(void *arg);                  /* the outcome is complete; once */
};

#define IKE_ASKED_MAX 8

/* What came of it; the first answer, the first error, the first strange datagram. */
struct ike_outcome {
	bool answered;
	struct ike_reply reply;
	double rtt; /* seconds from the first sending of the answered question to its answer */

	bool failed; /* the OS or an ICMP message told an error; may stand beside an answer */
	struct udp_error error;
	long mtu; /* path MTU told on the way, 0: none */

	bool not_ike; /* a datagram came that is no IKE answer to us */
	uint8_t first[16];
	size_t first_len;

	int sent;      /* datagrams */
	bool complete; /* every step was sent and the deadline passed without an answer */
	bool df_unsupported;

	struct net_addr local; /* family 0: no socket */
	uint16_t local_port;
	enum ike_question questions[IKE_ASKED_MAX]; /* in the order asked, without repetitions */
	int groups[IKE_ASKED_MAX];
	size_t question_count;

	bool nat_asked;             /* NAT detection was asked for on its own */
	enum ike_answer nat_answer; /* its last answer; IKE_NOT_IKE: none */

	/* From a full answer, whichever question it belongs to. */
	enum ike_nat nat_local, nat_remote;
	bool full;
	bool fragmentation;
	const char *vendor;
};

struct ike_probe;

/* Starts; never NULL. A socket that cannot be opened is told by `done` and outcome.error. */
struct ike_probe *ike_probe_new(struct loop *loop, const struct ike_plan *plan,
	const struct ike_probe_calls *calls, void *arg);
/* Closes the socket. Call it late: a gateway may repeat its answer (udp_probe.h). */
void ike_probe_free(struct ike_probe *probe);
void ike_probe_deadline(struct ike_probe *probe, double at); /* moves it nearer, never further */

/*
 * Asks at once what another probe of the same gateway asked last and got answered, unless that is
 * what this one asked last too.
 */
void ike_probe_follow(struct ike_probe *probe, const struct ike_outcome *answered);

/* Sends the last question once more at a time of the loop's clock, unless it was answered. */
void ike_probe_repeat(struct ike_probe *probe, double at);

/* An initiator's SPI for a packet of one's own. */
void ike_random_spi(uint8_t spi[8]);

/* So far; borrowed, valid until ike_probe_free. */
const struct ike_outcome *ike_probe_outcome(const struct ike_probe *probe);

#endif
