/* Where files are on every Unix. */
#include "platform.h"

#include <stdio.h>

const char *platform_vpn_directory(void)
{
	return "/opt/cisco";
}

int platform_hosts_path(char *buf, size_t size, struct strbuf *why)
{
	int n = snprintf(buf, size, "/etc/hosts");

	(void)why;
	return n >= 0 && (size_t)n < size ? 0 : -1;
}
