#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "strbuf.h"

static int complain(const char *path, const char *why)
{
	fprintf(stderr, "preflight: %s: %s\n", path, why);
	return -1;
}

static const struct {
	const char *format, *ending;
} endings[] = {
	{"text", ".txt"},
	{"json", ".json"},
	{"html", ".html"},
	{"junit", ".xml"},
	{"tap", ".tap"},
	{"prometheus", ".prom"},
	{"csv", ".csv"},
};

const char *output_ending(const char *format)
{
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (strcmp(endings[i].format, format) == 0)
			return endings[i].ending;
	return NULL;
}

const char *output_format(const char *const *formats, const char *path)
{
	size_t len = strlen(path);

	for (; *formats != NULL; formats++) {
		const char *ending = output_ending(*formats);
		size_t tail = ending != NULL ? strlen(ending) : 0;
		if (tail > 0 && len > tail && strcmp(path + len - tail, ending) == 0)
			return *formats;
	}
	return NULL;
}

int output_write(const char *path, void (*write)(FILE *out, void *arg), void *arg)
{
	struct strbuf tmp, why;
	int result = -1;

	strbuf_init(&tmp, 4096);
	strbuf_init(&why, 512);
	strbuf_addf(&tmp, "%s.part", path);
	FILE *out = platform_open(tmp.data, "wb");
	if (out == NULL) {
		complain(path, strerror(errno));
		goto done;
	}
	write(out, arg);
	bool failed = fflush(out) != 0 || ferror(out);
	int reason = errno;
	if (fclose(out) != 0 && !failed) {
		failed = true;
		reason = errno;
	}
	if (failed)
		complain(path, strerror(reason));
	else if (platform_rename(tmp.data, path, &why) != 0)
		complain(path, why.data);
	else
		result = 0;
	if (result != 0)
		platform_remove(tmp.data);
done:
	strbuf_release(&tmp);
	strbuf_release(&why);
	return result;
}
