/*
 * Verdicts, severities, phases: the words of the contract with users.
 */
#ifndef PREFLIGHT_VERDICT_H
#define PREFLIGHT_VERDICT_H

enum verdict {
	VERDICT_PASS,    /* requirement met, with evidence */
	VERDICT_WARN,    /* met, but look */
	VERDICT_FAIL,    /* not met, with evidence */
	VERDICT_UNKNOWN, /* evidence does not decide, or the check could not run */
	VERDICT_SKIP,    /* does not apply here, with the reason */
	VERDICT_MANUAL,  /* only a person can confirm */
	VERDICT_COUNT
};

enum severity {
	SEVERITY_REQUIRED,    /* a failure means: not ready */
	SEVERITY_RECOMMENDED, /* a failure is shown as a warning */
	SEVERITY_INFO,        /* never more than a warning, and --strict does not count it */
	SEVERITY_COUNT
};

enum phase {
	PHASE_ANY,        /* makes sense before and inside the VPN */
	PHASE_BEFORE_VPN, /* reaches Internet hosts */
	PHASE_IN_VPN,     /* reaches hosts inside the VPN */
	PHASE_COUNT
};

/* The process's exit codes. The same list stands in preflight(1), EXIT STATUS. */
enum exit_code {
	EXIT_READY = 0,     /* every required check passed (warnings allowed) */
	EXIT_NOT_READY = 1, /* a required check failed */
	EXIT_USAGE = 2,     /* wrong usage or rule file; nothing was sent */
	EXIT_UNKNOWN = 3 /* none failed, but a required one is unknown; interrupted; cannot write */
};

/* Names as they stand in rule files and JSON. */
const char *verdict_name(enum verdict verdict);
const char *overall_name(enum verdict overall); /* "ready", "not-ready", "unknown" */
const char *severity_name(enum severity severity);
const char *phase_name(enum phase phase);

#endif
