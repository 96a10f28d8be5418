#include <string.h>

#include "internal.h"
#include "utf8.h"

#define SAFE_MAX (64 * 1024)

void safe_append(struct strbuf *out, const char *text, bool lines)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;) {
		uint32_t code = 0;
		size_t size = utf8_decode(text + i, len - i, &code);
		if (lines && text[i] == '\n') {
			strbuf_addc(out, '\n');
			i++;
		} else if (size == 0 || utf8_is_control(code)) {
			for (size_t end = i + (size == 0 ? 1 : size); i < end; i++)
				strbuf_addf(out, "\\x%02X", (unsigned char)text[i]);
		} else {
			strbuf_add(out, text + i, size);
			i += size;
		}
	}
}

void report_print_safe(FILE *out, const char *text)
{
	struct strbuf safe;

	strbuf_init(&safe, SAFE_MAX);
	safe_append(&safe, text, false);
	fputs(safe.data, out);
	strbuf_release(&safe);
}
