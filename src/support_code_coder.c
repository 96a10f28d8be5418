/* Arithmetic coding in the way of Witten, Neal and Cleary (1987). */
#include "support_code_coder.h"

#include <string.h>

#define TOP     ((uint64_t)0xffffffff)
#define HALF    ((uint64_t)0x80000000)
#define QUARTER ((uint64_t)0x40000000)

static void put(struct coder *c, unsigned bit)
{
	if (c->count < CODER_BITS_MAX)
		c->bits[c->count] = (uint8_t)bit;
	c->count++;
}

static void put_with_pending(struct coder *c, unsigned bit)
{
	put(c, bit);
	for (; c->pending > 0; c->pending--)
		put(c, !bit);
}

static unsigned get(struct coder *c)
{
	unsigned bit = c->next < c->count ? c->bits[c->next] : 0;

	c->next++;
	return bit;
}

void coder_encode(struct coder *c)
{
	memset(c, 0, sizeof *c);
	c->high = TOP;
}

void coder_decode(struct coder *c, const uint8_t *bits, size_t count)
{
	memset(c, 0, sizeof *c);
	c->high = TOP;
	c->decoding = true;
	memcpy(c->bits, bits, count);
	c->count = count;
	for (int i = 0; i < 32; i++)
		c->value = c->value << 1 | get(c);
}

/* The interval is doubled, less what lies below it, until it is more than a quarter again. */
static void widen(struct coder *c)
{
	for (;;) {
		uint64_t less = 0;
		if (c->high < HALF || c->low >= HALF) {
			less = c->low >= HALF ? HALF : 0;
			if (!c->decoding)
				put_with_pending(c, c->low >= HALF);
		} else if (c->low >= QUARTER && c->high < HALF + QUARTER) {
			less = QUARTER;
			if (!c->decoding)
				c->pending++;
		} else {
			return;
		}
		c->low = (c->low - less) << 1;
		c->high = (c->high - less) << 1 | 1;
		if (c->decoding)
			c->value = (c->value - less) << 1 | get(c);
	}
}

static void narrow(struct coder *c, uint64_t below, uint64_t width, uint64_t total)
{
	uint64_t range = c->high - c->low + 1;

	c->high = c->low + range * (below + width) / total - 1;
	c->low = c->low + range * below / total;
	widen(c);
}

/* Where among `total` the value that is being decoded lies. */
static uint64_t target(const struct coder *c, uint64_t total)
{
	return ((c->value - c->low + 1) * total - 1) / (c->high - c->low + 1);
}

size_t coder_symbol(struct coder *c, const unsigned *frequencies, size_t count, size_t symbol)
{
	uint64_t total = 0, below = 0;

	for (size_t i = 0; i < count; i++)
		total += frequencies[i];
	if (c->decoding) {
		uint64_t wanted = target(c, total), sum = frequencies[0];
		for (symbol = 0; symbol + 1 < count && sum <= wanted;)
			sum += frequencies[++symbol];
	}
	for (size_t i = 0; i < symbol; i++)
		below += frequencies[i];
	narrow(c, below, frequencies[symbol], total);
	return symbol;
}

size_t coder_uniform(struct coder *c, size_t count, size_t symbol)
{
	if (count < 2)
		return 0;
	if (c->decoding) {
		symbol = (size_t)target(c, count);
		if (symbol >= count)
			symbol = count - 1;
	}
	narrow(c, symbol, 1, count);
	return symbol;
}

/* Zeros follow by themselves: of all numbers in the interval, one with few ones is taken. */
void coder_finish(struct coder *c)
{
	if (c->low > 0 || c->pending > 0)
		put_with_pending(c, 1);
	while (c->count > 0 && c->count <= CODER_BITS_MAX && c->bits[c->count - 1] == 0)
		c->count--;
}
