/* Verdicts of ike, ike-mtu and dtls from facts; the IKE conversation with a responder on loopback.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cause.h"
#include "check.h"
#include "ike_desk.h"
#include "ike_writer.h"
#include "rtt.h"
#include "udp_facts.h"

/* ---- verdicts ---- */

struct judge_row {
	const char *check, *facts;
	enum verdict verdict;
	const char *cause; /* NULL: none */
	unsigned segments; /* 0: the cause's own */
};

#define REFUSED_BY(who) "{'answered': false, 'error': 'refused', 'offender_is': '" who "'}"
#define NEARBY(more)    "{'answered': true, 'answered_nearby': true, " more "}"
#define SIZES_ARE(small, df, fragmented)                                                           \
	"{'small': '" small "', 'df': '" df "', 'fragmented': '" fragmented "', 'complete': true}"

#define FULL_IS(full, df, fragmented)                                                              \
	"{'small': 'answered', 'full': '" full "', 'df': '" df "', 'fragmented': '" fragmented     \
	"', 'complete': true"

static const struct judge_row judge_rows[] = {
	/* ike */
	{"ike", "{'blocked_by': 'name'}", VERDICT_UNKNOWN, "run.blocked", 0},
	{"ike", "{'answered': true, 'answer': 'COOKIE'}", VERDICT_PASS, NULL, 0},
	{"ike", "{'answered': true, 'error': 'refused'}", VERDICT_PASS, NULL, 0},
	{"ike", "{'answered': true, 'not_ike': true}", VERDICT_PASS, NULL, 0},
	{"ike", "{'answered': false, 'not_ike': true}", VERDICT_FAIL, "udp.not-ike", 0},
	{"ike", "{'answered': false, 'complete': true}", VERDICT_FAIL, "udp.silent", 0},
	{"ike", "{'answered': false, 'complete': false}", VERDICT_UNKNOWN, "udp.silent", 0},
	{"ike", "{}", VERDICT_UNKNOWN, "udp.silent", 0},
	{"ike", REFUSED_BY("target"), VERDICT_FAIL, "udp.refused", SEGMENT_SERVICE},
	{"ike", REFUSED_BY("gateway"), VERDICT_FAIL, "udp.refused", SEGMENT_FACILITY},
	{"ike", REFUSED_BY("facility"), VERDICT_FAIL, "udp.refused", SEGMENT_FACILITY},
	{"ike", REFUSED_BY("carrier"), VERDICT_FAIL, "udp.refused", SEGMENT_LINE},
	{"ike", REFUSED_BY("neighbour"), VERDICT_FAIL, "udp.refused",
		SEGMENT_LINE | SEGMENT_SERVICE},
	{"ike", REFUSED_BY("self"), VERDICT_FAIL, "udp.refused", SEGMENT_TERMINAL},
	{"ike", REFUSED_BY("other"), VERDICT_FAIL, "udp.refused", SEGMENT_FACILITY | SEGMENT_LINE},
	{"ike", "{'error': 'refused'}", VERDICT_FAIL, "udp.refused", 0},
	{"ike", "{'error': 'prohibited'}", VERDICT_FAIL, "udp.prohibited", 0},
	{"ike", "{'error': 'unreachable-net'}", VERDICT_FAIL, "udp.unreachable", 0},
	{"ike", "{'error': 'unreachable-host', 'offender_is': 'self'}", VERDICT_FAIL,
		"udp.unreachable", SEGMENT_TERMINAL | SEGMENT_FACILITY},
	{"ike", "{'error': 'no-route'}", VERDICT_FAIL, "net.no-route", 0},
	{"ike", "{'error': 'local-denied'}", VERDICT_FAIL, "net.local-denied", 0},
	{"ike", "{'error': 'other', 'errno': 98}", VERDICT_UNKNOWN, "run.local-error", 0},
	{"ike", "{'error': 'local-error', 'errno': 24}", VERDICT_UNKNOWN, "run.local-error", 0},
	{"ike", "{'error': 'other', 'icmp_type': 3}", VERDICT_UNKNOWN, "run.blocked", 0},
	{"ike", "{'answered': 'yes', 'complete': 1}", VERDICT_UNKNOWN, "udp.silent", 0},
	{"ike", "{'answered': true, 'answer': 'INVALID_MAJOR_VERSION'}", VERDICT_PASS, NULL, 0},
	{"ike", "{'answered': true, 'limited': true}", VERDICT_UNKNOWN, "udp.limited", 0},
	/* a refusal of IKEv1 says nothing of IKEv2, which was asked for in vain */
	{"ike",
		"{'answered': true, 'answer': 'IKEV1_NOTIFY', 'questions': ['proposal-21', "
		"'ikev1-main']}",
		VERDICT_UNKNOWN, "udp.version", 0},
	{"ike", "{'answered': true, 'answer': 'IKEV1_NOTIFY', 'questions': ['proposal-21']}",
		VERDICT_PASS, NULL, 0},
	{"ike",
		"{'answered': true, 'answer': 'IKEV1_MAIN', 'questions': ['proposal-21', "
		"'ikev1-main']}",
		VERDICT_PASS, NULL, 0},
	{"ike", "{'answered': true, 'answer': 'REDIRECT'}", VERDICT_WARN, "udp.redirected", 0},
	{"ike", "{'answered': true, 'second_flow': 'refused'}", VERDICT_WARN, "udp.one-flow", 0},
	{"ike", "{'answered': true, 'second_flow': 'answered'}", VERDICT_PASS, NULL, 0},
	/* who answers from near is known to be another only where it saw itself elsewhere */
	{"ike", NEARBY("'nat_local': 'none', 'nat_remote': 'present'"), VERDICT_FAIL,
		"udp.answered-nearby", 0},
	{"ike", NEARBY("'nat_local': 'none', 'nat_remote': 'none'"), VERDICT_UNKNOWN,
		"udp.answered-nearby", 0},
	{"ike", NEARBY("'ike_version': 1"), VERDICT_UNKNOWN, "udp.answered-nearby", 0},
	{"ike", "{'answered': true, 'nat_local': 'none', 'nat_remote': 'present'}", VERDICT_PASS,
		NULL, 0},
	{"ike-mtu",
		"{'small': 'answered', 'df': 'answered', 'fragmented': 'answered',"
		" 'complete': true, 'answered_nearby': true}",
		VERDICT_UNKNOWN, "udp.answered-nearby", 0},
	/* ike-mtu */
	{"ike-mtu", "{'blocked_by': 'name'}", VERDICT_UNKNOWN, "run.blocked", 0},
	{"ike-mtu", "{}", VERDICT_UNKNOWN, "run.blocked", 0},
	{"ike-mtu", SIZES_ARE("answered", "answered", "answered"), VERDICT_PASS, NULL, 0},
	{"ike-mtu", SIZES_ARE("answered", "unsupported", "answered"), VERDICT_PASS, NULL, 0},
	{"ike-mtu", SIZES_ARE("answered", "answered", "silent"), VERDICT_FAIL, "udp.fragments", 0},
	{"ike-mtu", SIZES_ARE("answered", "silent", "silent"), VERDICT_FAIL, "udp.fragments", 0},
	{"ike-mtu", SIZES_ARE("answered", "silent", "answered"), VERDICT_FAIL, "udp.mtu-black-hole",
		0},
	{"ike-mtu", SIZES_ARE("answered", "message-size", "answered"), VERDICT_WARN,
		"udp.mtu-small", 0},
	{"ike-mtu", SIZES_ARE("silent", "silent", "silent"), VERDICT_UNKNOWN, "run.blocked", 0},
	{"ike-mtu", SIZES_ARE("refused", "refused", "refused"), VERDICT_UNKNOWN, "run.blocked", 0},
	{"ike-mtu", "{'small': 'answered', 'df': 'silent', 'fragmented': 'silent'}",
		VERDICT_UNKNOWN, "run.blocked", 0},
	{"ike-mtu",
		"{'small': 'answered', 'df': 'prohibited', 'fragmented': 'answered',"
		" 'complete': true, 'error': 'prohibited', 'offender_is': 'gateway'}",
		VERDICT_FAIL, "udp.prohibited", SEGMENT_FACILITY},
	/* a fragment fills a frame: where full frames are lost it is the size */
	{"ike-mtu", FULL_IS("silent", "answered", "silent") ", 'size_lost': 1460}", VERDICT_FAIL,
		"udp.mtu-black-hole", 0},
	{"ike-mtu", FULL_IS("answered", "answered", "silent") "}", VERDICT_FAIL, "udp.fragments",
		0},
	{"ike-mtu", FULL_IS("message-size", "answered", "silent") "}", VERDICT_FAIL,
		"udp.fragments", 0},
	{"ike-mtu", FULL_IS("silent", "answered", "answered") ", 'size_lost': 1492}", VERDICT_WARN,
		"udp.mtu-black-hole", 0},
	/* full packets of the tunnel are lost, too */
	{"ike-mtu", FULL_IS("silent", "answered", "answered") ", 'size_lost': 1476}", VERDICT_FAIL,
		"udp.mtu-black-hole", 0},
	{"ike-mtu", FULL_IS("silent", "answered", "answered") "}", VERDICT_WARN,
		"udp.mtu-black-hole", 0},
	{"ike-mtu", FULL_IS("message-size", "answered", "answered") "}", VERDICT_PASS, NULL, 0},
	{"ike-mtu", FULL_IS("silent", "silent", "silent") ", 'stopped': true}", VERDICT_UNKNOWN,
		"udp.limited", 0},
	{"ike-mtu", "{'small': 'answered', 'limited': true}", VERDICT_UNKNOWN, "udp.limited", 0},
	/* large answers: what is lost on the way out is told first */
	{"ike-mtu", FULL_IS("answered", "answered", "answered") ", 'inbound': 'answered'}",
		VERDICT_PASS, NULL, 0},
	{"ike-mtu", FULL_IS("answered", "answered", "answered") ", 'inbound': 'not-known'}",
		VERDICT_PASS, NULL, 0},
	{"ike-mtu", FULL_IS("answered", "answered", "answered") ", 'inbound': 'silent'}",
		VERDICT_FAIL, "udp.large-answers", 0},
	{"ike-mtu", FULL_IS("message-size", "message-size", "answered") ", 'inbound': 'silent'}",
		VERDICT_FAIL, "udp.large-answers", 0},
	{"ike-mtu", FULL_IS("silent", "silent", "answered") ", 'inbound': 'silent'}", VERDICT_FAIL,
		"udp.mtu-black-hole", 0},
	{"ike-mtu", FULL_IS("answered", "answered", "silent") ", 'inbound': 'silent'}",
		VERDICT_FAIL, "udp.fragments", 0},
	{"ike-mtu",
		FULL_IS("answered", "answered", "answered") ", 'inbound': 'silent', "
							    "'answered_nearby': true}",
		VERDICT_UNKNOWN, "udp.answered-nearby", 0},
	{"ike-mtu",
		FULL_IS("silent", "silent", "silent") ", 'inbound': 'silent', "
						      "'stopped': true}",
		VERDICT_UNKNOWN, "udp.limited", 0},
	/* dtls */
	{"dtls", "{'blocked_by': 'name'}", VERDICT_UNKNOWN, "run.blocked", 0},
	{"dtls", "{'answered': true, 'answer': 'alert'}", VERDICT_PASS, NULL, 0},
	{"dtls", "{'answered': false, 'complete': true}", VERDICT_WARN, "dtls.silent", 0},
	{"dtls", "{'answered': false, 'complete': false}", VERDICT_UNKNOWN, "dtls.silent", 0},
	{"dtls", "{'answered': false, 'not_dtls': true}", VERDICT_WARN, "udp.not-dtls", 0},
	{"dtls", REFUSED_BY("target"), VERDICT_WARN, "udp.refused", SEGMENT_SERVICE},
	{"dtls", "{'error': 'prohibited'}", VERDICT_WARN, "udp.prohibited", 0},
	{"dtls", "{'error': 'local-denied'}", VERDICT_WARN, "net.local-denied", 0},
	{"dtls", "{'error': 'no-route'}", VERDICT_FAIL, "net.no-route", 0},
	{"dtls", "{'error': 'other'}", VERDICT_UNKNOWN, "run.local-error", 0},
};

