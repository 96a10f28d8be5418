/*
 * Free space where a path is or would be.
 */
#include "posix.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

/* Cuts the last component off; false when nothing is left. */
static bool parent(char *path)
{
	char *slash = strrchr(path, '/');

	if (strcmp(path, "/") == 0 || strcmp(path, ".") == 0)
		return false;
	if (slash == NULL)
		memcpy(path, ".", 2);
	else
		slash[slash == path] = '\0';
	return true;
}

int platform_disk(const char *path, struct disk_info *info, struct strbuf *why)
{
	struct statvfs st;

	memset(info, 0, sizeof *info);
	if (snprintf(info->path, sizeof info->path, "%s", path) >= (int)sizeof info->path) {
		posix_why(why, path, ENAMETOOLONG);
		return -1;
	}
	while (statvfs(info->path, &st) != 0) {
		if ((errno == ENOENT || errno == ENOTDIR) && parent(info->path))
			continue;
		posix_why(why, info->path, errno);
		return -1;
	}
	info->available = (uint64_t)st.f_bavail * st.f_frsize;
	info->total = (uint64_t)st.f_blocks * st.f_frsize;
	info->read_only = (st.f_flag & ST_RDONLY) != 0;
	return 0;
}
