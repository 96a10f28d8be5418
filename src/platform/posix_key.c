/*
 * Keys of the personal store, on systems that have none or show it only to signed programs (macOS:
 * SecKeyCreateSignature asks the person at the terminal for a permission).
 */
#include "platform.h"

struct platform_key *platform_key_open(const uint8_t *der, size_t len, struct strbuf *why)
{
	(void)der;
	(void)len;
	if (why != NULL)
		strbuf_adds(why, "this system gives no signatures without asking for permission");
	return NULL;
}

void platform_key_close(struct platform_key *key)
{
	(void)key;
}

int platform_key_sign(struct platform_key *key, const struct platform_signing *what,
	uint8_t *signature, size_t *len, struct strbuf *why)
{
	(void)key;
	(void)what;
	(void)signature;
	(void)len;
	(void)why;
	return -1;
}
