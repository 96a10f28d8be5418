/*
 * Versions: comparison and expressions.
 */
#include "version.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "rules.h"

#define TERM_MAX 128 /* bytes of one term or version that are looked at */

/* ---- comparison ---- */

enum part_kind {
	PART_TILDE, /* in order of comparison */
	PART_PRERELEASE,
	PART_END, /* also a number of value 0 where the other side has none */
	PART_WORD,
	PART_NUMBER
};

struct part {
	enum part_kind kind;
	const char *text; /* borrowed; a number without leading zeros */
	size_t len;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return isalpha((unsigned char)c) != 0;
}

static const char *skip_prefix(const char *version)
{
	const char *digits = version;

	if ((*version == 'v' || *version == 'V') && is_digit(version[1]))
		return version + 1;
	while (is_digit(*digits))
		digits++;
	return digits != version && *digits == ':' ? digits + 1 : version;
}

static bool is_prerelease(const char *text, size_t len)
{
	static const char *const words[] = {"alpha", "beta", "dev", "pre", "preview", "rc"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t n = 0;

		while (n < len && tolower((unsigned char)text[n]) == words[i][n])
			n++;
		if (n == len && words[i][n] == '\0')
			return true;
	}
	return false;
}

/* Takes the next part off *at; separators in between count for nothing. */
static struct part next_part(const char **at)
{
	const char *p = *at;
	struct part part = {.kind = PART_END};

	while (*p != '\0' && *p != '~' && !is_digit(*p) && !is_letter(*p))
		p++;
	part.text = p;
	if (*p == '~') {
		part.kind = PART_TILDE;
		p++;
	} else if (is_digit(*p)) {
		part.kind = PART_NUMBER;
		while (*p == '0' && is_digit(p[1]))
			p++;
		part.text = p;
		while (is_digit(*p))
			p++;
	} else if (is_letter(*p)) {
		part.kind = PART_WORD;
		while (is_letter(*p))
			p++;
		if (is_prerelease(part.text, (size_t)(p - part.text)))
			part.kind = PART_PRERELEASE;
	}
	part.len = (size_t)(p - part.text);
	*at = p;
	return part;
}

static enum part_kind rank(const struct part *part)
{
	bool zero = part->kind == PART_NUMBER && part->len == 1 && *part->text == '0';

	return zero ? PART_END : part->kind;
}

static int compare_words(const struct part *a, const struct part *b)
{
	for (size_t i = 0; i < a->len && i < b->len; i++) {
		int d = tolower((unsigned char)a->text[i]) - tolower((unsigned char)b->text[i]);

		if (d != 0)
			return d;
	}
	return (a->len > b->len) - (a->len < b->len);
}

static int compare_parts(const struct part *a, const struct part *b)
{
	if (a->kind != b->kind)
		return (int)rank(a) - (int)rank(b);
	if (a->kind == PART_NUMBER && a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return a->kind == PART_NUMBER ? memcmp(a->text, b->text, a->len) : compare_words(a, b);
}

int version_compare(const char *a, const char *b)
{
	a = skip_prefix(a);
	b = skip_prefix(b);
	for (;;) {
		struct part pa = next_part(&a), pb = next_part(&b);
		int d = compare_parts(&pa, &pb);

		if (d != 0 || (pa.kind == PART_END && pb.kind == PART_END))
			return d;
	}
}

/* ---- expressions ---- */

enum term_op {
	TERM_WITHIN, /* no operator: this version and what is below it */
	TERM_GLOB,
	TERM_EQ,
	TERM_NE,
	TERM_LT,
	TERM_LE,
	TERM_GT,
	TERM_GE
};

/* Longer operators first. */
static const struct {
	const char *text;
	enum term_op op;
} operators[] = {
	{"!=", TERM_NE},
	{"<=", TERM_LE},
	{">=", TERM_GE},
	{"<", TERM_LT},
	{">", TERM_GT},
	{"=", TERM_EQ},
};

static enum term_op term_operator(const char **text)
{
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
		size_t len = strlen(operators[i].text);

		if (strncmp(*text, operators[i].text, len) != 0)
			continue;
		*text += len;
		return operators[i].op;
	}
	return strpbrk(*text, "*?") != NULL ? TERM_GLOB : TERM_WITHIN;
}

/* Every part of `prefix` is there in `version`, in order from its start. */
static bool within(const char *prefix, const char *version)
{
	version = skip_prefix(version);
	for (prefix = skip_prefix(prefix);;) {
		struct part p = next_part(&prefix), v;

		if (p.kind == PART_END)
			return true;
		v = next_part(&version);
		if (compare_parts(&p, &v) != 0)
			return false;
	}
}

static bool match_glob(const char *pattern, const char *version)
{
	size_t len = strlen(pattern);

	if (glob_match(pattern, version, true) || glob_match(pattern, skip_prefix(version), true))
		return true;
	return len > 2 && strcmp(pattern + len - 2, ".*") == 0 &&
	       strncmp(pattern, skip_prefix(version), len - 2) == 0 &&
	       skip_prefix(version)[len - 2] == '\0';
}

static bool match_term(const char *term, const char *version)
{
	const char *operand = term;
	enum term_op op = term_operator(&operand);
	int d;

	if (*version == '\0')
		return strcmp(term, "*") == 0;
	if (op == TERM_WITHIN)
		return within(operand, version);
	if (op == TERM_GLOB)
		return match_glob(operand, version);
	d = version_compare(version, operand);
	switch (op) {
	case TERM_EQ:
		return d == 0;
	case TERM_NE:
		return d != 0;
	case TERM_LT:
		return d < 0;
	case TERM_LE:
		return d <= 0;
	case TERM_GT:
		return d > 0;
	case TERM_GE:
		return d >= 0;
	case TERM_WITHIN:
	case TERM_GLOB:
		break;
	}
	return false;
}

/* Copies the next word (no spaces, no '|') to buf; false at the end of the alternative. */
static bool next_term(const char **at, char buf[TERM_MAX])
{
	const char *p = *at + strspn(*at, " \t");
	size_t len = strcspn(p, " \t|");

	*at = p + len;
	if (len == 0)
		return false;
	if (len >= TERM_MAX)
		len = TERM_MAX - 1;
	memcpy(buf, p, len);
	buf[len] = '\0';
	return true;
}

bool version_match(const char *expression, const char *version)
{
	for (;;) {
		char term[TERM_MAX];
		bool all = true, any = false;

		while (next_term(&expression, term)) {
			any = true;
			all = all && match_term(term, version);
		}
		if (any && all)
			return true;
		if (*expression != '|')
			return false;
		expression++;
	}
}

static const char *validate_term(const char *term)
{
	const char *operand = term;
	enum term_op op = term_operator(&operand);
	bool digit = strpbrk(operand, "0123456789") != NULL;

	if (*operand == '\0')
		return "an operator without a version";
	if (op != TERM_WITHIN && op != TERM_GLOB && strpbrk(operand, "*?") != NULL)
		return "an operator cannot be combined with * or ?";
	if (strpbrk(operand, "<>=!,") != NULL)
		return "terms are separated by spaces";
	if (!digit && op != TERM_GLOB)
		return "a version needs at least one digit";
	return NULL;
}

const char *version_validate(const char *expression)
{
	for (;;) {
		char term[TERM_MAX];
		size_t terms = 0;

		for (; next_term(&expression, term); terms++) {
			const char *wrong = validate_term(term);

			if (wrong != NULL)
				return wrong;
		}
		if (terms == 0)
			return "empty version expression";
		if (*expression != '|')
			return NULL;
		expression++;
	}
}
