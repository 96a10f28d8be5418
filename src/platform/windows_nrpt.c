/*
 * The Name Resolution Policy Table ([MS-GPNRPT]): names for which Windows' resolver asks other
 * servers than those of the adapters. Where group policy has a table, even an empty one, Windows
 * does not look at the computer's own.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#define POLICY L"SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient\\DnsPolicyConfig"
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
