/*
 * Texts of checks and causes without facts, filled as far as the rule file knows their values.
 */
#ifndef PREFLIGHT_COMMANDS_CHECK_TEXTS_H
#define PREFLIGHT_COMMANDS_CHECK_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "check.h"
#include "lang.h"
#include "rules.h"

/* As in a report, with the documented address for the one that would be found. A new reference. */
json_t *check_values(const struct rule_check *check, enum lang lang);
/*
 * What several checks (at least one) have in common; traffic and entries for the hosts file of all
 * of them. A new reference.
 */
json_t *checks_values(const struct rule_check *const *checks, size_t count, enum lang lang);

/*
 * Where no check is known: hosts, ports and traffic are left open and read "…", so that what names
 * them is still told. A new reference.
 */
json_t *values_unknown(enum lang lang);

/* Whether the check's judge can give this cause. */
bool check_shows(const struct rule_check *check, const char *code);

/* The check's own remedy for the cause, or NULL for the cause's. */
const struct text *check_remedy(const struct rule_check *check, const char *code);
/* The remedy that all of them (at least one) give in their own words, or NULL for the cause's. */
const struct text *checks_remedy(
	const struct rule_check *const *checks, size_t count, const char *code);

#endif
