/*
 * The support code: what a report says, in at most 20 symbols that can be read out by phone.
 *
 * Symbols are Crockford's base32 (no I, L, O, U), in groups of four. The last two are the check
 * symbols of a Reed-Solomon code over GF(32) with distance 3: any one or two wrong symbols are
 * detected, and so is every swap of two. Before them stand up to 18 symbols, 90 bits, of an
 * arithmetic code over
 *
 *   format version, kind, overall verdict, fingerprint of the rules, causes, profiles, phase
 *   and, if the kind is "verdicts", the verdict of every check.
 *
 * Causes are numbers (cause.h), as many as there is room for, the first root cause first. Verdicts
 * stand in the order of the rules, packed by what is likely; so they, profiles and phase can be
 * read with the same rules only, which the fingerprint tells. Where the verdicts do not fit even
 * without any cause, the kind is "causes". Length: 8, 12, 16 or 20 symbols.
 *
 * Whatever is changed about the contents gets a new format version.
 */
#ifndef PREFLIGHT_SUPPORT_CODE_H
#define PREFLIGHT_SUPPORT_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diagnose.h"
#include "plan.h"
#include "rules.h"

#define SUPPORT_CODE_VERSION 1
#define SUPPORT_CODE_SYMBOLS 20 /* at most */
#define SUPPORT_CODE_SIZE    (SUPPORT_CODE_SYMBOLS + SUPPORT_CODE_SYMBOLS / 4)
#define SUPPORT_CODE_CAUSES  12 /* at most */

/* ---- symbols (support_code.c) ---- */

enum support_code_error {
	SUPPORT_CODE_OK,
	SUPPORT_CODE_SYMBOL, /* not a symbol: at position */
	SUPPORT_CODE_LENGTH, /* position: how many symbols there are */
	SUPPORT_CODE_CHECK, /* wrong or swapped symbols; position: if only one is wrong, this one */
	SUPPORT_CODE_VERSION_OTHER, /* position: the version of the code */
	SUPPORT_CODE_CONTENT        /* no report has such contents */
};

struct support_code_problem {
	enum support_code_error error;
	size_t position; /* 1-based, separators not counted; 0: not known */
	bool swapped;    /* SUPPORT_CODE_CHECK: swapping `position` and the next one mends it */
};

/* Adds check symbols to `count` (6, 10, 14 or 18) values below 32 and writes "ABCD-EFGH". */
void support_code_write(const uint8_t *data, size_t count, char out[SUPPORT_CODE_SIZE]);

/*
 * Reads a code as people type it: lower case, full-width letters, spaces and hyphens of all kinds,
 * O for 0, I and L for 1. Gives the data symbols without the check symbols.
 */
int support_code_read(const char *text, uint8_t data[SUPPORT_CODE_SYMBOLS], size_t *count,
	struct support_code_problem *problem);

/* ---- contents (support_code_pack.c) ---- */

struct support_content {
	enum verdict overall; /* pass: ready, fail: not ready, unknown */
	uint16_t fingerprint; /* of the rules */
	bool rules_match;     /* the fingerprint is that of the rules at hand */
	bool has_verdicts;    /* kind "verdicts" */
	/* The whole profiles in their phase, whatever --only left of them; owned. Only when
	 * rules_match. */
	struct plan plan;
	/* By plan item; VERDICT_COUNT: left out by --only or --skip. Owned. NULL unless
	 * has_verdicts and rules_match. */
	uint8_t *verdicts;
	int causes[SUPPORT_CODE_CAUSES]; /* numbers, the first root cause first */
	size_t cause_count;
	bool more; /* there were more causes than there was room for */
};
void support_content_release(struct support_content *content);

/* Hash bits of the SHA-256s of all rule files and settings, in their order. */
uint16_t support_code_fingerprint(const struct rules *rules);

/* The code of a diagnosis. */
void support_code_make(
	char out[SUPPORT_CODE_SIZE], const struct diagnosis *d, const struct plan *plan);

/* The code of contents whose rules match; -1 when they do not fit as they are. */
int support_code_pack(char out[SUPPORT_CODE_SIZE], const struct support_content *content);

/*
 * Reads a code by these rules. 0, or -1 and the problem. Release the contents in both cases.
 */
int support_code_unpack(struct support_content *content, const char *text,
	const struct rules *rules, struct support_code_problem *problem);

#endif
