/*
 * disk: is there room for the VPN software where it installs to?
 */
#include "check.h"

#include <stdint.h>
#include <string.h>

#include "inputs.h"
#include "saved.h"

static const struct check_key keys[] = {
	{
		.name = "free",
		.type = KEY_SIZE,
		.min = 1,
		.fallback = "100 MB",
		.text = "Free space that is needed on Windows and Linux.",
	},
	{
		.name = "free-macos",
		.type = KEY_SIZE,
		.min = 1,
		.fallback = "50 MB",
		.text = "Free space that is needed on macOS.",
	},
	{
		.name = "path-linux",
		.type = KEY_STR,
		.max = 500,
		.text = "Folder to look at on Linux; default: where the VPN software installs.",
	},
	{
		.name = "path-windows",
		.type = KEY_STR,
		.max = 500,
		.text = "Folder to look at on Windows; default: where the VPN software installs.",
	},
	{
		.name = "path-macos",
		.type = KEY_STR,
		.max = 500,
		.text = "Folder to look at on macOS; default: where the VPN software installs.",
	},
};

static const char *const causes[] = {"disk.low", "disk.read-only", "run.unreadable", NULL};

static const char *path_for(const struct rule_check *check, const char *family)
{
	static const char *const names[][2] = {
		{"linux", "path-linux"},
		{"windows", "path-windows"},
		{"macos", "path-macos"},
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *path;

		if (strcmp(names[i][0], family) != 0)
			continue;
		path = rule_string(check, names[i][1]);
		if (path != NULL)
			return path;
	}
	return platform_vpn_directory();
}

static long long required(const struct rule_check *check, const char *family)
{
	return rule_number(check, strcmp(family, "macos") == 0 ? "free-macos" : "free", 0);
}

static long long bytes(uint64_t size)
{
	return size < INT64_MAX ? (long long)size : INT64_MAX;
}

static void put_disk(struct facts *f, const struct disk_info *disk)
{
	if (disk->path[0] != '\0')
		facts_str(f, "path", disk->path);
	facts_int(f, "available", bytes(disk->available));
	facts_int(f, "total", bytes(disk->total));
	facts_bool(f, "read_only", disk->read_only);
}

static int read_disk(
	const struct check_run *c, const char *family, struct disk_info *disk, struct strbuf *why)
{
	const struct saved *saved = run_inputs(c->run)->saved;

	if (saved == NULL)
		return platform_disk(path_for(c->check, family), disk, why);
	if (!saved->disk_known) {
		strbuf_adds(why, "disk: not in the saved inventory");
		return -1;
	}
	*disk = saved->disk;
	return 0;
}

static void collect(struct check_run *c)
{
	const char *family = run_terminal(c->run)->os.family;
	struct disk_info disk;
	struct strbuf why;

	strbuf_init(&why, 1024);
	if (family[0] != '\0') {
		facts_str(&c->facts, "os", family);
		facts_int(&c->facts, "required", required(c->check, family));
	}
	if (read_disk(c, family, &disk, &why) == 0)
		put_disk(&c->facts, &disk);
	else
		facts_str(&c->facts, "error", why.data);
	strbuf_release(&why);
}

static bool restate(const struct judge_input *in, struct facts *facts)
{
	const char *family = facts_get_str(facts, "os");

	if (family != NULL)
		facts_int(facts, "required", required(in->check, family));
	return true;
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	const char *family = facts_get_str(in->facts, "os");
	long long available = facts_get_int(in->facts, "available", -1);

	if (available < 0 || family == NULL)
		*out = (struct judgement){VERDICT_UNKNOWN, "run.unreadable", 0, 0};
	else if (facts_get_bool(in->facts, "read_only", false))
		*out = (struct judgement){VERDICT_FAIL, "disk.read-only", 0, 0};
	else if (available < required(in->check, family))
		*out = (struct judgement){VERDICT_FAIL, "disk.low", 0, 0};
	else
		*out = (struct judgement){.verdict = VERDICT_PASS};
}

extern const struct check_type check_disk;
const struct check_type check_disk = {
	.name = "disk",
	.text = "Enough free space on the drive that the VPN software installs to.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.causes = causes,
	.targets = check_targets_none,
	.start = check_start_collect,
	.stop = check_stop_none,
	.release = check_release_none,
	.collect = collect,
	.judge = judge,
	.restate = restate,
};
