#include "http_parse.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_folded(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

const char *http_header(const char *line, size_t len, const char *name, size_t *value_len)
{
	size_t name_len = strlen(name);

	if (len <= name_len || line[name_len] != ':' || !same_folded(line, name, name_len))
		return NULL;
	line += name_len + 1;
	len -= name_len + 1;
	while (len > 0 && blank(line[0])) {
		line++;
		len--;
	}
	while (len > 0 && blank(line[len - 1]))
		len--;
	*value_len = len;
	return line;
}

/* ---- dates ---- */

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
long long days_from_civil(long long year, int month, int day)
{
	year -= month <= 2;
	long long era = (year >= 0 ? year : year - 399) / 400;
	long long of_era = year - era * 400;
	long long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool digits(const char *text, size_t count, int *value)
{
	*value = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

static int month_number(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(months + 3 * i, text, 3) == 0)
			return i + 1;
	return 0;
}

struct date {
	int year, month, day, hour, minute, second;
};

static int days_of_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* "08:49:37" */
static bool read_clock(const char *text, struct date *date)
{
	return text[2] == ':' && text[5] == ':' && digits(text, 2, &date->hour) &&
	       digits(text + 3, 2, &date->minute) && digits(text + 6, 2, &date->second);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT": all fields stand at fixed places. */
static bool read_imf(const char *text, size_t len, struct date *date)
{
	if (len != 29 || text[3] != ',' || memcmp(text + 25, " GMT", 4) != 0 ||
		!digits(text + 5, 2, &date->day) || !digits(text + 12, 4, &date->year))
		return false;
	date->month = month_number(text + 8);
	return read_clock(text + 17, date);
}

/* "Sunday, 06-Nov-94 08:49:37 GMT": the year is this century's, or of 1970 to 1999. */
static bool read_rfc850(const char *text, size_t len, struct date *date)
{
	static const char *const days[] = {
		"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
	size_t name = 0;

	for (size_t i = 0; i < 7; i++)
		if (len > strlen(days[i]) && memcmp(text, days[i], strlen(days[i])) == 0)
			name = strlen(days[i]);
	text += name;
	if (name == 0 || len - name != 24 || memcmp(text, ", ", 2) != 0 || text[4] != '-' ||
		text[8] != '-' || memcmp(text + 20, " GMT", 4) != 0 ||
		!digits(text + 2, 2, &date->day) || !digits(text + 9, 2, &date->year))
		return false;
	date->year += date->year < 70 ? 2000 : 1900;
	date->month = month_number(text + 5);
	return read_clock(text + 12, date);
}

/* "Sun Nov  6 08:49:37 1994", as asctime(3) writes it. */
static bool read_asctime(const char *text, size_t len, struct date *date)
{
	if (len != 24 || text[3] != ' ' || text[7] != ' ' || text[10] != ' ' || text[19] != ' ' ||
		!digits(text + 20, 4, &date->year))
		return false;
	date->month = month_number(text + 4);
	if (!(text[8] == ' ' ? digits(text + 9, 1, &date->day) : digits(text + 8, 2, &date->day)))
		return false;
	return read_clock(text + 11, date);
}

bool http_date(const char *text, size_t len, long long *seconds)
{
	struct date d = {0};

	if (!read_imf(text, len, &d) && !read_rfc850(text, len, &d) && !read_asctime(text, len, &d))
		return false;
	if (d.month == 0 || d.day < 1 || d.day > days_of_month(d.year, d.month) || d.hour > 23 ||
		d.minute > 59 || d.second > 60)
		return false;
	*seconds = days_from_civil(d.year, d.month, d.day) * 86400 + d.hour * 3600 + d.minute * 60 +
		   d.second;
	return true;
}

bool http_age(const char *text, size_t len, long long *seconds)
{
	*seconds = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		if (*seconds < HTTP_AGE_MAX)
			*seconds = *seconds * 10 + (text[i] - '0');
	}
	*seconds = *seconds > HTTP_AGE_MAX ? HTTP_AGE_MAX : *seconds;
	return len > 0;
}

/* ---- Location ---- */

static void copy(char *to, size_t size, const char *from, size_t len, bool fold)
{
	if (len >= size)
		len = size - 1;
	for (size_t i = 0; i < len; i++)
		to[i] = fold ? lower(from[i]) : from[i];
	to[len] = '\0';
}

static size_t span_until(const char *text, size_t len, const char *stops)
{
	size_t i = 0;

	while (i < len && text[i] != '\0' && strchr(stops, text[i]) == NULL)
		i++;
	return i;
}

/* [userinfo@]host[:port]; a port that is not a number of 1..65535 makes it unusable. */
static bool parse_authority(const char *text, size_t len, struct http_location *location)
{
	for (size_t i = len; i > 0; i--) {
		if (text[i - 1] != '@')
			continue;
		text += i;
		len -= i;
		break;
	}
	size_t host = len;
	if (len > 0 && text[0] == '[') {
		host = span_until(text, len, "]");
		if (host == len)
			return false;
		copy(location->host, sizeof location->host, text + 1, host - 1, true);
		host++;
	} else {
		host = span_until(text, len, ":");
		copy(location->host, sizeof location->host, text, host, true);
	}
	if (host < len && (text[host] != ':' || len - host > 6 ||
				  !digits(text + host + 1, len - host - 1, &location->port)))
		return false;
	size_t end = strlen(location->host);
	if (end > 0 && location->host[end - 1] == '.')
		location->host[end - 1] = '\0';
	return location->host[0] != '\0' && location->port <= 65535;
}

bool http_location_parse(const char *text, size_t len, struct http_location *location)
{
	memset(location, 0, sizeof *location);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
			return false;
	bool http = len >= 7 && same_folded(text, "http://", 7);
	bool https = len >= 8 && same_folded(text, "https://", 8);
	location->plain = http;
	if (http || https || (len >= 2 && text[0] == '/' && text[1] == '/')) {
		size_t skip = http ? 7 : https ? 8 : 2;
		size_t authority = span_until(text + skip, len - skip, "/?#");
		location->absolute = true;
		if (!parse_authority(text + skip, authority, location))
			return false;
		text += skip + authority;
		len -= skip + authority;
		if (len == 0 || text[0] != '/')
			location->path[0] = '/';
	} else if (span_until(text, len, ":") < span_until(text, len, "/?#")) {
		return false; /* another scheme */
	}
	len = span_until(text, len, "#");
	size_t used = strlen(location->path);
	if (len + used >= sizeof location->path)
		return false;
	copy(location->path + used, sizeof location->path - used, text, len, false);
	return len > 0 || location->absolute;
}

bool http_other_scheme(const char *text)
{
	size_t len =
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	if (text[len] != ':' || len == 0 || strspn(text, "0123456789+.-") > 0)
		return false;
	return !(len == 4 && same_folded(text, "http", 4)) &&
	       !(len == 5 && same_folded(text, "https", 5));
}

/* ---- HTML ---- */

static const char *find(const char *bytes, size_t len, const char *word)
{
	size_t word_len = strlen(word);

	for (size_t i = 0; i + word_len <= len; i++)
		if (same_folded(bytes + i, word, word_len))
			return bytes + i;
	return NULL;
}

bool bytes_contain(const char *bytes, size_t len, const char *word)
{
	return find(bytes, len, word) != NULL;
}

bool html_title(const char *body, size_t len, struct strbuf *sb)
{
	const char *end = body + len;
	const char *open = find(body, len, "<title");

	if (open == NULL)
		return false;
	open = memchr(open, '>', (size_t)(end - open));
	if (open == NULL)
		return false;
	open++;
	const char *close = find(open, (size_t)(end - open), "</title");
	if (close == NULL)
		return false;
	bool gap = false;
	for (const char *p = open; p < close; p++) {
		if (blank(*p)) {
			gap = sb->len > 0;
			continue;
		}
		if (gap)
			strbuf_addc(sb, ' ');
		gap = false;
		strbuf_addc(sb, *p);
	}
	return sb->len > 0;
}

/* ---- status patterns ---- */

bool http_status_match(const char *pattern, long long status)
{
	if (status < 100 || status > 599 || http_status_validate(pattern) != NULL)
		return false;
	const int figures[3] = {(int)(status / 100), (int)(status / 10 % 10), (int)(status % 10)};
	for (int i = 0; i < 3; i++)
		if (lower(pattern[i]) != 'x' && pattern[i] - '0' != figures[i])
			return false;
	return true;
}

const char *http_status_validate(const char *pattern)
{
	static const char wrong[] = "expected a status such as 200 or a class such as 2xx";

	if (strlen(pattern) != 3 || pattern[0] < '1' || pattern[0] > '5')
		return wrong;
	for (int i = 1; i < 3; i++)
		if (lower(pattern[i]) != 'x' && (pattern[i] < '0' || pattern[i] > '9'))
			return wrong;
	return NULL;
}

/* ---- sites ---- */

/* "co.jp", "go.jp", "ac.uk", "com.au": a generic label below a country's. */
static bool public_second_level(const char *zone)
{
	static const char *const labels[] = {"ac", "ad", "co", "com", "ed", "edu", "go", "gov",
		"gr", "lg", "mil", "ne", "net", "nhs", "or", "org"};
	const char *dot = strchr(zone, '.');

	if (dot == NULL || strlen(dot + 1) != 2)
		return false;
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (strlen(labels[i]) == (size_t)(dot - zone) &&
			same_folded(zone, labels[i], strlen(labels[i])))
			return true;
	return false;
}

static bool is_address(const char *name)
{
	return strchr(name, ':') != NULL || strspn(name, "0123456789.") == strlen(name);
}

static bool below(const char *name, const char *zone)
{
	size_t len = strlen(name), zone_len = strlen(zone);

	if (len == zone_len)
		return same_folded(name, zone, len);
	return len > zone_len && name[len - zone_len - 1] == '.' &&
	       same_folded(name + len - zone_len, zone, zone_len);
}

/* The last two labels, or three where the last two are a public second level. */
static const char *registrable(const char *name)
{
	const char *last[4] = {name};
	size_t count = 1;

	for (const char *p = name + strlen(name); p > name && count < 4; p--)
		if (p[-1] == '.')
			last[count++] = p;
	if (count < 3)
		return name;
	if (!public_second_level(last[2]))
		return last[2];
	return count > 3 ? last[3] : name;
}

const char *host_site(const char *name)
{
	return is_address(name) ? NULL : registrable(name);
}

bool host_same_site(const char *name, const char *other)
{
	if (is_address(name) || is_address(other))
		return strcmp(name, other) == 0;
	return below(other, registrable(name));
}
