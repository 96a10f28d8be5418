/*
 * Certificate stores: Linux has no personal one that all programs share, and its roots are files.
 */
#include "platform.h"

int platform_certificates(
	enum platform_store store, platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	(void)fn;
	(void)arg;
	if (why != NULL)
		strbuf_adds(
			why, store == PLATFORM_STORE_PERSONAL
				     ? "personal certificates: this system has no store of its own"
				     : "root certificates: this system's are files");
	return -1;
}
