/* Sources, sections, entries. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "arena.h"
#include "pack.h"
#include "lookalikes.h"
#include "sha256.h"
#include "text_decode.h"

static void set_initial(const struct section *section, void *entry)
{
	for (size_t i = 0; i < section->field_count; i++)
		if (section->fields[i].store == STORE_NUMBER)
			*(long long *)(void *)((char *)entry + section->fields[i].offset) =
				section->fields[i].initial;
}

/* Appends an empty entry. */
static void *entry_new(
	struct loader *l, const struct section *section, const struct node *id, uint32_t number)
{
	struct section_state *state = &l->sections[section->number];
	void **items = (void **)(void *)((char *)l->rules + section->items_offset);
	size_t *count = (size_t *)(void *)((char *)l->rules + section->count_offset);
	size_t old = state->capacity;

	*items = mem_grow(*items, *count, &state->capacity, section->entry_size);
	if (state->capacity != old)
		state->given = mem_realloc(state->given, state->capacity * sizeof state->given[0]);
	state->given[number] = 0;
	void *entry = (char *)*items + number * section->entry_size;
	memset(entry, 0, section->entry_size);
	*entry_id(entry) = arena_strndup(l->rules->arena, id->text, id->count);
	*(struct where *)(void *)((char *)entry + section->where_offset) = node_where(l, id);
	set_initial(section, entry);
	index_put(&state->index, *entry_id(entry), number);
	(*count)++;
	return entry;
}

/* The entry of that id, new or known; NULL when there are too many. */
static void *entry_of(
	struct loader *l, const struct section *section, const struct node *id, uint32_t *number)
{
	size_t count = section_count(l->rules, section);

	*number = index_get(&l->sections[section->number].index, id->text);
	if (*number != INDEX_NONE)
		return section_entry(l->rules, section, *number);
	if (count >= RULES_MAX_ENTRIES) {
		struct path path = {NULL, section->name, NULL};
		if (count == RULES_MAX_ENTRIES)
			report(l, &path, id, "more than %d entries", RULES_MAX_ENTRIES);
		return NULL;
	}
	*number = (uint32_t)count;
	return entry_new(l, section, id, *number);
}

static void pairs_read(struct loader *l, const struct path *path, const struct section *section,
	const struct node *map, bool typed, uint32_t *given, void *entry)
{
	bool check = section->number == SECTION_CHECKS;

	for (const struct node *k = map->first; k != NULL; k = k->next->next) {
		const struct field *field =
			field_find(section->fields, section->field_count, k->text);
		if (field != NULL) {
			*given |= 1u << (field - section->fields);
			field_read(l, path, section, field, k, k->next, entry);
		} else if (!check) {
			report_unknown_key(l, path, k, section->fields, section->field_count, NULL);
		} else if (typed && !check_key_read(l, path, k, k->next, entry)) {
			report_unknown_key(l, path, k, section->fields, section->field_count,
				((struct rule_check *)entry)->type);
		}
	}
}

/* NULL, or what is wrong with an entry's id. */
static const char *id_problem(const struct section *section, const char *id)
{
	if (section->number == SECTION_CAUSES)
		return cause_find(id) != NULL ? NULL : "is no cause code";
	return section->validate_id(id);
}

static const char *hint_cause(const struct loader *l, const char *word, char buf[HINT_SIZE])
{
	const char **names = mem_alloc((cause_count + 1) * sizeof names[0]);

	for (size_t i = 0; i < cause_count; i++)
		names[i] = cause_table[i].code;
	hint(l, word, names, buf);
	free(names);
	return buf;
}

static void entry_read(struct loader *l, const struct section *section, const struct node *id,
	const struct node *map)
{
	char buf[QUOTE_SIZE], near[HINT_SIZE] = "";
	struct path path = {NULL, section->noun, id->text};
	const char *problem = id_problem(section, id->text);
	bool typed = true;
	uint32_t number;

	if (problem != NULL) {
		if (section->number == SECTION_CAUSES)
			hint_cause(l, id->text, near);
		report(l, &path, id, "%s %s%s", quote(id->text, buf), problem, near);
	}
	if (!want_map(l, &path, id, map))
		return;
	void *entry = entry_of(l, section, id, &number);
	if (entry == NULL)
		return;
	if (section->number == SECTION_CHECKS)
		typed = check_type_read(l, &path, id, map, entry);
	pairs_read(
		l, &path, section, map, typed, &l->sections[section->number].given[number], entry);
}

static void entries_read(struct loader *l, const struct section *section, const struct path *path,
	const struct node *knode, const struct node *map)
{
	if (!want_map(l, path, knode, map))
		return;
	for (const struct node *k = map->first; k != NULL; k = k->next->next)
		entry_read(l, section, k, k->next);
}

/* A section with keys of its own has its entries one level deeper. */
static void section_read(struct loader *l, const struct section *section, const struct node *knode,
	const struct node *map)
{
	struct path path = {NULL, section->name, NULL}, below = {&path, "entries", NULL};

	if (section->own_count == 0) {
		entries_read(l, section, &path, knode, map);
		return;
	}
	if (!want_map(l, &path, knode, map))
		return;
	for (const struct node *k = map->first; k != NULL; k = k->next->next) {
		const struct field *field = field_find(section->own, section->own_count, k->text);
		if (field == NULL)
			report_unknown_key(l, &path, k, section->own, section->own_count, NULL);
		else if (field->store == STORE_ENTRIES)
			entries_read(l, section, &below, k, k->next);
		else
			field_read(l, &path, section, field, k, k->next, l->rules);
	}
}

