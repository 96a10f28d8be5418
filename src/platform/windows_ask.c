/*
 * Questions on the console, and waiting for a key.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#define ANSWER_MAX 512 /* UTF-16 units */

/* The console's input and what it was set to; the control handler runs on a thread of its own. */
static struct {
	HANDLE console;
	DWORD mode;
} input;
static volatile LONG only_waits;

bool windows_only_waits(void)
{
	return only_waits != 0;
}

/* Whatever comes of Ctrl-C, it finds the console as it was before the question. */
static BOOL WINAPI on_control(DWORD event)
{
	(void)event;
	SetConsoleMode(input.console, input.mode);
	return FALSE;
}

static int input_open(void)
{
	input.console = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE,
		FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	if (input.console == INVALID_HANDLE_VALUE)
		return -1;
	if (GetConsoleMode(input.console, &input.mode))
		return 0;
	CloseHandle(input.console);
	return -1;
}

static void input_close(void)
{
	SetConsoleMode(input.console, input.mode);
	CloseHandle(input.console);
}

/* One that is longer is no answer; its rest stays unread. */
static int read_line(struct strbuf *out)
{
	wchar_t answer[ANSWER_MAX + 1];
	char bytes[ANSWER_MAX * 3 + 1];
	DWORD len = 0;

	if (!ReadConsoleW(input.console, answer, ANSWER_MAX, &len, NULL))
		len = 0;
	bool ended = len > 0 && answer[len - 1] == L'\n';
	while (len > 0 && (answer[len - 1] == L'\n' || answer[len - 1] == L'\r'))
		len--;
	int size = WideCharToMultiByte(
		CP_UTF8, 0, answer, (int)len, bytes, (int)sizeof bytes, NULL, NULL);
	if (size > 0)
		strbuf_add(out, bytes, (size_t)size);
	OPENSSL_cleanse(answer, sizeof answer);
	OPENSSL_cleanse(bytes, sizeof bytes);
	return ended ? 0 : -1;
}

/* 0 also for a line without anything in it. */
static int ask(const char *prompt, bool echo, struct strbuf *out)
{
	DWORD mode;
	int result = -1;

	if (input_open() != 0)
		return -1;
	mode = input.mode | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT | ENABLE_ECHO_INPUT;
	if (!echo)
		mode &= ~(DWORD)ENABLE_ECHO_INPUT;
	SetConsoleCtrlHandler(on_control, TRUE);
	if (SetConsoleMode(input.console, mode)) {
		windows_screen_show(prompt);
		result = read_line(out);
		if (!echo || result != 0)
			windows_screen_show("\n");
	}
	SetConsoleCtrlHandler(on_control, FALSE);
	input_close();
	return result;
}

int platform_ask_secret(const char *prompt, struct strbuf *out)
{
	int result = ask(prompt, false, out);

	if (result != 0) {
		OPENSSL_cleanse(out->data, out->len);
		strbuf_reset(out);
	}
	return result == 0 && out->len > 0 ? 0 : -1;
}

int platform_ask(const char *prompt, struct strbuf *out)
{
	InterlockedExchange(&only_waits, 1);
	int result = ask(prompt, true, out);
	InterlockedExchange(&only_waits, 0);
	return result;
}

/* Keys that only change what others mean do not count. */
static bool is_key(const INPUT_RECORD *record)
{
	static const WORD others[] = {VK_SHIFT, VK_CONTROL, VK_MENU, VK_CAPITAL, VK_NUMLOCK,
		VK_SCROLL, VK_LWIN, VK_RWIN, VK_APPS, VK_KANJI, VK_KANA, VK_CONVERT, VK_NONCONVERT,
		VK_PROCESSKEY, VK_SNAPSHOT};

	if (record->EventType != KEY_EVENT || !record->Event.KeyEvent.bKeyDown)
		return false;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (record->Event.KeyEvent.wVirtualKeyCode == others[i])
			return false;
	return true;
}

void platform_wait_key(const char *prompt)
{
	INPUT_RECORD record = {0};
	DWORD count;

	if (input_open() != 0)
		return;
	InterlockedExchange(&only_waits, 1);
	FlushConsoleInputBuffer(input.console);
	windows_screen_show(prompt);
	do {
		if (!ReadConsoleInputW(input.console, &record, 1, &count) || count == 0)
			break;
	} while (!is_key(&record));
	InterlockedExchange(&only_waits, 0);
	input_close();
}
