/*
 * The rule file's model: what rules.yaml and --rules files say, checked and merged.
 *
 * Everything reachable from a struct rules is owned by it and freed by rules_free, all at once:
 * strings and lists stand in its arena, so nothing of them may be freed, replaced or added to on
 * its own (no free, strs_add or strs_release). Pointers between its parts (check ->
 * host) stay valid as long as it lives.
 */
#ifndef PREFLIGHT_RULES_H
#define PREFLIGHT_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"
#include "lang.h"
#include "mem.h"
#include "net.h"
#include "verdict.h"

struct check_type; /* check.h */
struct arena;      /* rules/arena.h */

/* Bounds of a rule file; beyond them it is refused. */
#define RULES_MAX_BYTES   (1024 * 1024)
#define RULES_MAX_DEPTH   12
#define RULES_MAX_ENTRIES 5000 /* per section */
#define RULES_MAX_STRING  8192 /* bytes of one scalar */
#define RULES_VERSION     1

struct where {
	const char *file; /* borrowed from the rules' file list */
	int line, column; /* 1-based */
};

/* The kinds of value that a key of a check can have. */
enum key_type {
	KEY_BOOL,
	KEY_INT,         /* min..max */
	KEY_STR,         /* 1..max bytes */
	KEY_ENUM,        /* one of choices */
	KEY_SIZE,        /* bytes: 100 MB (10^6), 100 MiB (2^20), 1 GB, …; min..max */
	KEY_DURATION,    /* milliseconds: 500ms, 5s, 2m; min..max */
	KEY_DATE,        /* YYYY-MM-DD; kept as days since 1970-01-01 */
	KEY_HOST,        /* id in `hosts` */
	KEY_STRS,        /* list of strings, each 1..max bytes; a single string is a list of one */
	KEY_SOFTWARE,    /* list of ids or globs in `software` */
	KEY_CERTIFICATE, /* id in `certificates` */
	KEY_PRODUCTS,    /* list of expressions as in product.h, over ids in `products` */
	KEY_TEXT         /* {ja: …, en: …}, both needed */
};

/* One key of a check, as data: parser, lint, explain, JSON Schema and manual come from it. */
struct check_key {
	const char *name;
	enum key_type type;
	bool required;
	long long min, max;         /* bounds as said at the type; 0, 0: the type's own */
	const char *fallback;       /* default, written as in the rule file; NULL: unset */
	const char *const *choices; /* KEY_ENUM: NULL-terminated */
	/* KEY_STR, KEY_STRS: NULL when the text is fine, else what is wrong (static string). */
	const char *(*validate)(const char *text);
	const char *text; /* one English sentence for the manual */
};

struct value {
	bool set; /* given, or the key has a default */
	bool boolean;
	long long
		number; /* KEY_INT, KEY_SIZE, KEY_DURATION (ms), KEY_DATE (days); KEY_ENUM: index */
	char *string;   /* KEY_STR, KEY_ENUM */
	struct strs list; /* KEY_STRS, KEY_SOFTWARE, KEY_PRODUCTS (as written) */
	const struct rule_host *host;
	const struct rule_certificate *certificate;
	struct text text;
	struct where where;
};

/* A certificate that the terminal must have; where it is looked for. */
struct rule_certificate {
	char *id;
	bool authority; /* `role: ca`: a CA certificate; else `client`: a client's, with its key */
	struct strs files; /* `file`: globs of names in the working directory; --cert, --ca win */
	struct strs passwords; /* `password-file`: globs of names beside the certificate's file */
	bool store;            /* `store`: also looked for in the OS's store (personal or root) */
	struct strs
		issuers; /* `issuer`: globs over the issuer's CN and O, for the store; none: any */
	struct strs except; /* `except-issuer`: the same, of those that are for something else */
	const struct rule_certificate *ca; /* `ca`: the CA that issued it, or NULL */
	struct text use;                   /* what it is for, in a few words */
	struct where where;
};

