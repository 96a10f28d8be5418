/*
 * A TLS and HTTP server on 127.0.0.1 for unit tests, with certificates made on the spot, turned by
 * the same event loop as what is tested: no threads, no waiting.
 */
#ifndef PREFLIGHT_TESTS_TLS_MOCK_H
#define PREFLIGHT_TESTS_TLS_MOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "../../src/engine/fetch_private.h"
#include "../../src/engine/names_private.h"

#define MOCK_HOST "gw.test.example"

/* ---- certificates ---- */

struct mock_cert {
	X509 *cert; /* owned, as the key */
	EVP_PKEY *key;
};

struct mock_cert_spec {
	const char *cn, *o;
	const char *san;                /* "DNS:gw.test.example,IP:127.0.0.1", or NULL */
	const struct mock_cert *issuer; /* NULL: self-signed */
	bool ca;
	long from_days, until_days; /* from today; both 0: -10 and 100 */
	int rsa_bits;               /* 0: P-256 */
	bool sha1;
	const char *aia; /* "caIssuers;URI:http://…", or NULL */
};

struct mock_cert mock_cert_make(const struct mock_cert_spec *spec);
void mock_cert_free(struct mock_cert *cert);
/* Writes certificates into a PEM file; returns its name (remove and free it). */
char *mock_pem_file(const struct mock_cert *const *certs, size_t count);

/* A client certificate with its key, as a check names it. */
struct mock_identity {
	struct rules *rules;
	char *file, *authority_file;
	struct identities *all;
	const struct identity *identity; /* what fetch_want takes */
};

/* chain: sent along, or NULL; authority: trusted for the server besides the OS's roots, or NULL. */
void mock_identity_make(struct mock_identity *made, const struct mock_cert *cert,
	const struct mock_cert *chain, const struct mock_cert *authority);
void mock_identity_free(struct mock_identity *made);

/* ---- the server ---- */

enum mock_mode {
	MOCK_TLS,        /* handshake, then `response` to each request */
	MOCK_TLS_SILENT, /* handshake, then nothing */
	MOCK_TLS_RESET,  /* handshake, reads the request, resets */
	MOCK_PLAIN,      /* no TLS: `response` to whatever comes */
	MOCK_SILENT,     /* accepts and reads, says nothing */
	MOCK_CLOSE,      /* closes after the first bytes */
	MOCK_RESET       /* resets after the first bytes */
};

struct mock_conn;
struct mock_server {
	struct loop *loop;
	int fd;
	uint16_t port;
	enum mock_mode mode;
	SSL_CTX *ctx;
	const char *response;        /* whole, with headers */
	const char *second_path;     /* a request for this path ... */
	const char *second_response; /* ... is answered by this */
	unsigned mute;               /* bit n: the nth connection is accepted, and no more */
	bool hold;                   /* connections stay open behind their response */
	unsigned odd;                /* bit n: the nth connection meets another certificate */
	SSL_CTX *odd_ctx;
	unsigned shown; /* client certificates that came */
	unsigned accepted, requests;
	char last_request[2048];
	struct mock_conn *conns;
};

/* loop NULL: the port is taken, and nothing happens until mock_server_attach. */
void mock_server_start(struct mock_server *s, struct loop *loop, enum mock_mode mode);
void mock_server_attach(struct mock_server *s, struct loop *loop);
/* chain: sent behind the certificate. */
void mock_server_identity(struct mock_server *s, const struct mock_cert *cert,
	const struct mock_cert *const *chain, size_t count);
/* Demands a client certificate of this CA. */
void mock_server_demand(struct mock_server *s, const struct mock_cert *ca);
/* From mock_server_identity's on, the connections whose bits are set meet this one instead. */
void mock_server_odd(struct mock_server *s, unsigned which, const struct mock_cert *cert,
	const struct mock_cert *const *chain, size_t count);
/* DHE with a prime of 1024 bits (RFC 2409 section 6.2). */
void mock_server_weak_group(struct mock_server *s);
/* A byte more on each that is held; last: and then they are closed. false: none is. */
bool mock_server_drip(struct mock_server *s, bool last);
void mock_server_stop(struct mock_server *s);
/* A port of 127.0.0.1 on which nobody listens. */
uint16_t mock_closed_port(void);

/* ---- everything that a fetch needs ---- */

struct rig {
	struct loop *loop;
	struct terminal terminal; /* its hosts file names MOCK_HOST */
	struct names *names;
	struct rtt_board *rtts;
	struct fetches *fetches;
	struct rule_host host;
	struct mock_server server;
	const struct fetch_result *result; /* of the last rig_fetch */
	unsigned told;
};

/* roots: a PEM file of what is trusted, or NULL. */
void rig_start(struct rig *rig, enum mock_mode mode, const char *roots);
void rig_stop(struct rig *rig);
struct fetch_want rig_want(struct rig *rig, enum fetch_depth depth);
/* Asks and turns the loop until the answer is there. */
const struct fetch_result *rig_fetch(struct rig *rig, const struct fetch_want *want);
/* Asks; rig_turn turns the loop until `told` callbacks came. */
void rig_add(struct rig *rig, const struct fetch_want *want);
void rig_turn(struct rig *rig, unsigned told);

#endif
