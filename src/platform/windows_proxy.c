/*
 * Proxies: those of the environment, of the user's Internet options (WinINET, with the script's
 * address) and of WinHTTP. Neither a script nor automatic detection (WPAD) is followed: the packets
 * would go to hosts that the rules do not name. That both are set is told.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>
#include <winhttp.h>

#include "proxies.h"
#include "windows_data.h"

#define URL_LEN 480 /* scheme and address; struct proxy_setting holds 511 bytes */

static void add(struct proxy_settings *list, const char *source, const char *url,
	const wchar_t *bypass, bool automatic)
{
	struct proxy_setting setting = {.automatic = automatic, .browsers = automatic};

	snprintf(setting.source, sizeof setting.source, "%s", source);
	if (bypass != NULL)
		windows_copy(setting.bypass, sizeof setting.bypass, bypass);
	if (proxy_setting_url(&setting, url) != 0)
		return;
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = setting;
}

static void add_list(
	struct proxy_settings *list, const char *source, const wchar_t *text, const wchar_t *bypass)
{
	char *all = windows_utf8(text), url[URL_LEN];
	const char *at = all;

	while (windows_proxy_next(&at, url, sizeof url))
		add(list, source, url, bypass, false);
	free(all);
}

/* Of the Internet options browsers take the proxy for https, and one for SOCKS only without it. */
static void mark_browsers(struct proxy_settings *list)
{
	struct proxy_setting *found = NULL;

	for (size_t i = 0; i < list->count; i++) {
		struct proxy_setting *p = &list->items[i];
		if (strcmp(p->source, "WinINET") != 0)
			continue;
		if (found == NULL ||
			(strncmp(found->url, "socks", 5) == 0 && strncmp(p->url, "socks", 5) != 0))
			found = p;
	}
	if (found != NULL)
		found->browsers = true;
}

/* The user's Internet options, or the machine's where policy says that they are for all. */
static DWORD add_wininet(struct proxy_settings *list)
{
	WINHTTP_CURRENT_USER_IE_PROXY_CONFIG config = {0};

	if (!WinHttpGetIEProxyConfigForCurrentUser(&config))
		return GetLastError();
	list->detect = config.fAutoDetect != FALSE;
	if (config.lpszAutoConfigUrl != NULL) {
		char *url = windows_utf8(config.lpszAutoConfigUrl);
		add(list, "PAC", url, NULL, true);
		free(url);
	}
	if (config.lpszProxy != NULL)
		add_list(list, "WinINET", config.lpszProxy, config.lpszProxyBypass);
	mark_browsers(list);
	GlobalFree(config.lpszAutoConfigUrl);
	GlobalFree(config.lpszProxy);
	GlobalFree(config.lpszProxyBypass);
	return ERROR_SUCCESS;
}

static DWORD add_winhttp(struct proxy_settings *list)
{
	WINHTTP_PROXY_INFO info = {0};

	if (!WinHttpGetDefaultProxyConfiguration(&info))
		return GetLastError();
	if (info.dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY && info.lpszProxy != NULL)
		add_list(list, "WinHTTP", info.lpszProxy, info.lpszProxyBypass);
	GlobalFree(info.lpszProxy);
	GlobalFree(info.lpszProxyBypass);
	return ERROR_SUCCESS;
}

/* Nothing configured is no failure. */
static int failed(struct strbuf *why, const char *what, DWORD code)
{
	if (code == ERROR_SUCCESS || code == ERROR_FILE_NOT_FOUND)
		return 0;
	windows_why(why, what, code);
	return -1;
}

int platform_proxies(struct proxy_settings *list, struct strbuf *why)
{
	memset(list, 0, sizeof *list);
	if (environment_proxies(list, false, why) == 0 &&
		failed(why, "WinHttpGetIEProxyConfigForCurrentUser", add_wininet(list)) == 0 &&
		failed(why, "WinHttpGetDefaultProxyConfiguration", add_winhttp(list)) == 0)
		return 0;
	proxy_settings_release(list);
	return -1;
}
