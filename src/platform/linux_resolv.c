/*
 * resolv.conf(5) as glibc takes it, line by line (resolv/res_init.c): where its own reading and a
 * person's differ, its own counts, and the first line that it passes over is noted.
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* inet_aton */
#endif
#include "linux.h"
#include "posix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define RESOLV_CONF "/etc/resolv.conf"
#define RESOLV_MAX  (8 * 1024 * 1024)
#define NAMESERVERS 3 /* MAXNS */
#define NDOTS_MAX   15
#define BLANKS      " \t"

/* ---- servers ---- */

/* Four numbers, or fewer, as inet_aton(3) reads them; nothing may follow. */
static bool parse_v4(const char *text, struct net_addr *addr)
{
	struct in_addr in;

	if (strspn(text, "0123456789abcdefxABCDEFX.") != strlen(text) || inet_aton(text, &in) == 0)
		return false;
	*addr = (struct net_addr){.family = 4};
	memcpy(addr->bytes, &in, 4);
	return true;
}

/* One address with an optional zone (fe80::1%eth0). */
static bool parse_zoned(const char *text, size_t len, struct net_addr *addr)
{
	char buf[NET_ADDR_STRLEN + IF_NAMESIZE];
	char *zone;

	if (len == 0 || len >= sizeof buf)
		return false;
	memcpy(buf, text, len);
	buf[len] = '\0';
	if (parse_v4(buf, addr))
		return true;
	zone = strchr(buf, '%');
	if (zone != NULL)
		*zone++ = '\0';
	if (!net_addr_parse(buf, addr) || addr->family != 6)
		return false;
	if (zone != NULL) {
		addr->scope = if_nametoindex(zone);
		if (addr->scope == 0)
			addr->scope = (uint32_t)strtoul(zone, NULL, 10);
	}
	return true;
}

static void add_server(struct dns_servers *servers, const struct net_addr *addr)
{
	servers->items = mem_grow(
		servers->items, servers->count, &servers->capacity, sizeof *servers->items);
	servers->items[servers->count++] = (struct dns_server){.addr = *addr, .port = 53};
}

/* What follows a keyword and a blank at the very beginning of a line; NULL for other lines. */
static const char *value_of(const char *line, const char *keyword)
{
	size_t len = strlen(keyword);

	if (strncmp(line, keyword, len) != 0 || (line[len] != ' ' && line[len] != '\t'))
		return NULL;
	return line + len + strspn(line + len, BLANKS);
}

/* A line that somebody meant to be about a server. */
static bool is_meant(const char *line)
{
	if (strncmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	line += strspn(line, " \t\r\f\v");
	return strncasecmp(line, "nameserver", strlen("nameserver")) == 0;
}

static void note_spoilt(struct dns_servers *servers, const char *line, int number)
{
	if (servers->spoilt_line != 0)
		return;
	servers->spoilt_line = number;
	snprintf(servers->spoilt, sizeof servers->spoilt, "%.100s", line);
	servers->spoilt_cr = strchr(line, '\r') != NULL;
	servers->spoilt[strcspn(servers->spoilt, "\r")] = '\0';
}

static void take_server(struct dns_servers *servers, const char *line, int number)
{
	const char *value = value_of(line, "nameserver");
	struct net_addr addr;

	if (servers->count == NAMESERVERS)
		return;
	if (value != NULL && parse_zoned(value, strcspn(value, BLANKS), &addr))
		add_server(servers, &addr);
	else if (is_meant(line))
		note_spoilt(servers, line, number);
}

/* ---- search list and options ---- */

static void take_search(struct dns_servers *servers, const char *words, bool first_only)
{
	strs_release(&servers->search);
	servers->search = (struct strs){0};
	while (*(words += strspn(words, BLANKS)) != '\0') {
		char domain[256];
		size_t len = strcspn(words, BLANKS);
		snprintf(domain, sizeof domain, "%.*s", (int)(len < 255 ? len : 255), words);
		strs_add(&servers->search, domain);
		words += len;
		if (first_only)
			return;
	}
}

static void take_options(struct dns_servers *servers, const char *words)
{
	while (*(words += strspn(words, BLANKS)) != '\0') {
		if (strncmp(words, "ndots:", 6) == 0) {
			int ndots = atoi(words + 6);
			servers->ndots = ndots < NDOTS_MAX ? ndots : NDOTS_MAX;
		}
		words += strcspn(words, BLANKS);
	}
}

static void take_line(struct dns_servers *servers, const char *line, int number)
{
	const char *value;

	if ((value = value_of(line, "search")) != NULL)
		take_search(servers, value, false);
	else if ((value = value_of(line, "domain")) != NULL)
		take_search(servers, value, true);
	else if ((value = value_of(line, "options")) != NULL)
		take_options(servers, value);
	else
		take_server(servers, line, number);
}

void linux_parse_resolv_conf(const char *text, struct dns_servers *servers)
{
	char line[1024];
	int number = 0;

	servers->ndots = 1;
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		snprintf(line, sizeof line, "%.*s",
			(int)(len < sizeof line ? len : sizeof line - 1), text);
		number++;
		if (line[0] != '#' && line[0] != ';')
			take_line(servers, line, number);
		text += len + (text[len] == '\n');
	}
}

/* LOCALDOMAIN and RES_OPTIONS come after the file; without either, the computer's own domain. */
static void take_environment(struct dns_servers *servers)
{
	const char *local = getenv("LOCALDOMAIN"), *options = getenv("RES_OPTIONS");
	char host[256] = "";

	if (local != NULL)
		take_search(servers, local, false);
	if (options != NULL)
		take_options(servers, options);
	if (servers->search.count > 0 || local != NULL || gethostname(host, sizeof host - 1) != 0 ||
		strchr(host, '.') == NULL)
		return;
	take_search(servers, strchr(host, '.') + 1, true);
}

int platform_dns_servers(struct dns_servers *servers, struct strbuf *why)
{
	size_t len;
	char *text = posix_read_file(RESOLV_CONF, RESOLV_MAX, &len, NULL);

	memset(servers, 0, sizeof *servers);
	if (text == NULL && errno != ENOENT) {
		posix_why(why, RESOLV_CONF, errno);
		return -1;
	}
	linux_parse_resolv_conf(text != NULL ? text : "", servers);
	take_environment(servers);
	free(text);
	return 0;
}
