/* Access to loaded rules; the default ones; rule files. */
#include "rules.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "check.h"
#include "platform.h"

const struct value *rule_value(const struct rule_check *check, const char *key)
{
	for (size_t i = 0; i < check->type->key_count; i++)
		if (strcmp(check->type->keys[i].name, key) == 0)
			return &check->values[i];
	assert(key == NULL); /* the key is not in the table of the check's type */
	abort();
}

const struct value *rule_given(const struct rule_check *check, const char *key)
{
	for (size_t i = 0; i < check->type->key_count; i++)
		if (strcmp(check->type->keys[i].name, key) == 0 && check->values[i].set)
			return &check->values[i];
	return NULL;
}

bool rule_bool(const struct rule_check *check, const char *key)
{
	return rule_value(check, key)->boolean;
}

long long rule_number(const struct rule_check *check, const char *key, long long absent)
{
	const struct value *value = rule_value(check, key);

	return value->set ? value->number : absent;
}

const char *rule_string(const struct rule_check *check, const char *key)
{
	return rule_value(check, key)->string;
}

const struct strs *rule_list(const struct rule_check *check, const char *key)
{
	return &rule_value(check, key)->list;
}

const struct rule_host *rule_host(const struct rule_check *check, const char *key)
{
	return rule_value(check, key)->host;
}

const struct rule_certificate *rule_certificate(const struct rule_check *check, const char *key)
{
	return rule_value(check, key)->certificate;
}

const struct rule_profile *rules_profile(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->profile_count; i++)
		if (strcmp(rules->profiles[i].id, id) == 0)
			return &rules->profiles[i];
	return NULL;
}

const struct rule_check *rules_check(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->check_count; i++)
		if (strcmp(rules->checks[i].id, id) == 0)
			return &rules->checks[i];
	return NULL;
}

const struct rule_software *rules_product(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->product_count; i++)
		if (strcmp(rules->products[i].id, id) == 0)
			return &rules->products[i];
	return NULL;
}

const struct rule_cause *rules_cause(const struct rules *rules, const char *code)
{
	for (size_t i = 0; i < rules->cause_count; i++)
		if (strcmp(rules->causes[i].code, code) == 0)
			return &rules->causes[i];
	return NULL;
}

const struct rule_requirement *rules_requirement(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->requirement_count; i++)
		if (strcmp(rules->requirements[i].id, id) == 0)
			return &rules->requirements[i];
	return NULL;
}

struct rule_source rules_builtin(void)
{
	return (struct rule_source){.name = "(built-in)", .pack = &rules_builtin_pack};
}

int rules_read_file(const char *path, char **text, size_t *len, struct diags *diags)
{
	FILE *in = platform_open(path, "rb");
	char *buf = NULL;
	int status = -1;

	if (in == NULL) {
		diags_add(diags, path, 0, 0, "cannot be opened: %s", strerror(errno));
		return -1;
	}
	buf = mem_alloc(RULES_MAX_BYTES + 2);
	size_t got = fread(buf, 1, RULES_MAX_BYTES + 1, in);
	if (ferror(in)) {
		diags_add(diags, path, 0, 0, "cannot be read: %s", strerror(errno));
	} else if (got > RULES_MAX_BYTES) {
		diags_add(diags, path, 0, 0, "the file has more than %d bytes", RULES_MAX_BYTES);
	} else {
		*text = mem_realloc(buf, got + 1);
		*len = got;
		buf = NULL;
		status = 0;
	}
	free(buf);
	fclose(in);
	return status;
}
