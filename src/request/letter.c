/*
 * One letter: what is asked of one actor. Its notes and documents come from the requirements that
 * its rows answer for.
 */
#include <string.h>

#include "internal.h"
#include "report/internal.h"

#define NAME_MAX_LEN 64
#define LIST_MAX     4096

/* ---- what the letters name ---- */

/* The profile's text of these rules, else the report's own title. */
static json_t *one_service(const json_t *profile, const struct rules *rules)
{
	const struct rule_profile *known = rules_profile(rules, member_string(profile, "id"));

	if (known != NULL && text_given(&known->service))
		return text_plain(&known->service);
	return json_incref(json_object_get(profile, "title"));
}

json_t *service_name(const json_t *profiles, const struct rules *rules)
{
	json_t *name = json_object();

	for (int k = 0; k < LANG_COUNT; k++) {
		json_t *names = json_array();
		struct strbuf text;
		strbuf_init(&text, LIST_MAX);
		for (size_t i = 0; i < json_array_size(profiles); i++) {
			json_t *one = one_service(json_array_get(profiles, i), rules);
			add_once(names,
				json_string_value(json_object_get(one, lang_name((enum lang)k))));
			json_decref(one);
		}
		join(&text, names, (enum lang)k);
		json_object_set_new(name, lang_name((enum lang)k), json_string(text.data));
		strbuf_release(&text);
		json_decref(names);
	}
	return name;
}

/* What a shell takes as one plain word. Ids of rule files are; a report's may be anything. */
static bool is_word(const char *id)
{
	return *id != '\0' && *id != '-' && strlen(id) < NAME_MAX_LEN &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

json_t *check_command(const json_t *profiles)
{
	struct strbuf text;

	strbuf_init(&text, LIST_MAX);
	strbuf_adds(&text, "preflight");
	for (size_t i = 0; i < json_array_size(profiles); i++) {
		const char *id = member_string(json_array_get(profiles, i), "id");
		if (is_word(id))
			strbuf_addf(&text, " --profile %s", id);
	}
	json_t *command = json_string(text.data);
	strbuf_release(&text);
	return command;
}

/* ---- notes and documents ---- */

const char *asked_of(const struct rule_requirement *requirement)
{
	return requirement->ask != NULL ? requirement->ask : "network";
}

/* The requirement rows that a letter's rows answer for, as a set. */
static json_t *answered(const json_t *rows)
{
	json_t *set = json_object();

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *source = json_object_get(json_array_get(rows, i), "source");
		for (size_t k = 0; k < json_array_size(source); k++) {
			const char *id = json_string_value(json_array_get(source, k));
			json_object_set_new(set, id != NULL ? id : "", json_true());
		}
	}
	return set;
}

static json_t *notes_of(const struct letters *all, const char *actor, const json_t *set)
{
	json_t *notes = json_array();
	json_t *hosts = json_object_get(all->values, "hosts");

	for (size_t i = 0; i < all->rules->requirement_count; i++) {
		const struct rule_requirement *row = &all->rules->requirements[i];
		if (json_object_get(set, row->id) != NULL && text_given(&row->note) &&
			strcmp(asked_of(row), actor) == 0)
			json_array_append_new(
				notes, json_pack("{s:o, s:s}", "text", text_plain(&row->note),
					       "source", row->id));
	}
	if (strcmp(actor, "network") == 0 && json_array_size(hosts) > 0)
		json_array_append_new(
			notes, json_pack("{s:o, s:n}", "text",
				       say("request.note.inside", all->values), "source"));
	return notes;
}

static bool same_text(const json_t *document, const struct text *source)
{
	json_t *title = text_plain(source);
	bool same = json_equal(json_object_get(document, "title"), title);

	json_decref(title);
	return same;
}

/* Each document once, with the rows that it is the source of. */
static json_t *documents_of(const struct rules *rules, const json_t *set)
{
	json_t *documents = json_array();

	for (size_t i = 0; i < rules->requirement_count; i++) {
		const struct rule_requirement *row = &rules->requirements[i];
		json_t *found = NULL;
		if (json_object_get(set, row->id) == NULL)
			continue;
		for (size_t k = 0; found == NULL && k < json_array_size(documents); k++)
			if (same_text(json_array_get(documents, k), &row->source))
				found = json_array_get(documents, k);
		if (found == NULL) {
			found = json_pack(
				"{s:o, s:[]}", "title", text_plain(&row->source), "source");
			json_array_append_new(documents, found);
		}
		add_once(json_object_get(found, "source"), row->id);
	}
	return documents;
}

/* ---- the letter ---- */

/* The text of this kind of letter: "request.report.carrier.PART". */
static json_t *part(const struct letters *all, const char *actor, const char *name)
{
	char id[128];

	snprintf(id, sizeof id, "request.%s.%s.%s", all->origin, actor, name);
	return say(id, all->values);
}

/* Where it is not the facility that opens something, that is what the letter asks. */
static void number_rows(json_t *rows, const char *actor)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i);
		json_object_set_new(row, "number", json_integer((json_int_t)i + 1));
		if (strcmp(actor, "network") != 0)
			json_object_set_new(row, "ask", json_string(actor));
	}
}

json_t *letter_new(
	const struct letters *all, const char *actor, json_t *rows, json_t *findings, bool after)
{
	json_t *set = answered(rows), *letter = json_object();
	char id[64];

	number_rows(rows, actor);
	json_object_set_new(letter, "to", json_string(actor));
	snprintf(id, sizeof id, "request.when.%s", actor);
	json_object_set_new(letter, "when", after ? say(id, NULL) : json_null());
	snprintf(id, sizeof id, "request.addressee.%s", actor);
	json_object_set_new(letter, "addressee", say(id, NULL));
	json_object_set_new(letter, "subject", part(all, actor, "subject"));
	json_object_set_new(letter, "body", part(all, actor, "body"));
	json_object_set_new(letter, "rows_title", part(all, actor, "rows"));
	json_object_set_new(letter, "source_terminal", say("request.source", all->values));
	json_object_set_new(letter, "rows", rows);
	json_object_set_new(letter, "notes", notes_of(all, actor, set));
	json_object_set_new(letter, "findings", findings != NULL ? findings : json_array());
	json_object_set_new(
		letter, "started", all->started != NULL ? json_string(all->started) : json_null());
	json_object_set_new(letter, "closing", part(all, actor, "closing"));
	json_object_set_new(letter, "documents", documents_of(all->rules, set));
	json_decref(set);
	return letter;
}
