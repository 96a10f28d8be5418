/*
 * What the drawing of the path shows, from the document: which parts of the path are shown to
 * work, which are blamed, and how far each kind of traffic gets.
 */
#include <string.h>

#include "html.h"

const char *const path_node_names[NODE_COUNT] = {
	[NODE_TERMINAL] = "terminal",
	[NODE_FACILITY] = "facility",
	[NODE_LINE] = "line",
	[NODE_SERVICE] = "service",
	[NODE_VPN] = "vpn",
	[NODE_PORTAL] = "portal",
};

const char *const path_state_names[STATE_COUNT] = {
	[STATE_UNSEEN] = "unseen",
	[STATE_WORKS] = "works",
	[STATE_OPEN] = "open",
	[STATE_SUSPECT] = "suspect",
	[STATE_BROKEN] = "broken",
};

#define BIT(node)    (1u << (node))
#define BEFORE_VPN   (BIT(NODE_FACILITY) | BIT(NODE_LINE) | BIT(NODE_SERVICE))
#define THROUGH_VPN  (BEFORE_VPN | BIT(NODE_VPN) | BIT(NODE_PORTAL))
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_one_of(const json_t *check, const char *const *types, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (member_is(check, "type", types[i]))
			return true;
	return false;
}

/* ---- nodes ---- */

/* A cause of checks inside the VPN only: the far end is there. */
static bool is_inside(const json_t *report, const json_t *cause)
{
	const json_t *ids = json_object_get(cause, "checks");

	for (size_t i = 0; i < json_array_size(ids); i++)
		if (!member_is(find_check(report, json_string_value(json_array_get(ids, i))),
			    "phase", "in-vpn"))
			return false;
	return json_array_size(ids) > 0;
}

unsigned path_nodes(const json_t *report, const json_t *cause)
{
	const json_t *segments = json_object_get(cause, "segments");
	unsigned nodes = 0;

	for (size_t i = 0; i < json_array_size(segments); i++) {
		const char *word = json_string_value(json_array_get(segments, i));
		for (size_t k = 0; word != NULL && k < NODE_COUNT; k++)
			if (strcmp(word, path_node_names[k]) == 0)
				nodes |= BIT(k);
	}
	if (nodes & BIT(NODE_SERVICE) && is_inside(report, cause))
		nodes = (nodes & ~BIT(NODE_SERVICE)) | BIT(NODE_PORTAL);
	return nodes;
}

/* Parts of the path that a passed check shows to work. TCP alone may be answered half way. */
static unsigned shown_by(const json_t *check)
{
	static const char *const proofs[] = {"tls", "ike", "ike-mtu", "dtls"};
	const json_t *facts = json_object_get(check, "facts");
	bool proof = is_one_of(check, proofs, COUNT(proofs)) ||
		     (member_is(check, "type", "http") &&
			     json_is_true(json_object_get(facts, "verified")));

	if (!member_is(check, "verdict", "pass"))
		return 0;
	if (member_is(check, "type", "vpn"))
		return BIT(NODE_TERMINAL) | BIT(NODE_VPN);
	if (proof && json_is_object(json_object_get(check, "host")))
		return BIT(NODE_TERMINAL) |
		       (member_is(check, "phase", "in-vpn") ? THROUGH_VPN : BEFORE_VPN);
	return BIT(NODE_TERMINAL);
}

static void raise(struct path *path, unsigned nodes, enum node_state state)
{
	for (size_t i = 0; i < NODE_COUNT; i++)
		if (nodes & BIT(i) && path->states[i] < state)
			path->states[i] = state;
}

static void raise_causes(struct path *path, const json_t *report)
{
	const json_t *causes = json_object_get(report, "causes");

	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		unsigned nodes = path_nodes(report, cause);
		if (member_is(cause, "verdict", "unknown"))
			raise(path, nodes, STATE_OPEN);
		if (member_is(cause, "verdict", "fail"))
			raise(path, nodes,
				(nodes & (nodes - 1)) != 0 ? STATE_SUSPECT : STATE_BROKEN);
		if (nodes & (BIT(NODE_VPN) | BIT(NODE_PORTAL)))
			path->count = NODE_COUNT;
	}
}

