/*
 * Where a page leads to beyond its own host, port and scheme. A browser follows, and the page at
 * the end is what the user sees: so it is asked for here, each hop by a connection of its own. Only
 * within the sites that a check allows, and by https before http where a browser does so; never by
 * another scheme than http and https, nor further than a browser goes. A client certificate is
 * shown where the rules say so: to the check's own host, and to a host that has a check of this
 * type with a certificate.
 *
 * Facts, when the page leads on
 *   led_to        str  scheme, host and port of the last request
 *   led_status    int  status of its answer
 *   led_error     str  why no page came from there: net_error_name(), an error of `tls` or `http`
 *                      (fetch.h), "name" (no address), "certificate", "scheme", or
 *                      "invalid" (it leads to what is no address)
 *   led_off_site  str  the host that it leads to, which is not allowed and was not asked
 *   waited_s      int  where it was slower than the page itself
 */
#ifndef PREFLIGHT_CHECKS_FOLLOW_H
#define PREFLIGHT_CHECKS_FOLLOW_H

#include "check.h"
#include "fetch.h"

/* Whether a redirect is followed there. */
typedef bool follow_allowed_fn(const struct check_run *c, const struct fetch_place *to);
typedef void follow_fn(struct check_run *c);

struct follow;
/*
 * After the page that `want` asked for, which is not followed unless it is genuine: calls fn once,
 * later, when the facts are in the check. NULL, and nothing is called: it leads nowhere. Free with
 * follow_free, after the last fetch was ended or forgotten.
 */
struct follow *follow_begin(struct check_run *c, const struct fetch_want *want,
	const struct fetch_result *result, follow_allowed_fn *allowed, follow_fn *fn);
void follow_free(struct follow *follow);

/*
 * Whether pages of `name` are the service's own: it is at home where the host is, or `sites` of
 * an http check of the host names it.
 */
bool follow_is_own_site(const struct check_run *c, const struct rule_host *host, const char *name);

#endif
