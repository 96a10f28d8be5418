/* What an inventory says about the products that a check of type `installed` accepts. */
#ifndef PREFLIGHT_INSTALLED_H
#define PREFLIGHT_INSTALLED_H

#include "check.h"
#include "inventory.h"
#include "platform.h"

/* Whether there is anything to look for on this OS: `on` takes it, and something is accepted. */
bool installed_applies(const struct rule_check *check, const struct os_info *os);

/* Fills the facts (installed.c) of a check that applies. Pure. */
void installed_facts(const struct rule_check *check, const struct rules *rules,
	const struct os_info *os, const struct inventory *inventory, struct facts *facts);

#endif
