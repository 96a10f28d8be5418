/*
 * What was learnt about a name, as facts. Names, types and when they are there:
 *
 *   host              str   the name asked for
 *   via               str   where the addresses come from (name_via_name); absent when cut short
 *   addresses         list  what connections use
 *   a, aaaa           list  all servers' answers together
 *   hosts             list  addresses in the hosts file; with hosts_line (int) and hosts_path (str)
 *   servers           list  of {server, a, a_rcode, a_addresses, aaaa, aaaa_rcode,
 *                           aaaa_addresses, tcp}; outcomes by dns_outcome_name
 *   outcome           str   the best of the servers' outcomes for A; absent when none was asked
 *   aaaa_outcome      str   the same for AAAA
 *   first_outcome     str   the first server's for A: a resolver takes its word for a NO
 *   server, rcode     str, int  the server that decided (the best outcome's; the first one when it
 *                           says NO and so does the OS), and its rcode if it answered; the first
 *                           one set where none could be asked
 *   server_that_knows str   another one that has an address, when `server` says NO
 *   server_private    bool  every server with that outcome is private or the gateway
 *   server_loopback   bool  ... or is on this terminal
 *   all_silent        bool  no server answered
 *   silent_servers    list  those that did not answer
 *   silent_here_only  bool  true: all of these answered other questions
 *   some_silent       list  the same, when another did
 *   no_servers        bool  none is configured
 *   spoilt_line       int   line of the configuration that the OS passes over
 *   spoilt            str   its text
 *   spoilt_cr         bool  a carriage return ends it
 *   servers_not_asked list  configured, but beyond the cap or not addressable
 *   os                str   the OS resolver: ok, not-found, temporary, error, pending
 *   os_addresses      list  its answer
 *   os_code           int   its number, unless ok
 *   os_asks           int   how often it was asked, when more than once
 *   os_seconds        int   what its answer took, when a user notices
 *   os_always_slow    bool  with os_seconds: each time, as no lossy line makes it
 *   slow_by           str   with os_seconds, when the servers show why: "server" (slow),
 *                           "aaaa" (silent about IPv6), "losses" (loses questions)
 *   os_waited         int   seconds after which it was not waited for any longer
 *   os_rule           str   names that a rule of the OS is about, this one among them (NRPT)
 *   os_rule_servers   str   the servers that it asks for them, as configured
 *   os_rule_policy    bool  the rule is of the domain's group policy
 *   documented        list  addresses in the rule file
 *   matches_documented bool one of the answers is documented; absent: nothing to compare
 *   class             str   net_class_name of the first answer that is not global
 *   probe_name        str   the random label that was asked for
 *   wildcard          list  addresses that it got
 *   tcp_fallback      bool  an answer was truncated and asked for again over TCP
 *   search_name       str   the name with a domain of the search list behind it, where the OS's
 *                           addresses are those of this name; with search_domain, ndots (int)
 *   filter            str   maker of the DNS filter whose published block address was given
 *   os_gave_up        int   seconds after which the OS gave up, where a server answers later
 */
#ifndef PREFLIGHT_DNS_FACTS_H
#define PREFLIGHT_DNS_FACTS_H

#include "facts.h"
#include "names.h"

struct dns_view {
	const struct rule_host *host;
	const struct terminal *terminal;
	const struct name_facts *facts;     /* NULL: never asked */
	const struct name_address *address; /* NULL: not decided */
	bool complete;                      /* all that is waited for has come, or will not */
	bool ipv6;                          /* AAAA are told too */
	bool probe;                         /* and the random label */
};

void dns_facts_fill(const struct dns_view *view, struct facts *f);
/* Milliseconds: address_ms, dns_ms (the deciding server), os_ms, server_N_a_ms, server_N_aaaa_ms.
 */
void dns_timings_fill(const struct dns_view *view, struct facts *timings);

#endif
