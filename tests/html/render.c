/* render REPORT.json ja|en: the HTML report of a saved document, on standard output. */
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "report_build.h"

int main(int argc, char **argv)
{
	struct report_options options = {.lang = LANG_JA};
	json_error_t error;
	struct strbuf why;
	int code = 1;

	if (argc != 3 || (strcmp(argv[2], "ja") != 0 && strcmp(argv[2], "en") != 0)) {
		fputs("usage: render REPORT.json ja|en\n", stderr);
		return 2;
	}
	json_t *report = json_load_file(argv[1], 0, &error);
	strbuf_init(&why, 1024);
	if (report == NULL) {
		fprintf(stderr, "%s:%d: %s\n", argv[1], error.line, error.text);
	} else if (!report_valid(report, &why)) {
		fprintf(stderr, "%s: %s\n", argv[1], why.data);
	} else {
		options.lang = strcmp(argv[2], "en") == 0 ? LANG_EN : LANG_JA;
		report_format_find("html")->write(stdout, report, &options);
		code = 0;
	}
	strbuf_release(&why);
	json_decref(report);
	return code;
}
