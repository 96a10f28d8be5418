/*
 * What is in a directory.
 */
#include "posix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_file(DIR *dir, const char *name)
{
	struct stat st;

	return fstatat(dirfd(dir), name, &st, 0) == 0 && S_ISREG(st.st_mode);
}

int platform_list(const char *directory, struct strs *names, struct strbuf *why)
{
	DIR *dir = opendir(directory);
	size_t before = names->count;
	const struct dirent *entry;

	if (dir == NULL) {
		posix_why(why, directory, errno);
		return -1;
	}
	while (names->count - before < PLATFORM_LIST_MAX && (entry = readdir(dir)) != NULL)
		if (is_file(dir, entry->d_name))
			strs_add(names, entry->d_name);
	closedir(dir);
	if (names->count > before)
		qsort(names->items + before, names->count - before, sizeof names->items[0],
			compare);
	return 0;
}
