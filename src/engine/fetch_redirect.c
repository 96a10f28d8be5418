/* Redirects to the same host: where they lead, and when they have no end (fetch_private.h). */
#include "fetch_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_parse.h"
#include "mem.h"

#define REDIRECTS_MAX 20 /* as Chromium: kMaxRedirects, net/url_request/url_request.cc */
/* Without cookies the same request has the same answer; one bad server of several may differ. */
#define VISITS_MAX 3

#define COOKIES_MAX  32
#define COOKIE_BYTES 4096 /* of one; RFC 6265 section 6.1 */

static void copy_list(struct strs *to, const struct strs *from)
{
	for (size_t i = 0; i < from->count; i++)
		strs_add(to, from->items[i]);
}

void redirects_copy(struct redirects *to, const struct redirects *from)
{
	copy_list(&to->visited, &from->visited);
	copy_list(&to->cookies, &from->cookies);
}

void redirects_release(struct redirects *r)
{
	strs_release(&r->visited);
	strs_release(&r->cookies);
}

/* ---- cookies ---- */

static size_t name_length(const char *pair)
{
	return strcspn(pair, "=");
}

/* What an earlier answer set by the same name goes. */
static void drop_cookie(struct strs *cookies, const char *pair)
{
	struct strs kept = {0};
	size_t len = name_length(pair);

	for (size_t i = 0; i < cookies->count; i++)
		if (name_length(cookies->items[i]) != len ||
			memcmp(cookies->items[i], pair, len) != 0)
			strs_add(&kept, cookies->items[i]);
	strs_release(cookies);
	*cookies = kept;
}

void redirects_take_cookie(struct redirects *r, const char *value, size_t len)
{
	char pair[COOKIE_BYTES + 1];
	const char *end = memchr(value, ';', len);
	size_t used = end != NULL ? (size_t)(end - value) : len;

	if (used == 0 || used > COOKIE_BYTES || memchr(value, '=', used) == NULL)
		return;
	for (size_t i = 0; i < used; i++)
		if ((unsigned char)value[i] < ' ' || value[i] == 0x7f)
			return;
	memcpy(pair, value, used);
	pair[used] = '\0';
	drop_cookie(&r->cookies, pair);
	if (r->cookies.count < COOKIES_MAX)
		strs_add(&r->cookies, pair);
}

struct curl_slist *redirects_cookie_header(const struct redirects *r)
{
	struct strbuf line;

	if (r->cookies.count == 0)
		return NULL;
	strbuf_init(&line, 2 * COOKIE_BYTES);
	strbuf_adds(&line, "Cookie: ");
	for (size_t i = 0; i < r->cookies.count; i++)
		strbuf_addf(&line, "%s%s", i > 0 ? "; " : "", r->cookies.items[i]);
	struct curl_slist *list = line.truncated ? NULL : curl_slist_append(NULL, line.data);
	strbuf_release(&line);
	return list;
}

/* ---- where to ---- */

