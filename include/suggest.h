/*
 * Profiles that may fit this terminal better than the default: those whose `when-vpn` names a VPN
 * that is connected, or whose `when-file` names a file of the working directory.
 */
#ifndef PREFLIGHT_SUGGEST_H
#define PREFLIGHT_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "mem.h"
#include "plan.h"

struct suggestion {
	const struct rule_profile *profile; /* borrowed from the rules */
	bool file;                          /* found by a file's name, else by a VPN's */
	char *name;                         /* of the VPN or the file; owned */
};

struct suggestions {
	struct suggestion *items; /* in the order of the rule file, each profile once */
	size_t count, capacity;
};

/* Pure: profiles of the plan's rules that the plan has not; a VPN counts before a file. */
void suggest_profiles(struct suggestions *list, const struct plan *plan, const struct strs *files);

/*
 * The same with the files of the working directory, which is read only if a profile asks, and not
 * for a saved terminal.
 */
void suggest_here(struct suggestions *list, const struct plan *plan);

void suggestions_release(struct suggestions *list);

#endif
