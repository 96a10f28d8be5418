/*
 * A run: starts every check at once and turns the loop until all have ended.
 *
 * The addresses that count are the OS's. A check that ended before the OS gave them is held until
 * it has; when they are others than those that were tried, the checks of that host begin again.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "ike_desk.h"
#include "mem.h"
#include "path_probe.h"
#include "rtt.h"
#include "saved.h"
#include "shortage.h"

#define TICK 0.1 /* seconds between two calls of the tick callback */

struct run {
	const struct plan *plan;
	struct loop *loop;
	struct names *names;
	struct fetches *fetches;
	struct rtt_board *rtts;
	struct path_board *paths;
	struct ike_desk *ike;
	struct identities *identities; /* NULL: no check names a certificate */
	struct run_item *items;
	size_t count, done, total; /* total: without the skipped ones */
	bool *held; /* by item: its facts are complete, its address does not stand yet */
	const struct run_options *options;
	double seconds;
	size_t collecting; /* collect jobs that have not come back */

	struct platform_lock *lock; /* guards what follows */
	bool inventory_read;
	int inventory_status;
	struct inventory inventory;
	struct strbuf inventory_why;
};

/* The loop of the run in progress, for the signal handler. */
static struct loop *volatile current_loop;
static volatile bool interrupted;

void run_interrupt(void)
{
	struct loop *loop = current_loop;

	interrupted = true;
	if (loop != NULL)
		loop_wake(loop);
}

struct loop *run_loop(const struct run *run)
{
	return run->loop;
}

struct names *run_names(const struct run *run)
{
	return run->names;
}

struct fetches *run_fetches(const struct run *run)
{
	return run->fetches;
}

struct rtt_board *run_rtts(const struct run *run)
{
	return run->rtts;
}

struct path_board *run_paths(const struct run *run)
{
	return run->paths;
}

struct ike_desk *run_ike(const struct run *run)
{
	return run->ike;
}

const struct terminal *run_terminal(const struct run *run)
{
	return run->plan->terminal;
}

const struct rules *run_rules(const struct run *run)
{
	return run->plan->rules;
}

const struct inputs *run_inputs(const struct run *run)
{
	static const struct inputs none;

	return run->plan->inputs != NULL ? run->plan->inputs : &none;
}

static void read_saved_inventory(const struct saved *saved, struct run *run)
{
	struct strbuf *why = &run->inventory_why;
	const char *separator = "";

	if (!saved->inventory_known) {
		strbuf_adds(why, "software: not in the saved inventory");
		return;
	}
	strbuf_adds(why, "the saved inventory is complete only for: ");
	for (int kind = 0; kind < INVENTORY_KIND_COUNT; kind++) {
		if (!saved->inventory.complete[kind])
			continue;
		strbuf_addf(why, "%s%s", separator, inventory_kind_name((enum inventory_kind)kind));
		separator = ", ";
	}
}

/* The inventory of a saved terminal is the one in its file. */
static const struct inventory *saved_inventory(
	const struct saved *saved, struct run *run, const char **why)
{
	platform_lock_acquire(run->lock);
	if (!run->inventory_read)
		read_saved_inventory(saved, run);
	run->inventory_read = true;
	*why = run->inventory_why.data;
	platform_lock_release(run->lock);
	return saved->inventory_known ? &saved->inventory : NULL;
}

const struct inventory *run_inventory(struct run *run, const char **why)
{
	const struct saved *saved = run_inputs(run)->saved;

	if (saved != NULL)
		return saved_inventory(saved, run, why);
	platform_lock_acquire(run->lock);
	if (!run->inventory_read) {
		run->inventory_status = platform_inventory(&run->inventory, &run->inventory_why);
		run->inventory_read = true;
	}
	*why = run->inventory_why.data;
	const struct inventory *result = run->inventory_status == 0 ? &run->inventory : NULL;
	platform_lock_release(run->lock);
	return result;
}

/* ---- certificates ---- */

const struct identity *run_identity(
	const struct run *run, const struct rule_certificate *certificate)
{
	return identities_find(run->identities, certificate);
}

/*
 * The OS's roots, once for certificates and connections. Where they are in a store of its own,
 * reading them takes long (macOS runs programs for it) and would hold up the loop, which times
 * answers; files are opened by the first connection, while its question for a name travels.
 */
