/* The report as html. */
#include "internal.h"

void report_write_html(FILE *out, const json_t *report, const struct report_options *options)
{
	(void)out;
	(void)report;
	(void)options;
}
