/*
 * The world of one test of names: a loop, DNS servers on 127.0.0.1, a played OS resolver, and what
 * was told.
 */
#ifndef PREFLIGHT_TESTS_NAMES_WORLD_H
#define PREFLIGHT_TESTS_NAMES_WORLD_H

#include "dns_mock.h"
#include "engine/names_private.h"

#define NAME     "sec.example.jp"
#define V4       "198.18.0.1"
#define V4_OTHER "198.18.0.2"
#define V4_OS    "198.18.0.3"
#define V4_DOC   "198.18.0.4"
#define V4_HOSTS "198.18.0.5"
#define V4_AD    "198.18.0.6"
#define LONG     20.0 /* seconds; what is waited for comes first, however slow the machine */
#define V6       "2001:db8::1"

struct world {
	struct loop *loop;
	struct terminal terminal;
	struct dns_server servers[4];
	struct hosts_entry entry;
	struct dns_mock mocks[3];
	size_t mock_count;
	struct names *names;
	struct rule_host host;
	struct net_addr documented;
	struct name_address address;
	struct name_facts facts;
	double address_at, complete_at;
	unsigned address_calls, complete_calls;
};

/* Resolvers for make_names. */
void os_positive(const char *name, struct os_resolve_result *result); /* V6, V4_OS */
void os_negative(const char *name, struct os_resolve_result *result);
void os_hanging(const char *name, struct os_resolve_result *result); /* longer than anybody waits */

void world_begin(struct world *w);
void world_end(struct world *w);
void world_add_server(struct world *w, uint16_t port); /* at 127.0.0.1 */
struct dns_mock *world_add_mock(struct world *w, enum dns_mock_mode mode, const char *a, bool tcp);
void world_document(struct world *w); /* gives the host its documented address */
void world_make_names(struct world *w, void (*resolve)(const char *, struct os_resolve_result *));
/* For what is decided by waiting in vain; longer when an answer has to come meanwhile. */
void world_shorten(struct world *w, double seconds);

/* names_address and names_complete callbacks. */
void world_on_address(void *arg, const struct name_address *address);
void world_on_complete(void *arg, const struct name_facts *facts);
/* Asks for both and turns the loop until all is told. */
void world_run(struct world *w, bool probe);

void expect_address(const struct world *w, enum name_via via, size_t at, const char *text);
void expect_outcome(const struct world *w, size_t reply, enum dns_outcome outcome);

#endif
