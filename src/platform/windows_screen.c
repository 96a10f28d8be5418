/*
 * What is printed to a console goes there as UTF-16, whatever its code page and modes are: standard
 * output and standard error lead into a pipe, whose other end a thread shows. What is redirected is
 * left alone.
 */
#include "windows.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>

#include "console_stream.h"

#define DEFAULT_WIDTH 80
#define BUFFER_SIZE   (64 * 1024)
#define FEW_BYTES     64
#define PAUSE_MS      2
#define STRONG        FOREGROUND_INTENSITY
#define COLORS        (FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE)

static struct screen {
	HANDLE console; /* the console's screen; NULL: nothing is shown through here */
	HANDLE from;    /* the end of the pipe that is read */
	HANDLE thread;
	HANDLE reached;   /* an event: all before the mark has been shown */
	WORD before, now; /* attributes of text */
	bool strong;
	bool shows[3]; /* by number of the stream */
} screen;

static HANDLE handle_of(FILE *stream)
{
	return (HANDLE)_get_osfhandle(_fileno(stream));
}

static bool is_shown(FILE *stream)
{
	int number = _fileno(stream);

	return number >= 0 && number < 3 && screen.shows[number];
}

bool platform_is_terminal(FILE *stream)
{
	DWORD mode;

	return is_shown(stream) || GetConsoleMode(handle_of(stream), &mode) != 0;
}

int platform_terminal_width(FILE *stream)
{
	CONSOLE_SCREEN_BUFFER_INFO info;
	HANDLE console = is_shown(stream) ? screen.console : handle_of(stream);

	if (!GetConsoleScreenBufferInfo(console, &info))
		return DEFAULT_WIDTH;
	int width = info.srWindow.Right - info.srWindow.Left; /* the last column wraps */
	return width > 0 ? width : DEFAULT_WIDTH;
}

/* ---- the other end ---- */

static void show_text(void *arg, const uint16_t *units, size_t count)
{
	DWORD written = 0;

	(void)arg;
	while (count > 0) {
		if (!WriteConsoleW(screen.console, units, (DWORD)count, &written, NULL) ||
			written == 0)
			return;
		units += written;
		count -= written;
	}
}

static WORD with_color(WORD attributes, unsigned number)
{
	static const WORD colors[8] = {
		[1] = FOREGROUND_RED,
		[2] = FOREGROUND_GREEN,
		[3] = FOREGROUND_RED | FOREGROUND_GREEN,
		[4] = FOREGROUND_BLUE,
		[5] = FOREGROUND_RED | FOREGROUND_BLUE,
		[6] = FOREGROUND_GREEN | FOREGROUND_BLUE,
		[7] = COLORS,
	};

	return (WORD)((attributes & ~COLORS) | colors[number]);
}

/* Strong means a brighter colour; the default one's is that of the paper in a light window. */
static void show_tone(void *arg, unsigned number)
{
	(void)arg;
	if (number == 0) {
		screen.now = screen.before;
		screen.strong = false;
	} else if (number == 1) {
		screen.strong = true;
	} else if (number >= 30 && number < 38) {
		screen.now = with_color(screen.now, number - 30) | (screen.strong ? STRONG : 0);
	} else {
		return;
	}
	SetConsoleTextAttribute(screen.console, screen.now);
}

static void erase_line(void *arg)
{
	CONSOLE_SCREEN_BUFFER_INFO info;
	DWORD written;

	(void)arg;
	if (!GetConsoleScreenBufferInfo(screen.console, &info))
		return;
	DWORD count = (DWORD)(info.dwSize.X - info.dwCursorPosition.X);
	FillConsoleOutputCharacterW(screen.console, L' ', count, info.dwCursorPosition, &written);
	FillConsoleOutputAttribute(
		screen.console, screen.now, count, info.dwCursorPosition, &written);
}

static void reach(void *arg)
{
	(void)arg;
	SetEvent(screen.reached);
}

