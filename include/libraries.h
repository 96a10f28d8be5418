/* How libraries get their memory. */
#ifndef PREFLIGHT_LIBRARIES_H
#define PREFLIGHT_LIBRARIES_H

/* Before anything of them is used; once. */
void libraries_watch_memory(void);

/* In place of curl_global_init and ares_library_init. */
void libraries_init_curl(void);
int libraries_init_ares(void);

#endif
