/* What libcurl, OpenSSL and the OS say, in numbers, turned into facts. */
#include "fetch_private.h"

#include <stdlib.h>
#include <string.h>

#include "http_parse.h"
#include "mem.h"
#include "shortage.h"

#define TITLE_MAX 200

/* ---- numbers ---- */

static enum net_error icmp_error(int type, int code)
{
	static const enum net_error codes[] = {
		[0] = NET_UNREACH_NET,
		[1] = NET_UNREACH_HOST,
		[2] = NET_UNREACH_PROTO,
		[3] = NET_REFUSED,
		[4] = NET_MSGSIZE,
		[6] = NET_UNREACH_NET,
		[7] = NET_UNREACH_HOST,
		[9] = NET_PROHIBITED,
		[10] = NET_PROHIBITED,
		[11] = NET_UNREACH_NET,
		[12] = NET_UNREACH_HOST,
		[13] = NET_PROHIBITED,
	};

	if (type == 11)
		return NET_TTL_EXCEEDED;
	if (type != 3 || code < 0 || (size_t)code >= sizeof codes / sizeof codes[0] ||
		codes[code] == NET_OK)
		return NET_OTHER;
	return codes[code];
}

/* RFC 4443 section 3. */
static enum net_error icmp6_error(int type, int code)
{
	if (type == 2)
		return NET_MSGSIZE;
	if (type == 3)
		return NET_TTL_EXCEEDED;
	if (type != 1)
		return NET_OTHER;
	if (code == 1 || code == 5 || code == 6)
		return NET_PROHIBITED;
	if (code == 4)
		return NET_REFUSED;
	return code == 0 ? NET_UNREACH_NET : NET_UNREACH_HOST;
}

enum net_error fetch_net_error(int number, const struct tcp_end *end, const struct net_addr *peer)
{
	enum net_error error = platform_net_error(number);

	if (end->icmp_type >= 0) {
		enum net_error told = peer->family == 6
					      ? icmp6_error(end->icmp_type, end->icmp_code)
					      : icmp_error(end->icmp_type, end->icmp_code);
		/* A refusal that comes from this terminal's own address is its own firewall's. */
		if ((told == NET_PROHIBITED || told == NET_REFUSED) &&
			net_addr_equal(&end->offender, &end->local) &&
			!net_addr_equal(&end->offender, peer))
			return NET_LOCAL_DENIED;
		return told != NET_OTHER ? told : error;
	}
	return end->known && platform_tcp_no_route(number, end) ? NET_NO_ROUTE : error;
}

static double ms_between(const struct fetch *t, CURLINFO from, CURLINFO to)
{
	curl_off_t begin = 0, end = 0;

	curl_easy_getinfo(t->easy, from, &begin);
	curl_easy_getinfo(t->easy, to, &end);
	return end > begin ? (double)(end - begin) / 1000 : 0;
}

static int os_errno(const struct fetch *t)
{
	long number = 0;

	if (t->easy != NULL)
		curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
	return (int)number;
}

static void tell_code(struct facts *facts, const struct fetch *t, int code)
{
	facts_int(facts, "curl", code);
	if (os_errno(t) != 0)
		facts_int(facts, "errno", os_errno(t));
}

/* ---- connect ---- */

static void addr_fact(struct facts *facts, const char *name, const struct net_addr *addr)
{
	char text[NET_ADDR_STRLEN];

	if (addr->family != 0)
		facts_str(facts, name, net_addr_format(addr, text));
}

/* user:password@ is replaced. */
static void proxy_fact(struct fetch *t)
{
	const char *authority = strstr(t->proxy, "://");
	struct strbuf url;

	authority = authority != NULL ? authority + 3 : t->proxy;
	const char *at = strrchr(authority, '@');
	strbuf_init(&url, 512);
	strbuf_add(&url, t->proxy, (size_t)(authority - t->proxy));
	if (at != NULL)
		strbuf_adds(&url, "***@");
	strbuf_adds(&url, at != NULL ? at + 1 : authority);
	facts_str(&t->result.connect, "proxy", url.data);
	strbuf_release(&url);
}

