/* preflight run: the main job; once, or as --wait and --every say. */
#include "commands.h"
#include "platform.h"
#include "round.h"
#include "verdict.h"

#include <string.h>

/* What cannot be asked for together. */
static int check_repeating(const struct options *o)
{
	const char *format = o->format != NULL ? o->format : "text";
	bool lines = strcmp(format, "text") == 0 || strcmp(format, "json") == 0;
	struct diags diags = {0};

	if (o->wait > 0 && o->every > 0)
		diags_add(&diags, "", 0, 0, "--wait, --every: only one of them can be given");
	if ((o->wait > 0 || o->every > 0) && o->inventory != NULL)
		diags_add(&diags, "", 0, 0, "--%s: a saved inventory does not change",
			o->wait > 0 ? "wait" : "every");
	if (o->every > 0 && !lines)
		diags_add(&diags, "", 0, 0,
			"--format %s: with --every it must be text or json; -o FILE takes every "
			"format",
			format);
	bool failed = diags.count > 0;
	command_complain(&diags);
	return failed ? EXIT_USAGE : 0;
}

static int run_once(struct session *session)
{
	struct round *round = round_new(session);

	if (round == NULL)
		return EXIT_USAGE;
	round_run(round, NULL, NULL);
	round_conclude(round, &(struct round_waiting){0});
	int code = command_deliver(session->options, round->report, round->exit_code);
	if (PREFLIGHT_TIDY_EXIT)
		round_free(round);
	return code;
}

static int run_as_asked(struct session *session)
{
	if (session->options->wait > 0)
		return command_wait(session);
	if (session->options->every > 0)
		return command_watch(session);
	return run_once(session);
}

int command_run(const struct options *options)
{
	struct session session;

	if (check_repeating(options) != 0)
		return EXIT_USAGE;
	int code = session_init(&session, options);
	if (code == 0)
		code = run_as_asked(&session);
	if (PREFLIGHT_TIDY_EXIT)
		session_release(&session);
	return code;
}
