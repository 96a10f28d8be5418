/*
 * Random bytes of the system's own generator.
 */
#include "windows.h"

#include <bcrypt.h>
#include <stdlib.h>

#include "verdict.h"

void platform_random(void *buf, size_t len)
{
	if (BCryptGenRandom(NULL, buf, (ULONG)len, BCRYPT_USE_SYSTEM_PREFERRED_RNG) >= 0)
		return;
	fputs("preflight: BCryptGenRandom failed\n", stderr);
	exit(EXIT_UNKNOWN);
}
