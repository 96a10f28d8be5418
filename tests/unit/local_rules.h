/* Rules for the tests of the checks that read this terminal. */
#ifndef PREFLIGHT_TEST_LOCAL_RULES_H
#define PREFLIGHT_TEST_LOCAL_RULES_H

#include "check.h"
#include "facts.h"
#include "rules.h"
#include "terminal.h"

/* Group setup and teardown: the rules of local_rules.c. */
int local_rules_load(void **state);
int local_rules_unload(void **state);
const struct rules *local_rules(void);

/* Judges facts by the check with this id; what comes out stands in the check's tables. */
struct judgement local_judge(const char *id, const struct facts *facts, double now, bool vpn);
/* Fails the test unless the judgement is this one. */
void local_expect(const char *what, struct judgement out, enum verdict verdict, const char *cause);
/* Runs a check's collect slot for a made-up terminal; the caller releases the facts. */
void local_collect(const char *id, const struct terminal *terminal, struct facts *facts);

#endif
