/*
 * The notations of single values: pure functions of a text. Each reader returns NULL and fills
 * *out, or returns what is wrong (static).
 */
#ifndef PREFLIGHT_RULES_SCALAR_H
#define PREFLIGHT_RULES_SCALAR_H

#include <stdbool.h>

/* Decimal, an optional minus sign, no leading zeros, no plus sign, no underscores. */
const char *scalar_integer(const char *text, long long *out);

/* "100 MB" (10^6 bytes), "100 MiB" (2^20 bytes), a blank between them or not. */
const char *scalar_size(const char *text, long long *out);

/* "500ms", "5s", "2m", "1h", "7d"; in milliseconds. */
const char *scalar_duration(const char *text, long long *out);

/* "2026-10-13", a day of the Gregorian calendar from 1970 to 9999; in days since 1970-01-01. */
const char *scalar_date(const char *text, long long *out);

/* Validators: NULL when the text is fine, else what is wrong (static). */
const char *scalar_id(const char *text);          /* [a-z0-9][a-z0-9-]*, at most 64 */
const char *scalar_requirement(const char *text); /* [A-Z][A-Za-z0-9-]*, at most 16 */
const char *scalar_dns_name(const char *text);  /* RFC 1123 2.1, RFC 1035 2.3.4; a dot may end it */
const char *scalar_host_name(const char *text); /* as scalar_dns_name, or an address */
const char *scalar_id_glob(const char *text);   /* an id in which * and ? may stand */
const char *scalar_name_glob(const char *text); /* something beside * and ? */
const char *scalar_file_glob(const char *text); /* likewise, of a file without its directory */
const char *scalar_version_glob(const char *text); /* "12", "10.12*" */
const char *scalar_line(const char *text);         /* one line, no blank at its ends */

/* The same notations as regular expressions (ECMA-262), for the JSON Schema. */
#define PATTERN_ID          "^[a-z0-9][a-z0-9-]*$"
#define PATTERN_REQUIREMENT "^[A-Z][A-Za-z0-9-]*$"
#define PATTERN_SIZE        "^[0-9]+ *(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$"
#define PATTERN_DURATION    "^[0-9]+ *(ms|s|m|h|d)$"
#define PATTERN_DATE        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

bool scalar_is_glob(const char *text); /* has * or ? */

#endif
