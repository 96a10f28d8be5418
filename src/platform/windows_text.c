/*
 * UTF-16 and the texts of Windows' error numbers.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

wchar_t *windows_wide(const char *text)
{
	int len = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
	wchar_t *wide = mem_alloc((len > 0 ? (size_t)len : 1) * sizeof *wide);

	if (len <= 0 || MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, len) != len)
		wide[0] = L'\0';
	return wide;
}

char *windows_utf8(const wchar_t *text)
{
	int len = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
	char *utf8 = mem_alloc(len > 0 ? (size_t)len : 1);

	if (len <= 0 || WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, len, NULL, NULL) != len)
		utf8[0] = '\0';
	return utf8;
}

void windows_copy(char *to, size_t size, const wchar_t *text)
{
	char *utf8 = windows_utf8(text);
	size_t len = strlen(utf8);

	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)utf8[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(to, utf8, len);
	to[len] = '\0';
	free(utf8);
}

static DWORD message(DWORD code, DWORD language, wchar_t **text)
{
	return FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
				      FORMAT_MESSAGE_IGNORE_INSERTS,
		NULL, code, language, (wchar_t *)(void *)text, 0, NULL);
}

/* One line without what ends a sentence. */
static void trim(wchar_t *text, DWORD len)
{
	while (len > 0 && wcschr(L"\r\n .\u3002", text[len - 1]) != NULL)
		text[--len] = L'\0';
	for (DWORD i = 0; i < len; i++)
		if (text[i] == L'\r' || text[i] == L'\n')
			text[i] = L' ';
}

void windows_why(struct strbuf *why, const char *what, unsigned long code)
{
	wchar_t *text = NULL;
	char number[16];

	platform_is_shortage((int)code);
	if (why == NULL)
		return;
	/* Those of COM and of cryptography are known by their hexadecimal form. */
	snprintf(number, sizeof number, code > INT32_MAX ? "0x%08lX" : "%lu", code);
	DWORD len = message(code, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), &text);
	if (len == 0)
		len = message(code, 0, &text);
	if (len > 0) {
		trim(text, len);
		char *utf8 = windows_utf8(text);
		strbuf_addf(why, "%s: %s (error %s)", what, utf8, number);
		free(utf8);
	} else {
		strbuf_addf(why, "%s: error %s", what, number);
	}
	LocalFree(text);
}

/* ---- paths ---- */

/* CreateDirectory leaves room for a short name in a folder; other functions take a little more. */
#define PATH_LONGEST (MAX_PATH - 13)

/* The whole path without "." and ".." and with backslashes; NULL when there is none. */
static wchar_t *full_path(const wchar_t *path)
{
	DWORD size = GetFullPathNameW(path, 0, NULL, NULL);
	wchar_t *full = size > 0 ? mem_alloc(size * sizeof *full) : NULL;
	DWORD len = size > 0 ? GetFullPathNameW(path, size, full, NULL) : 0;

	if (len > 0 && len < size)
		return full;
	free(full);
	return NULL;
}

static wchar_t *joined(const wchar_t *beginning, const wchar_t *rest)
{
	size_t len = wcslen(beginning), more = wcslen(rest) + 1;
	wchar_t *whole = mem_alloc((len + more) * sizeof *whole);

	memcpy(whole, beginning, len * sizeof *whole);
	memcpy(whole + len, rest, more * sizeof *whole);
	return whole;
}

wchar_t *windows_path(const char *path)
{
	wchar_t *wide = windows_wide(path), *full, *long_form;

	if (wcsncmp(wide, L"\\\\?\\", 4) == 0 || wcsncmp(wide, L"\\\\.\\", 4) == 0)
		return wide;
	full = full_path(wide);
	if (full == NULL || wcslen(full) < PATH_LONGEST || wcsncmp(full, L"\\\\.\\", 4) == 0) {
		free(full);
		return wide;
	}
	long_form = full[0] == L'\\' ? joined(L"\\\\?\\UNC", full + 1) : joined(L"\\\\?\\", full);
	free(full);
	free(wide);
	return long_form;
}