void fetch_tell_address(struct fetch *t)
{
	if (t->again)
		return;
	if (t->attempt == 0)
		addr_fact(&t->result.connect, "address", &t->address.addrs[0]);
	else
		facts_int(&t->result.connect, "attempts", (long long)t->attempt + 1);
	if (t->proxy != NULL)
		proxy_fact(t);
}

/* Those of the same family that did not answer before this one did. */
static void tell_silent_addresses(struct fetch *t)
{
	const struct net_addr *stands = &t->address.addrs[t->attempt];
	char text[NET_ADDR_STRLEN];

	for (size_t i = 0; i < t->attempt; i++) {
		const struct net_addr *addr = &t->address.addrs[i];
		net_addr_format(addr, text);
		if (addr->family == stands->family && !net_addr_equal(addr, stands) &&
			!facts_list_has(&t->result.connect, "silent_addresses", text))
			facts_add(&t->result.connect, "silent_addresses", text);
	}
}

static void tell_connected(struct fetch *t)
{
	struct facts *facts = &t->result.connect;
	char *local = NULL;

	for (size_t i = 0; t->attempt > 0 && i < 4; i++) {
		static const char *const failed[] = {"error", "errno", "offender", "icmp_type"};
		json_object_del(facts->object, failed[i]);
	}
	json_object_del(facts->object, "icmp_code");
	addr_fact(facts, "address", &t->address.addrs[t->attempt]);
	tell_silent_addresses(t);
	if (curl_easy_getinfo(t->easy, CURLINFO_LOCAL_IP, &local) == CURLE_OK && local != NULL &&
		local[0] != '\0')
		facts_str(facts, "local_address", local);
	facts_bool(facts, "connected", true);
	/* libcurl's time is nearer to the wire, but there only when all of the connection stood. */
	double ms = ms_between(t, CURLINFO_NAMELOOKUP_TIME_T, CURLINFO_CONNECT_TIME_T);
	if (ms <= 0 && t->connected_at > 0)
		ms = (t->connected_at - t->attempt_begun) * 1000;
	if (ms > 0)
		facts_real(&t->result.timings, "connect_ms", ms);
}

static void tell_not_connected(struct fetch *t, bool silent)
{
	struct facts *facts = &t->result.connect;
	const struct tcp_end *end = fetch_socket_end(t->socket);
	int number = os_errno(t);

	if (t->attempt > 0)
		return; /* what the first address said stands */
	facts_bool(facts, "connected", false);
	addr_fact(facts, "local_address", &end->local);
	if (silent) {
		facts_str(facts, "error", net_error_name(NET_TIMEOUT));
		return;
	}
	facts_str(facts, "error",
		net_error_name(fetch_net_error(number, end, &t->address.addrs[t->attempt])));
	if (number != 0)
		facts_int(facts, "errno", number);
	addr_fact(facts, "offender", &end->offender);
	if (end->icmp_type >= 0) {
		facts_int(facts, "icmp_type", end->icmp_type);
		facts_int(facts, "icmp_code", end->icmp_code);
	}
}

/* Whether the proxy opened the way; a plain request through a proxy needs no CONNECT. */
static bool tell_proxy(struct fetch *t)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (status != 0)
		facts_int(&t->result.connect, "proxy_status", status);
	if (t->plain && t->depth == FETCH_HTTP)
		return true;
	return strncmp(t->proxy, "socks", 5) == 0 ? t->handshake || t->depth == FETCH_CONNECT
						  : status / 100 == 2;
}

static void tell_connect(struct fetch *t, int code, bool silent)
{
	if (!t->connected) {
		tell_not_connected(t, silent);
		return;
	}
	tell_connected(t);
	if (t->proxy == NULL || (tell_proxy(t) && !(t->depth == FETCH_CONNECT && code != 0)))
		return;
	facts_bool(&t->result.connect, "connected", false);
	facts_str(&t->result.connect, "error", net_error_name(silent ? NET_TIMEOUT : NET_OTHER));
}

/* ---- TLS ---- */

