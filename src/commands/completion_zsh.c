/* The completion script of zsh: _arguments, with the descriptions of --help. */
#include "completion.h"

#include <string.h>

#include "commands.h"
#include "select.h"

#define LINE_BYTES (8 * 1024)

/* ---- words of the rules, with what they mean ---- */

static void print_entry(const struct completion *c, const char *id, const char *text)
{
	struct strbuf entry, word;

	strbuf_init(&entry, LINE_BYTES);
	strbuf_init(&word, LINE_BYTES);
	strbuf_addf(&entry, "%s:%s", id, text);
	completion_quote(&word, entry.data);
	fprintf(c->out, "\t\t\t\t%s\n", word.data);
	strbuf_release(&entry);
	strbuf_release(&word);
}

static void print_list(const struct completion *c, const struct completion_list *list)
{
	const struct text *text;
	const char *id;

	fprintf(c->out, "\t\t%s)\n\t\t\tlist=(\n", list->source);
	for (size_t i = 0; (id = list->entry(c->rules, i, &text)) != NULL; i++)
		print_entry(c, id, text_in(text, c->lang));
	fputs("\t\t\t)\n\t\t\t;;\n", c->out);
}

static void print_values(const struct completion *c)
{
	fputs("_preflight_values() # SOURCE...\n"
	      "{\n"
	      "\tlocal source ret=1\n"
	      "\tlocal -a list suffix\n\n"
	      "\tfor source; do\n"
	      "\t\tsuffix=()\n"
	      "\t\tif [[ $source == waivers ]]; then\n"
	      "\t\t\tcompset -P '*=' && { _message REASON; return 1 }\n"
	      "\t\t\tsource=checks suffix=(-S =)\n"
	      "\t\tfi\n"
	      "\t\tcase $source in\n",
		c->out);
	for (const struct completion_list *list = completion_lists; list->source != NULL; list++)
		print_list(c, list);
	fputs("\t\tesac\n"
	      "\t\t_describe -t $source $source list $suffix && ret=0\n"
	      "\tdone\n"
	      "\treturn ret\n"
	      "}\n\n",
		c->out);
}

/* ---- specifications for _arguments ---- */

/* "word:ja word:en" as "(ja en)". */
static void add_list(struct strbuf *spec, const char *sources)
{
	strbuf_addc(spec, '(');
	for (const char *p = sources; *p != '\0';) {
		size_t len = strcspn(p, " ");
		strbuf_addf(spec, "%s%.*s", p == sources ? "" : " ", (int)(len - strlen("word:")),
			p + strlen("word:"));
		p += len + strspn(p + len, " ");
	}
	strbuf_addc(spec, ')');
}

/* ":MESSAGE:ACTION" */
static void add_value(struct strbuf *spec, const char *argument, const struct command *command)
{
	struct strbuf sources;

	strbuf_init(&sources, LINE_BYTES);
	completion_sources(&sources, argument);
	if (strcmp(sources.data, "formats") == 0) {
		strbuf_reset(&sources);
		completion_formats(&sources, command);
	}
	strbuf_addf(spec, ":%s:", argument);
	if (strncmp(sources.data, "word:", 5) == 0)
		add_list(spec, sources.data);
	else if (strcmp(sources.data, "files") == 0)
		strbuf_adds(spec, "_files");
	else if (strcmp(sources.data, "nothing") == 0)
		strbuf_addc(spec, ' ');
	else
		strbuf_addf(spec, " _preflight_values %s", sources.data);
	strbuf_release(&sources);
}

/* "[TEXT]"; brackets, colons and backslashes in it are escaped. */
static void add_text(struct strbuf *spec, const char *text)
{
	strbuf_addc(spec, '[');
	for (; *text != '\0'; text++) {
		if (strchr("\\:[]", *text) != NULL)
			strbuf_addc(spec, '\\');
		strbuf_addc(spec, *text);
	}
	strbuf_addc(spec, ']');
}

