/*
 * What the parts of the resolver share: names.c (who waits), names_query.c (questions to servers by
 * c-ares), names_queue.c (their turns), names_os.c (the OS resolver on a worker thread),
 * names_choice.c (which address is used), names_settle.c (when what is known).
 */
#ifndef PREFLIGHT_NAMES_PRIVATE_H
#define PREFLIGHT_NAMES_PRIVATE_H

#include "names.h"

#define NAMES_SERVERS_MAX 3 /* configured servers that are asked; glibc's MAXNS as well */
#define NAMES_IN_FLIGHT_MAX                                                                        \
	128 /* questions on their way, all servers together; bursts overflow buffers */
#define NAMES_PROBE_LABEL 20 /* characters of a random label */

/* Waiting times in seconds; the tests shorten them. */
struct names_times {
	double patience; /* NAMES_PATIENCE */
	double budget;   /* NAMES_BUDGET */
	double grace;   /* an answer of a later server or the OS waits this long for a better one */
	double silence; /* once one answer is positive, another question may stay silent this long
			 */
	double late;    /* but another still gets this long after that positive answer */
	double os_least;  /* the OS resolver gets at least this after the last server's answer, ...
			   */
	double os_factor; /* ... and this many times the slowest answer */
	double os_limit;  /* from the start, where a server knows the name */
	double os_again;  /* a failure for the moment is asked again after this, then its double */
	double os_beside; /* this much later than the servers, it is asked once more beside */
	double again;     /* a server that answers others is asked anew after this long */
	double lapse;     /* unanswered this long, a question is no longer on its way */
	double least;     /* with less time left, a question is not sent any more */
	double spread;    /* but all questions of a server are sent within about this time */
};

struct ares_channeldata;

/* A c-ares channel to one server, made when the first question needs it. */
struct channel {
	struct names *names;
	struct server *server;
	bool tcp;
	struct ares_channeldata *ares; /* NULL: not made, or it cannot be */
	int status;                    /* c-ares's number of the failure to make it */
	struct dns_watch watch;
	struct question *sending; /* its packet is being made */
	struct loop_timer timer;
};

struct server {
	struct names *names;
	struct net_addr addr;
	uint16_t port;
	struct channel udp, tcp;            /* TCP: only after a truncated answer */
	bool heard;                         /* it has answered something */
	bool denied;                        /* this terminal refuses to send to it */
	bool heard_aaaa;                    /* and a question for IPv6 addresses */
	size_t total;                       /* questions, whatever became of them */
	size_t unanswered;                  /* sent, and still waited for */
	size_t in_flight;                   /* of these on their way */
	struct question *first, **last;     /* waiting for their turn */
	struct question *sent, **sent_last; /* all that were sent, oldest first */
	struct question *oldest;            /* of those on their way */
	struct loop_timer turn;             /* the oldest lapses */
};

enum question_state { QUESTION_UNASKED, QUESTION_QUEUED, QUESTION_ASKED, QUESTION_DONE };

/* One question to one server; its memory stays until the channels are gone. */
struct question {
	enum question_state state;
	struct names *names;
	struct server *server;
	struct name *name; /* NULL: a random label of `zone` */
	struct zone *zone;
	const char *text;        /* the name asked for; borrowed from name or zone */
	struct dns_reply *reply; /* borrowed from name or zone */
	double asked;            /* loop_now() when it was sent */
	unsigned asks;           /* how often it was handed to c-ares, which repeats it too */
	unsigned waiting;        /* of these without an end */
	bool in_flight;
	bool has_id;
	bool spoiled;          /* something came for it that c-ares could make nothing of */
	uint16_t id;           /* of its packet */
	struct question *next; /* in one of the server's lists */
};

/*
 * A zone whose random label is asked for, once for all names below it; or a single other name that
 * is asked for on behalf of one (names_search.c).
 */
struct zone {
	char *text;               /* "": none */
	const struct name *owner; /* NULL: all names of the zone */
	char probe_name[256];
	struct dns_reply *replies; /* by server */
	struct question *questions;
	double started; /* when it was first asked for */
	struct zone *next;
};

struct os_job;
#define NAMES_OS_AT_ONCE 3 /* askings of the OS for one name */

struct address_waiter {
	names_address_fn *fn;
	void *arg;
};

struct complete_waiter {
	names_complete_fn *fn;
	void *arg;
	bool probe;
};