static void version_check(struct loader *l, const struct node *root, const struct node *key)
{
	static const struct check_key row = {
		.name = "version", .type = KEY_INT, .min = 0, .max = 1000000};
	struct path path = {NULL, "version", NULL};
	struct value value = {0};

	if (key == NULL)
		report(l, NULL, root, "the key version is missing: version: %d", RULES_VERSION);
	else if (value_read(l, &path, &row, key, key->next, &value) &&
		 value.number != RULES_VERSION)
		report(l, &path, key->next,
			"version %lld is not known to this program, which reads %d", value.number,
			RULES_VERSION);
}

static void unknown_section(const struct loader *l, const struct node *key)
{
	const char *names[SECTION_COUNT + 2] = {"version"};
	char buf[QUOTE_SIZE], near[HINT_SIZE];

	for (size_t s = 0; s < SECTION_COUNT; s++)
		names[s + 1] = rule_sections[s].name;
	report(l, NULL, key, "unknown section %s%s", quote(key->text, buf),
		hint(l, key->text, names, near));
}

static void root_read(struct loader *l, const struct tree *tree)
{
	const struct node *root = tree->root, *version = NULL;

	if (root == NULL || node_is_null(root)) {
		if (tree->complete)
			diags_add(l->diags, l->file, 1, 1,
				"the file is empty: version: %d was expected", RULES_VERSION);
		return;
	}
	if (root->kind != NODE_MAP) {
		if (root->kind != NODE_BAD)
			report(l, NULL, root, "a mapping of sections was expected at the top");
		return;
	}
	for (const struct node *k = root->first; k != NULL; k = k->next->next) {
		size_t s = 0;
		while (s < SECTION_COUNT && strcmp(rule_sections[s].name, k->text) != 0)
			s++;
		if (s < SECTION_COUNT)
			section_read(l, &rule_sections[s], k, k->next);
		else if (strcmp(k->text, "version") == 0)
			version = k;
		else
			unknown_section(l, k);
	}
	if (version != NULL || tree->complete)
		version_check(l, root, version);
}

static void loader_release(struct loader *l)
{
	for (size_t s = 0; s < SECTION_COUNT; s++) {
		index_release(&l->sections[s].index);
		free(l->sections[s].given);
	}
	for (size_t i = 0; i < l->place_count; i++)
		free(l->places[i].path);
	free(l->places);
	free(l->refs);
}

/* The text as it is parsed: Windows' tools write UTF-16, too. */
static void source_decode(const struct rule_source *source, struct strbuf *text)
{
	size_t len = source->pack == NULL ? source->len : 0;

	strbuf_init(text, len + 1);
	if (len > 0 && len <= RULES_MAX_BYTES) {
		strbuf_add(text, source->text, len);
		text_tidy(text);
	} else if (len > 0) {
		strbuf_add(text, source->text, len);
	}
}

/* Reads a source into a tree; its digest, too. */
static void source_read(struct loader *l, const struct rule_source *source,
	const struct strbuf *text, struct rule_file *file, struct tree *tree)
{
	l->file = file->name;
	if (source->pack == NULL) {
		sha256_hex(source->text, source->len, file->sha256); /* of the file as it is */
		tree_parse(tree, file->name, text->data, text->len, l->diags);
	} else {
		memcpy(file->sha256, source->pack->sha256, sizeof file->sha256);
		if (!tree_unpack(tree, source->pack->bytes, source->pack->len))
			diags_add(l->diags, file->name, 0, 0, "the packed rules are damaged");
	}
	l->broken = !tree->complete;
}

static struct rules *rules_new(size_t files)
{
	struct rules *rules = mem_alloc(sizeof *rules);

	rules->arena = mem_alloc(sizeof *rules->arena);
	rules->files = arena_alloc(rules->arena, files * sizeof rules->files[0]);
	return rules;
}

void rules_free(struct rules *rules)
{
	if (rules == NULL)
		return;
	for (size_t s = 0; s < SECTION_COUNT; s++)
		free(*(void **)(void *)((char *)rules + rule_sections[s].items_offset));
	arena_release(rules->arena);
	free(rules->arena);
	free(rules);
}

struct rules *rules_load(const struct rule_source *sources, size_t count, struct diags *diags)
{
	struct rules *rules = rules_new(count);
	struct tree *trees = mem_alloc(count * sizeof trees[0]);
	struct strbuf *texts = mem_alloc(count * sizeof texts[0]);
	struct loader l = {.rules = rules, .diags = diags};
	size_t first = diags->count;
	size_t before = diags->count + diags->dropped;
	bool complete = true;

	for (size_t i = 0; i < count; i++) {
		struct rule_file *file = &rules->files[rules->file_count++];
		file->name = arena_strndup(rules->arena, sources[i].name, strlen(sources[i].name));
		source_decode(&sources[i], &texts[i]);
		source_read(&l, &sources[i], &texts[i], file, &trees[i]);
		root_read(&l, &trees[i]);
		complete = complete && trees[i].complete;
	}
	if (complete) { /* else what is missing may stand behind the place that broke off */
		entries_finish(&l);
		refs_resolve(&l);
		needs_check(&l);
	}
	for (size_t i = 0; i < count; i++)
		lookalikes_note(diags, first, sources[i].name, texts[i].data, texts[i].len);
	diags_sort(diags);
	for (size_t i = 0; i < count; i++) {
		tree_release(&trees[i]);
		strbuf_release(&texts[i]);
	}
	free(texts);
	free(trees);
	loader_release(&l);
	if (diags->count + diags->dropped == before)
		return rules;
	rules_free(rules);
	return NULL;
}
