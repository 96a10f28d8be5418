#include "path_facts.h"

#include <string.h>

#include "cause.h"

const char *path_kind_name(enum path_kind kind)
{
	switch (kind) {
	case PATH_NOBODY:
		return "nobody";
	case PATH_FACILITY:
		return "facility";
	case PATH_LINE:
		return "line";
	case PATH_SERVICE:
		return "service";
	}
	return "?";
}

const char *path_reach_name(enum path_reach reach)
{
	switch (reach) {
	case PATH_UNKNOWN:
		return "unknown";
	case PATH_START:
		return "start";
	case PATH_BETWEEN:
		return "between";
	case PATH_END:
		return "end";
	case PATH_ALONE:
		return "alone";
	}
	return "?";
}

static bool is_inside(const struct net_addr *addr, const struct terminal *terminal)
{
	enum net_class cls = net_addr_class(addr);

	return terminal_is_gateway(terminal, addr) || cls == NET_PRIVATE || cls == NET_LINK_LOCAL;
}

/* Carriers use private addresses too: behind the first other router they are theirs. */
void path_classify(const struct path_trace *trace, const struct net_addr *target,
	const struct terminal *terminal, enum path_kind kinds[PATH_HOPS_MAX])
{
	bool inside = true;

	for (size_t i = 0; i < PATH_HOPS_MAX; i++) {
		const struct net_addr *hop = &trace->hops[i];
		if (hop->family == 0) {
			kinds[i] = PATH_NOBODY;
		} else if (net_addr_equal(hop, target)) {
			kinds[i] = PATH_SERVICE;
		} else {
			inside = inside && is_inside(hop, terminal);
			kinds[i] = inside ? PATH_FACILITY : PATH_LINE;
		}
	}
}

static bool is_router(enum path_kind kind)
{
	return kind == PATH_FACILITY || kind == PATH_LINE;
}

/* Hop limit of the last router, 0: none. */
static int last_router(const enum path_kind *kinds)
{
	int last = 0;

	for (int i = 0; i < PATH_HOPS_MAX; i++)
		if (is_router(kinds[i]))
			last = i + 1;
	return last;
}

/* Hop limit with which the host is reached, 0: not known. */
static int host_at(const enum path_kind *kinds)
{
	for (int i = 0; i < PATH_HOPS_MAX; i++)
		if (kinds[i] == PATH_SERVICE)
			return i + 1;
	return 0;
}

static int next_router(const enum path_kind *kinds, int after)
{
	for (int i = after; i < PATH_HOPS_MAX; i++)
		if (is_router(kinds[i]))
			return i + 1;
	return 0;
}

static struct path_finding find_alone(int last)
{
	return (struct path_finding){.reach = last > 0 ? PATH_ALONE : PATH_UNKNOWN, .last = last};
}

struct path_finding path_find(const enum path_kind *asked, const enum path_kind *other)
{
	struct path_finding finding = {.last = last_router(asked)};

	if (host_at(asked) > 0)
		return (struct path_finding){.reach = PATH_END, .last = host_at(asked)};
	if (other == NULL || last_router(other) + host_at(other) == 0)
		return find_alone(finding.last);
	int host = host_at(other);
	if (host == 1 || (host > 0 && finding.last >= host))
		return find_alone(finding.last);
	finding.next = next_router(other, finding.last);
	if (finding.next > 0)
		finding.reach = finding.last > 0 ? PATH_BETWEEN : PATH_START;
	else
		finding.reach = finding.last > 0 ? PATH_END : PATH_UNKNOWN;
	return finding;
}

struct path_finding path_find_reset(const enum path_kind *asked, const enum path_kind *other)
{
	int from = host_at(asked), host = other != NULL ? host_at(other) : 0;
	struct path_finding finding = {.last = last_router(asked)};

	if (from == 0)
		return (struct path_finding){.reach = PATH_UNKNOWN};
	if (host > from)
		finding.next = next_router(other, from - 1);
	if (finding.next > 0)
		finding.reach = from > 1 && finding.last > 0 ? PATH_BETWEEN : PATH_START;
	else if (finding.last > 0)
		finding.reach = host > 1 ? PATH_END : PATH_ALONE;
	return finding;
}

/* What is beyond the facility, both ways: silence may also be an answer lost on its way back. */
static bool is_past_facility(
	const struct path_finding *finding, const enum path_kind *kinds, bool reset)
{
	bool counts = finding->reach == PATH_BETWEEN ||
		      (reset && (finding->reach == PATH_END || finding->reach == PATH_ALONE));

	return counts && kinds[finding->last - 1] == PATH_LINE;
}

/* ---- facts ---- */