static bool lists_cause(const struct check_type *type, const char *cause)
{
	for (size_t i = 0; type->causes[i] != NULL; i++)
		if (strcmp(type->causes[i], cause) == 0)
			return true;
	return false;
}

static struct facts facts_of(const char *single_quoted)
{
	char text[512];
	size_t len = strlen(single_quoted);

	assert_true(len < sizeof text);
	for (size_t i = 0; i <= len; i++)
		text[i] = single_quoted[i] == '\'' ? '"' : single_quoted[i];
	struct facts facts = {.object = json_loads(text, 0, NULL)};
	assert_non_null(facts.object);
	return facts;
}

static void facts_become_verdicts(void **state)
{
	(void)state;

	for (size_t i = 0; i < sizeof judge_rows / sizeof judge_rows[0]; i++) {
		const struct judge_row *row = &judge_rows[i];
		const struct check_type *type = check_type_find(row->check);
		struct facts facts = facts_of(row->facts);
		struct judge_input in = {.facts = &facts};
		struct judgement out = {.verdict = VERDICT_COUNT};

		print_message("%s %s\n", row->check, row->facts);
		type->judge(&in, &out);
		assert_int_equal(out.verdict, row->verdict);
		assert_int_equal(out.segments, row->segments);
		assert_int_equal(out.actors, 0);
		if (row->cause == NULL) {
			assert_null(out.cause);
		} else {
			assert_string_equal(out.cause, row->cause);
			assert_true(lists_cause(type, out.cause));
		}
		facts_release(&facts);
	}
}

