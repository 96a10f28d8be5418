/*
 * The first packets of IKE, built and read: IKEv2 (RFC 7296), IKEv1 main mode (RFC 2408/2409),
 * the non-ESP marker (RFC 3948 section 2.2). Only what reachability, NAT and fragmentation
 * questions need; no keys are ever derived.
 */
#ifndef PREFLIGHT_IKE_H
#define PREFLIGHT_IKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net.h"

#define IKE_MAX 2048 /* bytes of the largest message we build or read */

/* Questions, from those that leave no state on the gateway to those that do. */
enum ike_question {
	IKE_ASK_VERSION,   /* header with major version 3: answered INVALID_MAJOR_VERSION, stateless */
	IKE_ASK_REJECT,    /* a proposal no gateway takes: NO_PROPOSAL_CHOSEN, stateless */
	IKE_ASK_PROPOSAL,  /* a wide proposal with KE of `group`; NAT detection needs this one */
	IKE_ASK_V1_MAIN /* IKEv1 main mode, wide */
};

struct ike_request {
	enum ike_question question;
	uint8_t spi[8];          /* initiator's, random, not zero */
	int group;               /* IKE_ASK_PROPOSAL: 14, 19 or 31 */
	bool marker;             /* four zero bytes first (port 4500) */
	size_t pad_to;           /* UDP payload size wanted (padded by a Vendor ID), 0: none */
	struct net_addr local, remote; /* for NAT_DETECTION_*_IP */
	uint16_t local_port, remote_port;
};

/* Builds a message; returns its size (marker included) or 0 when it does not fit in `size`. */
size_t ike_build(const struct ike_request *request, uint8_t *buf, size_t size);

enum ike_answer {
	IKE_NOT_IKE,            /* something, but not IKE or not for us */
	IKE_SA_INIT,            /* full IKE_SA_INIT response */
	IKE_COOKIE,             /* N(COOKIE): alive and busy; never answered */
	IKE_INVALID_KE,         /* wants another group */
	IKE_NO_PROPOSAL,        /* N(NO_PROPOSAL_CHOSEN) */
	IKE_INVALID_MAJOR,      /* N(INVALID_MAJOR_VERSION) */
	IKE_INVALID_SYNTAX,
	IKE_OTHER_NOTIFY,       /* any other error notify; see notify */
	IKE_V1_MAIN,            /* IKEv1 main mode message 2 */
	IKE_V1_NOTIFY           /* IKEv1 informational with a notify */
};
const char *ike_answer_name(enum ike_answer answer); /* "IKE_SA_INIT", "COOKIE", … */

enum ike_nat {
	IKE_NAT_UNKNOWN, /* no hashes */
	IKE_NAT_NONE,
	IKE_NAT_PRESENT
};

struct ike_reply {
	enum ike_answer answer;
	int version_major;
	int notify;             /* first error notify type, 0: none */
	int wanted_group;       /* IKE_INVALID_KE */
	enum ike_nat nat_local, nat_remote; /* this side, the gateway's side */
	bool fragmentation;     /* N(IKEV2_FRAGMENTATION_SUPPORTED), RFC 7383 */
	const char *vendor;     /* product told by a Vendor ID, static; NULL: none known */
};

/*
 * Reads a datagram that came to the socket of `request`. Never reads beyond len; anything
 * malformed, of another SPI or exchange gives IKE_NOT_IKE.
 */
void ike_parse(const struct ike_request *request, const uint8_t *bytes, size_t len,
        struct ike_reply *reply);

/* Notify name per IANA's IKEv2 registry ("NO_PROPOSAL_CHOSEN"), or NULL. */
const char *ike_notify_name(int type);

#endif
