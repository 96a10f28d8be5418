/*
 * Where a file's password may come from, in this order: none is needed, --password-file, the
 * environment, the files that the rules name beside it, the user. Each is tried as it is, then
 * without what an editor, a paste or an input method may have left at its ends.
 */
#include "private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#include "password_cuts.h"
#include "platform.h"

#define FILES_MAX 20 /* password files tried per certificate */

struct attempt {
	struct candidate *candidate;
	const unsigned char *bytes;
	size_t len;
	const struct rule_certificate *entry;
	struct search *search;
	struct container container; /* of the last try */
	enum opening result;        /* of the last try */
	bool any;                   /* a password was there to try */
};

static void wipe(char *text, size_t len)
{
	if (text != NULL)
		OPENSSL_cleanse(text, len);
	free(text);
}

/* True when there is nothing more to try: open, or not for the want of a password. */
static bool try_bytes(struct attempt *a, const char *bytes, size_t len)
{
	struct secret secret = {.bytes = bytes, .len = len};

	container_release(&a->container);
	a->result = container_open(&a->container, a->bytes, a->len, &secret);
	return a->result != OPEN_PASSWORD;
}

static void note_cut(struct attempt *a, const struct password_cut *cut)
{
	password_cut_name(cut, a->candidate->trailing, sizeof a->candidate->trailing);
	a->candidate->trailing_count = password_cut_count(cut);
}

/* Without what may stand around it, from little to all. */
static bool try_cut(struct attempt *a, const char *text, size_t len)
{
	struct password_cut cut;
	bool over = false;

	password_cut_init(&cut, text, len);
	while (!over && password_cut_next(&cut)) {
		size_t left = cut.end - cut.begin;
		char *copy = mem_strndup(cut.text + cut.begin, left);

		over = try_bytes(a, copy, left);
		if (over)
			note_cut(a, &cut);
		wipe(copy, left);
	}
	password_cut_end(&cut);
	return over;
}

static bool try_password(struct attempt *a, const char *text, size_t len, const char *from)
{
	if (len == 0)
		return false;
	if (!a->any)
		a->candidate->password_from = from; /* the first one, should none be right */
	a->any = true;
	if (!try_bytes(a, text, len) && !try_cut(a, text, len))
		return false;
	a->candidate->password_from = from;
	return true;
}

/* ---- sources ---- */

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = value != NULL ? mem_strdup(value) : NULL;
}

static bool try_file(struct attempt *a, const char *path)
{
	int number = 0;
	size_t len = 0;
	char *text = file_read(path, IDENTITY_PASSWORD_MAX, &len, &number);
	bool first = !a->any, over;

	if (text == NULL) {
		if (a->candidate->error_text == NULL)
			set_text(&a->candidate->error_text, strerror(number));
		return false;
	}
	over = try_password(a, text, len, "file");
	if (over || (first && a->any))
		set_text(&a->candidate->password_file, path_base(path));
	wipe(text, len);
	return over;
}

/* A directory can be opened, and be read as one only. */
static int unreadable(const char *path)
{
	struct strs names = {0};
	FILE *in = platform_open(path, "rb");
	int number = in == NULL ? errno : 0;
	size_t len = 0;

	if (in == NULL)
		return number;
	if (platform_is_file(in)) {
		char *text = file_read(path, IDENTITY_PASSWORD_MAX, &len, &number);
		wipe(text, len);
	} else if (platform_list(path, &names, NULL) == 0) {
		number = EISDIR;
	}
	strs_release(&names);
	fclose(in);
	return number;
}

void password_file_check(const char *path, struct diags *diags)
{
	int number = unreadable(path);

	if (number != 0)
		diags_add(diags, path, 0, 0, "%s", strerror(number));
}

static bool try_environment(struct attempt *a)
{
	const char *text = getenv(INPUTS_PASSWORD_VARIABLE);
	size_t len = text != NULL ? strlen(text) : 0;

	if (len == 0 || len > IDENTITY_PASSWORD_MAX || !try_password(a, text, len, "environment"))
		return false;
	set_text(&a->candidate->password_file, NULL);
	return true;
}

/* Length of a name without its last extension. */
static size_t stem(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);
}

static bool same_stem(const char *a, const char *b)
{
	return stem(a) == stem(b) && strncmp(a, b, stem(a)) == 0;
}

static bool try_beside(struct attempt *a, const struct strs *names, const char *directory)
{
	const char *own = path_base(a->candidate->path);
	int left = FILES_MAX;

	for (int same = 1; same >= 0; same--) {
		for (size_t i = 0; i < names->count; i++) {
			const char *name = names->items[i];
			if (!glob_match_any(&a->entry->passwords, name, true) ||
				strcmp(name, own) == 0 || same_stem(name, own) != (same == 1) ||
				left-- <= 0)
				continue;
			struct strbuf path;
			strbuf_init(&path, 8192);
			strbuf_addf(&path, "%s/%s", directory, name);
			bool over = try_file(a, path.data);
			strbuf_release(&path);
			if (over)
				return true;
		}
	}
	return false;
}

