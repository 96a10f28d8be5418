/*
 * What is installed: dpkg's status file in one pass, else rpm's answer; kernel modules; network
 * adapters. No child process where a file tells.
 */
#include "linux.h"
#include "posix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_MAX  (128u * 1024 * 1024)
#define MODULES_MAX (1024u * 1024)
#define RPM_MAX     (16u * 1024 * 1024)
#define RPM_TIMEOUT 10.0 /* seconds */

/* ---- dpkg ---- */

struct span {
	const char *text; /* borrowed */
	size_t len;
};

struct package {
	struct span name, version, status, maintainer;
};

static void span_copy(struct span span, char *buf, size_t size)
{
	size_t len = span.len < size ? span.len : size - 1;

	if (len > 0)
		memcpy(buf, span.text, len);
	buf[len] = '\0';
}

/* The third word of Status; the package's files are there in all of these (dpkg(1)). */
static bool is_installed(struct span status)
{
	static const char *const states[] = {
		"installed", "triggers-pending", "triggers-awaited", "half-configured", "unpacked"};
	char text[64];
	const char *last;

	span_copy(status, text, sizeof text);
	last = strrchr(text, ' ');
	for (size_t i = 0; last != NULL && i < sizeof states / sizeof states[0]; i++)
		if (strcmp(last + 1, states[i]) == 0)
			return true;
	return false;
}

static void add_package(const struct package *p, struct inventory *inventory)
{
	char name[256], version[128], maintainer[128];

	if (p->name.len == 0 || !is_installed(p->status))
		return;
	span_copy(p->name, name, sizeof name);
	span_copy(p->version, version, sizeof version);
	span_copy(p->maintainer, maintainer, sizeof maintainer);
	char *mail = strstr(maintainer, " <");
	if (mail != NULL)
		*mail = '\0';
	inventory_add(inventory, INVENTORY_PACKAGE, name, version, maintainer, "");
}

static void take_field(struct package *p, const char *line, size_t len)
{
	const struct {
		const char *name;
		size_t len;
		struct span *value;
	} fields[] = {
		{"Package: ", 9, &p->name},
		{"Version: ", 9, &p->version},
		{"Status: ", 8, &p->status},
		{"Maintainer: ", 12, &p->maintainer},
	};

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (len > fields[i].len && memcmp(line, fields[i].name, fields[i].len) == 0)
			*fields[i].value = (struct span){line + fields[i].len, len - fields[i].len};
}

void linux_parse_dpkg_status(const char *text, size_t len, struct inventory *inventory)
{
	const char *end = text + len;
	struct package package = {0};

	for (const char *line = text; line < end;) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		const char *stop = eol != NULL ? eol : end;

		if (stop == line) {
			add_package(&package, inventory);
			package = (struct package){0};
		} else if (*line != ' ') {
			take_field(&package, line, (size_t)(stop - line));
		}
		line = eol != NULL ? eol + 1 : end;
	}
	add_package(&package, inventory);
}

/* ---- rpm ---- */

void linux_parse_rpm(char *text, struct inventory *inventory)
{
	for (char *line = text; line != NULL && *line != '\0';) {
		char *next = strchr(line, '\n');
		char *version, *vendor = NULL;

		if (next != NULL)
			*next++ = '\0';
		version = strchr(line, '\t');
		if (version != NULL) {
			*version++ = '\0';
			vendor = strchr(version, '\t');
		}
		if (vendor != NULL)
			*vendor++ = '\0';
		if (vendor != NULL && strcmp(vendor, "(none)") == 0)
			vendor = NULL;
		inventory_add(inventory, INVENTORY_PACKAGE, line, version, vendor, NULL);
		line = next;
	}
}

static int read_rpm(struct inventory *inventory, struct strbuf *why)
{
	static const char *const argv[] = {"/usr/bin/rpm", "-qa", "--qf",
		"%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{VENDOR}\\n", NULL};
	struct strbuf out;
	int result;

	strbuf_init(&out, RPM_MAX);
	result = posix_run(argv, RPM_TIMEOUT, &out, why);
	if (result == 0)
		linux_parse_rpm(out.data, inventory);
	strbuf_release(&out);
	return result;
}

static bool has_rpm_database(void)
{
	return access("/var/lib/rpm", F_OK) == 0 || access("/usr/lib/sysimage/rpm", F_OK) == 0;
}

/* ---- all ---- */

static int read_packages(struct inventory *inventory, struct strbuf *why)
{
	static const char path[] = "/var/lib/dpkg/status";
	size_t len = 0;
	char *text = posix_read_file(path, STATUS_MAX, &len, NULL);
	int number = errno;

	if (text != NULL && len > 0) {
		linux_parse_dpkg_status(text, len, inventory);
		free(text);
		return 0;
	}
	if (text != NULL)
		number = ENODATA;
	free(text);
	if (has_rpm_database() && (number == ENOENT || number == ENODATA))
		return read_rpm(inventory, why);
	posix_why(why, path, number);
	return -1;
}

void linux_parse_modules(const char *text, struct inventory *inventory)
{
	for (const char *line = text; *line != '\0';) {
		const char *end = line + strcspn(line, "\n");
		char name[128];

		span_copy((struct span){line, strcspn(line, " \n")}, name, sizeof name);
		if (*name != '\0')
			inventory_add(inventory, INVENTORY_DRIVER, name, NULL, NULL, NULL);
		line = *end == '\n' ? end + 1 : end;
	}
}

static int read_modules(struct inventory *inventory)
{
	size_t len;
	char *text = posix_read_file("/proc/modules", MODULES_MAX, &len, NULL);

	/* A kernel without loadable modules has none. */
	if (text == NULL)
		return errno == ENOENT ? 0 : -1;
	linux_parse_modules(text, inventory);
	free(text);
	return 0;
}

int platform_inventory(struct inventory *inventory, struct strbuf *why)
{
	inventory->complete[INVENTORY_PACKAGE] = read_packages(inventory, why) == 0;
	inventory->complete[INVENTORY_DRIVER] = read_modules(inventory) == 0;
	inventory->complete[INVENTORY_ADAPTER] = posix_adapters(inventory) == 0;
	return 0;
}
