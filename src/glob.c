/* Globs with * and ?; linear backtracking, so that no pattern takes exponential time. */
#include "rules.h"

static unsigned char fold_case(unsigned char c, bool fold)
{
	return fold && c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

bool glob_match(const char *pattern, const char *text, bool fold)
{
	const char *star = NULL, *retry = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			retry = text;
		} else if (*pattern != '\0' &&
			   (*pattern == '?' || fold_case((unsigned char)*pattern, fold) ==
						       fold_case((unsigned char)*text, fold))) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool glob_match_any(const struct strs *globs, const char *text, bool fold)
{
	for (size_t i = 0; i < globs->count; i++)
		if (glob_match(globs->items[i], text, fold))
			return true;
	return false;
}
