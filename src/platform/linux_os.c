/*
 * What this Linux is: os-release(5), uname(2), the trust store.
 */
#include "linux.h"
#include "posix.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#define OS_RELEASE_MAX (64 * 1024)

/* ---- os-release ---- */

/* The value of one assignment, unquoted as a shell would (os-release(5)). */
static void unquote(const char *in, const char *end, char *out, size_t size)
{
	char quote = 0;
	size_t n = 0;

	for (; in < end && n + 1 < size; in++) {
		if (quote == 0 && (*in == ' ' || *in == '\t' || *in == '\r'))
			break;
		if (quote == 0 && (*in == '"' || *in == '\''))
			quote = *in;
		else if (quote != 0 && *in == quote)
			quote = 0;
		else if (*in == '\\' && quote != '\'' && in + 1 < end)
			out[n++] = *++in;
		else
			out[n++] = *in;
	}
	out[n] = '\0';
}

/* The last assignment of a name wins, as in a shell. */
static bool os_release_get(const char *text, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);
	bool found = false;

	for (const char *line = text; *line != '\0';) {
		const char *end = line + strcspn(line, "\n");

		if (strncmp(line, name, len) == 0 && line[len] == '=') {
			unquote(line + len + 1, end, out, size);
			found = true;
		}
		line = *end == '\n' ? end + 1 : end;
	}
	return found && *out != '\0';
}

void linux_parse_os_release(const char *text, struct os_info *info)
{
	char name[64] = "Linux";

	if (!os_release_get(text, "ID", info->distro, sizeof info->distro))
		snprintf(info->distro, sizeof info->distro, "linux");
	if (!os_release_get(text, "VERSION_ID", info->version, sizeof info->version))
		info->version[0] = '\0';
	if (!os_release_get(text, "VARIANT_ID", info->edition, sizeof info->edition))
		info->edition[0] = '\0';
	if (os_release_get(text, "PRETTY_NAME", info->name, sizeof info->name))
		return;
	if (!os_release_get(text, "NAME", name, sizeof name))
		snprintf(name, sizeof name, "Linux");
	snprintf(info->name, sizeof info->name, "%s%s%s", name, *info->version ? " " : "",
		info->version);
}

void linux_arch(const char *machine, char *arch, size_t size)
{
	if (machine[0] == 'i' && isdigit((unsigned char)machine[1]) &&
		strcmp(machine + 2, "86") == 0)
		machine = "x86";
	else if (strncmp(machine, "armv", 4) == 0 && strncmp(machine, "armv8", 5) != 0)
		machine = "arm";
	else if (strcmp(machine, "arm64") == 0)
		machine = "aarch64";
	snprintf(arch, size, "%s", machine);
}

/* The first of the two places that exists; a system without any is still a Linux. */
static int read_os_release(struct os_info *info, struct strbuf *why)
{
	size_t len;
	char *text = posix_read_file("/etc/os-release", OS_RELEASE_MAX, &len, NULL);

	if (text == NULL && errno == ENOENT)
		text = posix_read_file("/usr/lib/os-release", OS_RELEASE_MAX, &len, NULL);
	if (text == NULL && errno != ENOENT) {
		posix_why(why, "/etc/os-release", errno);
		return -1;
	}
	linux_parse_os_release(text != NULL ? text : "", info);
	free(text);
	return 0;
}

int platform_os(struct os_info *info, struct strbuf *why)
{
	struct utsname uts;

	memset(info, 0, sizeof *info);
	snprintf(info->family, sizeof info->family, "linux");
	if (uname(&uts) != 0) {
		posix_why(why, "uname", errno);
		return -1;
	}
	snprintf(info->kernel, sizeof info->kernel, "%.*s", (int)sizeof info->kernel - 1,
		uts.release);
	linux_arch(uts.machine, info->arch, sizeof info->arch);
	return read_os_release(info, why);
}

/* ---- places ---- */

/* ---- trust ---- */

static bool is_hash_link(const char *name)
{
	return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
	       isdigit((unsigned char)name[9]);
}

bool linux_has_hash_links(const char *directory)
{
	DIR *dir = opendir(directory);
	bool found = false;

	if (dir == NULL)
		return false;
	for (const struct dirent *entry; !found && (entry = readdir(dir)) != NULL;)
		found = is_hash_link(entry->d_name);
	closedir(dir);
	return found;
}

const char *platform_ca_directory(void)
{
	static const char *const places[] = {
		"/etc/ssl/certs",
		"/etc/pki/ca-trust/extracted/pem/directory-hash",
		"/etc/pki/tls/certs",
	};

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (linux_has_hash_links(places[i]))
			return places[i];
	return "";
}

const char *platform_ca_file(void)
{
	static const char *const places[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/ca-bundle.pem",
		"/etc/ssl/cert.pem",
	};

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		FILE *file = fopen(places[i], "re");

		if (file != NULL) {
			fclose(file);
			return places[i];
		}
	}
	return "";
}
