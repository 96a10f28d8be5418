/* The reference of keys in preflight-rules(5), as mdoc(7). */
#include "schema.h"

#include <string.h>

#include "fields.h"

static const char *type_name(const struct check_key *key)
{
	switch (key->type) {
	case KEY_BOOL:
		return "true or false";
	case KEY_INT:
		return "number";
	case KEY_STR:
		return "text";
	case KEY_ENUM:
		return "word";
	case KEY_SIZE:
		return "size";
	case KEY_DURATION:
		return "duration";
	case KEY_DATE:
		return key->min == -1 ? "date or none" : "date";
	case KEY_HOST:
		return "host id";
	case KEY_CERTIFICATE:
		return "certificate id";
	case KEY_STRS:
		return "list";
	case KEY_SOFTWARE:
		return "list of software ids or globs";
	case KEY_TEXT:
		return "ja and en";
	}
	return "";
}

static const char *store_name(const struct field *field)
{
	switch (field->store) {
	case STORE_REMEDY:
		return "mapping of cause codes to ja and en";
	case STORE_MATCHES:
		return "list of mappings";
	case STORE_TYPE:
		return "check type";
	case STORE_ENTRIES:
		return "mapping";
	case STORE_STRING:
	case STORE_NAME:
	case STORE_NUMBER:
	case STORE_BOOL:
	case STORE_FLAG:
	case STORE_ENUM:
	case STORE_STRS:
	case STORE_TEXT:
	case STORE_ADDRESSES:
	case STORE_HOST:
	case STORE_CERTIFICATE:
		break;
	}
	return type_name(&field->key);
}

/* Text as mdoc takes it: nothing at a line's start is a macro; `words` are set as literals. */
static void print_text(FILE *out, const char *text)
{
	bool open = false;

	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '`') {
			fputs(open ? "\\(cq" : "\\(oq", out);
			open = !open;
		} else if (text[0] == '.' && text[1] == ' ') { /* a new sentence, a new line */
			fputs(".\n", out);
			text++;
		} else if (*text == '\\') {
			fputs("\\e", out);
		} else if (*text == '-') {
			fputs("\\-", out);
		} else {
			fputc(*text, out);
		}
	}
	fputc('\n', out);
}

static void print_range(FILE *out, const struct check_key *key)
{
	long long min, max;

	if (key_bounds(key, &min, &max))
		fprintf(out, "From %lld to %lld%s.\n", min, max, key_unit(key));
	else if (key->min != 0)
		fprintf(out, "At least %lld%s.\n", min, key_unit(key));
}

static void print_bounds(FILE *out, const struct check_key *key)
{
	if (key->type == KEY_ENUM) {
		fputs("One of", out);
		for (int i = 0; key->choices[i] != NULL; i++)
			fprintf(out, "%s\n.Cm %s", i > 0 ? " ," : "", key->choices[i]);
		fputs(" .\n", out);
	} else if (key->type == KEY_INT || key->type == KEY_SIZE || key->type == KEY_DURATION) {
		print_range(out, key);
	}
	if (key->fallback != NULL)
		fprintf(out, "Default:\n.Ql %s .\n", key->fallback);
}

static void print_key(FILE *out, const struct check_key *key, const char *type)
{
	fprintf(out, ".It Cm %s Pq %s%s\n", key->name, type, key->required ? ", required" : "");
	print_text(out, key->text);
	print_bounds(out, key);
}

static void print_fields(FILE *out, const struct field *fields, size_t count)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (size_t i = 0; i < count; i++)
		print_key(out, &fields[i].key, store_name(&fields[i]));
	fputs(".El\n", out);
}

static void print_section(FILE *out, const struct section *section)
{
	fprintf(out, ".Ss Section %s\n", section->name);
	print_text(out, section->text);
	if (section->own_count > 0) {
		print_fields(out, section->own, section->own_count);
		fputs(".Pp\nKeys of an entry:\n", out);
	}
	print_fields(out, section->fields, section->field_count);
	if (section->number == SECTION_SOFTWARE) {
		fputs(".Pp\nKeys of a member of\n.Cm match :\n", out);
		print_fields(out, match_fields, match_field_count);
	}
}

static void print_type(FILE *out, const struct check_type *type)
{
	fprintf(out, ".Ss Check type %s\n", type->name);
	print_text(out, type->text);
	if (type->key_count > 0) {
		fputs(".Bl -tag -width Ds\n", out);
		for (size_t i = 0; i < type->key_count; i++)
			print_key(out, &type->keys[i], type_name(&type->keys[i]));
		fputs(".El\n", out);
	}
	if (type->causes[0] == NULL)
		return;
	fputs(".Pp\nCauses:\n", out);
	for (size_t i = 0; type->causes[i] != NULL; i++)
		fprintf(out, ".Cm %s%s\n", type->causes[i],
			type->causes[i + 1] != NULL ? " ," : " .");
}

void rules_print_keys(FILE *out)
{
	for (size_t s = 0; s < SECTION_COUNT; s++)
		print_section(out, &rule_sections[s]);
	for (size_t i = 0; check_types[i] != NULL; i++)
		print_type(out, check_types[i]);
}
