/*
 * Free space where a path is or would be.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

/* Cuts the last component off; false when only a drive or a share is left. */
static bool parent(char *path)
{
	size_t len = strlen(path);

	while (len > 0 && (path[len - 1] == '\\' || path[len - 1] == '/'))
		len--;
	while (len > 0 && path[len - 1] != '\\' && path[len - 1] != '/')
		len--;
	if (len == 0)
		return false;
	path[len] = '\0';
	return true;
}

static bool is_read_only(const wchar_t *path)
{
	wchar_t volume[MAX_PATH];
	DWORD flags = 0;

	return GetVolumePathNameW(path, volume, MAX_PATH) &&
	       GetVolumeInformationW(volume, NULL, 0, NULL, NULL, &flags, NULL, 0) &&
	       (flags & FILE_READ_ONLY_VOLUME) != 0;
}

int platform_disk(const char *path, struct disk_info *info, struct strbuf *why)
{
	memset(info, 0, sizeof *info);
	if (snprintf(info->path, sizeof info->path, "%s", path) >= (int)sizeof info->path) {
		windows_why(why, path, ERROR_FILENAME_EXCED_RANGE);
		return -1;
	}
	for (;;) {
		ULARGE_INTEGER available = {0}, total = {0};
		wchar_t *wide = windows_path(info->path);
		bool known = GetDiskFreeSpaceExW(wide, &available, &total, NULL);
		DWORD code = GetLastError();
		info->available = available.QuadPart;
		info->total = total.QuadPart;
		info->read_only = known && is_read_only(wide);
		free(wide);
		if (known)
			return 0;
		if ((code == ERROR_PATH_NOT_FOUND || code == ERROR_FILE_NOT_FOUND ||
			    code == ERROR_DIRECTORY || code == ERROR_INVALID_NAME) &&
			parent(info->path))
			continue;
		windows_why(why, info->path, code);
		return -1;
	}
}
