/*
 * The values that templates may name. Besides every fact of the check under its own name:
 *
 *   check type title host host_id port documented
 *   rtt          milliseconds of the answer, rounded
 *   NAME_ms      timings, rounded
 *   NAME_size    a fact in bytes, for people
 *   NAME_date    the day of a fact that is a time
 *   support_end extended_end data_date   the days of the lifecycle facts
 *   NAME_text    a fact that is a word of the catalogue ("via.dns"); other words as they are
 *   NAME_WORD    true when the fact is this word of the catalogue ("offender_is_gateway")
 *   not_NAME     true when the fact is false
 *   clock_behind clock_ahead   how far the terminal's clock is off, in words
 *   transport    "TCP" or "UDP", over which the check asks
 *   ports        transport and port; in causes: those of all checks concerned
 *   flows        what to allow: host, address, protocol and port; in causes: all of them
 *   products     titles of the conflicting software found
 *   hosts_entries   lines for the hosts file, quoted; in causes: of all hosts
 *   all_hosts    the host's name; in causes: the names of all hosts concerned
 *   not_path_past_facility   also where nothing is known of the path (path_facts.h)
 *   fallback_fails   the host's fallback was reached, and shows no page (build.c)
 *   issuer_name  who issued a certificate, shorter than its distinguished name
 */
#include <string.h>

#include "internal.h"

#define DAY      86400
#define DATE_LEN 10

static const char *const size_facts[] = {"available", "total", "required", "free", "size"};
static const char *const time_facts[] = {"not_after", "not_before", "date", "server_date",
	"problem_not_after", "problem_not_before"};
