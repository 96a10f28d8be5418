/*
 * The catalogue: waiting until ready, and repeating.
 */
#include "messages.h"

static const struct message_row repeat[] = {
	MESSAGE("wait.left", "あと {left}", "{left} left"),
};

const struct message_table messages_repeat = {
	.rows = repeat, .count = sizeof repeat / sizeof repeat[0], .templates = true};
