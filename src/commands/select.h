/* What plan and list share: rules, terminal and plan from the options, without running. */
#ifndef PREFLIGHT_COMMANDS_SELECT_H
#define PREFLIGHT_COMMANDS_SELECT_H

#include "commands.h"
#include "plan.h"
#include "rules.h"
#include "saved.h"
#include "terminal.h"

struct selection {
	struct rules *rules;
	struct saved *saved;      /* owned; NULL: this terminal */
	struct terminal terminal; /* this one's; empty when another one is judged */
	struct inputs inputs;
	struct plan plan;
};

/* 0, or EXIT_USAGE after messages. Release in either case. */
int selection_make(struct selection *s, const struct options *options);
void selection_release(struct selection *s);

/* A text in the language, or in another one when it is not given. */
const char *text_in(const struct text *text, enum lang lang);

/* The words that options and rule files take; in Japanese, what they mean: "PREFIX.WORD". */
const char *word_in(enum lang lang, const char *prefix, const char *word);

/* Pads with spaces to a number of columns. */
void print_padded(const char *text, int columns);

#endif