bool fetch_is_redirect(long long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* The path of a reference within the site, made absolute; NULL: none, or one that makes no sense.
 */
static char *resolve(const struct fetch *t, const char *reference)
{
	CURLU *url = curl_url();
	const char *base = t->location != NULL ? t->location : t->path;
	char *path = NULL, *query = NULL;
	struct strbuf sb;

	strbuf_init(&sb, FETCH_URL_MAX);
	bool good = url != NULL &&
		    curl_url_set(url, CURLUPART_URL, "https://host.invalid/", 0) == CURLUE_OK &&
		    curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK &&
		    curl_url_set(url, CURLUPART_URL, reference, CURLU_URLENCODE) == CURLUE_OK &&
		    curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK;
	if (good) {
		strbuf_adds(&sb, path);
		if (curl_url_get(url, CURLUPART_QUERY, &query, 0) == CURLUE_OK)
			strbuf_addf(&sb, "?%s", query);
	}
	char *result = good && !sb.truncated ? mem_strdup(sb.data) : NULL;
	curl_free(path);
	curl_free(query);
	curl_url_cleanup(url);
	strbuf_release(&sb);
	return result;
}

/* The path of a redirect that leads to the same host, scheme and port; owned, or NULL. */
static char *same_host_path(const struct fetch *t, const char *value)
{
	struct http_location location;

	if (!http_location_parse(value, strlen(value), &location))
		return NULL;
	int port = location.port != 0 ? location.port : location.plain ? 80 : 443;
	if (location.absolute && (location.plain != t->plain || port != t->port ||
					 strcmp(location.host, t->host->name) != 0))
		return NULL;
	return location.path[0] == '/' ? mem_strdup(location.path) : resolve(t, value);
}

static bool is_endless(const struct redirects *r, const char *path)
{
	size_t visits = 0;

	for (size_t i = 0; i < r->visited.count; i++)
		visits += strcmp(r->visited.items[i], path) == 0;
	return r->visited.count >= REDIRECTS_MAX || (r->cookies.count == 0 && visits >= VISITS_MAX);
}

bool redirects_note(struct fetch *t, long status)
{
	const char *value = facts_get_str(&t->result.http, "location");

	t->redirects.pending = false;
	if (value == NULL || !fetch_is_redirect(status) || t->path == NULL)
		return true;
	char *path = same_host_path(t, value);
	if (path == NULL)
		return true;
	if (is_endless(&t->redirects, path)) {
		free(path);
		return false;
	}
	strs_add(&t->redirects.visited, path);
	free(t->location);
	t->location = path;
	t->redirects.pending = true;
	if (!t->again)
		t->first_status = status;
	return true;
}

/* ---- to any host ---- */

static bool put_base(CURLU *url, const struct fetch_place *from)
{
	bool bracket = strchr(from->host, ':') != NULL;
	struct strbuf text;

	strbuf_init(&text, FETCH_URL_MAX);
	strbuf_addf(&text, "%s://%s%s%s:%u%s", from->plain ? "http" : "https", bracket ? "[" : "",
		from->host, bracket ? "]" : "", (unsigned)from->port, from->path);
	bool good = !text.truncated && curl_url_set(url, CURLUPART_URL, text.data, 0) == CURLUE_OK;
	strbuf_release(&text);
	return good;
}

/* A part of the URL; "" when it has none, false when it does not fit. */
static bool take_part(CURLU *url, CURLUPart part, unsigned flags, char *to, size_t size)
{
	char *text = NULL;
	bool there = curl_url_get(url, part, &text, flags) == CURLUE_OK && text != NULL;
	int n = snprintf(to, size, "%s", there ? text : "");

	curl_free(text);
	return n >= 0 && (size_t)n < size;
}

/* In lower case, without brackets and without the dot of an absolute name. */
static void plain_name(char *host)
{
	size_t len = strlen(host);

	if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
		memmove(host, host + 1, len - 2);
		len -= 2;
	}
	if (len > 1 && host[len - 1] == '.')
		len--;
	host[len] = '\0';
	for (char *p = host; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
}

static bool take_place(CURLU *url, struct fetch_place *to)
{
	char scheme[8], port[8], query[sizeof to->path];
	size_t used;

	if (!take_part(url, CURLUPART_SCHEME, 0, scheme, sizeof scheme) ||
		!take_part(url, CURLUPART_HOST, 0, to->host, sizeof to->host) ||
		!take_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port) ||
		!take_part(url, CURLUPART_PATH, 0, to->path, sizeof to->path) ||
		!take_part(url, CURLUPART_QUERY, 0, query, sizeof query))
		return false;
	to->plain = strcmp(scheme, "http") == 0;
	to->port = (uint16_t)strtoul(port, NULL, 10);
	plain_name(to->host);
	used = strlen(to->path);
	if (query[0] != '\0' && (size_t)snprintf(to->path + used, sizeof to->path - used, "?%s",
					query) >= sizeof to->path - used)
		return false;
	return to->host[0] != '\0' && to->port != 0;
}

enum fetch_lead fetch_follow(
	const struct fetch_place *from, const char *location, struct fetch_place *to)
{
	CURLU *url = curl_url();
	enum fetch_lead lead = FETCH_LEADS_NOWHERE;

	if (http_other_scheme(location))
		lead = FETCH_LEADS_ELSEWHERE;
	else if (url != NULL && put_base(url, from) &&
		 curl_url_set(url, CURLUPART_URL, location, CURLU_URLENCODE) == CURLUE_OK &&
		 take_place(url, to))
		lead = FETCH_LEADS_ON;
	curl_url_cleanup(url);
	return lead;
}
