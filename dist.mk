# What a release consists of: build/dist.

DIST := build/dist
VERSION := $(shell sed -n 's/^\#define PREFLIGHT_VERSION "\(.*\)"/\1/p' include/commands.h)
# The time that every file of a release carries: that of the last commit; without git, of CHANGELOG.md's date.
SOURCE_DATE_EPOCH ?= $(or $(shell git log -1 --format=%ct 2>/dev/null),$(shell date -u +%s \
	-d "$$(sed -n 's/^\#\# \[.*\([0-9]\{4\}-[0-9][0-9]-[0-9][0-9]\).*/\1/p' CHANGELOG.md | head -n 1)"))
export SOURCE_DATE_EPOCH

# ---- Linux: completion, packages ----

# ---- the release as a whole ----
