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

/*
 * Questions, in the order in which they may be asked: what a real client sends comes first. A guard
 * may take version 3 for an attack, so it is asked only where everything else stayed silent.
 */
enum ike_question {
	IKE_ASK_PROPOSAL, /* a wide proposal with KE of `group`, as a client begins */
	IKE_ASK_LARGE,    /* with KE of a group whose answer is large, that group; of any other,
			     whether it takes one of the large ones, which leaves no state */
	IKE_ASK_V1_MAIN,  /* IKEv1 main mode, wide */
	IKE_ASK_VERSION   /* the proposal with major version 3: answered INVALID_MAJOR_VERSION, also
			     by a gateway that takes no connections for the moment */
};

struct ike_request {
	enum ike_question question;
	uint8_t spi[8]; /* initiator's, random, not zero */
	int group;      /* all but IKE_ASK_V1_MAIN */
	bool marker;    /* four zero bytes first (port 4500) */
	size_t pad_to;  /* UDP payload size wanted (padded by a Vendor ID), 0: none */
	struct net_addr local, remote; /* for NAT_DETECTION_*_IP */
	uint16_t local_port, remote_port;
};

/*
 * Builds a message; returns its size (marker included) or 0 when it does not fit in `size` or the
 * group is not known. Nonce and padding are random: keep the bytes to send the same message again.
 */
size_t ike_build(const struct ike_request *request, uint8_t *buf, size_t size);

/* Whether ike_build can fill a key exchange of this Diffie-Hellman group. */
bool ike_group_known(int group);
/* Whether its answer is large. */
bool ike_group_large(int group);
/* Bytes of its key exchange data; 0: not known. */
size_t ike_group_size(int group);

/*
 * The hash of NAT_DETECTION_*_IP (RFC 7296 section 2.23): SHA-1 of SPIs, address and port.
 * spi_i, spi_r: 8 bytes each. False when there is no address or no SHA-1.
 */
#define IKE_NATD_SIZE 20
bool ike_natd_hash(const uint8_t *spi_i, const uint8_t *spi_r, const struct net_addr *addr,
	uint16_t port, uint8_t hash[IKE_NATD_SIZE]);

enum ike_answer {
	IKE_NOT_IKE,       /* something, but not IKE or not for us */
	IKE_SA_INIT,       /* full IKE_SA_INIT response */
	IKE_COOKIE,        /* N(COOKIE): alive and busy; never answered */
	IKE_INVALID_KE,    /* wants another group */
	IKE_NO_PROPOSAL,   /* N(NO_PROPOSAL_CHOSEN) */
	IKE_INVALID_MAJOR, /* N(INVALID_MAJOR_VERSION) */
	IKE_INVALID_SYNTAX,
	IKE_REDIRECT,     /* N(REDIRECT): clients are sent to another gateway (RFC 5685) */
	IKE_OTHER_NOTIFY, /* any other error notify; see notify */
	IKE_V1_MAIN,      /* IKEv1 main mode message 2 */
	IKE_V1_NOTIFY     /* IKEv1 informational with a notify */
};
const char *ike_answer_name(enum ike_answer answer); /* "IKE_SA_INIT", "COOKIE", … */

enum ike_nat {
	IKE_NAT_UNKNOWN, /* no hashes */
	IKE_NAT_NONE,
	IKE_NAT_PRESENT
};

#define IKE_REDIRECT_SIZE 64

struct ike_reply {
	enum ike_answer answer;
	int version_major;
	int notify;                         /* first error notify type, 0: none */
	int wanted_group;                   /* IKE_INVALID_KE */
	enum ike_nat nat_local, nat_remote; /* this side, the gateway's side */
	bool fragmentation;                 /* N(IKEV2_FRAGMENTATION_SUPPORTED), RFC 7383 */
	const char *vendor; /* product told by a Vendor ID, static; NULL: none known */
	char redirect[IKE_REDIRECT_SIZE]; /* IKE_REDIRECT: address or name; may be empty */
};

/*
 * Reads a datagram that came to the socket of `request`. Never reads beyond len; anything
 * malformed, of another SPI or exchange gives IKE_NOT_IKE.
 */
void ike_parse(const struct ike_request *request, const uint8_t *bytes, size_t len,
	struct ike_reply *reply);

/* Whether it is the header of an IKE response, whoever asked. */
bool ike_is_response(const uint8_t *bytes, size_t len, bool marker);

/* Notify name per IANA's IKEv2 registry ("NO_PROPOSAL_CHOSEN"), or NULL. */
const char *ike_notify_name(int type);
/* The same for IKEv1 (RFC 2408 section 3.14.1: "NO-PROPOSAL-CHOSEN"), or NULL. */
const char *ike_v1_notify_name(int type);

/* Numbers that building and reading share (RFC 7296 section 3, RFC 2408 section 3). */
enum {
	IKE_HEADER_SIZE = 28,
	IKE_MARKER_SIZE = 4,
	IKE_PAYLOAD_SA = 33,
	IKE_PAYLOAD_KE = 34,
	IKE_PAYLOAD_NONCE = 40,
	IKE_PAYLOAD_NOTIFY = 41,
	IKE_PAYLOAD_VENDOR = 43,
	IKE_V1_PAYLOAD_SA = 1,
	IKE_V1_PAYLOAD_NOTIFY = 11,
	IKE_V1_PAYLOAD_VENDOR = 13,
	IKE_EXCHANGE_SA_INIT = 34,
	IKE_EXCHANGE_INFORMATIONAL = 37,
	IKE_V1_EXCHANGE_MAIN = 2,
	IKE_V1_EXCHANGE_INFORMATIONAL = 5,
	IKE_FLAG_INITIATOR = 0x08,
	IKE_FLAG_RESPONSE = 0x20,
	IKE_V1_FLAG_ENCRYPTED = 0x01,
	IKE_N_INVALID_MAJOR_VERSION = 5,
	IKE_N_INVALID_SYNTAX = 7,
	IKE_N_NO_PROPOSAL_CHOSEN = 14,
	IKE_N_INVALID_KE_PAYLOAD = 17,
	IKE_N_STATUS = 16384, /* from here on notifies are no errors */
	IKE_N_NAT_DETECTION_SOURCE_IP = 16388,
	IKE_N_NAT_DETECTION_DESTINATION_IP = 16389,
	IKE_N_COOKIE = 16390,
	IKE_N_REDIRECT_SUPPORTED = 16406,
	IKE_N_REDIRECT = 16407,
	IKE_N_FRAGMENTATION_SUPPORTED = 16430,
	IKE_N_SIGNATURE_HASH_ALGORITHMS = 16431
};

#endif
