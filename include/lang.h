/*
 * Languages and texts for people.
 */
#ifndef PREFLIGHT_LANG_H
#define PREFLIGHT_LANG_H

enum lang { LANG_JA, LANG_EN, LANG_COUNT };

/* A text in every language; strings owned by whoever owns the struct. */
struct text {
	char *in[LANG_COUNT]; /* NULL: not given */
};

/* "ja", "en". */
const char *lang_name(enum lang lang);

/* Accepts ja, en and locale names (ja_JP.UTF-8); returns 0 and fills *lang, or -1. */
int lang_parse(const char *name, enum lang *lang);

#endif
