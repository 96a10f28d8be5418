/* The first message of IKEv1 main mode (RFC 2409 section 5): a wide proposal, two Vendor IDs. */
#include "ike.h"
#include "ike_writer.h"

/* RFC 2409 appendix A: encryption 7 AES; hash 4 SHA2-256, 2 SHA. */
struct v1_suite {
	uint16_t cipher, key_bits, hash, group;
};

static const struct v1_suite v1_suites[] = {
	{7, 256, 4, 14},
	{7, 256, 2, 14},
	{7, 128, 2, 2},
	{7, 256, 2, 2},
};

static const uint16_t v1_methods[] = {1, 3}; /* pre-shared key, RSA signatures */

static const uint8_t v1_nat_t[] = {/* RFC 3947 section 3.1 */
	0x4a, 0x13, 0x1c, 0x81, 0x07, 0x03, 0x58, 0x45, 0x5c, 0x57, 0x28, 0xf2, 0x0e, 0x95, 0x45,
	0x2f};
static const uint8_t v1_dpd[] = {/* RFC 3706 section 5.1 */
	0xaf, 0xca, 0xd7, 0x13, 0x68, 0xa1, 0xf1, 0xc9, 0x6b, 0x86, 0x96, 0xfc, 0x77, 0x57, 0x01,
	0x00};

#define SUITES  (sizeof v1_suites / sizeof v1_suites[0])
#define METHODS (sizeof v1_methods / sizeof v1_methods[0])

static void put_attribute(struct writer *w, unsigned type, unsigned value)
{
	writer_16(w, 0x8000 | type);
	writer_16(w, value);
}

static void put_v1_transform(
	struct writer *w, unsigned number, const struct v1_suite *suite, uint16_t method, bool last)
{
	size_t start = w->len;

	writer_8(w, last ? 0 : 3);
	writer_8(w, 0);
	writer_16(w, 0);
	writer_8(w, number);
	writer_8(w, 1); /* KEY_IKE */
	writer_16(w, 0);
	put_attribute(w, 1, suite->cipher);
	if (suite->key_bits != 0)
		put_attribute(w, 14, suite->key_bits);
	put_attribute(w, 2, suite->hash);
	put_attribute(w, 3, method);
	put_attribute(w, 4, suite->group);
	put_attribute(w, 11, 1);     /* life in seconds */
	put_attribute(w, 12, 28800); /* eight hours */
	writer_length(w, start + 2, start);
}

static void put_v1_sa(struct writer *w)
{
	const unsigned total = SUITES * METHODS;
	size_t sa = payload_begin(w, IKE_V1_PAYLOAD_SA);
	unsigned number = 0;

	writer_32(w, 1); /* DOI: IPsec */
	writer_32(w, 1); /* situation: identity only */
	size_t proposal = w->len;
	writer_32(w, 0);
	writer_8(w, 1);
	writer_8(w, 1); /* protocol: ISAKMP */
	writer_8(w, 0);
	writer_8(w, total);
	for (size_t i = 0; i < SUITES; i++)
		for (size_t k = 0; k < METHODS; k++) {
			number++;
			put_v1_transform(w, number, &v1_suites[i], v1_methods[k], number == total);
		}
	writer_length(w, proposal + 2, proposal);
	payload_end(w, sa);
}

void writer_v1_main(struct writer *w)
{
	put_v1_sa(w);
	writer_vendor(w, IKE_V1_PAYLOAD_VENDOR, v1_nat_t, sizeof v1_nat_t);
	writer_vendor(w, IKE_V1_PAYLOAD_VENDOR, v1_dpd, sizeof v1_dpd);
}
