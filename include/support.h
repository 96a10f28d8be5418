/*
 * Operating systems against the rule file: expressions such as "windows 10 build 19041", and the
 * vendor's support dates. Pure.
 */
#ifndef PREFLIGHT_SUPPORT_H
#define PREFLIGHT_SUPPORT_H

#include <stdbool.h>

#include "platform.h"
#include "rules.h"

/*
 * FAMILY [server | DISTRO] [VERSION…] [build N[+]] [spN[+]]
 *
 *   windows 7 sp1+           service pack 1 or later
 *   windows 10 build 19041   exactly this build; 19041+ also takes later ones
 *   windows server 2022      a server is never matched without the word
 *   macos 10.12              10.12 and its updates (version.h: terms and operators)
 *   linux debian 12          os-release ID and VERSION_ID
 */
bool os_expression_match(const char *expression, const struct os_info *os);
/* NULL when the expression can be read, else what is wrong (static string). */
const char *os_expression_validate(const char *expression);

/* Whether an edition is one of a list (case is ignored). "RT" also means Windows on 32-bit ARM. */
bool os_edition_listed(const struct strs *editions, const struct os_info *os);

enum support_state {
	SUPPORT_UNKNOWN,  /* the data does not tell */
	SUPPORT_NEWER,    /* newer than everything of its kind in the data */
	SUPPORT_CURRENT,  /* the vendor supports it */
	SUPPORT_ENDING,   /* it does, but not for long */
	SUPPORT_EXTENDED, /* only by an extension that has to be bought or switched on */
	SUPPORT_ENDED
};
struct support {
	enum support_state state;
	const struct rule_lifecycle *entry; /* what was found; NULL: nothing. Borrowed */
};

/*
 * The state on a day (days since 1970-01-01); the last day of support counts as supported. An OS
 * that is older than every one in the data has ended when the oldest of them has.
 *
 * A build of Windows that is not in the data is compared with those of its channel and processor:
 * newer than all of them is newer. Numbers of different branches say nothing about which came
 * later: one that belongs to a branch is newer when it is newer than all of that branch and the
 * branch is still supported. A build that is known for other channels only has ended when it has in
 * all of them.
 */
struct support support_find(
	const struct rules *rules, const struct os_info *os, long long day, long long warn_days);

#endif
