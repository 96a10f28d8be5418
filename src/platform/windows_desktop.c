/*
 * A program that was started by a double click: its window, its folder, this user's folders.
 */
#include "windows.h"

#include <objbase.h>
#include <shellapi.h>
#include <shlobj.h>
#include <stdlib.h>
#include <string.h>

#define PATH_CAP (32 * 1024)

/* A service's and a scheduled task's consoles are seen by nobody. */
static bool is_visible(void)
{
	STARTUPINFOW start = {.cb = sizeof start};
	USEROBJECTFLAGS flags = {0};

	GetStartupInfoW(&start);
	if ((start.dwFlags & STARTF_USESHOWWINDOW) && start.wShowWindow == SW_HIDE)
		return false;
	if (!GetUserObjectInformationW(
		    GetProcessWindowStation(), UOI_FLAGS, &flags, sizeof flags, NULL))
		return true;
	return (flags.dwFlags & WSF_VISIBLE) != 0;
}

/* Nobody else is attached to the console: no shell waits there. */
bool platform_own_window(void)
{
	DWORD processes[2];

	return GetConsoleProcessList(processes, 2) == 1 && platform_is_terminal(stdin) &&
	       platform_is_terminal(stdout) && is_visible();
}

void platform_window_title(const char *title)
{
	wchar_t *wide = windows_wide(title);

	SetConsoleTitleW(wide);
	free(wide);
}

/* ---- folders ---- */

/* With what separates at the end. */
static void add(struct strs *folders, const wchar_t *path)
{
	char *folder = windows_utf8(path);
	size_t len = strlen(folder);
	struct strbuf whole;

	strbuf_init(&whole, PATH_CAP);
	strbuf_addf(&whole, "%s%s", folder, len > 0 && folder[len - 1] != '\\' ? "\\" : "");
	if (len > 0 && !strs_contains(folders, whole.data))
		strs_add(folders, whole.data);
	strbuf_release(&whole);
	free(folder);
}

static void add_known(struct strs *folders, const KNOWNFOLDERID *id)
{
	wchar_t *path = NULL;

	if (SHGetKnownFolderPath(id, 0, NULL, &path) == S_OK)
		add(folders, path);
	CoTaskMemFree(path);
}

/* Both as their full names, where they have short ones. */
static bool is_below(const wchar_t *path, const wchar_t *folder)
{
	wchar_t *names = mem_alloc(2 * PATH_CAP * sizeof *names), *second = names + PATH_CAP;
	DWORD a = GetLongPathNameW(path, names, PATH_CAP);
	DWORD b = GetLongPathNameW(folder, second, PATH_CAP);
	bool below = a > 0 && b > 0 && a < PATH_CAP && b < PATH_CAP && a >= b &&
		     CompareStringOrdinal(names, (int)b, second, (int)b, TRUE) == CSTR_EQUAL;

	free(names);
	return below;
}

static bool add_own(struct strs *folders, const wchar_t *temporary)
{
	wchar_t *path = mem_alloc(PATH_CAP * sizeof *path);
	DWORD len = GetModuleFileNameW(NULL, path, PATH_CAP);
	wchar_t *name = len > 0 && len < PATH_CAP ? wcsrchr(path, L'\\') : NULL;
	bool usable = name != NULL && !(temporary[0] != L'\0' && is_below(path, temporary));

	if (usable) {
		*name = L'\0';
		add(folders, path);
	}
	free(path);
	return usable;
}

void platform_report_folders(struct strs *folders, bool *beside)
{
	wchar_t temporary[MAX_PATH + 2];
	DWORD len = GetTempPathW(MAX_PATH + 1, temporary);

	if (len == 0 || len > MAX_PATH)
		temporary[0] = L'\0';
	*beside = add_own(folders, temporary);
	add_known(folders, &FOLDERID_Documents);
	add_known(folders, &FOLDERID_Desktop);
	add(folders, temporary);
}

/* Explorer and browsers may be COM's servers. What it returns is a number, and above 32 all is
 * well. */
int platform_open_document(const char *path, struct strbuf *why)
{
	wchar_t *wide = windows_wide(path);

	CoInitializeEx(NULL, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
	intptr_t result = (intptr_t)ShellExecuteW(NULL, L"open", wide, NULL, NULL, SW_SHOWNORMAL);
	DWORD code = GetLastError();
	free(wide);
	if (result > 32)
		return 0;
	windows_why(why, path, code != ERROR_SUCCESS ? code : (DWORD)result);
	return -1;
}
