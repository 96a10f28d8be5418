/* Values and remedies of texts that speak of products: those found, and those asked for. */
#include <string.h>

#include "internal.h"
#include "product.h"

/* What the conflict list, or that of the products asked for, says about one product found. */
static const struct rule_software *software_of(
	const struct rules *rules, const struct result *result, const json_t *hit)
{
	const char *id = json_string_value(json_object_get(hit, "id"));

	if (id != NULL && strcmp(result->check->type->name, "installed") == 0)
		return rules_product(rules, id);
	for (size_t i = 0; id != NULL && i < rules->software_count; i++)
		if (strcmp(rules->software[i].id, id) == 0)
			return &rules->software[i];
	return NULL;
}

static const char *title_in(const struct rule_software *software, enum lang lang)
{
	const struct text *title = &software->title;
	const char *own = title->in[lang] != NULL ? title->in[lang] : title->in[1 - lang];

	return own != NULL ? own : software->id;
}

static void add_found(json_t *extra, const struct result *result, const struct rules *rules)
{
	const json_t *found = facts_get(result->facts, "found");
	json_t *products = lists_new();

	for (size_t i = 0; i < json_array_size(found); i++) {
		const struct rule_software *software =
			software_of(rules, result, json_array_get(found, i));
		for (int k = 0; software != NULL && k < LANG_COUNT; k++)
			json_array_append_new(json_object_get(products, lang_name((enum lang)k)),
				json_string(title_in(software, (enum lang)k)));
	}
	json_object_set_new(extra, "products", products);
}

/* "Google Chrome 77 or later" of "google-chrome >=77"; other expressions stand as they are. */
static json_t *wanted_in(const char *wanted, const struct rules *rules, enum lang lang)
{
	struct product_expression e;
	const char *id = "version.as";
	struct strbuf text;

	if (product_expression_parse(wanted, &e) != NULL)
		return json_string(wanted);
	const struct rule_software *product = rules_product(rules, e.product);
	const char *name = product != NULL ? title_in(product, lang) : e.product;
	const char *version = e.version;
	if (strncmp(version, ">=", 2) == 0 && strpbrk(version + 2, " <>=*") == NULL) {
		version += 2;
		id = "version.least";
	}
	json_t *values = json_pack("{s:s, s:s}", "product", name, "version", version);
	if (*version == '\0')
		json_object_del(values, "version");
	strbuf_init(&text, 512);
	template_expand(&text, message(lang, id), values);
	json_t *string = json_stringn(text.data, text.len);
	strbuf_release(&text);
	json_decref(values);
	return string != NULL ? string : json_string(wanted);
}

static void add_wanted(json_t *extra, const struct result *result, const struct rules *rules)
{
	size_t count = facts_count(result->facts, "wanted");
	json_t *wanted = lists_new();

	for (size_t i = 0; i < count; i++) {
		const char *text = facts_item(result->facts, "wanted", i);
		for (int k = 0; text != NULL && k < LANG_COUNT; k++)
			json_array_append_new(json_object_get(wanted, lang_name((enum lang)k)),
				wanted_in(text, rules, (enum lang)k));
	}
	if (count > 0)
		json_object_set(extra, "wanted", wanted);
	json_decref(wanted);
}

void products_add_values(json_t *extra, const struct result *result, const struct rules *rules)
{
	add_found(extra, result, rules);
	if (strcmp(result->check->type->name, "installed") == 0)
		add_wanted(extra, result, rules);
}

static void append_line(json_t *text, enum lang lang, const struct text *line)
{
	const char *key = lang_name(lang);
	const char *more = line->in[lang] != NULL ? line->in[lang] : line->in[1 - lang];
	const char *old = json_string_value(json_object_get(text, key));

	if (old != NULL && strstr(old, more) == NULL)
		json_object_set_new(text, key, json_sprintf("%s\n%s", old, more));
}

void products_append_remedies(json_t *text, const struct result *result, const struct rules *rules)
{
	const json_t *found = facts_get(result->facts, "found");

	for (size_t i = 0; json_is_object(text) && i < json_array_size(found); i++) {
		const struct rule_software *software =
			software_of(rules, result, json_array_get(found, i));
		for (int k = 0; software != NULL && text_given(&software->remedy) && k < LANG_COUNT;
			k++)
			append_line(text, (enum lang)k, &software->remedy);
	}
}
