/* Applications, receipts and certificates of macOS, from files in its formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "macos_fixture.h"
#include "platform/darwin.h"
#include "platform/posix.h"

/* ---- software ---- */

static void bundles(void **state)
{
	static const char *const files[] = {"Safari-Info.plist", "Safari-Info-xml.plist"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct inventory inventory;
		size_t len;
		char *bytes = macos_fixture(files[i], &len);

		inventory_init(&inventory, "macos");
		assert_int_equal(darwin_add_bundle(&inventory, "Safari.app", bytes, len, NULL), 0);
		assert_int_equal(inventory.count, 1);
		assert_int_equal(inventory.items[0].kind, INVENTORY_BUNDLE);
		assert_string_equal(inventory.items[0].name, "Safari");
		assert_string_equal(inventory.items[0].version, "26.1");
		assert_string_equal(inventory.items[0].code, "com.apple.Safari");
		inventory_release(&inventory);
		free(bytes);
	}
}

/* Nothing is known of it but that it is unreadable; its name alone is known by its folder's. */
static void bundle_unreadable(void **state)
{
	struct inventory inventory;
	struct strbuf why;

	(void)state;
	inventory_init(&inventory, "macos");
	strbuf_init(&why, 200);
	assert_int_equal(darwin_add_bundle(&inventory, "Tunnelblick.app", "{a=b;}", 6, &why), -1);
	assert_int_equal(inventory.count, 0);
	assert_int_equal(darwin_add_bundle(&inventory, "Tunnelblick.app", NULL, 0, NULL), 0);
	assert_string_equal(inventory.items[0].name, "Tunnelblick");
	assert_string_equal(inventory.items[0].version, "");
	assert_non_null(strstr(why.data, "not a property list"));
	assert_int_equal(darwin_add_receipt(&inventory, "<dict/>", 7, &why), -1);
	assert_int_equal(inventory.count, 1);
	strbuf_release(&why);
	inventory_release(&inventory);
}

static void receipts(void **state)
{
	struct inventory inventory;
	size_t len;
	char *bytes = macos_fixture("receipt.plist", &len);

	(void)state;
	inventory_init(&inventory, "macos");
	assert_int_equal(darwin_add_receipt(&inventory, bytes, len, NULL), 0);
	assert_int_equal(inventory.items[0].kind, INVENTORY_RECEIPT);
	assert_string_equal(inventory.items[0].name, "com.cisco.pkg.anyconnect.vpn");
	assert_string_equal(inventory.items[0].version, "4.10.08029");
	inventory_release(&inventory);
	free(bytes);
}

static void internet_sharing(void **state)
{
	size_t len;
	char *on = macos_fixture("nat-on.plist", &len), *off;

	(void)state;
	assert_int_equal(darwin_sharing(on, len), 1);
	off = macos_fixture("nat-off.plist", &len);
	assert_int_equal(darwin_sharing(off, len), 0);
	assert_int_equal(darwin_sharing("<dict/>", 7), 0);
	assert_int_equal(darwin_sharing("x", 1), -1);
	free(on);
	free(off);
}

/* ---- folders ---- */

static char scratch[64];

static int make_scratch(void **state)
{
	(void)state;
	strcpy(scratch, "/tmp/preflight-test-XXXXXX");
	return mkdtemp(scratch) != NULL ? 0 : -1;
}

static int remove_scratch(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -r '%s'", scratch);
	return system(command);
}

static const char *in_scratch(const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "%s/%s", scratch, name);
	return path;
}

/* Makes the folders of a path below the scratch folder; `fixture` is put there unless it is NULL.
 */
static void put(const char *name, const char *fixture)
{
	char path[256];
	size_t len;

	snprintf(path, sizeof path, "%s", in_scratch(name));
	for (char *slash = path + strlen(scratch) + 1; (slash = strchr(slash, '/')) != NULL;) {
		*slash = '\0';
		(void)mkdir(path, 0755);
		*slash++ = '/';
	}
	if (fixture == NULL)
		return;
	char *bytes = *fixture != '\0' ? macos_fixture(fixture, &len) : mem_strdup("broken");
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	fwrite(bytes, 1, *fixture != '\0' ? len : 6, out);
	assert_int_equal(fclose(out), 0);
	free(bytes);
}

/* A shell script that stands in for a program of macOS. */
static void put_program(const char *name, const char *script)
{
	FILE *out = fopen(in_scratch(name), "w");

	assert_non_null(out);
	fputs(script, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(in_scratch(name), 0700), 0);
}

static bool read_bundles(const char *folder, struct inventory *inventory, struct strbuf *why)
{
	char plutil[256];

	snprintf(plutil, sizeof plutil, "%s", in_scratch("plutil"));
	return darwin_read_bundles(in_scratch(folder), plutil, inventory, why);
}

