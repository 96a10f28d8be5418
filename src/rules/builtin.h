/*
 * The default rules as the build makes them from rules.yaml.
 */
#ifndef PREFLIGHT_RULES_BUILTIN_H
#define PREFLIGHT_RULES_BUILTIN_H

#include <stddef.h>

extern const char rules_builtin_text[];
extern const size_t rules_builtin_len;

#endif
