/* preflight completion: scripts for shells, made from the tables that the command line is read by.
 */
#include "completion.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "report/internal.h"
#include "verdict.h"

#define WORDS_MAX (4 * 1024)

/* ---- what may stand for an argument ---- */

static const struct {
	const char *argument, *sources;
} arguments[] = {
	{"FILE", "files"},
	{"REPORT", "files"},
	{"OLD", "files"},
	{"NEW", "files"},
	{"NAME", "profiles"},
	{"ID", "checks"},
	{"ID=REASON", "waivers"},
	{"ID|CAUSE", "checks requirements causes"},
	{"FORMAT", "formats"},
	{"TIME", "nothing"},
	{"NAME=VALUE", "nothing"},
	{"CODE", "nothing"},
};

static void add_word(struct strbuf *out, const char *word, size_t len)
{
	strbuf_addf(out, "%sword:%.*s", out->len > 0 ? " " : "", (int)len, word);
}

static void add_words(struct strbuf *out, const char *const *words)
{
	for (; *words != NULL; words++)
		add_word(out, *words, strlen(*words));
}

/* "rules|report": in small letters, what is meant is the words themselves. */
static int add_alternatives(struct strbuf *out, const char *argument)
{
	if (argument[0] < 'a' || argument[0] > 'z')
		return -1;
	for (;;) {
		size_t len = strcspn(argument, "|");
		add_word(out, argument, len);
		if (argument[len] == '\0')
			return 0;
		argument += len + 1;
	}
}

int completion_sources(struct strbuf *out, const char *argument)
{
	if (strcmp(argument, "LANG") == 0) {
		for (enum lang lang = 0; lang < LANG_COUNT; lang++)
			add_word(out, lang_name(lang), strlen(lang_name(lang)));
		return 0;
	}
	if (strcmp(argument, "PHASE") == 0) {
		add_words(out, option_phases);
		return 0;
	}
	for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
		if (strcmp(arguments[i].argument, argument) == 0) {
			strbuf_adds(out, arguments[i].sources);
			return 0;
		}
	}
	return add_alternatives(out, argument);
}

void completion_formats(struct strbuf *out, const struct command *command)
{
	if (command->formats != NULL)
		add_words(out, command->formats);
}

const char *completion_operand(const char *text, struct strbuf *operand)
{
	const char *begin = text + strspn(text, " [");
	size_t len = strcspn(begin, " ].");

	strbuf_reset(operand);
	strbuf_add(operand, begin, len);
	return len > 0 ? begin + len + strspn(begin + len, "].") : NULL;
}

/* ---- words of the rules ---- */

static const char *profile(const struct rules *rules, size_t i, const struct text **text)
{
	if (i >= rules->profile_count)
		return NULL;
	*text = &rules->profiles[i].title;
	return rules->profiles[i].id;
}

static const char *check(const struct rules *rules, size_t i, const struct text **text)
{
	if (i >= rules->check_count)
		return NULL;
	*text = &rules->checks[i].title;
	return rules->checks[i].id;
}

static const char *requirement(const struct rules *rules, size_t i, const struct text **text)
{
	if (i >= rules->requirement_count)
		return NULL;
	*text = &rules->requirements[i].text;
	return rules->requirements[i].id;
}

static const char *cause(const struct rules *rules, size_t i, const struct text **text)
{
	if (i >= rules->cause_count)
		return NULL;
	*text = &rules->causes[i].title;
	return rules->causes[i].code;
}

const struct completion_list completion_lists[] = {
	{"profiles", profile},
	{"checks", check},
	{"requirements", requirement},
	{"causes", cause},
	{.source = NULL},
};

/* ---- shell words ---- */

void completion_quote(struct strbuf *out, const char *text)
{
	struct strbuf safe;

	strbuf_init(&safe, WORDS_MAX);
	safe_append(&safe, text, false);
	strbuf_addc(out, '\'');
	for (const char *p = safe.data; *p != '\0'; p++) {
		if (*p == '\'')
			strbuf_adds(out, "'\\''");
		else
			strbuf_addc(out, *p);
	}
	strbuf_addc(out, '\'');
	strbuf_release(&safe);
}

/* ---- the command ---- */

int command_completion(const struct options *options)
{
	static const struct {
		const char *name;
		void (*write)(const struct completion *completion);
	} shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}};
	const char *shell = options->args.items[0];

	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
		if (strcmp(shell, shells[i].name) != 0)
			continue;
		struct rules *rules = command_rules(options);
		if (rules == NULL)
			return EXIT_USAGE;
		shells[i].write(
			&(struct completion){.out = stdout, .rules = rules, .lang = options->lang});
		rules_free(rules);
		return EXIT_READY;
	}
	fprintf(stderr, "preflight: completion: %s: must be bash or zsh\n", shell);
	return EXIT_USAGE;
}
