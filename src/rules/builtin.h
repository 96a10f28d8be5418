/*
 * The default rules as the build makes them from rules.yaml (tools/pack-rules.c).
 */
#ifndef PREFLIGHT_RULES_BUILTIN_H
#define PREFLIGHT_RULES_BUILTIN_H

#include "rules.h"

extern const struct rule_pack rules_builtin_pack;

#endif
