#include "tls_sizes.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rtt.h"
#include "tls_size.h"

#define BUDGET 4.0 /* seconds for each connection: the OS repeats what is lost a few times */

struct tls_sizes {
	struct check_run *c;
	tls_sizes_fn *fn;
	struct tls_size_plan plan;
	struct tls_size *large, *small;
};

static void tell(struct tls_sizes *sizes, const char *fact, enum tls_size_answer answer)
{
	if (answer != TLS_SIZE_UNKNOWN)
		facts_str(&sizes->c->facts, fact,
			answer == TLS_SIZE_ANSWERED ? "answered" : "silent");
}

static struct tls_size *begin(struct tls_sizes *sizes, tls_size_fn *fn)
{
	struct run *run = sizes->c->run;

	sizes->plan.deadline = loop_now(run_loop(run)) + BUDGET + rtt_slack(run_rtts(run));
	return tls_size_new(run_loop(run), &sizes->plan, fn, sizes);
}

static void on_small(void *arg, enum tls_size_answer answer)
{
	struct tls_sizes *sizes = arg;

	if (sizes->c->finished)
		return;
	tell(sizes, "small_packets", answer);
	sizes->fn(sizes->c);
}

static void on_large(void *arg, enum tls_size_answer answer)
{
	struct tls_sizes *sizes = arg;

	if (sizes->c->finished)
		return;
	tell(sizes, "large_hello", answer);
	if (answer != TLS_SIZE_SILENT) {
		sizes->fn(sizes->c);
		return;
	}
	sizes->plan.small = true;
	sizes->small = begin(sizes, on_small);
}

/* The address that was connected to; false: none was. */
static bool peer_of(const struct fetch_result *result, struct net_addr *addr)
{
	const char *text = facts_get_str(&result->connect, "address");

	return facts_get_bool(&result->connect, "connected", false) &&
	       !facts_has(&result->connect, "proxy") && text != NULL && net_addr_parse(text, addr);
}

struct tls_sizes *tls_sizes_begin(
	struct check_run *c, const struct fetch_result *result, tls_sizes_fn *fn)
{
	const char *error = facts_get_str(&result->tls, "error");
	bool stands = facts_get_bool(&result->tls, "handshake", false);
	bool silent = !stands && error != NULL && strcmp(error, "silent") == 0;
	struct net_addr addr;

	if ((!stands && !silent) || !peer_of(result, &addr))
		return NULL;
	struct tls_sizes *sizes = mem_alloc(sizeof *sizes);
	sizes->c = c;
	sizes->fn = fn;
	sizes->plan = (struct tls_size_plan){
		.addr = addr,
		.port = (uint16_t)facts_get_int(&result->connect, "port", 443),
		.name = rule_host(c->check, "host")->name,
		.large = stands,
		.small = silent,
		.whole = silent,
	};
	if (stands)
		sizes->large = begin(sizes, on_large);
	else
		sizes->small = begin(sizes, on_small);
	return sizes;
}

void tls_sizes_free(struct tls_sizes *sizes)
{
	if (sizes == NULL)
		return;
	tls_size_free(sizes->large);
	tls_size_free(sizes->small);
	free(sizes);
}

static bool is(const struct facts *facts, const char *name, const char *value)
{
	const char *got = facts_get_str(facts, name);

	return got != NULL && strcmp(got, value) == 0;
}

bool tls_sizes_lost(const struct facts *facts)
{
	bool stands = facts_get_bool(facts, "handshake", false);

	return is(facts, "small_packets", "answered") &&
	       (stands ? is(facts, "large_hello", "silent") : is(facts, "error", "silent"));
}