static void causes_are_in_the_table(void **state)
{
	static const char *const types[] = {"ike", "ike-mtu", "dtls"};
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		const struct check_type *type = check_type_find(types[i]);
		for (size_t k = 0; type->causes[k] != NULL; k++)
			assert_non_null(cause_find(type->causes[k]));
	}
}

static void offenders_are_placed(void **state)
{
	static const struct {
		const char *offender, *is;
	} rows[] = {
		{"198.51.100.2", "target"},
		{"192.0.2.7", "self"},
		{"192.0.2.1", "gateway"},
		{"10.20.30.40", "facility"},
		{"169.254.3.4", "facility"},
		{"203.0.113.5", "other"},
		{"198.51.100.77", "neighbour"},
		{"100.64.0.1", "carrier"},
	};
	struct net_addr own, target;
	struct netif interface = {.up = true, .addrs = &own, .addr_count = 1};
	struct terminal terminal = {.interfaces = {.items = &interface, .count = 1},
		.interfaces_known = true,
		.routes_known = true};
	(void)state;

	net_addr_parse("192.0.2.7", &own);
	net_addr_parse("198.51.100.2", &target);
	terminal.route4.present = true;
	net_addr_parse("192.0.2.1", &terminal.route4.gateway);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct udp_error error = {.error = NET_REFUSED, .icmp_type = 3, .icmp_code = 3};
		struct facts facts;
		net_addr_parse(rows[i].offender, &error.offender);
		facts_init(&facts);
		udp_facts_error(&facts, &error, &target, &terminal);
		assert_string_equal(facts_get_str(&facts, "offender"), rows[i].offender);
		assert_string_equal(facts_get_str(&facts, "offender_is"), rows[i].is);
		assert_int_equal(facts_get_int(&facts, "icmp_code", -1), 3);
		facts_release(&facts);
	}
}

/* ---- a gateway on loopback ---- */

enum behaviour {
	SILENT,
	REJECTS,  /* NO_PROPOSAL_CHOSEN to what it can read, silence to other versions */
	BUSY,     /* COOKIE, likewise */
	ORDERLY,  /* INVALID_MAJOR_VERSION; wants group 14; full answers */
	LIMITS,   /* INVALID_MAJOR_VERSION, silence to all connections */
	ONE_FLOW, /* orderly, but to the first port that asks */
	V1_ONLY,  /* main mode, silence to IKEv2 */
	REFLECTS, /* sends back what it got */
	MUMBLES   /* something else */
};

#define SEEN_MAX 16

/* An answer that takes its time. */
struct later {
	struct gateway *gateway;
	struct loop_timer timer;
	uint8_t answer[IKE_MAX];
	size_t len;
	struct sockaddr_in peer;
};

/* What it says to the offer of a large key. */
enum large_taste { IGNORES_LARGE, REFUSES_LARGE, TAKES_LARGE, TAKES_THEN_REFUSES };

struct gateway {
	int fd;
	uint16_t port;
	enum behaviour behaviour;
	uint8_t seen[SEEN_MAX][IKE_MAX];
	size_t seen_len[SEEN_MAX];
	size_t count;
	struct sockaddr_in peer;
	in_port_t first_peer;
	size_t most; /* larger packets are lost; 0: none are */
	size_t deaf; /* so many packets are lost at first */
	enum large_taste taste;
	size_t lost;       /* of full exchanges with a large key, so many answers are lost */
	double late;       /* seconds that an answer takes */
	bool in_turn;      /* one after the other */
	double busy_until; /* loop_now value */
	struct loop *loop;
	struct later later[SEEN_MAX];
};

static void header(struct writer *w, const uint8_t *request, uint8_t version, uint8_t exchange)
{
	writer_bytes(w, request, 8);
	writer_bytes(w, "RESPONSE", 8);
	w->next_at = w->len;
	writer_8(w, 0);
	writer_8(w, version);
	writer_8(w, exchange);
	writer_8(w, version == 0x20 ? IKE_FLAG_RESPONSE : 0);
	writer_32(w, 0);
	writer_32(w, 0);
}

static void notify(struct writer *w, unsigned type, const void *data, size_t len)
{
	size_t start = payload_begin(w, IKE_PAYLOAD_NOTIFY);
	writer_16(w, 0);
	writer_16(w, type);
	writer_bytes(w, data, len);
	payload_end(w, start);
}

static void payload(struct writer *w, uint8_t type)
{
	size_t start = payload_begin(w, type);
	writer_32(w, 1);
	writer_32(w, 1);
	payload_end(w, start);
}

static void full(struct writer *w, const struct gateway *g, const uint8_t *request)
{
	struct net_addr loopback;
	uint8_t hash[IKE_NATD_SIZE];

	payload(w, IKE_PAYLOAD_SA);
	payload(w, IKE_PAYLOAD_KE);
	payload(w, IKE_PAYLOAD_NONCE);
	net_addr_parse("127.0.0.1", &loopback);
	ike_natd_hash(request, (const uint8_t *)"RESPONSE", &loopback, g->port, hash);
	notify(w, IKE_N_NAT_DETECTION_SOURCE_IP, hash, sizeof hash);
	ike_natd_hash(request, (const uint8_t *)"RESPONSE", &loopback,
		(uint16_t)(ntohs(g->peer.sin_port) + 1), hash); /* as if translated */
	notify(w, IKE_N_NAT_DETECTION_DESTINATION_IP, hash, sizeof hash);
	notify(w, IKE_N_FRAGMENTATION_SUPPORTED, "", 0);
}

/* The group of the key exchange, which follows the SA. */
static unsigned asked_group(const uint8_t *request)
{
	size_t ke = IKE_HEADER_SIZE + ((size_t)request[30] << 8 | request[31]);
	return (unsigned)request[ke + 4] << 8 | request[ke + 5];
}