static const struct inventory_entry *find(const struct inventory *inventory, const char *name)
{
	for (size_t i = 0; i < inventory->count; i++)
		if (strcmp(inventory->items[i].name, name) == 0)
			return &inventory->items[i];
	return NULL;
}

static void folders_of_bundles(void **state)
{
	struct inventory inventory;
	struct strbuf why;

	(void)state;
	inventory_init(&inventory, "macos");
	strbuf_init(&why, 500);
	put("Apps/Safari.app/Contents/Info.plist", "Safari-Info.plist");
	put("Apps/Cisco/AnyConnect 例.app/Contents/Info.plist", "Safari-Info-xml.plist");
	put("Apps/Pad.app/WrappedBundle/Info.plist", "Safari-Info.plist");
	put("Apps/Pad.app/Inner.app/Contents/Info.plist", "Safari-Info.plist");
	put("Apps/Leftover.app/Contents/", NULL);
	put("Apps/.hidden.app/Contents/Info.plist", "Safari-Info.plist");
	put("Apps/Note.app", ""); /* a file */
	char loop[256];
	snprintf(loop, sizeof loop, "%s", in_scratch("Apps/Loop"));
	assert_int_equal(symlink(in_scratch("Apps"), loop), 0);
	assert_true(read_bundles("Apps", &inventory, &why));
	assert_string_equal(why.data, "");
	assert_string_equal(find(&inventory, "Safari")->version, "26.1");
	assert_string_equal(find(&inventory, "AnyConnect 例")->code, "com.apple.Safari");
	assert_string_equal(find(&inventory, "Pad")->version, "26.1");
	assert_string_equal(find(&inventory, "Leftover")->version, "");
	assert_null(find(&inventory, "Inner"));
	assert_null(find(&inventory, ".hidden"));
	assert_null(find(&inventory, "Note"));
	assert_true(inventory.count < 20); /* the loop ends */

	put("Apps/Broken.app/Contents/Info.plist", "");
	assert_false(read_bundles("Apps", &inventory, &why));
	assert_non_null(find(&inventory, "Broken"));
	assert_non_null(strstr(why.data, "Broken.app/Contents/Info.plist: not a property list"));
	assert_true(read_bundles("nothing", &inventory, NULL));
	strbuf_release(&why);
	inventory_release(&inventory);
}

/* Forms that only Apple's program reads: it is asked for those files, and for no others. */
static void bundles_by_plutil(void **state)
{
	static const char plutil[] = "#!/bin/sh\n"
				     "[ \"$1 $2 $3 $4\" = '-convert xml1 -o -' ] || exit 9\n"
				     "cd \"${0%/*}\" && echo \"$5\" >>asked || exit 9\n"
				     "grep -q CFBundle \"$5\" && exec cat xml\n"
				     "echo no; exit 1\n";
	struct inventory inventory;
	struct strbuf why;
	size_t len;

	(void)state;
	inventory_init(&inventory, "macos");
	strbuf_init(&why, 500);
	put_program("plutil", plutil);
	put("xml", "Safari-Info-xml.plist");
	put("Apps/Safari.app/Contents/Info.plist", "Safari-Info.plist");
	put("Apps/Old.app/Contents/Info.plist", "Old-Info.plist");
	assert_true(read_bundles("Apps", &inventory, &why));
	assert_string_equal(why.data, "");
	assert_int_equal(inventory.count, 2);
	assert_string_equal(find(&inventory, "Old")->version, "26.1");
	char *asked = posix_read_file(in_scratch("asked"), 1000, &len, NULL);
	assert_non_null(asked);
	assert_non_null(strstr(asked, "/Apps/Old.app/Contents/Info.plist\n"));
	assert_null(strstr(asked, "Safari"));
	free(asked);

	put("Apps/Broken.app/Contents/Info.plist", "");
	assert_false(read_bundles("Apps", &inventory, &why));
	assert_string_equal(find(&inventory, "Broken")->version, "");
	assert_non_null(strstr(why.data, "Broken.app/Contents/Info.plist: not a property list"));
	assert_null(strstr(why.data, "Old"));
	strbuf_release(&why);
	inventory_release(&inventory);
}

static void folder_of_receipts(void **state)
{
	struct inventory inventory;
	struct strbuf why;

	(void)state;
	inventory_init(&inventory, "macos");
	strbuf_init(&why, 500);
	put("Receipts/com.cisco.pkg.anyconnect.vpn.plist", "receipt.plist");
	put("Receipts/com.cisco.pkg.anyconnect.vpn.bom", "");
	assert_true(darwin_read_receipts(in_scratch("Receipts"), &inventory, &why));
	assert_int_equal(inventory.count, 1);
	put("Receipts/other.plist", "nat-off.plist");
	assert_false(darwin_read_receipts(in_scratch("Receipts"), &inventory, &why));
	assert_non_null(strstr(why.data, "other.plist: a receipt without a PackageIdentifier"));
	assert_true(darwin_read_receipts(in_scratch("nothing"), &inventory, NULL));
	strbuf_release(&why);
	inventory_release(&inventory);
}