static const char *tls_error(const struct fetch *t, int code, bool silent)
{
	if (silent)
		return "silent";
	if (t->tls->alert >= 0)
		return "alert";
	if (t->tls->not_tls)
		return "not-tls";
	if (platform_net_error(os_errno(t)) == NET_RESET)
		return "reset";
	if (t->tls->alert_sent < 0 && (code == CURLE_SSL_CONNECT_ERROR ||
					      code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR))
		return "closed";
	return "other";
}

bool fetch_is_evidence(const struct fetch *t)
{
	enum tls_standing standing = t->tls != NULL ? tls_evidence_standing(t->tls) : TLS_UNSEEN;

	return !t->again || standing == TLS_UNSEEN || standing >= t->first_standing;
}

static void tell_evidence(struct fetch *t)
{
	json_object_update(t->result.tls.object, t->tls->facts.object);
	facts_bool(&t->result.tls, "client_cert_requested", t->tls->client_cert_requested);
	if (t->tls->client_cert_requested)
		facts_bool(&t->result.tls, "certificate_sent", t->tls->certificate_sent);
}

/* The worse of two servers, as far as it showed itself. */
static void tell_odd(struct facts *facts, const struct facts *odd)
{
	json_t *problem = json_object_get(odd->object, "problem");
	json_t *issuer = json_object_get(odd->object, "issuer_cn");
	const char *name = facts_get_bool(odd, "name_ok", false) ? NULL : "name";

	facts_bool(facts, "inconsistent", true);
	facts_str(facts, "odd_problem", name != NULL ? name : json_string_value(problem));
	if (issuer == NULL)
		issuer = json_object_get(odd->object, "issuer");
	if (issuer != NULL)
		json_object_set(facts->object, "odd_issuer", issuer);
	if (json_object_get(odd->object, "subject") != NULL)
		json_object_set(
			facts->object, "odd_subject", json_object_get(odd->object, "subject"));
}

/* A later connection: it adds to the first one's facts when both proved the same. */
static void tell_further(struct fetch *t)
{
	enum tls_standing standing = tls_evidence_standing(t->tls);

	if (standing == TLS_UNSEEN)
		return;
	facts_int(&t->result.tls, "tls_connections", 2);
	if (standing == t->first_standing && !t->bare)
		tell_evidence(t);
	else if (standing < t->first_standing)
		tell_odd(&t->result.tls, &t->tls->facts);
	else if (standing > t->first_standing)
		tell_odd(&t->result.tls, &t->result.tls);
}

static void copy_evidence(struct fetch *t)
{
	facts_bool(&t->result.tls, "handshake", t->handshake);
	if (t->again)
		tell_further(t);
	else if (t->tls->seen || t->handshake)
		tell_evidence(t);
	else
		json_object_update(t->result.tls.object, t->tls->facts.object);
}

static void tell_tls(struct fetch *t, int code, bool silent)
{
	copy_evidence(t);
	if (t->handshake) {
		if (!t->again)
			facts_real(&t->result.timings, "tls_ms",
				ms_between(t, CURLINFO_CONNECT_TIME_T, CURLINFO_APPCONNECT_TIME_T));
		return;
	}
	facts_str(&t->result.tls, "error", tls_error(t, code, silent));
	tell_code(&t->result.tls, t, code);
}

/* ---- HTTP ---- */

static const char *http_error(const struct fetch *t, int code, bool silent)
{
	if (silent)
		return "silent";
	if (t->tls != NULL && t->tls->alert >= 0)
		return "alert";
	if (platform_net_error(os_errno(t)) == NET_RESET)
		return "reset";
	switch (code) {
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return "closed";
	case CURLE_PARTIAL_FILE:
		return "truncated";
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return "not-http";
	}
	return "other";
}

static void tell_body(struct fetch *t)
{
	struct facts *facts = &t->result.http;
	struct strbuf title;

	facts_int(facts, "body_bytes", (long long)t->body.len);
	if (t->body.truncated)
		facts_bool(facts, "body_truncated", true);
	strbuf_init(&title, TITLE_MAX);
	if (html_title(t->body.data, t->body.len, &title))
		facts_bytes(facts, "body_title", title.data, title.len);
	strbuf_release(&title);
	if (bytes_contain(t->body.data, t->body.len, "<config-auth") ||
		bytes_contain(t->body.data, t->body.len, "+CSCOE+"))
		strs_add(&t->anyconnect, "body");
}