static struct trust *load_trust(const struct plan *plan, bool certificates)
{
	const char *directory = platform_ca_directory(), *file = platform_ca_file();
	bool files = directory[0] != '\0' || file[0] != '\0';

	if (!certificates && (files || !plan_uses_tls(plan)))
		return NULL;
	trust_library_init();
	return trust_new(directory, file);
}

/* Before anything starts: a password may have to be asked for, and checks share what is found. */
static struct trust *load_identities(struct run *run)
{
	bool *wanted = plan_certificates(run->plan, false), any = false;
	const struct inputs *inputs = run_inputs(run);
	struct trust *trust;

	for (size_t i = 0; i < run->plan->rules->certificate_count; i++)
		any = any || wanted[i];
	trust = load_trust(run->plan, any && inputs->saved == NULL);
	if (any)
		run->identities = identities_load(run->plan->rules, wanted, inputs, trust);
	free(wanted);
	return trust;
}

/* ---- the end of a check, and its beginning again at another address ---- */

static struct run_item *item_of(const struct check_run *c)
{
	return (struct run_item *)((char *)(uintptr_t)c - offsetof(struct run_item, check));
}

/* A shortage of this machine: whatever failed meanwhile may have failed for it. */
static void tell_shortage(struct check_run *c)
{
	if (shortage_seen() != SHORTAGE_NONE)
		facts_str(&c->facts, "local_error", shortage_name(shortage_seen()));
}

static void tell_end(struct run *run, struct run_item *item, enum run_state state)
{
	item->state = state;
	tell_shortage(&item->check);
	run->done++;
	if (run->options->progress != NULL)
		run->options->progress(run->options->arg, item, run->done, run->total);
}

static void end_item(struct run *run, struct run_item *item, enum run_state state)
{
	item->ended = loop_now(run->loop);
	tell_end(run, item, state);
}

static const struct rule_host *host_of(const struct check_run *c)
{
	return c->check->type->flags & CHECK_HOST ? rule_host(c->check, "host") : NULL;
}

/* The host that it goes to through a proxy. */
static const struct rule_host *proxied_host(const struct check_run *c)
{
	return c->check->type->flags & CHECK_PROXY ? rule_host(c->check, "host") : NULL;
}

/* Whether what it connects to, the host or a proxy, is what the OS gives, as far as that is known.
 */
static bool address_stands(const struct check_run *c)
{
	const struct rule_host *host = host_of(c), *proxied = proxied_host(c);

	if (proxied != NULL)
		return fetches_are_final(c->run->fetches, proxied, true);
	return host == NULL || (names_is_final(c->run->names, host) &&
				       fetches_are_final(c->run->fetches, host, false));
}

void check_done(struct check_run *c)
{
	struct run_item *item = item_of(c);

	if (c->finished)
		return;
	c->finished = true;
	item->ended = loop_now(c->run->loop);
	if (address_stands(c))
		tell_end(c->run, item, RUN_FINISHED);
	else
		c->run->held[item - c->run->items] = true;
}

/* What was given first is what the OS gave in the end, whoever gave it. */
static void confirm(struct check_run *c)
{
	const struct rule_host *host = host_of(c);
	const struct name_address *address =
		host != NULL ? names_current(c->run->names, host) : NULL;

	if (address != NULL && facts_has(&c->facts, "via"))
		facts_str(&c->facts, "via", name_via_name(address->via));
}

static void release_held(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct run_item *item = &run->items[i];
		if (!run->held[i] || !address_stands(&item->check))
			continue;
		run->held[i] = false;
		confirm(&item->check);
		tell_end(run, item, RUN_FINISHED);
	}
}

static bool same_host(const struct rule_host *a, const struct rule_host *b)
{
	return a != NULL && (a == b || strcmp(a->name, b->name) == 0);
}

/* Whether a check is under way, or held, that connects to the host. */
static bool connects_to(const struct run_item *item, const struct rule_host *host)
{
	return item->state == RUN_WAITING && same_host(host_of(&item->check), host) &&
	       !(item->check.check->type->flags & CHECK_NAME);
}

static void leave_off(struct run *run, size_t index)
{
	struct check_run *c = &run->items[index].check;

	if (!c->finished)
		c->check->type->stop(c);
	c->check->type->release(c);
	names_forget(run->names, c);
}

