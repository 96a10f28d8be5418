/*
 * Which addresses connections use: the OS's own, as the user's software does. While it has not
 * answered, those of the first server that knows the name, which the OS most likely asks as well;
 * another source's wait a moment for better ones.
 */
#include "names_private.h"

#include <string.h>

#define TYPE_A    1
#define TYPE_AAAA 28

static double earlier(double a, double b)
{
	return a < b ? a : b;
}

static void add_address(struct name_address *out, const struct net_addr *addr)
{
	for (size_t i = 0; i < out->count; i++)
		if (net_addr_equal(&out->addrs[i], addr))
			return;
	if (out->count < sizeof out->addrs / sizeof out->addrs[0])
		out->addrs[out->count++] = *addr;
}

/* Which family is tried first makes a difference too. */
static bool same_addresses(const struct name_address *a, const struct name_address *b)
{
	if (a->count != b->count || a->addrs[a->preferred].family != b->addrs[b->preferred].family)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!net_addr_equal(&a->addrs[i], &b->addrs[i]))
			return false;
	return true;
}

static void use(struct name *name, const struct name_address *address)
{
	if (name->told && !same_addresses(&name->address, address))
		name->revised = true;
	name->decided = true;
	name->address = *address;
}

static struct name_address begun(const struct name *name, enum name_via via)
{
	return (struct name_address){.via = via, .ms = loop_now(name->names->loop) * 1000};
}

void name_use(struct name *name, enum name_via via, const struct net_addr *addrs, size_t count)
{
	struct name_address address = begun(name, via);

	for (size_t i = 0; i < count; i++)
		add_address(&address, &addrs[i]);
	use(name, &address);
}

void name_use_last_resort(struct name *name)
{
	const struct rule_host *host = name->host;

	name_use(name, host->address_count > 0 ? NAME_VIA_DOCUMENTED : NAME_VIA_NONE,
		host->addresses, host->address_count);
}

/* A server's addresses, IPv4 first; of IPv6 what is there by now. */
static void use_server(struct name *name, size_t server)
{
	const struct dns_reply *a = &name->facts.replies[2 * server], *aaaa = a + 1;
	struct name_address address = begun(name, NAME_VIA_DNS);

	for (size_t i = 0; i < a->addr_count; i++)
		add_address(&address, &a->addrs[i]);
	for (size_t i = 0; i < aaaa->addr_count; i++)
		add_address(&address, &aaaa->addrs[i]);
	use(name, &address);
}

static double question_ended(const struct question *q)
{
	return q->asked + q->reply->ms / 1000;
}

/* The first server with addresses of a type, or -1; *better: one before it may still answer. */
static int best_server(const struct name *name, int type, bool *better)
{
	*better = false;
	for (size_t i = type == TYPE_A ? 0 : 1; i < name->facts.reply_count; i += 2) {
		if (name->facts.replies[i].outcome == DNS_ANSWER)
			return (int)(i / 2);
		*better = *better || name->questions[i].state != QUESTION_DONE;
	}
	return -1;
}

static bool os_positive(const struct name *name)
{
	return name->facts.os_done && name->facts.os.status == OS_RESOLVE_OK &&
	       name->facts.os.addr_count > 0;
}

static bool in_hosts(const struct name *name, const struct net_addr *addr)
{
	for (size_t i = 0; i < name->facts.hosts_count; i++)
		if (net_addr_equal(&name->facts.hosts_addrs[i], addr))
			return true;
	return false;
}

/* What the OS gave is the hosts file's where all of it stands there. */
static void use_os(struct name *name)
{
	const struct os_resolve_result *os = &name->facts.os;
	enum name_via via = NAME_VIA_HOSTS;

	for (size_t i = 0; i < os->addr_count; i++)
		if (!in_hosts(name, &os->addrs[i]))
			via = NAME_VIA_OS;
	if (!name->names->ipv4_first) {
		name_use(name, via, os->addrs, os->addr_count);
		return;
	}
	struct name_address address = begun(name, via);
	for (int family = 4; family <= 6; family += 2)
		for (size_t i = 0; i < os->addr_count; i++)
			if (os->addrs[i].family == family)
				add_address(&address, &os->addrs[i]);
	for (size_t i = 0; i < address.count; i++)
		if (net_addr_equal(&address.addrs[i], &os->addrs[0]))
			address.preferred = i;
	use(name, &address);
}

/* Without the OS's answer. Tries to settle on an address; else gives when to try again. */
static double choose_meanwhile(struct name *name, double now)
{
	const struct names_times *times = &name->names->times;
	bool a_pending, aaaa_pending;
	int a = best_server(name, TYPE_A, &a_pending);
	int aaaa = best_server(name, TYPE_AAAA, &aaaa_pending);
	double patience = name->started + times->patience + names_slack(name->names) / 2;
	double again = now < patience ? patience : NEVER;
	bool os_done = name->facts.os_done;

	if (a >= 0) {
		double due = question_ended(&name->questions[2 * a]) + times->grace;
		if ((os_done && !a_pending) || now >= due) {
			use_server(name, (size_t)a);
			return NEVER;
		}
		return earlier(again, due);
	}
	if (aaaa >= 0 && ((os_done && !a_pending) || now >= patience)) {
		use_server(name, (size_t)aaaa);
		return NEVER;
	}
	if (aaaa < 0 && !a_pending && !aaaa_pending && os_done)
		name_use_last_resort(name);
	else if (now >= patience && !os_done && name->facts.hosts_count > 0)
		name_use(name, NAME_VIA_HOSTS, name->facts.hosts_addrs, name->facts.hosts_count);
	else if (now >= patience && name->host->address_count > 0)
		name_use_last_resort(name);
	else
		return again;
	return NEVER;
}

double name_choose(struct name *name, double now)
{
	if (name->final)
		return NEVER;
	if (os_positive(name)) {
		use_os(name);
		return NEVER;
	}
	return name->decided ? NEVER : choose_meanwhile(name, now);
}

bool name_is_literal(const struct name *name)
{
	return name->decided && name->address.via == NAME_VIA_LITERAL;
}
