/* What a result tells, as the diagnosis asks it. */
#include "private.h"

#include <string.h>

bool result_is_problem(const struct result *r)
{
	return r->verdict == VERDICT_FAIL || r->verdict == VERDICT_UNKNOWN ||
	       r->verdict == VERDICT_WARN;
}

bool result_is_open(const struct result *r)
{
	return result_is_problem(r) && r->root < 0;
}

bool result_has_cause(const struct result *r, const char *code)
{
	return r->cause != NULL && strcmp(r->cause, code) == 0;
}

bool result_in_family(const struct result *r, const char *prefix)
{
	return r->cause != NULL && strncmp(r->cause, prefix, strlen(prefix)) == 0;
}

bool result_is_type(const struct result *r, const char *name)
{
	return strcmp(r->check->type->name, name) == 0;
}

const struct rule_host *result_host(const struct result *r)
{
	return r->check->type->flags & CHECK_HOST ? rule_host(r->check, "host") : NULL;
}

const struct rule_certificate *result_certificate(const struct result *r)
{
	for (size_t i = 0; i < r->check->type->key_count; i++)
		if (r->check->type->keys[i].type == KEY_CERTIFICATE)
			return r->check->values[i].certificate;
	return NULL;
}

bool result_is_network(const struct result *r)
{
	return (r->check->type->flags & CHECK_NETWORK) != 0;
}

/* A network failure, as opposed to what a reachable peer said or lacks. */
bool result_is_path_problem(const struct result *r)
{
	return result_in_family(r, "dns.") || result_in_family(r, "tcp.") ||
	       result_in_family(r, "udp.") || result_in_family(r, "dtls.") ||
	       result_in_family(r, "net.") || result_has_cause(r, "run.blocked") ||
	       result_has_cause(r, "tls.silent") || result_has_cause(r, "http.silent");
}

/* Facts that show an answer from beyond the facility's own network. */
bool result_is_alive(const struct result *r)
{
	const struct rule_host *host = result_host(r);
	const char *outcome = facts_get_str(r->facts, "outcome");

	if (host == NULL || host->internal || r->state == RUN_SKIPPED)
		return false;
	if (result_is_type(r, "dns"))
		return outcome != NULL && strcmp(outcome, "answer") == 0;
	if (result_is_type(r, "tcp"))
		return facts_get_bool(r->facts, "connected", false);
	if (result_is_type(r, "tls")) /* its host's tcp check tells of the connection itself */
		return facts_count(r->facts, "documented_works") > 0;
	if (result_is_type(r, "ike") || result_is_type(r, "dtls"))
		return facts_get_bool(r->facts, "answered", false);
	return false;
}
