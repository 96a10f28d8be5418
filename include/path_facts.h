/*
 * How far the packets of a silent port got, compared with those of a port of the same host that
 * answers: what it means, as facts, and where it lets the failure be.
 *
 *   path              list of {ttl, address, kind} of the routers that answered for the silent port
 *   path_other        the same for the port compared with, path_other_port: "TCP 443"
 *   path_reset        bool, true: the port is not silent, but resets connections
 *   path_sent         int: packets sent for both
 *   path_doubtful     bool, true: some of them were lost, or too few were sent to rule that out
 *   path_known        bool: something could be told
 *   path_reach        "start", "between", "end", "alone" or "unknown"; see the table below
 *   path_past_facility  bool: nothing of the facility can be it
 *   path_last, path_last_kind   the last router that the silent port's packets reached
 *   path_next, path_next_kind   the next one, which only the other port's packets reached
 *   path_unavailable  why nothing was tried: "os" this OS does not tell routers; "vpn" the way
 *                     leads through a VPN; "limit" enough ports were followed; "time" it had not
 *                     begun when the run ended
 * Kinds: "facility" default gateway, private and link-local addresses up to the first other one;
 * "line" every other router, shared addresses (RFC 6598) included; "service" the host itself.
 *
 * A router tells that a packet's time is exceeded before it decides whether to forward it, but a
 * filter where packets come in is asked before that. So the packets of a silent port that
 * reached router A, and not router B behind it, which the compared port's packets reached, were
 * dropped by A, between A and B, or on entering B. What reached the last router may as well have
 * been answered, and the answer lost.
 *
 *   silent port reached   compared port reached   reach     where it can be
 *   nothing               facility router B       start     terminal, facility
 *   nothing               line router B           start     terminal, facility, line
 *   facility router A     facility router B       between   facility
 *   facility router A     line router B           between   facility, line
 *   line router A         line router B           between   line
 *   router A              no router behind A      end       facility, line, service
 *   the host              anything                end       facility, line, service
 *   facility router A     (none to compare)       alone     as without evidence
 *   line router A         (none to compare)       alone     facility, line, service
 *   nothing               nothing, or none        unknown   as without evidence
 * A port that resets connections is found at the first hop limit with which the reset comes; the
 * router before that forwarded the packet, or made the reset instead of forwarding it.
 *
 *   reset comes                            reach     where it is made
 *   at the first hop                       start     terminal, facility (or as above)
 *   nearer than the compared port, behind router A, before or at router B
 *                                          between   as above
 *   as far away, behind facility router A  end       facility, line, service
 *   as far away, behind line router A      end       line, service
 *   (none to compare), behind router A     alone     like "end"
 *   otherwise                              unknown   as without evidence
 *
 * A compared port that is answered at the first hop, or nearer than the silent port's routers, is
 * answered by something on the way in the host's name; it is not compared with.
 */
#ifndef PREFLIGHT_PATH_FACTS_H
#define PREFLIGHT_PATH_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "check.h"
#include "facts.h"
#include "net.h"
#include "terminal.h"

#define PATH_HOPS_MAX 10

/* Who answered for each hop limit, the first for 1; family 0: nobody. */
struct path_trace {
	struct net_addr hops[PATH_HOPS_MAX];
};

enum path_kind { PATH_NOBODY, PATH_FACILITY, PATH_LINE, PATH_SERVICE };
const char *path_kind_name(enum path_kind kind);

/* The kind of each hop of a trace to `target`. */
void path_classify(const struct path_trace *trace, const struct net_addr *target,
	const struct terminal *terminal, enum path_kind kinds[PATH_HOPS_MAX]);

enum path_reach { PATH_UNKNOWN, PATH_START, PATH_BETWEEN, PATH_END, PATH_ALONE };
const char *path_reach_name(enum path_reach reach);

struct path_finding {
	enum path_reach reach;
	int last, next; /* hop limits, from 1; 0: none */
};
/* other: kinds of the port compared with; NULL: there was none. */
struct path_finding path_find(const enum path_kind *asked, const enum path_kind *other);

/* The same of a port that resets connections: the host's kind is where the reset came from. */
struct path_finding path_find_reset(const enum path_kind *asked, const enum path_kind *other);

/* Writes every fact above but path_sent, path_doubtful and path_reset; other NULL: nothing was
 * compared. */
void path_facts(struct facts *facts, const struct path_trace *asked, const struct path_trace *other,
	const struct net_addr *target, const struct terminal *terminal, bool reset);
void path_facts_unavailable(struct facts *facts, const char *why);

/* Narrows a judgement of silence, or of a reset, to where the facts let it be; without evidence it
 * stays. */
void path_facts_judge(const struct facts *facts, struct judgement *out);

#endif
