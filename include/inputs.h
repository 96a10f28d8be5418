/*
 * Files that the user hands over with the command line, besides the rules: certificates, a dump,
 * another terminal's inventory.
 */
#ifndef PREFLIGHT_INPUTS_H
#define PREFLIGHT_INPUTS_H

#include <stdbool.h>

#include "lang.h"
#include "mem.h"

struct saved; /* saved.h */

/* What was typed, kept for further runs of the same process. */
struct secret_memory {
	char *typed; /* owned; NULL: nothing yet. Wiped by identities_forget */
};

struct inputs {
	struct strs certificates;  /* --cert FILE: the client certificate; several are candidates */
	struct strs authorities;   /* --ca FILE */
	const char *password_file; /* --password-file FILE, or NULL; borrowed */
	bool may_ask;              /* a password may be asked for on the terminal */
	enum lang lang;            /* of that question */
	struct secret_memory *memory; /* borrowed; NULL: what is typed is forgotten */
	const char *dump;             /* --dump FILE, or NULL; borrowed */
	const struct saved *saved;    /* --inventory FILE, as read; NULL: this terminal. Borrowed */
};

/* The environment variable that holds the password of the client certificate's file. */
#define INPUTS_PASSWORD_VARIABLE "PREFLIGHT_CERT_PASSWORD"

void inputs_release(struct inputs *inputs);

#endif
