/*
 * Proxies of the environment. libcurl's rules (libcurl-env(3)): the lower-case name first,
 * http_proxy in lower case only, all_proxy for schemes without their own; what is empty is not set.
 * Browsers' on Linux (net/proxy_resolution/proxy_config_service_linux.cc): a variable that is set
 * in lower case hides the other even when it is empty; auto_proxy before all_proxy before
 * https_proxy, and SOCKS_SERVER when there is no other; what is no proxy is passed over. What
 * stands before the last '@' is taken as user and password, so that an unescaped '/' or '@' in them
 * does not show.
 */
#include "proxies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

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

/* One variable: its name, and its value; NULL: not set. */
struct variable {
	const char *name, *value;
};

static int add(struct proxy_settings *list, const struct variable *from, const char *prefix,
	const char *bypass, struct strbuf *why)
{
	struct proxy_setting *setting;
	char url[sizeof setting->secret_url];
	int n = snprintf(url, sizeof url, "%s%s", prefix, from->value);

	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
	setting = &list->items[list->count];
	memset(setting, 0, sizeof *setting);
	setting->environment = true;
	snprintf(setting->source, sizeof setting->source, "environment %s", from->name);
	if (bypass != NULL && strlen(bypass) < sizeof setting->bypass)
		memcpy(setting->bypass, bypass, strlen(bypass) + 1);
	if (n < 0 || (size_t)n >= sizeof url || proxy_setting_url(setting, url) != 0 ||
		(bypass != NULL && strlen(bypass) >= sizeof setting->bypass)) {
		if (why != NULL)
			strbuf_addf(why, "%s: too long",
				n < 0 || (size_t)n >= sizeof url ? from->name : "no_proxy");
		return -1;
	}
	list->count++;
	return 0;
}

/* ---- libcurl ---- */

static struct variable curl_variable(const char *const names[2])
{
	struct variable found = {0};

	found.value = first_of(names, &found.name);
	return found;
}

static int add_curl(struct proxy_settings *list, const char *bypass, struct strbuf *why)
{
	static const char *const names[][2] = {
		{"https_proxy", "HTTPS_PROXY"},
		{"http_proxy", NULL},
		{"all_proxy", "ALL_PROXY"},
	};
	bool chosen = false;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct variable found = curl_variable(names[i]);

		if (found.value == NULL)
			continue;
		if (add(list, &found, "", bypass, why) != 0)
			return -1;
		list->items[list->count - 1].curl = i != 1 && !chosen;
		chosen = chosen || i != 1;
	}
	return 0;
}

/* ---- browsers ---- */

/* Set in lower case, even if empty, before capitals. */
static struct variable browser_variable(const char *lower, const char *capitals)
{
	const char *value = getenv(lower);

	if (value != NULL)
		return (struct variable){lower, value};
	return (struct variable){capitals, getenv(capitals)};
}

static bool is_proxy(const struct variable *v)
{
	return v->value != NULL && proxy_browser_value(v->value);
}

static int mark_browsers(struct proxy_settings *list, const struct variable *from,
	const char *prefix, const char *bypass, struct strbuf *why)
{
	size_t i = 0;

	while (i < list->count &&
		(strcmp(list->items[i].source + strlen("environment "), from->name) != 0 ||
			strcmp(list->items[i].bypass, bypass) != 0))
		i++;
	if (i == list->count && add(list, from, prefix, bypass, why) != 0)
		return -1;
	list->items[i].browsers = true;
	return 0;
}

static int add_browsers(struct proxy_settings *list, struct strbuf *why)
{
	struct variable script = browser_variable("auto_proxy", "AUTO_PROXY");
	struct variable all = browser_variable("all_proxy", "ALL_PROXY");
	struct variable https = browser_variable("https_proxy", "HTTPS_PROXY");
	struct variable http = browser_variable("http_proxy", "HTTP_PROXY");
	struct variable socks = browser_variable("SOCKS_SERVER", "socks_server");
	struct variable version = browser_variable("SOCKS_VERSION", "socks_version");
	struct variable none = browser_variable("no_proxy", "NO_PROXY");
	const char *bypass = none.value != NULL ? none.value : "";

	if (script.value != NULL && *script.value == '\0') {
		list->detect = true;
		return 0;
	}
	if (script.value != NULL) {
		if (add(list, &script, "", "", why) != 0)
			return -1;
		list->items[list->count - 1].browsers = true;
		list->items[list->count - 1].automatic = true;
		return 0;
	}
	if (is_proxy(&all))
		return mark_browsers(list, &all, "", bypass, why);
	if (is_proxy(&https))
		return mark_browsers(list, &https, "", bypass, why);
	if (is_proxy(&http) || !is_proxy(&socks))
		return 0;
	return mark_browsers(list, &socks,
		version.value != NULL && strcmp(version.value, "4") == 0 ? "socks4://"
									 : "socks5://",
		bypass, why);
}

int environment_proxies(struct proxy_settings *list, bool browsers, struct strbuf *why)
{
	static const char *const names[2] = {"no_proxy", "NO_PROXY"};
	struct variable bypass = curl_variable(names);

	if (add_curl(list, bypass.value, why) != 0)
		return -1;
	return browsers ? add_browsers(list, why) : 0;
}