static void sharing_by_its_file(void **state)
{
	struct inventory inventory;

	(void)state;
	inventory_init(&inventory, "macos");
	assert_true(darwin_read_sharing(in_scratch("nothing"), &inventory, NULL));
	assert_true(darwin_read_sharing(MACOS_FIXTURES "nat-off.plist", &inventory, NULL));
	assert_int_equal(inventory.count, 0);
	assert_false(darwin_read_sharing(MACOS_FIXTURES "dns.txt", &inventory, NULL));
	assert_int_equal(inventory.count, 0);
	assert_true(darwin_read_sharing(MACOS_FIXTURES "nat-on.plist", &inventory, NULL));
	assert_string_equal(inventory.items[0].name, "internet-connection-sharing");
	assert_int_equal(inventory.items[0].kind, INVENTORY_STATE);
	inventory_release(&inventory);
}

/* ---- certificates ---- */

struct told {
	size_t count, with_key;
};

static void tell(void *arg, const uint8_t *der, size_t len, bool has_key)
{
	struct told *told = arg;

	assert_true(len > 100);
	assert_int_equal(der[0], 0x30);
	assert_int_equal(has_key, told->count == 0); /* the first is the terminal's own */
	told->count++;
	told->with_key += has_key;
}

static void identities(void **state)
{
	struct strs digests = {0};
	struct told told = {0};
	size_t len;
	char *text = macos_fixture("identities.txt", &len),
	     *pem = macos_fixture("certificates.pem", &len);

	(void)state;
	darwin_parse_identities(text, &digests);
	assert_int_equal(digests.count, 2);
	assert_string_equal(digests.items[1], "00112233445566778899AABBCCDDEEFF00112233");
	darwin_each_certificate(pem, &digests, tell, &told);
	assert_int_equal(told.count, 2);
	assert_int_equal(told.with_key, 1);
	strs_release(&digests);
	darwin_parse_identities("1) 0011\n) 00\n1 00112233445566778899AABBCCDDEEFF00112233\n"
				"2) 00112233445566778899AABBCCDDEEFF001122334\n3)",
		&digests);
	assert_int_equal(digests.count, 0);
	free(text);
	free(pem);
}

/* ---- trust ---- */

#define FIRST  "F3A2098A3889A1390FBC67813EA1482FA0821E0B" /* those of certificates.pem */
#define SECOND "EBBA1FA8444CEA44C64649DF47F6FDB8933FE127"

/* Forty times the same digit. */
static const char *digest(char digit)
{
	static char text[41];

	memset(text, digit, 40);
	return text;
}

static void parse_trust(const char *name, struct darwin_trust *trust)
{
	size_t len;
	char *bytes = macos_fixture(name, &len);

	assert_int_equal(darwin_parse_trust(bytes, len, trust), 0);
	free(bytes);
}

static void trust_of_old_systems(void **state)
{
	struct darwin_trust trust = {{0}, {0}};

	(void)state;
	parse_trust("trust.plist", &trust);
	assert_int_equal(trust.trusted.count, 3);
	assert_true(strs_contains(&trust.trusted, digest('A')));
	assert_true(strs_contains(&trust.trusted, digest('B')));
	assert_int_equal(trust.denied.count, 1);
	assert_true(strs_contains(&trust.denied, digest('C')));
	darwin_trust_release(&trust);
	assert_int_equal(darwin_parse_trust("x", 1, &trust), -1);
}

static void trust_as_exported(void **state)
{
	struct darwin_trust trust = {{0}, {0}};

	(void)state;
	parse_trust("trust-admin.plist", &trust);
	assert_int_equal(trust.trusted.count, 3); /* not unspecified, not for mail */
	assert_true(strs_contains(&trust.trusted, FIRST));
	assert_true(strs_contains(&trust.trusted, digest('A')));
	assert_true(strs_contains(&trust.trusted, digest('E')));
	assert_int_equal(trust.denied.count, 1);
	assert_true(strs_contains(&trust.denied, digest('C')));
	/* A denial for one host, or for mail, is none; the others' lists are kept. */
	parse_trust("trust-user.plist", &trust);
	assert_int_equal(trust.trusted.count, 5);
	assert_true(strs_contains(&trust.trusted, SECOND));
	assert_int_equal(trust.denied.count, 2);
	assert_true(strs_contains(&trust.denied, FIRST));
	darwin_trust_release(&trust);
}

