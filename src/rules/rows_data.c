/* Rows of what is known about software, operating systems and appliances. */
#include "field_rows.h"

#include <assert.h>

#include "inventory.h"
#include "scalar.h"
#include "version.h"

#define AT(type, member) .offset = offsetof(struct rule_##type, member)

static const char *const systems[] = {"linux", "windows", "macos", NULL};
static const char *const roles[] = {"client", "ca", NULL};
static const char *const channels[] = {
	"home-pro", "enterprise", "ltsc", "iot-ltsc", "server", NULL};
static const char *const processors[] = {"x86", "x86_64", "arm", "aarch64", NULL};
static const char *const kinds[] = {"package", "program", "service", "driver", "adapter", "lsp",
	"store", "bundle", "receipt", "state", NULL};

static_assert(sizeof kinds / sizeof kinds[0] == INVENTORY_KIND_COUNT + 1, "every inventory kind");

const struct field software_fields[] = {
	{
		.key = {.name = "title",
			.type = KEY_TEXT,
			.required = true,
			.max = TITLE_MAX,
			.validate = scalar_line,
			.text = "Name of the product, in one line."},
		.store = STORE_TEXT,
		AT(software, title),
	},
	{
		.key = {.name = "item",
			.type = KEY_INT,
			.min = 0,
			.max = 1000,
			.text = "Number in the source document's list; 0 for none."},
		.store = STORE_NUMBER,
		AT(software, item),
	},
	{
		.key = {.name = "match",
			.type = KEY_STRS,
			.required = true,
			.text = "How the product is recognised: a list of mappings; one that "
				"matches is enough."},
		.store = STORE_MATCHES,
		AT(software, matches),
	},
	{
		.key = {.name = "except",
			.type = KEY_STRS,
			.max = 200,
			.validate = scalar_name_glob,
			.text = "Globs of names that never count as the product."},
		.store = STORE_STRS,
		AT(software, except),
	},
	{
		.key = {.name = "remedy",
			.type = KEY_TEXT,
			.text = "What to do about this product; instead of the cause's text."},
		.store = STORE_TEXT,
		AT(software, remedy),
	},
};

const struct field certificate_fields[] = {
	{
		.key = {.name = "role",
			.type = KEY_ENUM,
			.required = true,
			.choices = roles,
			.text = "Whose certificate it is: a client's, with its private key, or a "
				"certification authority's."},
		.store = STORE_FLAG,
		AT(certificate, authority),
	},
	{
		.key = {.name = "file",
			.type = KEY_STRS,
			.max = 200,
			.validate = scalar_file_glob,
			.text = "Globs of the file's name in the working directory; the options "
				"`--cert` and `--ca` come before them."},
		.store = STORE_STRS,
		AT(certificate, files),
	},
	{
		.key = {.name = "password-file",
			.type = KEY_STRS,
			.max = 200,
			.validate = scalar_file_glob,
			.text = "Globs of the name of the file, beside the certificate's, that "
				"holds its password."},
		.store = STORE_STRS,
		AT(certificate, passwords),
	},
	{
		.key = {.name = "store",
			.type = KEY_BOOL,
			.fallback = "false",
			.text = "Also looked for in the operating system's certificate store."},
		.store = STORE_BOOL,
		AT(certificate, store),
	},
	{
		.key = {.name = "issuer",
			.type = KEY_STRS,
			.max = 200,
			.validate = scalar_name_glob,
			.text = "Globs tried on CN and O of the issuer of those in the store; "
				"without it, any issuer."},
		.store = STORE_STRS,
		AT(certificate, issuers),
	},
	{
		.key = {.name = "except-issuer",
			.type = KEY_STRS,
			.max = 200,
			.validate = scalar_name_glob,
			.text = "Globs tried the same way: those in the store are for something "
				"else."},
		.store = STORE_STRS,
		AT(certificate, except),
	},
	{
		.key = {.name = "ca",
			.type = KEY_CERTIFICATE,
			.text = "The certification authority that must have issued it, by its id "
				"in `certificates`."},
		.store = STORE_CERTIFICATE,
		AT(certificate, ca),
		.ref = REF_CERTIFICATE,
	},
	{
		.key = {.name = "use",
			.type = KEY_TEXT,
			.max = TITLE_MAX,
			.text = "What it is for, in a few words."},
		.store = STORE_TEXT,
		AT(certificate, use),
	},
};

