/* The report as prometheus. */
#include "internal.h"

void report_write_prometheus(FILE *out, const json_t *report, const struct report_options *options)
{
	(void)out;
	(void)report;
	(void)options;
}