static bool try_files_beside(struct attempt *a)
{
	const char *path = a->candidate->path, *base = path_base(path);
	struct strs names = {0};
	char *directory;
	bool over = false;

	if (a->entry->passwords.count == 0)
		return false;
	directory = base == path ? mem_strdup(".") : mem_strndup(path, (size_t)(base - path));
	if (platform_list(directory, &names, NULL) == 0)
		over = try_beside(a, &names, directory);
	strs_release(&names);
	free(directory);
	return over;
}

static bool ask(struct attempt *a)
{
	struct strbuf typed, prompt;
	bool over = false;

	strbuf_init(&typed, IDENTITY_PASSWORD_MAX);
	strbuf_init(&prompt, 1024);
	json_t *name = facts_safe_string(
		path_base(a->candidate->path), strlen(path_base(a->candidate->path)));
	strbuf_addf(&prompt,
		a->search->inputs->lang == LANG_JA ? "%s のパスワード: " : "Password of %s: ",
		json_string_value(name));
	json_decref(name);
	if (platform_ask_secret(prompt.data, &typed) == 0) {
		search_release(a->search);
		a->search->typed = mem_strndup(typed.data, typed.len);
		over = try_password(a, typed.data, typed.len, "terminal");
	}
	OPENSSL_cleanse(typed.data, typed.len);
	strbuf_release(&typed);
	strbuf_release(&prompt);
	return over;
}

/* What was typed for one file is tried on the next before the user is asked again. */
static bool try_user(struct attempt *a)
{
	const char *typed = a->search->typed;

	if (typed != NULL && try_password(a, typed, strlen(typed), "terminal"))
		return true;
	return a->search->inputs->may_ask && ask(a);
}

void search_release(struct search *search)
{
	wipe(search->typed, search->typed != NULL ? strlen(search->typed) : 0);
	search->typed = NULL;
}

/* ---- a file ---- */

static void try_all(struct attempt *a)
{
	const char *named = a->search->inputs->password_file;

	if (try_bytes(a, "", 0)) {
		a->candidate->password_from = "none";
		return;
	}
	if ((named != NULL && try_file(a, named)) || try_environment(a) || try_files_beside(a) ||
		try_user(a))
		return;
	a->result = OPEN_PASSWORD;
}

static const char *error_of(const struct attempt *a)
{
	switch (a->result) {
	case OPEN_DONE:
		return NULL;
	case OPEN_PASSWORD:
		return a->any ? "wrong-password" : "no-password";
	case OPEN_UNSUPPORTED:
		return "unsupported";
	case OPEN_DAMAGED:
		return "unreadable";
	}
	return "unreadable";
}

/* The first pair that belongs together; else the first key and the first certificate that fits. */
static void take_pair(struct candidate *c, struct container *from, bool authority)
{
	int count = sk_X509_num(from->certificates), chosen = -1;
	size_t key = 0;

	for (int i = 0; i < count && chosen < 0; i++)
		for (size_t k = 0; k < from->key_count && !authority && !c->key_matches; k++)
			if (X509_check_private_key(
				    sk_X509_value(from->certificates, i), from->keys[k]) == 1) {
				chosen = i;
				key = k;
				c->key_matches = true;
			}
	for (int i = 0; i < count && chosen < 0; i++)
		if ((X509_check_ca(sk_X509_value(from->certificates, i)) > 0) == authority)
			chosen = i;
	c->certificate = sk_X509_delete(from->certificates, chosen >= 0 ? chosen : 0);
	c->chain = from->certificates;
	from->certificates = NULL;
	c->has_key = from->key_count > 0;
	if (c->has_key) {
		c->key = from->keys[key];
		from->keys[key] = from->keys[--from->key_count];
	}
}

void candidate_open(struct candidate *candidate, const unsigned char *bytes, size_t len,
	const struct rule_certificate *entry, struct search *search)
{
	struct attempt a = {.candidate = candidate,
		.bytes = bytes,
		.len = len,
		.entry = entry,
		.search = search};

	try_all(&a);
	candidate->error = error_of(&a);
	candidate->format = a.container.format;
	candidate->encryption = a.container.encryption;
	candidate->legacy = a.container.legacy;
	if (candidate->error == NULL) {
		set_text(&candidate->error_text, NULL);
		take_pair(candidate, &a.container, entry->authority);
	}
	container_release(&a.container);
}
