#include "shortage.h"

#include <stdatomic.h>

static atomic_int seen;

const char *shortage_name(enum shortage shortage)
{
	static const char *const names[] = {
		[SHORTAGE_NONE] = "none",
		[SHORTAGE_DESCRIPTORS] = "descriptors",
		[SHORTAGE_MEMORY] = "memory",
		[SHORTAGE_BUFFERS] = "buffers",
		[SHORTAGE_THREADS] = "threads",
		[SHORTAGE_OTHER] = "other",
	};
	return names[shortage];
}

void shortage_reset(void)
{
	atomic_store(&seen, SHORTAGE_NONE);
}

void shortage_note(enum shortage shortage)
{
	int none = SHORTAGE_NONE;

	atomic_compare_exchange_strong(&seen, &none, (int)shortage);
}

enum shortage shortage_seen(void)
{
	return (enum shortage)atomic_load(&seen);
}
