/*
 * The plan: which checks of which profiles will run, in which phase, and what they would contact.
 */
#ifndef PREFLIGHT_PLAN_H
#define PREFLIGHT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "diag.h"
#include "inputs.h"
#include "mem.h"
#include "rules.h"
#include "terminal.h"

enum skip_reason {
	SKIP_NONE,
	SKIP_VPN_DOWN, /* in-VPN check, and no VPN is connected */
	SKIP_VPN_UP,   /* Internet check, and the VPN is connected (row C10) */
	SKIP_FALLBACK, /* a fallback host is out of reach, and what it stands in for answers */
	SKIP_PROXY,    /* browsers open the page through the proxy; directly it fails */
	SKIP_SAVED,    /* the terminal is a saved inventory, which cannot tell this */
	SKIP_REASON_COUNT
};
const char *skip_reason_name(enum skip_reason reason); /* "vpn-down", … */

struct plan_item {
	const struct rule_check *check;
	enum skip_reason skip;
	const char *waived; /* reason of --waive, or NULL; borrowed from the request */
};

enum phase_choice { PHASE_CHOICE_AUTO, PHASE_CHOICE_BEFORE_VPN, PHASE_CHOICE_IN_VPN };

struct plan_request {
	struct strs profiles; /* ids; empty: the default, "registry" */
	struct strs only;     /* ids or globs */
	struct strs skip;     /* ids or globs */
	struct strs waive;    /* ID=REASON */
	enum phase_choice phase;
	const struct inputs *inputs; /* borrowed; NULL: none */
};

struct plan {
	const struct rules *rules;
	const struct terminal *terminal;
	const struct rule_profile **profiles; /* owned array of borrowed pointers */
	size_t profile_count;
	struct plan_item *items; /* owned; in the order of the rule file */
	size_t item_count;
	enum phase phase; /* PHASE_BEFORE_VPN or PHASE_IN_VPN */
	bool phase_forced;
	const struct inputs *inputs; /* of the request; may be NULL */
	struct strs only, skip;      /* of the request; borrowed */
};

/*
 * Makes a plan; -1 and messages (file "" and line 0: command line) when a profile, id or glob
 * names nothing or nothing is left. Release with plan_release.
 */
int plan_make(struct plan *plan, const struct plan_request *request, const struct rules *rules,
	const struct terminal *terminal, struct diags *diags);
void plan_release(struct plan *plan);

/*
 * Which of rules->certificates the plan's items name, and the CAs of those; one bool each, freed
 * with free(). skipped: also those that only skipped items name.
 */
bool *plan_certificates(const struct plan *plan, bool skipped);

/* Whether one of the plan's items makes a TLS connection, for which the OS's roots are needed. */
bool plan_uses_tls(const struct plan *plan);
/*
 * Whether a check looks for a file that is not named, and would not miss it: of a saved terminal
 * there is nothing to say then.
 */
bool plan_lacks_file(const struct plan *plan, const struct rule_check *check);

/* Complains about files of the command line that no selected check uses. */
void plan_check_files(const struct plan *plan, struct diags *diags);

/* Everything the plan's items would contact, without duplicates per check. */
void plan_targets(const struct plan *plan, struct targets *list);

#endif
