/*
 * A main that gives each file named as an argument to LLVMFuzzerTestOneInput, byte for byte and in
 * memory of exactly its size. For fuzz targets of bytes from the network; included at their end
 * with -DFUZZ_REPLAY.
 */
#ifndef PREFLIGHT_FUZZ_REPLAY_H
#define PREFLIGHT_FUZZ_REPLAY_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLAY_MAX 65536

static int replay(const char *path)
{
	static uint8_t bytes[REPLAY_MAX];
	FILE *in = fopen(path, "rb");

	if (in == NULL) {
		perror(path);
		return -1;
	}
	size_t size = fread(bytes, 1, sizeof bytes, in);
	uint8_t *exact = malloc(size > 0 ? size : 1);
	memcpy(exact, bytes, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	fclose(in);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) != 0)
			return 2;
	return 0;
}

#endif
