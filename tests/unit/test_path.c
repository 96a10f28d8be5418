/* How far packets of a silent port got: the decision table, its facts and judgements; the probe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cause.h"
#include "check.h"
#include "ike.h"
#include "path_facts.h"
#include "path_probe.h"

#define T SEGMENT_TERMINAL
#define F SEGMENT_FACILITY
#define L SEGMENT_LINE
#define S SEGMENT_SERVICE

/* ---- the decision table ---- */

/* A letter for each hop: f facility, l line, s the host, - nobody. */
struct row {
	const char *asked, *other; /* other NULL: nothing to compare with */
	enum path_reach reach;
	int last, next;
	unsigned segments; /* 0: as without evidence */
};

static const struct row rows[] = {
	/* nothing comes back for the silent port */
	{"---", "fls", PATH_START, 0, 1, T | F},
	{"---", "-ls", PATH_START, 0, 2, T | F | L},
	{"---", "--s", PATH_UNKNOWN, 0, 0, 0},
	{"---", "---", PATH_UNKNOWN, 0, 0, 0},
	{"---", NULL, PATH_UNKNOWN, 0, 0, 0},
	/* it stops between two routers */
	{"f--", "ffls", PATH_BETWEEN, 1, 2, F},
	{"f---", "f-fls", PATH_BETWEEN, 1, 3, F},
	{"f--", "fls", PATH_BETWEEN, 1, 2, F | L},
	{"ff---", "ffl-ls", PATH_BETWEEN, 2, 3, F | L},
	{"fl---", "fllls", PATH_BETWEEN, 2, 3, L},
	{"fl---", "fl-l------", PATH_BETWEEN, 2, 4, L},
	{"-l---", "flls", PATH_BETWEEN, 2, 3, L},
	/* it reaches the last router that answers at all */
	{"fl-", "fls", PATH_END, 2, 0, F | L | S},
	{"fl---", "fl--s", PATH_END, 2, 0, F | L | S},
	{"f-", "fs", PATH_END, 1, 0, F | L | S},
	{"fllllllll-", "fllllllll-", PATH_END, 9, 0, F | L | S},
	{"fls", "fls", PATH_END, 3, 0, F | L | S},
	{"--s", NULL, PATH_END, 3, 0, F | L | S},
	/* nothing to compare with */
	{"f--", NULL, PATH_ALONE, 1, 0, 0},
	{"fl--", NULL, PATH_ALONE, 2, 0, F | L | S},
	{"f--", "---", PATH_ALONE, 1, 0, 0},
	/* something near answers in the host's name */
	{"f--", "s--", PATH_ALONE, 1, 0, 0},
	{"fl-", "fs-", PATH_ALONE, 2, 0, F | L | S},
	{"---", "s--", PATH_UNKNOWN, 0, 0, 0},
};

/* A port that resets connections: s is where the reset came from. */
static const struct row reset_rows[] = {
	{"s---", "fls", PATH_START, 0, 1, T | F},
	{"s---", "-ls", PATH_START, 0, 2, T | F | L},
	{"fs--", "ffls", PATH_BETWEEN, 1, 2, F},
	{"fs--", "fls", PATH_BETWEEN, 1, 2, F | L},
	{"fs--", "f-ls", PATH_BETWEEN, 1, 3, F | L},
	{"fls-", "fllls", PATH_BETWEEN, 2, 3, L},
	{"fls", "fls", PATH_END, 2, 0, L | S},
	{"fls", "fs", PATH_END, 2, 0, L | S},
	{"fs", "fs", PATH_END, 1, 0, F | L | S},
	{"fls", NULL, PATH_ALONE, 2, 0, L | S},
	{"fs-", NULL, PATH_ALONE, 1, 0, 0},
	{"fs-", "---", PATH_ALONE, 1, 0, 0},
	{"fls-", "s---", PATH_ALONE, 2, 0, L | S},
	{"--s", NULL, PATH_UNKNOWN, 0, 0, 0},
	{"fl--", "fls", PATH_UNKNOWN, 0, 0, 0}, /* the reset did not come again */
	{"----", NULL, PATH_UNKNOWN, 0, 0, 0},
};

#define TARGET "219.97.232.64"

/* Addresses that are classified as the letters say. */
static struct path_trace trace_of(const char *letters)
{
	struct path_trace trace = {0};
	char text[NET_ADDR_STRLEN];

	for (size_t i = 0; letters[i] != '\0'; i++) {
		snprintf(text, sizeof text, letters[i] == 'f' ? "10.0.0.%d" : "133.162.1.%d",
			(int)i + 1);
		if (letters[i] != '-')
			assert_true(
				net_addr_parse(letters[i] == 's' ? TARGET : text, &trace.hops[i]));
	}
	return trace;
}

