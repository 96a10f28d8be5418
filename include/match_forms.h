/*
 * The forms in which a rule may write a name that a terminal holds: the whole name first, then
 * without what stands at its end and tells only version, processor, language or platform
 * ("OpenVPN 2.3.18-I602", "Kaspersky Internet Security 2014", "ESET Endpoint Security (x64)", "…
 * for Windows"), without versions in the middle, and Japanese without the blanks between its words.
 */
#ifndef PREFLIGHT_MATCH_FORMS_H
#define PREFLIGHT_MATCH_FORMS_H

#include <stddef.h>

#define MATCH_FORMS_MAX 16

struct match_forms {
	char *items[MATCH_FORMS_MAX]; /* owned; no two are the same */
	size_t count;
};

/* Of a name as match_normalise makes it. */
void match_forms_make(struct match_forms *forms, const char *name);
void match_forms_release(struct match_forms *forms);

#endif