static void begin_again(struct run *run, size_t index)
{
	struct check_run *c = &run->items[index].check;

	facts_release(&c->facts);
	facts_release(&c->timings);
	facts_init(&c->facts);
	facts_init(&c->timings);
	c->finished = false;
	run->held[index] = false;
	c->check->type->start(c);
}

/* Of a name: what connects to its host, or by a proxy or a redirect of this name to another. */
static bool goes_to(
	const struct run *run, const struct run_item *item, const struct rule_host *name)
{
	const struct rule_host *host = host_of(&item->check), *proxied = proxied_host(&item->check);

	if (proxied != NULL)
		return item->state == RUN_WAITING &&
		       fetches_go_to(run->fetches, proxied, true, name);
	return connects_to(item, name) || (host != NULL && connects_to(item, host) &&
						  fetches_go_to(run->fetches, host, false, name));
}

static void forget_connections(struct run *run, const struct check_run *c)
{
	const struct rule_host *proxied = proxied_host(c);

	fetches_forget(run->fetches, proxied != NULL ? proxied : host_of(c), proxied != NULL);
}

/* What was seen at an address that the OS does not give is no evidence, and is forgotten. */
static void forget(struct run *run, const struct rule_host *name)
{
	bool *again = mem_alloc((run->count + 1) * sizeof *again);

	for (size_t i = 0; i < run->count; i++)
		again[i] = goes_to(run, &run->items[i], name);
	for (size_t i = 0; i < run->count; i++)
		if (again[i])
			leave_off(run, i);
	fetches_forget(run->fetches, name, false);
	for (size_t i = 0; i < run->count; i++)
		if (again[i])
			forget_connections(run, &run->items[i].check);
	for (size_t i = 0; i < run->count; i++)
		if (again[i])
			begin_again(run, i);
	free(again);
}

static void on_final(void *arg, const struct rule_host *name, bool changed)
{
	struct run *run = arg;

	if (changed)
		forget(run, name);
	release_held(run);
}

struct run *run_new(const struct plan *plan)
{
	struct run *run = mem_alloc(sizeof *run);

	run->plan = plan;
	struct trust *trust = load_identities(run); /* before the loop: its clock is the run's */
	run->loop = loop_new();
	run->rtts = rtt_new();
	run->paths = path_board_new(run->loop, plan->terminal);
	run->ike = ike_desk_new(run->loop, run->rtts);
	run->names = names_new(run->loop, plan->terminal);
	names_use_rtts(run->names, run->rtts);
	names_on_final(run->names, on_final, run);
	run->fetches = fetches_new(run->loop, run->names, run->rtts);
	fetches_take_trust(run->fetches, trust);
	run->lock = platform_lock_new();
	inventory_init(&run->inventory, plan->terminal->os.family);
	strbuf_init(&run->inventory_why, 1024);
	run->items = mem_alloc(plan->item_count * sizeof run->items[0]);
	run->held = mem_alloc(plan->item_count * sizeof run->held[0]);
	run->count = plan->item_count;
	for (size_t i = 0; i < run->count; i++) {
		struct run_item *item = &run->items[i];
		item->plan = &plan->items[i];
		item->state = plan->items[i].skip != SKIP_NONE ? RUN_SKIPPED : RUN_WAITING;
		item->check.check = plan->items[i].check;
		item->check.run = run;
		facts_init(&item->check.facts);
		facts_init(&item->check.timings);
		run->total += item->state == RUN_WAITING;
	}
	return run;
}

/* ---- blocking checks: the worker fills a copy, so that a cut-off one harms nobody ---- */

struct collect_job {
	struct check_run copy;
	struct check_run *owner;
};

static void collect_work(void *arg)
{
	struct collect_job *job = arg;
	job->copy.check->type->collect(&job->copy);
}

static void collect_free(void *arg)
{
	struct collect_job *job = arg;
	facts_release(&job->copy.facts);
	facts_release(&job->copy.timings);
	free(job);
}

static void collect_done(void *arg)
{
	struct collect_job *job = arg;
	struct check_run *c = job->owner;

	c->run->collecting--;
	if (!c->finished) {
		json_object_update(c->facts.object, job->copy.facts.object);
		json_object_update(c->timings.object, job->copy.timings.object);
		check_done(c);
	}
	collect_free(job);
}

