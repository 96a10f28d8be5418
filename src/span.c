#include "span.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "http_parse.h"
#include "report.h"
#include "strbuf.h"

#define SPAN_MAX 256

char *span_text(enum lang lang, double seconds)
{
	long long whole = seconds > 0 ? (long long)(seconds + 0.5) : 0;
	json_t *values = json_pack("{s:I}", "seconds", (json_int_t)(whole % 60));
	struct strbuf text;

	if (whole >= 3600)
		json_object_set_new(values, "hours", json_integer(whole / 3600));
	if (whole >= 60)
		json_object_set_new(values, "minutes", json_integer(whole / 60 % 60));
	strbuf_init(&text, SPAN_MAX);
	template_expand(&text, message(lang, "time.span"), values);
	json_decref(values);
	return strbuf_detach(&text);
}

double span_parse(const char *text)
{
	int year, month, day, hour, minute, second;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) !=
		6)
		return 0;
	long long days = days_from_civil(year, month, day);
	return (double)(days * 86400 + hour * 3600 + minute * 60 + second);
}

void span_clock(char buf[16], double when)
{
	time_t seconds = (time_t)when;
	const struct tm *tm = localtime(&seconds);

	if (tm == NULL)
		memcpy(buf, "--:--:--", sizeof "--:--:--");
	else
		snprintf(buf, 16, "%02d:%02d:%02d", tm->tm_hour % 100, tm->tm_min % 100,
			tm->tm_sec % 100);
}
