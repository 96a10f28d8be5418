/* The completion script of bash, from 3.2 on. */
#include "completion.h"

#include "commands.h"

#define LINE_BYTES (4 * 1024)

/* ---- the tables ---- */

static void print_list(const struct completion *c, const struct completion_list *list)
{
	const struct text *text;
	struct strbuf word;
	const char *id;

	strbuf_init(&word, LINE_BYTES);
	fprintf(c->out, "\t\t%s)\n\t\t\t_preflight_offer \"$2\"", list->source);
	for (size_t i = 0; (id = list->entry(c->rules, i, &text)) != NULL; i++) {
		strbuf_reset(&word);
		completion_quote(&word, id);
		fprintf(c->out, " \\\n\t\t\t\t%s", word.data);
	}
	fputs("\n\t\t\t;;\n", c->out);
	strbuf_release(&word);
}

static void print_values(const struct completion *c)
{
	fputs("_preflight_values() # SOURCES SUFFIX\n"
	      "{\n"
	      "\tlocal source\n\n"
	      "\tfor source in $1; do\n"
	      "\t\tcase $source in\n"
	      "\t\tword:*) _preflight_offer \"$2\" \"${source#word:}\" ;;\n"
	      "\t\tformats) _preflight_values \"$formats\" \"$2\" ;;\n"
	      "\t\twaivers) _preflight_values checks = ;;\n"
	      "\t\tfiles) _preflight_files ;;\n",
		c->out);
	for (const struct completion_list *list = completion_lists; list->source != NULL; list++)
		print_list(c, list);
	fputs("\t\tesac\n"
	      "\tdone\n"
	      "}\n\n",
		c->out);
}

/* What the value of an option is, if it takes one. */
static void print_arguments(const struct completion *c)
{
	struct strbuf sources;

	strbuf_init(&sources, LINE_BYTES);
	fputs("_preflight_argument() # OPTION\n"
	      "{\n"
	      "\tcase $1 in\n",
		c->out);
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		strbuf_reset(&sources);
		if (row->argument == NULL || completion_sources(&sources, row->argument) != 0)
			continue;
		fputc('\t', c->out);
		if (row->letter != 0)
			fprintf(c->out, "-%c | ", row->letter);
		fprintf(c->out, "--%s) takes='%s' ;;\n", row->name, sources.data);
	}
	fputs("\t*) takes= ;;\n"
	      "\tesac\n"
	      "}\n\n",
		c->out);
	strbuf_release(&sources);
}

static void print_options(const struct completion *c, const struct command *command)
{
	fputs("\t\toptions=\"", c->out);
	for (const struct option_row *row = option_rows; row->name != NULL; row++) {
		if (!(row->commands & command->bit))
			continue;
		if (row->letter != 0)
			fprintf(c->out, "word:-%c ", row->letter);
		fprintf(c->out, "word:--%s ", row->name);
	}
	fputs("\"\n", c->out);
}

/* The sources of each operand; the last one's are those of all that may follow. */
static void print_operands(const struct completion *c, const struct command *command)
{
	struct strbuf operand, sources;
	const char *rest = command->arguments;

	strbuf_init(&operand, LINE_BYTES);
	strbuf_init(&sources, LINE_BYTES);
	fputs("\t\toperands=(", c->out);
	for (bool more = false; (rest = completion_operand(rest, &operand)) != NULL; more = true) {
		strbuf_reset(&sources);
		completion_sources(&sources, operand.data);
		fprintf(c->out, "%s'%s'", more ? " " : "", sources.data);
	}
	fprintf(c->out, ") most=%d\n", command->max_args);
	strbuf_release(&operand);
	strbuf_release(&sources);
}

static void print_commands(const struct completion *c)
{
	struct strbuf formats;

	strbuf_init(&formats, LINE_BYTES);
	fputs("commands=\"", c->out);
	for (const struct command *command = commands; command->name != NULL; command++)
		fprintf(c->out, "word:%s ", command->name);
	fputs("\"\n"
	      "\tcase ${1:-run} in\n",
		c->out);
	for (const struct command *command = commands; command->name != NULL; command++) {
		strbuf_reset(&formats);
		completion_formats(&formats, command);
		fprintf(c->out, "\t%s)\n", command->name);
		print_options(c, command);
		fprintf(c->out, "\t\tformats='%s'\n", formats.data);
		print_operands(c, command);
		fputs("\t\t;;\n", c->out);
	}
	fputs("\t*) options='' formats='' operands=() most=0 ;;\n"
	      "\tesac\n"
	      "}\n\n",
		c->out);
	strbuf_release(&formats);
}

/* ---- what does not depend on them ---- */

