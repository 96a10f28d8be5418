/*
 * The OS layer's contract: what this terminal is and has. One file (or folder) per system below
 * src/platform; the Makefile picks. Nothing outside that folder includes system headers of one
 * OS or tests for it.
 *
 * Functions that can fail return 0 or -1 and, on -1, a reason in `why` ("/proc/net/route: No such
 * file or directory"); what the OS does not tell is -1, never a guess. Functions here may block
 * for a short time and are called on worker threads unless said otherwise; they are thread-safe.
 */
#ifndef PREFLIGHT_PLATFORM_H
#define PREFLIGHT_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "inventory.h"
#include "lang.h"
#include "mem.h"
#include "net.h"
#include "proxy_rules.h"
#include "strbuf.h"

/* ---- operating system ---- */

struct os_info {
	char family[16];  /* linux, windows, macos */
	char distro[32];  /* linux: os-release ID ("debian"); windows, macos: "" */
	char name[128];   /* for people: "Debian GNU/Linux 12 (bookworm)", "Windows 11 Pro 25H2" */
	char version[32]; /* "12", "22.04", "10", "11", "15.7.1" */
	char release[16]; /* windows: DisplayVersion ("25H2"); else "" */
	long long build;  /* windows: build number; else 0 */
	long long revision; /* windows: UBR; else 0 */
	int service_pack;   /* windows 7; else 0 */
	char edition[48];   /* windows: EditionID; linux: VARIANT_ID; "" when none */
	char channel[16];   /* windows: home-pro, enterprise, ltsc, iot-ltsc, server; "" */
	char kernel[64];    /* uname release; Darwin version */
	char arch[16];      /* native: x86_64, aarch64, arm, x86 */
	bool s_mode;        /* Windows in S mode */
};
int platform_os(struct os_info *info, struct strbuf *why);

struct disk_info {
	uint64_t available; /* bytes that this user may still write */
	uint64_t total;     /* bytes */
	char path[512];     /* the nearest existing ancestor that was asked about */
	bool read_only;
};
/* Free space on the drive that `path` (which need not exist yet) is or would be on. */
int platform_disk(const char *path, struct disk_info *info, struct strbuf *why);

/* Default place that VPN software installs to on this OS ("/opt/cisco"); static storage. */
const char *platform_vpn_directory(void);

/*
 * Names that saved reports leave out: of this user, of this computer (also its parts and domain),
 * and the user's home directories without a slash at the end. Adds to the lists; asks no network.
 */
void platform_identity(struct strs *users, struct strs *hosts, struct strs *homes);

/* ---- network configuration ---- */

/* Path of the hosts file, into buf. */
int platform_hosts_path(char *buf, size_t size, struct strbuf *why);

struct dns_server {
	struct net_addr addr;
	uint16_t port;      /* 53 unless configured otherwise */
	char interface[64]; /* from where it comes; "" when global */
};
/*
 * Names that the OS asks other servers for than those of its adapters: Windows' Name Resolution
 * Policy Table. See dns_rule.h.
 */
struct dns_rule {
	char space[256]; /* ".example.org" and below, "www.example.org", "host" (any domain), "." */
	char servers[256]; /* as configured; "" when the rule is about something else */
	bool policy;       /* of the domain's group policy */
};
struct dns_servers {
	struct dns_server *items; /* owned; free with dns_servers_release */
	size_t count, capacity;
	struct dns_rule *rules; /* owned; none where the OS has no such thing */
	size_t rule_count, rule_capacity;
	/* Domains that the OS appends; before it asks for a name with fewer dots than ndots as it
	 * is. */
	struct strs search;
	int ndots;        /* 0: it never does that before */
	int spoilt_line;  /* of the configuration: the first that the OS cannot read; 0: none */
	bool spoilt_cr;   /* it ends as Windows' lines do */
	char spoilt[128]; /* its text */
};
int platform_dns_servers(struct dns_servers *servers, struct strbuf *why);
void dns_servers_release(struct dns_servers *servers);

