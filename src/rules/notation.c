/* Validators of DNS names and version globs. */
#include "scalar.h"

#include <stddef.h>
#include <string.h>

#include "net.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

static const char *label_problem(const char *label, size_t len)
{
	if (len == 0)
		return "has an empty label (two dots, or a dot first)";
	if (len > 63)
		return "has a label of more than 63 characters (RFC 1035 section 2.3.4)";
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)label[i] >= 0x80)
			return "is not ASCII: write an internationalised name in its xn-- form";
		if (strchr(LETTERS DIGITS "-", label[i]) == NULL)
			return "is not a DNS name: letters, digits, hyphens and dots (RFC 1123 "
			       "section 2.1)";
	}
	if (label[0] == '-' || label[len - 1] == '-')
		return "has a label that begins or ends with a hyphen (RFC 1123 section 2.1)";
	return NULL;
}

const char *scalar_dns_name(const char *text)
{
	size_t len = strlen(text);
	const char *label = text;

	if (len > 0 && text[len - 1] == '.')
		len--;
	if (len == 0)
		return "is empty";
	if (len > 253)
		return "is longer than 253 characters (RFC 1035 section 2.3.4)";
	for (;;) {
		size_t size = strcspn(label, ".");
		const char *problem = label_problem(label, size);
		if (problem != NULL)
			return problem;
		if (label + size >= text + len)
			break;
		label += size + 1;
	}
	if (strspn(label, DIGITS) >= (size_t)(text + len - label))
		return "is neither an address nor a DNS name: its last label is a number";
	return NULL;
}

const char *scalar_host_name(const char *text)
{
	struct net_addr addr;

	return net_addr_parse(text, &addr) ? NULL : scalar_dns_name(text);
}

const char *scalar_version_glob(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || strspn(text, LETTERS DIGITS ".+~_-*?") != len)
		return "is not a version: letters, digits, . + ~ _ - and the wildcards * and ?";
	return strspn(text, "*?") == len ? "matches every version: leave the key out" : NULL;
}
