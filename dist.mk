# What a release consists of: build/dist.

DIST := build/dist
# The time that every file of a release carries: that of the last commit; without git, of CHANGELOG.md's date.
ifndef SOURCE_DATE_EPOCH
RELEASE_DAY := $(shell sed -n 's/^\#\# \[.*\([0-9]\{4\}-[0-9][0-9]-[0-9][0-9]\).*/\1/p' CHANGELOG.md | head -n 1)
SOURCE_DATE_EPOCH := $(or $(shell git log -1 --format=%ct 2>/dev/null),$(shell date -u +%s -d '$(RELEASE_DAY)' \
	2>/dev/null || date -u -j -f %Y-%m-%d-%T '$(RELEASE_DAY)-00:00:00' +%s 2>/dev/null),0)
endif
export SOURCE_DATE_EPOCH

# ---- Linux: archive and package ----

# The program that is given away: all its libraries are in it but glibc, of which 2.34 is enough.
LINUX_PROGRAM := build/linux/preflight
LINUX_NAME := preflight-$(VERSION)-linux-$(shell uname -m)
linux-program:
	@deps/install deps/packages.txt deps/packages-dist.txt
	@$(MAKE) --no-print-directory LIBS=pinned BUILD=build/linux PROGRAM=$(LINUX_PROGRAM) $(LINUX_PROGRAM)

# $(call pack-folder,PROGRAM,FOLDER,LICENSES): one folder: the program, and what one reads beside it. The program that
# runs here tells the completion, which is the same everywhere.
define pack-folder
	@rm -rf $(2)
	@install -d -m 755 $(addprefix $(2)/,man completion LICENSES) $(DIST)
	@install -m 755 $(1) $(2)/preflight
	@install -m 644 README.md README.ja.md CHANGELOG.md LICENSE rules.yaml $(2)
	@install -m 644 man/preflight.1 man/preflight-rules.5 $(2)/man
	@install -m 644 $(3)/* $(2)/LICENSES
	@$(LINUX_PROGRAM) completion bash > $(2)/completion/preflight.bash
	@$(LINUX_PROGRAM) completion zsh --lang $(COMPLETION_LANG) > $(2)/completion/_preflight
	@chmod 644 $(2)/completion/*
	@tar -C $(dir $(2)) --sort=name --format=ustar --mtime=@$(SOURCE_DATE_EPOCH) --owner=0 --group=0 \
		--numeric-owner -cf - $(notdir $(2)) | gzip -9n > $(DIST)/$(notdir $(2)).tar.gz
endef

dist-linux: linux-program
	$(call pack-folder,$(LINUX_PROGRAM),build/linux/$(LINUX_NAME),build/linux/deps/licenses)

deb: linux-program
	@VERSION='$(VERSION)' tools/make-deb $(LINUX_PROGRAM) $(DIST)

# The Homebrew formula and the winget manifests, once the files that they name are in $(DIST):
# make dist BASE_URL=https://... HOMEPAGE=https://...
manifests:
	@BASE_URL='$(BASE_URL)' HOMEPAGE='$(HOMEPAGE)' contrib/fill --version '$(VERSION)' \
		--epoch $(SOURCE_DATE_EPOCH) $(DIST)

# Archive, package, formula and manifests, and that they run and have the same bytes from every folder.
test-dist: setup-tests linux-program
	@$(MAKE) --no-print-directory $(PROGRAM)
	PREFLIGHT_BUILDS=plain $(PYTEST) tests/dist

.PHONY: linux-program dist-linux deb manifests test-dist

# ---- the release as a whole ----

# Each part leaves its files in $(DIST). make dist makes them all, or none; DIST_DIRTY=1 takes what is not committed,
# MACOS=1 makes the one for macOS, too (the libraries twice more: a quarter of an hour, once).
PARTS := archive-source archive-windows dist-linux deb $(if $(MACOS),archive-macos) $(if $(BASE_URL),manifests)
dist: export MAKE := $(MAKE)
dist: export PARTS := $(PARTS)
dist dist-check: export VERSION := $(VERSION)
dist dist-check: export DIST := $(DIST)
dist:
	@deps/install deps/packages-dist.txt
	@tools/make-dist

# The same again in a fresh clone elsewhere, with libraries of its own (QUICK=1: with those that are here): both must
# have the same bytes.
dist-check: export MAKE := $(MAKE)
dist-check:
	@deps/install deps/packages-tests.txt
	@tools/check-dist

archive-source:
	@mkdir -p $(DIST)
	@git -c tar.umask=0022 archive --format=tar --prefix=preflight-$(VERSION)/ HEAD | gzip -9n > $(DIST)/preflight-$(VERSION).tar.gz

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

# Of the same sources, and so under the same licenses, as the one for Linux.
archive-macos: dist-macos linux-program
	$(call pack-folder,build/macos/preflight,build/macos/preflight-$(VERSION)-macos-universal,build/linux/deps/licenses)

.PHONY: dist dist-check archive-source archive-windows archive-macos
