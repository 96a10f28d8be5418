/* Symbols of the support code: Crockford's base32 with Reed-Solomon check symbols. */
#include "support_code.h"

#include <string.h>

#include "utf8.h"

#define GROUP  4
#define CHECKS 2
/* Symbols have the degrees of a polynomial over GF(32), the last one 0. The length counts as a
 * symbol at this degree, so that a code that lost a group does not pass as a shorter one. */
#define LENGTH_DEGREE 30

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* ---- GF(32), x^5 + x^2 + 1 ---- */

static unsigned times_alpha(unsigned value)
{
	value <<= 1;
	return value & 32 ? value ^ 37 : value;
}

static unsigned power(size_t exponent)
{
	unsigned value = 1;

	for (size_t i = 0; i < exponent % 31; i++)
		value = times_alpha(value);
	return value;
}

static unsigned product(unsigned a, unsigned b)
{
	unsigned sum = 0;

	for (; b != 0; b >>= 1) {
		if (b & 1)
			sum ^= a;
		a = times_alpha(a);
	}
	return sum;
}

/* The values at 1 and at alpha, which are 0 in a right code. */
struct syndromes {
	unsigned at_one, at_alpha;
};

static struct syndromes syndromes_of(const uint8_t *symbols, size_t count)
{
	unsigned length = (unsigned)(count / GROUP);
	struct syndromes s = {length, product(length, power(LENGTH_DEGREE))};

	for (size_t i = 0; i < count; i++) {
		s.at_one ^= symbols[i];
		s.at_alpha ^= product(symbols[i], power(count - 1 - i));
	}
	return s;
}

/* Check symbols c1 (degree 1) and c0: c0 + c1 = at_one, c0 + c1 alpha = at_alpha. */
static void add_checks(uint8_t *symbols, size_t count)
{
	symbols[count - 2] = symbols[count - 1] = 0;
	struct syndromes s = syndromes_of(symbols, count);
	unsigned both = s.at_one ^ s.at_alpha, c1 = 0;
	while (product(c1, 1 ^ power(1)) != both)
		c1++;
	symbols[count - 2] = (uint8_t)c1;
	symbols[count - 1] = (uint8_t)(s.at_one ^ c1);
}

void support_code_write(const uint8_t *data, size_t count, char out[SUPPORT_CODE_SIZE])
{
	uint8_t symbols[SUPPORT_CODE_SYMBOLS];

	memcpy(symbols, data, count);
	count += CHECKS;
	add_checks(symbols, count);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && i % GROUP == 0)
			*out++ = '-';
		*out++ = alphabet[symbols[i]];
	}
	*out = '\0';
}

/* ---- reading ---- */

/* Full-width forms are those of ASCII elsewhere. */
static uint32_t half_width(uint32_t code)
{
	return code >= 0xff01 && code <= 0xff5e ? code - 0xff01 + 0x21 : code;
}

/* Spaces and hyphens of all kinds, and the long vowel mark, which Japanese keyboards give. */
static bool is_separator(uint32_t code)
{
	static const uint32_t more[] = {' ', '\t', '-', '_', '.', 0xa0, 0xad, 0x2043, 0x207b,
		0x208b, 0x2212, 0x2500, 0x3000, 0x30fc, 0xff70, 0xfeff};

	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
		if (code == more[i])
			return true;
	return code >= 0x2000 && code <= 0x2015;
}

/* The value, or -1. */
static int symbol_value(uint32_t code)
{
	if (code >= 'a' && code <= 'z')
		code = code - 'a' + 'A';
	if (code == 'O')
		code = '0';
	if (code == 'I' || code == 'L')
		code = '1';
	for (int i = 0; i < 32; i++)
		if (code == (uint32_t)(unsigned char)alphabet[i])
			return i;
	return -1;
}

static int fail(
	struct support_code_problem *problem, enum support_code_error error, size_t position)
{
	*problem = (struct support_code_problem){.error = error, .position = position};
	return -1;
}

/* Which symbol is wrong, if only one is. */
static size_t find_wrong(const struct syndromes *s, size_t count)
{
	for (size_t i = 0; s->at_one != 0 && i < count; i++)
		if (product(s->at_one, power(count - 1 - i)) == s->at_alpha)
			return i + 1;
	return 0;
}

/* The first of the two neighbours that are swapped, if that is all and only one pair can be. */
static size_t find_swap(const struct syndromes *s, const uint8_t *symbols, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; s->at_one == 0 && i + 1 < count; i++) {
		unsigned difference = (unsigned)(symbols[i] ^ symbols[i + 1]);
		unsigned places = power(count - 1 - i) ^ power(count - 2 - i);
		if (product(difference, places) != s->at_alpha)
			continue;
		if (found > 0)
			return 0;
		found = i + 1;
	}
	return found;
}

static int check_symbols(const uint8_t *symbols, size_t count, struct support_code_problem *problem)
{
	if (count < 2 * GROUP || count > SUPPORT_CODE_SYMBOLS || count % GROUP != 0)
		return fail(problem, SUPPORT_CODE_LENGTH, count);
	struct syndromes s = syndromes_of(symbols, count);
	if (s.at_one == 0 && s.at_alpha == 0)
		return 0;
	fail(problem, SUPPORT_CODE_CHECK, find_wrong(&s, count));
	if (problem->position == 0) {
		problem->position = find_swap(&s, symbols, count);
		problem->swapped = problem->position > 0;
	}
	return -1;
}

int support_code_read(const char *text, uint8_t data[SUPPORT_CODE_SYMBOLS], size_t *count,
	struct support_code_problem *problem)
{
	size_t len = strlen(text), seen = 0;

	*problem = (struct support_code_problem){.error = SUPPORT_CODE_OK};
	for (size_t i = 0, step; i < len; i += step) {
		uint32_t code = 0;
		step = utf8_decode(text + i, len - i, &code);
		code = half_width(code);
		if (step > 0 && is_separator(code))
			continue;
		int value = step > 0 ? symbol_value(code) : -1;
		if (value < 0)
			return fail(problem, SUPPORT_CODE_SYMBOL, seen + 1);
		if (seen < SUPPORT_CODE_SYMBOLS)
			data[seen] = (uint8_t)value;
		seen++;
	}
	if (check_symbols(data, seen, problem) != 0)
		return -1;
	*count = seen - CHECKS;
	return 0;
}
