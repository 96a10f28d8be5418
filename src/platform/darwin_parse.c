/*
 * Lines, versions and installed software of macOS.
 */
#include "darwin.h"
#include "plist.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines ---- */

bool darwin_line(const char **text, char *line, size_t size)
{
	const char *begin = *text, *end;
	size_t len;

	if (*begin == '\0')
		return false;
	end = begin + strcspn(begin, "\n");
	*text = *end == '\n' ? end + 1 : end;
	while (begin < end && isspace((unsigned char)*begin))
		begin++;
	while (end > begin && isspace((unsigned char)end[-1]))
		end--;
	len = (size_t)(end - begin);
	if (len >= size)
		len = size - 1;
	memcpy(line, begin, len);
	line[len] = '\0';
	return true;
}

char *darwin_value(char *line)
{
	char *colon = strchr(line, ':'), *end = colon;

	if (colon == NULL)
		return NULL;
	while (end > line && end[-1] == ' ')
		end--;
	*end = '\0';
	return colon + 1 + strspn(colon + 1, " \t");
}

/* ---- versions ---- */

/* What Darwin's major number is called: 14 is 10.10, 20 is 11, 25 is 26. */
static bool version_of_kernel(const char *kernel, char *version, size_t size)
{
	char *stop;
	long major = strtol(kernel, &stop, 10);

	if (stop == kernel || (*stop != '.' && *stop != '\0') || major < 5 || major > 999)
		return false;
	if (major < 20)
		snprintf(version, size, "10.%ld", major - 4);
	else
		snprintf(version, size, "%ld", major < 25 ? major - 9 : major + 1);
	return true;
}

bool darwin_version(const char *told, const char *kernel, char *version, size_t size)
{
	char expected[16];
	size_t len;

	if (!version_of_kernel(kernel, expected, sizeof expected)) {
		snprintf(version, size, "%s", told);
		return *told != '\0';
	}
	len = strlen(expected);
	if (strncmp(told, expected, len) == 0 && (told[len] == '.' || told[len] == '\0')) {
		snprintf(version, size, "%s", told);
		return true;
	}
	snprintf(version, size, "%s", expected);
	return false;
}

void darwin_name(const char *version, char *name, size_t size)
{
	static const struct {
		const char *version, *name;
	} names[] = {
		{"26", "Tahoe"},
		{"15", "Sequoia"},
		{"14", "Sonoma"},
		{"13", "Ventura"},
		{"12", "Monterey"},
		{"11", "Big Sur"},
		{"10.15", "Catalina"},
		{"10.14", "Mojave"},
		{"10.13", "High Sierra"},
		{"10.12", "Sierra"},
		{"10.11", "El Capitan"},
		{"10.10", "Yosemite"},
		{"10.9", "Mavericks"},
	};
	bool old = strncmp(version, "10.", 3) == 0 && atoi(version + 3) < 12;
	const char *called = NULL;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		size_t len = strlen(names[i].version);

		if (strncmp(version, names[i].version, len) == 0 &&
			(version[len] == '.' || version[len] == '\0'))
			called = names[i].name;
	}
	snprintf(name, size, called != NULL ? "%s %s (%s)" : "%s %s", old ? "OS X" : "macOS",
		version, called);
}

/* ---- software ---- */

int darwin_add_bundle(struct inventory *inventory, const char *folder, const void *plist,
	size_t len, struct strbuf *why)
{
	size_t end = strlen(folder);
	struct plist *list = plist != NULL ? plist_parse(plist, len, why) : NULL;
	const char *version = "", *code = "";

	if (list == NULL && plist != NULL)
		return -1;
	if (end > 4 && strcmp(folder + end - 4, ".app") == 0)
		end -= 4;
	char *name = mem_strndup(folder, end);
	if (list != NULL) {
		version = plist_text(list, plist_root(list), "CFBundleShortVersionString");
		if (*version == '\0')
			version = plist_text(list, plist_root(list), "CFBundleVersion");
		code = plist_text(list, plist_root(list), "CFBundleIdentifier");
	}
	inventory_add(inventory, INVENTORY_BUNDLE, name, version, "", code);
	free(name);
	plist_free(list);
	return 0;
}

int darwin_add_receipt(
	struct inventory *inventory, const void *plist, size_t len, struct strbuf *why)
{
	struct plist *list = plist_parse(plist, len, why);
	int result = -1;

	if (list == NULL)
		return -1;
	const char *name = plist_text(list, plist_root(list), "PackageIdentifier");
	if (*name != '\0') {
		inventory_add(inventory, INVENTORY_RECEIPT, name,
			plist_text(list, plist_root(list), "PackageVersion"), "", name);
		result = 0;
	} else if (why != NULL) {
		strbuf_adds(why, "a receipt without a PackageIdentifier");
	}
	plist_free(list);
	return result;
}

int darwin_sharing(const void *plist, size_t len)
{
	struct plist *list = plist_parse(plist, len, NULL);
	const struct plist_value *enabled;
	int result = 0;

	if (list == NULL)
		return -1;
	enabled = plist_get(list, plist_get(list, plist_root(list), "NAT"), "Enabled");
	if (enabled != NULL)
		result = enabled->type == PLIST_NUMBER ? enabled->number != 0 : -1;
	plist_free(list);
	return result;
}
