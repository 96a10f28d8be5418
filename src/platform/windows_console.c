/*
 * The console, the user's language, and what ends the program early.
 */
#include "windows.h"

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdlib.h>

#define DEFAULT_WIDTH 80

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 4
#endif

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

static HANDLE handle_of(FILE *stream)
{
	return (HANDLE)_get_osfhandle(_fileno(stream));
}

bool platform_is_terminal(FILE *stream)
{
	DWORD mode;

	return GetConsoleMode(handle_of(stream), &mode) != 0;
}

int platform_terminal_width(FILE *stream)
{
	CONSOLE_SCREEN_BUFFER_INFO info;

	if (!GetConsoleScreenBufferInfo(handle_of(stream), &info))
		return DEFAULT_WIDTH;
	int width = info.srWindow.Right - info.srWindow.Left; /* the last column wraps */
	return width > 0 ? width : DEFAULT_WIDTH;
}

/* The code page belongs to the console, which lives on: it is put back at the end. */
static UINT code_page_before;

static void restore_console(void)
{
	SetConsoleOutputCP(code_page_before);
}

static void show_escapes(FILE *stream)
{
	DWORD mode;

	if (GetConsoleMode(handle_of(stream), &mode))
		SetConsoleMode(handle_of(stream), mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

/* What is redirected gets the same bytes on every system. */
void platform_console_init(void)
{
	WSADATA data;

	WSAStartup(MAKEWORD(2, 2), &data);
	_setmode(_fileno(stdin), _O_BINARY);
	_setmode(_fileno(stdout), _O_BINARY);
	_setmode(_fileno(stderr), _O_BINARY);
	code_page_before = GetConsoleOutputCP();
	if (code_page_before == 0)
		return;
	if (code_page_before != CP_UTF8 && SetConsoleOutputCP(CP_UTF8))
		atexit(restore_console);
	show_escapes(stdout);
	show_escapes(stderr);
}

void platform_console_end(void)
{
	if (code_page_before != 0 && code_page_before != CP_UTF8)
		restore_console();
}

/* The handler gets no argument of ours; set once, before it. It runs on a thread of its own. */
static void (*interrupt_fn)(void);

static BOOL WINAPI on_control(DWORD event)
{
	interrupt_fn();
	/* Closing the window, logging off: Windows ends the program when this returns. */
	if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
		Sleep(3000);
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
