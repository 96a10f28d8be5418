#include "offender.h"

#include <string.h>

#include "cause.h"

/* The same network, by the customary size of one. */
static bool is_neighbour(const struct net_addr *a, const struct net_addr *b)
{
	size_t prefix = a->family == 6 ? 8 : 3;

	return a->family == b->family && memcmp(a->bytes, b->bytes, prefix) == 0;
}

const char *offender_is(const struct net_addr *offender, const struct net_addr *target,
	const struct terminal *terminal)
{
	enum net_class cls = net_addr_class(offender);

	if (net_addr_equal(offender, target))
		return "target";
	if (terminal_is_own(terminal, offender) || cls == NET_LOOPBACK)
		return "self";
	if (terminal_is_gateway(terminal, offender))
		return "gateway";
	if ((cls == NET_PRIVATE || cls == NET_LINK_LOCAL) && net_addr_class(target) != NET_PRIVATE)
		return "facility";
	if (cls == NET_SHARED)
		return "carrier";
	return is_neighbour(offender, target) ? "neighbour" : "other";
}

static const struct {
	const char *is;
	unsigned segments;
} places[] = {
	{"target", SEGMENT_SERVICE},
	{"self", SEGMENT_TERMINAL},
	{"gateway", SEGMENT_FACILITY},
	{"facility", SEGMENT_FACILITY},
	{"carrier", SEGMENT_LINE},
	{"neighbour", SEGMENT_LINE | SEGMENT_SERVICE},
	{"other", SEGMENT_FACILITY | SEGMENT_LINE},
};

unsigned offender_segments(const char *is, bool unreachable)
{
	/* This terminal says so itself when the next hop does not answer (ARP). */
	if (is != NULL && unreachable && strcmp(is, "self") == 0)
		return SEGMENT_TERMINAL | SEGMENT_FACILITY;
	for (size_t i = 0; is != NULL && i < sizeof places / sizeof places[0]; i++)
		if (strcmp(places[i].is, is) == 0)
			return places[i].segments;
	return 0;
}
