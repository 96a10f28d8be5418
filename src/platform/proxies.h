/*
 * Proxies as every system's OS layer reads them.
 */
#ifndef PREFLIGHT_PLATFORM_PROXIES_H
#define PREFLIGHT_PLATFORM_PROXIES_H

#include "platform.h"

/* One proxy as configured: fills secret_url and the masked url; -1 when it does not fit. */
int proxy_setting_url(struct proxy_setting *setting, const char *url);

/* The proxies that the environment configures. browsers: this system's browsers read it. */
int environment_proxies(struct proxy_settings *list, bool browsers, struct strbuf *why);

#endif
