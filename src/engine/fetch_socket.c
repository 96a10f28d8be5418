/*
 * The socket that libcurl connects with. What the OS knows about a connection that did not come
 * about goes with the socket, so it is asked before libcurl closes it: in libcurl's callback, or
 * when a deadline ends the attempt (libcurl before 8 closes a socket that is still connecting
 * without a word). libcurl may keep a connection longer than the fetch lives, and so what it calls
 * back with.
 */
#include "fetch_private.h"

#include "mem.h"

struct fetch_socket {
	intptr_t fd; /* -1: none is open */
	struct tcp_end end;
};

static curl_socket_t make_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)arg;
	(void)purpose;
	return (curl_socket_t)platform_socket(
		address->family, address->socktype, address->protocol);
}

static int on_open(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	struct fetch_socket *s = arg;

	(void)purpose;
	s->fd = (intptr_t)fd;
	platform_tcp_prepare(s->fd);
	return CURL_SOCKOPT_OK;
}

static int on_close(void *arg, curl_socket_t fd)
{
	struct fetch_socket *s = arg;

	if (s->fd == (intptr_t)fd)
		fetch_socket_ask(s);
	return platform_tcp_close((intptr_t)fd);
}

struct fetch_socket *fetch_socket_new(struct loop *loop, void *easy)
{
	struct fetch_socket *s = mem_alloc(sizeof *s);

	*s = (struct fetch_socket){.fd = -1, .end = {.icmp_type = -1, .icmp_code = -1}};
	loop_curl_keep(loop, s);
	curl_easy_setopt((CURL *)easy, CURLOPT_OPENSOCKETFUNCTION, make_socket);
	curl_easy_setopt((CURL *)easy, CURLOPT_SOCKOPTFUNCTION, on_open);
	curl_easy_setopt((CURL *)easy, CURLOPT_SOCKOPTDATA, s);
	curl_easy_setopt((CURL *)easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	curl_easy_setopt((CURL *)easy, CURLOPT_CLOSESOCKETDATA, s);
	return s;
}

void fetch_socket_ask(struct fetch_socket *s)
{
	if (s == NULL || s->fd < 0)
		return;
	platform_tcp_ask(s->fd, &s->end);
	s->fd = -1;
}

const struct tcp_end *fetch_socket_end(const struct fetch_socket *s)
{
	static const struct tcp_end nothing = {.icmp_type = -1, .icmp_code = -1};

	return s != NULL ? &s->end : &nothing;
}