/* The offer has a key exchange of group 31. False: no answer. */
static bool orderly_about_large(struct writer *w, struct gateway *g, const uint8_t *request)
{
	bool offer = asked_group(request) == 31;

	if (g->taste == IGNORES_LARGE)
		return false;
	if (g->taste == REFUSES_LARGE || (!offer && g->taste == TAKES_THEN_REFUSES)) {
		notify(w, IKE_N_NO_PROPOSAL_CHOSEN, "", 0);
		return true;
	}
	if (offer) {
		notify(w, IKE_N_INVALID_KE_PAYLOAD, "\0\x12", 2);
		return true;
	}
	if (g->lost > 0) {
		g->lost--;
		return false;
	}
	full(w, g, request);
	writer_vendor(w, IKE_PAYLOAD_VENDOR, NULL, 1024);
	return true;
}

static void orderly(struct writer *w, const struct gateway *g, const uint8_t *request)
{
	if (request[17] != 0x20)
		notify(w, IKE_N_INVALID_MAJOR_VERSION, "", 0);
	else if (asked_group(request) != 14)
		notify(w, IKE_N_INVALID_KE_PAYLOAD, "\0\x0e", 2);
	else
		full(w, g, request);
}

static size_t gateway_answer(
	struct gateway *g, const uint8_t *request, size_t len, uint8_t *out, size_t size)
{
	struct writer w = {.buf = out, .size = size};
	bool v2 = request[17] == 0x20, v1 = request[17] == 0x10;

	if (g->behaviour == REFLECTS) {
		memcpy(out, request, len);
		return len;
	}
	header(&w, request, v1 ? 0x10 : 0x20, v1 ? IKE_V1_EXCHANGE_MAIN : IKE_EXCHANGE_SA_INIT);
	switch (g->behaviour) {
	case REJECTS:
		if (!v2)
			return 0;
		notify(&w, IKE_N_NO_PROPOSAL_CHOSEN, "", 0);
		break;
	case BUSY:
		if (!v2)
			return 0;
		notify(&w, IKE_N_COOKIE, "abcdefgh", 8);
		break;
	case ORDERLY:
		if (asked_group(request) != 31 && asked_group(request) != 18)
			orderly(&w, g, request);
		else if (!orderly_about_large(&w, g, request))
			return 0;
		break;
	case ONE_FLOW:
		if (g->first_peer != g->peer.sin_port)
			return 0;
		orderly(&w, g, request);
		break;
	case LIMITS:
		if (request[17] != 0x30)
			return 0;
		notify(&w, IKE_N_INVALID_MAJOR_VERSION, "", 0);
		break;
	case V1_ONLY:
		if (!v1)
			return 0;
		payload(&w, IKE_V1_PAYLOAD_SA);
		break;
	case MUMBLES:
		writer_32(&w, 0);
		break;
	case SILENT:
	case REFLECTS:
		return 0;
	}
	writer_length(&w, 26, 0);
	return w.len;
}

static void on_later(void *arg)
{
	struct later *later = arg;

	sendto(later->gateway->fd, later->answer, later->len, 0, (struct sockaddr *)&later->peer,
		sizeof later->peer);
}

static void answer_later(struct gateway *g, const uint8_t *answer, size_t len)
{
	struct later *later = &g->later[g->count - 1];

	later->gateway = g;
	later->len = len;
	memcpy(later->answer, answer, len);
	loop_timer_init(&later->timer, on_later, later);
	double from = loop_now(g->loop);
	if (g->in_turn && g->busy_until > from)
		from = g->busy_until;
	g->busy_until = from + g->late;
	later->peer = g->peer;
	loop_timer_at(g->loop, &later->timer, g->busy_until);
}

static void on_request(void *arg, intptr_t fd, int events)
{
	struct gateway *g = arg;
	uint8_t answer[IKE_MAX];
	socklen_t peer_len = sizeof g->peer;
	(void)events;

	if (g->count == SEEN_MAX)
		return;
	ssize_t got = recvfrom((int)fd, g->seen[g->count], IKE_MAX, MSG_DONTWAIT,
		(struct sockaddr *)&g->peer, &peer_len);
	if (got < IKE_HEADER_SIZE || (g->most > 0 && (size_t)got > g->most))
		return;
	if (g->first_peer == 0)
		g->first_peer = g->peer.sin_port;
	g->seen_len[g->count] = (size_t)got;
	if (g->count < g->deaf) {
		g->count++;
		return;
	}
	size_t len = gateway_answer(g, g->seen[g->count], (size_t)got, answer, sizeof answer);
	g->count++;
	if (len > 0 && g->late > 0)
		answer_later(g, answer, len);
	else if (len > 0)
		assert_int_equal(
			sendto((int)fd, answer, len, 0, (struct sockaddr *)&g->peer, peer_len),
			(ssize_t)len);
}

static void gateway_open(struct gateway *g, struct loop *loop, enum behaviour behaviour)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof name;

	memset(g, 0, sizeof *g);
	g->behaviour = behaviour;
	g->loop = loop;
	g->fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(bind(g->fd, (struct sockaddr *)&name, len), 0);
	assert_int_equal(getsockname(g->fd, (struct sockaddr *)&name, &len), 0);
	g->port = ntohs(name.sin_port);
	loop_fd(loop, g->fd, LOOP_READ, on_request, g);
}

/* ---- conversations ---- */

static const struct ike_step steps[] = {
	{.at = 0, .question = IKE_ASK_PROPOSAL},
	{.at = 1, .question = IKE_ASK_PROPOSAL, .again = true},
	{.at = 2, .question = IKE_ASK_V1_MAIN},
	{.at = 3, .question = IKE_ASK_V1_MAIN, .again = true},
	{.at = 4, .question = IKE_ASK_VERSION},
};
#define STEPS (sizeof steps / sizeof steps[0])

struct conversation {
	struct loop *loop;
	struct gateway gateway;
	struct ike_probe *probe;
	int answered, done;
};

static bool may_send(void *arg, size_t step)
{
	(void)arg;
	return step < STEPS;
}

static void on_answered(void *arg)
{
	((struct conversation *)arg)->answered++;
}

static void on_done(void *arg)
{
	((struct conversation *)arg)->done++;
}

static void on_sized(void *arg, size_t number)
{
	(void)arg;
	(void)number;
}

static const struct ike_probe_calls calls = {
	.may_send = may_send, .answered = on_answered, .done = on_done, .sized = on_sized};

/* A conversation a hundred times faster than in life; `patience` seconds for all of it. */
static const struct ike_outcome *converse(
	struct conversation *t, enum behaviour behaviour, bool nat, double patience)
{
	struct ike_plan plan = {
		.nat = nat, .group = 21, .steps = steps, .step_count = STEPS, .scale = 0.01};

