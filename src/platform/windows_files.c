/*
 * Files and directories, by UTF-8 path names.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#define PATTERN_CAP (128 * 1024) /* the longest path that Windows knows, as UTF-8 */

FILE *platform_open(const char *path, const char *mode)
{
	wchar_t *wide = windows_path(path), *how = windows_wide(mode);
	FILE *file = _wfopen(wide, how);

	if (file == NULL)
		platform_is_shortage((int)_doserrno);
	free(wide);
	free(how);
	return file;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_name(struct strs *names, const WIN32_FIND_DATAW *found)
{
	if (found->dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_DEVICE))
		return;
	char *name = windows_utf8(found->cFileName);
	strs_add(names, name);
	free(name);
}

int platform_list(const char *directory, struct strs *names, struct strbuf *why)
{
	WIN32_FIND_DATAW found;
	size_t before = names->count;
	struct strbuf pattern;

	strbuf_init(&pattern, PATTERN_CAP);
	strbuf_addf(&pattern, "%s\\*", directory);
	wchar_t *wide = windows_path(pattern.data);
	HANDLE search = FindFirstFileW(wide, &found);
	DWORD code = GetLastError();
	free(wide);
	strbuf_release(&pattern);
	if (search == INVALID_HANDLE_VALUE) {
		windows_why(why, directory, code);
		return -1;
	}
	do {
		add_name(names, &found);
	} while (names->count - before < PLATFORM_LIST_MAX && FindNextFileW(search, &found));
	FindClose(search);
	if (names->count > before)
		qsort(names->items + before, names->count - before, sizeof names->items[0],
			compare);
	return 0;
}