enum netif_kind {
	NETIF_UNKNOWN,
	NETIF_ETHERNET,
	NETIF_WIFI,
	NETIF_WWAN,    /* mobile modem */
	NETIF_PPP,     /* PPP, PPPoE */
	NETIF_TUNNEL,  /* TUN/TAP, WireGuard, IPsec, AnyConnect's adapter */
	NETIF_VIRTUAL, /* bridge, veth, host-only adapter */
	NETIF_LOOPBACK
};
const char *netif_kind_name(enum netif_kind kind); /* "ethernet", "wifi", … */

struct netif {
	char name[64];         /* eth0; Windows: friendly name */
	char description[128]; /* driver or adapter description; "" when unknown */
	enum netif_kind kind;
	bool up;
	long long speed; /* link speed in Mbit/s, -1 unknown */
	struct net_addr *addrs;
	size_t addr_count, addr_capacity;
};
struct netifs {
	struct netif *items; /* owned; free with netifs_release */
	size_t count, capacity;
};
int platform_interfaces(struct netifs *list, struct strbuf *why);
void netifs_release(struct netifs *list);

/* Why packets do not leave; killed VPN clients leave routes behind that refuse. */
enum route_refusal {
	ROUTE_NONE, /* they do leave */
	ROUTE_MISSING,
	ROUTE_UNREACHABLE,
	ROUTE_BLACKHOLE,
	ROUTE_PROHIBITED,
	ROUTE_NO_ADDRESS /* this terminal has no address to send from */
};
const char *route_refusal_name(enum route_refusal refusal); /* "missing", "unreachable", ... */

struct route_info {
	bool present;               /* there is a route */
	char interface[64];         /* through this interface; "" when not told */
	struct net_addr gateway;    /* family 0: on-link */
	enum route_refusal refusal; /* of platform_route, when there is none */
};
/* The default route in the OS's main table. family: 4 or 6. */
int platform_default_route(int family, struct route_info *route, struct strbuf *why);
/* How packets to addr leave now, by all of the OS's tables and rules. Sends nothing, never waits.
 */
int platform_route(const struct net_addr *addr, struct route_info *route, struct strbuf *why);
/* Whether the OS has asked for this address's hardware address (ARP, ND) and nobody has answered.
 * Sends nothing, never waits. False where that is not known. */
bool platform_neighbour_silent(const struct net_addr *addr, const char *interface);

/* One configured proxy. */
struct proxy_setting {
	char source[48]; /* "environment https_proxy", "WinHTTP", "WinINET", "PAC", "scutil" */
	char url[512];   /* http://host:port or the PAC URL; user and password replaced by "***" */
	char secret_url[512]; /* as configured, for connecting; never shown or stored */
	bool automatic;       /* PAC or WPAD: url is a script's address */
	/* The list of exemptions, "" when none; how it is read: proxy_rules.h. */
	char bypass[PROXY_BYPASS_MAX];
	bool environment; /* set there; else in the system's settings */
	/*
	 * Who sends https there: browsers on this system; libcurl, and what reads the environment
	 * as it does. Neither: it is set, for http or for services of the system.
	 */
	bool browsers, curl;
};
struct proxy_settings {
	struct proxy_setting *items; /* owned; free with proxy_settings_release */
	size_t count, capacity;
	bool detect; /* the OS is set to look for a script in the network (WPAD) */
};
int platform_proxies(struct proxy_settings *list, struct strbuf *why);
void proxy_settings_release(struct proxy_settings *list);

/* VPN connections that the OS knows by name, or that a client's adapter shows. */
struct vpn_connection {
	char name[128]; /* "main-gtol-vpn", "AnyConnect" or the interface's name */
	char kind[32];  /* "anyconnect", "openconnect", "ikev2", "wireguard", "tun", … */
	char interface[64];
	bool connected;
	bool partial; /* it carries some networks only, the Internet's hosts are reached past it */
};
struct vpn_connections {
	struct vpn_connection *items; /* owned; free with vpn_connections_release */
	size_t count, capacity;
};
int platform_vpns(struct vpn_connections *list, struct strbuf *why);
void vpn_connections_release(struct vpn_connections *list);