const struct field match_fields[] = {
	{
		.key = {.name = "os",
			.type = KEY_ENUM,
			.required = true,
			.choices = systems,
			.text = "Operating system."},
		.store = STORE_STRING,
		AT(match, os),
	},
	{
		.key = {.name = "kind",
			.type = KEY_ENUM,
			.required = true,
			.choices = kinds,
			.text = "What kind of thing is installed."},
		.store = STORE_STRING,
		AT(match, kind),
	},
	{
		.key = {.name = "name",
			.type = KEY_STRS,
			.max = 200,
			.validate = scalar_name_glob,
			.text = "Globs of the whole name, in either case, or of the name without "
				"the version, processor, language and platform at its end; this or "
				"code is needed."},
		.store = STORE_STRS,
		AT(match, names),
	},
	{
		.key = {.name = "publisher",
			.type = KEY_STR,
			.max = 200,
			.validate = scalar_name_glob,
			.text = "Glob of the publisher; without it, any."},
		.store = STORE_STRING,
		AT(match, publisher),
	},
	{
		.key = {.name = "no-publisher",
			.type = KEY_BOOL,
			.fallback = "false",
			.text = "An entry that tells no publisher fits, too."},
		.store = STORE_BOOL,
		AT(match, no_publisher),
	},
	{
		.key = {.name = "code",
			.type = KEY_STR,
			.max = 200,
			.text = "Product code, upgrade code or bundle id; this or name is needed."},
		.store = STORE_STRING,
		AT(match, code),
	},
	{
		.key = {.name = "version",
			.type = KEY_STR,
			.max = 100,
			.validate = version_validate,
			.text = "Version expression, such as `6.*` or `>=6.2 <6.8`; without it, "
				"any version."},
		.store = STORE_STRING,
		AT(match, version),
	},
	{
		.key = {.name = "other",
			.type = KEY_BOOL,
			.fallback = "false",
			.text = "The product in another version than the document names: warns "
				"instead of failing."},
		.store = STORE_BOOL,
		AT(match, other),
	},
};

const struct field lifecycle_own[] = {
	{
		.key = {.name = "date", .type = KEY_DATE, .text = "Day of the data."},
		.store = STORE_NUMBER,
		.offset = offsetof(struct rules, lifecycle_date),
	},
	{
		.key = {.name = "entries",
			.type = KEY_TEXT,
			.text = "One entry for each version, by id."},
		.store = STORE_ENTRIES,
	},
};

const struct field lifecycle_fields[] = {
	{
		.key = {.name = "os",
			.type = KEY_ENUM,
			.required = true,
			.choices = systems,
			.text = "Operating system."},
		.store = STORE_STRING,
		AT(lifecycle, os),
	},
	{
		.key = {.name = "distro",
			.type = KEY_STR,
			.max = 31,
			.text = "Linux: ID of os-release(5)."},
		.store = STORE_STRING,
		AT(lifecycle, distro),
	},
	{
		.key = {.name = "version",
			.type = KEY_STR,
			.max = 31,
			.validate = scalar_version_glob,
			.text = "Glob of the version; this or build is needed."},
		.store = STORE_STRING,
		AT(lifecycle, version),
	},
	{
		.key = {.name = "build",
			.type = KEY_INT,
			.min = 1,
			.max = 999999,
			.text = "Windows: build number; this or version is needed."},
		.store = STORE_NUMBER,
		AT(lifecycle, build),
	},
	{
		.key = {.name = "channel",
			.type = KEY_ENUM,
			.choices = channels,
			.text = "Windows: servicing channel; without it, any."},
		.store = STORE_STRING,
		AT(lifecycle, channel),
	},
	{
		.key = {.name = "edition",
			.type = KEY_STRS,
			.max = 48,
			.validate = scalar_name_glob,
			.text = "Windows: globs of the edition (EditionID); without it, any."},
		.store = STORE_STRS,
		AT(lifecycle, editions),
	},
	{
		.key = {.name = "arch",
			.type = KEY_ENUM,
			.choices = processors,
			.text = "Windows: the only processor that this build exists for; builds of "
				"others are not compared with it."},
		.store = STORE_STRING,
		AT(lifecycle, arch),
	},
	{
		.key = {.name = "branch",
			.type = KEY_STR,
			.max = 31,
			.validate = scalar_id,
			.text = "Windows: name shared by builds that become each other by a "
				"switch. "
				"A build that is not listed is newer than those of its branch, "
				"whatever numbers other branches have."},
		.store = STORE_STRING,
		AT(lifecycle, branch),
	},
	{
		.key = {.name = "name",
			.type = KEY_STR,
			.required = true,
			.max = 100,
			.text = "The version as people say it."},
		.store = STORE_STRING,
		AT(lifecycle, name),
	},
	{
		.key = {.name = "end",
			.type = KEY_DATE,
			.required = true,
			.min = -1,
			.text = "Last day of vendor support; none if no end was published."},
		.store = STORE_NUMBER,
		AT(lifecycle, end),
		.initial = -1,
	},
	{
		.key = {.name = "extended",
			.type = KEY_DATE,
			.text = "Last day of paid or community support beyond that."},
		.store = STORE_NUMBER,
		AT(lifecycle, extended_end),
		.initial = -1,
	},
	{
		.key = {.name = "extended-name",
			.type = KEY_STR,
			.max = 100,
			.text = "What the extension is called."},
		.store = STORE_STRING,
		AT(lifecycle, extended_name),
	},
};

const struct field interceptor_fields[] = {
	{
		.key = {.name = "name",
			.type = KEY_STR,
			.required = true,
			.max = 200,
			.text = "Name of the product, as shown."},
		.store = STORE_STRING,
		AT(interceptor, name),
	},
	{
		.key = {.name = "issuer",
			.type = KEY_STR,
			.required = true,
			.max = 200,
			.validate = scalar_name_glob,
			.text = "Glob tried on CN, O and OU of the certificate's issuer."},
		.store = STORE_STRING,
		AT(interceptor, issuer),
	},
};
const size_t match_field_count = sizeof match_fields / sizeof match_fields[0];
