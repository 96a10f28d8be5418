/* libcurl's easy handles and their callbacks. */
#include "fetch_private.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "http_parse.h"
#include "mem.h"

/* ---- the proxy's address ---- */

/* CURLOPT_PROXY(3): what a setting without a port means. */
static uint16_t default_port(const char *scheme)
{
	return scheme != NULL && strcmp(scheme, "https") == 0 ? 443 : 1080;
}

bool fetch_read_proxy(struct fetch *t)
{
	CURLU *url = curl_url();
	char *host = NULL, *scheme = NULL, *port = NULL;
	bool good = false;

	if (url == NULL || curl_url_set(url, CURLUPART_URL, t->proxy,
				   CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) != CURLUE_OK)
		goto out;
	if (curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		goto out;
	curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
	size_t len = strlen(host), skip = host[0] == '[' ? 1 : 0;
	if (len == 0 || len - 2 * skip >= sizeof t->proxy_name)
		goto out;
	memcpy(t->proxy_name, host + skip, len - 2 * skip);
	t->peer_port = default_port(scheme);
	if (curl_url_get(url, CURLUPART_PORT, &port, 0) == CURLUE_OK)
		t->peer_port = (uint16_t)strtoul(port, NULL, 10);
	t->proxy_host.id = t->proxy_host.name = t->proxy_name;
	t->peer = &t->proxy_host;
	good = true;
out:
	curl_free(host);
	curl_free(scheme);
	curl_free(port);
	curl_url_cleanup(url);
	return good;
}

/* The far end of a tunnel is named to the proxy, never resolved here. */
static void set_proxy(struct fetch *t)
{
	const char *rest = strncmp(t->proxy, "socks", 5) == 0 ? strstr(t->proxy, "://") : NULL;
	struct strbuf url;

	strbuf_init(&url, 1024);
	if (rest != NULL)
		strbuf_adds(&url, strncmp(t->proxy, "socks4", 6) == 0 ? "socks4a" : "socks5h");
	strbuf_adds(&url, rest != NULL ? rest : t->proxy);
	curl_easy_setopt(t->easy, CURLOPT_PROXY, url.data);
	curl_easy_setopt(t->easy, CURLOPT_PROXYPORT, (long)t->peer_port);
	curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (t->depth == FETCH_CONNECT)
		curl_easy_setopt(t->easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	strbuf_release(&url);
}

/* ---- how far it is ---- */

static double curl_time(const struct fetch *t, CURLINFO info)
{
	curl_off_t us = 0;

	if (t->easy == NULL || curl_easy_getinfo(t->easy, info, &us) != CURLE_OK)
		return 0;
	return (double)us / 1e6;
}

static void note_connected(struct fetch *t, double seconds)
{
	t->connected = true;
	t->connected_at = t->attempt_begun + seconds;
	if (t->rtt_noted || t->proxy != NULL || t->owner->rtts == NULL)
		return;
	t->rtt_noted = true;
	rtt_note(t->owner->rtts, &t->address.addrs[t->attempt], seconds);
}

/* libcurl tells its times when the whole connection stands, TLS and all; its addresses earlier. */
void fetch_look(struct fetch *t)
{
	double connected = curl_time(t, CURLINFO_CONNECT_TIME_T);
	char *local = NULL;

	if (t->connected_at <= 0 && connected > 0)
		note_connected(t, connected - curl_time(t, CURLINFO_NAMELOOKUP_TIME_T));
	else if (t->easy != NULL &&
		 curl_easy_getinfo(t->easy, CURLINFO_LOCAL_IP, &local) == CURLE_OK)
		t->connected = t->connected || (local != NULL && local[0] != '\0');
	t->handshake = t->handshake || (!t->plain && t->depth != FETCH_CONNECT &&
					       curl_time(t, CURLINFO_APPCONNECT_TIME_T) > 0);
}

/* ---- callbacks ---- */

/* Called when TCP stands and the handshake is about to begin. */
static CURLcode on_ssl_context(CURL *easy, void *context, void *arg)
{
	struct fetch *t = arg;

	(void)easy;
	if (t->connected_at <= 0)
		note_connected(t, loop_now(t->owner->loop) - t->attempt_begun);
	loop_timer_at(t->owner->loop, &t->timer, fetch_deadline(t));
	tls_evidence_attach(t->tls, context);
	return CURLE_OK;
}

/* Bytes of the answer: the time without one begins anew. */
static void note_byte(struct fetch *t)
{
	double now = loop_now(t->owner->loop);

	if (t->last_byte > 0 && now - t->last_byte > t->waited)
		t->waited = now - t->last_byte;
	t->last_byte = now;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct fetch *t = arg;
	size_t len = size * count;

	note_byte(t);
	if (!fetch_is_evidence(t))
		return len;
	strbuf_add(&t->body, bytes, len);
	return t->body.truncated ? 0 : len;
}

/* ---- headers ---- */

static void header_str(
	struct fetch *t, const char *line, size_t len, const char *header, const char *fact)
{
	size_t value_len;
	const char *value = http_header(line, len, header, &value_len);

	if (value != NULL && !facts_has(&t->result.http, fact))
		facts_bytes(&t->result.http, fact, value, value_len);
}

/*
 * The server's time, as far as the headers read so far tell it. What a cache kept is as old as its
 * Age says (RFC 9111 section 4.2.3); of unknown age, it tells no time.
 */
static void tell_date(struct fetch *t)
{
	static const char *const facts[] = {"date", "date_skew", "date_age", "date_problem"};
	struct fetch_date *d = &t->date;
	const char *problem = d->unreadable           ? "unreadable"
			      : d->several            ? "several"
			      : !d->told              ? "missing"
			      : d->cached && !d->aged ? "cached"
						      : NULL;

	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		json_object_del(t->result.http.object, facts[i]);
	if (problem != NULL) {
		facts_str(&t->result.http, "date_problem", problem);
		return;
	}
	/* A Date is cut to whole seconds; so is our clock, and clocks that agree differ by 0. */
	facts_int(&t->result.http, "date", d->seconds + d->age);
	facts_int(&t->result.http, "date_skew", d->seconds + d->age - (long long)platform_wall());
	if (d->age > 0)
		facts_int(&t->result.http, "date_age", d->age);
}

static void header_date(struct fetch *t, const char *line, size_t len)
{
	static const char *const caches[] = {"X-Cache", "Cache-Status", "CF-Cache-Status"};
	struct fetch_date *d = &t->date;
	long long seconds = 0;
	size_t value_len;
	const char *value = http_header(line, len, "Date", &value_len);

	if (value != NULL && !http_date(value, value_len, &seconds)) {
		d->unreadable = true;
	} else if (value != NULL) {
		d->several = d->several || (d->told && d->seconds != seconds);
		d->told = true;
		d->seconds = seconds;
	}
	value = http_header(line, len, "Age", &value_len);
	if (value != NULL && !d->aged)
		d->aged = http_age(value, value_len, &d->age);
	for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++) {
		value = http_header(line, len, caches[i], &value_len);
		d->cached = d->cached || (value != NULL && bytes_contain(value, value_len, "hit"));
	}
	tell_date(t);
}

static void header_location(struct fetch *t, const char *line, size_t len)
{
	size_t value_len;
	const char *value = http_header(line, len, "Location", &value_len);
	struct http_location location;

	if (value == NULL)
		return;
	facts_bytes(&t->result.http, "location", value, value_len);
	free(t->leads_to);
	t->leads_to = value_len < FETCH_URL_MAX ? mem_strndup(value, value_len) : NULL;
	if (bytes_contain(value, value_len, "+CSCOE+") ||
		bytes_contain(value, value_len, "+webvpn+"))
		strs_add(&t->anyconnect, "location");
	if (!http_location_parse(value, value_len, &location) || !location.absolute)
		return;
	facts_str(&t->result.http, "location_host", location.host);
	facts_bool(&t->result.http, "location_plain", location.plain);
}

/* Signatures of Cisco's and ocserv's gateways (openconnect's protocol description). */
static void header_anyconnect(struct fetch *t, const char *line, size_t len)
{
	size_t value_len;
	const char *value = http_header(line, len, "Set-Cookie", &value_len);

	if (value != NULL && value_len >= 6 && memcmp(value, "webvpn", 6) == 0)
		strs_add(&t->anyconnect, "cookie");
	if (http_header(line, len, "X-Transcend-Version", &value_len) != NULL)
		strs_add(&t->anyconnect, "header");
}

static void header_cookie(struct fetch *t, const char *line, size_t len)
{
	size_t value_len;
	const char *value = http_header(line, len, "Set-Cookie", &value_len);

	if (value != NULL)
		redirects_take_cookie(&t->redirects, value, value_len);
}

/* RFC 6797 section 6.1: a max-age of 0 takes it back. */
static void header_https_only(struct fetch *t, const char *line, size_t len)
{
	static const char age[] = "max-age=";
	size_t value_len;
	const char *value = http_header(line, len, "Strict-Transport-Security", &value_len);

	for (size_t i = 0; value != NULL && !t->plain && i + sizeof age <= value_len; i++) {
		size_t digit = i + sizeof age - 1;
		if (!bytes_contain(value + i, sizeof age - 1, age))
			continue;
		digit += value[digit] == '"' && digit + 1 < value_len;
		t->result.https_only = value[digit] > '0' && value[digit] <= '9';
		return;
	}
}

static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
	struct fetch *t = arg;
	size_t len = size * count;

	note_byte(t);
	if (!fetch_is_evidence(t))
		return len;
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		json_object_clear(t->result.http.object); /* 1xx, or the answer before a redirect */
		free(t->leads_to);
		t->leads_to = NULL;
		t->date = (struct fetch_date){0};
		t->headers = 0;
	}
	if (++t->headers > FETCH_HEADERS_MAX)
		return len;
	header_str(t, line, len, "Server", "server");
	header_str(t, line, len, "Via", "via");
	header_str(t, line, len, "X-Cache", "x_cache");
	header_str(t, line, len, "Content-Type", "content_type");
	header_date(t, line, len);
	header_location(t, line, len);
	header_anyconnect(t, line, len);
	header_cookie(t, line, len);
	header_https_only(t, line, len);
	return len;
}

