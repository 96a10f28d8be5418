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

/* A value of any length up to VALUE_MAX, with two NULs behind it; NULL when there is none. */
static wchar_t *value_of(HKEY key, const wchar_t *name, DWORD *type, DWORD *size)
{
	wchar_t *text = NULL;
	LONG code = ERROR_MORE_DATA;

	*size = 256;
	for (int i = 0; i < 4 && code == ERROR_MORE_DATA && *size <= VALUE_MAX; i++) {
		DWORD room = *size;
		free(text);
		text = mem_alloc(room + 2 * sizeof *text);
		code = RegQueryValueExW(key, name, NULL, type, (BYTE *)text, size);
	}
	if (code != ERROR_SUCCESS) {
		free(text);
		return NULL;
	}
	/* What is stored need not end in a NUL. */
	text[*size / sizeof *text] = text[*size / sizeof *text + 1] = L'\0';
	return text;
}

char *windows_string_value(HKEY key, const wchar_t *name)
{
	DWORD type = 0, size = 0;
	wchar_t *text = value_of(key, name, &type, &size);

	if (text == NULL || (type != REG_SZ && type != REG_EXPAND_SZ)) {
		free(text);
		return NULL;
	}
	if (type == REG_EXPAND_SZ)
		return expanded(text);
	char *utf8 = windows_utf8(text);
	free(text);
	return utf8;
}

void windows_string_list(HKEY key, const wchar_t *name, struct strs *list)
{
	DWORD type = 0, size = 0;
	wchar_t *text = value_of(key, name, &type, &size);

	if (text == NULL || (type != REG_SZ && type != REG_EXPAND_SZ && type != REG_MULTI_SZ))
		size = 0;
	for (const wchar_t *at = text; at < text + size / sizeof *text && *at != L'\0';
		at += wcslen(at) + 1) {
		char *item = windows_utf8(at);
		strs_add(list, item);
		free(item);
		if (type != REG_MULTI_SZ)
			break;
	}
	free(text);
}

bool windows_number_value(HKEY key, const wchar_t *name, DWORD *number)
{
	DWORD type = 0, size = sizeof *number, value = 0;

	if (RegQueryValueExW(key, name, NULL, &type, (BYTE *)&value, &size) != ERROR_SUCCESS ||
		type != REG_DWORD || size != sizeof value)
		return false;
	*number = value;
	return true;
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
	bool found = key != NULL && windows_number_value(key, name, number);

	if (key != NULL)
		RegCloseKey(key);
	return found;
}

/* Opens and tells one subkey; a key that went away meanwhile is passed over. */
static void tell_subkey(
	HKEY parent, const wchar_t *name, REGSAM view, windows_subkey_fn *fn, void *arg)
{
	LONG code;
	HKEY key = windows_key(parent, name, view, &code);

	if (key != NULL || code != ERROR_FILE_NOT_FOUND) {
		char *utf8 = windows_utf8(name);
		fn(arg, key, utf8, code);
		free(utf8);
	}
	if (key != NULL)
		RegCloseKey(key);
}

LONG windows_subkeys(HKEY root, const wchar_t *path, REGSAM view, windows_subkey_fn *fn, void *arg)
{
	LONG code;
	HKEY parent = windows_key(root, path, view, &code);

	if (parent == NULL)
		return code == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : code;
	for (DWORD i = 0; code == ERROR_SUCCESS; i++) {
		wchar_t name[NAME_MAX_WIDE];
		DWORD len = NAME_MAX_WIDE;
		code = RegEnumKeyExW(parent, i, name, &len, NULL, NULL, NULL, NULL);
		if (code == ERROR_SUCCESS)
			tell_subkey(parent, name, view, fn, arg);
	}
	RegCloseKey(parent);
	return code == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : code;
}