/* ---- software ---- */

/* Everything installed that matchers may ask for; sets inventory->complete per kind. */
int platform_inventory(struct inventory *inventory, struct strbuf *why);

/* ---- names as the OS resolves them ---- */

enum os_resolve_status {
	OS_RESOLVE_OK,
	OS_RESOLVE_NOT_FOUND, /* the OS says: no such name, or no address of that kind */
	OS_RESOLVE_TEMPORARY, /* no answer, SERVFAIL: the OS says try again */
	OS_RESOLVE_ERROR      /* anything else */
};
struct os_resolve_result {
	enum os_resolve_status status;
	int code; /* EAI_* or WSA number, for the facts */
	struct net_addr *addrs;
	size_t addr_count, addr_capacity;
};
/* Blocks, possibly for many seconds. Free addrs with free(). */
void platform_resolve(const char *name, struct os_resolve_result *result);

/*
 * Whether an errno, WSA or EAI number says that this machine ran short of something, which is then
 * noted (shortage.h).
 */
bool platform_is_shortage(int number);
/* Notes a shortage when a few more descriptors cannot be had at this moment. */
void platform_try_descriptors(void);

/* ---- TCP sockets of libraries ---- */

/* socket(2), never inherited; -1 as the OS says it, a shortage noted. */
intptr_t platform_socket(int family, int type, int protocol);

/* What an errno or WSA code of a TCP socket says; NET_OTHER for what is not in net.h. */
enum net_error platform_net_error(int number);

/* What the OS knows about a TCP connection that did not come about. */
struct tcp_end {
	bool known;               /* the OS was asked; else all else is empty */
	struct net_addr local;    /* this end; family 0: never had an address, or it is not told */
	int icmp_type, icmp_code; /* the ICMP message that ended it, -1: none or not told */
	struct net_addr offender; /* who sent that message; family 0: not told */
};

/* Makes ICMP errors end a connect at once, where the OS has to be asked for it. */
void platform_tcp_prepare(intptr_t fd);
/* What the OS knows, asked before the socket is closed; some of it is told only once. */
void platform_tcp_ask(intptr_t fd, struct tcp_end *end);
int platform_tcp_close(intptr_t fd);
/*
 * Begins a connection, which becomes writable when it stands or has failed; -1: none could be
 * begun. small: the far end is told to send no packet of 1000 bytes, and what is written in pieces
 * leaves in pieces. Close with platform_tcp_close.
 */
intptr_t platform_tcp_open(const struct net_addr *addr, uint16_t port, bool small);
bool platform_tcp_stands(intptr_t fd);
/* Whether an unreachable network or host was never tried: this terminal has no route to it. */
bool platform_tcp_no_route(int number, const struct tcp_end *end);

/*
 * Lets the packets of a c-ares channel that speaks UDP be seen: `sent` before each one leaves,
`failed` when the OS refused it,
 * `received` with each that came, which it may rewrite (up to `size` bytes; it returns the length).
 * For a channel that has not been used; *watch must outlive it.
 */
struct ares_channeldata;
struct dns_watch {
	void (*sent)(void *arg, const uint8_t *packet, size_t len);
	void (*failed)(void *arg, enum net_error error);
	size_t (*received)(void *arg, uint8_t *packet, size_t len, size_t size);
	void *arg;
	uint32_t scope; /* zone of a link-local server, which c-ares before 1.34 does not take */
};
void platform_dns_watch(struct ares_channeldata *channel, const struct dns_watch *watch);

/* ---- trust ---- */

/* Trust store of the OS as OpenSSL takes it; "" when it has none. Static storage. */
const char *platform_ca_directory(void);
const char *platform_ca_file(void);