static unsigned actors_of(unsigned segments)
{
	return (segments & T ? ACTOR_IT : 0u) | (segments & F ? ACTOR_NETWORK : 0u) |
	       (segments & L ? ACTOR_CARRIER : 0u) | (segments & S ? ACTOR_DESK : 0u);
}

static void assert_hop(const struct facts *facts, const char *name, const char *kind_name,
	const struct path_trace *trace, int limit)
{
	char text[NET_ADDR_STRLEN];

	if (limit == 0) {
		assert_false(facts_has(facts, name) || facts_has(facts, kind_name));
		return;
	}
	net_addr_format(&trace->hops[limit - 1], text);
	assert_string_equal(facts_get_str(facts, name), text);
	assert_non_null(facts_get_str(facts, kind_name));
}

static void assert_judged(
	const char *type, const struct facts *facts, const char *cause, const struct row *row)
{
	struct judge_input in = {.facts = facts};
	struct judgement out = {.verdict = VERDICT_COUNT};

	check_type_find(type)->judge(&in, &out);
	assert_int_equal(out.verdict, VERDICT_FAIL);
	assert_string_equal(out.cause, cause);
	assert_int_equal(out.segments, row->segments);
	assert_int_equal(out.actors, actors_of(row->segments));
}

static struct facts facts_of(const struct row *row, bool reset)
{
	struct path_trace asked = trace_of(row->asked), other = {0};
	struct terminal terminal = {0};
	struct net_addr target;
	struct facts facts;

	if (row->other != NULL)
		other = trace_of(row->other);
	print_message("%s %s\n", row->asked, row->other != NULL ? row->other : "alone");
	assert_true(net_addr_parse(TARGET, &target));
	facts_init(&facts);
	path_facts(&facts, &asked, row->other != NULL ? &other : NULL, &target, &terminal, reset);
	assert_string_equal(facts_get_str(&facts, "path_reach"), path_reach_name(row->reach));
	assert_int_equal(facts_get_bool(&facts, "path_known", false), row->reach != PATH_UNKNOWN);
	assert_int_equal(facts_has(&facts, "path_other"), row->other != NULL);
	assert_hop(&facts, "path_last", "path_last_kind", &asked, row->last);
	assert_hop(&facts, "path_next", "path_next_kind", &other, row->next);
	return facts;
}

static void reach_decides_where_silence_can_be(void **state)
{
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct facts facts = facts_of(&rows[i], false);
		assert_int_equal(
			facts_get_bool(&facts, "path_past_facility", true), rows[i].segments == L);
		facts_bool(&facts, "complete", true);
		assert_judged("ike", &facts, "udp.silent", &rows[i]);
		facts_str(&facts, "error", "timeout");
		assert_judged("tcp", &facts, "tcp.silent", &rows[i]);
		facts_release(&facts);
	}
}

static void distance_decides_where_a_reset_is_made(void **state)
{
	(void)state;

	for (size_t i = 0; i < sizeof reset_rows / sizeof reset_rows[0]; i++) {
		struct facts facts = facts_of(&reset_rows[i], true);
		assert_int_equal(facts_get_bool(&facts, "path_past_facility", false),
			reset_rows[i].segments != 0 && !(reset_rows[i].segments & (T | F)));
		facts_str(&facts, "error", "refused");
		facts_bool(&facts, "path_reset", true);
		assert_judged("tcp", &facts, "tcp.refused", &reset_rows[i]);
		facts_release(&facts);
	}
}

static void what_is_not_known_changes_nothing(void **state)
{
	static const char *const whys[] = {"os", "vpn", "limit", "time"};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		struct judgement out = {.verdict = VERDICT_FAIL};
		struct facts facts;
		facts_init(&facts);
		path_facts_unavailable(&facts, whys[i]);
		assert_string_equal(facts_get_str(&facts, "path_reach"), "unknown");
		assert_string_equal(facts_get_str(&facts, "path_unavailable"), whys[i]);
		assert_false(facts_get_bool(&facts, "path_known", true));
		path_facts_judge(&facts, &out);
		assert_int_equal(out.segments, 0);
		assert_int_equal(out.actors, 0);
		facts_release(&facts);
	}
}

/* Saved facts may be anything. */
static void odd_facts_judge_nothing(void **state)
{
	static const char *const odd[] = {"{}", "{\"path_reach\": 1}",
		"{\"path_reach\": \"between\"}",
		"{\"path_reach\": \"between\", \"path_last_kind\": \"line\", \"path_next_kind\": "
		"[]}",
		"{\"path_reach\": \"between\", \"path_last_kind\": \"line\","
		" \"path_next_kind\": \"facility\"}",
		"{\"path_reach\": \"\"}"};
	(void)state;

	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		struct facts facts = {.object = json_loads(odd[i], 0, NULL)};
		struct judgement out = {.verdict = VERDICT_FAIL};
		assert_non_null(facts.object);
		path_facts_judge(&facts, &out);
		assert_int_equal(out.segments, 0);
		facts_release(&facts);
	}
}