/* Days since 1970, which nobody reads: their names in templates give the date. */
static const struct {
	const char *fact, *name;
} day_facts[] = {
	{"end", "support_end"},
	{"extended_end", "extended_end"},
	{"lifecycle_date", "data_date"},
};
/* The first of these is the round trip. */
static const char *const rtt_timings[] = {
	"rtt_ms", "answer_ms", "connect_ms", "dns_ms", "os_ms", "total_ms"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days. */
void format_date(char buf[32], long long days)
{
	long long z = days + 719468;
	long long era = (z >= 0 ? z : z - 146096) / 146097;
	long long doe = z - era * 146097;
	long long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	long long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	long long mp = (5 * doy + 2) / 153;
	long long month = mp < 10 ? mp + 3 : mp - 9;

	snprintf(buf, 32, "%04lld-%02d-%02d", yoe + era * 400 + (month <= 2), (int)month,
		(int)(doy - (153 * mp + 2) / 5 + 1));
}

/* Seconds that no clock means (year 0 to 9999) are cut off at the ends. */
static long long whole_seconds(double seconds)
{
	if (!(seconds > -62167219200.0))
		return -62167219200;
	return seconds < 253402300799.0 ? (long long)seconds : 253402300799;
}

void format_time(char buf[64], double seconds)
{
	long long all = whole_seconds(seconds);
	long long days = all / DAY - (all % DAY < 0);
	long long rest = all - days * DAY;
	char date[32];

	format_date(date, days);
	snprintf(buf, 64, "%sT%02d:%02d:%02dZ", date, (int)(rest / 3600), (int)(rest / 60 % 60),
		(int)(rest % 60));
}

const struct rule_host *check_host(const struct rule_check *check)
{
	for (size_t i = 0; i < check->type->key_count; i++)
		if (check->type->keys[i].type == KEY_HOST && check->values[i].host != NULL)
			return check->values[i].host;
	return NULL;
}

long long check_port(const struct rule_check *check)
{
	for (size_t i = 0; i < check->type->key_count; i++)
		if (strcmp(check->type->keys[i].name, "port") == 0 && check->values[i].set)
			return check->values[i].number;
	return -1;
}

static void set_string(json_t *values, const char *name, const char *ending, const char *text)
{
	char full[128];

	snprintf(full, sizeof full, "%s%s", name, ending);
	json_object_set_new(values, full, json_string(text));
}

static void add_size(json_t *values, const char *name, double bytes)
{
	char text[64];

	if (bytes >= 1e9)
		snprintf(text, sizeof text, "%.1f GB", bytes / 1e9);
	else if (bytes >= 1e6)
		snprintf(text, sizeof text, "%.0f MB", bytes / 1e6);
	else
		snprintf(text, sizeof text, "%.0f KB", bytes / 1e3);
	set_string(values, name, "_size", text);
}

static void add_day(json_t *values, const char *name, double days)
{
	char text[32];

	if (days > -719528 && days < 2932897) {
		long long whole = (long long)days;
		format_date(text, whole - ((double)whole > days));
		set_string(values, name, "", text);
	}
}

static void add_date(json_t *values, const char *name, double seconds)
{
	char full[128];

	snprintf(full, sizeof full, "%s_date", name);
	add_day(values, full, seconds / DAY);
}

/* The day of "2026-01-31T00:00:00Z". */
static void add_day_of(json_t *values, const char *name, const char *time)
{
	char text[DATE_LEN + 1];

	snprintf(text, sizeof text, "%.*s", DATE_LEN, time);
	set_string(values, name, "_date", text);
}

static void add_numbers(json_t *values)
{
	for (size_t i = 0; i < COUNT(size_facts); i++) {
		const json_t *value = json_object_get(values, size_facts[i]);
		if (json_is_number(value) && json_number_value(value) >= 0)
			add_size(values, size_facts[i], json_number_value(value));
	}
	for (size_t i = 0; i < COUNT(time_facts); i++) {
		const json_t *value = json_object_get(values, time_facts[i]);
		if (json_is_number(value))
			add_date(values, time_facts[i], json_number_value(value));
		else if (json_string_length(value) > DATE_LEN)
			add_day_of(values, time_facts[i], json_string_value(value));
	}
	for (size_t i = 0; i < COUNT(day_facts); i++) {
		const json_t *value = json_object_get(values, day_facts[i].fact);
		if (json_is_number(value))
			add_day(values, day_facts[i].name, json_number_value(value));
	}
}

/* A span in its largest unit of which there are two or more. */
static void add_skew(json_t *values, enum lang lang)
{
	static const struct {
		const char *id;
		long long seconds;
	} units[] = {{"unit.days", DAY}, {"unit.hours", 3600}, {"unit.minutes", 60},
		{"unit.seconds", 1}};
	const json_t *fact = json_object_get(values, "date_skew");
	long long skew = json_integer_value(fact);
	unsigned long long size =
		skew < 0 ? 0 - (unsigned long long)skew : (unsigned long long)skew;
	size_t unit = 0;

	if (!json_is_integer(fact))
		return;
	while (unit + 1 < COUNT(units) && size < 2 * (unsigned long long)units[unit].seconds)
		unit++;
	json_object_set_new(values, skew < 0 ? "clock_ahead" : "clock_behind",
		json_sprintf("%llu%s", size / (unsigned long long)units[unit].seconds,
			message(lang, units[unit].id)));
}

static void add_issuer(json_t *values)
{
	const char *name = json_string_value(json_object_get(values, "issuer_cn"));
	const char *organisation = json_string_value(json_object_get(values, "issuer_o"));

	if (name != NULL && organisation != NULL)
		json_object_set_new(
			values, "issuer_name", json_sprintf("%s, %s", name, organisation));
	else if (name != NULL)
		set_string(values, "issuer_name", "", name);
	else
		json_object_set(values, "issuer_name", json_object_get(values, "issuer"));
}

#define JOINED_MAX 512 /* bytes of several words of the catalogue */

static void set_flag(json_t *values, const char *name, const char *word)
{
	char full[128];

	snprintf(full, sizeof full, "%s_%s", name, word);
	for (char *at = full; *at != '\0'; at++)
		if (*at == '-')
			*at = '_';
	json_object_set_new(values, full, json_true());
}

/* "newline+space": words of the catalogue, joined as people list them; false when one is none. */
static bool join_catalogue(
	enum lang lang, const char *name, const char *words, char out[JOINED_MAX])
{
	char id[160];
	size_t used = 0;

	for (const char *at = words; *at != '\0';) {
		size_t len = strcspn(at, "+");
		const char *between = used == 0 ? "" : lang == LANG_JA ? "、" : ", ";

		snprintf(id, sizeof id, "%s.%.*s", name, (int)len, at);
		const char *text = message_or_null(lang, id);
		if (text == NULL || used + strlen(between) + strlen(text) >= JOINED_MAX)
			return false;
		used += (size_t)snprintf(out + used, JOINED_MAX - used, "%s%s", between, text);
		at += len + (at[len] == '+');
	}
	return used > 0;
}

/* The text of a fact that is a word of the catalogue, or several; NULL when it is none. */
static const char *words_of(
	enum lang lang, const char *name, const char *value, char joined[JOINED_MAX])
{
	char id[160];

	snprintf(id, sizeof id, "%s.%s", name, value);
	const char *text = message_or_null(lang, id);
	size_t len = strlen(name);
	if (text == NULL && len > 6 && strcmp(name + len - 6, "_error") == 0) {
		snprintf(id, sizeof id, "error.%s", value);
		text = message_or_null(lang, id);
	}
	return text == NULL && strchr(value, '+') != NULL &&
			       join_catalogue(lang, name, value, joined)
		       ? joined
		       : text;
}

/* Facts that are words of the catalogue, and facts that are false. */
static void add_words(json_t *values, json_t *facts, enum lang lang)
{
	const char *name;
	json_t *value;
	char id[160];

	json_object_foreach(facts, name, value)
	{
		if (json_is_false(value)) {
			snprintf(id, sizeof id, "not_%s", name);
			json_object_set_new(values, id, json_true());
		} else if (json_is_string(value)) {
			char joined[JOINED_MAX];
			const char *text = words_of(lang, name, json_string_value(value), joined);
			snprintf(id, sizeof id, "%.150s_text", name);
			if (!json_object_get(facts, id)) /* a fact says it better */
				set_string(values, name, "_text",
					text != NULL ? text : json_string_value(value));
			if (text != NULL)
				set_flag(values, name, json_string_value(value));
		}
	}
}

static void format_ms(char buf[32], double ms)
{
	snprintf(buf, 32, ms < 9.95 ? "%.1f" : "%.0f", ms < 0 ? 0 : ms < 1e9 ? ms : 1e9);
}

static void add_timings(json_t *values, json_t *timings)
{
	const char *name;
	json_t *value;
	char text[32];

	json_object_foreach(timings, name, value)
	{
		format_ms(text, json_number_value(value));
		if (json_object_get(values, name) == NULL)
			json_object_set_new(values, name, json_string(text));
	}
	for (size_t i = 0; i < COUNT(rtt_timings); i++) {
		value = json_object_get(timings, rtt_timings[i]);
		if (value != NULL && json_object_get(values, "rtt") == NULL) {
			format_ms(text, json_number_value(value));
			json_object_set_new(values, "rtt", json_string(text));
		}
	}
}

static void add_host(json_t *values, const struct rule_check *check)
{
	const struct rule_host *host = check_host(check);
	char text[NET_ADDR_STRLEN];

	if (host != NULL) {
		json_t *documented = json_array();
		for (size_t i = 0; i < host->address_count; i++)
			json_array_append_new(documented,
				json_string(net_addr_format(&host->addresses[i], text)));
		json_object_set_new(values, "host", json_string(host->name));
		json_object_set_new(values, "host_id", json_string(host->id));
		json_object_set_new(values, "documented", documented);
		json_object_set_new(values, "all_hosts", json_pack("[s]", host->name));
	}
	if (check_port(check) >= 0) {
		json_t *ports = json_array();
		ports_add(ports, check);
		json_object_set_new(values, "ports", ports);
		json_object_set_new(values, "port", json_integer(check_port(check)));
		set_string(values, "transport", "", check_transport(check));
	}
}

json_t *report_values(const struct result *result, enum lang lang)
{
	const struct rule_check *check = result->check;
	json_t *values = json_copy(result->facts->object);

	add_words(values, result->facts->object, lang);
	if (json_object_get(values, "path_past_facility") == NULL)
		json_object_set_new(values, "not_path_past_facility", json_true());
	add_numbers(values);
	add_skew(values, lang);
	add_issuer(values);
	add_timings(values, result->timings->object);
	add_host(values, check);
	set_string(values, "list_separator", "", message(lang, "list.separator"));
	set_string(values, "check", "", check->id);
	set_string(values, "type", "", check->type->name);
	if (check->title.in[lang] != NULL)
		set_string(values, "title", "", check->title.in[lang]);
	return values;
}