	memset(t, 0, sizeof *t);
	t->loop = loop_new();
	gateway_open(&t->gateway, t->loop, behaviour);
	net_addr_parse("127.0.0.1", &plan.addr);
	plan.port = t->gateway.port;
	plan.deadline = loop_now(t->loop) + patience;
	t->probe = ike_probe_new(t->loop, &plan, &calls, t);
	while (t->done == 0 && loop_now(t->loop) < patience + 20)
		loop_step(t->loop, patience + 20);
	assert_int_equal(t->done, 1);
	return ike_probe_outcome(t->probe);
}

static void conversation_end(struct conversation *t)
{
	assert_int_equal(t->done, 1);
	ike_probe_free(t->probe);
	loop_fd(t->loop, t->gateway.fd, 0, NULL, NULL);
	close(t->gateway.fd);
	loop_free(t->loop);
}

#define LONG  20.0 /* not reached: something else ends the conversation */
#define SHORT 1.0  /* reached: the whole plan takes 0.04 s */

static void first_answer_ends_it(void **state)
{
	static const struct {
		enum behaviour behaviour;
		enum ike_answer answer;
	} rows[] = {{REJECTS, IKE_NO_PROPOSAL}, {BUSY, IKE_COOKIE}, {ORDERLY, IKE_INVALID_KE},
		{V1_ONLY, IKE_V1_MAIN}, {LIMITS, IKE_INVALID_MAJOR}};
	struct conversation t;
	(void)state;

	for (size_t i = 0; i < 5; i++) {
		const struct ike_outcome *outcome = converse(&t, rows[i].behaviour, false, LONG);
		assert_true(outcome->answered);
		assert_int_equal(outcome->reply.answer, rows[i].answer);
		assert_int_equal(t.answered, 1);
		assert_false(outcome->failed || outcome->not_ike || outcome->nat_asked);
		assert_true(outcome->rtt >= 0 && outcome->rtt < LONG);
		assert_string_equal(outcome->local.family == 4 ? "127.0.0.1" : "", "127.0.0.1");
		conversation_end(&t);
	}
}

static void a_cookie_is_never_answered(void **state)
{
	struct conversation t;
	(void)state;

	const struct ike_outcome *outcome = converse(&t, BUSY, true, LONG);
	assert_int_equal(outcome->reply.answer, IKE_COOKIE);
	assert_false(outcome->nat_asked);
	for (size_t i = 0; i < t.gateway.count; i++)
		assert_int_equal(t.gateway.seen[i][16], IKE_PAYLOAD_SA); /* not N(COOKIE) */
	conversation_end(&t);
}

static void nat_detection_asks_with_the_wanted_group(void **state)
{
	struct conversation t;
	(void)state;

	const struct ike_outcome *outcome = converse(&t, ORDERLY, true, LONG);
	assert_int_equal(outcome->reply.answer, IKE_INVALID_KE);
	assert_true(outcome->nat_asked && outcome->full && outcome->fragmentation);
	assert_int_equal(outcome->nat_answer, IKE_SA_INIT);
	assert_int_equal(outcome->nat_local, IKE_NAT_PRESENT);
	assert_int_equal(outcome->nat_remote, IKE_NAT_NONE);
	assert_int_equal(outcome->question_count, 2);
	assert_int_equal(outcome->groups[0], 21);
	assert_int_equal(outcome->groups[1], 14);
	conversation_end(&t);
}

static void silence_hears_every_question(void **state)
{
	static const uint8_t versions[] = {0x20, 0x20, 0x10, 0x10, 0x30};
	struct conversation t;
	(void)state;

	const struct ike_outcome *outcome = converse(&t, SILENT, true, SHORT);
	const struct gateway *g = &t.gateway;
	assert_true(outcome->complete);
	assert_false(outcome->answered || outcome->failed || outcome->nat_asked);
	assert_int_equal(outcome->sent, 5);
	assert_int_equal(outcome->question_count, 3);
	assert_int_equal(g->count, 5);
	for (size_t i = 0; i < 5; i++) {
		bool again = i == 1 || i == 3;
		assert_int_equal(g->seen[i][17], versions[i]);
		for (size_t k = 0; k < i; k++) {
			bool same = memcmp(g->seen[k], g->seen[i], 8) == 0;
			assert_int_equal(same, again && k == i - 1);
		}
		if (again) {
			assert_int_equal(g->seen_len[i], g->seen_len[i - 1]);
			assert_memory_equal(g->seen[i], g->seen[i - 1], g->seen_len[i]);
		}
	}
	conversation_end(&t);
}

static void strange_datagrams_are_kept_but_are_no_answer(void **state)
{
	static const enum behaviour rows[] = {REFLECTS, MUMBLES};
	struct conversation t;
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		const struct ike_outcome *outcome = converse(&t, rows[i], true, SHORT);
		assert_false(outcome->answered);
		assert_true(outcome->not_ike);
		assert_int_equal(outcome->first_len, 16);
		assert_memory_equal(outcome->first, t.gateway.seen[0], 8);
		conversation_end(&t);
	}
}

static void a_closed_port_refuses_twice(void **state)
{
	struct ike_plan plan = {
		.group = 21, .steps = steps, .step_count = STEPS, .scale = 1, .deadline = LONG};
	struct conversation t;
	char text[NET_ADDR_STRLEN];
	(void)state;

	memset(&t, 0, sizeof t);
	t.loop = loop_new();
	gateway_open(&t.gateway, t.loop, SILENT);
	plan.port = t.gateway.port;
	loop_fd(t.loop, t.gateway.fd, 0, NULL, NULL);
	close(t.gateway.fd);
	net_addr_parse("127.0.0.1", &plan.addr);
	t.probe = ike_probe_new(t.loop, &plan, &calls, &t);
	while (t.done == 0 && loop_now(t.loop) < LONG + 20)
		loop_step(t.loop, LONG + 20);
	const struct ike_outcome *outcome = ike_probe_outcome(t.probe);
	assert_true(outcome->failed);
	assert_false(outcome->complete || outcome->answered);
	assert_int_equal(outcome->error.error, NET_REFUSED);
	assert_int_equal(outcome->error.icmp_type, 3);
	assert_int_equal(outcome->error.icmp_code, 3);
	assert_string_equal(net_addr_format(&outcome->error.offender, text), "127.0.0.1");
	assert_int_equal(outcome->question_count, 1);
	assert_int_equal(outcome->sent, 2);
	ike_probe_free(t.probe);
	loop_free(t.loop);
}