void check_start_collect(struct check_run *c)
{
	struct collect_job *job = mem_alloc(sizeof *job);

	job->copy = (struct check_run){.check = c->check, .run = c->run};
	facts_init(&job->copy.facts);
	facts_init(&job->copy.timings);
	job->owner = c;
	c->run->collecting++;
	loop_work(c->run->loop, collect_work, collect_done, collect_free, job);
}

/* ---- the turn of events ---- */

/* Packets first: while they travel, the OS is read. */
static void start_all(struct run *run)
{
	for (int network = 1; network >= 0; network--) {
		for (size_t i = 0; i < run->count; i++) {
			struct run_item *item = &run->items[i];
			const struct check_type *type = item->check.check->type;
			if (item->state != RUN_WAITING || item->check.finished ||
				((type->flags & CHECK_NETWORK) != 0) != (network == 1))
				continue;
			item->started = loop_now(run->loop);
			type->start(&item->check);
		}
	}
}

static void cut_short(struct run *run, enum run_state state)
{
	for (size_t i = 0; i < run->count; i++) {
		struct run_item *item = &run->items[i];
		if (item->state != RUN_WAITING)
			continue;
		if (!item->check.finished)
			item->check.check->type->stop(&item->check);
		item->check.finished = true;
		end_item(run, item, state);
	}
}

static double next_turn(const struct run *run, double limit, double tick)
{
	if (run->options->tick != NULL && tick < limit)
		return tick;
	return limit;
}

void run_start(struct run *run, const struct run_options *options)
{
	double limit = options->timeout > 0 ? options->timeout : 1e9;
	double tick = TICK;

	run->options = options;
	platform_try_descriptors();
	if (options->timeout > 0)
		fetches_set_limit(run_fetches(run), limit);
	current_loop = run->loop;
	start_all(run);
	while (run->done < run->total && !interrupted && loop_now(run->loop) < limit) {
		loop_step(run->loop, next_turn(run, limit, tick));
		if (options->tick != NULL && loop_now(run->loop) >= tick) {
			options->tick(options->arg, run->done, run->total);
			tick = loop_now(run->loop) + TICK;
		}
	}
	if (run->done < run->total)
		cut_short(run, interrupted ? RUN_INTERRUPTED : RUN_DEADLINE);
	current_loop = NULL;
	run->seconds = loop_now(run->loop);
}

void run_keep(struct run *run, size_t i, const struct run_item *earlier)
{
	struct run_item *item = &run->items[i];

	if (item->state != RUN_WAITING || earlier->state == RUN_SKIPPED)
		return;
	item->state = earlier->state;
	item->started = earlier->started;
	item->ended = earlier->ended;
	item->check.finished = true;
	json_object_update(item->check.facts.object, earlier->check.facts.object);
	json_object_update(item->check.timings.object, earlier->check.timings.object);
	run->total--;
}

void run_pause(double seconds, void (*tick)(void *arg, double left), void *arg)
{
	struct loop *loop = loop_new();

	current_loop = loop;
	for (double now = 0; now < seconds && !interrupted; now = loop_now(loop)) {
		double next = tick != NULL && now + TICK < seconds ? now + TICK : seconds;
		if (tick != NULL)
			tick(arg, seconds - now);
		loop_step(loop, next);
	}
	current_loop = NULL;
	loop_free(loop);
}

bool run_was_interrupted(void)
{
	return interrupted;
}

bool run_free(struct run *run)
{
	if (run == NULL)
		return true;
	for (size_t i = 0; i < run->count; i++)
		run->items[i].check.check->type->release(&run->items[i].check);
	fetches_free(run->fetches);
	names_free(run->names);
	ike_desk_free(run->ike);
	rtt_free(run->rtts);
	path_board_free(run->paths);
	loop_free(run->loop);
	for (size_t i = 0; i < run->count; i++) {
		facts_release(&run->items[i].check.facts);
		facts_release(&run->items[i].check.timings);
	}
	free(run->items);
	free(run->held);
	if (run->collecting > 0)
		return false; /* a worker still reads the OS and uses the rest */
	identities_free(run->identities);
	inventory_release(&run->inventory);
	strbuf_release(&run->inventory_why);
	platform_lock_free(run->lock);
	free(run);
	return true;
}

size_t run_count(const struct run *run)
{
	return run->count;
}

const struct run_item *run_item(const struct run *run, size_t i)
{
	return &run->items[i];
}

double run_seconds(const struct run *run)
{
	return run->seconds;
}
