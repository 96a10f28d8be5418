/*
 * Reading the registry. Nothing is ever written.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_WIDE 256 /* longest name of a key, with its end */
#define VALUE_MAX     (64 * 1024)

HKEY windows_key(HKEY root, const wchar_t *path, REGSAM view, LONG *code)
{
	HKEY key = NULL;
	LONG result = RegOpenKeyExW(root, path, 0, KEY_READ | view, &key);

	if (code != NULL)
		*code = result;
	return result == ERROR_SUCCESS ? key : NULL;
}

/* Expands %SystemRoot% and the like; takes text. */
static char *expanded(wchar_t *text)
{
	DWORD size = ExpandEnvironmentStringsW(text, NULL, 0);
	wchar_t *full = mem_alloc((size > 0 ? size : 1) * sizeof *full);
	char *utf8 = NULL;

	if (size > 0 && ExpandEnvironmentStringsW(text, full, size) == size)
		utf8 = windows_utf8(full);
	else
		utf8 = windows_utf8(text);
	free(full);
	free(text);
	return utf8;
}

char *windows_string_value(HKEY key, const wchar_t *name)
{
	DWORD type = 0, size = 0;

	if (RegQueryValueExW(key, name, NULL, &type, NULL, &size) != ERROR_SUCCESS ||
		(type != REG_SZ && type != REG_EXPAND_SZ) || size > VALUE_MAX)
		return NULL;
	/* A value need not end in a NUL, and may have grown since. */
	wchar_t *text = mem_alloc(size + 2 * sizeof *text);
	DWORD got = size;
	if (RegQueryValueExW(key, name, NULL, &type, (BYTE *)text, &got) != ERROR_SUCCESS) {
		free(text);
		return NULL;
	}
	text[got / sizeof *text] = L'\0';
	if (type == REG_EXPAND_SZ)
		return expanded(text);
	char *utf8 = windows_utf8(text);
	free(text);
	return utf8;
}

bool windows_string(HKEY root, const wchar_t *path, const wchar_t *name, char *to, size_t size)
{
	HKEY key = windows_key(root, path, KEY_WOW64_64KEY, NULL);
	char *text = key != NULL ? windows_string_value(key, name) : NULL;
	bool found = text != NULL && strlen(text) < size;

	if (size > 0)
		to[0] = '\0';
	if (found)
		memcpy(to, text, strlen(text) + 1);
	free(text);
	if (key != NULL)
		RegCloseKey(key);
	return found;
}

bool windows_number(HKEY root, const wchar_t *path, const wchar_t *name, DWORD *number)
{
	HKEY key = windows_key(root, path, KEY_WOW64_64KEY, NULL);
	DWORD type = 0, size = sizeof *number;

	if (key == NULL)
		return false;
	LONG code = RegQueryValueExW(key, name, NULL, &type, (BYTE *)number, &size);
	RegCloseKey(key);
	return code == ERROR_SUCCESS && type == REG_DWORD && size == sizeof *number;
}

char *windows_subkey(HKEY key, DWORD index)
{
	wchar_t name[NAME_MAX_WIDE];
	DWORD len = NAME_MAX_WIDE;

	if (RegEnumKeyExW(key, index, name, &len, NULL, NULL, NULL, NULL) != ERROR_SUCCESS)
		return NULL;
	return windows_utf8(name);
}
