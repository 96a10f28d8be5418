#include "tls_size.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/ssl.h>

#include "mem.h"
#include "platform.h"

/* An extension that means nothing (GREASE, RFC 8701), as large as a hybrid key share and more. */
#define FILLER      0x3a3a
#define FILLER_SIZE 1400
#define PIECE       700 /* bytes */

struct tls_size {
	struct loop *loop;
	struct tls_size_plan plan;
	tls_size_fn *fn;
	void *arg;
	struct loop_timer timer;
	intptr_t fd; /* -1: none */
	SSL_CTX *context;
	SSL *ssl;      /* speaks to memory, so that what leaves can be cut */
	BIO *in, *out; /* of ssl */
	BIO *socket;
	bool connected, received, ended;
};

static void end(struct tls_size *size, enum tls_size_answer answer)
{
	if (size->ended)
		return;
	size->ended = true;
	loop_timer_stop(size->loop, &size->timer);
	if (size->fd >= 0)
		loop_fd(size->loop, size->fd, 0, NULL, NULL);
	size->fn(size->arg, answer);
}

static int add_filler(SSL *ssl, unsigned type, unsigned context, const unsigned char **out,
	size_t *len, X509 *x, size_t chain, int *alert, void *arg)
{
	static const unsigned char filler[FILLER_SIZE];

	(void)ssl, (void)type, (void)context, (void)x, (void)chain, (void)alert, (void)arg;
	*out = filler;
	*len = sizeof filler;
	return 1;
}

/* Whoever it is may answer: nothing is told to it, and nothing that it says counts. */
static bool prepare(struct tls_size *size)
{
	size->context = SSL_CTX_new(TLS_client_method());
	if (size->context == NULL)
		return false;
	SSL_CTX_set_verify(size->context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_security_level(size->context, 0);
	if (size->plan.large && SSL_CTX_add_custom_ext(size->context, FILLER, SSL_EXT_CLIENT_HELLO,
					add_filler, NULL, NULL, NULL, NULL) != 1)
		return false;
	size->ssl = SSL_new(size->context);
	size->in = BIO_new(BIO_s_mem());
	size->out = BIO_new(BIO_s_mem());
	size->socket = BIO_new_socket((int)size->fd, BIO_NOCLOSE);
	if (size->ssl == NULL || size->in == NULL || size->out == NULL || size->socket == NULL) {
		BIO_free(size->in);
		BIO_free(size->out);
		return false;
	}
	BIO_set_mem_eof_return(size->in, -1);
	SSL_set_bio(size->ssl, size->in, size->out);
	SSL_set_connect_state(size->ssl);
	if (size->plan.name != NULL && strchr(size->plan.name, ':') == NULL)
		SSL_set_tlsext_host_name(size->ssl, size->plan.name);
	return true;
}

/* In pieces that leave one by one, where packets have to be small. False: the connection broke. */
static bool flush(struct tls_size *size)
{
	char bytes[4096];
	int most = size->plan.small ? PIECE : (int)sizeof bytes, len;

	while ((len = BIO_read(size->out, bytes, most)) > 0)
		if (BIO_write(size->socket, bytes, len) != len)
			return false;
	return true;
}

enum step { STEP_WAIT, STEP_MORE, STEP_END };

static enum step receive(struct tls_size *size)
{
	char bytes[4096];
	int len = BIO_read(size->socket, bytes, sizeof bytes);

	if (len <= 0)
		return BIO_should_retry(size->socket) ? STEP_WAIT : STEP_END;
	size->received = true;
	BIO_write(size->in, bytes, len);
	return size->plan.whole ? STEP_MORE : STEP_END;
}

static bool handshake_goes_on(struct tls_size *size)
{
	int result = SSL_do_handshake(size->ssl);

	return result != 1 && SSL_get_error(size->ssl, result) == SSL_ERROR_WANT_READ;
}

/*
 * An end of any kind is an answer: only silence is asked about. But what ends before a byte came
 * may have been ended on the way, and then says nothing about a whole handshake.
 */
static void proceed(struct tls_size *size)
{
	enum step step = STEP_MORE;

	while (step == STEP_MORE) {
		bool goes_on = handshake_goes_on(size);
		step = flush(size) && goes_on ? receive(size) : STEP_END;
	}
	if (step == STEP_END)
		end(size,
			size->received || !size->plan.whole ? TLS_SIZE_ANSWERED : TLS_SIZE_UNKNOWN);
}

static void on_event(void *arg, intptr_t fd, int events);

static void watch(struct tls_size *size, int events)
{
	loop_fd(size->loop, size->fd, events, on_event, size);
}

static void on_event(void *arg, intptr_t fd, int events)
{
	struct tls_size *size = arg;

	(void)fd;
	(void)events;
	if (size->ended)
		return;
	if (!size->connected) {
		if (!platform_tcp_stands(size->fd) || !prepare(size)) {
			end(size, TLS_SIZE_UNKNOWN);
			return;
		}
		size->connected = true;
		watch(size, LOOP_READ);
	}
	proceed(size);
}

static void on_timer(void *arg)
{
	struct tls_size *size = arg;

	end(size, size->connected ? TLS_SIZE_SILENT : TLS_SIZE_UNKNOWN);
}

struct tls_size *tls_size_new(
	struct loop *loop, const struct tls_size_plan *plan, tls_size_fn *fn, void *arg)
{
	struct tls_size *size = mem_alloc(sizeof *size);

	size->loop = loop;
	size->plan = *plan;
	size->fn = fn;
	size->arg = arg;
	loop_timer_init(&size->timer, on_timer, size);
	size->fd = platform_tcp_open(&plan->addr, plan->port, plan->small);
	loop_timer_at(loop, &size->timer, size->fd >= 0 ? plan->deadline : loop_now(loop));
	if (size->fd >= 0)
		watch(size, LOOP_WRITE);
	return size;
}

void tls_size_free(struct tls_size *size)
{
	if (size == NULL)
		return;
	loop_timer_stop(size->loop, &size->timer);
	if (size->fd >= 0) {
		if (!size->ended)
			loop_fd(size->loop, size->fd, 0, NULL, NULL);
		platform_tcp_close(size->fd);
	}
	SSL_free(size->ssl);
	BIO_free(size->socket);
	SSL_CTX_free(size->context);
	free(size);
}
