/*
 * Proxies of the environment, by libcurl's rules (libcurl-env(3)): the lower-case name first,
 * http_proxy in lower case only, all_proxy for schemes without their own. What stands before the
 * last '@' is taken as user and password, so that an unescaped '/' or '@' in them does not show.
 */
#include "proxies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* The first name that is set, and its value; NULL when none is. */
static const char *first_of(const char *const names[2], const char **name)
{
	for (size_t i = 0; i < 2; i++) {
		*name = names[i];
		if (names[i] != NULL && environment(names[i]) != NULL)
			return environment(names[i]);
	}
	return NULL;
}

int proxy_setting_url(struct proxy_setting *setting, const char *url)
{
	size_t scheme =
		strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
	size_t start = strncmp(url + scheme, "://", 3) == 0 ? scheme + 3 : 0;
	const char *at = strrchr(url + start, '@');
	int n;

	if (strlen(url) >= sizeof setting->secret_url)
		return -1;
	memcpy(setting->secret_url, url, strlen(url) + 1);
	if (at != NULL)
		n = snprintf(setting->url, sizeof setting->url, "%.*s***%s", (int)start, url, at);
	else
		n = snprintf(setting->url, sizeof setting->url, "%s", url);
	return n >= 0 && (size_t)n < sizeof setting->url ? 0 : -1;
}

static int add(struct proxy_settings *list, const char *name, const char *url, const char *bypass)
{
	struct proxy_setting *setting;

	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
	setting = &list->items[list->count];
	memset(setting, 0, sizeof *setting);
	snprintf(setting->source, sizeof setting->source, "environment %s", name);
	snprintf(setting->bypass, sizeof setting->bypass, "%s", bypass != NULL ? bypass : "");
	if (proxy_setting_url(setting, url) != 0)
		return -1;
	list->count++;
	return 0;
}

int environment_proxies(struct proxy_settings *list, struct strbuf *why)
{
	static const char *const names[][2] = {
		{"https_proxy", "HTTPS_PROXY"},
		{"http_proxy", NULL},
		{"all_proxy", "ALL_PROXY"},
	};
	static const char *const bypass_names[2] = {"no_proxy", "NO_PROXY"};
	const char *name;
	const char *bypass = first_of(bypass_names, &name);

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *url = first_of(names[i], &name);

		if (url == NULL || add(list, name, url, bypass) == 0)
			continue;
		if (why != NULL)
			strbuf_addf(why, "%s: too long", name);
		return -1;
	}
	return 0;
}
