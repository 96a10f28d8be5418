#include "encoding.h"

#include <string.h>

#include "text_decode.h"
#include "utf8.h"

/* More than this many bad places tell nothing new. */
#define PLACES_MAX 20

size_t encoding_bom(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

bool encoding_clean(const char *text, size_t len, uint32_t *code)
{
	for (size_t i = 0; i < len;) {
		size_t size = utf8_decode(text + i, len - i, code);
		if (size == 0 || (utf8_is_control(*code) && *code != '\n' && *code != '\t'))
			return false;
		i += size;
	}
	return true;
}

/*
 * Bytes of a character that needs no closer look, or 0: ASCII that prints, and three bytes from
 * U+3000 to U+BFFF, where Japanese is.
 */
static size_t ordinary(const char *text, size_t len)
{
	const unsigned char *b = (const unsigned char *)text;

	if (b[0] >= ' ' && b[0] <= '~')
		return 1;
	return b[0] >= 0xe3 && b[0] <= 0xeb && len >= 3 && (b[1] & 0xc0) == 0x80 &&
			       (b[2] & 0xc0) == 0x80
		       ? 3
		       : 0;
}

/* NULL when a character is fine, else what it is. */
static const char *objection(uint32_t code, const char *rest, size_t len)
{
	if (code == '\n' || code == '\t')
		return NULL;
	if (code == '\r')
		return len > 1 && rest[1] == '\n' ? NULL : "a carriage return without a line feed";
	if (code == 0xfffe || code == 0xffff)
		return "a character that YAML does not allow";
	return utf8_is_control(code) ? "a control character" : NULL;
}

bool encoding_check(const char *file, const char *text, size_t len, struct diags *diags)
{
	int line = 1, column = 1, bad = 0;

	bool shift_jis = text_is_shift_jis(text, len);
	for (size_t i = encoding_bom(text, len); i < len && bad < PLACES_MAX;) {
		size_t size = ordinary(text + i, len - i);
		if (size > 0) {
			column++;
			i += size;
			continue;
		}
		uint32_t code = 0;
		size = utf8_decode(text + i, len - i, &code);
		const char *problem = size > 0 ? objection(code, text + i, len - i) : NULL;
		if (size == 0 && shift_jis) {
			diags_add(diags, file, line, column,
				"the file is not UTF-8 but Shift_JIS (\"ANSI\" in Notepad): save "
				"it as UTF-8");
			return false;
		}
		if (size == 0) {
			diags_add(diags, file, line, column,
				"byte 0x%02x is not UTF-8: save the file as UTF-8",
				(unsigned char)text[i]);
			bad++;
			size = 1;
		} else if (problem != NULL) {
			diags_add(diags, file, line, column,
				"%s (U+%04X) must not stand in a rule file", problem,
				(unsigned)code);
			bad++;
		}
		column++;
		if (code == '\n') {
			line++;
			column = 1;
		}
		i += size;
	}
	return bad == 0;
}
