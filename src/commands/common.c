/* What commands share: the rules that the options ask for. */
#include "commands.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "rules.h"
#include "saved.h"

struct sources {
	struct rule_source *items;
	char **texts; /* owned; NULL for the built-in rules */
	size_t count;
};

static void add_source(struct sources *list, const char *name, char *text, size_t len)
{
	list->items[list->count] = (struct rule_source){.name = name, .text = text, .len = len};
	list->texts[list->count++] = text;
}

static void read_sources(struct sources *list, const struct options *options, struct diags *diags)
{
	size_t most = 1 + options->rules.count + options->set.count;

	list->items = mem_alloc(most * sizeof list->items[0]);
	list->texts = mem_alloc(most * sizeof list->texts[0]);
	list->items[list->count++] = rules_builtin();
	for (size_t i = 0; i < options->rules.count; i++) {
		char *text = NULL;
		size_t len = 0;
		if (rules_read_file(options->rules.items[i], &text, &len, diags) == 0)
			add_source(list, options->rules.items[i], text, len);
	}
	for (size_t i = 0; i < options->set.count; i++) {
		char *text = rules_from_setting(options->set.items[i], diags);
		if (text != NULL)
			add_source(list, "--set", text, strlen(text));
	}
}

struct rules *command_rules(const struct options *options)
{
	struct sources list = {0};
	struct diags diags = {0};
	struct rules *rules = NULL;

	read_sources(&list, options, &diags);
	if (diags.count == 0)
		rules = rules_load(list.items, list.count, &diags);
	for (size_t i = 0; i < list.count; i++)
		free(list.texts[i]);
	free(list.texts);
	free(list.items);
	command_complain(&diags);
	return rules;
}

int command_inputs(const struct options *options, struct saved **saved, struct inputs *inputs)
{
	struct diags diags = {0};

	*inputs = options->inputs;
	*saved = options->inventory != NULL ? saved_read(options->inventory, &diags) : NULL;
	inputs->saved = *saved;
	if (inputs->password_file != NULL)
		password_file_check(inputs->password_file, &diags);
	bool failed = diags.count > 0;
	command_complain(&diags);
	return failed ? -1 : 0;
}

void command_complain(struct diags *diags)
{
	diags_sort(diags);
	diags_print(diags, stderr);
	diags_release(diags);
}