/* ---- kinds of hops ---- */

static void hops_have_kinds(void **state)
{
	static const struct {
		const char *addr;
		enum path_kind kind;
	} hops[] = {
		{"203.0.113.1", PATH_FACILITY}, /* the default gateway, though not private */
		{"10.1.2.3", PATH_FACILITY},
		{"169.254.1.1", PATH_FACILITY},
		{"100.64.0.1", PATH_LINE},
		{"10.9.9.9", PATH_LINE}, /* behind the line's first router: the carrier's */
		{"133.162.1.1", PATH_LINE},
		{TARGET, PATH_SERVICE},
	};
	struct terminal terminal = {.routes_known = true, .route4 = {.present = true}};
	enum path_kind kinds[PATH_HOPS_MAX];
	struct path_trace trace = {0};
	struct net_addr target;
	size_t count = sizeof hops / sizeof hops[0];
	(void)state;

	assert_true(net_addr_parse(TARGET, &target));
	assert_true(net_addr_parse("203.0.113.1", &terminal.route4.gateway));
	for (size_t i = 0; i < count; i++)
		assert_true(net_addr_parse(hops[i].addr, &trace.hops[i]));
	path_classify(&trace, &target, &terminal, kinds);
	for (size_t i = 0; i < PATH_HOPS_MAX; i++)
		assert_int_equal(kinds[i], i < count ? hops[i].kind : PATH_NOBODY);
}

/* ---- the probe, on loopback ---- */

#define SEEN_MAX 32

struct loopback {
	struct loop *loop;
	struct terminal terminal;
	struct path_board *board;
	int udp, tcp;
	struct path_port udp_port, tcp_port;
	uint8_t spis[SEEN_MAX][8];
	int seen, accepted;
	bool answers;
};

