/*
 * The forms of a name: what stands at its end and only tells version, processor, language or
 * platform is taken off step by step, so that a rule need not list what a vendor changes with every
 * release.
 */
#include "match_forms.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rules.h"

#define DIGITS  "0123456789"
#define VERSION DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-+_~"

/* Words that stand before a number of a release: "v2.1", "R73", "SP1", "HFA3". */
static const char *const release_words[] = {
	"v", "r", "e", "sp", "mp", "mr", "mu", "hf", "hfa", NULL};

/* Words that tell a processor, a language, a way of buying or nothing at all. */
static const char *const plain_words[] = {"x64", "x86", "amd64", "arm64", "ia32", "win32", "win64",
	"64-bit", "32-bit", "64bit", "32bit", "64ビット", "32ビット", "japanese", "english",
	"日本語", "日本語版", "ja-jp", "en-us", "version", "ver.", "trial", "beta", "体験版",
	"製品版", "-", "–", NULL};

/* The same in several words, as they end a name. */
static const char *const phrases[] = {" 64 bit", " 32 bit", " 64 ビット", " 32 ビット",
	" service pack", " maintenance release", " patch", " hotfix", " build", " for windows",
	" for macos", " for mac", " for mac os x", " for linux", NULL};

static bool same(const char *word, size_t len, const char *known)
{
	char text[32];

	if (len >= sizeof text)
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return glob_match(known, text, true);
}

static bool is_one_of(const char *word, size_t len, const char *const *known)
{
	for (; *known != NULL; known++)
		if (same(word, len, *known))
			return true;
	return false;
}

static bool is_version(const char *word, size_t len)
{
	size_t letters = 0;

	while (letters < len && strchr(DIGITS, word[letters]) == NULL)
		letters++;
	if (letters == len || (letters > 0 && !is_one_of(word, letters, release_words)))
		return false;
	return strspn(word + letters, VERSION) >= len - letters;
}

static bool is_number_of_copy(const char *word, size_t len)
{
	return len > 1 && word[0] == '#' && strspn(word + 1, DIGITS) >= len - 1;
}

static bool tells_nothing(const char *word, size_t len)
{
	return len == 0 || is_version(word, len) || is_number_of_copy(word, len) ||
	       is_one_of(word, len, plain_words) || same(word, len, "bit") ||
	       same(word, len, "ビット");
}

/* Whether all words between two places tell nothing. */
static bool all_tell_nothing(const char *from, const char *to)
{
	while (from < to) {
		size_t len = strcspn(from, " ,)");

		if (len > (size_t)(to - from))
			len = (size_t)(to - from);
		if (!tells_nothing(from, len))
			return false;
		from += len + 1;
	}
	return true;
}

static size_t ends_with_one_of(const char *name, size_t len, const char *const *endings)
{
	for (; *endings != NULL; endings++) {
		size_t n = strlen(*endings);

		if (n < len && same(name + len - n, n, *endings))
			return n;
	}
	return 0;
}

/* How much of the name's end tells nothing about the product; 0: none. */
static size_t tail_of(const char *name, size_t len)
{
	const char *open = strrchr(name, '('), *space = strrchr(name, ' ');
	size_t n;

	if (name[len - 1] == ')')
		return open != NULL && open > name && all_tell_nothing(open + 1, name + len - 1)
			       ? len - (size_t)(open - name)
			       : 0;
	n = ends_with_one_of(name, len, phrases);
	if (n > 0)
		return n;
	if (space == NULL || space == name)
		return 0;
	n = len - (size_t)(space + 1 - name);
	return tells_nothing(space + 1, n) && !same(space + 1, n, "bit") &&
			       !same(space + 1, n, "ビット")
		       ? n
		       : 0;
}

static char *cut(const char *name, size_t len)
{
	while (len > 0 && strchr(" ,", name[len - 1]) != NULL)
		len--;
	return len > 0 ? mem_strndup(name, len) : NULL;
}

static void add(struct match_forms *forms, char *name)
{
	if (name == NULL)
		return;
	for (size_t i = 0; i < forms->count; i++) {
		if (strcmp(forms->items[i], name) != 0)
			continue;
		free(name);
		return;
	}
	if (forms->count < MATCH_FORMS_MAX)
		forms->items[forms->count++] = name;
	else
		free(name);
}

static void add_without_tails(struct match_forms *forms, const char *name)
{
	char *at = mem_strdup(name);
	size_t tail;

	while (at != NULL && *at != '\0' && (tail = tail_of(at, strlen(at))) > 0) {
		char *next = cut(at, strlen(at) - tail);
		free(at);
		at = next;
		if (at != NULL)
			add(forms, mem_strdup(at));
	}
	free(at);
}

/* "Security 10.1 for Windows Server": a version may stand in the middle, too. */
static void add_without_versions(struct match_forms *forms, const char *name)
{
	char *out = mem_alloc(strlen(name) + 1);
	size_t used = 0;

	for (const char *word = name; *word != '\0';) {
		size_t len = strcspn(word, " ");

		if (word == name || !is_version(word, len)) {
			if (used > 0)
				out[used++] = ' ';
			memcpy(out + used, word, len);
			used += len;
		}
		word += len + strspn(word + len, " ");
	}
	out[used] = '\0';
	add(forms, out);
}

static bool is_wide(char c)
{
	return ((unsigned char)c & 0x80) != 0;
}

/* Japanese names are written with and without blanks between their words. */
static void add_joined(struct match_forms *forms, const char *name)
{
	char *out = mem_alloc(strlen(name) + 1);
	size_t used = 0;

	for (const char *p = name; *p != '\0'; p++)
		if (*p != ' ' || p == name || !(is_wide(p[-1]) || is_wide(p[1])))
			out[used++] = *p;
	out[used] = '\0';
	add(forms, out);
}

void match_forms_make(struct match_forms *forms, const char *name)
{
	forms->count = 0;
	add(forms, mem_strdup(name));
	if (strpbrk(name, " (") == NULL)
		return;
	add_without_tails(forms, name);
	for (size_t i = forms->count; i > 0; i--)
		add_without_versions(forms, forms->items[i - 1]);
	for (size_t i = forms->count; i > 0; i--)
		add_joined(forms, forms->items[i - 1]);
}

void match_forms_release(struct match_forms *forms)
{
	for (size_t i = 0; i < forms->count; i++)
		free(forms->items[i]);
	forms->count = 0;
}
