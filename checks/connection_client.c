/*
 * What a server said to our client certificate, or to its absence.
 *
 * A server that refuses says so by an alert (RFC 8446 section 6.2), or hangs up (ocserv resets).
 * With TLS 1.3 both come after the handshake, in place of an answer to the first request.
 */
#include "connection.h"

#include <string.h>

#define CA_NAMES_MAX 20 /* of client_ca_names; at the limit some may be missing */

static bool has_text(const struct facts *facts, const char *name, const char *text)
{
	const char *value = facts_get_str(facts, name);

	return value != NULL && strcmp(value, text) == 0;
}

static bool hung_up(const struct facts *facts, const char *name)
{
	return has_text(facts, name, "reset") || has_text(facts, name, "closed");
}

static bool is_about_certificates(long long alert)
{
	static const int alerts[] = {40, 41, 42, 43, 44, 45, 46, 48, 49, 116};

	for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++)
		if (alert == alerts[i])
			return true;
	return false;
}

static bool is_kept(const struct facts *facts)
{
	return facts_get_bool(facts, "certificate_kept", false);
}

bool connection_client_refused(const struct facts *facts)
{
	bool sent = facts_get_bool(facts, "certificate_sent", false);
	long long alert = facts_get_int(facts, "alert", -1);

	if (!facts_get_bool(facts, "client_cert_requested", false))
		return false;
	if (sent && is_kept(facts)) /* we had to end it ourselves */
		return !facts_get_bool(facts, "handshake", false);
	if (sent ? alert >= 0 : is_about_certificates(alert))
		return true;
	if (!facts_get_bool(facts, "handshake", false))
		return hung_up(facts, "error");
	return sent && hung_up(facts, "client_cert_answer");
}

bool connection_issuer_listed(const struct facts *facts)
{
	size_t names = facts_count(facts, "client_ca_names");
	size_t count = facts_count(facts, "certificate_issuers");

	if (names == 0 || names >= CA_NAMES_MAX || count == 0)
		return true;
	for (size_t i = 0; i < count; i++) {
		const char *issuer = facts_item(facts, "certificate_issuers", i);
		if (issuer != NULL && facts_list_has(facts, "client_ca_names", issuer))
			return true;
	}
	return false;
}

const char *connection_client_cause(const struct facts *facts)
{
	static const struct {
		int alert;
		const char *cause;
	} causes[] = {
		{44, "tls.client-revoked"},
		{45, "tls.client-expired"},
		{48, "tls.client-unknown-ca"},
	};

	if (!facts_get_bool(facts, "certificate_sent", false))
		return "tls.client-missing";
	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if (facts_get_int(facts, "alert", -1) == causes[i].alert)
			return causes[i].cause;
	return connection_issuer_listed(facts) ? "tls.client-refused" : "tls.client-not-accepted";
}

/* Nothing that followed shows that the server went on with our certificate. */
static bool acceptance_unknown(const struct facts *facts)
{
	return has_text(facts, "version", "TLSv1.3") &&
	       !has_text(facts, "client_cert_answer", "status") &&
	       !has_text(facts, "client_cert_answer", "truncated") &&
	       !has_text(facts, "client_cert_answer", "not-http");
}

static void judge_sent(const struct facts *facts, struct judgement *out)
{
	if (acceptance_unknown(facts))
		judgement_set(out, VERDICT_UNKNOWN, "tls.silent");
	else if (!connection_issuer_listed(facts))
		judgement_set(out, VERDICT_WARN, "tls.client-not-accepted");
}

void connection_judge_client(
	const struct rule_check *check, const struct facts *facts, struct judgement *out)
{
	const char *expected = rule_string(check, "client-certificate");
	bool requested = facts_get_bool(facts, "client_cert_requested", false);
	bool refused = connection_client_refused(facts);
	bool must = strcmp(expected, "requested") == 0;
	bool sent = facts_get_bool(facts, "certificate_sent", false);

	if (strcmp(expected, "none") == 0) {
		if (requested)
			judgement_set(out, refused ? VERDICT_FAIL : VERDICT_WARN,
				"tls.client-certificate");
	} else if (must && !requested) {
		judgement_set(out, VERDICT_FAIL, "tls.client-not-asked");
	} else if (refused && !sent && must && rule_certificate(check, "certificate") == NULL) {
		return; /* a visitor who has none may be turned away */
	} else if (refused && is_kept(facts)) {
		judgement_set(out, VERDICT_UNKNOWN, "tls.client-kept");
	} else if (refused) {
		judgement_set(out, VERDICT_FAIL, connection_client_cause(facts));
	} else if (sent) {
		judge_sent(facts, out);
	}
}