static void a_port_in_use_is_told_later(void **state)
{
	struct ike_plan plan = {
		.group = 21, .steps = steps, .step_count = STEPS, .scale = 1, .deadline = LONG};
	struct conversation t;
	(void)state;

	memset(&t, 0, sizeof t);
	t.loop = loop_new();
	gateway_open(&t.gateway, t.loop, SILENT);
	plan.port = plan.source_port = t.gateway.port;
	net_addr_parse("127.0.0.1", &plan.addr);
	t.probe = ike_probe_new(t.loop, &plan, &calls, &t);
	assert_int_equal(t.done, 0);
	while (t.done == 0)
		loop_step(t.loop, LONG);
	const struct ike_outcome *outcome = ike_probe_outcome(t.probe);
	assert_true(outcome->failed);
	assert_int_equal(outcome->error.error, NET_OTHER);
	assert_int_not_equal(outcome->error.number, 0);
	assert_int_equal(outcome->sent, 0);
	conversation_end(&t);
}

/* On loopback no router takes a hop away: it is answered, and what follows has hops enough. */
static void a_question_of_one_hop_is_answered_by_who_is_near(void **state)
{
	struct ike_sizing near = {.hops = 1, .times = 1, .again = 1, .every = 1};
	struct ike_sizing whole = {.group = 14, .times = 1, .again = 1, .every = 1};
	struct conversation t;
	(void)state;

	converse(&t, ORDERLY, false, LONG);
	size_t first = ike_probe_size(t.probe, &near), second = ike_probe_size(t.probe, &whole);
	while (ike_probe_sized(t.probe, second)->state == IKE_SIZE_ASKED)
		loop_step(t.loop, LONG);
	assert_int_equal(ike_probe_size_count(t.probe), 2);
	assert_int_equal(ike_probe_sized(t.probe, first)->state, IKE_SIZE_ANSWERED);
	assert_int_equal(ike_probe_sized(t.probe, first)->reply.answer, IKE_INVALID_KE);
	assert_int_equal(ike_probe_sized(t.probe, second)->reply.answer, IKE_SA_INIT);
	assert_int_equal(ike_probe_sized(t.probe, second)->reply.nat_local, IKE_NAT_PRESENT);
	conversation_end(&t);
}

/* ---- the desk: ports in turn, sizes and a second flow ---- */

struct sitting {
	struct loop *loop;
	struct rtt_board *rtts;
	struct ike_desk *desk;
	struct gateway gateway;
	int ended;
};

static void on_ended(void *arg)
{
	((struct sitting *)arg)->ended++;
}

static const struct ike_desk_calls desk_calls = {.ended = on_ended};

static void sit(struct sitting *t, enum behaviour behaviour, size_t most)
{
	memset(t, 0, sizeof *t);
	t->loop = loop_new();
	t->rtts = rtt_new();
	t->desk = ike_desk_new(t->loop, t->rtts);
	gateway_open(&t->gateway, t->loop, behaviour);
	t->gateway.most = most;
}

static struct ike_want want_of(const struct sitting *t, enum ike_phase until)
{
	struct ike_want want = {.port = t->gateway.port, .until = until};

	net_addr_parse("127.0.0.1", &want.addr);
	return want;
}

static void sit_until(struct sitting *t, int ended)
{
	while (t->ended < ended && loop_now(t->loop) < LONG)
		loop_step(t->loop, LONG);
	assert_int_equal(t->ended, ended);
}

static void rise(struct sitting *t)
{
	ike_desk_free(t->desk);
	rtt_free(t->rtts);
	loop_fd(t->loop, t->gateway.fd, 0, NULL, NULL);
	close(t->gateway.fd);
	loop_free(t->loop);
}

static void one_conversation_serves_all_who_ask(void **state)
{
	struct sitting t;
	(void)state;

	sit(&t, ORDERLY, 0);
	struct ike_want reach = want_of(&t, IKE_REACH), sizes = want_of(&t, IKE_SIZES);
	struct ike_talk *talk = ike_desk_join(t.desk, &reach, &desk_calls, &t);
	assert_ptr_equal(ike_desk_join(t.desk, &sizes, &desk_calls, &t), talk);
	assert_int_equal(t.ended, 0);
	sit_until(&t, 2);
	assert_int_equal(ike_talk_outcome(talk)->reply.answer, IKE_INVALID_KE);
	assert_int_equal(ike_talk_sizes(talk)->full, IKE_SIZE_ANSWERED);
	assert_int_equal(ike_talk_sizes(talk)->fragmented, IKE_SIZE_ANSWERED);
	assert_int_equal(ike_talk_sizes(talk)->passed, 1500);
	assert_int_equal(ike_talk_sizes(talk)->lost, 0);
	assert_int_equal(t.gateway.count, 3);
	struct ike_want second = want_of(&t, IKE_SECOND); /* late, and served all the same */
	ike_desk_join(t.desk, &second, &desk_calls, &t);
	sit_until(&t, 3);
	assert_int_equal(ike_talk_second(talk), IKE_SECOND_ANSWERED);
	rise(&t);
}

struct large_row {
	enum large_taste taste;
	size_t lost;
	bool nat;
	enum ike_large large;
	int last_group; /* of the last question */
	bool full;
};

/* One full exchange in any case; silence counts only of a gateway that took the offer. */
static void large_answers_are_asked_of_who_takes_large_keys(void **state)
{
	static const struct large_row rows[] = {
		{TAKES_LARGE, 0, true, IKE_LARGE_ANSWERED, 18, true},
		{TAKES_LARGE, 0, false, IKE_LARGE_ANSWERED, 18, true},
		{TAKES_LARGE, 2, true, IKE_LARGE_ANSWERED, 18, true},
		{REFUSES_LARGE, 0, true, IKE_LARGE_UNTRIED, 14, true},
		{REFUSES_LARGE, 0, false, IKE_LARGE_UNTRIED, 31, false},
		{IGNORES_LARGE, 0, true, IKE_LARGE_UNTRIED, 14, true},
		{IGNORES_LARGE, 0, false, IKE_LARGE_UNTRIED, 31, false},
		{TAKES_THEN_REFUSES, 0, true, IKE_LARGE_UNTRIED, 14, true},
	};
	struct sitting t;
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sit(&t, ORDERLY, 0);
		t.gateway.taste = rows[i].taste;
		t.gateway.lost = rows[i].lost;
		struct ike_want want = want_of(&t, IKE_REACH);
		want.large = true;
		want.nat = rows[i].nat;
		struct ike_talk *talk = ike_desk_join(t.desk, &want, &desk_calls, &t);
		sit_until(&t, 1);
		const struct ike_outcome *outcome = ike_talk_outcome(talk);
		assert_int_equal(outcome->large, rows[i].large);
		assert_int_equal(outcome->groups[outcome->question_count - 1], rows[i].last_group);
		assert_int_equal(outcome->full, rows[i].full);
		assert_int_equal(
			outcome->nat_local, rows[i].full ? IKE_NAT_PRESENT : IKE_NAT_UNKNOWN);
		if (rows[i].large == IKE_LARGE_UNTRIED) {
			assert_int_equal(outcome->large_bytes, 0);
		} else {
			assert_in_range(outcome->large_bytes, 1024, 1400);
			assert_in_range(outcome->large_sent, 1024, 1500);
		}
		rise(&t);
	}
}