static void tell_anyconnect(struct fetch *t)
{
	struct facts *facts = &t->result.http;

	facts_bool(facts, "anyconnect", t->anyconnect.count > 0);
	json_object_del(facts->object, "anyconnect_evidence");
	for (size_t i = 0; i < t->anyconnect.count; i++)
		if (!facts_list_has(facts, "anyconnect_evidence", t->anyconnect.items[i]))
			facts_add(facts, "anyconnect_evidence", t->anyconnect.items[i]);
}

/* With TLS 1.3 only this says whether the certificate was accepted. */
static void tell_acceptance(struct fetch *t)
{
	const char *error = facts_get_str(&t->result.http, "error");

	if (!facts_get_bool(&t->result.tls, "client_cert_requested", false))
		return;
	if (facts_has(&t->result.http, "status"))
		error = "status";
	facts_str(&t->result.tls, "client_cert_answer", error != NULL ? error : "other");
}

/* How long the first byte took, with the handshake before it, or how long nothing came since. */
static void tell_waited(struct fetch *t, bool silent)
{
	double ms = ms_between(t, CURLINFO_CONNECT_TIME_T, CURLINFO_STARTTRANSFER_TIME_T);
	double since = t->last_byte > 0 ? t->last_byte : t->attempt_begun;
	double waited = silent ? loop_now(t->owner->loop) - since : ms / 1000;

	t->waited = waited > t->waited ? waited : t->waited;
	if (t->waited >= FETCH_SLOW)
		facts_int(&t->result.http, "waited_s", (long long)(t->waited + 0.5));
}

static void tell_http(struct fetch *t, int code, bool silent)
{
	struct facts *facts = &t->result.http;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_WRITE_ERROR && t->body.truncated)
		code = CURLE_OK;
	tell_waited(t, silent);
	/* Servers close without close_notify or a length, too: the answer is there. */
	bool closed = status != 0 && code == CURLE_RECV_ERROR && os_errno(t) == 0;
	if (code != CURLE_OK && !closed) {
		facts_str(facts, "error", http_error(t, code, silent));
		tell_code(facts, t, code);
	}
	if (status == 0)
		return;
	facts_int(facts, "status", status);
	if (!t->again)
		facts_real(&t->result.timings, "first_byte_ms",
			ms_between(t, CURLINFO_PRETRANSFER_TIME_T, CURLINFO_STARTTRANSFER_TIME_T));
	tell_body(t);
	tell_anyconnect(t);
	if (t->again && t->location != NULL) {
		facts_str(facts, "followed", t->location);
		facts_int(facts, "first_status", t->first_status);
	}
	if ((code == CURLE_OK || closed) && !redirects_note(t, status))
		facts_str(facts, "error", "redirects");
}

/* Of libcurl's codes those that are about this machine alone. */
static void note_shortage(int code)
{
	if (code == CURLE_OUT_OF_MEMORY)
		shortage_note(SHORTAGE_MEMORY);
	else if (code == CURLE_FAILED_INIT || code == CURLE_INTERFACE_FAILED ||
		 code == CURLE_SSL_ENGINE_INITFAILED)
		shortage_note(SHORTAGE_OTHER);
}

void fetch_tell(struct fetch *t, int code, bool silent)
{
	bool tls = t->depth != FETCH_CONNECT && !t->plain;

	note_shortage(code);

	if (!t->again)
		tell_connect(t, code, silent);
	if (!t->connected || !facts_get_bool(&t->result.connect, "connected", false))
		return;
	if (tls)
		tell_tls(t, code, silent);
	if (t->depth != FETCH_HTTP || t->bare || (tls && !t->handshake))
		return;
	if (!fetch_is_evidence(t)) {
		facts_str(&t->result.http, "error", "stranger");
		return;
	}
	tell_http(t, code, silent);
	tell_acceptance(t);
}

void fetch_tell_unfinished(struct fetch *t)
{
	fetch_look(t);
	if (!t->again)
		facts_bool(&t->result.connect, "connected", t->connected && t->proxy == NULL);
	if (t->tls != NULL && t->connected)
		copy_evidence(t);
}
