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

void windows_why(struct strbuf *why, const char *what, unsigned long code)
{
	wchar_t *text = NULL;

	if (why == NULL)
		return;
	DWORD len = FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
					   FORMAT_MESSAGE_IGNORE_INSERTS,
		NULL, code, 0, (wchar_t *)(void *)&text, 0, NULL);
	while (len > 0 && (text[len - 1] == L'\n' || text[len - 1] == L'\r' ||
				  text[len - 1] == L' ' || text[len - 1] == L'.'))
		text[--len] = L'\0';
	if (len > 0) {
		char *utf8 = windows_utf8(text);
		strbuf_addf(why, "%s: %s (error %lu)", what, utf8, code);
		free(utf8);
	} else {
		strbuf_addf(why, "%s: error %lu", what, code);
	}
	LocalFree(text);
}
