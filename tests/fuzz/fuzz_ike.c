/*
 * Reads a datagram as an answer to a question. The first byte of the input chooses the question
 * (bits 0 and 1), the marker (bit 2) and the address family (bit 3); the SPI that was asked with
 * is taken from the datagram, so that it always fits.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ike.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ike_request request_of(unsigned choice, const uint8_t *bytes, size_t len)
{
	struct ike_request request = {
		.question = (enum ike_question)(choice & 3),
		.marker = (choice & 4) != 0,
		.group = 19,
		.local_port = 40000,
		.remote_port = 4500,
	};
	size_t skip = request.marker ? IKE_MARKER_SIZE : 0;

	request.local.family = request.remote.family = (choice & 8) != 0 ? 6 : 4;
	if (len >= skip + sizeof request.spi)
		memcpy(request.spi, bytes + skip, sizeof request.spi);
	return request;
}

/* An answer must be what its parts say, and must not be read from nothing. */
static void check(const struct ike_reply *reply)
{
	if (reply->answer == IKE_NOT_IKE &&
		(reply->notify != 0 || reply->vendor != NULL || reply->version_major != 0))
		abort();
	if (reply->answer != IKE_NOT_IKE && reply->version_major != 1 && reply->version_major != 2)
		abort();
	if (reply->answer == IKE_SA_INIT && reply->notify != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ike_reply reply;

	if (size < 1)
		return 0;
	struct ike_request request = request_of(data[0], data + 1, size - 1);
	ike_parse(&request, data + 1, size - 1, &reply);
	check(&reply);
	return 0;
}

#ifdef FUZZ_REPLAY
#include "replay.h"
#endif
