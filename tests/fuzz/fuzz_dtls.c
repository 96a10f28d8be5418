/* Reads a datagram as an answer to a DTLS ClientHello. */
#include <stdint.h>
#include <stdlib.h>

#include "dtls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int alert = 0;
	enum dtls_answer answer = dtls_parse(data, size, &alert);

	if ((answer == DTLS_ALERT) != (alert >= 0) || alert > 255)
		abort();
	return 0;
}

#ifdef FUZZ_REPLAY
#include "replay.h"
#endif
