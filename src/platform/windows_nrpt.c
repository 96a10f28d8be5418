/*
 * The Name Resolution Policy Table ([MS-GPNRPT]): names for which Windows' resolver asks other
 * servers than those of the adapters. Where group policy has a table, even an empty one, Windows
 * does not look at the computer's own.
 *
 * And the domains that it appends. To names with dots it does so only where policy wants it
 * (AppendToMultiLabelName), and after they were denied as they are: a list of policy, else the
 * computer's own, else the computer's domain and those of the adapters.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#define POLICY L"SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient\\DnsPolicyConfig"
#define CLIENT L"SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient"
#define TCPIP  L"SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"
#define OWN    L"SYSTEM\\CurrentControlSet\\Services\\Dnscache\\Parameters\\DnsPolicyConfig"

/* Bits of ConfigOptions: which of the values count. */
#define FOR_DIRECT_ACCESS 0x4
#define FOR_SERVERS       0x8

struct reading {
	struct dns_servers *servers;
	bool policy;
};

static char *servers_of(HKEY key)
{
	DWORD options = 0;

	windows_number_value(key, L"ConfigOptions", &options);
	if (options & FOR_SERVERS)
		return windows_string_value(key, L"GenericDNSServers");
	if (options & FOR_DIRECT_ACCESS)
		return windows_string_value(key, L"DirectAccessDNSServers");
	return NULL;
}

static void add_rule(const struct reading *r, const char *space, const char *servers)
{
	struct dns_servers *s = r->servers;
	struct dns_rule *rule;

	s->rules = mem_grow(s->rules, s->rule_count, &s->rule_capacity, sizeof *s->rules);
	rule = &s->rules[s->rule_count++];
	*rule = (struct dns_rule){.policy = r->policy};
	snprintf(rule->space, sizeof rule->space, "%s", space);
	snprintf(rule->servers, sizeof rule->servers, "%s", servers != NULL ? servers : "");
}

static void add_key(void *arg, HKEY key, const char *name, LONG code)
{
	const struct reading *r = arg;
	struct strs spaces = {0};

	(void)name;
	(void)code;
	if (key == NULL)
		return;
	char *servers = servers_of(key);
	windows_string_list(key, L"Name", &spaces);
	for (size_t i = 0; i < spaces.count; i++)
		add_rule(r, spaces.items[i], servers);
	strs_release(&spaces);
	free(servers);
}

void windows_dns_rules(struct dns_servers *servers)
{
	struct reading r = {.servers = servers};
	HKEY key = windows_key(HKEY_LOCAL_MACHINE, POLICY, KEY_WOW64_64KEY, NULL);

	r.policy = key != NULL;
	if (key != NULL)
		RegCloseKey(key);
	windows_subkeys(HKEY_LOCAL_MACHINE, r.policy ? POLICY : OWN, KEY_WOW64_64KEY, add_key, &r);
}

/* ---- domains that are appended ---- */

static void add_suffix(struct strs *list, const char *domain, size_t len)
{
	for (; len > 0 && (*domain == '.' || *domain == ' '); domain++)
		len--;
	while (len > 0 && (domain[len - 1] == '.' || domain[len - 1] == ' '))
		len--;
	if (len > 0)
		strs_addn(list, domain, len);
}

static void add_list(struct strs *list, const wchar_t *path)
{
	HKEY key = windows_key(HKEY_LOCAL_MACHINE, path, KEY_WOW64_64KEY, NULL);
	char *text = key != NULL ? windows_string_value(key, L"SearchList") : NULL;

	for (const char *at = text; at != NULL && *at != '\0'; at += *at == ',') {
		size_t len = strcspn(at, ",");
		add_suffix(list, at, len);
		at += len;
	}
	free(text);
	if (key != NULL)
		RegCloseKey(key);
}

void windows_dns_suffixes(struct dns_servers *servers, const IP_ADAPTER_ADDRESSES *adapters)
{
	DWORD on = 0;
	char domain[256];

	if (!windows_number(HKEY_LOCAL_MACHINE, CLIENT, L"AppendToMultiLabelName", &on) || on == 0)
		return;
	add_list(&servers->search, CLIENT);
	if (servers->search.count == 0)
		add_list(&servers->search, TCPIP);
	if (servers->search.count > 0)
		return;
	if (windows_string(HKEY_LOCAL_MACHINE, TCPIP, L"Domain", domain, sizeof domain))
		add_suffix(&servers->search, domain, strlen(domain));
	for (const IP_ADAPTER_ADDRESSES *a = adapters; a != NULL; a = a->Next) {
		char *own = windows_utf8(a->DnsSuffix != NULL ? a->DnsSuffix : L"");
		if (a->OperStatus == IfOperStatusUp)
			add_suffix(&servers->search, own, strlen(own));
		free(own);
	}
}
