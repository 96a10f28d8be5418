/*
 * Who uses this computer, and what it is called.
 */
#include "posix.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSWD_MAX (4 << 20)

static void add(struct strs *list, const char *text)
{
	if (text != NULL && *text != '\0' && !strs_contains(list, text))
		strs_add(list, text);
}

/* A directory without the slashes at its end; the root is nobody's home. */
static void add_home(struct strs *homes, const char *path)
{
	size_t len = path != NULL ? strlen(path) : 0;

	while (len > 0 && path[len - 1] == '/')
		len--;
	if (len == 0)
		return;
	char *home = mem_strndup(path, len);
	add(homes, home);
	free(home);
}

/* Name and home of this user id in one line of /etc/passwd. Directory services are not asked. */
static void read_line(char *line, struct strs *users, struct strs *homes)
{
	char *fields[6] = {line};
	size_t count = 1;

	for (char *at = line; *at != '\0' && count < 6; at++) {
		if (*at != ':')
			continue;
		*at = '\0';
		fields[count++] = at + 1;
	}
	if (count < 6 || strtoul(fields[2], NULL, 10) != getuid())
		return;
	fields[5][strcspn(fields[5], ":")] = '\0';
	add(users, fields[0]);
	add_home(homes, fields[5]);
}

static void read_passwd(struct strs *users, struct strs *homes)
{
	size_t len = 0;
	char *text = posix_read_file("/etc/passwd", PASSWD_MAX, &len, NULL), *next;

	for (char *line = text; line != NULL && *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		if (*next == '\n')
			*next++ = '\0';
		read_line(line, users, homes);
	}
	free(text);
}

void platform_identity(struct strs *users, struct strs *hosts, struct strs *homes)
{
	static const char *const names[] = {"USER", "LOGNAME", "SUDO_USER", "DOAS_USER"};
	char host[256] = "";

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		add(users, getenv(names[i]));
	add_home(homes, getenv("HOME"));
	read_passwd(users, homes);
	if (gethostname(host, sizeof host - 1) == 0) {
		add(hosts, host);
		char *dot = strchr(host, '.');
		if (dot != NULL && strchr(dot + 1, '.') != NULL)
			add(hosts, dot + 1);
		host[strcspn(host, ".")] = '\0';
		add(hosts, host);
	}
}
