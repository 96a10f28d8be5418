/* Which requests go into one transfer. */
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
	return t->port == want->port && same_layers(t, want) &&
	       strcmp(t->host->name, want->host->name) == 0 && same_text(t->proxy, want->proxy);
}

static bool path_fits(const struct fetch *t, const struct fetch_want *want)
{
	return t->depth < FETCH_HTTP || want->depth < FETCH_HTTP || t->path == NULL ||
	       want->path == NULL || strcmp(t->path, want->path) == 0;
}

static bool fits(const struct fetch *t, const struct fetch_want *want)
{
	if (!same_peer(t, want) || !path_fits(t, want))
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
	for (size_t i = 0; i < f->count; i++)
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