struct roots {
	size_t count;
	size_t len; /* of all */
};

static void count_root(void *arg, const uint8_t *der, size_t len, bool has_key)
{
	struct roots *roots = arg;

	assert_int_equal(der[0], 0x30);
	assert_false(has_key);
	roots->count++;
	roots->len += len;
}

static struct roots count_roots(const char *admin, const char *user, bool added)
{
	struct darwin_trust trust = {{0}, {0}};
	struct roots roots = {0};
	size_t len;
	char *pem = macos_fixture("certificates.pem", &len);

	if (admin != NULL)
		parse_trust(admin, &trust);
	if (user != NULL)
		parse_trust(user, &trust);
	darwin_each_root(pem, &trust, added, count_root, &roots);
	darwin_trust_release(&trust);
	free(pem);
	return roots;
}

/* Who denies wins over who trusts, and over Apple. */
static void roots_by_settings(void **state)
{
	size_t all = count_roots(NULL, NULL, false).len;

	(void)state;
	assert_int_equal(count_roots(NULL, NULL, false).count, 2);
	assert_int_equal(count_roots(NULL, NULL, true).count, 0);
	assert_int_equal(count_roots("trust-admin.plist", NULL, false).count, 2);
	assert_int_equal(count_roots("trust-admin.plist", NULL, true).count, 1);
	assert_int_equal(count_roots("trust-admin.plist", "trust-user.plist", false).count, 1);
	assert_int_equal(count_roots("trust-admin.plist", "trust-user.plist", true).count, 1);
	assert_int_equal(count_roots("trust-admin.plist", NULL, true).len +
				 count_roots("trust-admin.plist", "trust-user.plist", true).len,
		all);
}

/* Stands in for security(1): it exports what lies beside it, and tells what it was given. */
static const char security[] = "#!/bin/sh\n"
			       "cd \"${0%/*}\" || exit 9\n"
			       "[ \"$1\" = trust-settings-export ] || exit 8\n"
			       "if [ \"$2\" = -d ]; then from=admin; shift; else from=user; fi\n"
			       "ls -ld \"${2%/*}\" >>told\n"
			       "[ ! -e \"$2\" ] && [ -e $from ] && cp $from \"$2\"\n";

static void read_trust(struct darwin_trust *trust)
{
	char old[256];

	snprintf(old, sizeof old, "%s", in_scratch("old"));
	darwin_trust_release(trust);
	darwin_read_trust(in_scratch("security"), old, trust);
}

static void trust_by_its_program(void **state)
{
	struct darwin_trust trust = {{0}, {0}};
	char told[256] = "";

	(void)state;
	put_program("security", security);
	put("tmp/", NULL);
	assert_int_equal(setenv("TMPDIR", in_scratch("tmp"), 1), 0);
	read_trust(&trust); /* nothing is set */
	assert_int_equal(trust.trusted.count + trust.denied.count, 0);
	put("user", "trust-user.plist");
	read_trust(&trust);
	assert_int_equal(trust.trusted.count, 2);
	put("old", "trust.plist");
	read_trust(&trust);
	assert_int_equal(trust.trusted.count, 4);
	put("admin", "trust-admin.plist"); /* the old list counts no more */
	read_trust(&trust);
	assert_int_equal(trust.trusted.count, 5);
	assert_false(strs_contains(&trust.trusted, digest('B')));
	assert_true(strs_contains(&trust.denied, FIRST));
	put("admin", ""); /* no list at all: as if there were none */
	read_trust(&trust);
	assert_true(strs_contains(&trust.trusted, digest('B')));
	darwin_trust_release(&trust);

	FILE *in = fopen(in_scratch("told"), "r");
	assert_non_null(in);
	assert_non_null(fgets(told, sizeof told, in));
	fclose(in);
	assert_int_equal(strncmp(told, "drwx------", 10), 0);
	assert_int_equal(rmdir(in_scratch("tmp")), 0); /* nothing is left in it */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bundles),
		cmocka_unit_test(bundle_unreadable),
		cmocka_unit_test(receipts),
		cmocka_unit_test(internet_sharing),
		cmocka_unit_test_setup_teardown(folders_of_bundles, make_scratch, remove_scratch),
		cmocka_unit_test_setup_teardown(bundles_by_plutil, make_scratch, remove_scratch),
		cmocka_unit_test_setup_teardown(folder_of_receipts, make_scratch, remove_scratch),
		cmocka_unit_test_setup_teardown(sharing_by_its_file, make_scratch, remove_scratch),
		cmocka_unit_test(identities),
		cmocka_unit_test(trust_of_old_systems),
		cmocka_unit_test(trust_as_exported),
		cmocka_unit_test(roots_by_settings),
		cmocka_unit_test_setup_teardown(trust_by_its_program, make_scratch, remove_scratch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
