#include "progress.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "platform.h"
#include "report.h"
#include "span.h"
#include "strbuf.h"
#include "utf8.h"

#define LINE_MAX_BYTES 4096

struct progress {
	FILE *out;
	const struct run *run;
	enum lang lang;
	bool live;    /* one line, updated in place */
	bool plain;   /* a line for each check that ended */
	bool showing; /* the line stands on the terminal now */
	int width;
};

struct progress *progress_new(enum lang lang, int verbosity)
{
	struct progress *p = mem_alloc(sizeof *p);

	p->out = stderr;
	p->lang = lang;
	p->live = verbosity >= 0 && platform_is_terminal(p->out);
	p->plain = verbosity > 0 && !p->live;
	p->width = p->live ? platform_terminal_width(p->out) : 80;
	return p;
}

char *progress_line(enum lang lang, size_t done, size_t total, const char *const *pending,
	size_t count, int width)
{
	struct strbuf line, next;

	strbuf_init(&line, LINE_MAX_BYTES);
	strbuf_init(&next, LINE_MAX_BYTES);
	strbuf_addf(&line, "%s %zu/%zu", message(lang, "progress.running"), done, total);
	for (size_t i = 0; i < count; i++) {
		strbuf_reset(&next);
		strbuf_addf(
			&next, "%s%s", i == 0 ? ": " : message(lang, "list.separator"), pending[i]);
		/* two columns are kept for the "…" and the cursor */
		if (report_text_width(line.data) + report_text_width(next.data) > width - 2) {
			strbuf_adds(&line, "…");
			break;
		}
		strbuf_add(&line, next.data, next.len);
	}
	strbuf_release(&next);
	return strbuf_detach(&line);
}

static void erase(struct progress *p)
{
	if (p->showing)
		fputs("\r\033[K", p->out);
	p->showing = false;
}

static const char *title_of(const struct rule_check *check, enum lang lang)
{
	return check->title.in[lang] != NULL ? check->title.in[lang] : check->id;
}

static void draw(struct progress *p, size_t done, size_t total)
{
	size_t count = 0;
	const char **pending = mem_alloc((run_count(p->run) + 1) * sizeof pending[0]);

	for (size_t i = 0; i < run_count(p->run); i++) {
		const struct run_item *item = run_item(p->run, i);
		if (item->state == RUN_WAITING && !item->check.finished)
			pending[count++] = title_of(item->check.check, p->lang);
	}
	char *line = progress_line(p->lang, done, total, pending, count, p->width);
	erase(p);
	report_print_safe(p->out, line);
	fflush(p->out);
	p->showing = true;
	free(line);
	free(pending);
}

static void on_tick(void *arg, size_t done, size_t total)
{
	struct progress *p = arg;

	if (done < total)
		draw(p, done, total);
}

static void on_done(void *arg, const struct run_item *item, size_t done, size_t total)
{
	struct progress *p = arg;

	fprintf(p->out, "%s %zu/%zu: ", message(p->lang, "progress.done"), done, total);
	report_print_safe(p->out, item->check.check->id);
	fputc('\n', p->out);
}

void progress_attach(struct progress *p, const struct run *run, struct run_options *how)
{
	p->run = run;
	how->arg = p;
	how->tick = p->live ? on_tick : NULL;
	how->progress = p->plain ? on_done : NULL;
}

void progress_detach(struct progress *p)
{
	erase(p);
	fflush(p->out);
	p->run = NULL;
}

void progress_free(struct progress *p)
{
	if (p == NULL)
		return;
	progress_detach(p);
	free(p);
}

/* ---- waiting ---- */

/* Causes that keep from being ready. */
static void add_causes(struct strbuf *line, const json_t *report, enum lang lang)
{
	const json_t *cause;
	const char *separator = ": ";
	size_t i;

	json_array_foreach(json_object_get(report, "causes"), i, cause)
	{
		const char *verdict = json_string_value(json_object_get(cause, "verdict"));
		const char *title = json_string_value(
			json_object_get(json_object_get(cause, "title"), lang_name(lang)));
		if (title == NULL || (verdict != NULL && strcmp(verdict, "warn") == 0))
			continue;
		strbuf_addf(line, "%s%s", separator, title);
		separator = message(lang, "list.separator");
	}
}

/* What does not fit into the columns is replaced by "…"; one is kept for the cursor. */
static char *cut_to(struct strbuf *line, int width)
{
	char *whole = strbuf_detach(line);
	size_t len = strlen(whole), at = 0;

	if (width <= 0 || report_text_width(whole) < width)
		return whole;
	strbuf_init(line, LINE_MAX_BYTES);
	for (size_t step; at < len; at += step) {
		uint32_t code;
		step = utf8_decode(whole + at, len - at, &code);
		step = step > 0 ? step : 1;
		strbuf_add(line, whole + at, step);
		if (report_text_width(line->data) > width - 2)
			break;
	}
	strbuf_reset(line);
	strbuf_add(line, whole, at);
	strbuf_adds(line, "…");
	free(whole);
	return strbuf_detach(line);
}

char *progress_waiting_line(enum lang lang, const struct progress_waiting *waiting, int width)
{
	char *left = span_text(lang, waiting->left), *next = span_text(lang, waiting->next);
	json_t *values = json_pack(
		"{s:i, s:s, s:s}", "attempts", waiting->attempts, "left", left, "next", next);
	struct strbuf line;

	strbuf_init(&line, LINE_MAX_BYTES);
	template_expand(&line, message(lang, "wait.line"), values);
	add_causes(&line, waiting->report, lang);
	json_decref(values);
	free(left);
	free(next);
	return cut_to(&line, width);
}

struct await {
	struct progress *progress;
	struct progress_waiting waiting;
	double rest; /* of the whole time, once the next attempt begins */
};

static void on_wait(void *arg, double left)
{
	struct await *a = arg;
	struct progress *p = a->progress;

	a->waiting.next = left;
	a->waiting.left = a->rest + left;
	char *line = progress_waiting_line(p->lang, &a->waiting, p->width);
	erase(p);
	report_print_safe(p->out, line);
	fflush(p->out);
	p->showing = true;
	free(line);
}

void progress_await(struct progress *p, const struct progress_waiting *waiting)
{
	struct await a = {p, *waiting, waiting->left - waiting->next};

	if (p->plain) {
		char *line = progress_waiting_line(p->lang, waiting, 0);
		report_print_safe(p->out, line);
		fputc('\n', p->out);
		fflush(p->out);
		free(line);
	}
	run_pause(waiting->next, p->live ? on_wait : NULL, &a);
	erase(p);
	fflush(p->out);
}