/* The C library writes to an unbuffered stream byte by byte: a few are the beginning of more. */
static bool read_some(char *bytes, DWORD size, DWORD *count)
{
	DWORD more = 0;

	if (!ReadFile(screen.from, bytes, size, count, NULL))
		return false;
	if (*count >= FEW_BYTES)
		return true;
	Sleep(PAUSE_MS);
	if (PeekNamedPipe(screen.from, NULL, 0, NULL, &more, NULL) && more > 0 &&
		ReadFile(screen.from, bytes + *count, size - *count, &more, NULL))
		*count += more;
	return true;
}

static DWORD WINAPI show_all(void *arg)
{
	static const struct console_sink sink = {
		.text = show_text, .tone = show_tone, .erase = erase_line, .mark = reach};
	static struct console_stream stream;
	static char bytes[16 * 1024];
	DWORD count = 0;

	(void)arg;
	console_stream_init(&stream, &sink);
	while (read_some(bytes, sizeof bytes, &count))
		console_stream_feed(&stream, bytes, count);
	console_stream_end(&stream);
	SetConsoleTextAttribute(screen.console, screen.before);
	return 0;
}

/* ---- this end ---- */

static HANDLE open_console(WORD *attributes)
{
	HANDLE console = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE,
		FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	CONSOLE_SCREEN_BUFFER_INFO info;

	if (console == INVALID_HANDLE_VALUE)
		return NULL;
	if (GetConsoleScreenBufferInfo(console, &info)) {
		*attributes = info.wAttributes;
		return console;
	}
	CloseHandle(console);
	return NULL;
}

static void lead_into(int pipe, FILE *stream)
{
	if (!platform_is_terminal(stream) || _dup2(pipe, _fileno(stream)) != 0)
		return;
	screen.shows[_fileno(stream)] = true;
	setvbuf(stream, NULL, stream == stderr ? _IONBF : _IOFBF, BUFFER_SIZE);
}

/* The thread is there before anything can wait for it. */
static bool start(HANDLE *into)
{
	screen.console = open_console(&screen.before);
	screen.now = screen.before;
	if (screen.console == NULL || !CreatePipe(&screen.from, into, NULL, BUFFER_SIZE))
		return false;
	screen.reached = CreateEventW(NULL, FALSE, FALSE, NULL);
	if (screen.reached != NULL)
		screen.thread = CreateThread(NULL, 0, show_all, NULL, 0, NULL);
	if (screen.thread == NULL)
		CloseHandle(*into);
	return screen.thread != NULL;
}

void windows_screen_begin(void)
{
	HANDLE into;

	if (!platform_is_terminal(stdout) && !platform_is_terminal(stderr))
		return;
	if (!start(&into))
		return;
	int pipe = _open_osfhandle((intptr_t)into, _O_WRONLY | _O_BINARY);
	if (pipe < 0) {
		CloseHandle(into);
		return;
	}
	lead_into(pipe, stdout);
	lead_into(pipe, stderr);
	_close(pipe);
	atexit(windows_screen_end);
}

/* The pipe ends once nothing leads into it; then all of it has been shown. */
void windows_screen_end(void)
{
	FILE *const streams[] = {stdout, stderr};

	if (screen.thread == NULL)
		return;
	for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
		if (!is_shown(streams[i]))
			continue;
		fflush(streams[i]);
		screen.shows[_fileno(streams[i])] = false;
		_close(_fileno(streams[i]));
	}
	WaitForSingleObject(screen.thread, INFINITE);
	CloseHandle(screen.thread);
	screen.thread = NULL;
}

static void write_console(const char *text)
{
	WORD attributes;
	HANDLE console = open_console(&attributes);
	wchar_t *wide = windows_wide(text);
	DWORD written;

	if (console != NULL) {
		WriteConsoleW(console, wide, (DWORD)wcslen(wide), &written, NULL);
		CloseHandle(console);
	}
	free(wide);
}

/* Behind all that was printed before; what is typed then stands behind it. */
void windows_screen_show(const char *text)
{
	fflush(stdout);
	if (!is_shown(stderr)) {
		write_console(text);
		return;
	}
	fputs(text, stderr);
	fputs(CONSOLE_STREAM_MARK, stderr);
	fflush(stderr);
	WaitForMultipleObjects(2, (HANDLE[]){screen.reached, screen.thread}, FALSE, INFINITE);
}
