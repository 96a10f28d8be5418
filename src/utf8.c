#include "utf8.h"

#include <string.h>

size_t utf8_decode(const char *bytes, size_t len, uint32_t *code)
{
	static const uint32_t lowest[5] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *b = (const unsigned char *)bytes;
	size_t size;

	if (b[0] < 0x80) {
		*code = b[0];
		return 1;
	}
	if (b[0] >= 0xc2 && b[0] < 0xe0)
		size = 2;
	else if (b[0] >= 0xe0 && b[0] < 0xf0)
		size = 3;
	else if (b[0] >= 0xf0 && b[0] < 0xf5)
		size = 4;
	else
		return 0;
	if (size > len)
		return 0;
	uint32_t value = b[0] & (0xffu >> (size + 1));
	for (size_t i = 1; i < size; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (b[i] & 0x3fu);
	}
	if (value < lowest[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0;
	*code = value;
	return size;
}

int utf8_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
	       (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}
