/* How a command line is read with the option table (options_table.c). */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "platform.h"
#include "strbuf.h"

/* ---- reading ---- */

struct reader {
	struct options *options;
	struct diags *diags;
	int argc, next;
	char **argv;
	unsigned seen[64]; /* option rows given, for the check against the command */
	size_t seen_count;
	bool only_operands;   /* after -- */
	bool unknown_command; /* what follows belongs to it */
	bool unknown_option;
};

static size_t row_index(const struct option_row *row)
{
	return (size_t)(row - option_rows);
}

static const struct option_row *find_long(const char *name, size_t len)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		if (strlen(row->name) == len && strncmp(row->name, name, len) == 0)
			return row;
	return NULL;
}

static const struct option_row *find_short(char letter)
{
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		if (row->letter == letter)
			return row;
	return NULL;
}

static void unknown_option(struct reader *r, const char *word, size_t len)
{
	const char *names[64];
	size_t count = 0;
	char *name = mem_strndup(word, len);

	r->unknown_option = true;
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		names[count++] = row->name;
	names[count] = NULL;
	const char *near = diag_suggest(name, names);
	if (near != NULL)
		diags_add(
			r->diags, "", 0, 0, "--%s: unknown option; did you mean --%s?", name, near);
	else
		diags_add(r->diags, "", 0, 0, "--%s: unknown option; see --help", name);
	free(name);
}

/* value: what stood behind "=" or the letter, or NULL: the next word, if one is needed. */
static void apply_row(struct reader *r, const struct option_row *row, const char *value)
{
	if (row->argument == NULL && value != NULL) {
		diags_add(r->diags, "", 0, 0, "--%s: takes no value", row->name);
		return;
	}
	if (row->argument != NULL && value == NULL) {
		if (r->next >= r->argc) {
			diags_add(r->diags, "", 0, 0, "--%s: needs a value: %s", row->name,
				row->argument);
			return;
		}
		value = r->argv[r->next++];
	}
	if (r->seen_count < sizeof r->seen / sizeof r->seen[0])
		r->seen[r->seen_count++] = (unsigned)row_index(row);
	const char *problem = row->apply(r->options, value);
	if (problem != NULL)
		diags_add(r->diags, "", 0, 0, "--%s %s: %s", row->name, value, problem);
}

static void read_long(struct reader *r, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
	const struct option_row *row = find_long(word, len);

	if (row == NULL)
		unknown_option(r, word, len);
	else
		apply_row(r, row, equals != NULL ? equals + 1 : NULL);
}

static void read_short(struct reader *r, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		const struct option_row *row = find_short(*letters);
		if (row == NULL) {
			diags_add(r->diags, "", 0, 0, "-%c: unknown option; see --help", *letters);
			return;
		}
		if (row->argument != NULL) {
			apply_row(r, row, letters[1] != '\0' ? letters + 1 : NULL);
			return;
		}
		apply_row(r, row, NULL);
	}
}

