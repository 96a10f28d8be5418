/*
 * Freeing the parts of struct rules.
 */
#ifndef PREFLIGHT_RULES_RELEASE_H
#define PREFLIGHT_RULES_RELEASE_H

#include "rules.h"

/* Each frees what an entry owns, not the entry. */
void rule_requirement_release(void *entry);
void rule_host_release(void *entry);
void rule_check_release(void *entry);
void rule_software_release(void *entry);
void rule_lifecycle_release(void *entry);
void rule_interceptor_release(void *entry);
void rule_cause_release(void *entry);
void rule_profile_release(void *entry);

void rule_match_release(struct rule_match *match);
void value_release(struct value *value);

/* Frees a check's values (its type may change then), and its remedies. */
void rule_check_release_typed(struct rule_check *check);

#endif
