/*
 * What an IKE conversation tells, as facts of the check `ike`.
 *
 * Facts
 *   address, via             what was asked, and how the name became it (name_via_name)
 *   port, marker             int, bool
 *   answered                 bool
 *   complete                 bool, without an answer: every question was asked, and its time over
 *   answer, notify           ike_answer_name; name of the notify, or its number
 *   ike_version              int, 1 or 2
 *   wanted_group             int, with INVALID_KE_PAYLOAD
 *   questions, sent          list of what was asked; datagrams sent
 *   error, errno, ...        see udp_facts.h; may stand beside an answer
 *   path_mtu                 int, when an ICMP message told one
 *   not_ike, first_bytes     something else answered; its first bytes in hexadecimal
 *   nat_local, nat_remote    "present" or "none", from a full answer with NAT detection
 *   nat_answer               what NAT detection was answered with, or "silent", when it was asked
 *   redirect                 where a REDIRECT sends clients, when it says so
 *   limited                  true: it answered nothing but the version
 *   answered_nearby          true: so was a question that passes no router; router: the first one
 *   second_flow              "answered" or "refused": a question from another source port
 *   fragmentation            bool, from a full answer: RFC 7383
 *   vendor                   product told by a Vendor ID
 *   local_port               int
 *   path, path_...           without an answer: how far the questions got, see path_facts.h
 *   ipv6_address, ipv6_answer, ipv6_error   the host's IPv6 address, asked beside; never decides
 *   blocked_by               "name": there is no address to ask
 * Timings: rtt_ms, name_ms.
 */
#ifndef PREFLIGHT_IKE_FACTS_H
#define PREFLIGHT_IKE_FACTS_H

#include "check.h"
#include "ike_desk.h"

#define IKE_FACTS_V1_MAIN "ikev1-main" /* one of `questions`: IKEv1's first message, main mode */

/* Of the conversation with the address that decides: answer, refusal, NAT, what was asked. */
void ike_facts(struct check_run *c, const struct ike_outcome *outcome, const struct net_addr *addr);

void ike_facts_near(struct facts *facts, const struct ike_near *near);

/*
 * Where somebody near answered, false otherwise. It is proved where it saw this terminal's own
 * address, and itself under another than the gateway's; else it is not known who answers.
 */
bool ike_facts_judge_near(const struct facts *facts, struct judgement *out);

#endif
