/* preflight schema: the JSON Schema of rule files and reports; `keys`: the manual's list of keys.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "report_build.h"
#include "rules/schema.h"
#include "verdict.h"

int command_schema(const struct options *options)
{
	const char *which = options->args.items[0];
	json_t *schema = NULL;

	if (strcmp(which, "keys") == 0) {
		rules_print_keys(stdout);
		return EXIT_READY;
	}
	if (strcmp(which, "rules") == 0)
		schema = rules_schema();
	else if (strcmp(which, "report") == 0)
		schema = report_schema();
	if (schema == NULL) {
		fprintf(stderr, "preflight: schema: %s: must be rules or report\n", which);
		return EXIT_USAGE;
	}
	json_dumpf(schema, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(schema);
	return EXIT_READY;
}
