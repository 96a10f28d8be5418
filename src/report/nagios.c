/* The report as nagios. */
#include "internal.h"

void report_write_nagios(FILE *out, const json_t *report, const struct report_options *options)
{
	(void)out;
	(void)report;
	(void)options;
}
