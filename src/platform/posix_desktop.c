/*
 * A program that is started by a double click gets a window that stays open (macOS) or none at
 * all: there is nothing to do for it.
 */
#include "platform.h"

bool platform_own_window(void)
{
	return false;
}

void platform_window_title(const char *title)
{
	(void)title;
}

void platform_report_folders(struct strs *folders, bool *beside)
{
	(void)folders;
	*beside = false;
}

int platform_open_document(const char *path, struct strbuf *why)
{
	strbuf_addf(why, "%s: not opened on this operating system", path);
	return -1;
}

int platform_ask(const char *prompt, struct strbuf *out)
{
	(void)prompt;
	(void)out;
	return -1;
}

void platform_wait_key(const char *prompt)
{
	(void)prompt;
}
