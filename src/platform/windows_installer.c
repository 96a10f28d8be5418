/*
 * Upgrade codes of what Windows Installer installed: they stay over all versions of a product,
 * while the uninstall entries have product codes, which change with each.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#include "windows_data.h"

#define MACHINE L"SOFTWARE\\Classes\\Installer\\UpgradeCodes"
#define USER    L"Software\\Microsoft\\Installer\\UpgradeCodes"

#define PACKED_MAX 64 /* longer than any packed code, with its end */

/* The program that has this product code, once more; else it was removed, and this left behind. */
static void add_again(struct inventory *inventory, const char *product, const char *upgrade)
{
	for (size_t i = 0, count = inventory->count; i < count; i++) {
		const struct inventory_entry *e = &inventory->items[i];

		if (e->kind != INVENTORY_PROGRAM || _stricmp(e->code, product) != 0)
			continue;
		inventory_add(
			inventory, INVENTORY_PROGRAM, e->name, e->version, e->publisher, upgrade);
		return;
	}
}

/* The next product that is a value's name of this key; false at the end. */
static bool next_product(HKEY key, DWORD *index, char product[WINDOWS_GUID_SIZE])
{
	for (;;) {
		wchar_t value[PACKED_MAX];
		char packed[PACKED_MAX];
		DWORD len = PACKED_MAX;
		LONG code = RegEnumValueW(key, (*index)++, value, &len, NULL, NULL, NULL, NULL);

		if (code != ERROR_SUCCESS && code != ERROR_MORE_DATA)
			return false;
		if (code == ERROR_MORE_DATA)
			continue;
		windows_copy(packed, sizeof packed, value);
		if (windows_guid_unpack(packed, product))
			return true;
	}
}

static void add_upgrade(void *arg, HKEY key, const char *name, LONG code)
{
	char upgrade[WINDOWS_GUID_SIZE], product[WINDOWS_GUID_SIZE];
	DWORD index = 0;

	(void)code;
	if (key == NULL || !windows_guid_unpack(name, upgrade))
		return;
	while (next_product(key, &index, product))
		add_again(arg, product, upgrade);
}

LONG windows_add_upgrade_codes(struct inventory *inventory)
{
	LONG machine = windows_subkeys(
		HKEY_LOCAL_MACHINE, MACHINE, KEY_WOW64_64KEY, add_upgrade, inventory);
	LONG user = windows_subkeys(HKEY_CURRENT_USER, USER, 0, add_upgrade, inventory);

	return machine != ERROR_SUCCESS ? machine : user;
}
