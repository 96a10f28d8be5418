/*
 * One IKE conversation with one address and port, over one socket: questions at planned times until
 * the first answer; after it, if wanted, one full exchange for NAT detection and to see a large
 * answer arrive; and then, of whom answered, further questions of other sizes.
 *
 * A COOKIE is never answered, and what needs no state on the gateway is asked so that it leaves
 * none: a facility's terminals share one address and one half-open limit.
 *
 * ICMP can be forged, so an error is not the end: the next question is asked at once, and both get
 * a short time for a real answer.
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
	bool again; /* the bytes of this question's last packet, unchanged */
};

struct ike_plan {
	struct net_addr addr;
	uint16_t port, source_port; /* source_port 0: usual_port if it is free, else any */
	uint16_t usual_port;        /* 0: any */
	bool marker;
	bool nat;                     /* ask for NAT detection after an answer */
	bool large;                   /* ask so that its answer is large, where it takes that */
	int group;                    /* of the first key exchange; ike_group_known */
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
	void (*sized)(void *arg, size_t size);    /* a question of ike_probe_size has ended */
};

#define IKE_ASKED_MAX 8
#define IKE_SIZES_MAX 15

/*
 * Seconds for an answer after which a gateway is slow. It may take its packets one after the other,
 * so that each question makes the next answer later: it is asked what is needed, and the next thing
 * when it has answered the last.
 */
#define IKE_SLOW 1.4

/* Bytes before the UDP payload. */
#define IKE_OVER_IPV4 28
#define IKE_OVER_IPV6 48

/*
 * Whether large answers arrive. The one full exchange is asked with a large key where the gateway,
 * asked before, takes one: so its silence is none of those that ignore what they do not take. After
 * silence it is asked with the key that it prefers, too (`full`).
 */
enum ike_large {
	IKE_LARGE_UNTRIED,
	IKE_LARGE_ANSWERED,
	IKE_LARGE_SILENT /* several times; whether small ones arrive is to be seen elsewhere */
};

/* What came of it; the first answer, the first error, the first strange datagram. */
struct ike_outcome {
	bool answered;
	bool repeated; /* the first question alone had no answer by then */
	struct ike_reply reply;
	double rtt; /* seconds from the first sending of the answered question to its answer */

	bool failed; /* the OS or an ICMP message told an error; may stand beside an answer */
	struct udp_error error;
	long mtu; /* path MTU told on the way, 0: none */

	bool not_ike; /* a datagram came that is no IKE answer to us */
	uint8_t first[16];
	size_t first_len;

	int sent, received; /* datagrams */
	int near;           /* of those sent: not to be answered, as they may pass no router */
	double received_at; /* the last: loop_now value */
	bool complete;      /* every step was sent and the deadline passed without an answer */

	struct net_addr local; /* family 0: no socket */
	uint16_t local_port;
	enum ike_question questions[IKE_ASKED_MAX]; /* in the order asked, without repetitions */
	int groups[IKE_ASKED_MAX];
	size_t question_count;

	enum ike_large large;
	int large_group;              /* that the gateway took: IKE_LARGE_ANSWERED, _SILENT */
	long large_sent, large_bytes; /* then: bytes of IP of the question and of the answer, or of
					 what the answer has at least */

	bool nat_asked;             /* NAT detection was asked for on its own */
	enum ike_answer nat_answer; /* its last answer; IKE_NOT_IKE: none */

	/* From a full answer, whichever question it belongs to. */
	enum ike_nat nat_local, nat_remote;
	bool full;
	bool fragmentation;
	const char *vendor;
};

enum ike_size_state {
	IKE_SIZE_ASKED,
	IKE_SIZE_ANSWERED,
	IKE_SIZE_SILENT,
	IKE_SIZE_TOO_BIG,    /* the OS, or an ICMP message, told a path MTU */
	IKE_SIZE_FAILED,     /* another error */
	IKE_SIZE_UNSUPPORTED /* the OS cannot set Don't Fragment, or limit hops */
};

/* What came of one question of a size. */
struct ike_size {
	size_t payload; /* bytes of UDP payload */
	bool whole;     /* Don't Fragment was set */
	enum ike_size_state state;
	struct udp_error error; /* IKE_SIZE_TOO_BIG, IKE_SIZE_FAILED */
	struct ike_reply reply; /* IKE_SIZE_ANSWERED */
	int sent;
};

struct ike_probe;

/* Starts; never NULL. A socket that cannot be opened is told by `done` and outcome.error. */
struct ike_probe *ike_probe_new(struct loop *loop, const struct ike_plan *plan,
	const struct ike_probe_calls *calls, void *arg);
/* Closes the socket. Call it late: a gateway may repeat its answer (udp_probe.h). */
void ike_probe_free(struct ike_probe *probe);
/* As in the plan; before the first answer. */
void ike_probe_want(struct ike_probe *probe, bool nat, bool large);
size_t ike_probe_step(const struct ike_probe *probe);        /* how many steps' times have come */
void ike_probe_deadline(struct ike_probe *probe, double at); /* moves it nearer, never further */
/* The questions that are left are so many seconds apart, and have that time for an answer. */
void ike_probe_slow_down(struct ike_probe *probe, double gap);

/*
 * After `done`, and if it was answered: asks what was answered once more, in a packet of this size,
 * up to `times` times: the second time after `again` seconds, then every `every`. Several sizes may
 * be under way. Returns its number for `sized`, or IKE_SIZES_MAX when there were enough.
 */
struct ike_sizing {
	size_t payload;
	bool whole; /* set Don't Fragment */
	int hops;   /* routers that it may pass; 0: as many as the OS lets it */
	int group;  /* asked for in full; 0: one that leaves no state */
	int times;
	double again, every;
};
size_t ike_probe_size(struct ike_probe *probe, const struct ike_sizing *sizing);
/* The large question that stayed silent, likewise. */
size_t ike_probe_large_again(struct ike_probe *probe, int times, double every);
const struct ike_size *ike_probe_sized(const struct ike_probe *probe, size_t size);
size_t ike_probe_size_count(const struct ike_probe *probe); /* asked so far */
void ike_probe_sizes_end(struct ike_probe *probe);          /* those under way count as silent */

/* An initiator's SPI for a packet of one's own. */
void ike_random_spi(uint8_t spi[8]);

/* So far; borrowed, valid until ike_probe_free. */
const struct ike_outcome *ike_probe_outcome(const struct ike_probe *probe);

#endif