struct rule_host {
	char *id;
	char *name;                 /* DNS name without the trailing dot */
	struct net_addr *addresses; /* documented addresses, may be none */
	size_t address_count;
	char *zone;      /* zone under which a random label must not exist; NULL: parent of name */
	struct text use; /* what the host is for */
	bool internal;   /* reachable in the VPN only (`reach: vpn`) */
	/* Stands in for it, or NULL; never itself, but two may name each other: go one step. */
	const struct rule_host *fallback;
	struct where where;
};

/* Text per cause: overrides of one check. */
struct rule_remedy {
	char *cause; /* a code of cause.h */
	struct text text;
	struct where where;
};

struct rule_check {
	char *id;
	const struct check_type *type;
	enum phase phase;
	enum severity severity;
	struct strs sources; /* requirement rows: C3, L5 */
	struct strs needs;   /* ids of checks whose failure explains this one's */
	struct text title;
	struct text why;
	struct rule_remedy *remedies;
	size_t remedy_count;
	struct value *values; /* parallel to type->keys */
	struct where where;
};

/* Reading a check's values. `key` must be in the type's table (asserted). */
const struct value *rule_value(const struct rule_check *check, const char *key);
/* The same when the type has the key and it is set; else NULL. */
const struct value *rule_given(const struct rule_check *check, const char *key);
bool rule_bool(const struct rule_check *check, const char *key);
long long rule_number(const struct rule_check *check, const char *key, long long absent);
const char *rule_string(const struct rule_check *check, const char *key); /* or NULL */
const struct strs *rule_list(const struct rule_check *check, const char *key);
const struct rule_host *rule_host(const struct rule_check *check, const char *key); /* or NULL */
const struct rule_certificate *rule_certificate(
	const struct rule_check *check, const char *key); /* or NULL */

/* The conflict list: one entry per product, matchers per OS. */
struct rule_match {
	char *os;          /* linux, windows, macos */
	char *kind;        /* package, program, service, driver, … (inventory.h) */
	struct strs names; /* globs, anchored, case-insensitive, on the forms of the name
			      (match_forms.h) */
	char *publisher;   /* glob, or NULL: any */
	bool no_publisher; /* an entry that tells no publisher fits `publisher`, too */
	char *code;        /* product or upgrade code, or NULL */
	char *version;     /* version expression ("6.*", ">=6.2 <6.8"), or NULL: any */
	bool other;        /* an `other version` match: the product, but not the named version */
	struct where where;
};

struct rule_software {
	char *id;
	struct text title;
	long long item; /* number in the source document's list, 0: none */
	struct rule_match *matches;
	size_t match_count;
	struct strs except; /* globs of names that never match */
	struct text remedy; /* may be empty: the cause's own */
	struct where where;
};

/* Vendor support per OS version. */
struct rule_lifecycle {
	char *id;
	char *os;      /* windows, macos, linux */
	char *distro;  /* linux: os-release ID; else NULL */
	char *version; /* version glob matched against os version ("12", "22.04", "10.12*") or NULL
			*/
	long long build;      /* Windows build number, 0: not by build */
	char *channel;        /* windows: home-pro, enterprise, ltsc, iot-ltsc, server; NULL: any */
	struct strs editions; /* windows: globs of EditionID; none: any */
	char *arch;           /* windows: the only processor that it exists for; NULL: every */
	char *branch; /* windows: builds that are made from each other by a switch; NULL: its own */
	char *name;   /* as people say it: "Windows 11 25H2" */
	long long end;          /* days since epoch; -1: no end published */
	long long extended_end; /* paid or community extension; -1: none */
	char *extended_name;    /* "ESU", "LTS", NULL */
	struct where where;
};

/* TLS interception: who signs instead of a public CA. */
struct rule_interceptor {
	char *id;
	char *name;   /* product, as shown */
	char *issuer; /* glob over the issuer's CN, O and OU, each tried */
	struct where where;
};

