#include "output.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "strbuf.h"
#include "verdict.h"

static int complain(const char *path, const char *why)
{
	fprintf(stderr, "preflight: %s: %s\n", path, why);
	return -1;
}

static const struct {
	const char *format, *ending;
} endings[] = {
	{"text", ".txt"},
	{"json", ".json"},
	{"html", ".html"},
	{"junit", ".xml"},
	{"tap", ".tap"},
	{"prometheus", ".prom"},
	{"csv", ".csv"},
};

const char *output_ending(const char *format)
{
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (strcmp(endings[i].format, format) == 0)
			return endings[i].ending;
	return NULL;
}

/* A.HTML is as good as a.html: old systems and people write it so. */
static bool ends_with(const char *path, const char *ending)
{
	size_t len = strlen(path), tail = strlen(ending);

	if (len <= tail)
		return false;
	for (path += len - tail; *ending != '\0'; path++, ending++)
		if (tolower((unsigned char)*path) != *ending)
			return false;
	return true;
}

const char *output_format(const char *const *formats, const char *path)
{
	for (; *formats != NULL; formats++) {
		const char *ending = output_ending(*formats);
		if (ending != NULL && ends_with(path, ending))
			return *formats;
	}
	return NULL;
}

int output_write(const char *path, void (*write)(FILE *out, void *arg), void *arg)
{
	struct platform_output out;
	struct strbuf why;
	int result = -1;

	strbuf_init(&why, 512);
	if (platform_output_open(&out, path, &why) == 0) {
		write(out.file, arg);
		result = platform_output_commit(&out, &why);
	}
	if (result != 0)
		complain(path, why.data);
	strbuf_release(&why);
	return result;
}

static bool can_write(const char *path)
{
	struct platform_output out;
	struct strbuf why;
	char *target = platform_output_target(path);
	bool can = true;

	strbuf_init(&why, 512);
	if (target != NULL) { /* a pipe would wait for its reader */
		can = platform_output_open(&out, path, &why) == 0;
		if (can)
			platform_output_discard(&out);
		else
			complain(path, why.data);
	}
	strbuf_release(&why);
	free(target);
	return can;
}

/* The first path before `last` that leads to the same file, or NULL. */
static const char *same_file(const struct strs *paths, size_t last)
{
	char *own = platform_output_target(paths->items[last]);
	const char *found = NULL;

	for (size_t i = 0; own != NULL && found == NULL && i < last; i++) {
		char *other = platform_output_target(paths->items[i]);
		if (other != NULL && strcmp(own, other) == 0)
			found = paths->items[i];
		free(other);
	}
	free(own);
	return found;
}

int output_check(const struct strs *paths)
{
	int code = EXIT_READY;

	for (size_t i = 0; i < paths->count; i++) {
		const char *other = same_file(paths, i);
		if (other == NULL)
			continue;
		fprintf(stderr, "preflight: --output %s: the same file as --output %s\n",
			paths->items[i], other);
		code = EXIT_USAGE;
	}
	for (size_t i = 0; code != EXIT_USAGE && i < paths->count; i++)
		if (!can_write(paths->items[i]))
			code = EXIT_UNKNOWN;
	return code;
}

int output_finish(FILE *stream, const char *name, int exit_code)
{
	bool failed = fflush(stream) != 0;
	int number = failed ? errno : 0;

	if (!failed && !ferror(stream))
		return exit_code;
	if (platform_reader_gone(stream))
		return exit_code;
	complain(name, number != 0 ? strerror(number) : "cannot be written");
	return EXIT_UNKNOWN;
}
