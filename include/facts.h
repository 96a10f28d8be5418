/*
 * Facts: what a probe saw, as typed values under stable names. Facts know no verdicts and no
 * sentences. They are a JSON object from the start, so that a saved report holds them as they are
 * and can be judged again.
 */
#ifndef PREFLIGHT_FACTS_H
#define PREFLIGHT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

struct facts {
	json_t *object; /* owned; keys keep their order of insertion */
};

void facts_init(struct facts *f);
void facts_release(struct facts *f);

/*
 * Setters. Names are snake_case ("rcode", "offender"). A second set of a name replaces the value.
 * Strings may come from the network: bytes that are not UTF-8, and control characters, are stored
 * as "\xNN"; at most FACT_STRING_MAX bytes are kept (then "…" is appended). NULL sets nothing.
 */
#define FACT_STRING_MAX 2048
void facts_str(struct facts *f, const char *name, const char *value);
void facts_bytes(struct facts *f, const char *name, const void *bytes, size_t len);
void facts_int(struct facts *f, const char *name, long long value);
void facts_real(struct facts *f, const char *name, double value);
void facts_bool(struct facts *f, const char *name, bool value);
void facts_add(struct facts *f, const char *name, const char *value); /* appends to a list */
void facts_list(struct facts *f, const char *name);                   /* an empty list, if unset */
void facts_json(struct facts *f, const char *name, json_t *value);    /* takes the reference */

/* A JSON string made safe as described above; the caller owns the reference. */
json_t *facts_safe_string(const char *bytes, size_t len);

/* What a JSON value is, for messages: "an object", "text", "a whole number". Static storage. */
const char *json_type_words(const json_t *value);

/* Readers. Absent or of another type: the default. Strings are borrowed. */
bool facts_has(const struct facts *f, const char *name);
const char *facts_get_str(const struct facts *f, const char *name); /* or NULL */
long long facts_get_int(const struct facts *f, const char *name, long long absent);
bool facts_get_bool(const struct facts *f, const char *name, bool absent);
const json_t *facts_get(const struct facts *f, const char *name); /* borrowed, or NULL */
size_t facts_count(const struct facts *f, const char *name);      /* length of a list, else 0 */
const char *facts_item(const struct facts *f, const char *name, size_t i); /* or NULL */
bool facts_list_has(const struct facts *f, const char *name, const char *value);

#endif
