/* preflight inventory: this terminal as a file that --inventory reads. */
#include <stdio.h>

#include "commands.h"
#include "platform.h"
#include "report.h"
#include "saved.h"
#include "verdict.h"

static void warn(const struct strbuf *why)
{
	if (why->len == 0)
		return;
	fputs("preflight: inventory: left out: ", stderr);
	report_print_safe(stderr, why->data);
	fputc('\n', stderr);
}

static void print(const struct terminal *terminal, const struct inventory *inventory)
{
	struct disk_info disk;
	struct strbuf why;

	strbuf_init(&why, 1024);
	bool known = platform_disk(platform_vpn_directory(), &disk, &why) == 0;
	json_t *document = saved_make(terminal, inventory, known ? &disk : NULL, platform_wall());
	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	warn(&why);
	json_decref(document);
	strbuf_release(&why);
}

int command_inventory(const struct options *options)
{
	struct terminal terminal;
	struct inventory inventory;
	struct strbuf why;

	(void)options;
	strbuf_init(&why, 1024);
	terminal_read(&terminal);
	inventory_init(&inventory, terminal.os.family);
	bool known = platform_inventory(&inventory, &why) == 0;
	print(&terminal, known ? &inventory : NULL);
	warn(&terminal.why);
	warn(&why);
	inventory_release(&inventory);
	terminal_release(&terminal);
	strbuf_release(&why);
	return EXIT_READY;
}
