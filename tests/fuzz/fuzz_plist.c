/*
 * Reads a property list and walks through all of it: containers that contain themselves included,
 * so to a certain depth only.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "platform/plist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Steps left; what a value is must fit what it has. */
static void walk(const struct plist *list, const struct plist_value *value, int depth, int *steps)
{
	const struct plist_value *inner;
	const char *key;

	if ((value->type == PLIST_TEXT) != (value->text != NULL))
		abort();
	if (value->count != 0 && value->type != PLIST_ARRAY && value->type != PLIST_DICT)
		abort();
	for (size_t i = 0; (inner = plist_at(list, value, i, &key)) != NULL; i++) {
		if (value->type == PLIST_DICT && key != NULL && plist_get(list, value, key) == NULL)
			abort();
		if ((*steps)-- <= 0)
			return;
		if (depth > 0)
			walk(list, inner, depth - 1, steps);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plist *list = plist_parse(data, size, NULL);
	int steps = 2000;

	if (list == NULL)
		return 0;
	walk(list, plist_root(list), 8, &steps);
	plist_free(list);
	return 0;
}

#ifdef FUZZ_REPLAY
#include "replay.h"
#endif
