#include "select.h"

#include <stdio.h>
#include <string.h>

#include "report.h"
#include "verdict.h"

int selection_make(struct selection *s, const struct options *options)
{
	struct diags diags = {0};

	memset(s, 0, sizeof *s);
	s->rules = command_rules(options);
	if (s->rules == NULL)
		return EXIT_USAGE;
	if (command_inputs(options, &s->saved, &s->inputs) != 0)
		return EXIT_USAGE;
	if (s->saved == NULL)
		terminal_read(&s->terminal);
	struct plan_request request = options->request;
	request.inputs = &s->inputs;
	int made = plan_make(&s->plan, &request, s->rules,
		s->saved != NULL ? &s->saved->terminal : &s->terminal, &diags);
	command_complain(&diags);
	return made == 0 ? 0 : EXIT_USAGE;
}

void selection_release(struct selection *s)
{
	if (s->rules == NULL)
		return;
	plan_release(&s->plan);
	terminal_release(&s->terminal);
	saved_free(s->saved);
	rules_free(s->rules);
}

const char *text_in(const struct text *text, enum lang lang)
{
	for (int i = 0; i < LANG_COUNT; i++) {
		const char *found = text->in[((int)lang + i) % LANG_COUNT];
		if (found != NULL)
			return found;
	}
	return "";
}

const char *word_in(enum lang lang, const char *prefix, const char *word)
{
	char id[64];

	snprintf(id, sizeof id, "%s.%s", prefix, word);
	return lang == LANG_EN ? word : message(lang, id);
}

void print_padded(const char *text, int columns)
{
	int width = report_text_width(text);

	report_print_safe(stdout, text);
	do
		putchar(' ');
	while (++width < columns);
}
