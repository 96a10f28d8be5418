/*
 * Addresses and names as the OS resolves them.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* EAI_NODATA */
#endif
#include "sockets.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "shortage.h"

static enum os_resolve_status resolve_status(int code)
{
	switch (code) {
	case 0:
		return OS_RESOLVE_OK;
	case EAI_NONAME:
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
	case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
	case EAI_ADDRFAMILY:
#endif
		return OS_RESOLVE_NOT_FOUND;
	case EAI_AGAIN:
		return OS_RESOLVE_TEMPORARY;
	}
	return OS_RESOLVE_ERROR;
}

/*
 * A resolver that could open neither its files nor a socket says "no such name" or "try again", as
 * if somebody had told it so. EAI_SYSTEM alone is no error of this machine's: glibc says it where
 * nsswitch.conf names no source that it can load, with whatever number errno had.
 */
static void note_shortage(int code, int number)
{
	if (code == EAI_MEMORY)
		shortage_note(SHORTAGE_MEMORY);
	else if (code == EAI_SYSTEM)
		(void)platform_net_error(number); /* it notes what this machine could not give */
	platform_try_descriptors();
}

void platform_resolve(const char *name, struct os_resolve_result *result)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;

	memset(result, 0, sizeof *result);
	result->code = getaddrinfo(name, NULL, &hints, &list);
	result->status = resolve_status(result->code);
	if (result->code != 0)
		note_shortage(result->code, errno);
	if (result->code != 0)
		return;
	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next)
		os_resolve_add(result, ai->ai_addr);
	freeaddrinfo(list);
	if (result->addr_count == 0)
		result->status = OS_RESOLVE_NOT_FOUND;
}