/* The OS's store of certificates. */
enum platform_store { PLATFORM_STORE_PERSONAL, PLATFORM_STORE_ROOT };
/* One certificate, DER; has_key: the OS holds its private key. Bytes are borrowed for the call. */
typedef void platform_certificate_fn(void *arg, const uint8_t *der, size_t len, bool has_key);
/*
 * Tells every certificate of a store. 1 where the OS has no such store (Linux: no personal one; its
 * roots are reached through trust.h), -1 and the reason where it does not show it.
 */
int platform_certificates(
	enum platform_store store, platform_certificate_fn *fn, void *arg, struct strbuf *why);

/*
 * Tells the certificates of other authorities that the OS keeps, with which its own programs
 * complete a chain that a server does not send whole.
 */
void platform_intermediates(platform_certificate_fn *fn, void *arg);
/* Whether the OS fetches such certificates from their issuers as well, when a program verifies. */
bool platform_fetches_issuers(void);

/* How a hash is to be signed: RSA of PKCS #1 1.5 or PSS (RFC 8017), ECDSA. */
enum platform_scheme { PLATFORM_SIGN_PKCS1, PLATFORM_SIGN_PSS, PLATFORM_SIGN_ECDSA };
struct platform_signing {
	enum platform_scheme scheme;
	const char *digest; /* "SHA1", "SHA2-256", "SHA2-384", "SHA2-512", "MD5-SHA1": OpenSSL's
			       names */
	const uint8_t *hash;
	size_t len;
	size_t salt; /* PSS: octets of salt */
};

/*
 * The private key of a certificate of the personal store (DER): for signing, by the OS, without
 * ever asking anybody for a PIN or a permission. NULL and the reason where the OS does not do that;
 * it never gives the key away.
 */
struct platform_key;
struct platform_key *platform_key_open(const uint8_t *der, size_t len, struct strbuf *why);
void platform_key_close(struct platform_key *key);
/*
 * Signs. *len: room, then the length; of ECDSA r and s, each as long as the group's order. 0, or -1
 * and the reason.
 */
int platform_key_sign(struct platform_key *key, const struct platform_signing *what,
	uint8_t *signature, size_t *len, struct strbuf *why);

/*
 * The list of roots that the OS fetches when its own verification first needs one, as it stands
 * (root_list.h); free with free(). NULL where there is none, or the OS is told not to fetch.
 */
uint8_t *platform_root_list(size_t *len);

/*
 * Asks on the controlling terminal for a text that is not shown, into out (without the line's
 * end). -1 where there is no terminal to ask on, or nothing was typed.
 */
int platform_ask_secret(const char *prompt, struct strbuf *out);

/* ---- time, threads, terminal, files ---- */

double platform_monotonic(void); /* seconds since some fixed point, never goes back */
double platform_wall(void);      /* seconds since 1970-01-01 UTC */

struct platform_thread;
struct platform_thread *platform_thread_start(void (*fn)(void *), void *arg); /* NULL: cannot */
void platform_thread_detach(struct platform_thread *thread); /* and forget; frees the handle */
void platform_thread_join(struct platform_thread *thread);   /* waits; frees the handle */
struct platform_lock;
struct platform_lock *platform_lock_new(void);
void platform_lock_free(struct platform_lock *lock);
void platform_lock_acquire(struct platform_lock *lock);
void platform_lock_release(struct platform_lock *lock);
void platform_lock_wait(
	struct platform_lock *lock); /* releases, sleeps until signalled, acquires */
void platform_lock_signal(struct platform_lock *lock); /* wakes every waiter */

/* ---- waiting (for the event loop) ---- */

struct platform_pollfd {
	intptr_t fd;
	int events; /* LOOP_READ | LOOP_WRITE of loop.h */
	int ready;  /* out; an error or hang-up sets every bit of events */
};
/* Waits until one is ready or `seconds` passed (< 0: no limit). 0, or -1 when interrupted. */
int platform_poll(struct platform_pollfd *fds, size_t count, double seconds);