static json_t *hop_list(const struct path_trace *trace, const enum path_kind *kinds)
{
	json_t *list = json_array();
	char text[NET_ADDR_STRLEN];

	for (int i = 0; i < PATH_HOPS_MAX; i++)
		if (kinds[i] != PATH_NOBODY)
			json_array_append_new(
				list, json_pack("{s:i, s:s, s:s}", "ttl", i + 1, "address",
					      net_addr_format(&trace->hops[i], text), "kind",
					      path_kind_name(kinds[i])));
	return list;
}

static void hop_facts(struct facts *facts, const char *name, const char *kind_name,
	const struct net_addr *hop, enum path_kind kind)
{
	char text[NET_ADDR_STRLEN];

	facts_str(facts, name, net_addr_format(hop, text));
	facts_str(facts, kind_name, path_kind_name(kind));
}

void path_facts(struct facts *facts, const struct path_trace *asked, const struct path_trace *other,
	const struct net_addr *target, const struct terminal *terminal, bool reset)
{
	enum path_kind kinds[PATH_HOPS_MAX], other_kinds[PATH_HOPS_MAX];
	const enum path_kind *compared = other != NULL ? other_kinds : NULL;

	path_classify(asked, target, terminal, kinds);
	facts_json(facts, "path", hop_list(asked, kinds));
	if (other != NULL) {
		path_classify(other, target, terminal, other_kinds);
		facts_json(facts, "path_other", hop_list(other, other_kinds));
	}
	struct path_finding finding =
		reset ? path_find_reset(kinds, compared) : path_find(kinds, compared);
	facts_bool(facts, "path_known", finding.reach != PATH_UNKNOWN);
	facts_str(facts, "path_reach", path_reach_name(finding.reach));
	facts_bool(facts, "path_past_facility", is_past_facility(&finding, kinds, reset));
	if (finding.last > 0)
		hop_facts(facts, "path_last", "path_last_kind", &asked->hops[finding.last - 1],
			kinds[finding.last - 1]);
	if (finding.next > 0)
		hop_facts(facts, "path_next", "path_next_kind", &other->hops[finding.next - 1],
			other_kinds[finding.next - 1]);
}

void path_facts_unavailable(struct facts *facts, const char *why)
{
	facts_bool(facts, "path_known", false);
	facts_bool(facts, "path_past_facility", false);
	facts_str(facts, "path_reach", path_reach_name(PATH_UNKNOWN));
	facts_str(facts, "path_unavailable", why);
}

/* ---- judging ---- */

#define ALL_BEYOND (SEGMENT_FACILITY | SEGMENT_LINE | SEGMENT_SERVICE)

struct path_row {
	const char *reach, *last, *next; /* NULL: any */
	unsigned segments;
};

static const struct path_row silent_rows[] = {
	{"start", NULL, "facility", SEGMENT_TERMINAL | SEGMENT_FACILITY},
	{"start", NULL, "line", SEGMENT_TERMINAL | SEGMENT_FACILITY | SEGMENT_LINE},
	{"between", "facility", "facility", SEGMENT_FACILITY},
	{"between", "facility", "line", SEGMENT_FACILITY | SEGMENT_LINE},
	{"between", "line", "line", SEGMENT_LINE},
	{"end", NULL, NULL, ALL_BEYOND},
	{"alone", "line", NULL, ALL_BEYOND},
	{0},
};

/* Before those: a reset that came back was not lost on its way. */
static const struct path_row reset_rows[] = {
	{"end", "line", NULL, SEGMENT_LINE | SEGMENT_SERVICE},
	{"alone", "line", NULL, SEGMENT_LINE | SEGMENT_SERVICE},
	{0},
};

static const struct {
	enum segment segment;
	enum actor actor;
} acting[] = {
	{SEGMENT_TERMINAL, ACTOR_IT},
	{SEGMENT_FACILITY, ACTOR_NETWORK},
	{SEGMENT_LINE, ACTOR_CARRIER},
	{SEGMENT_SERVICE, ACTOR_DESK},
};

static bool is_word(const struct facts *facts, const char *name, const char *word)
{
	const char *value = facts_get_str(facts, name);

	return word == NULL || (value != NULL && strcmp(value, word) == 0);
}

static const struct path_row *row_of(const struct facts *facts, const struct path_row *row)
{
	for (; row->reach != NULL; row++)
		if (is_word(facts, "path_reach", row->reach) &&
			is_word(facts, "path_last_kind", row->last) &&
			is_word(facts, "path_next_kind", row->next))
			return row;
	return NULL;
}

void path_facts_judge(const struct facts *facts, struct judgement *out)
{
	const struct path_row *row = NULL;

	if (facts_get_bool(facts, "path_reset", false))
		row = row_of(facts, reset_rows);
	if (row == NULL)
		row = row_of(facts, silent_rows);
	if (row == NULL)
		return;
	out->segments = row->segments;
	out->actors = 0;
	for (size_t i = 0; i < sizeof acting / sizeof acting[0]; i++)
		if (row->segments & (unsigned)acting[i].segment)
			out->actors |= (unsigned)acting[i].actor;
}
