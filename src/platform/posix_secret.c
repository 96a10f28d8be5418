/*
 * A question on the controlling terminal whose answer is not shown. Whatever ends it, the terminal
 * echoes again afterwards, and a signal then does what it would have done.
 */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <openssl/crypto.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define SIGNALS (sizeof signals / sizeof signals[0])

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

static void write_text(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = write(fd, text, left);
		if (n < 0)
			return;
		text += n;
		left -= (size_t)n;
	}
}

/* The line without its end; -1 when a signal or the end of input came first. */
static int read_line(int fd, struct strbuf *out)
{
	int result = -1;
	char c = '\0';

	while (caught == 0) {
		ssize_t n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (c == '\n' || c == '\r') {
			result = 0;
			break;
		}
		strbuf_addc(out, c);
	}
	OPENSSL_cleanse(&c, sizeof c);
	return result;
}

static int ask(int fd, const char *prompt, struct strbuf *out)
{
	struct sigaction action = {.sa_handler = on_signal}, old[SIGNALS];
	struct termios shown, hidden;
	int result;

	if (tcgetattr(fd, &shown) != 0)
		return -1;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	caught = 0;
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &action, &old[i]);
	if (tcsetattr(fd, TCSAFLUSH, &hidden) != 0) {
		result = -1;
	} else {
		write_text(fd, prompt);
		result = read_line(fd, out);
		write_text(fd, "\n");
		tcsetattr(fd, TCSAFLUSH, &shown);
	}
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
	return result;
}

/* Bytes already typed are wiped before the buffer is reused. */
static void forget(struct strbuf *out)
{
	OPENSSL_cleanse(out->data, out->len);
	strbuf_reset(out);
}

int platform_ask_secret(const char *prompt, struct strbuf *out)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC), result;

	if (fd < 0)
		return -1;
	do {
		result = ask(fd, prompt, out);
		if (result != 0)
			forget(out);
		if (caught != 0)
			raise(caught);
	} while (caught == SIGTSTP); /* stopped and continued: ask again */
	close(fd);
	return result == 0 && out->len > 0 ? 0 : -1;
}
