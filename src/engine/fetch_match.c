/* Which requests go into one transfer, and whose it is. */
#include "fetch_private.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The same behind the connection; a bare connection goes with either scheme and any TLS. */
static bool same_layers(const struct fetch *t, const struct fetch_want *want)
{
	return t->depth == FETCH_CONNECT || want->depth == FETCH_CONNECT ||
	       (t->plain == want->plain && t->identity == want->identity &&
		       t->max_version == want->max_version);
}

static bool same_peer(const struct fetch *t, const struct fetch_want *want)
{
	return t->port == want->port && net_addr_equal(&t->only, &want->only) &&
	       same_layers(t, want) && strcmp(t->host->name, want->host->name) == 0 &&
	       same_text(t->proxy, want->proxy);
}

static bool path_fits(const struct fetch *t, const struct fetch_want *want)
{
	return t->depth < FETCH_HTTP || want->depth < FETCH_HTTP || t->path == NULL ||
	       want->path == NULL || strcmp(t->path, want->path) == 0;
}

static bool fits(const struct fetch *t, const struct fetch_want *want)
{
	if (t->forgotten || t->whose != t->host || !same_peer(t, want) || !path_fits(t, want))
		return false;
	if (t->state == FETCH_NEW)
		return true;
	/* Too late to make it deeper or to give it a path. */
	return t->depth >= want->depth &&
	       (want->depth < FETCH_HTTP || want->path == NULL ||
		       (t->path != NULL && strcmp(t->path, want->path) == 0));
}

struct fetch *fetch_find(const struct fetches *f, const struct fetch_want *want)
{
	for (size_t i = 0; i < f->count && want->behalf == NULL; i++)
		if (fits(f->list[i], want))
			return f->list[i];
	return NULL;
}

void fetch_merge(struct fetch *t, const struct fetch_want *want)
{
	if (t->state != FETCH_NEW)
		return;
	if (want->depth > FETCH_CONNECT) {
		t->plain = want->plain;
		t->identity = want->identity;
		t->max_version = want->max_version;
	}
	if (want->depth == FETCH_HTTP && t->path == NULL)
		t->path = want->path;
	if (want->depth > t->depth)
		t->depth = want->depth;
}

bool fetch_is_for(const struct fetch *t, const struct rule_host *host, bool by_proxy)
{
	return !t->forgotten && strcmp(t->whose->name, host->name) == 0 &&
	       (t->proxy != NULL) == by_proxy;
}

bool fetches_go_to(const struct fetches *f, const struct rule_host *host, bool by_proxy,
	const struct rule_host *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (fetch_is_for(f->list[i], host, by_proxy) &&
			strcmp(f->list[i]->peer->name, name->name) == 0)
			return true;
	return false;
}

bool fetches_are_final(const struct fetches *f, const struct rule_host *host, bool by_proxy)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct fetch *t = f->list[i];
		if (fetch_is_for(t, host, by_proxy) && !names_is_final(f->names, t->peer))
			return false;
	}
	return true;
}
