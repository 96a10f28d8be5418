/*
 * Start and end of the program: its streams, the words of its command line, the user's language,
 * and what ends it early.
 */
#include "windows.h"

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdlib.h>

#define CLOSING_STEPS   30 /* in all less than the five seconds that Windows grants */
#define CLOSING_STEP_MS 100

static const char *environment(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

/* Shells that set LANG (Git's, say) mean it; else the language of the user's Windows. */
enum lang platform_language(void)
{
	const char *value = environment();
	enum lang lang;

	if (value != NULL)
		return lang_parse(value, &lang) == 0 ? lang : LANG_EN;
	return PRIMARYLANGID(GetUserDefaultUILanguage()) == LANG_JAPANESE ? LANG_JA : LANG_EN;
}

/* What is redirected gets the same bytes on every system. */
void platform_console_init(void)
{
	WSADATA data;

	WSAStartup(MAKEWORD(2, 2), &data);
	_setmode(_fileno(stdin), _O_BINARY);
	_setmode(_fileno(stdout), _O_BINARY);
	_setmode(_fileno(stderr), _O_BINARY);
	windows_screen_begin();
}

void platform_console_end(void)
{
	windows_screen_end();
}

/* The handler gets no argument of ours; set once, before it. It runs on a thread of its own. */
static void (*interrupt_fn)(void);

static BOOL WINAPI on_control(DWORD event)
{
	if (windows_only_waits())
		return FALSE;
	interrupt_fn();
	if (event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT)
		return TRUE;
	/* Closing the window, logging off: Windows ends the program when this returns. */
	for (int i = 0; i < CLOSING_STEPS && !windows_only_waits(); i++)
		Sleep(CLOSING_STEP_MS);
	return TRUE;
}

void platform_on_interrupt(void (*fn)(void))
{
	bool first = interrupt_fn == NULL;

	interrupt_fn = fn;
	if (first)
		SetConsoleCtrlHandler(on_control, TRUE);
}

void platform_raise_limits(void)
{
	/* Sockets have no limit that a process could raise. */
}

/* The C library's: its reading of the command line needs no other library of Windows. */
int __wgetmainargs(int *count, wchar_t ***words, wchar_t ***variables, int expand, int *new_mode);

/* The words of the command line as UTF-8; the strings live as long as the program. */
void platform_arguments(int *argc, char ***argv)
{
	int count = 0, new_mode = 0;
	wchar_t **wide = NULL, **variables = NULL;

	if (__wgetmainargs(&count, &wide, &variables, 0, &new_mode) < 0 || wide == NULL)
		return;
	char **words = mem_alloc(((size_t)count + 1) * sizeof words[0]);
	for (int i = 0; i < count; i++)
		words[i] = windows_utf8(wide[i]);
	words[count] = NULL;
	*argc = count;
	*argv = words;
}