static void on_datagram(void *arg, intptr_t fd, int events)
{
	struct loopback *t = arg;
	struct sockaddr_in from;
	socklen_t from_len = sizeof from;
	uint8_t bytes[IKE_MAX];
	ssize_t len = recvfrom(
		(int)fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
	(void)events;

	assert_true(len > IKE_HEADER_SIZE && t->seen < SEEN_MAX);
	assert_int_equal(bytes[17], 0x20);
	assert_int_equal(bytes[18], IKE_EXCHANGE_SA_INIT);
	memcpy(t->spis[t->seen++], bytes, 8);
	if (t->answers)
		sendto((int)fd, bytes, (size_t)len, 0, (struct sockaddr *)&from, from_len);
}

static void on_connection(void *arg, intptr_t fd, int events)
{
	struct loopback *t = arg;
	int connection = accept((int)fd, NULL, NULL);
	(void)events;

	if (connection < 0)
		return;
	t->accepted++;
	close(connection);
}

static int bound(int type, struct path_port *port)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof name;
	int fd = socket(AF_INET, type, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&name, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
	port->port = ntohs(name.sin_port);
	assert_true(net_addr_parse("127.0.0.1", &port->addr));
	return fd;
}

static void loopback_open(struct loopback *t)
{
	memset(t, 0, sizeof *t);
	t->loop = loop_new();
	t->board = path_board_new(t->loop, &t->terminal);
	t->udp_port.protocol = PATH_UDP;
	t->tcp_port.protocol = PATH_TCP;
	t->udp = bound(SOCK_DGRAM, &t->udp_port);
	t->tcp = bound(SOCK_STREAM, &t->tcp_port);
	assert_int_equal(listen(t->tcp, 8), 0);
	loop_fd(t->loop, t->udp, LOOP_READ, on_datagram, t);
	loop_fd(t->loop, t->tcp, LOOP_READ, on_connection, t);
}

static void loopback_run(struct loopback *t, double seconds)
{
	double until = loop_now(t->loop) + seconds;

	while (loop_now(t->loop) < until)
		loop_step(t->loop, until);
}

static void loopback_close(struct loopback *t)
{
	loop_fd(t->loop, t->udp, 0, NULL, NULL);
	loop_fd(t->loop, t->tcp, 0, NULL, NULL);
	path_board_free(t->board);
	loop_free(t->loop);
	close(t->udp);
	close(t->tcp);
}

#define ENOUGH 1.5 /* seconds for every round there can be */

static void silence_costs_few_packets(void **state)
{
	struct loopback t;
	struct facts facts;
	(void)state;

	loopback_open(&t);
	path_answered(t.board, &t.tcp_port);
	path_expect(t.board, &t.udp_port, 0, ENOUGH);
	loopback_run(&t, ENOUGH);
	facts_init(&facts);
	path_tell(t.board, &t.udp_port, &facts);
	assert_int_equal(t.seen, 6); /* three hops ahead, each once more */
	for (int i = 0; i < t.seen; i++)
		for (int k = 0; k < i; k++)
			assert_memory_not_equal(t.spis[i], t.spis[k], 8);
	assert_string_equal(facts_get_str(&facts, "path_reach"), "unknown");
	assert_int_equal(facts_count(&facts, "path"), 0);
	assert_int_equal(facts_count(&facts, "path_other"), 1); /* the host, at the first hop */
	assert_memory_equal(facts_get_str(&facts, "path_other_port"), "TCP ", 4);
	assert_int_equal(facts_get_int(&facts, "path_sent", 0), t.seen + 3);
	assert_true(t.accepted >= 1 && t.accepted <= 3);
	facts_release(&facts);
	loopback_close(&t);
}

static void an_answer_is_the_host(void **state)
{
	struct loopback t;
	struct facts facts;
	(void)state;

	loopback_open(&t);
	t.answers = true;
	path_expect(t.board, &t.udp_port, 0, ENOUGH);
	loopback_run(&t, ENOUGH);
	facts_init(&facts);
	path_tell(t.board, &t.udp_port, &facts);
	assert_int_equal(t.seen, 3);
	assert_string_equal(facts_get_str(&facts, "path_reach"), "end");
	assert_string_equal(facts_get_str(&facts, "path_last"), "127.0.0.1");
	assert_string_equal(facts_get_str(&facts, "path_last_kind"), "service");
	assert_false(facts_has(&facts, "path_other"));
	facts_release(&facts);
	loopback_close(&t);
}

static void a_settled_port_is_left_alone(void **state)
{
	struct loopback t;
	struct facts facts;
	(void)state;

	loopback_open(&t);
	path_expect(t.board, &t.udp_port, 0.05, ENOUGH);
	path_settled(t.board, &t.udp_port);
	path_expect(t.board, &t.tcp_port, 0.05, ENOUGH);
	path_answered(t.board, &t.tcp_port);
	loopback_run(&t, 0.3);
	facts_init(&facts);
	path_tell(t.board, &t.udp_port, &facts);
	assert_int_equal(t.seen + t.accepted, 0);
	assert_string_equal(facts_get_str(&facts, "path_unavailable"), "time");
	facts_release(&facts);
	loopback_close(&t);
}

/* Routers limit what they tell one address; no run may use that up. */
static void a_run_follows_few_ports(void **state)
{
	struct loopback t;
	struct facts facts;
	struct path_port port;
	int left_out = 0;
	(void)state;

	loopback_open(&t);
	port = t.tcp_port;
	for (uint16_t i = 0; i <= PATH_TRACES_MAX; i++) {
		port.port = (uint16_t)(1 + i);
		path_expect(t.board, &port, 0, ENOUGH);
	}
	loopback_run(&t, ENOUGH);
	for (uint16_t i = 0; i <= PATH_TRACES_MAX; i++) {
		port.port = (uint16_t)(1 + i);
		facts_init(&facts);
		path_tell(t.board, &port, &facts);
		left_out += facts_has(&facts, "path_unavailable");
		if (facts_has(&facts, "path_unavailable"))
			assert_string_equal(facts_get_str(&facts, "path_unavailable"), "limit");
		facts_release(&facts);
	}
	assert_int_equal(left_out, 1);
	loopback_close(&t);
}

static void through_a_vpn_nothing_is_followed(void **state)
{
	struct vpn_connection vpn = {.connected = true};
	struct loopback t;
	struct facts facts;
	(void)state;

	loopback_open(&t);
	t.terminal.vpns.items = &vpn;
	t.terminal.vpns.count = 1;
	t.terminal.vpns_known = true;
	path_expect(t.board, &t.udp_port, 0, ENOUGH);
	loopback_run(&t, 0.3);
	facts_init(&facts);
	path_tell(t.board, &t.udp_port, &facts);
	assert_int_equal(t.seen, 0);
	assert_string_equal(facts_get_str(&facts, "path_unavailable"), "vpn");
	facts_release(&facts);
	loopback_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reach_decides_where_silence_can_be),
		cmocka_unit_test(distance_decides_where_a_reset_is_made),
		cmocka_unit_test(what_is_not_known_changes_nothing),
		cmocka_unit_test(odd_facts_judge_nothing),
		cmocka_unit_test(hops_have_kinds),
		cmocka_unit_test(silence_costs_few_packets),
		cmocka_unit_test(an_answer_is_the_host),
		cmocka_unit_test(a_settled_port_is_left_alone),
		cmocka_unit_test(a_run_follows_few_ports),
		cmocka_unit_test(through_a_vpn_nothing_is_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
