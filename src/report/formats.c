/* Which formats there are. */
#include <string.h>

#include "internal.h"

const struct report_format report_formats[] = {
	{.name = "text", .ending = ".txt", .write = report_write_text},
	{.name = "json", .ending = ".json", .write = report_write_json},
	{.name = NULL},
};

const struct report_format *report_format_find(const char *name)
{
	for (const struct report_format *f = report_formats; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

const struct report_format *report_format_for_file(const char *path)
{
	size_t len = strlen(path);

	for (const struct report_format *f = report_formats; f->name != NULL; f++) {
		size_t ending = strlen(f->ending);
		if (len > ending && strcmp(path + len - ending, f->ending) == 0)
			return f;
	}
	return NULL;
}
