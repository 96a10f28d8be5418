/*
 * Reading the little of HTTP and HTML that evidence is made of. Everything here gets bytes from the
 * network: bounded by length, never by a NUL.
 */
#ifndef PREFLIGHT_HTTP_PARSE_H
#define PREFLIGHT_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "strbuf.h"

/* A header line: the value of `name` without surrounding blanks, or NULL when it is another. */
const char *http_header(const char *line, size_t len, const char *name, size_t *value_len);

/* A date in one of the three forms of RFC 9110 section 5.6.7, as seconds since 1970; else false. */
bool http_date(const char *text, size_t len, long long *seconds);
/* Whole seconds (RFC 9111 section 5.1), at most HTTP_AGE_MAX; false for anything else. */
#define HTTP_AGE_MAX 2147483648
bool http_age(const char *text, size_t len, long long *seconds);

/* Days from 1970-01-01 to a day of the Gregorian calendar; month 1..12. */
long long days_from_civil(long long year, int month, int day);

/*
 * Takes a Location value apart. `host` gets the host in lower case, "" for a relative reference;
 * `path` what follows (at least "/"), "" when it is a relative path. *plain: the scheme is http;
 * *port: as written, else 0. false: not a reference that a browser would follow.
 */
struct http_location {
	char host[256];
	char path[1024];
	int port;
	bool absolute; /* names a host */
	bool plain;    /* http:// */
};
bool http_location_parse(const char *text, size_t len, struct http_location *location);
/* Whether a Location value names a scheme, and neither http nor https: browsers do not follow it.
 */
bool http_other_scheme(const char *text);

/* The text of the first <title>, blanks collapsed, into sb; false when there is none. */
bool html_title(const char *body, size_t len, struct strbuf *sb);

/* Finds a word in bytes, ASCII case ignored. */
bool bytes_contain(const char *bytes, size_t len, const char *word);

/* Whether "200", "2xx" or "30x" describes the status; and whether it is such a pattern at all. */
bool http_status_match(const char *pattern, long long status);
const char *http_status_validate(const char *pattern); /* NULL, or what is wrong */

/*
 * Whether `other` is at home where `name` is: below the last two labels of name, or the last three
 * where two are a public second level of a country ("go.jp", "co.uk"). A stand-in for the Public
 * Suffix List, generous: sign-in pages live on neighbouring names.
 */
bool host_same_site(const char *name, const char *other);
/* The name below which that is, part of `name`; NULL for an address. */
const char *host_site(const char *name);

#endif
