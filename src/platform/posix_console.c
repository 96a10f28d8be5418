/*
 * The user's terminal, language and signals.
 */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80

enum lang platform_language(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	enum lang lang = LANG_EN;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || *value == '\0')
			continue;
		if (lang_parse(value, &lang) != 0)
			lang = LANG_EN;
		break;
	}
	return lang;
}

bool platform_is_terminal(FILE *stream)
{
	return isatty(fileno(stream)) == 1;
}

int platform_terminal_width(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return DEFAULT_WIDTH;
	return size.ws_col;
}

/*
 * A standard stream that is closed would be the number of the next file that is opened, which then
 * gets what is printed. Held open so that writing to it fails as it should.
 */
static void hold_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* A reader that goes away (preflight | head) shows as a write error, not as a death by signal. */
void platform_console_init(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGPIPE, &ignore, NULL);
	hold_streams();
}

void platform_console_end(void)
{
}

/* They are UTF-8 already, or whatever the user's file names are. */
void platform_arguments(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
}

/* A signal handler gets no argument of ours; set once, before the handlers. */
static void (*interrupt_fn)(void);

static void on_signal(int number)
{
	int saved = errno;

	(void)number;
	interrupt_fn();
	errno = saved;
}

void platform_on_interrupt(void (*fn)(void))
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal};

	interrupt_fn = fn;
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		struct sigaction old;

		/* What was ignored on purpose (nohup) stays ignored. */
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &action, NULL);
	}
}