void path_make(struct path *path, const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");

	*path = (struct path){.count = NODE_SERVICE + 1};
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		raise(path, shown_by(check), STATE_WORKS);
		if (member_is(check, "phase", "in-vpn") || member_is(check, "type", "vpn"))
			path->count = NODE_COUNT;
	}
	raise_causes(path, report);
}

/* ---- lanes ---- */

static const char *layer_of(const json_t *check)
{
	static const struct {
		const char *type, *layer;
	} layers[] = {{"dns", "name"}, {"tcp", "tcp"}, {"tls", "web"}, {"http", "web"},
		{"ike", "udp"}, {"dtls", "udp"}, {"ike-mtu", "large"}};

	for (size_t i = 0; i < COUNT(layers); i++)
		if (member_is(check, "type", layers[i].type))
			return layers[i].layer;
	return NULL;
}

static enum node end_of(const json_t *check)
{
	const json_t *facts = json_object_get(check, "facts");

	if (member_is(check, "phase", "in-vpn"))
		return NODE_PORTAL;
	if (!member_is(check, "type", "dns"))
		return NODE_SERVICE;
	return json_is_false(json_object_get(facts, "server_private")) ? NODE_LINE : NODE_FACILITY;
}

static int badness(const char *verdict)
{
	static const char *const order[] = {"pass", "warn", "unknown", "fail"};

	for (size_t i = 0; i < COUNT(order); i++)
		if (strcmp(verdict, order[i]) == 0)
			return (int)i;
	return -1;
}

static unsigned suspects_of(const json_t *report, const json_t *check)
{
	const json_t *root = json_object_get(check, "root");

	if (!json_is_integer(root) || json_integer_value(root) < 0)
		return 0;
	return path_nodes(report, json_array_get(json_object_get(report, "causes"),
					  (size_t)json_integer_value(root)));
}

static struct lane *find_lane(struct lane *lanes, size_t count, const struct lane *like)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(lanes[i].layer, like->layer) == 0 && lanes[i].port == like->port &&
			strcmp(lanes[i].host, like->host) == 0)
			return &lanes[i];
	return NULL;
}

static bool lane_of(struct lane *lane, const json_t *report, const json_t *check)
{
	const json_t *host = json_object_get(check, "host"), *port = json_object_get(check, "port");

	*lane = (struct lane){
		.host = member_string(host, "id"),
		.name = member_string(host, "name"),
		.layer = layer_of(check),
		.port = json_is_integer(port) ? json_integer_value(port) : -1,
		.verdict = html_verdict(check),
		.suspects = suspects_of(report, check),
		.end = end_of(check),
	};
	return json_is_object(host) && lane->layer != NULL && badness(lane->verdict) >= 0;
}

/* Who answers TCP is not the service when what follows is blamed on something before it. */
static void shorten(struct lane *lanes, size_t count)
{
	const unsigned before = BIT(NODE_FACILITY) | BIT(NODE_LINE);

	for (size_t i = 0; i < count; i++) {
		struct lane like = lanes[i];
		like.layer = "web";
		const struct lane *web = find_lane(lanes, count, &like);
		if (strcmp(lanes[i].layer, "tcp") == 0 && web != NULL && web->suspects & before &&
			badness(lanes[i].verdict) == 0)
			lanes[i].end =
				web->suspects & BIT(NODE_FACILITY) ? NODE_FACILITY : NODE_LINE;
	}
}

size_t path_lanes(struct lane *lanes, size_t most, const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");
	size_t count = 0, left_out = 0;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		struct lane lane;
		if (!lane_of(&lane, report, json_array_get(checks, i)))
			continue;
		struct lane *same = find_lane(lanes, count, &lane);
		if (same == NULL && count < most)
			lanes[count++] = lane;
		else if (same == NULL)
			left_out++;
		else if (badness(lane.verdict) > badness(same->verdict))
			*same = lane;
	}
	shorten(lanes, count);
	return count + left_out;
}