static const struct command *find_command(const char *name)
{
	for (const struct command *command = commands; command->name != NULL; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

static void unknown_command(struct reader *r, const char *word)
{
	const char *names[16];
	size_t count = 0;

	for (const struct command *command = commands; command->name != NULL; command++)
		names[count++] = command->name;
	names[count] = NULL;
	const char *near = diag_suggest(word, names);
	if (near != NULL)
		diags_add(r->diags, "", 0, 0, "%s: unknown command; did you mean %s?", word, near);
	else
		diags_add(r->diags, "", 0, 0, "%s: unknown command; see --help", word);
}

static void read_operand(struct reader *r, const char *word)
{
	if (r->options->command != NULL) {
		strs_add(&r->options->args, word);
		return;
	}
	r->options->command = find_command(word);
	if (r->options->command != NULL)
		return;
	r->unknown_command = true;
	if (!r->unknown_option) /* else this may be its value */
		unknown_command(r, word);
}

static void read_words(struct reader *r)
{
	while (r->next < r->argc && !r->unknown_command) {
		const char *word = r->argv[r->next++];
		if (r->only_operands || word[0] != '-' || word[1] == '\0')
			read_operand(r, word);
		else if (strcmp(word, "--") == 0)
			r->only_operands = true;
		else if (word[1] == '-')
			read_long(r, word + 2);
		else
			read_short(r, word + 1);
	}
}

/* "text, json" of a command's formats, or their endings. */
static void name_formats(struct strbuf *out, const struct command *command, bool endings)
{
	for (size_t i = 0; command->formats[i] != NULL; i++) {
		const char *word = command->formats[i];
		if (endings)
			word = output_ending(word);
		if (word == NULL)
			continue;
		strbuf_addf(out, "%s%s", out->len > 0 ? ", " : "", word);
	}
}

static bool is_word_of(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

bool options_has_format(const struct command *command, const char *format)
{
	return command->formats != NULL && is_word_of(command->formats, format);
}

static void refuse_format(struct reader *r, const char *option, const char *value, bool ending)
{
	struct strbuf words;

	strbuf_init(&words, 512);
	name_formats(&words, r->options->command, ending);
	diags_add(r->diags, "", 0, 0,
		ending ? "--%s %s: must end in one of %s (%s)" : "--%s %s: must be one of %s (%s)",
		option, value, words.data, r->options->command->name);
	strbuf_release(&words);
}

/* --format and the endings of -o are among the command's formats. */
static void check_formats(struct reader *r)
{
	struct options *o = r->options;
	const char *const *formats = o->command->formats;

	if (formats == NULL)
		return;
	if (o->format != NULL && !is_word_of(formats, o->format))
		refuse_format(r, "format", o->format, false);
	for (size_t i = 0; i < o->outputs.count; i++)
		if (output_format(formats, o->outputs.items[i]) == NULL)
			refuse_format(r, "output", o->outputs.items[i], true);
}

static void check_fit(struct reader *r)
{
	const struct command *command = r->options->command;
	int given = (int)r->options->args.count;

	for (size_t i = 0; i < r->seen_count; i++) {
		const struct option_row *row = &option_rows[r->seen[i]];
		if (!(row->commands & command->bit))
			diags_add(r->diags, "", 0, 0, "--%s: does not apply to the command %s",
				row->name, command->name);
	}
	if (given < command->min_args)
		diags_add(r->diags, "", 0, 0, "%s: needs %s", command->name, command->arguments);
	else if (given > command->max_args && command->max_args == 0)
		diags_add(r->diags, "", 0, 0, "%s: unexpected operand %s", command->name,
			r->options->args.items[0]);
	else if (given > command->max_args)
		diags_add(r->diags, "", 0, 0, "%s: takes %s (%s), not %d operands", command->name,
			command->max_args == 1 ? "one operand" : "two operands", command->arguments,
			given);
}

int options_parse(struct options *options, int argc, char **argv, struct diags *diags)
{
	struct reader reader = {
		.options = options, .diags = diags, .argc = argc, .next = 1, .argv = argv};

	*options = (struct options){.lang = platform_language()};
	options->request.inputs = &options->inputs;
	options->inputs.may_ask = platform_is_terminal(stdin) && platform_is_terminal(stderr);
	read_words(&reader);
	options->inputs.lang = options->lang;
	if (options->command == NULL && !reader.unknown_command && !reader.unknown_option)
		options->command = find_command("run");
	if (options->command != NULL)
		check_formats(&reader);
	if (diags->count == 0 && !options->help && !options->version)
		check_fit(&reader);
	return diags->count > 0 ? -1 : 0;
}

void options_release(struct options *options)
{
	strs_release(&options->request.profiles);
	strs_release(&options->request.only);
	strs_release(&options->request.skip);
	strs_release(&options->request.waive);
	strs_release(&options->rules);
	strs_release(&options->set);
	strs_release(&options->outputs);
	strs_release(&options->args);
	inputs_release(&options->inputs);
}

/* ---- usage ---- */

static void usage_option(FILE *out, const struct option_row *row, enum lang lang)
{
	char left[64];

	snprintf(left, sizeof left, "%s%c%s --%s%s%s", row->letter ? "-" : " ",
		row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
		row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");
	fprintf(out, "  %-24s %s\n", left, row->text[lang]);
}

void options_usage(FILE *out, enum lang lang)
{
	bool ja = lang == LANG_JA;

	fputs(ja ? "使い方: preflight [コマンド] [オプション]\n\nコマンド:\n"
		 : "Usage: preflight [COMMAND] [OPTIONS]\n\nCommands:\n",
		out);
	for (const struct command *command = commands; command->name != NULL; command++) {
		char left[64];
		snprintf(left, sizeof left, "%s %s", command->name, command->arguments);
		fprintf(out, "  %-24s %s\n", left, command->text[lang]);
	}
	fputs(ja ? "\nオプション:\n" : "\nOptions:\n", out);
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		usage_option(out, row, lang);
	fputs(ja ? "\n終了コード: 0 準備完了  1 準備ができていません（必須の項目が不合格）  2 "
		   "使い方または規則ファイルの誤り"
		   "  3 判断できません\n"
		 : "\nExit codes: 0 ready  1 not ready (a required check failed)  2 wrong usage or "
		   "rule"
		   " file  3 cannot tell\n",
		out);
}
