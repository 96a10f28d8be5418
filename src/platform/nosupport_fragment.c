/* Where Don't Fragment cannot be asked for. */
#include "udp.h"

int udp_dont_fragment(struct udp_socket *s, bool on)
{
	(void)s;
	(void)on;
	return -1;
}
