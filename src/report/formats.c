/* Which formats there are. */
#include <string.h>

#include "internal.h"

const struct report_format report_formats[] = {
	{.name = "text", .write = report_write_text},
	{.name = "json", .write = report_write_json},
	{.name = "html", .write = report_write_html},
	{.name = "junit", .write = report_write_junit},
	{.name = "tap", .write = report_write_tap},
	{.name = "nagios", .write = report_write_nagios},
	{.name = "prometheus", .write = report_write_prometheus},
	{.name = NULL},
};

const struct report_format *report_format_find(const char *name)
{
	for (const struct report_format *f = report_formats; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}
