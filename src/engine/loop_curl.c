/* libcurl's transfers on our loop, by curl_multi_socket_action. */
#include "loop_private.h"

#include <stdlib.h>

#include <curl/curl.h>

#include "libraries.h"
#include "mem.h"

struct transfer {
	CURL *easy; /* borrowed */
	loop_curl_fn *fn;
	void *arg;
};

struct transfers {
	CURLM *multi;
	struct loop *loop; /* borrowed */
	struct loop_timer timer;
	struct transfer **list;
	size_t count, capacity;
	void **kept; /* freed when libcurl calls back no more */
	size_t kept_count, kept_capacity;
};

/* Tells the owners of all transfers that ended. They may add and remove transfers. */
static void report_ended(struct transfers *t)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(t->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		char *private = NULL;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		struct transfer ended = *(struct transfer *)(void *)private;
		loop_curl_remove(t->loop, easy);
		ended.fn(ended.arg, (int)code);
	}
}

static void on_fd(void *arg, intptr_t fd, int events)
{
	struct transfers *t = arg;
	int bits = (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
		   (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0);
	int running;

	curl_multi_socket_action(t->multi, (curl_socket_t)fd, bits, &running);
	report_ended(t);
}

static void on_timer(void *arg)
{
	struct transfers *t = arg;
	int running;

	curl_multi_socket_action(t->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	report_ended(t);
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_data)
{
	struct transfers *t = user;
	int events = 0;

	(void)easy;
	(void)socket_data;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= LOOP_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= LOOP_WRITE;
	loop_fd(t->loop, (intptr_t)fd, events, on_fd, t);
	return 0;
}

static int set_timer(CURLM *multi, long ms, void *user)
{
	struct transfers *t = user;

	(void)multi;
	if (ms < 0)
		loop_timer_stop(t->loop, &t->timer);
	else
		loop_timer_at(t->loop, &t->timer, loop_now(t->loop) + (double)ms / 1000);
	return 0;
}

static struct transfers *transfers_new(struct loop *loop)
{
	struct transfers *t = mem_alloc(sizeof *t);

	libraries_init_curl();
	t->multi = curl_multi_init();
	t->loop = loop;
	loop_timer_init(&t->timer, on_timer, t);
	curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t);
	curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
	return t;
}

static struct transfers *transfers_of(struct loop *loop)
{
	if (loop->transfers == NULL)
		loop->transfers = transfers_new(loop);
	return loop->transfers;
}

void loop_curl_keep(struct loop *loop, void *memory)
{
	struct transfers *t = transfers_of(loop);

	t->kept = mem_grow(t->kept, t->kept_count, &t->kept_capacity, sizeof t->kept[0]);
	t->kept[t->kept_count++] = memory;
}

void loop_curl_add(struct loop *loop, void *easy, loop_curl_fn *fn, void *arg)
{
	struct transfers *t = transfers_of(loop);
	struct transfer *transfer = mem_alloc(sizeof *transfer);

	*transfer = (struct transfer){.easy = easy, .fn = fn, .arg = arg};
	t->list = mem_grow(t->list, t->count, &t->capacity, sizeof t->list[0]);
	t->list[t->count++] = transfer;
	curl_easy_setopt((CURL *)easy, CURLOPT_PRIVATE, transfer);
	curl_multi_add_handle(t->multi, easy);
}

void loop_curl_remove(struct loop *loop, void *easy)
{
	struct transfers *t = loop->transfers;

	for (size_t i = 0; t != NULL && i < t->count; i++) {
		if (t->list[i]->easy != easy)
			continue;
		curl_multi_remove_handle(t->multi, easy);
		free(t->list[i]);
		t->list[i] = t->list[--t->count];
		return;
	}
}

void transfers_free(struct transfers *t)
{
	if (t == NULL)
		return;
	while (t->count > 0)
		loop_curl_remove(t->loop, t->list[t->count - 1]->easy);
	curl_multi_cleanup(t->multi);
	loop_timer_stop(t->loop, &t->timer);
	for (size_t i = 0; i < t->kept_count; i++)
		free(t->kept[i]);
	free(t->kept);
	free(t->list);
	free(t);
	curl_global_cleanup();
}
