#include "scalar.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#define DIGITS       "0123456789"
#define DECIMALS_MAX 6

struct unit {
	const char *name;
	long long factor;
};

const char *scalar_integer(const char *text, long long *out)
{
	const char *digits = text + (*text == '-');
	long long value = 0;

	if (*digits == '\0' || strspn(digits, DIGITS) != strlen(digits))
		return "is not a whole number";
	if (digits[0] == '0' && digits[1] != '\0')
		return "has a leading zero, which many programs read as an octal number";
	if (strlen(digits) > 18)
		return "is too large a number";
	for (const char *p = digits; *p != '\0'; p++)
		value = value * 10 + (*p - '0');
	*out = *text == '-' ? -value : value;
	return NULL;
}

/* "0.5" of a unit, when that is a whole number of the smallest one. */
static const char *scale(const char *fraction, size_t digits, long long factor, long long *out)
{
	long long part = 0, whole = 1;

	if (*out > LLONG_MAX / factor)
		return "is too large a number";
	for (size_t i = 0; i < digits; i++) {
		part = part * 10 + (fraction[i] - '0');
		whole *= 10;
	}
	if (part > LLONG_MAX / factor || part * factor % whole != 0)
		return "is finer than the smallest unit";
	if (*out * factor > LLONG_MAX - part * factor / whole)
		return "is too large a number";
	*out = *out * factor + part * factor / whole;
	return NULL;
}

static const char *with_unit(const char *text, const struct unit *units, const char *missing,
	const char *unknown, long long *out)
{
	size_t count = strspn(text, DIGITS), decimals = 0;
	char digits[20];

	if (count == 0)
		return "does not begin with a number, such as 2 or 0.5";
	if (count >= sizeof digits)
		return "is too large a number";
	memcpy(digits, text, count);
	digits[count] = '\0';
	const char *problem = scalar_integer(digits, out);
	if (problem != NULL)
		return problem;
	const char *fraction = text + count;
	if (*fraction == ',')
		return "has a comma in its number: write a point, as in 0.5";
	if (*fraction == '.') {
		decimals = strspn(++fraction, DIGITS);
		if (decimals == 0 || decimals > DECIMALS_MAX)
			return "needs one to six digits after the point, as in 0.5";
	}
	const char *unit = fraction + decimals + strspn(fraction + decimals, " ");
	if (*unit == '\0')
		return missing;
	for (; units->name != NULL; units++)
		if (strcmp(unit, units->name) == 0)
			return scale(fraction, decimals, units->factor, out);
	return unknown;
}

const char *scalar_size(const char *text, long long *out)
{
	static const struct unit units[] = {{"B", 1}, {"kB", 1000}, {"MB", 1000000},
		{"GB", 1000000000}, {"TB", 1000000000000}, {"KiB", 1LL << 10}, {"MiB", 1LL << 20},
		{"GiB", 1LL << 30}, {"TiB", 1LL << 40}, {NULL, 0}};

	return with_unit(text, units,
		"has no unit: write 100 MB (10^6 bytes) or 100 MiB (2^20 bytes)",
		"has an unknown unit: B, kB, MB, GB, TB, KiB, MiB, GiB and TiB are known", out);
}

const char *scalar_duration(const char *text, long long *out)
{
	static const struct unit units[] = {
		{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {NULL, 0}};

	return with_unit(text, units, "has no unit: write 500ms, 5s or 2m",
		"has an unknown unit: ms, s, m, h and d are known", out);
}

/* Days since 1970-01-01 of a day from 1970 on. */
static long long days_since_1970(int year, int month, int day)
{
	static const int before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	long long past = year - 1;
	long long days = past * 365 + past / 4 - past / 100 + past / 400 - 719162;
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days + before[month - 1] + (leap && month > 2) + day - 1;
}

static int days_in_month(int year, int month)
{
	static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (leap && month == 2);
}

const char *scalar_date(const char *text, long long *out)
{
	static const char form[] = "dddd-dd-dd";
	int part[3] = {0, 0, 0}, at = 0;

	for (size_t i = 0; i < sizeof form; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';
		if (form[i] == 'd' ? !digit : text[i] != form[i])
			return "is not a date: write YYYY-MM-DD";
		if (digit)
			part[at] = part[at] * 10 + (text[i] - '0');
		else
			at++;
	}
	if (part[0] < 1970)
		return "is before 1970";
	if (part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > days_in_month(part[0], part[1]))
		return "is not a day of the calendar";
	*out = days_since_1970(part[0], part[1], part[2]);
	return NULL;
}

static bool consists_of(const char *text, const char *extra)
{
	for (; *text != '\0'; text++) {
		bool lower = *text >= 'a' && *text <= 'z', digit = *text >= '0' && *text <= '9';
		if (!lower && !digit && strchr(extra, *text) == NULL)
			return false;
	}
	return true;
}

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

const char *scalar_id(const char *text)
{
	if (*text == '\0' || *text == '-' || !consists_of(text, "-"))
		return "is not an id: lower-case letters a-z, digits and hyphens, no hyphen first";
	return strlen(text) > 64 ? "is longer than 64 characters" : NULL;
}

const char *scalar_requirement(const char *text)
{
	if (*text < 'A' || *text > 'Z' || !consists_of(text, "-" UPPER))
		return "is not a requirement's id: a capital letter, then letters, digits, hyphens";
	return strlen(text) > 16 ? "is longer than 16 characters" : NULL;
}

bool scalar_is_glob(const char *text)
{
	return strpbrk(text, "*?") != NULL;
}

const char *scalar_id_glob(const char *text)
{
	if (!scalar_is_glob(text))
		return scalar_id(text);
	if (!consists_of(text, "-*?"))
		return "is not a glob of ids: lower-case letters, digits, hyphens, * and ?";
	return strlen(text) > 64 ? "is longer than 64 characters" : NULL;
}

const char *scalar_line(const char *text)
{
	if (*text == '\0')
		return "is empty";
	if (strpbrk(text, "\n\t") != NULL)
		return "has a line break or a tab: one line is expected";
	if (*text == ' ' || text[strlen(text) - 1] == ' ')
		return "begins or ends with a blank";
	return NULL;
}

const char *scalar_name_glob(const char *text)
{
	if (text[strspn(text, "*? ")] == '\0')
		return "matches everything: write something beside * and ?";
	return strstr(text, "**") != NULL ? "has ** where * says the same" : scalar_line(text);
}

const char *scalar_file_glob(const char *text)
{
	if (strpbrk(text, "/\\") != NULL)
		return "has a directory: only files in the working directory are looked at";
	return scalar_name_glob(text);
}
