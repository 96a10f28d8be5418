/*
 * Which of the OS's rules for single names (struct dns_rule) a name falls under.
 */
#ifndef PREFLIGHT_DNS_RULE_H
#define PREFLIGHT_DNS_RULE_H

#include "platform.h"

/*
 * The most special rule: the name itself, then its first label, then the longest domain above it,
 * then "."; NULL when there is none. Borrowed.
 */
const struct dns_rule *dns_rule_for(const struct dns_servers *servers, const char *name);

#endif
