/* A TLS and HTTP server for unit tests: see tls_mock.h. */
#include "tls_mock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "identity.h"
#include "judge_rows.h"
#include "mem.h"

#define require(what)                                                                              \
	do {                                                                                       \
		if (!(what)) {                                                                     \
			perror(#what);                                                             \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* ---- certificates ---- */

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	require(extension != NULL);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
}

static void add_name(X509_NAME *name, const char *field, const char *text)
{
	if (text != NULL)
		X509_NAME_add_entry_by_txt(
			name, field, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0);
}

struct mock_cert mock_cert_make(const struct mock_cert_spec *spec)
{
	struct mock_cert made = {.cert = X509_new()};
	X509 *issuer = spec->issuer != NULL ? spec->issuer->cert : made.cert;
	long from = spec->from_days, until = spec->until_days;
	static long serial = 1000;

	if (from == 0 && until == 0) {
		from = -10;
		until = 100;
	}
	made.key = spec->rsa_bits > 0 ? EVP_RSA_gen((unsigned)spec->rsa_bits) : EVP_EC_gen("P-256");
	require(made.cert != NULL && made.key != NULL);
	X509_set_version(made.cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(made.cert), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(made.cert), from * 86400);
	X509_gmtime_adj(X509_getm_notAfter(made.cert), until * 86400);
	X509_set_pubkey(made.cert, made.key);
	add_name(X509_get_subject_name(made.cert), "O", spec->o);
	add_name(X509_get_subject_name(made.cert), "CN", spec->cn);
	X509_set_issuer_name(made.cert, X509_get_subject_name(issuer));
	add_extension(made.cert, issuer, NID_basic_constraints,
		spec->ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
	if (spec->san != NULL)
		add_extension(made.cert, issuer, NID_subject_alt_name, spec->san);
	if (spec->aia != NULL)
		add_extension(made.cert, issuer, NID_info_access, spec->aia);
	require(X509_sign(made.cert, spec->issuer != NULL ? spec->issuer->key : made.key,
			spec->sha1 ? EVP_sha1() : EVP_sha256()) > 0);
	return made;
}

void mock_cert_free(struct mock_cert *cert)
{
	X509_free(cert->cert);
	EVP_PKEY_free(cert->key);
	memset(cert, 0, sizeof *cert);
}

char *mock_pem_file(const struct mock_cert *const *certs, size_t count)
{
	char path[] = "/tmp/preflight-test-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	require(file != NULL);
	for (size_t i = 0; i < count; i++) {
		fprintf(file, "# certificate %zu\n", i);
		PEM_write_X509(file, certs[i]->cert);
	}
	fclose(file);
	return mem_strdup(path);
}

/* ---- client certificates ---- */

static char *pem_with_key(const struct mock_cert *cert, const struct mock_cert *chain)
{
	const struct mock_cert *const certs[] = {cert, chain};
	char *path = mock_pem_file(certs, chain != NULL ? 2 : 1);
	FILE *file = fopen(path, "a");

	require(file != NULL);
	require(PEM_write_PrivateKey(file, cert->key, NULL, NULL, 0, NULL, NULL) == 1);
	fclose(file);
	return path;
}

void mock_identity_make(struct mock_identity *made, const struct mock_cert *cert,
	const struct mock_cert *chain, const struct mock_cert *authority)
{
	static const bool wanted[] = {true, true};
	struct inputs inputs = {0};

	made->rules = judge_rules("version: 1\n"
				  "certificates:\n"
				  "  ca: {role: ca, file: [none.crt]}\n"
				  "  own: {role: client, file: [none.p12], ca: ca}\n");
	made->file = pem_with_key(cert, chain);
	made->authority_file = authority != NULL ? mock_pem_file(&authority, 1) : NULL;
	strs_add(&inputs.certificates, made->file);
	if (authority != NULL)
		strs_add(&inputs.authorities, made->authority_file);
	made->all = identities_load(made->rules, wanted, &inputs, NULL);
	made->identity = identities_find(made->all, &made->rules->certificates[1]);
	require(made->identity != NULL && identity_key(made->identity) != NULL);
	strs_release(&inputs.certificates);
	strs_release(&inputs.authorities);
}

void mock_identity_free(struct mock_identity *made)
{
	identities_free(made->all);
	rules_free(made->rules);
	remove(made->file);
	if (made->authority_file != NULL)
		remove(made->authority_file);
	free(made->file);
	free(made->authority_file);
}

/* ---- connections ---- */

struct mock_conn {
	bool mute, held;
	struct mock_server *server;
	int fd;
	SSL *ssl; /* NULL: no TLS */
	bool shaken, shown;
	char request[2048];
	size_t len;
	struct mock_conn *next;
};

static void conn_close(struct mock_conn *c, bool reset)
{
	struct linger linger = {.l_onoff = 1, .l_linger = 0};
	struct mock_conn **at = &c->server->conns;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	loop_fd(c->server->loop, c->fd, 0, NULL, NULL);
	if (c->ssl != NULL && !reset)
		SSL_shutdown(c->ssl);
	SSL_free(c->ssl);
	if (reset)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	close(c->fd);
	free(c);
}

static void answer(struct mock_conn *c)
{
	struct mock_server *s = c->server;
	const char *response = s->response;
	char line[256];

	s->requests++;
	memcpy(s->last_request, c->request, sizeof s->last_request);
	if (s->second_path != NULL) {
		snprintf(line, sizeof line, "GET %s ", s->second_path);
		if (strncmp(c->request, line, strlen(line)) == 0)
			response = s->second_response;
	}
	if (c->ssl != NULL)
		SSL_write(c->ssl, response, (int)strlen(response));
	else
		require(write(c->fd, response, strlen(response)) >= 0);
	c->held = s->hold;
	if (!c->held)
		conn_close(c, false);
}

/* More bytes of a request; true when the connection is gone. */
static bool take_request(struct mock_conn *c)
{
	char *to = c->request + c->len;
	size_t room = sizeof c->request - 1 - c->len;
	long got = c->ssl != NULL ? SSL_read(c->ssl, to, (int)room) : read(c->fd, to, room);

	if (got <= 0) {
		if (c->ssl != NULL && SSL_get_error(c->ssl, (int)got) == SSL_ERROR_WANT_READ)
			return false;
		conn_close(c, false);
		return true;
	}
	c->len += (size_t)got;
	c->request[c->len] = '\0';
	if (c->server->mode == MOCK_TLS_RESET)
		conn_close(c, true);
	else if (c->server->mode == MOCK_PLAIN || strstr(c->request, "\r\n\r\n") != NULL)
		answer(c);
	else
		return false;
	return true;
}

static void shake(struct mock_conn *c)
{
	int done = SSL_accept(c->ssl);

	X509 *shown = SSL_get0_peer_certificate(c->ssl);
	if (shown != NULL && !c->shown)
		c->server->shown++;
	c->shown = shown != NULL;
	if (done == 1) {
		c->shaken = true;
		if (c->server->mode != MOCK_TLS_SILENT)
			take_request(c);
	} else if (SSL_get_error(c->ssl, done) != SSL_ERROR_WANT_READ) {
		conn_close(c, false);
	}
}

static void on_conn(void *arg, intptr_t fd, int events)
{
	struct mock_conn *c = arg;
	char bytes[4096];

	(void)events;
	switch (c->mute ? MOCK_SILENT : c->server->mode) {
	case MOCK_TLS:
	case MOCK_TLS_RESET:
	case MOCK_TLS_SILENT:
		if (!c->shaken)
			shake(c);
		else if (c->server->mode != MOCK_TLS_SILENT)
			take_request(c);
		else if (read((int)fd, bytes, sizeof bytes) <= 0)
			conn_close(c, false);
		break;
	case MOCK_PLAIN:
		take_request(c);
		break;
	case MOCK_SILENT:
		if (read((int)fd, bytes, sizeof bytes) <= 0)
			conn_close(c, false);
		break;
	case MOCK_CLOSE:
	case MOCK_RESET:
		require(read((int)fd, bytes, sizeof bytes) >= 0);
		conn_close(c, c->server->mode == MOCK_RESET);
		break;
	}
}

static void on_listener(void *arg, intptr_t fd, int events)
{
	struct mock_server *s = arg;
	struct mock_conn *c = mem_alloc(sizeof *c);

	(void)events;
	c->server = s;
	c->fd = accept((int)fd, NULL, NULL);
	require(c->fd >= 0);
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	c->mute = s->accepted < 32 && (s->mute >> s->accepted & 1) != 0;
	s->accepted++;
	if (s->mode <= MOCK_TLS_RESET && !c->mute) {
		bool odd = s->accepted <= 32 && (s->odd >> (s->accepted - 1) & 1) != 0;
		c->ssl = SSL_new(odd ? s->odd_ctx : s->ctx);
		SSL_set_fd(c->ssl, c->fd);
	}
	c->next = s->conns;
	s->conns = c;
	loop_fd(s->loop, c->fd, LOOP_READ, on_conn, c);
}

/* ---- the server ---- */

static int listen_on_loopback(uint16_t *port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof addr;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	require(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof addr) == 0);
	require(listen(fd, 64) == 0);
	require(getsockname(fd, (struct sockaddr *)&addr, &len) == 0);
	*port = ntohs(addr.sin_port);
	return fd;
}

static SSL_CTX *new_context(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	return ctx;
}

void mock_server_start(struct mock_server *s, struct loop *loop, enum mock_mode mode)
{
	memset(s, 0, sizeof *s);
	s->loop = loop;
	s->mode = mode;
	s->response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	s->fd = listen_on_loopback(&s->port);
	s->ctx = new_context();
	if (loop != NULL)
		mock_server_attach(s, loop);
}

void mock_server_attach(struct mock_server *s, struct loop *loop)
{
	s->loop = loop;
	loop_fd(loop, s->fd, LOOP_READ, on_listener, s);
}

static void use(SSL_CTX *ctx, const struct mock_cert *cert, const struct mock_cert *const *chain,
	size_t count)
{
	require(SSL_CTX_use_certificate(ctx, cert->cert) == 1);
	require(SSL_CTX_use_PrivateKey(ctx, cert->key) == 1);
	SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
	for (size_t i = 0; i < count; i++)
		require(SSL_CTX_add1_chain_cert(ctx, chain[i]->cert) == 1);
}

void mock_server_identity(struct mock_server *s, const struct mock_cert *cert,
	const struct mock_cert *const *chain, size_t count)
{
	use(s->ctx, cert, chain, count);
}

void mock_server_odd(struct mock_server *s, unsigned which, const struct mock_cert *cert,
	const struct mock_cert *const *chain, size_t count)
{
	s->odd = which;
	s->odd_ctx = new_context();
	use(s->odd_ctx, cert, chain, count);
}

void mock_server_weak_group(struct mock_server *s)
{
	BIGNUM *p = BN_get_rfc2409_prime_1024(NULL), *g = BN_new();
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_from_name(NULL, "DH", NULL);
	EVP_PKEY *group = NULL;

	require(BN_set_word(g, 2) == 1);
	require(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_FFC_P, p) == 1);
	require(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_FFC_G, g) == 1);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	require(EVP_PKEY_fromdata_init(make) == 1);
	require(EVP_PKEY_fromdata(make, &group, EVP_PKEY_KEY_PARAMETERS, params) == 1);
	require(SSL_CTX_set0_tmp_dh_pkey(s->ctx, group) == 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(make);
	BN_free(p);
	BN_free(g);
}

void mock_server_demand(struct mock_server *s, const struct mock_cert *ca)
{
	SSL_CTX_set_verify(s->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	X509_STORE_add_cert(SSL_CTX_get_cert_store(s->ctx), ca->cert);
	SSL_CTX_add_client_CA(s->ctx, ca->cert);
}

bool mock_server_drip(struct mock_server *s, bool last)
{
	bool any = false;

	for (struct mock_conn *c = s->conns, *next; c != NULL; c = next) {
		next = c->next;
		if (!c->held)
			continue;
		any = true;
		SSL_write(c->ssl, "x", 1);
		if (last)
			conn_close(c, false);
	}
	return any;
}

void mock_server_stop(struct mock_server *s)
{
	while (s->conns != NULL)
		conn_close(s->conns, true);
	loop_fd(s->loop, s->fd, 0, NULL, NULL);
	close(s->fd);
	SSL_CTX_free(s->ctx);
	SSL_CTX_free(s->odd_ctx);
}

uint16_t mock_closed_port(void)
{
	uint16_t port;

	close(listen_on_loopback(&port));
	return port;
}

/* ---- the rig ---- */

static const struct terminal *resolver_terminal; /* of the one rig there is at a time */

/* An OS whose resolver has the hosts file and nothing else. */
static void resolve_by_hosts(const char *name, struct os_resolve_result *result)
{
	const struct terminal *t = resolver_terminal;

	*result = (struct os_resolve_result){.status = OS_RESOLVE_NOT_FOUND};
	result->addrs = mem_alloc((t->host_count + 1) * sizeof result->addrs[0]);
	for (size_t i = 0; i < t->host_count; i++)
		if (strcmp(t->hosts[i].name, name) == 0)
			result->addrs[result->addr_count++] = t->hosts[i].addr;
	if (result->addr_count > 0)
		result->status = OS_RESOLVE_OK;
}

void rig_start(struct rig *rig, enum mock_mode mode, const char *roots)
{
	static const char hosts[] = "127.0.0.1 " MOCK_HOST "\n";
	static char name[] = MOCK_HOST;

	signal(SIGPIPE, SIG_IGN); /* a peer that is gone is the peer's affair */
	memset(rig, 0, sizeof *rig);
	rig->loop = loop_new();
	terminal_parse_hosts(&rig->terminal, hosts, sizeof hosts - 1);
	rig->names = names_new(rig->loop, &rig->terminal);
	rig->names->resolve = resolve_by_hosts;
	resolver_terminal = &rig->terminal;
	rig->rtts = rtt_new();
	rig->fetches = fetches_new(rig->loop, rig->names, rig->rtts);
	trust_library_init();
	rig->fetches->trust = trust_new("", roots != NULL ? roots : "");
	rig->host.id = rig->host.name = name;
	mock_server_start(&rig->server, rig->loop, mode);
}

void rig_stop(struct rig *rig)
{
	mock_server_stop(&rig->server);
	fetches_free(rig->fetches);
	names_free(rig->names);
	rtt_free(rig->rtts);
	loop_free(rig->loop);
	terminal_release(&rig->terminal);
}

struct fetch_want rig_want(struct rig *rig, enum fetch_depth depth)
{
	return (struct fetch_want){.host = &rig->host, .port = rig->server.port, .depth = depth};
}

static void on_told(void *arg, const struct fetch_result *result)
{
	struct rig *rig = arg;

	rig->result = result;
	rig->told++;
}

void rig_add(struct rig *rig, const struct fetch_want *want)
{
	fetch_add(rig->fetches, want, on_told, rig);
}

void rig_turn(struct rig *rig, unsigned told)
{
	double limit = loop_now(rig->loop) + 30;

	while (rig->told < told) {
		require(loop_now(rig->loop) < limit);
		loop_step(rig->loop, limit);
	}
}

const struct fetch_result *rig_fetch(struct rig *rig, const struct fetch_want *want)
{
	unsigned before = rig->told;

	rig_add(rig, want);
	rig_turn(rig, before + 1);
	return rig->result;
}
