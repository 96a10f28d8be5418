/* Property lists: both forms, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "macos_fixture.h"
#include "mem.h"
#include "platform/plist.h"

static struct plist *parse(const char *text)
{
	return plist_parse(text, strlen(text), NULL);
}

/* The same values from either form. */
static void both_forms(void **state)
{
	static const char *const files[] = {"Safari-Info.plist", "Safari-Info-xml.plist"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t len;
		char *bytes = macos_fixture(files[i], &len);
		struct plist *list = plist_parse(bytes, len, NULL);
		assert_non_null(list);
		const struct plist_value *root = plist_root(list);
		assert_int_equal(root->count, 15);
		assert_string_equal(plist_text(list, root, "NSHumanReadableCopyright"),
			"Copyright © 2003–2025 Apple Inc. 𠮷");
		assert_int_equal(plist_get(list, root, "big")->number, 1LL << 40);
		assert_int_equal(plist_get(list, root, "neg")->number, -5);
		assert_int_equal(plist_get(list, root, "yes")->number, 1);
		assert_int_equal(plist_get(list, root, "no")->number, 0);
		assert_int_equal(plist_get(list, root, "real")->type, PLIST_OTHER);
		assert_int_equal(plist_get(list, root, "date")->type, PLIST_OTHER);
		assert_null(plist_get(list, root, "nothing"));
		assert_string_equal(plist_text(list, root, "big"), "");
		const struct plist_value *many = plist_get(list, root, "many");
		assert_int_equal(many->count, 40);
		assert_int_equal(plist_at(list, many, 39, NULL)->number, 39);
		assert_null(plist_at(list, many, 40, NULL));
		const struct plist_value *types = plist_get(list, root, "CFBundleDocumentTypes");
		assert_string_equal(
			plist_text(list, plist_at(list, types, 0, NULL), "CFBundleTypeName"),
			"Webページ");
		plist_free(list);
		free(bytes);
	}
}

/* However a file is cut off or a byte of it changed, the reader stays within it. */
static void cut_and_changed(void **state)
{
	size_t len, refused = 0;
	char *bytes = macos_fixture("Safari-Info.plist", &len);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		char *exact = mem_alloc(i > 0 ? i : 1);
		if (i > 0)
			memcpy(exact, bytes, i);
		struct plist *list = plist_parse(exact, i, NULL);
		refused += list == NULL;
		plist_free(list);
		free(exact);
	}
	assert_int_equal(refused, len);
	for (size_t i = 0; i < len; i++)
		for (unsigned value = 0; value < 256; value += 17) {
			char *exact = mem_alloc(len);
			memcpy(exact, bytes, len);
			exact[i] = (char)value;
			plist_free(plist_parse(exact, len, NULL));
			free(exact);
		}
	free(bytes);
}

/* 2000 arrays that all claim the same 2000 references would be 4 million. */
static void binary_expansion(void **state)
{
	enum {
		COUNT = 2000,
		REFS = 2 * COUNT,
		TABLE = 8 + 4 + REFS,
		SIZE = TABLE + 2 * COUNT + 32
	};
	unsigned char *bytes = mem_alloc(SIZE);
	struct strbuf why;

	(void)state;
	memcpy(bytes, "bplist00\xaf\x11\x07\xd0", 12); /* an array of 0x07d0 = 2000 */
	for (size_t i = 0; i < COUNT; i++)
		bytes[TABLE + 2 * i + 1] = 8; /* each object is that array */
	unsigned char *trailer = bytes + SIZE - 32;
	trailer[6] = trailer[7] = 2;
	trailer[14] = COUNT >> 8, trailer[15] = COUNT & 0xff;
	trailer[30] = (unsigned char)(TABLE >> 8), trailer[31] = (unsigned char)(TABLE & 0xff);
	strbuf_init(&why, 200);
	assert_null(plist_parse(bytes, SIZE, &why));
	assert_string_equal(why.data, "not a property list: an object does not fit");
	strbuf_release(&why);
	free(bytes);
}

/* A container may contain itself: nothing is walked, so nothing loops. */
static void binary_cycle(void **state)
{
	static const unsigned char bytes[] = "bplist00"
					     "\xd1\x01\x00" /* {key: itself} */
					     "\x51k"
					     "\x08\x0b"
					     "\0\0\0\0\0\0\x01\x01"
					     "\0\0\0\0\0\0\0\x02"
					     "\0\0\0\0\0\0\0\0"
					     "\0\0\0\0\0\0\0\x0d";
	struct plist *list = plist_parse(bytes, sizeof bytes - 1, NULL);

	(void)state;
	assert_non_null(list);
	assert_ptr_equal(plist_get(list, plist_root(list), "k"), plist_root(list));
	plist_free(list);
}

static void xml_accepted(void **state)
{
	static const char *const cases[][2] = {
		{"<dict><key>k</key><string>a&lt;&amp;&gt;&quot;&apos;b</string></dict>",
			"a<&>\"'b"},
		{"<plist version=\"1.0\"><dict><key>k</key><string>x</string></dict></plist>", "x"},
		{"\xef\xbb\xbf<?xml version=\"1.0\"?><!DOCTYPE plist PUBLIC \"a\" \"b\">\n<!-- c "
		 "--><dict>\n<key>k</key>\n<string>&#x3042;&#12354;</string></dict>\n",
			"ああ"},
		{"<dict><key>k</key><string><![CDATA[<b>&amp;]]></string></dict>", "<b>&amp;"},
		{"<dict><key>j</key><array><true/><dict/></array><key>k</key><string/></dict>", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct plist *list = parse(cases[i][0]);
		assert_non_null(list);
		assert_string_equal(plist_text(list, plist_root(list), "k"), cases[i][1]);
		plist_free(list);
	}
}

static void xml_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"<",
		"<>",
		"<dict>",
		"</dict>",
		"<dict></array>",
		"<dict/><dict/>",
		"hello",
		"<dict><key>k</key></dict>",
		"<dict><string>k</string></dict>",
		"<array><key>k</key></array>",
		"<key>k</key>",
		"<dict><key>k</string></dict>",
		"<dict><key>k</key><string>&nbsp;</string></dict>",
		"<dict><key>k</key><string>&#0;</string></dict>",
		"<dict><key>k</key><string>&#xd800;</string></dict>",
		"<dict><key>k</key><string>&#x110000;</string></dict>",
		"<dict><key>k</key><string>&#x;</string></dict>",
		"<dict><key>k</key><string>&#</string></dict>",
		"<dict><key>k</key><string><![CDATA[x</string></dict>",
		"<!DOCTYPE plist [<!ENTITY a \"aaaa\">]><dict/>",
		"<!-- <dict/>",
		"<plist></plist>",
		"<plist/>",
		"<dict/></dict>",
		"<script/>",
		"<dict/>x",
	};
	char deep[65 * 7 + 1] = "";

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_null(parse(cases[i]));
	for (size_t i = 0; i < 65; i++)
		memcpy(deep + 7 * i, "<array>", 8);
	assert_null(parse(deep));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms),
		cmocka_unit_test(cut_and_changed),
		cmocka_unit_test(binary_expansion),
		cmocka_unit_test(binary_cycle),
		cmocka_unit_test(xml_accepted),
		cmocka_unit_test(xml_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
