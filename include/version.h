/*
 * This program's version; versions of software and operating systems, and expressions over them.
 */
#ifndef PREFLIGHT_VERSION_H
#define PREFLIGHT_VERSION_H

/* The only place that has it: the Makefile reads it for manifests, packages and archives. */
#define PREFLIGHT_VERSION "0.1.0"

/* The Windows resource compiler wants nothing but the line above. */
#ifndef RC_INVOKED

#include <stdbool.h>

/*
 * Compares versions part by part; <0, 0, >0. Numbers compare by value, missing ones count as 0
 * ("6.2" = "6.2.0"); words compare without regard to case and come between the end and numbers
 * (6.2 < 6.2a < 6.2.1), but '~' and alpha, beta, dev, pre, preview and rc before the end. A
 * leading "v" and a Debian epoch ("1:") are left out.
 */
int version_compare(const char *a, const char *b);

/*
 * Whether a version fits an expression: alternatives separated by '|', each a list of terms
 * separated by spaces that must all hold.
 *
 *   6.2        6.2 and everything below it (6.2.1, 6.2-3), not 6.20
 *   6.*        glob with * and ? over the whole text; "6.*" takes plain 6 too
 *   =6.2       exactly, by version_compare; likewise !=, <, <=, >, >=
 *
 * An empty version (unknown) fits nothing but "*".
 */
bool version_match(const char *expression, const char *version);

/* NULL when the expression can be read, else what is wrong (static string). */
const char *version_validate(const char *expression);

#endif

#endif
