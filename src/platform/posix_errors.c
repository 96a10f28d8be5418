/* What an errno of a TCP socket says. */
#include "platform.h"

#include <errno.h>

enum net_error platform_net_error(int number)
{
	switch (number) {
	case 0:
		return NET_OK;
	case ECONNREFUSED:
		return NET_REFUSED;
	case ECONNRESET:
	case ECONNABORTED:
	case EPIPE:
		return NET_RESET;
	case ENETUNREACH:
	case ENETDOWN:
		return NET_UNREACH_NET;
	case EHOSTUNREACH:
	case EHOSTDOWN:
		return NET_UNREACH_HOST;
	case ENOPROTOOPT:
	case EPROTO:
		return NET_UNREACH_PROTO;
	case EPERM:
	case EACCES:
		return NET_LOCAL_DENIED;
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return NET_NO_ROUTE;
	case EMSGSIZE:
		return NET_MSGSIZE;
	case ETIMEDOUT:
		return NET_TIMEOUT;
	}
	return NET_OTHER;
}
