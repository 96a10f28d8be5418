/*
 * The domains that the OS appends to names. Where it gives addresses that no server gives for the
 * name itself, the name with each of these domains behind it is asked for, to find which it was.
 */
#include "names_private.h"

#include <stdio.h>
#include <string.h>

#define TYPE_A    1
#define TYPE_AAAA 28
#define NAME_MAX  253

static bool holds(const struct net_addr *addrs, size_t count, const struct net_addr *addr)
{
	for (size_t i = 0; i < count; i++)
		if (net_addr_equal(&addrs[i], addr))
			return true;
	return false;
}

/* One address of the OS's is known from elsewhere. */
static bool is_explained(const struct name *name)
{
	const struct name_facts *facts = &name->facts;

	for (size_t i = 0; i < facts->os.addr_count; i++) {
		const struct net_addr *addr = &facts->os.addrs[i];
		if (holds(facts->hosts_addrs, facts->hosts_count, addr) ||
			holds(name->host->addresses, name->host->address_count, addr))
			return true;
		for (size_t k = 0; k < facts->reply_count; k++)
			if (holds(facts->replies[k].addrs, facts->replies[k].addr_count, addr))
				return true;
	}
	return facts->os.addr_count == 0;
}

static bool servers_done(const struct name *name)
{
	for (size_t i = 0; i < name->facts.reply_count; i++)
		if (name->questions[i].state != QUESTION_DONE)
			return false;
	return true;
}

static void ask(struct name *name, const char *text, int type)
{
	struct name_facts *facts = &name->facts;
	struct name_search *search = &facts->searches[facts->search_count];
	struct zone *zone = zone_ask(name->names, "", text, type);

	zone->owner = name;
	name->searches[facts->search_count++] = zone;
	search->name = zone->probe_name;
	search->replies = zone->replies;
	search->reply_count = name->names->server_count;
}

void search_begin(struct name *name)
{
	const struct strs *list = &name->names->terminal->dns.search;
	char text[NAME_MAX + 3];

	if (name->searched || !name->facts.os_done || !servers_done(name))
		return;
	name->searched = true;
	if (name->names->server_count == 0 || is_explained(name))
		return;
	for (size_t i = 0; i < list->count && name->facts.search_count < NAMES_SEARCHES_MAX; i++) {
		int len = snprintf(text, sizeof text, "%s.%s", name->text, list->items[i]);
		if (len < 0 || len > NAME_MAX || list->items[i][0] == '.')
			continue;
		ask(name, text, name->facts.os.addrs[0].family == 6 ? TYPE_AAAA : TYPE_A);
	}
}
