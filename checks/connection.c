#include "connection.h"

#include "cause.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/ssl.h>

#include "mem.h"
#include "offender.h"
#include "other_addresses.h"
#include "route_facts.h"
#include "tls_sizes.h"

const char *const connection_peer_facts[] = {
	"address", "via", "port", "connected", "blocked_by", NULL};

const char *const connection_versions[] = {"1.2", "1.3", NULL};

struct fetch_want connection_want(const struct rule_check *check, enum fetch_depth depth)
{
	return (struct fetch_want){
		.host = rule_host(check, "host"),
		.port = (uint16_t)rule_number(check, "port", 443),
		.depth = depth,
	};
}

void connection_want_tls(struct fetch_want *want, const struct check_run *c)
{
	want->identity = run_identity(c->run, rule_certificate(c->check, "certificate"));
	if (strcmp(rule_string(c->check, "max-version"), "1.2") == 0)
		want->max_version = TLS1_2_VERSION;
}

/* ---- one transfer ---- */

struct connection {
	struct fetch_want want;
	connection_fill_fn *fill;
	bool thorough;                  /* sizes of packets and other addresses are asked about */
	struct tls_sizes *sizes;        /* NULL: not, or not yet */
	struct other_addresses *others; /* the same */
	follow_allowed_fn *allowed;     /* where a page may lead to; NULL: nowhere */
	struct follow *follow;
	size_t waiting; /* for so many of these */
};

static void on_more(struct check_run *c)
{
	struct connection *connection = c->state;

	if (--connection->waiting == 0)
		check_done(c);
}

static void on_result(void *arg, const struct fetch_result *result)
{
	struct check_run *c = arg;
	struct connection *connection = c->state;

	if (c->finished)
		return;
	connection->fill(c, result);
	if (connection->thorough) {
		connection->sizes = tls_sizes_begin(c, result, on_more);
		connection->others =
			other_addresses_begin(c, &connection->want, OTHERS_TLS, on_more);
	}
	if (connection->allowed != NULL)
		connection->follow =
			follow_begin(c, &connection->want, result, connection->allowed, on_more);
	connection->waiting = connection->sizes != NULL ? 1 : 0;
	connection->waiting += connection->others != NULL ? 1 : 0;
	connection->waiting += connection->follow != NULL ? 1 : 0;
	if (connection->waiting == 0)
		check_done(c);
}

void connection_begin(struct check_run *c, const struct fetch_want *want, connection_fill_fn *fill)
{
	struct connection *connection = mem_alloc(sizeof *connection);

	*connection = (struct connection){.want = *want, .fill = fill};
	c->state = connection;
	fetch_add(run_fetches(c->run), want, on_result, c);
}

void connection_begin_thorough(
	struct check_run *c, const struct fetch_want *want, connection_fill_fn *fill)
{
	connection_begin(c, want, fill);
	((struct connection *)c->state)->thorough = true;
}

void connection_begin_page(struct check_run *c, const struct fetch_want *want,
	connection_fill_fn *fill, follow_allowed_fn *allowed)
{
	connection_begin(c, want, fill);
	((struct connection *)c->state)->allowed = allowed;
}

void connection_stop(struct check_run *c)
{
	const struct connection *connection = c->state;

	connection->fill(c, fetch_peek(run_fetches(c->run), &connection->want));
}

void connection_release(struct check_run *c)
{
	struct connection *connection = c->state;

	if (connection != NULL) {
		tls_sizes_free(connection->sizes);
		follow_free(connection->follow);
		other_addresses_free(connection->others);
	}
	free(connection);
	c->state = NULL;
}

/* ---- judging ---- */

void judgement_set(struct judgement *out, enum verdict verdict, const char *cause)
{
	out->verdict = verdict;
	out->cause = cause;
}

bool connection_dates_only(const struct facts *tls)
{
	size_t count = facts_count(tls, "verify_errors");

	for (size_t i = 0; i < count; i++) {
		const char *error = facts_item(tls, "verify_errors", i);
		if (error == NULL || (strcmp(error, "X509_V_ERR_CERT_HAS_EXPIRED") != 0 &&
					     strcmp(error, "X509_V_ERR_CERT_NOT_YET_VALID") != 0))
			return false;
	}
	return count > 0 && facts_get_bool(tls, "trust", true);
}

bool connection_genuine(const struct facts *tls)
{
	return facts_get_bool(tls, "handshake", false) && facts_get_bool(tls, "name_ok", false) &&
	       (facts_get_bool(tls, "verified", false) || connection_dates_only(tls));
}

/* ---- TCP ---- */

static const struct {
	enum net_error error;
	const char *cause;
} causes[] = {
	{NET_REFUSED, "tcp.refused"},
	{NET_RESET, "tcp.reset"},
	{NET_TIMEOUT, "tcp.silent"},
	{NET_PROHIBITED, "tcp.prohibited"},
	{NET_UNREACH_NET, "tcp.unreachable"},
	{NET_UNREACH_HOST, "tcp.unreachable"},
	{NET_UNREACH_PROTO, "tcp.unreachable"},
	{NET_TTL_EXCEEDED, "tcp.unreachable"},
	{NET_NO_ROUTE, "net.no-route"},
	{NET_LOCAL_DENIED, "net.local-denied"},
};

static const char *cause_of(const char *error)
{
	for (size_t i = 0; error != NULL && i < sizeof causes / sizeof causes[0]; i++)
		if (strcmp(net_error_name(causes[i].error), error) == 0)
			return causes[i].cause;
	return NULL;
}

/* Who said so is where it is. */
static void narrow(const struct facts *facts, struct judgement *out)
{
	const char *is = facts_get_str(facts, "offender_is");

	if (is == NULL || strcmp(out->cause, "net.local-denied") == 0)
		return;
	out->segments = offender_segments(is, strcmp(out->cause, "tcp.unreachable") == 0);
	if (out->segments == SEGMENT_FACILITY)
		out->actors = ACTOR_NETWORK;
}

/* What came by ICMP is the path's; an error that is no word about it is this machine's. */
static void judge_error(const struct facts *facts, struct judgement *out)
{
	const char *cause = cause_of(facts_get_str(facts, "error"));

	if (cause == NULL && !facts_has(facts, "icmp_type")) {
		judgement_set(out, VERDICT_UNKNOWN, "run.local-error");
		return;
	}
	judgement_set(out, VERDICT_FAIL, cause != NULL ? cause : "tcp.unreachable");
	narrow(facts, out);
}

void connection_judge(const struct facts *facts, struct judgement *out)
{
	if (facts_get_bool(facts, "connected", false) &&
		facts_count(facts, "silent_addresses") > 0) {
		judgement_set(out, VERDICT_WARN, "net.address-silent");
	} else if (facts_get_bool(facts, "connected", false)) {
		judgement_set(out, VERDICT_PASS, NULL);
	} else if (facts_has(facts, "blocked_by") || !facts_has(facts, "error")) {
		judgement_set(out, VERDICT_UNKNOWN, "run.blocked");
	} else if (!route_facts_judge(facts, out)) {
		judge_error(facts, out);
	}
}