struct rule_cause {
	char *code;
	struct text title;    /* one line: what is broken */
	struct text evidence; /* template over facts: "{host} …[ ({offender})]" */
	struct text remedy;   /* who does what next */
	struct where where;
};

struct rule_profile {
	char *id;
	struct text title;
	struct strs checks; /* ids and globs as written */
	struct strs except;
	struct text service; /* what `request` calls the service; may be empty: the title */
	/* Signs that this profile fits (`when-vpn`, `when-file`): globs of names of connected VPNs,
	 * and of files in the working directory. */
	struct strs when_vpn, when_file;
	struct where where;
};

/* A row of the requirement list, for explain and for the test that no row is left out. */
struct rule_requirement {
	char *id;           /* C3 */
	struct text text;   /* the requirement */
	struct text source; /* document title and date */
	char *ask; /* `ask`: who is asked to meet it: it, network, carrier, desk; NULL: network */
	struct text note; /* what `request` tells them about it; may be empty */
	struct where where;
};

struct rule_file {
	char *name;      /* as given; "(built-in)" for the default */
	char sha256[65]; /* of its bytes, hexadecimal */
};

struct rules {
	struct arena *arena; /* what strings and lists stand in */
	struct rule_file *files;
	size_t file_count;
	struct rule_host *hosts;
	size_t host_count;
	struct rule_check *checks; /* in the order of first appearance */
	size_t check_count;
	struct rule_software *software;
	size_t software_count;
	/* Products that checks of type `installed` ask for; entries as in `software`. */
	struct rule_software *products;
	size_t product_count;
	struct rule_certificate *certificates;
	size_t certificate_count;
	struct rule_lifecycle *lifecycle;
	size_t lifecycle_count;
	long long lifecycle_date; /* day of the data, days since epoch; 0: not said */
	struct rule_interceptor *interceptors;
	size_t interceptor_count;
	struct rule_cause *causes;
	size_t cause_count;
	struct rule_profile *profiles;
	size_t profile_count;
	struct rule_requirement *requirements;
	size_t requirement_count;
};

/* A rule file that the build has read already; see rules/pack.h. */
struct rule_pack {
	const unsigned char *bytes;
	size_t len;
	char sha256[65]; /* of the file's bytes, hexadecimal */
};

/* One source of rules: a text or a pack. */
struct rule_source {
	const char *name;             /* shown in messages */
	const char *text;             /* UTF-8 YAML */
	size_t len;                   /* bytes */
	const struct rule_pack *pack; /* if not NULL, instead of the text */
};

/*
 * Loads and merges: later sources add to and override earlier ones, by id and key. All problems
 * of all sources are reported in `diags`. Returns NULL when there is at least one. Free with
 * rules_free.
 */
struct rules *rules_load(const struct rule_source *sources, size_t count, struct diags *diags);
void rules_free(struct rules *rules);

/* The default rules, compiled in. Static storage. */
struct rule_source rules_builtin(void);

/* Reads a file for rules_load (at most RULES_MAX_BYTES); -1 and a diagnostic on failure.
 * The caller frees *text with free(). */
int rules_read_file(const char *path, char **text, size_t *len, struct diags *diags);

/*
 * Makes a rule source of NAME=VALUE as --set takes it: NAME is the path of keys joined by dots
 * (checks.term-disk.free=200MB). Returns malloc'ed YAML, or NULL and a diagnostic.
 */
char *rules_from_setting(const char *setting, struct diags *diags);

const struct rule_profile *rules_profile(const struct rules *rules, const char *id);
const struct rule_check *rules_check(const struct rules *rules, const char *id);
const struct rule_software *rules_product(const struct rules *rules, const char *id);
const struct rule_cause *rules_cause(const struct rules *rules, const char *code);
const struct rule_requirement *rules_requirement(const struct rules *rules, const char *id);

/* Glob with * and ?, anchored at both ends; fold: ASCII case is ignored. */
bool glob_match(const char *pattern, const char *text, bool fold);
/* Whether one of them matches. */
bool glob_match_any(const struct strs *globs, const char *text, bool fold);

#endif
