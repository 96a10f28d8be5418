/* Where a certificate is looked for: the files that were named, or those of the rules. */
#include "private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "platform.h"

const char *path_base(const char *path)
{
	const char *base = path;

	for (const char *p = path; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			base = p + 1;
	return base;
}

char *file_read(const char *path, size_t max, size_t *len, int *number)
{
	FILE *in = platform_open(path, "rb");
	char *buf;

	*number = errno;
	if (in == NULL)
		return NULL;
	buf = mem_alloc(max + 2);
	setvbuf(in, NULL, _IONBF, 0); /* no copy of a secret in a buffer of its own */
	*len = fread(buf, 1, max + 1, in);
	*number = ferror(in) ? errno : *len > max ? EFBIG : 0;
	if (*number != 0) {
		OPENSSL_cleanse(buf, max + 2);
		free(buf);
		buf = NULL;
	}
	fclose(in);
	return buf;
}

void candidate_release(struct candidate *candidate)
{
	free(candidate->path);
	free(candidate->error_text);
	free(candidate->password_file);
	free(candidate->key_text);
	X509_free(candidate->certificate);
	EVP_PKEY_free(candidate->key);
	sk_X509_pop_free(candidate->chain, X509_free);
	*candidate = (struct candidate){0};
}

void candidates_release(struct candidates *list)
{
	for (size_t i = 0; i < list->count; i++)
		candidate_release(&list->items[i]);
	free(list->items);
	free(list->error_text);
	free(list->store_error);
	*list = (struct candidates){0};
}

struct candidate *candidates_add(struct candidates *list)
{
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof list->items[0]);
	struct candidate *candidate = &list->items[list->count++];
	*candidate = (struct candidate){0};
	return candidate;
}

/* ---- files ---- */

static void add_file(struct candidates *list, const char *path,
	const struct rule_certificate *entry, struct search *search)
{
	struct candidate *candidate;
	size_t len = 0;
	int number = 0;

	if (list->count >= IDENTITY_CANDIDATES)
		return;
	candidate = candidates_add(list);
	candidate->path = mem_strdup(path);
	char *bytes = file_read(path, IDENTITY_FILE_MAX, &len, &number);
	if (bytes == NULL) {
		candidate->error = number == ENOENT ? "not-found" : "unreadable";
		candidate->error_text = mem_strdup(strerror(number));
		return;
	}
	candidate_open(candidate, (const unsigned char *)bytes, len, entry, search);
	OPENSSL_cleanse(bytes, len);
	free(bytes);
}

static void find_files(
	struct candidates *list, const struct rule_certificate *entry, struct search *search)
{
	struct strs names = {0};
	struct strbuf why;

	if (entry->files.count == 0)
		return;
	strbuf_init(&why, 1024);
	if (platform_list(".", &names, &why) != 0)
		list->error_text = mem_strdup(why.data);
	for (size_t i = 0; i < names.count; i++)
		if (glob_match_any(&entry->files, names.items[i], true))
			add_file(list, names.items[i], entry, search);
	strs_release(&names);
	strbuf_release(&why);
}

/* In the working directory and the OS's store, as far as the rules say so. */
static const char *find_here(struct candidates *list, const struct rule_certificate *entry,
	STACK_OF(X509) * authorities, struct search *search)
{
	find_files(list, entry, search);
	if (!candidates_find_stored(list, entry, authorities, search))
		return entry->files.count > 0 ? "folder" : NULL;
	return entry->files.count > 0 ? "folder-and-store" : "store";
}

void candidates_find(struct candidates *list, const struct rule_certificate *entry,
	STACK_OF(X509) * authorities, struct search *search)
{
	const struct inputs *inputs = search->inputs;
	const struct strs *named = entry->authority ? &inputs->authorities : &inputs->certificates;

	for (size_t i = 0; i < named->count; i++)
		add_file(list, named->items[i], entry, search);
	if (named->count > 0)
		list->sought = "named";
	else if (inputs->saved != NULL) /* files and store here are not that terminal's */
		list->sought = "saved";
	else
		list->sought = find_here(list, entry, authorities, search);
}
