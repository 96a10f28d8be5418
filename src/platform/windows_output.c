/*
 * Files that are written: beside their place first, then put into it. And who uses this computer.
 */
#include "windows.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#define TRIES_MAX        16
#define REPLACE_TRIES    40
#define REPLACE_PAUSE_MS 50
#define NAME_LONGEST     255
#define PATH_CAP         (32 * 1024)

/* The reason alone; whose it is, the caller says. */
static int fail(struct strbuf *why, DWORD code)
{
	struct strbuf text;

	strbuf_init(&text, 1024);
	windows_why(&text, "", code);
	strbuf_adds(why, text.data + strspn(text.data, ": "));
	strbuf_release(&text);
	return -1;
}

static size_t directory_length(const char *path)
{
	size_t len = strlen(path);

	while (len > 0 && path[len - 1] != '/' && path[len - 1] != '\\' && path[len - 1] != ':')
		len--;
	return len;
}

/* Opens what is there; INVALID_HANDLE_VALUE and GetLastError() when nothing is. */
static HANDLE open_existing(const char *path, DWORD access)
{
	wchar_t *wide = windows_path(path);
	HANDLE handle =
		CreateFileW(wide, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
			NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
	DWORD code = GetLastError();

	free(wide);
	SetLastError(code);
	return handle;
}

static char *final_path(HANDLE handle)
{
	wchar_t *wide = mem_alloc(PATH_CAP * sizeof *wide);
	DWORD len = GetFinalPathNameByHandleW(handle, wide, PATH_CAP, FILE_NAME_NORMALIZED);
	char *path = len > 0 && len < PATH_CAP ? windows_utf8(wide) : NULL;

	free(wide);
	return path;
}

/* A path's full form without links, where it exists; else its directory's with its name. */
static char *resolve(const char *path, bool *direct)
{
	HANDLE handle = open_existing(path, 0);
	char *found = NULL, *directory;
	size_t len = directory_length(path);
	struct strbuf whole;

	*direct = false;
	if (handle != INVALID_HANDLE_VALUE) {
		*direct = GetFileType(handle) != FILE_TYPE_DISK;
		found = *direct ? mem_strdup(path) : final_path(handle);
		CloseHandle(handle);
		return found != NULL ? found : mem_strdup(path);
	}
	directory = len > 0 ? mem_strndup(path, len) : mem_strdup(".");
	handle = open_existing(directory, 0);
	free(directory);
	if (handle != INVALID_HANDLE_VALUE) {
		found = final_path(handle);
		CloseHandle(handle);
	}
	if (found == NULL)
		return mem_strdup(path);
	strbuf_init(&whole, PATH_CAP);
	strbuf_addf(
		&whole, "%s%s%s", found, found[strlen(found) - 1] == '\\' ? "" : "\\", path + len);
	free(found);
	return strbuf_detach(&whole);
}

static HANDLE create_beside(const char *target, char **name)
{
	HANDLE handle = INVALID_HANDLE_VALUE;

	for (int i = 0; i < TRIES_MAX && handle == INVALID_HANDLE_VALUE; i++) {
		unsigned long long random = 0;
		struct strbuf own;
		platform_random(&random, sizeof random);
		strbuf_init(&own, PATH_CAP);
		strbuf_add(&own, target, directory_length(target));
		strbuf_addf(&own, ".preflight-%016llx.part", random);
		free(*name);
		*name = strbuf_detach(&own);
		wchar_t *wide = windows_path(*name);
		handle = CreateFileW(wide, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
			CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
		DWORD code = GetLastError();
		free(wide);
		SetLastError(code);
		if (code != ERROR_FILE_EXISTS)
			break;
	}
	return handle;
}

/* Whether a file with this name may be put there; its own name is not tried before the end. */
static DWORD replaceable(const char *path)
{
	wchar_t *wide = windows_path(path), *name = windows_wide(path + directory_length(path));
	DWORD attributes = GetFileAttributesW(wide), code = GetLastError();
	bool too_long = wcslen(name) > NAME_LONGEST;

	free(wide);
	free(name);
	if (too_long)
		return ERROR_FILENAME_EXCED_RANGE;
	if (attributes == INVALID_FILE_ATTRIBUTES)
		return code == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : code;
	if (attributes & FILE_ATTRIBUTE_DIRECTORY)
		return ERROR_DIRECTORY;
	return attributes & FILE_ATTRIBUTE_READONLY ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}

static HANDLE open_target(struct platform_output *out, bool direct)
{
	DWORD code = direct ? ERROR_SUCCESS : replaceable(out->target);

	if (direct)
		return open_existing(out->target, GENERIC_WRITE);
	if (code == ERROR_SUCCESS)
		return create_beside(out->target, &out->temporary);
	SetLastError(code);
	return INVALID_HANDLE_VALUE;
}

static void remove_temporary(const struct platform_output *out)
{
	wchar_t *wide;

	if (out->temporary == NULL)
		return;
	wide = windows_path(out->temporary);
	DeleteFileW(wide);
	free(wide);
}

static void release(struct platform_output *out)
{
	free(out->target);
	free(out->temporary);
	memset(out, 0, sizeof *out);
}

int platform_output_open(struct platform_output *out, const char *path, struct strbuf *why)
{
	bool direct;

	memset(out, 0, sizeof *out);
	out->target = resolve(path, &direct);
	HANDLE handle = open_target(out, direct);
	DWORD code = GetLastError();
	if (handle != INVALID_HANDLE_VALUE) {
		int fd = _open_osfhandle((intptr_t)handle, _O_WRONLY | _O_BINARY);
		if (fd >= 0)
			out->file = _fdopen(fd, "wb");
		errno = 0;
		if (out->file != NULL)
			return 0;
		code = ERROR_TOO_MANY_OPEN_FILES;
		if (fd >= 0)
			_close(fd);
		else
			CloseHandle(handle);
		remove_temporary(out);
	}
	release(out);
	return fail(why, code);
}

/* Who may do what with the old file, for the new one. */
static void copy_access(const wchar_t *from, const wchar_t *to)
{
	DWORD size = 0;

	GetFileSecurityW(from, DACL_SECURITY_INFORMATION, NULL, 0, &size);
	if (size == 0)
		return;
	void *descriptor = mem_alloc(size);
	if (GetFileSecurityW(from, DACL_SECURITY_INFORMATION, descriptor, size, &size))
		SetFileSecurityW(to, DACL_SECURITY_INFORMATION, descriptor);
	free(descriptor);
}

static DWORD replace(const wchar_t *from, const wchar_t *to)
{
	return MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
		       ? ERROR_SUCCESS
		       : GetLastError();
}

/* Virus scanners and others who just read either file are waited for, about two seconds. */
static DWORD put_in_place(const struct platform_output *out)
{
	wchar_t *from = windows_path(out->temporary), *to = windows_path(out->target);
	DWORD code;

	copy_access(to, from);
	code = replace(from, to);
	for (int i = 0; i < REPLACE_TRIES &&
			(code == ERROR_SHARING_VIOLATION || code == ERROR_ACCESS_DENIED);
		i++) {
		Sleep(REPLACE_PAUSE_MS);
		code = replace(from, to);
	}
	free(from);
	free(to);
	return code;
}

/* What became of everything written: the C library keeps the reason since the file was opened. */
static DWORD finish_writing(FILE *file)
{
	bool failed = fflush(file) != 0 || ferror(file) != 0;

	if (!failed && _commit(_fileno(file)) != 0 && errno == ENOSPC)
		failed = true;
	if (fclose(file) != 0)
		failed = true;
	if (!failed)
		return ERROR_SUCCESS;
	return errno == ENOSPC ? ERROR_DISK_FULL : ERROR_WRITE_FAULT;
}

int platform_output_commit(struct platform_output *out, struct strbuf *why)
{
	DWORD code = finish_writing(out->file);

	if (code == ERROR_SUCCESS && out->temporary != NULL)
		code = put_in_place(out);
	if (code != ERROR_SUCCESS)
		remove_temporary(out);
	release(out);
	return code == ERROR_SUCCESS ? 0 : fail(why, code);
}

void platform_output_discard(struct platform_output *out)
{
	fclose(out->file);
	remove_temporary(out);
	release(out);
}

/* In small letters: names that differ in nothing else are one file's. */
char *platform_output_target(const char *path)
{
	bool direct;
	char *target = resolve(path, &direct);
	wchar_t *wide = windows_wide(target);

	free(target);
	CharLowerBuffW(wide, (DWORD)wcslen(wide));
	target = direct ? NULL : windows_utf8(wide);
	free(wide);
	return target;
}

static HANDLE handle_of(FILE *stream)
{
	return (HANDLE)_get_osfhandle(_fileno(stream));
}

/* A pipe takes what is written as long as its other end is open: nothing else makes it fail. */
bool platform_reader_gone(FILE *stream)
{
	DWORD written = 0;

	if (GetFileType(handle_of(stream)) != FILE_TYPE_PIPE)
		return false;
	return ferror(stream) != 0 || !WriteFile(handle_of(stream), "", 0, &written, NULL);
}

bool platform_is_file(FILE *stream)
{
	return GetFileType(handle_of(stream)) == FILE_TYPE_DISK;
}

/* ---- who ---- */

/* Folders without what separates at their end; a drive is nobody's home. */
static void add(struct strs *list, const wchar_t *text)
{
	char *utf8 = windows_utf8(text);
	size_t len = strlen(utf8);

	while (len > 0 && (utf8[len - 1] == '\\' || utf8[len - 1] == '/'))
		utf8[--len] = '\0';
	if (len > 0 && utf8[len - 1] != ':' && !strs_contains(list, utf8))
		strs_add(list, utf8);
	free(utf8);
}

static void add_variable(struct strs *list, const wchar_t *name)
{
	wchar_t value[1024];
	DWORD len = GetEnvironmentVariableW(name, value, 1024);

	if (len > 0 && len < 1024)
		add(list, value);
}

static void add_computer(struct strs *hosts, COMPUTER_NAME_FORMAT format)
{
	wchar_t name[512];
	DWORD len = 512;

	if (GetComputerNameExW(format, name, &len) && len > 0)
		add(hosts, name);
}

/* The folder's name is the user's, or was when the account was made. */
static void add_profile(struct strs *users, struct strs *homes)
{
	wchar_t path[1024], *name;
	DWORD len = GetEnvironmentVariableW(L"USERPROFILE", path, 1024);

	if (len == 0 || len >= 1024)
		return;
	add(homes, path);
	name = wcsrchr(path, L'\\');
	if (name != NULL)
		add(users, name + 1);
}

static void add_user(struct strs *users)
{
	wchar_t name[512];
	DWORD len = 512;

	if (GetUserNameW(name, &len))
		add(users, name);
}

void platform_identity(struct strs *users, struct strs *hosts, struct strs *homes)
{
	add_variable(users, L"USERNAME");
	add_user(users);
	add_profile(users, homes);
	add_variable(homes, L"HOME");
	add_computer(hosts, ComputerNameNetBIOS);
	add_computer(hosts, ComputerNameDnsHostname);
	add_computer(hosts, ComputerNameDnsFullyQualified);
	add_computer(hosts, ComputerNameDnsDomain);
}