struct name {
	struct names *names;
	const struct rule_host *host;
	char *text; /* lower case */
	struct name_facts facts;
	struct question *questions;                /* parallel to facts.replies */
	struct zone *zone;                         /* NULL: no probe */
	struct zone *searches[NAMES_SEARCHES_MAX]; /* facts.search_count of them */
	bool searched;
	struct os_job *os_jobs[NAMES_OS_AT_ONCE]; /* that are waited for; NULL: none */
	struct os_job *os_newest;                 /* of these; NULL: it has answered */
	bool changed;                             /* since it was last settled */
	bool decided;                             /* there is an address */
	bool told;                                /* and somebody has it */
	bool revised;                             /* it is another one than was told */
	bool final;                               /* it stands */
	struct name_address address;
	double started;     /* when it was first asked for */
	double positive_at; /* last answer with addresses; < 0: none */
	double answered_at; /* last answer of any kind; < 0: none */
	double slowest;     /* the longest time to an answer, seconds */
	double os_started;  /* when the OS resolver was last asked */
	double os_at;       /* when it gave its last answer */
	struct loop_timer timer;
	struct address_waiter *addresses;
	size_t address_count, address_capacity;
	struct complete_waiter *completes;
	size_t complete_count, complete_capacity;
	struct name *next;
};

struct names {
	struct loop *loop;
	const struct terminal *terminal;
	struct names_times times;
	struct rtt_board *rtts; /* NULL: none; borrowed */
	void (*resolve)(const char *name, struct os_resolve_result *result); /* OS resolver */
	struct server servers[NAMES_SERVERS_MAX];
	size_t server_count;
	bool library; /* c-ares is initialised */
	bool stopping;
	bool settling;
	bool ipv4_first; /* for checks that use the first address only; else the OS's order */
	names_final_fn *on_final; /* NULL: none */
	void *on_final_arg;
	struct name *first, **last;
	struct zone *zones;
};

/* ---- names.c ---- */

/* Asks every server for one more name, which is told as `text`'s. Freed with the rest. */
struct zone *zone_ask(struct names *names, const char *text, const char *probe_name, int type);

/* ---- names_search.c ---- */

/* Asks for the name in the domains of the search list, if that can explain what the OS gives. */
void search_begin(struct name *name);

/* ---- names_query.c ---- */

/* Takes over the servers that can be asked: each address and port once, at most the cap. */
void servers_init(struct names *names);
/* Ends every channel; no question is told. */
void servers_release(struct names *names);
void question_init(struct question *q, struct server *server, struct dns_reply *reply, int type);
void question_send(struct question *q, struct channel *ch);
/* Asks anew, beside what is still out: what was lost is repeated sooner that way. */
void question_repeat(struct question *q);
bool question_may_repeat(const struct question *q);
#define NAMES_ASKS 3
/* Nothing is waited for: no more retransmissions. */
void channel_quiet(struct channel *ch);

/* ---- names_queue.c ---- */

void queue_init(struct server *server, struct names *names);
/* Sends what may be sent now. */
void queue_pump(struct server *server);
void question_ask(struct question *q);
/* Seconds that the line needs beyond the times. */
double names_slack(const struct names *names);
/* Until when it may be answered: counted from the first asking, also while it waits. */
double question_deadline(const struct question *q);
void question_end(struct question *q, enum dns_outcome outcome);
/* What a question without an answer is told as. */
enum dns_outcome question_silence(const struct question *q);
/* Counts a sent question as that, whatever comes later; an unsent one stays pending. */
void question_give_up(struct question *q);

/* ---- names_bare.c ---- */

/*
 * Lets answers through that c-ares would drop since they do not repeat the question, and notes that
 * something came at all.
 */
void channel_watch(struct channel *ch);

/* ---- names_os.c ---- */

/* Asks the OS resolver; its result goes into name->facts. */
void os_job_start(struct name *name);
/* Nobody waits for what is out any more. */
void os_jobs_forget(struct name *name);
/*
 * Whether what the OS said stands, or is asked anew: what failed for the moment is no answer. Until
 * `due` it is waited for. Returns when to look again.
 */
double os_settle(struct name *name, double now, double due);

/* ---- names_choice.c ---- */

#define NEVER 1e300

/* Takes these as the address, in their order. */
void name_use(struct name *name, enum name_via via, const struct net_addr *addrs, size_t count);
/* Nothing else is known: the documented addresses, or none. */
void name_use_last_resort(struct name *name);
/* Decides, or decides anew when the OS has answered. Returns when to look again. */
double name_choose(struct name *name, double now);
bool name_is_literal(const struct name *name);

/* ---- names_settle.c ---- */

void names_on_timer(void *arg); /* a struct name */

/* A question, or the OS resolver, has an end. Tells nobody yet: names_settle does. */
void names_question_done(struct question *q);
void names_settle(struct names *names);

#endif
