#include "text_decode.h"

#include <string.h>

#include "utf8.h"

#define SURROGATES_HIGH 0xd800u
#define SURROGATES_LOW  0xdc00u
#define SURROGATES_END  0xe000u

static void add_code(struct strbuf *out, uint32_t c)
{
	if (c < 0x80) {
		strbuf_addc(out, (char)c);
	} else if (c < 0x800) {
		strbuf_addc(out, (char)(0xc0 | c >> 6));
		strbuf_addc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		strbuf_addc(out, (char)(0xe0 | c >> 12));
		strbuf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		strbuf_addc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		strbuf_addc(out, (char)(0xf0 | c >> 18));
		strbuf_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		strbuf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		strbuf_addc(out, (char)(0x80 | (c & 0x3f)));
	}
}

static uint32_t unit_at(const unsigned char *b, bool little)
{
	return little ? (uint32_t)(b[0] | b[1] << 8) : (uint32_t)(b[0] << 8 | b[1]);
}

/* A lone surrogate becomes U+FFFD, an odd byte at the end is left out. */
static void decode_utf_16(const unsigned char *b, size_t len, bool little, struct strbuf *out)
{
	for (size_t i = 0; i + 1 < len; i += 2) {
		uint32_t c = unit_at(b + i, little);

		if (c >= SURROGATES_HIGH && c < SURROGATES_LOW && i + 3 < len) {
			uint32_t low = unit_at(b + i + 2, little);
			if (low >= SURROGATES_LOW && low < SURROGATES_END) {
				c = 0x10000 + ((c - SURROGATES_HIGH) << 10) +
				    (low - SURROGATES_LOW);
				i += 2;
			}
		}
		add_code(out, c >= SURROGATES_HIGH && c < SURROGATES_END ? 0xfffd : c);
	}
}

/* 0 not, 1 little-endian, 2 big-endian; without a mark the zero bytes of ASCII tell. */
static int utf_16_of(const unsigned char *b, size_t len, size_t *mark)
{
	size_t even = 0, odd = 0, look = len < 256 ? len & ~(size_t)1 : 256;

	*mark = 2;
	if (len >= 2 && b[0] == 0xff && b[1] == 0xfe)
		return len >= 4 && b[2] == 0 && b[3] == 0 ? 0 : 1;
	if (len >= 2 && b[0] == 0xfe && b[1] == 0xff)
		return 2;
	*mark = 0;
	for (size_t i = 0; i < look; i++) {
		even += i % 2 == 0 && b[i] == 0;
		odd += i % 2 == 1 && b[i] == 0;
	}
	if (len % 2 != 0 || look < 4)
		return 0;
	if (odd * 8 >= look * 3 && even == 0)
		return 1;
	return even * 8 >= look * 3 && odd == 0 ? 2 : 0;
}

/* Bytes up to the first that are no UTF-8. */
static size_t utf_8_run(const char *text, size_t len)
{
	uint32_t code;
	size_t i = 0, n;

	while (i < len && (n = utf8_decode(text + i, len - i, &code)) > 0)
		i += n;
	return i;
}

/* Whether UTF-8 breaks off in its last character. */
static bool is_cut_off(const char *text, size_t len)
{
	const unsigned char *b = (const unsigned char *)text;
	size_t left = len, need = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : b[0] >= 0xc2 ? 2 : 0;

	for (size_t i = 1; i < left; i++)
		if ((b[i] & 0xc0) != 0x80)
			return false;
	return left < need;
}

static bool is_utf_8(const char *text, size_t len)
{
	size_t run = utf_8_run(text, len);

	return run == len || is_cut_off(text + run, len - run);
}

/* Every byte has its place in Shift_JIS (code page 932): one, or two with a lead of 81-9F or E0-FC.
 */
bool text_is_shift_jis(const char *bytes, size_t len)
{
	const unsigned char *b = (const unsigned char *)bytes;
	bool pairs = false;

	for (size_t i = 0; i < len; i++) {
		bool lead = (b[i] >= 0x81 && b[i] <= 0x9f) || (b[i] >= 0xe0 && b[i] <= 0xfc);

		if (b[i] < 0x80 || (b[i] >= 0xa1 && b[i] <= 0xdf))
			continue;
		if (!lead || i + 1 >= len || b[i + 1] < 0x40 || b[i + 1] == 0x7f || b[i + 1] > 0xfc)
			return false;
		pairs = true;
		i++;
	}
	return pairs && !is_utf_8(bytes, len);
}

enum text_encoding text_decode(const char *bytes, size_t len, struct strbuf *out)
{
	const unsigned char *b = (const unsigned char *)bytes;
	size_t mark = 0;
	int order = utf_16_of(b, len, &mark);

	if (order != 0) {
		decode_utf_16(b + mark, len - mark, order == 1, out);
		return TEXT_UTF_16;
	}
	mark = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	strbuf_add(out, bytes + mark, len - mark);
	if (utf_8_run(bytes, len) == len)
		return mark > 0 ? TEXT_UTF_8_MARK : TEXT_UTF_8;
	return text_is_shift_jis(bytes, len) ? TEXT_SHIFT_JIS : TEXT_OTHER;
}

/* An old editor's lines: CR alone, and no LF in the whole file. */
static void add_lines(struct strbuf *out, const char *text, size_t len)
{
	bool old = memchr(text, '\n', len) == NULL;

	for (size_t i = 0; i < len; i++)
		strbuf_addc(out, old && text[i] == '\r' ? '\n' : text[i]);
}

enum text_encoding text_tidy(struct strbuf *text)
{
	struct strbuf decoded, out;
	enum text_encoding encoding;

	strbuf_init(&decoded, 2 * text->len + 4);
	encoding = text_decode(text->data, text->len, &decoded);
	size_t len = decoded.len;
	while (len > 0 && decoded.data[len - 1] == '\0')
		len--;
	strbuf_init(&out, len + 1);
	add_lines(&out, decoded.data, len);
	strbuf_release(&decoded);
	strbuf_release(text);
	*text = out;
	return encoding;
}

/* Where the first byte stands that is not UTF-8. */
static void find_place(const char *text, size_t len, int *line, int *column)
{
	uint32_t code;

	*line = *column = 1;
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &code);
		if (n == 0)
			return;
		*column = code == '\n' ? 1 : *column + 1;
		*line += code == '\n';
	}
}

bool text_tidy_for(const char *file, struct strbuf *text, struct diags *diags)
{
	enum text_encoding encoding = text_tidy(text);
	int line, column;

	if (text->len == 0) {
		diags_add(diags, file, 0, 0, "the file is empty");
		return false;
	}
	if (encoding != TEXT_SHIFT_JIS && encoding != TEXT_OTHER)
		return true;
	find_place(text->data, text->len, &line, &column);
	diags_add(diags, file, line, column,
		encoding == TEXT_SHIFT_JIS ? "the file is not UTF-8 but Shift_JIS (\"ANSI\" in "
					     "Notepad): save it as UTF-8"
					   : "the file is not UTF-8 text: save it as UTF-8");
	return false;
}
