/*
 * What the files of the comparison share.
 */
#ifndef PREFLIGHT_REPORT_DIFF_INTERNAL_H
#define PREFLIGHT_REPORT_DIFF_INTERNAL_H

#include <stdbool.h>

#include <jansson.h>

/* {"ja": …, "en": …} of the catalogue. */
json_t *diff_title(const char *id);

/* Whether two values say the same: text, list or null; words for addresses are alike. */
bool diff_same(const json_t *a, const json_t *b);

/* Adds {name, title, old, new} when the values differ; takes both references. */
void diff_add(json_t *list, const char *name, json_t *before, json_t *after);

/* The facts that matter of two results of one check. */
json_t *diff_facts(const char *type, const json_t *before, const json_t *after);

/* A list of the list's texts, each once and sorted; NULL for what is no list. */
json_t *diff_sorted(const json_t *list);

#endif