static void print_spec(const struct completion *c, const struct strbuf *spec)
{
	struct strbuf word;

	strbuf_init(&word, LINE_BYTES);
	completion_quote(&word, spec->data);
	fprintf(c->out, "\t\t\t%s\n", word.data);
	strbuf_release(&word);
}

static void print_option(const struct completion *c, const struct option_row *row, bool letter,
	const struct command *command)
{
	struct strbuf spec;

	strbuf_init(&spec, LINE_BYTES);
	if (letter)
		strbuf_addf(&spec, "*-%c%s", row->letter, row->argument != NULL ? "+" : "");
	else
		strbuf_addf(&spec, "*--%s%s", row->name, row->argument != NULL ? "=" : "");
	add_text(&spec, row->text[c->lang]);
	if (row->argument != NULL)
		add_value(&spec, row->argument, command);
	print_spec(c, &spec);
	strbuf_release(&spec);
}

static void print_operands(const struct completion *c, const struct command *command)
{
	struct strbuf operand, spec;
	const char *rest = command->arguments;
	int number = 0;

	strbuf_init(&operand, LINE_BYTES);
	strbuf_init(&spec, LINE_BYTES);
	while ((rest = completion_operand(rest, &operand)) != NULL) {
		strbuf_reset(&spec);
		number++;
		if (*rest == '\0' && command->max_args > number)
			strbuf_addc(&spec, '*');
		else
			strbuf_addf(&spec, "%d", number);
		add_value(&spec, operand.data, command);
		print_spec(c, &spec);
	}
	strbuf_release(&operand);
	strbuf_release(&spec);
}

static void print_specs(const struct completion *c)
{
	fputs("_preflight_specs() # COMMAND: sets specs\n"
	      "{\n"
	      "\tspecs=()\n"
	      "\tcase $1 in\n",
		c->out);
	for (const struct command *command = commands; command->name != NULL; command++) {
		fprintf(c->out, "\t%s)\n\t\tspecs=(\n", command->name);
		for (const struct option_row *row = option_rows; row->name != NULL; row++) {
			if (!(row->commands & command->bit))
				continue;
			if (row->letter != 0)
				print_option(c, row, true, command);
			print_option(c, row, false, command);
		}
		print_operands(c, command);
		fputs("\t\t)\n\t\t;;\n", c->out);
	}
	fputs("\tesac\n"
	      "}\n\n",
		c->out);
}

static void print_commands(const struct completion *c)
{
	fputs("_preflight_commands()\n"
	      "{\n"
	      "\tlocal -a list=(\n",
		c->out);
	for (const struct command *command = commands; command->name != NULL; command++)
		print_entry(c, command->name, command->text[c->lang]);
	fputs("\t)\n\n"
	      "\t_describe -t commands command list\n"
	      "}\n\n",
		c->out);
}

/* ---- what does not depend on the tables ---- */

static const char completing[] =
	"_preflight()\n"
	"{\n"
	"\tlocal curcontext=$curcontext state line ret=1\n"
	"\tlocal -a specs\n"
	"\tlocal -A opt_args\n\n"
	"\t_preflight_specs run\n"
	"\t_arguments -s -S -C -A '-*' $specs '1: :_preflight_commands' '*:: :->rest' && ret=0\n"
	"\tif [[ $state == rest ]]; then\n"
	"\t\tcurcontext=${curcontext%:*:*}:preflight-$words[1]:\n"
	"\t\t_preflight_specs $words[1]\n"
	"\t\t_arguments -s -S $specs && ret=0\n"
	"\tfi\n"
	"\treturn ret\n"
	"}\n\n"
	"if [[ $funcstack[1] == _preflight ]]; then\n"
	"\t_preflight \"$@\"\n"
	"else\n"
	"\tcompdef _preflight preflight\n"
	"fi\n";

void completion_zsh(const struct completion *c)
{
	fputs("#compdef preflight\n"
	      "# zsh completion for preflight " PREFLIGHT_VERSION
	      ", made by: preflight completion zsh\n\n",
		c->out);
	print_values(c);
	print_specs(c);
	print_commands(c);
	fputs(completing, c->out);
}
