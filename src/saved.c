/*
 * Reading terminals from files: strict, driven by tables of members (saved_object.h). Whatever is
 * wrong is told with its place, and then nothing is taken from the file.
 */
#include "saved.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "saved_object.h"
#include "text_decode.h"

/* ---- the document ---- */

static void read_mark(struct reader *r, const char *path, const json_t *value, void *base)
{
	(void)base;
	if (!json_is_integer(value))
		saved_wrong_type(r, path, value, "a whole number");
	else if (json_integer_value(value) != SAVED_VERSION)
		saved_wrong(r, path, "is version %lld; only %d is known",
			(long long)json_integer_value(value), SAVED_VERSION);
}

static bool is_time(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00Z";

	for (size_t i = 0; i < sizeof form; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (form[i] == '0' ? !digit : text[i] != form[i])
			return false;
	}
	return true;
}

static void read_taken(struct reader *r, const char *path, const json_t *value, void *base)
{
	(void)base;
	if (!json_is_string(value))
		saved_wrong_type(r, path, value, "text");
	else if (!is_time(json_string_value(value)))
		saved_wrong(r, path, "\"%s\" must be a time such as 2026-11-21T09:00:00Z",
			json_string_value(value));
}

static const struct member top_members[] = {
	{.name = SAVED_MARK, .type = MEMBER_PART, .required = true, .read = read_mark},
	{.name = "taken", .type = MEMBER_PART, .read = read_taken},
	{.name = "os", .type = MEMBER_PART, .read = saved_read_os},
	{.name = "disk", .type = MEMBER_PART, .read = saved_read_disk},
	{.name = "link", .type = MEMBER_PART, .read = saved_read_link},
	{.name = "vpns", .type = MEMBER_PART, .read = saved_read_vpns},
	{.name = "software", .type = MEMBER_PART, .read = saved_read_software},
	{.name = "complete", .type = MEMBER_PART, .read = saved_read_complete},
};

/* Products are looked for by the OS that they run on. */
static void check_whole(struct reader *r, const json_t *value, const struct saved *saved)
{
	if (saved->inventory_known && json_object_get(value, "os") == NULL)
		saved_wrong(r, "software", "cannot be judged without os");
	if (json_object_get(value, "complete") != NULL &&
		json_object_get(value, "software") == NULL)
		saved_wrong(r, "complete", "speaks of a list that is missing: software");
}

static void add_unknown(struct strbuf *why, bool known, const char *part)
{
	if (!known)
		strbuf_addf(
			why, "%s%s: not in the saved inventory", why->len > 0 ? "; " : "", part);
}

static void read_document(struct reader *r, const json_t *value, struct saved *saved)
{
	struct terminal *t = &saved->terminal;

	if (!saved_read_object(r, "", value, top_members, COUNT(top_members), saved))
		return;
	check_whole(r, value, saved);
	snprintf(saved->inventory.os, sizeof saved->inventory.os, "%s", t->os.family);
	add_unknown(&t->why, t->os_known, "os");
	add_unknown(&t->why, t->routes_known, "link");
	add_unknown(&t->why, t->vpns_known, "vpns");
}

static struct saved *saved_new(void)
{
	struct saved *saved = mem_alloc(sizeof *saved);

	strbuf_init(&saved->terminal.why, 1024);
	inventory_init(&saved->inventory, "");
	return saved;
}

void saved_free(struct saved *saved)
{
	if (saved == NULL)
		return;
	terminal_release(&saved->terminal);
	inventory_release(&saved->inventory);
	free(saved);
}

/* ---- the file ---- */

static int read_text(const char *path, struct strbuf *text, struct diags *diags)
{
	char buf[16384];
	size_t n;
	FILE *in = platform_open(path, "rb");

	if (in == NULL) {
		diags_add(diags, path, 0, 0, "%s", strerror(errno));
		return -1;
	}
	while (!text->truncated && (n = fread(buf, 1, sizeof buf, in)) > 0)
		strbuf_add(text, buf, n);
	bool failed = ferror(in) != 0;
	fclose(in);
	if (failed)
		diags_add(diags, path, 0, 0, "cannot be read");
	else if (text->truncated)
		diags_add(diags, path, 0, 0, "is longer than %d bytes", SAVED_MAX_BYTES);
	return failed || text->truncated ? -1 : 0;
}

static json_t *parse_text(const char *path, struct strbuf *text, struct diags *diags)
{
	json_error_t error;
	json_t *value = NULL;

	if (!text_tidy_for(path, text, diags))
		return NULL;
	value = json_loadb(text->data, text->len, JSON_REJECT_DUPLICATES, &error);
	if (value == NULL)
		diags_add(diags, path, error.line > 0 ? error.line : 0,
			error.column > 0 ? error.column : 0, "%s", error.text);
	return value;
}

struct saved *saved_read(const char *path, struct diags *diags)
{
	struct reader reader = {.file = path, .diags = diags};
	size_t before = diags->count;
	struct saved *saved = NULL;
	json_t *value = NULL;
	struct strbuf text;

	strbuf_init(&text, SAVED_MAX_BYTES);
	if (read_text(path, &text, diags) == 0)
		value = parse_text(path, &text, diags);
	strbuf_release(&text);
	if (value != NULL) {
		saved = saved_new();
		read_document(&reader, value, saved);
		json_decref(value);
	}
	if (diags->count == before)
		return saved;
	saved_free(saved);
	return NULL;
}
