#include "posix_address.h"

#include <string.h>

socklen_t posix_sockaddr(union posix_address *to, const struct net_addr *from, uint16_t port)
{
	memset(to, 0, sizeof *to);
	if (from->family == 6) {
		to->v6.sin6_family = AF_INET6;
		to->v6.sin6_port = htons(port);
		to->v6.sin6_scope_id = from->scope;
		memcpy(&to->v6.sin6_addr, from->bytes, 16);
		return sizeof to->v6;
	}
	to->v4.sin_family = AF_INET;
	to->v4.sin_port = htons(port);
	memcpy(&to->v4.sin_addr, from->bytes, 4);
	return sizeof to->v4;
}