/* A descriptor that becomes readable when woken from any thread or signal handler. */
struct platform_waker;
struct platform_waker *platform_waker_new(void);
void platform_waker_free(struct platform_waker *waker);
intptr_t platform_waker_fd(const struct platform_waker *waker);
void platform_waker_wake(struct platform_waker *waker); /* async-signal-safe */
void platform_waker_clear(struct platform_waker *waker);

/* Raises the limit of open descriptors as far as this user may, within reason. */
void platform_raise_limits(void);

/* Language of the user's environment; LANG_EN when it says neither. */
enum lang platform_language(void);
bool platform_is_terminal(FILE *stream);
int platform_terminal_width(FILE *stream); /* columns; 80 when unknown */
/* Makes the console show UTF-8 and colours where that is not its nature; call first. */
void platform_console_init(void);
/* Waits until all is shown; for the end of a program that skips atexit(3). Print nothing after. */
void platform_console_end(void);
/* Replaces main's words by UTF-8 ones where the OS keeps them otherwise. */
void platform_arguments(int *argc, char ***argv);

/* Calls fn (async-signal-safe work only) on Ctrl-C or termination. */
void platform_on_interrupt(void (*fn)(void));

/*
 * Names of the regular files in a directory (what links lead to counts), sorted by their bytes;
 * beyond PLATFORM_LIST_MAX names the rest is left out. Adds to *names.
 */
#define PLATFORM_LIST_MAX 10000
int platform_list(const char *directory, struct strs *names, struct strbuf *why);

/* fopen(3), by UTF-8 path names on every system. */
FILE *platform_open(const char *path, const char *mode);

/*
 * A file being written. It is a new one, with a name nobody else has, in the directory of the file
 * it is for, and takes that one's place when it is complete: there is never half a file. Links are
 * followed and stay; the permission bits of what is replaced are kept, and a file that this user
 * may not write is not replaced. Devices, pipes and what a standard stream goes to are written
 * directly.
 */
struct platform_output {
	FILE *file;      /* binary; borrowed */
	char *target;    /* the path with links followed; owned */
	char *temporary; /* NULL: `target` itself is written; owned */
};
/* 0, then end with commit or discard; or -1 with the reason ("Permission denied"). */
int platform_output_open(struct platform_output *out, const char *path, struct strbuf *why);
/* Makes it last and puts it in its place. -1 with the reason; nothing is left then. Releases. */
int platform_output_commit(struct platform_output *out, struct strbuf *why);
/* Leaves everything as it was before. Releases. */
void platform_output_discard(struct platform_output *out);
/*
 * Where a path leads, links followed, as far as it exists; NULL for what is written directly, which
 * may be written twice. The caller frees it with free().
 */
char *platform_output_target(const char *path);

/* Whether a stream's reader has gone (`preflight | head`), which is no error of ours. */
bool platform_reader_gone(FILE *stream);
/* Whether a stream goes to a file, so that what is printed is saved. */
bool platform_is_file(FILE *stream);

/* ---- started by a double click ---- */

/*
 * Whether the program was given a console window of its own, for somebody to look at, which closes
 * when it ends. Never where a shell, a script or a service started it.
 */
bool platform_own_window(void);
void platform_window_title(const char *title);
/*
 * Folders for a report, best first: the program's, unless that is a temporary one (a program that
 * was started inside an archive); then this user's for documents, the desktop, temporary files.
 * `beside` tells whether the first one is the program's. Each ends with what separates it from a
 * name. Adds to *folders.
 */
void platform_report_folders(struct strs *folders, bool *beside);
/* Opens a file with the program that this user has for such files. */
int platform_open_document(const char *path, struct strbuf *why);
/* A line that is typed, without its end; -1 when there is none. */
int platform_ask(const char *prompt, struct strbuf *out);
/* Waits until a key is pressed; what was typed before does not count. */
void platform_wait_key(const char *prompt);

/* Cryptographically strong random bytes; ends the program when the OS has none. */
void platform_random(void *buf, size_t len);

#endif
