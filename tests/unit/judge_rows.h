/*
 * Verdicts as data: a check of a rule text, the facts, what must come out.
 */
#ifndef PREFLIGHT_TESTS_JUDGE_ROWS_H
#define PREFLIGHT_TESTS_JUDGE_ROWS_H

#include <stddef.h>

#include "rules.h"
#include "verdict.h"

struct judge_row {
	const char *check; /* its id */
	const char *facts; /* members of a JSON object, each followed by a comma */
	enum verdict verdict;
	const char *cause; /* NULL: none */
};

/* Loads a rule text that must be right. */
struct rules *judge_rules(const char *text);

/*
 * Fails the test when a row comes out otherwise, gives a cause that its type does not announce,
 * or when an announced cause has no row.
 */
void judge_rows(const struct rules *rules, const struct judge_row *rows, size_t count);

#endif