/* ---- handles ---- */

static bool set_url(struct fetch *t)
{
	bool plain = t->plain || t->depth == FETCH_CONNECT;
	const char *path = t->location != NULL ? t->location : t->path;
	const char *name = t->host->name;
	bool bracket = strchr(name, ':') != NULL;
	struct strbuf url;

	strbuf_init(&url, FETCH_URL_MAX);
	strbuf_addf(&url, "%s://%s%s%s:%u%s", plain ? "http" : "https", bracket ? "[" : "", name,
		bracket ? "]" : "", (unsigned)t->port, path != NULL ? path : "/");
	bool good = !url.truncated && curl_easy_setopt(t->easy, CURLOPT_URL, url.data) == CURLE_OK;
	strbuf_release(&url);
	return good;
}

/* Gives libcurl the address, so that it resolves nothing. */
static void pin_address(struct fetch *t)
{
	const struct net_addr *addr = &t->address.addrs[t->attempt];
	char text[NET_ADDR_STRLEN];
	struct strbuf entry;

	net_addr_format(addr, text);
	strbuf_init(&entry, 512);
	strbuf_addf(&entry, "%s:%u:%s%s%s", t->peer->name, (unsigned)t->peer_port,
		addr->family == 6 ? "[" : "", text, addr->family == 6 ? "]" : "");
	t->resolve = curl_slist_append(NULL, entry.data);
	strbuf_release(&entry);
	if (strchr(t->peer->name, ':') == NULL)
		curl_easy_setopt(t->easy, CURLOPT_RESOLVE, t->resolve);
}

