/* What the parts of the diagnosis share: results.c, roots.c, and the passes. */
#ifndef PREFLIGHT_DIAGNOSE_PRIVATE_H
#define PREFLIGHT_DIAGNOSE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "cause.h"
#include "diagnose.h"

struct context {
	struct diagnosis *d;
	bool outside; /* something answered from beyond the facility */
};

/* ---- results.c: what a result is ---- */

/* Fails, warns or is unknown; open: and no root has taken it. */
bool result_is_problem(const struct result *r);
bool result_is_open(const struct result *r);
bool result_has_cause(const struct result *r, const char *code);
bool result_in_family(const struct result *r, const char *prefix); /* "tcp." */
bool result_is_type(const struct result *r, const char *name);
bool result_is_network(const struct result *r);
/* A failure of the path, as opposed to what a reachable peer said or lacks. */
bool result_is_path_problem(const struct result *r);
/* Its facts show an answer from beyond the facility's own network. */
bool result_is_alive(const struct result *r);
const struct rule_host *result_host(const struct result *r); /* or NULL */
/* That its check names, or NULL. */
const struct rule_certificate *result_certificate(const struct result *r);

/* ---- roots.c: root causes and their members ---- */

/* Pointers to roots stay valid until the next root_new. */
struct root_cause *root_new(struct context *x, const char *code, size_t lead);
/* evidence: the result shows the cause itself; else it fails because of it. */
void root_join(struct context *x, struct root_cause *root, size_t index, bool evidence);
typedef bool member_test(const struct context *x, const struct result *r, const char *code);
/* One root, with this cause, of every result that passes the test, which is evidence; NULL: none
 * does. */
struct root_cause *root_of_those(struct context *x, const char *code, member_test *test);
/* One root of every open result with this cause (failures only: no warnings); NULL: none. */
struct root_cause *root_make(struct context *x, const char *code, bool failures_only);
struct root_cause *root_of_cause(struct context *x, const char *code);
bool root_shares_host(
	const struct context *x, const struct root_cause *root, const struct result *r);

/* A failure at the result's host is among its symptoms. */
bool root_breaks_host(
	const struct context *x, const struct root_cause *root, const struct result *r);

bool root_shares_certificate(
	const struct context *x, const struct root_cause *root, const struct result *r);

typedef bool result_test(
	const struct context *x, const struct root_cause *root, const struct result *r);
/* Takes every open result that passes the test as a symptom. */
void root_take_symptoms(struct context *x, struct root_cause *root, result_test *test);

/* Fails first, then unknown, then warnings. */
int verdict_order(enum verdict verdict);

/* ---- passes_wide.c ---- */

void pass_no_route(struct context *x);
void pass_gateway_silent(struct context *x);
void pass_missing_routes(struct context *x);
void pass_captive_portal(struct context *x);
void pass_proxy_only(struct context *x);
void pass_no_internet(struct context *x);

/* ---- passes_certificates.c ---- */

void pass_clock(struct context *x);
void pass_certificates(struct context *x);
void pass_unproven(struct context *x);

/* ---- passes_rejected.c ---- */

void pass_rejected_questions(struct context *x);
void pass_rejected_hosts(struct context *x);

/* ---- passes.c ---- */

/* Gives every problem its root: what stands nearer to the terminal comes first. */
void passes_run(struct context *x);

#endif