/* Many losses in a row are no matter of size. */
static void a_large_answer_is_asked_for_again_while_small_ones_come(void **state)
{
	static const size_t lost[] = {4, 99};
	struct sitting t;
	(void)state;

	for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
		sit(&t, ORDERLY, 0);
		t.gateway.taste = TAKES_LARGE;
		t.gateway.lost = lost[i];
		struct ike_want want = want_of(&t, IKE_SIZES);
		want.large = true;
		struct ike_talk *talk = ike_desk_join(t.desk, &want, &desk_calls, &t);
		sit_until(&t, 1);
		const struct ike_outcome *outcome = ike_talk_outcome(talk);
		assert_int_equal(
			outcome->large, lost[i] == 4 ? IKE_LARGE_ANSWERED : IKE_LARGE_SILENT);
		assert_true(outcome->full);
		assert_int_equal(outcome->groups[outcome->question_count - 1], 14);
		assert_int_equal(outcome->nat_local, IKE_NAT_PRESENT);
		assert_int_equal(ike_talk_sizes(talk)->fragmented, IKE_SIZE_ANSWERED);
		assert_int_equal(ike_talk_sizes(talk)->passed, 1500);
		rise(&t);
	}
}

static void a_size_that_is_lost_is_searched_for(void **state)
{
	struct sitting t;
	(void)state;

	sit(&t, ORDERLY, 1454 - 28);
	struct ike_want want = want_of(&t, IKE_SIZES);
	struct ike_talk *talk = ike_desk_join(t.desk, &want, &desk_calls, &t);
	sit_until(&t, 1);
	assert_int_equal(ike_talk_sizes(talk)->full, IKE_SIZE_SILENT);
	assert_int_equal(ike_talk_sizes(talk)->df, IKE_SIZE_ANSWERED);
	assert_int_equal(ike_talk_sizes(talk)->passed, 1454);
	assert_int_equal(ike_talk_sizes(talk)->lost, 1460);
	assert_false(ike_talk_sizes(talk)->lost_all);
	rise(&t);
}

static void sizes_wait_for_a_gateway_that_takes_its_time(void **state)
{
	struct sitting t;
	(void)state;

	sit(&t, ORDERLY, 0);
	t.gateway.late = 1.5;
	struct ike_want want = want_of(&t, IKE_SIZES);
	struct ike_talk *talk = ike_desk_join(t.desk, &want, &desk_calls, &t);
	sit_until(&t, 1);
	assert_int_equal(ike_talk_sizes(talk)->full, IKE_SIZE_ANSWERED);
	assert_int_equal(ike_talk_sizes(talk)->sent, 2); /* nothing was repeated */
	assert_int_equal(ike_talk_sizes(talk)->lost, 0);
	rise(&t);
}

/* The gateway takes its packets one after the other, those that were repeated meanwhile too. */
static void a_gateway_that_is_busy_is_asked_one_thing_after_the_other(void **state)
{
	struct sitting t;
	(void)state;

	sit(&t, ORDERLY, 0);
	t.gateway.late = 1.5;
	t.gateway.in_turn = true;
	t.gateway.taste = TAKES_LARGE;
	struct ike_want want = want_of(&t, IKE_SIZES);
	want.nat = want.large = true;
	struct ike_talk *talk = ike_desk_join(t.desk, &want, &desk_calls, &t);
	sit_until(&t, 1);
	assert_true(ike_talk_outcome(talk)->rtt >= IKE_SLOW);
	assert_false(ike_talk_outcome(talk)->nat_asked);
	assert_int_equal(ike_talk_outcome(talk)->large, IKE_LARGE_UNTRIED);
	assert_int_equal(ike_talk_sizes(talk)->full, IKE_SIZE_ANSWERED);
	assert_int_equal(ike_talk_sizes(talk)->fragmented, IKE_SIZE_ANSWERED);
	assert_int_equal(ike_talk_sizes(talk)->sent, 2);
	rise(&t);
}

static void a_second_flow_that_stays_silent_is_refused(void **state)
{
	struct sitting t;
	(void)state;

	sit(&t, ONE_FLOW, 0);
	struct ike_want want = want_of(&t, IKE_SECOND);
	struct ike_talk *talk = ike_desk_join(t.desk, &want, &desk_calls, &t);
	sit_until(&t, 1);
	assert_int_equal(ike_talk_second(talk), IKE_SECOND_REFUSED);
	assert_false(ike_talk_limited(talk));
	rise(&t);
}

static void a_gateway_that_takes_nobody_is_limited(void **state)
{
	struct sitting t;
	(void)state;

	sit(&t, LIMITS, 0);
	struct ike_want want = want_of(&t, IKE_SECOND), sizes = want_of(&t, IKE_SIZES);
	struct ike_talk *talk = ike_desk_join(t.desk, &want, &desk_calls, &t);
	ike_desk_join(t.desk, &sizes, &desk_calls, &t);
	sit_until(&t, 2);
	assert_true(ike_talk_limited(talk));
	assert_int_equal(ike_talk_second(talk), IKE_SECOND_UNKNOWN);
	assert_false(ike_talk_sizes(talk)->asked);
	rise(&t);
}