static void set_tls(struct fetch *t)
{
	curl_easy_setopt(t->easy, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(t->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_context);
	curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_DATA, t);
}

static void set_http(struct fetch *t)
{
	curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "preflight/" PREFLIGHT_VERSION);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
}

bool fetch_open(struct fetch *t)
{
	t->easy = curl_easy_init();
	if (t->easy == NULL || !set_url(t))
		return false;
	strbuf_release(&t->body);
	strbuf_init(&t->body, FETCH_BODY_MAX);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE, 1L);
	/* Our deadlines come first; libcurl's own is a backstop. */
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, 120000L);
	t->socket = fetch_socket_new(t->owner->loop, t->easy);
	if (t->depth != FETCH_HTTP || t->bare)
		curl_easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 1L);
	set_tls(t);
	set_http(t);
	t->cookie_header = redirects_cookie_header(&t->redirects);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->cookie_header);
	pin_address(t);
	if (t->proxy != NULL) {
		set_proxy(t);
	} else {
		curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
		curl_easy_setopt(t->easy, CURLOPT_NOPROXY, "*");
	}
	return true;
}

void fetch_close(struct fetch *t)
{
	curl_easy_cleanup(t->easy);
	t->easy = NULL;
	t->socket = NULL;
	curl_slist_free_all(t->resolve);
	t->resolve = NULL;
	curl_slist_free_all(t->cookie_header);
	t->cookie_header = NULL;
}
