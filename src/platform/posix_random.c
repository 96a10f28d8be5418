/*
 * Random bytes of the kernel. The BSDs, glibc, musl and macOS all have getentropy(3).
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "platform.h"

#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "verdict.h"

#define ENTROPY_MAX 256 /* bytes per call */

void platform_random(void *buf, size_t len)
{
	unsigned char *bytes = buf;

	while (len > 0) {
		size_t n = len < ENTROPY_MAX ? len : ENTROPY_MAX;

		if (getentropy(bytes, n) != 0) {
			perror("preflight: getentropy");
			exit(EXIT_UNKNOWN);
		}
		bytes += n;
		len -= n;
	}
}
