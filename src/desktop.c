#include "desktop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "platform.h"
#include "report.h"
#include "verdict.h"

#define PATH_CAP      (32 * 1024)
#define SAME_MINUTE   999 /* reports that may be of one minute */
#define ASK_AT_MOST   3
#define ANSWER_CAP    2048
#define MESSAGE_CAP   (64 * 1024)
#define WORDS_ON_DROP 3

/* ---- what was dropped ---- */

static const struct {
	const char *ending, *word;
} drops[] = {
	{".yaml", "--rules"},
	{".yml", "--rules"},
	{".json", "show"},
};

static bool ends_with(const char *text, const char *ending)
{
	size_t len = strlen(text), tail = strlen(ending);

	if (len < tail)
		return false;
	for (text += len - tail; *ending != '\0'; text++, ending++)
		if ((*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text) != *ending)
			return false;
	return true;
}

const char *desktop_word_for(const char *path)
{
	for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++)
		if (ends_with(path, drops[i].ending))
			return drops[i].word;
	return NULL;
}

/* What is dropped comes with its whole path, which no command and no option looks like. */
static bool is_dropped(const char *word)
{
	return word[0] != '-' && strpbrk(word, "\\/") != NULL;
}

bool desktop_is_start(int argc, char **argv)
{
	return (argc <= 1 || (argc == 2 && is_dropped(argv[1]))) && platform_own_window();
}

/* ---- where the report goes ---- */

static void add_stem(struct strbuf *path, double when)
{
	time_t seconds = (time_t)when;
	const struct tm *tm = localtime(&seconds);

	strbuf_adds(path, "preflight");
	if (tm != NULL)
		strbuf_addf(path, "-%04d%02d%02d-%02d%02d", tm->tm_year + 1900, tm->tm_mon + 1,
			tm->tm_mday, tm->tm_hour, tm->tm_min);
}

/* A name that nothing has yet, or NULL. */
static char *free_name(const char *folder, double when, const struct desktop_system *system)
{
	for (int i = 1; i <= SAME_MINUTE; i++) {
		struct strbuf path;
		strbuf_init(&path, PATH_CAP);
		strbuf_adds(&path, folder);
		add_stem(&path, when);
		if (i > 1)
			strbuf_addf(&path, "-%d", i);
		strbuf_adds(&path, ".html");
		if (!path.truncated && !system->exists(path.data))
			return strbuf_detach(&path);
		strbuf_release(&path);
	}
	return NULL;
}

char *desktop_report_path(
	const struct strs *folders, double when, const struct desktop_system *system, size_t *which)
{
	for (size_t i = 0; i < folders->count; i++) {
		char *path = free_name(folders->items[i], when, system);
		*which = i;
		if (path != NULL && system->writable(path))
			return path;
		free(path);
	}
	return NULL;
}

/* ---- whether it is opened ---- */

enum answer { ANSWER_YES, ANSWER_NO, ANSWER_OTHER };

/* Also as an input method for Japanese gives them. */
static enum answer read_answer(const char *text)
{
	static const struct {
		const char *word;
		enum answer answer;
	} words[] = {
		{"", ANSWER_YES},
		{"y", ANSWER_YES},
		{"Y", ANSWER_YES},
		{"yes", ANSWER_YES},
		{"ｙ", ANSWER_YES},
		{"Ｙ", ANSWER_YES},
		{"はい", ANSWER_YES},
		{"n", ANSWER_NO},
		{"N", ANSWER_NO},
		{"no", ANSWER_NO},
		{"ｎ", ANSWER_NO},
		{"Ｎ", ANSWER_NO},
		{"いいえ", ANSWER_NO},
	};
	size_t from = strspn(text, " \t"), len = strcspn(text + from, " \t");

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i].word) == len && strncmp(words[i].word, text + from, len) == 0)
			return words[i].answer;
	return ANSWER_OTHER;
}