static const char offering[] = "_preflight_offer() # SUFFIX WORD...\n"
			       "{\n"
			       "\tlocal suffix=$1 word\n\n"
			       "\tshift\n"
			       "\tfor word; do\n"
			       "\t\tif [[ $word == \"$cur\"* ]]; then\n"
			       "\t\t\tCOMPREPLY+=(\"$word$suffix\")\n"
			       "\t\tfi\n"
			       "\tdone\n"
			       "\tif [[ $suffix == = ]] && type compopt >/dev/null 2>&1; then\n"
			       "\t\tcompopt -o nospace 2>/dev/null\n"
			       "\tfi\n"
			       "}\n\n"
			       "# Readline completes names of files, with their quoting.\n"
			       "_preflight_files()\n"
			       "{\n"
			       "\tif type compopt >/dev/null 2>&1; then\n"
			       "\t\tcompopt -o default 2>/dev/null\n"
			       "\tfi\n"
			       "\treturn 0\n"
			       "}\n\n";

static const char reading[] =
	"# What the words before the cursor are: sets command, given, takes, only_operands. bash "
	"splits\n"
	"# words at \"=\"; 1: the cursor is behind one that belongs to no option.\n"
	"_preflight_read()\n"
	"{\n"
	"\tlocal i j word\n\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [[ $word == = ]]; then\n"
	"\t\t\tif [[ -z $takes ]] && ((++i >= COMP_CWORD)); then\n"
	"\t\t\t\treturn 1\n"
	"\t\t\tfi\n"
	"\t\telif [[ -n $takes ]]; then\n"
	"\t\t\ttakes=\n"
	"\t\telif [[ -n $only_operands || $word != -?* ]]; then\n"
	"\t\t\tif [[ -z $command ]]; then\n"
	"\t\t\t\tcommand=$word\n"
	"\t\t\telse\n"
	"\t\t\t\t((given++))\n"
	"\t\t\tfi\n"
	"\t\telif [[ $word == -- ]]; then\n"
	"\t\t\tonly_operands=1\n"
	"\t\telif [[ $word == --* ]]; then\n"
	"\t\t\t_preflight_argument \"$word\"\n"
	"\t\telse\n"
	"\t\t\tfor ((j = 1; j < ${#word}; j++)); do\n"
	"\t\t\t\t_preflight_argument \"-${word:j:1}\"\n"
	"\t\t\t\tif [[ -n $takes ]]; then\n"
	"\t\t\t\t\t((j + 1 == ${#word})) || takes=\n"
	"\t\t\t\t\tbreak\n"
	"\t\t\t\tfi\n"
	"\t\t\tdone\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tif [[ $cur == = ]]; then\n"
	"\t\tcur=\n"
	"\t\t[[ -n $takes ]] || return 1\n"
	"\tfi\n"
	"\treturn 0\n"
	"}\n\n";

static const char completing[] =
	"_preflight()\n"
	"{\n"
	"\tlocal IFS=$' \\t\\n'\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} command='' given=0 takes='' only_operands=''\n"
	"\tlocal commands options formats operands most\n\n"
	"\tCOMPREPLY=()\n"
	"\t_preflight_read || return 0\n"
	"\t_preflight_command \"$command\"\n"
	"\tif [[ -n $takes ]]; then\n"
	"\t\t_preflight_values \"$takes\" ''\n"
	"\telif [[ -z $only_operands && $cur == -* ]]; then\n"
	"\t\t_preflight_values \"$options\" ''\n"
	"\telif [[ -z $command ]]; then\n"
	"\t\t_preflight_values \"$commands\" ''\n"
	"\telif ((given < most)); then\n"
	"\t\t((given < ${#operands[@]})) || given=$((${#operands[@]} - 1))\n"
	"\t\t_preflight_values \"${operands[given]}\" ''\n"
	"\tfi\n"
	"\treturn 0\n"
	"}\n\n"
	"if type compopt >/dev/null 2>&1; then\n"
	"\tcomplete -F _preflight preflight\n"
	"else # bash 3\n"
	"\tcomplete -o default -F _preflight preflight\n"
	"fi\n";

void completion_bash(const struct completion *c)
{
	fputs("# bash completion for preflight " PREFLIGHT_VERSION
	      ", made by: preflight completion bash\n\n",
		c->out);
	fputs(offering, c->out);
	print_values(c);
	print_arguments(c);
	fputs("# What a command takes: sets commands, options, formats, operands, most.\n"
	      "_preflight_command() # COMMAND\n"
	      "{\n"
	      "\t",
		c->out);
	print_commands(c);
	fputs(reading, c->out);
	fputs(completing, c->out);
}
