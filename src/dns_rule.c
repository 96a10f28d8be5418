/*
 * Rules for single names, as Windows' Name Resolution Policy Table has them.
 */
#include "dns_rule.h"

#include <ctype.h>
#include <string.h>

enum { NO_RULE, ANY_NAME, DOMAIN_ABOVE, FIRST_LABEL, WHOLE_NAME };

static bool same(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i]))
			return false;
	return true;
}

/* Without the dot at the end that makes it absolute. */
static size_t length(const char *name)
{
	size_t len = strlen(name);

	return len > 1 && name[len - 1] == '.' ? len - 1 : len;
}

static int rank(const char *space, const char *name)
{
	size_t len = length(space), name_len = length(name);

	if (strcmp(space, ".") == 0)
		return ANY_NAME;
	if (len > 1 && space[0] == '.')
		return name_len >= len && same(name + name_len - len, space, len) ? DOMAIN_ABOVE
										  : NO_RULE;
	if (len > 0 && len == name_len && same(name, space, len))
		return WHOLE_NAME;
	if (len > 0 && memchr(space, '.', len) == NULL && len < name_len && name[len] == '.' &&
		same(name, space, len))
		return FIRST_LABEL;
	return NO_RULE;
}

const struct dns_rule *dns_rule_for(const struct dns_servers *servers, const char *name)
{
	const struct dns_rule *best = NULL;
	int best_rank = NO_RULE;

	for (size_t i = 0; i < servers->rule_count; i++) {
		const struct dns_rule *rule = &servers->rules[i];
		int own = rank(rule->space, name);
		bool longer = best != NULL && strlen(rule->space) > strlen(best->space);
		if (own > best_rank || (own == DOMAIN_ABOVE && own == best_rank && longer)) {
			best = rule;
			best_rank = own;
		}
	}
	return best;
}
