/*
 * Turns: how many questions are on their way to a server. Bursts would overflow the buffers
 * between here and there, so only so many are; one that has long been unanswered is lost or
 * waits elsewhere, and makes room. Thus a silent server is asked every question as well.
 */
#include "names_private.h"

#define TYPE_AAAA 28

static size_t share(const struct server *server)
{
	return NAMES_IN_FLIGHT_MAX / server->names->server_count;
}

/* Shorter when there are many questions, so that the last one is not sent too late. */
static double lapse(const struct server *server)
{
	const struct names_times *times = &server->names->times;
	double even = times->spread * (double)share(server) / (double)server->total;

	return even < times->lapse ? even : times->lapse;
}

double names_slack(const struct names *names)
{
	return names->rtts != NULL ? rtt_slack(names->rtts) : 0;
}

double question_deadline(const struct question *q)
{
	double started = q->name != NULL ? q->name->started : q->zone->started;

	return started + q->names->times.budget + names_slack(q->names);
}

static void land(struct question *q)
{
	if (q->in_flight)
		q->server->in_flight--;
	q->in_flight = false;
}

static void pass_lapsed(struct server *server, double now)
{
	struct question *q = server->oldest;

	for (; q != NULL && (!q->in_flight || q->asked + lapse(server) <= now); q = q->next)
		land(q);
	server->oldest = q;
}

static void send_next(struct server *server, double now)
{
	struct question *q = server->first;

	server->first = q->next;
	if (server->first == NULL)
		server->last = &server->first;
	if (q->state != QUESTION_QUEUED || question_deadline(q) - now < server->names->times.least)
		return;
	q->next = NULL;
	*server->sent_last = q;
	server->sent_last = &q->next;
	if (server->oldest == NULL)
		server->oldest = q;
	q->state = QUESTION_ASKED;
	q->asked = now;
	q->in_flight = true;
	server->in_flight++;
	server->unanswered++;
	question_send(q, &server->udp);
}

void queue_pump(struct server *server)
{
	struct loop *loop = server->names->loop;
	double now = loop_now(loop);

	if (server->first == NULL)
		return;
	pass_lapsed(server, now);
	while (server->first != NULL && server->in_flight < share(server))
		send_next(server, now);
	if (server->first != NULL && server->oldest != NULL)
		loop_timer_at(loop, &server->turn, server->oldest->asked + lapse(server));
	else
		loop_timer_stop(loop, &server->turn);
}

static void on_turn(void *arg)
{
	struct server *server = arg;

	queue_pump(server);
	names_settle(server->names);
}

void queue_init(struct server *server, struct names *names)
{
	server->names = names;
	server->last = &server->first;
	server->sent_last = &server->sent;
	loop_timer_init(&server->turn, on_turn, server);
}

void question_ask(struct question *q)
{
	struct server *server = q->server;

	q->state = QUESTION_QUEUED;
	q->next = NULL;
	*server->last = q;
	server->last = &q->next;
	server->total++;
	queue_pump(server);
}

/* An error may come after a server's own waiting, so it tells nothing about the line. */
static void note_rtt(const struct question *q)
{
	enum dns_outcome outcome = q->reply->outcome;

	if (q->names->rtts != NULL &&
		(outcome == DNS_ANSWER || outcome == DNS_NODATA || outcome == DNS_NXDOMAIN))
		rtt_note(q->names->rtts, &q->server->addr, q->reply->ms / 1000);
}

void question_end(struct question *q, enum dns_outcome outcome)
{
	q->reply->outcome = outcome;
	q->reply->ms = (loop_now(q->names->loop) - q->asked) * 1000;
	q->server->heard = q->server->heard || q->reply->rcode >= 0;
	q->server->heard_aaaa =
		q->server->heard_aaaa || (q->reply->type == TYPE_AAAA && q->reply->rcode >= 0);
	note_rtt(q);
	q->state = QUESTION_DONE;
	q->server->unanswered--;
	land(q);
	names_question_done(q);
}

enum dns_outcome question_silence(const struct question *q)
{
	return q->spoiled && !q->reply->truncated ? DNS_MALFORMED : DNS_SILENT;
}

void question_give_up(struct question *q)
{
	struct server *server = q->server;

	if (q->state == QUESTION_QUEUED) {
		q->state = QUESTION_DONE;
		names_question_done(q);
		return;
	}
	question_end(q, question_silence(q));
	queue_pump(server);
	if (server->unanswered == 0) {
		channel_quiet(&server->udp);
		channel_quiet(&server->tcp);
	}
}
