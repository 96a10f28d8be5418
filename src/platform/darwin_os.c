/*
 * Which macOS this is, and where things are on it.
 */
#include "darwin.h"
#include "plist.h"
#include "posix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysctl.h>
#include <sys/utsname.h>

#define PLIST_MAX (256u * 1024)
#define TIMEOUT   5.0 /* seconds */

/* macOS 10.13.4 and later. */
static bool ask_kernel(char *told, size_t size)
{
	size_t len = size - 1;

	memset(told, 0, size);
	return sysctlbyname("kern.osproductversion", told, &len, NULL, 0) == 0 && *told != '\0';
}

static bool ask_file(char *told, size_t size)
{
	static const char path[] = "/System/Library/CoreServices/SystemVersion.plist";
	size_t len;
	char *text = posix_read_file(path, PLIST_MAX, &len, NULL);
	struct plist *list = text != NULL ? plist_parse(text, len, NULL) : NULL;

	*told = '\0';
	if (list != NULL)
		snprintf(told, size, "%.31s", plist_text(list, plist_root(list), "ProductVersion"));
	plist_free(list);
	free(text);
	return *told != '\0';
}

/* Apple's own program was linked for this very system. */
static bool ask_sw_vers(char *told, size_t size)
{
	static const char *const argv[] = {"/usr/bin/sw_vers", "-productVersion", NULL};
	struct strbuf out;
	bool fine;

	strbuf_init(&out, 256);
	fine = posix_run(argv, TIMEOUT, &out, NULL) == 0;
	snprintf(told, size, "%.*s", fine ? (int)strcspn(out.data, "\r\n") : 0, out.data);
	strbuf_release(&out);
	return *told != '\0';
}

/* The first source that agrees with the kernel; else what the kernel says alone. */
static void read_version(struct os_info *info)
{
	static bool (*const sources[])(char *, size_t) = {ask_kernel, ask_file, ask_sw_vers};
	char told[sizeof info->version];

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
		if (sources[i](told, sizeof told) &&
			darwin_version(told, info->kernel, info->version, sizeof info->version))
			return;
	darwin_version("", info->kernel, info->version, sizeof info->version);
}

static bool is_set(const char *name)
{
	int value = 0;
	size_t len = sizeof value;

	return sysctlbyname(name, &value, &len, NULL, 0) == 0 && value != 0;
}

int platform_os(struct os_info *info, struct strbuf *why)
{
	struct utsname uts;

	memset(info, 0, sizeof *info);
	snprintf(info->family, sizeof info->family, "macos");
	if (uname(&uts) != 0) {
		posix_why(why, "uname", errno);
		return -1;
	}
	snprintf(info->kernel, sizeof info->kernel, "%.63s", uts.release);
	/* Intel's instructions on Apple's processor: Rosetta. */
	bool apple = strcmp(uts.machine, "arm64") == 0 || is_set("sysctl.proc_translated") ||
		     is_set("hw.optional.arm64");
	snprintf(info->arch, sizeof info->arch, "%.15s", apple ? "aarch64" : uts.machine);
	read_version(info);
	if (info->version[0] == '\0') {
		if (why != NULL)
			strbuf_addf(why, "macOS: no version for Darwin %s", info->kernel);
		return -1;
	}
	darwin_name(info->version, info->name, sizeof info->name);
	return 0;
}

/* The roots are in a keychain: platform_certificates. */
const char *platform_ca_directory(void)
{
	return "";
}

const char *platform_ca_file(void)
{
	return "";
}
