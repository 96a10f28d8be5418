/*
 * Upgrade codes of what Windows Installer installed: they stay over all versions of a product,
 * while the uninstall entries have product codes, which change with each.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#define MACHINE L"SOFTWARE\\Classes\\Installer\\UpgradeCodes"
#define USER    L"Software\\Microsoft\\Installer\\UpgradeCodes"

#define PACKED    32 /* digits, in the order of the installer's keys */
#define CODE_SIZE 39 /* {8-4-4-4-12} */

/* Digits of each part stand backwards, those of the last two parts by pairs; false: no code. */
static bool unpack(const char *packed, char code[CODE_SIZE])
{
	static const int order[] = {7, 6, 5, 4, 3, 2, 1, 0, -1, 11, 10, 9, 8, -1, 15, 14, 13, 12,
		-1, 17, 16, 19, 18, -1, 21, 20, 23, 22, 25, 24, 27, 26, 29, 28, 31, 30};
	size_t len = sizeof order / sizeof order[0];

	if (strlen(packed) != PACKED)
		return false;
	code[0] = '{';
	for (size_t i = 0; i < len; i++)
		code[i + 1] = order[i] < 0 ? '-' : packed[order[i]];
	code[len + 1] = '}';
	code[len + 2] = '\0';
	return true;
}

/* The program that has this product code, once more with its upgrade code. */
static void add_upgrade(struct inventory *inventory, const char *product, const char *upgrade)
{
	for (size_t i = 0, count = inventory->count; i < count; i++) {
		const struct inventory_entry *e = &inventory->items[i];

		if (e->kind == INVENTORY_PROGRAM && _stricmp(e->code, product) == 0) {
			inventory_add(inventory, INVENTORY_PROGRAM, e->name, e->version,
				e->publisher, upgrade);
			return;
		}
	}
}

/* The names of the key's values are the products. */
static void read_products(struct inventory *inventory, HKEY key, const char *upgrade)
{
	wchar_t name[PACKED + 1];
	char code[CODE_SIZE];

	for (DWORD i = 0;; i++) {
		DWORD len = PACKED + 1;
		LONG result = RegEnumValueW(key, i, name, &len, NULL, NULL, NULL, NULL);

		if (result != ERROR_SUCCESS && result != ERROR_MORE_DATA)
			return;
		char *packed = result == ERROR_SUCCESS ? windows_utf8(name) : NULL;
		if (packed != NULL && unpack(packed, code))
			add_upgrade(inventory, code, upgrade);
		free(packed);
	}
}

static bool read_upgrades(struct inventory *inventory, HKEY root, const wchar_t *path)
{
	char *packed, code[CODE_SIZE];
	LONG result;
	HKEY parent = windows_key(root, path, KEY_WOW64_64KEY, &result);

	if (parent == NULL)
		return result == ERROR_FILE_NOT_FOUND;
	for (DWORD i = 0; (packed = windows_subkey(parent, i)) != NULL; i++) {
		wchar_t *wide = windows_wide(packed);
		HKEY key = unpack(packed, code) ? windows_key(parent, wide, KEY_WOW64_64KEY, NULL)
						: NULL;
		if (key != NULL) {
			read_products(inventory, key, code);
			RegCloseKey(key);
		}
		free(wide);
		free(packed);
	}
	RegCloseKey(parent);
	return true;
}

bool windows_add_upgrade_codes(struct inventory *inventory)
{
	bool machine = read_upgrades(inventory, HKEY_LOCAL_MACHINE, MACHINE);
	bool user = read_upgrades(inventory, HKEY_CURRENT_USER, USER);

	return machine && user;
}
