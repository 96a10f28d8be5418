/*
 * The IKE conversations of a run: one for each address and port, however many checks ask for it,
 * over one socket each. Routers limit how many packets or new flows a second they take, and some
 * pass one flow at a time; so a gateway's ports are asked in turn, as a client does, and what can
 * be asked over the flow that is answered is asked there.
 *
 * A conversation goes through phases, those that somebody waits for:
 *   IKE_REACH   questions until one is answered, then the full exchange if wanted
 *   IKE_NEAR    whether the first router answers in the gateway's place
 *   IKE_SIZES   what sizes of packets arrive
 *   IKE_SECOND  whether a flow from another source port is answered too; it begins when no port of
 *               the gateway waits for its first answer any more
 */
#ifndef PREFLIGHT_IKE_DESK_H
#define PREFLIGHT_IKE_DESK_H

#include "ike_probe.h"
#include "rtt.h"

enum ike_phase { IKE_REACH, IKE_NEAR, IKE_SIZES, IKE_SECOND, IKE_PHASES };

/* What sizes arrive, and are answered; the answers are small. */
struct ike_sizes {
	bool asked;
	bool lost_all; /* the gateway fell silent, to any size */
	/* A packet that fills an Ethernet frame; one of IKE_DF_BYTES; both whole. In fragments. */
	enum ike_size_state full, df, fragmented;
	long passed, lost; /* bytes of IP: the largest whole packet answered, the least one lost
			      without a word; 0: none */
	struct udp_error error; /* of df, when IKE_SIZE_FAILED */
	int sent;
};
#define IKE_DF_BYTES         1400 /* UDP payload */
#define IKE_FRAGMENTED_BYTES 1900
/*
 * Bytes of IP that the tunnel's packets have, when full: 1,400 inside (what Windows' and
 * strongSwan's tunnels carry), padded to 1,408, and IP, UDP, ESP, IV and ICV of 20, 8, 8, 16 and 16
 * (RFC 3948, RFC 4303; AES-CBC with HMAC-SHA2-256).
 */
#define IKE_TUNNEL_SIZE 1476

enum ike_second_flow {
	IKE_SECOND_UNKNOWN,
	IKE_SECOND_ANSWERED,
	IKE_SECOND_REFUSED /* silent, while the first one is answered */
};

/*
 * A router's own VPN, or one that is led there, may answer for the gateway. A question that must
 * not pass any router and is answered all the same was answered on this side of the first one. A
 * device that sends packets anew, as some virtual machines' networks do, answers it too: there the
 * answers come through address translation, so they are not taken for the device's own.
 */
struct ike_near {
	bool answered;
	enum ike_nat nat_local, nat_remote; /* then: from a full answer, as in struct ike_outcome */
	struct net_addr router;             /* then: the first one */
};

struct ike_desk;
struct ike_talk;

struct ike_desk *ike_desk_new(struct loop *loop, struct rtt_board *rtts);
void ike_desk_free(struct ike_desk *desk); /* closes the sockets, calls nothing */

struct ike_want {
	struct net_addr addr;
	uint16_t port, source_port; /* source_port 0: any */
	bool marker, nat, large;    /* nat, large: as in struct ike_plan */
	bool near;                  /* go through IKE_NEAR, too */
	enum ike_phase until;
};

/* All but `ended` may be NULL; none is called from within ike_desk_join. */
struct ike_desk_calls {
	/* The first question goes out; silence lasts until `deadline`, its time stretched by
	 * `scale`. */
	void (*begun)(void *arg, double scale, double deadline);
	void (*answered)(void *arg);
	void (*ended)(void *arg); /* phase `until` is over; once */
};

/* Never NULL; the desk's. `calls` and arg are borrowed until ike_talk_leave or `ended`. */
struct ike_talk *ike_desk_join(struct ike_desk *desk, const struct ike_want *want,
	const struct ike_desk_calls *calls, void *arg);
void ike_talk_leave(struct ike_talk *talk, const void *arg); /* no more calls for arg */
/* Silence counts from then on, if that is sooner. */
void ike_talk_deadline(struct ike_talk *talk, double at);

const struct ike_outcome *ike_talk_outcome(const struct ike_talk *talk);
bool ike_talk_over(const struct ike_talk *talk, enum ike_phase phase);
const struct ike_sizes *ike_talk_sizes(const struct ike_talk *talk);
const struct ike_near *ike_talk_near(const struct ike_talk *talk);
enum ike_second_flow ike_talk_second(const struct ike_talk *talk);

/*
 * Whether the gateway is there, but takes no connections for the moment: it answered nothing but
 * the version.
 */
bool ike_talk_limited(const struct ike_talk *talk);

/*
 * Calls fn once, when every port of the address that was joined has an answer, an error, or had its
 * time; where first packets were lost, when second flows have been asked about, too. What opens
 * another flow before may take the one that they need. At once (from within) when that is so.
 * ike_desk_cancel drops every wait of `arg`.
 */
typedef void ike_settled_fn(void *arg);
void ike_desk_settled(
	struct ike_desk *desk, const struct net_addr *addr, ike_settled_fn *fn, void *arg);
void ike_desk_cancel(struct ike_desk *desk, const void *arg);

#endif
