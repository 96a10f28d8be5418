/*
 * Certificate stores: Linux has no personal one that all programs share, and its roots are files.
 */
#include "platform.h"

int platform_certificates(
	enum platform_store store, platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	(void)store;
	(void)fn;
	(void)arg;
	(void)why;
	return 1;
}

bool platform_fetches_issuers(void)
{
	return false;
}
