#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"

static int complain(const char *path, const char *why)
{
	fprintf(stderr, "preflight: %s: %s\n", path, why);
	return -1;
}

int output_write(const char *path, const json_t *report, const struct report_options *options)
{
	struct strbuf tmp, why;
	int result = -1;

	strbuf_init(&tmp, 4096);
	strbuf_init(&why, 512);
	strbuf_addf(&tmp, "%s.part", path);
	FILE *out = fopen(tmp.data, "wb");
	if (out == NULL) {
		complain(path, strerror(errno));
		goto done;
	}
	report_format_for_file(path)->write(out, report, options);
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
		remove(tmp.data);
done:
	strbuf_release(&tmp);
	strbuf_release(&why);
	return result;
}
