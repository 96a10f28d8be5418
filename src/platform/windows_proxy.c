/*
 * Proxies: those of the environment, of the user's Internet options (WinINET, with the script's
 * address) and of WinHTTP. Automatic detection (WPAD) is on in nearly every Windows and says
 * nothing by itself; it is not asked for, since that would send packets.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>
#include <winhttp.h>

#include "proxies.h"

#define URL_LEN 480 /* scheme and address; struct proxy_setting holds 511 bytes */

static void add(struct proxy_settings *list, const char *source, const char *url,
	const wchar_t *bypass, bool automatic)
{
	struct proxy_setting setting = {.automatic = automatic};

	snprintf(setting.source, sizeof setting.source, "%s", source);
	if (bypass != NULL)
		windows_copy(setting.bypass, sizeof setting.bypass, bypass);
	if (proxy_setting_url(&setting, url) != 0)
		return;
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = setting;
}

/* Whether an entry of "http=a:80;https=b:80;socks=c:1080" is for what the checks do. */
static bool is_for_https(const char *entry, size_t len)
{
	const char *equals = memchr(entry, '=', len);

	return equals == NULL || strncmp(entry, "https=", 6) == 0 ||
	       strncmp(entry, "socks=", 6) == 0;
}

/* "proxy:8080", or one for each protocol, separated by ';' or spaces. */
static void add_list(
	struct proxy_settings *list, const char *source, const wchar_t *text, const wchar_t *bypass)
{
	char *all = windows_utf8(text);

	for (const char *at = all; *at != '\0';) {
		size_t len = strcspn(at, "; \t");
		char url[URL_LEN];
		const char *equals = memchr(at, '=', len);
		const char *address = equals != NULL ? equals + 1 : at;
		int size = (int)(at + len - address);
		bool socks = strncmp(at, "socks=", 6) == 0;
		bool whole = size > 0 && memchr(address, ':', (size_t)size) != NULL &&
			     strstr(address, "://") != NULL && strstr(address, "://") < at + len;
		if (size > 0 && size < URL_LEN - 16 && is_for_https(at, len)) {
			snprintf(url, sizeof url, "%s%.*s",
				whole   ? ""
				: socks ? "socks4://"
					: "http://",
				size, address);
			add(list, source, url, bypass, false);
		}
		at += len + (at[len] != '\0');
	}
	free(all);
}

static void add_wininet(struct proxy_settings *list)
{
	WINHTTP_CURRENT_USER_IE_PROXY_CONFIG config = {0};

	if (!WinHttpGetIEProxyConfigForCurrentUser(&config))
		return;
	if (config.lpszAutoConfigUrl != NULL) {
		char *url = windows_utf8(config.lpszAutoConfigUrl);
		add(list, "PAC", url, NULL, true);
		free(url);
	}
	if (config.lpszProxy != NULL)
		add_list(list, "WinINET", config.lpszProxy, config.lpszProxyBypass);
	GlobalFree(config.lpszAutoConfigUrl);
	GlobalFree(config.lpszProxy);
	GlobalFree(config.lpszProxyBypass);
}

static void add_winhttp(struct proxy_settings *list)
{
	WINHTTP_PROXY_INFO info = {0};

	if (!WinHttpGetDefaultProxyConfiguration(&info))
		return;
	if (info.dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY && info.lpszProxy != NULL)
		add_list(list, "WinHTTP", info.lpszProxy, info.lpszProxyBypass);
	GlobalFree(info.lpszProxy);
	GlobalFree(info.lpszProxyBypass);
}

int platform_proxies(struct proxy_settings *list, struct strbuf *why)
{
	memset(list, 0, sizeof *list);
	if (environment_proxies(list, why) != 0) {
		proxy_settings_release(list);
		return -1;
	}
	add_wininet(list);
	add_winhttp(list);
	return 0;
}
