/* What an errno of a TCP socket says, and which say that this machine is short of something. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shortage.h"

#define SPARE 24 /* descriptors that a run of the usual size has open at once */

bool platform_is_shortage(int number)
{
	switch (number) {
	case EMFILE:
	case ENFILE:
		shortage_note(SHORTAGE_DESCRIPTORS);
		return true;
	case ENOMEM:
		shortage_note(SHORTAGE_MEMORY);
		return true;
	case ENOBUFS:
		shortage_note(SHORTAGE_BUFFERS);
		return true;
	}
	return false;
}

void platform_try_descriptors(void)
{
	int taken[SPARE], count = 0;

	while (count < SPARE && (taken[count] = open("/", O_RDONLY | O_CLOEXEC)) >= 0)
		count++;
	if (count < SPARE)
		platform_is_shortage(errno);
	while (count > 0)
		close(taken[--count]);
}

intptr_t platform_socket(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);

	if (fd < 0)
		platform_is_shortage(errno);
	else
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

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
	return platform_is_shortage(number) ? NET_LOCAL_ERROR : NET_OTHER;
}
