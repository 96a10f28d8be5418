/* Redacted facts: each word is tried as every kind of address that it may have been. */
#include "redacted.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "report/internal.h"

#define WORD "private-"

/*
 * Kinds of addresses that redaction replaces (a global one may be the terminal's own), and the
 * documented one of the check's host.
 */
enum guess {
	GUESS_PRIVATE,
	GUESS_SHARED,
	GUESS_LINK_LOCAL,
	GUESS_GLOBAL,
	GUESS_IPV6,
	GUESS_HOST,
	GUESS_COUNT
};

struct guessing {
	const struct result *result;
	enum guess guess;
};

/* The number of a text that is one word, else 0. */
static unsigned long word_number(const char *text)
{
	char *end;

	if (text == NULL || strncmp(text, WORD, sizeof WORD - 1) != 0 ||
		!isdigit((unsigned char)text[sizeof WORD - 1]))
		return 0;
	unsigned long number = strtoul(text + sizeof WORD - 1, &end, 10);
	return *end == '\0' ? number : 0;
}

/* The first documented address that redaction would have replaced. */
static const struct net_addr *inner_address(const struct rule_check *check)
{
	const struct rule_host *host = check_host(check);

	for (size_t i = 0; host != NULL && i < host->address_count; i++)
		if (net_addr_class(&host->addresses[i]) != NET_GLOBAL)
			return &host->addresses[i];
	return NULL;
}

static void stand_in(char buf[NET_ADDR_STRLEN], const struct guessing *g, const char *word)
{
	unsigned n = (unsigned)word_number(word) & 0xffff;
	enum guess guess = g->guess;

	/* An answer's list tells the family. */
	if (guess == GUESS_IPV6 && facts_list_has(g->result->facts, "a", word))
		guess = GUESS_PRIVATE;
	else if (guess < GUESS_IPV6 && facts_list_has(g->result->facts, "aaaa", word))
		guess = GUESS_IPV6;
	switch (guess) {
	case GUESS_PRIVATE:
		snprintf(buf, NET_ADDR_STRLEN, "10.255.%u.%u", n >> 8, n & 0xff);
		break;
	case GUESS_SHARED:
		snprintf(buf, NET_ADDR_STRLEN, "100.127.%u.%u", n >> 8, n & 0xff);
		break;
	case GUESS_LINK_LOCAL:
		snprintf(buf, NET_ADDR_STRLEN, "169.254.%u.%u", n >> 8, n & 0xff);
		break;
	case GUESS_GLOBAL:
		snprintf(buf, NET_ADDR_STRLEN, "9.255.%u.%u", n >> 8, n & 0xff);
		break;
	case GUESS_IPV6:
		snprintf(buf, NET_ADDR_STRLEN, "fdff:ffff::%x", n + 1);
		break;
	case GUESS_HOST:
	case GUESS_COUNT:
		net_addr_format(inner_address(g->result->check), buf);
		break;
	}
}

static bool has_words(const json_t *value)
{
	const char *name;
	json_t *item;
	size_t i;

	json_object_foreach(
		(json_t *)(uintptr_t)value, name, item) if (has_words(item)) return true;
	json_array_foreach(value, i, item) if (has_words(item)) return true;
	return word_number(json_string_value(value)) > 0;
}

/* Puts addresses in the place of words. */
static void replace(json_t *value, const struct guessing *g)
{
	char address[NET_ADDR_STRLEN];
	const char *name;
	json_t *item;
	size_t i;

	json_object_foreach(value, name, item) replace(item, g);
	json_array_foreach(value, i, item) replace(item, g);
	if (word_number(json_string_value(value)) > 0) {
		stand_in(address, g, json_string_value(value));
		json_string_set(value, address);
	}
}

static struct result judge_guess(
	const struct result *r, enum guess guess, const struct plan *plan, double now)
{
	struct guessing g = {.result = r, .guess = guess};
	struct facts facts = {.object = json_deep_copy(r->facts->object)};
	struct result out = *r;

	replace(facts.object, &g);
	out.facts = &facts;
	judge_result(&out, plan, now);
	out.facts = r->facts;
	facts_release(&facts);
	return out;
}

static bool is_same_cause(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

void redacted_judge(struct result *r, const struct plan *plan, double now)
{
	bool words = r->state == RUN_FINISHED && has_words(r->facts->object);
	struct result first;

	if (!words) {
		judge_result(r, plan, now);
		return;
	}
	first = judge_guess(r, GUESS_PRIVATE, plan, now);
	for (int i = GUESS_SHARED; i < GUESS_COUNT; i++) {
		if (i == GUESS_HOST && inner_address(r->check) == NULL)
			continue;
		struct result other = judge_guess(r, (enum guess)i, plan, now);
		if (other.verdict != first.verdict || !is_same_cause(other.cause, first.cause)) {
			r->state = RUN_NOT_SAVED;
			judge_result(r, plan, now);
			return;
		}
		first.segments |= other.segments;
		first.actors |= other.actors;
	}
	*r = first;
}
