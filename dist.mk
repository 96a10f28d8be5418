# What a release consists of: build/dist.

DIST := build/dist
# The time that every file of a release carries: that of the last commit; without git, of CHANGELOG.md's date.
SOURCE_DATE_EPOCH ?= $(or $(shell git log -1 --format=%ct 2>/dev/null),$(shell date -u +%s \
	-d "$$(sed -n 's/^\#\# \[.*\([0-9]\{4\}-[0-9][0-9]-[0-9][0-9]\).*/\1/p' CHANGELOG.md | head -n 1)"))
export SOURCE_DATE_EPOCH

# ---- Linux: completion, packages ----

# ---- the release as a whole ----

# Each part leaves its files in $(DIST). make dist makes them all, or none; DIST_DIRTY=1 takes what is not committed.
PARTS := archive-source archive-windows
dist: export MAKE := $(MAKE)
dist: export PARTS := $(PARTS)
dist dist-check: export VERSION := $(VERSION)
dist dist-check: export DIST := $(DIST)
dist:
	@tools/make-dist

# The same again in a fresh clone elsewhere, with libraries of its own: both must have the same bytes.
dist-check: export MAKE := $(MAKE)
dist-check:
	@tools/check-dist

archive-source:
	@mkdir -p $(DIST)
	@git archive --format=tar --prefix=preflight-$(VERSION)/ HEAD | gzip -9n > $(DIST)/preflight-$(VERSION).tar.gz

# The program alone, and with what one reads beside it.
WINDOWS_NAME := preflight-$(VERSION)-windows-x86_64
archive-windows: dist-windows
	@mkdir -p $(DIST)
	@rm -f $(DIST)/$(WINDOWS_NAME).zip
	@cp build/windows/preflight.exe $(DIST)/$(WINDOWS_NAME).exe
	@tools/zip.py --epoch $(SOURCE_DATE_EPOCH) $(DIST)/$(WINDOWS_NAME).zip preflight.exe=build/windows/preflight.exe \
		rules.yaml=rules.yaml README.txt=README.md README.ja.txt=README.ja.md CHANGELOG.txt=CHANGELOG.md \
		LICENSE.txt=LICENSE $$(for file in build/windows/deps/licenses/*; do \
			echo "LICENSES/$${file##*/}.txt=$$file"; done) \
		LICENSES/gcc.txt=/usr/share/doc/gcc-mingw-w64-x86-64-win32/copyright \
		LICENSES/mingw-w64.txt=/usr/share/doc/mingw-w64-x86-64-dev/copyright

.PHONY: dist dist-check archive-source archive-windows
