/* Reading saved reports: bounded, strict, every problem with its place. */
#include "report_load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "platform.h"
#include "report_valid.h"
#include "text_decode.h"

#define STANDARD_INPUT "(standard input)"

/* ---- a text ---- */

struct source {
	const char *name;
	const char *text; /* without a byte order mark */
	size_t len;
	struct diags *diags;
};

static void add_problem(void *arg, const struct report_place *place, const char *what)
{
	const struct source *source = arg;
	struct strbuf text;
	int line, column;

	strbuf_init(&text, 1024);
	report_place_text(place, &text);
	strbuf_addf(&text, "%s%s", text.len > 0 ? ": " : "", what);
	report_place_find(place, source->text, source->len, &line, &column);
	diags_add(source->diags, source->name, line, column, "%s", text.data);
	strbuf_release(&text);
}

static json_t *parse(const struct source *source)
{
	json_error_t error;

	json_t *value = json_loadb(source->text, source->len, JSON_REJECT_DUPLICATES, &error);
	if (value == NULL)
		diags_add(source->diags, source->name, error.line > 0 ? error.line : 0,
			error.column > 0 ? error.column : 0, "JSON syntax: %s", error.text);
	return value;
}

static json_t *parse_tidy(const char *name, const struct strbuf *text, struct diags *diags)
{
	struct source source = {.name = name, .text = text->data, .len = text->len, .diags = diags};
	json_t *report = parse(&source);

	if (report != NULL && report_problems(report, add_problem, &source) > 0) {
		json_decref(report);
		report = NULL;
	}
	return report;
}

json_t *report_parse(const char *name, const char *text, size_t len, struct diags *diags)
{
	struct strbuf tidy;
	json_t *report = NULL;

	strbuf_init(&tidy, len + 1);
	strbuf_add(&tidy, text, len);
	if (text_tidy_for(name, &tidy, diags))
		report = parse_tidy(name, &tidy, diags);
	strbuf_release(&tidy);
	return report;
}

/* ---- a file ---- */

static int read_all(FILE *in, const char *name, struct strbuf *text, struct diags *diags)
{
	char buf[16384];
	size_t n;

	while (!text->truncated && (n = fread(buf, 1, sizeof buf, in)) > 0)
		strbuf_add(text, buf, n);
	if (ferror(in))
		diags_add(diags, name, 0, 0, "cannot be read: %s", strerror(errno));
	else if (text->truncated)
		diags_add(diags, name, 0, 0, "is longer than %d bytes", REPORT_MAX_BYTES);
	else
		return 0;
	return -1;
}

json_t *report_load(const char *path, struct diags *diags)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? STANDARD_INPUT : path;
	FILE *in = standard ? stdin : platform_open(path, "rb");
	json_t *report = NULL;
	struct strbuf text;

	if (in == NULL) {
		diags_add(diags, name, 0, 0, "%s", strerror(errno));
		return NULL;
	}
	strbuf_init(&text, REPORT_MAX_BYTES);
	if (read_all(in, name, &text, diags) == 0)
		report = report_parse(name, text.data, text.len, diags);
	strbuf_release(&text);
	if (!standard)
		fclose(in);
	return report;
}
