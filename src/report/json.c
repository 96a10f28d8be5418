/* The report as JSON: the document itself. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "utf8.h"

/*
 * JSON lets control characters above U+007F and bidi controls stand; here they become escapes, so
 * that a terminal which is shown the JSON does not obey them. All are in the basic plane.
 */
static void put_safe(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t code = 0;
		size_t size = utf8_decode(text + i, len - i, &code);
		if (size == 0)
			size = 1;
		if (code >= 0x7f && utf8_is_control(code))
			fprintf(out, "\\u%04X", (unsigned)code);
		else
			fwrite(text + i, 1, size, out);
		i += size;
	}
}

void report_write_json(FILE *out, const json_t *report, const struct report_options *options)
{
	char *text = json_dumps(report, JSON_INDENT(2));

	(void)options;
	if (text == NULL)
		return;
	put_safe(out, text, strlen(text));
	fputc('\n', out);
	free(text);
}
