/*
 * A question on the console whose answer is not shown.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#define ANSWER_MAX 512 /* UTF-16 units */

static void show(const char *text)
{
	HANDLE out = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE,
		FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	wchar_t *wide = windows_wide(text);
	DWORD written;

	if (out != INVALID_HANDLE_VALUE) {
		WriteConsoleW(out, wide, (DWORD)wcslen(wide), &written, NULL);
		CloseHandle(out);
	}
	free(wide);
}

static int read_answer(HANDLE in, struct strbuf *out)
{
	wchar_t answer[ANSWER_MAX + 1];
	char bytes[ANSWER_MAX * 3 + 1];
	DWORD len = 0;

	if (!ReadConsoleW(in, answer, ANSWER_MAX, &len, NULL))
		len = 0;
	while (len > 0 && (answer[len - 1] == L'\n' || answer[len - 1] == L'\r'))
		len--;
	int size = WideCharToMultiByte(
		CP_UTF8, 0, answer, (int)len, bytes, (int)sizeof bytes, NULL, NULL);
	if (size > 0)
		strbuf_add(out, bytes, (size_t)size);
	OPENSSL_cleanse(answer, sizeof answer);
	OPENSSL_cleanse(bytes, sizeof bytes);
	return size > 0 ? 0 : -1;
}

int platform_ask_secret(const char *prompt, struct strbuf *out)
{
	HANDLE in = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE,
		FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	DWORD mode;
	int result = -1;

	if (in == INVALID_HANDLE_VALUE)
		return -1;
	if (GetConsoleMode(in, &mode) &&
		SetConsoleMode(in, (mode | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT) &
					   ~(DWORD)ENABLE_ECHO_INPUT)) {
		show(prompt);
		result = read_answer(in, out);
		show("\n");
		SetConsoleMode(in, mode);
	}
	CloseHandle(in);
	return result;
}
