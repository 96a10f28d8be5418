/* Which formats there are. */
#include <string.h>

#include "internal.h"

static const struct request_format formats[] = {
	{.name = "text", .write = request_write_text},
	{.name = "html", .write = request_write_html},
	{.name = "csv", .write = request_write_csv},
};

const struct request_format *request_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}
