/*
 * Check types: the contract between a check's file in checks/ and the rest.
 *
 *   targets  what it would contact          (plan; sends nothing)
 *   start    begin asynchronous work        (run; loop thread)
 *   collect  or: read the OS                (run; worker thread)
 *   judge    facts -> verdict and cause     (pure: no I/O, no clock, no globals)
 *
 * Fill every slot: check_targets_none, check_start_collect, check_collect_none, check_stop_none,
 * check_release_none say "nothing".
 */
#ifndef PREFLIGHT_CHECK_H
#define PREFLIGHT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts.h"
#include "fetch.h"
#include "lang.h"
#include "loop.h"
#include "names.h"
#include "rules.h"
#include "terminal.h"
#include "verdict.h"

/* ---- plan ---- */

struct target {
	const char *protocol;          /* "TCP", "UDP", "DNS"; static */
	const char *purpose;           /* "IKE", "TLS", "HTTP", "DTLS", "name"; static */
	char host[256];                /* name, or "" for a bare address */
	char address[NET_ADDR_STRLEN]; /* known address, or "" when only the name is known */
	uint16_t port;
	const char *check; /* id; borrowed */
};
struct targets {
	struct target *items; /* owned; free with targets_release */
	size_t count, capacity;
};
void targets_release(struct targets *list);
/* Adds the host's documented addresses (or the name alone) for one protocol and port. */
void targets_add_host(struct targets *list, const struct rule_check *check, const char *protocol,
	const char *purpose, const struct rule_host *host, uint16_t port);
/* Adds the DNS servers that resolve the host's name, each once in the list. */
void targets_add_names(struct targets *list, const struct rule_check *check,
	const struct rule_host *host, const struct terminal *terminal);
void targets_add(struct targets *list, const struct target *target);

/* ---- run ---- */

struct run;        /* run.h */
struct rtt_board;  /* rtt.h */
struct path_board; /* path_probe.h */

/* One check being run. */
struct check_run {
	const struct rule_check *check;
	struct run *run;
	struct facts facts;   /* filled by the check */
	struct facts timings; /* milliseconds, by name; not judged on */
	void *state;          /* the check's own; freed by its release slot */
	bool finished;
};

/* Says that the facts are complete; call exactly once, from the loop's thread. */
void check_done(struct check_run *c);

/* What a check may use while it runs; all borrowed. */
struct loop *run_loop(const struct run *run);
struct names *run_names(const struct run *run);
struct fetches *run_fetches(const struct run *run);
const struct terminal *run_terminal(const struct run *run);
const struct rules *run_rules(const struct run *run);
struct rtt_board *run_rtts(const struct run *run);      /* rtt.h */
struct path_board *run_paths(const struct run *run);    /* path_probe.h */
struct ike_desk *run_ike(const struct run *run);        /* ike_desk.h */
const struct inputs *run_inputs(const struct run *run); /* never NULL */
/* A certificate of the rules, as found on this terminal; NULL for none. */
const struct identity *run_identity(
	const struct run *run, const struct rule_certificate *certificate);

/* The shared software inventory, read once; call from collect (worker thread) only. NULL and the
 * reason in *why (borrowed) when it cannot be read. */
const struct inventory *run_inventory(struct run *run, const char **why);

/* ---- judge ---- */

struct judge_input {
	const struct rule_check *check;
	const struct rules *rules;
	const struct facts *facts;
	double now;        /* wall clock at the start of the run, seconds since 1970 */
	bool vpn_required; /* --phase in-vpn was asked for */
};

struct judgement {
	enum verdict verdict;
	const char *cause; /* a code of cause.h, static storage; NULL for a plain pass */
	unsigned segments; /* 0: the cause's default; else what the evidence allows */
	unsigned actors;   /* 0: the cause's default */
};

enum {
	CHECK_NETWORK = 1 << 0, /* sends packets */
	CHECK_HOST = 1 << 1,    /* has a `host` key */
	/* Is about the host's name itself: goes on when the OS gives another address for it. */
	CHECK_NAME = 1 << 2,
	CHECK_PROXY = 1 << 3 /* has a `host` key too, and goes there through a proxy */
};

struct check_type {
	const char *name; /* as in `check:` */
	const char *text; /* one English sentence for the manual */
	const struct check_key *keys;
	size_t key_count;
	unsigned flags;
	const char *const *causes; /* every code that judge can give; NULL-terminated */
	void (*targets)(const struct rule_check *check, const struct terminal *terminal,
		struct targets *list);
	void (*start)(struct check_run *c);
	void (*stop)(struct check_run *c);    /* cut short: put what is known into the facts */
	void (*release)(struct check_run *c); /* free state; also without start */
	void (*collect)(struct check_run *c); /* worker thread: reads the OS, fills facts */
	void (*judge)(const struct judge_input *in, struct judgement *out);
	/*
	 * Before saved facts are judged by other rules: writes again what the facts repeat of the
	 * rules; false when these rules ask for something else than what was looked for. NULL: the
	 * facts hold nothing of the rules.
	 */
	bool (*restate)(const struct judge_input *in, struct facts *facts);
};

void check_targets_none(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list);
void check_start_collect(struct check_run *c); /* runs the collect slot on a worker */
void check_stop_none(struct check_run *c);
void check_release_none(struct check_run *c);
void check_collect_none(struct check_run *c);

/* The table (checks/checks.c), NULL-terminated. */
extern const struct check_type *const check_types[];
const struct check_type *check_type_find(const char *name);

/* Key rows that every check of a host shares, for use in tables. */
#define CHECK_KEY_HOST                                                                             \
	{                                                                                          \
		.name = "host", .type = KEY_HOST, .required = true,                                \
		.text = "Host to contact, an id in `hosts`."                                       \
	}

#endif
