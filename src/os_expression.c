/*
 * Expressions over operating systems: "windows 7 sp1+", "linux debian 12".
 */
#include "support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "version.h"

#define WORD_MAX 64

struct number_term {
	long long number; /* -1: not given */
	bool or_later;
};

/* An expression taken apart. */
struct os_expression {
	char family[WORD_MAX];
	char distro[WORD_MAX];   /* "" when not given */
	char versions[WORD_MAX]; /* version terms, separated by spaces; "" when not given */
	bool server;
	struct number_term build, service_pack;
};

static bool next_word(const char **at, char word[WORD_MAX])
{
	const char *p = *at + strspn(*at, " \t");
	size_t len = strcspn(p, " \t");

	*at = p + len;
	if (len >= WORD_MAX)
		len = WORD_MAX - 1;
	for (size_t i = 0; i < len; i++)
		word[i] = (char)tolower((unsigned char)p[i]);
	word[len] = '\0';
	return len > 0;
}

/* "19041" or "19041+". */
static bool parse_number(const char *word, struct number_term *term)
{
	size_t digits = strspn(word, "0123456789");

	if (digits == 0 || digits > 9)
		return false;
	term->number = strtoll(word, NULL, 10);
	term->or_later = strcmp(word + digits, "+") == 0;
	return term->or_later || word[digits] == '\0';
}

static bool is_version_term(const char *word)
{
	return strchr("0123456789<>=!", *word) != NULL && version_validate(word) == NULL &&
	       strchr(word, '|') == NULL;
}

static const char *add_version(struct os_expression *e, const char *word)
{
	size_t used = strlen(e->versions), len = strlen(word);

	if (used + 1 + len >= sizeof e->versions)
		return "too many version terms";
	if (used > 0)
		e->versions[used++] = ' ';
	memcpy(e->versions + used, word, len + 1);
	return NULL;
}

static const char *take_word(struct os_expression *e, const char *word, const char **rest)
{
	bool windows = strcmp(e->family, "windows") == 0;
	char number[WORD_MAX];

	if (is_version_term(word))
		return add_version(e, word);
	if (windows && strcmp(word, "server") == 0) {
		e->server = true;
		return NULL;
	}
	if (windows && strcmp(word, "build") == 0)
		return next_word(rest, number) && parse_number(number, &e->build)
			       ? NULL
			       : "build needs a number, as in \"build 19041\" or \"build 19041+\"";
	if (windows && strncmp(word, "sp", 2) == 0)
		return parse_number(word + 2, &e->service_pack)
			       ? NULL
			       : "a service pack is written as in \"sp1\" or \"sp1+\"";
	if (strcmp(e->family, "linux") == 0 && e->distro[0] == '\0' && e->versions[0] == '\0' &&
		isalpha((unsigned char)*word)) {
		snprintf(e->distro, sizeof e->distro, "%s", word);
		return NULL;
	}
	return "expected FAMILY [server|DISTRO] [VERSION] [build N[+]] [spN[+]]";
}

static const char *parse(const char *text, struct os_expression *e)
{
	char word[WORD_MAX];

	memset(e, 0, sizeof *e);
	e->build.number = e->service_pack.number = -1;
	if (!next_word(&text, e->family) ||
		(strcmp(e->family, "windows") != 0 && strcmp(e->family, "macos") != 0 &&
			strcmp(e->family, "linux") != 0))
		return "expected windows, macos or linux first";
	while (next_word(&text, word)) {
		const char *wrong = take_word(e, word, &text);

		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

const char *os_expression_validate(const char *expression)
{
	struct os_expression e;

	return parse(expression, &e);
}

static bool fits(const struct number_term *term, long long value)
{
	if (term->number < 0)
		return true;
	return term->or_later ? value >= term->number : value == term->number;
}

bool os_expression_match(const char *expression, const struct os_info *os)
{
	struct os_expression e;

	if (parse(expression, &e) != NULL || strcmp(e.family, os->family) != 0)
		return false;
	if (e.server != (strcmp(os->channel, "server") == 0))
		return false;
	if (e.distro[0] != '\0' && strcmp(e.distro, os->distro) != 0)
		return false;
	if (e.versions[0] != '\0' && !version_match(e.versions, os->version))
		return false;
	return fits(&e.build, os->build) && fits(&e.service_pack, os->service_pack);
}

/* Windows RT calls itself EditionID CoreARM and exists for 32-bit ARM only. */
static bool is_windows_rt(const struct os_info *os)
{
	return strcmp(os->family, "windows") == 0 && strcmp(os->arch, "arm") == 0;
}

bool os_edition_listed(const struct strs *editions, const struct os_info *os)
{
	for (size_t i = 0; i < editions->count; i++) {
		const char *edition = editions->items[i];

		if (os->edition[0] != '\0' && glob_match(edition, os->edition, true))
			return true;
		if (glob_match("rt", edition, true) && is_windows_rt(os))
			return true;
	}
	return false;
}
