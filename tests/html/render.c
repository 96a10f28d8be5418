/*
 * render REPORT.json ja|en: the HTML report of a saved document, on standard output. The document
 * is taken as it is: pages of documents that `show` would refuse must be sound as well.
 */
#include <stdio.h>
#include <string.h>

#include "report.h"

int main(int argc, char **argv)
{
	struct report_options options = {.lang = LANG_JA};
	json_error_t error;
	int code = 1;

	if (argc != 3 || (strcmp(argv[2], "ja") != 0 && strcmp(argv[2], "en") != 0)) {
		fputs("usage: render REPORT.json ja|en\n", stderr);
		return 2;
	}
	json_t *report = json_load_file(argv[1], 0, &error);
	if (report == NULL) {
		fprintf(stderr, "%s:%d: %s\n", argv[1], error.line, error.text);
	} else {
		options.lang = strcmp(argv[2], "en") == 0 ? LANG_EN : LANG_JA;
		report_format_find("html")->write(stdout, report, &options);
		code = 0;
	}
	json_decref(report);
	return code;
}