/* Of each question the fourth packet counts, and silence is known after 5 s all the same. */
static void each_question_goes_out_four_times(void **state)
{
	static const struct {
		enum behaviour behaviour;
		size_t deaf;
		enum ike_answer answer;
	} rows[] = {{REJECTS, 3, IKE_NO_PROPOSAL}, {V1_ONLY, 7, IKE_V1_MAIN},
		{LIMITS, 11, IKE_INVALID_MAJOR}, {SILENT, 0, IKE_NOT_IKE}};
	enum { ROWS = sizeof rows / sizeof rows[0] };
	struct sitting t[ROWS];
	struct ike_talk *talks[ROWS];
	int ended = 0;
	(void)state;

	for (size_t i = 0; i < ROWS; i++) {
		sit(&t[i], rows[i].behaviour, 0);
		t[i].gateway.deaf = rows[i].deaf;
		struct ike_want want = want_of(&t[i], IKE_REACH);
		talks[i] = ike_desk_join(t[i].desk, &want, &desk_calls, &t[i]);
	}
	while (ended < ROWS && loop_now(t[0].loop) < LONG) {
		ended = 0;
		for (size_t i = 0; i < ROWS; i++) {
			loop_step(t[i].loop, loop_now(t[i].loop) + 0.02);
			ended += t[i].ended;
		}
	}
	assert_int_equal(ended, ROWS);
	for (size_t i = 0; i < ROWS; i++) {
		const struct ike_outcome *outcome = ike_talk_outcome(talks[i]);
		assert_int_equal(outcome->answered, rows[i].answer != IKE_NOT_IKE);
		if (outcome->answered)
			assert_int_equal(outcome->reply.answer, rows[i].answer);
		assert_int_equal(outcome->complete, !outcome->answered);
		/* Where the machine is busy, the next one is out before the answer is read. */
		assert_in_range(t[i].gateway.count, outcome->answered ? rows[i].deaf + 1 : 12, 12);
		rise(&t[i]);
	}
}

static void the_next_port_is_asked_when_the_first_has_answered(void **state)
{
	struct sitting t;
	struct gateway other;
	(void)state;

	sit(&t, ORDERLY, 0);
	gateway_open(&other, t.loop, ORDERLY);
	struct ike_want first = want_of(&t, IKE_REACH), next = first;
	next.port = other.port;
	ike_desk_join(t.desk, &first, &desk_calls, &t);
	ike_desk_join(t.desk, &next, &desk_calls, &t);
	while (t.gateway.count == 0)
		loop_step(t.loop, LONG);
	assert_int_equal(other.count, 0);
	sit_until(&t, 2);
	assert_int_equal(other.count, 1);
	assert_true(loop_now(t.loop) < 0.7); /* it did not wait for the first one's head start */
	loop_fd(t.loop, other.fd, 0, NULL, NULL);
	close(other.fd);
	rise(&t);
}

static void runs_one_after_the_other_are_one_flow(void **state)
{
	in_port_t before = 0;
	struct sitting t;
	int fd = -1;
	uint16_t port = 0;
	(void)state;

	for (int i = 0; i < 2; i++) {
		sit(&t, ORDERLY, 0);
		if (i == 1) { /* the same gateway once more */
			loop_fd(t.loop, t.gateway.fd, 0, NULL, NULL);
			close(t.gateway.fd);
			t.gateway.fd = fd;
			t.gateway.port = port;
			loop_fd(t.loop, fd, LOOP_READ, on_request, &t.gateway);
		}
		struct ike_want want = want_of(&t, IKE_REACH);
		ike_desk_join(t.desk, &want, &desk_calls, &t);
		sit_until(&t, 1);
		assert_true(before == 0 || before == t.gateway.first_peer);
		before = t.gateway.first_peer;
		port = t.gateway.port;
		fd = dup(t.gateway.fd);
		rise(&t);
	}
	close(fd);
}

/* ---- the board of round trips ---- */

static void count_call(void *arg, double seconds)
{
	if (seconds >= 0)
		++*(int *)arg;
}

static void round_trips_wake_who_waits(void **state)
{
	struct rtt_board *board = rtt_new();
	struct net_addr a, b;
	int for_a = 0, for_b = 0, cancelled = 0;
	(void)state;

	net_addr_parse("192.0.2.1", &a);
	net_addr_parse("192.0.2.2", &b);
	assert_true(rtt_line(board) < 0);
	assert_true(rtt_slack(board) == 0); /* nothing answers: no more time for anything */
	rtt_wait(board, &a, count_call, &for_a);
	rtt_wait(board, &a, count_call, &cancelled);
	rtt_wait(board, &b, count_call, &for_b);
	rtt_cancel(board, &cancelled);
	assert_true(rtt_get(board, &a) < 0);
	rtt_note(board, &a, 0.01);
	rtt_note(board, &a, 0.03);
	rtt_note(board, &a, 0.02);
	assert_true(rtt_line(board) == 0.01); /* of one address the shortest */
	assert_true(rtt_slack(board) == RTT_SLACK_TRIPS * 0.01);
	assert_true(rtt_get(board, &a) == 0.03);
	assert_int_equal(for_a, 1);
	assert_int_equal(for_b, 0);
	assert_int_equal(cancelled, 0);
	rtt_wait(board, &a, count_call, &for_a);
	assert_int_equal(for_a, 2);
	rtt_note(board, &b, 2.0);
	assert_int_equal(for_b, 1);
	assert_true(rtt_line(board) == 2.0); /* of several addresses the longest */
	assert_true(rtt_slack(board) == RTT_SLACK_MAX);
	rtt_free(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_become_verdicts),
		cmocka_unit_test(causes_are_in_the_table),
		cmocka_unit_test(offenders_are_placed),
		cmocka_unit_test(first_answer_ends_it),
		cmocka_unit_test(a_cookie_is_never_answered),
		cmocka_unit_test(nat_detection_asks_with_the_wanted_group),
		cmocka_unit_test(silence_hears_every_question),
		cmocka_unit_test(strange_datagrams_are_kept_but_are_no_answer),
		cmocka_unit_test(a_closed_port_refuses_twice),
		cmocka_unit_test(a_port_in_use_is_told_later),
		cmocka_unit_test(a_question_of_one_hop_is_answered_by_who_is_near),
		cmocka_unit_test(one_conversation_serves_all_who_ask),
		cmocka_unit_test(large_answers_are_asked_of_who_takes_large_keys),
		cmocka_unit_test(a_large_answer_is_asked_for_again_while_small_ones_come),
		cmocka_unit_test(a_size_that_is_lost_is_searched_for),
		cmocka_unit_test(sizes_wait_for_a_gateway_that_takes_its_time),
		cmocka_unit_test(a_gateway_that_is_busy_is_asked_one_thing_after_the_other),
		cmocka_unit_test(a_second_flow_that_stays_silent_is_refused),
		cmocka_unit_test(a_gateway_that_takes_nobody_is_limited),
		cmocka_unit_test(each_question_goes_out_four_times),
		cmocka_unit_test(the_next_port_is_asked_when_the_first_has_answered),
		cmocka_unit_test(runs_one_after_the_other_are_one_flow),
		cmocka_unit_test(round_trips_wake_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