bool desktop_wants_open(enum lang lang, const struct desktop_system *system)
{
	enum answer answer = ANSWER_OTHER;
	const char *prompt = message(lang, "desktop.ask");

	for (int i = 0; i < ASK_AT_MOST && answer == ANSWER_OTHER; i++) {
		struct strbuf typed;
		strbuf_init(&typed, ANSWER_CAP);
		answer = system->ask(prompt, &typed) == 0 ? read_answer(typed.data) : ANSWER_NO;
		strbuf_release(&typed);
		prompt = message(lang, "desktop.ask-again");
	}
	return answer == ANSWER_YES;
}

/* ---- all of it ---- */

struct start {
	enum lang lang;
	struct strs folders;
	bool beside;  /* the first folder is the program's */
	char *report; /* owned; NULL: nowhere to write to */
	size_t which; /* of the folders it is in */
};

static bool file_exists(const char *path)
{
	FILE *file = platform_open(path, "rb");

	if (file != NULL)
		fclose(file);
	return file != NULL;
}

static bool file_writable(const char *path)
{
	struct platform_output out;
	struct strbuf why;

	strbuf_init(&why, 512);
	bool writable = platform_output_open(&out, path, &why) == 0;
	if (writable)
		platform_output_discard(&out);
	strbuf_release(&why);
	return writable;
}

static const struct desktop_system this_system = {
	.exists = file_exists, .writable = file_writable, .ask = platform_ask};

/* A message about something that came from outside. */
static void say(const struct start *start, const char *id, const char *what)
{
	json_t *values = json_pack("{s:s, s:s}", "what", what, "version", PREFLIGHT_VERSION);
	struct strbuf text;

	strbuf_init(&text, MESSAGE_CAP);
	template_expand(&text, message(start->lang, id), values);
	report_print_safe(stdout, text.data);
	putchar('\n');
	fflush(stdout);
	strbuf_release(&text);
	json_decref(values);
}

static void begin(struct start *start)
{
	*start = (struct start){.lang = platform_language()};
	platform_window_title(message(start->lang, "desktop.title"));
	say(start, "desktop.begin", "");
	say(start, "desktop.wait", "");
	putchar('\n');
	platform_report_folders(&start->folders, &start->beside);
	start->report =
		desktop_report_path(&start->folders, platform_wall(), &this_system, &start->which);
}

static int run_command(const struct start *start, int argc, char **argv, desktop_command *command)
{
	const char *word = argc == 2 ? desktop_word_for(argv[1]) : NULL;
	char *words[WORDS_ON_DROP + 1] = {argv[0]};

	if (argc < 2)
		return command(1, words, start->report);
	if (word == NULL) {
		say(start, "desktop.dropped", argv[1]);
		return EXIT_USAGE;
	}
	words[1] = mem_strdup(word);
	words[2] = argv[1];
	int code = command(WORDS_ON_DROP, words, start->report);
	free(words[1]);
	return code;
}

static void offer_report(const struct start *start)
{
	struct strbuf why;

	putchar('\n');
	if (start->beside && start->which > 0)
		say(start, "desktop.elsewhere", "");
	say(start, "desktop.written", start->report);
	if (!desktop_wants_open(start->lang, &this_system))
		return;
	strbuf_init(&why, 2048);
	if (platform_open_document(start->report, &why) != 0)
		say(start, "desktop.cannot-open", why.data);
	strbuf_release(&why);
}

/* Also when the program ends where it stands. */
static const char *key_prompt; /* NULL: nobody has to see anything any more */

static void keep_window(void)
{
	const char *prompt = key_prompt;

	key_prompt = NULL;
	if (prompt == NULL)
		return;
	putchar('\n');
	platform_wait_key(prompt);
}

int desktop_run(int argc, char **argv, desktop_command *command)
{
	struct start start;

	begin(&start);
	key_prompt = message(start.lang, "desktop.key");
	atexit(keep_window);
	int code = run_command(&start, argc, argv, command);
	if (start.report != NULL && file_exists(start.report))
		offer_report(&start);
	else if (start.report == NULL && code != EXIT_USAGE)
		say(&start, "desktop.nowhere", "");
	keep_window();
	free(start.report);
	strs_release(&start.folders);
	return code;
}
