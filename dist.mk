# What a release consists of: build/dist.

DIST := build/dist
# The time that every file of a release carries: that of the last commit; without git, of CHANGELOG.md's date.
ifndef SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH := $(or $(shell git log -1 --format=%ct 2>/dev/null),$(shell date -u +%s \
	-d "$$(sed -n 's/^\#\# \[.*\([0-9]\{4\}-[0-9][0-9]-[0-9][0-9]\).*/\1/p' CHANGELOG.md | head -n 1)"))
endif
export SOURCE_DATE_EPOCH

# ---- Linux: archive and package ----

# The program that is given away: all its libraries are in it but glibc, of which 2.34 is enough.
LINUX_PROGRAM := build/linux/preflight
LINUX_NAME := preflight-$(VERSION)-linux-$(shell uname -m)
linux-program:
	@deps/install deps/packages.txt deps/packages-dist.txt
	@$(MAKE) --no-print-directory LIBS=pinned BUILD=build/linux PROGRAM=$(LINUX_PROGRAM) $(LINUX_PROGRAM)

# One folder: the program, and what one reads beside it.
dist-linux: FOLDER := build/linux/$(LINUX_NAME)
dist-linux: linux-program
	@rm -rf $(FOLDER)
	@install -d -m 755 $(addprefix $(FOLDER)/,man completion LICENSES) $(DIST)
	@install -m 755 $(LINUX_PROGRAM) $(FOLDER)/preflight
	@install -m 644 README.md README.ja.md CHANGELOG.md LICENSE rules.yaml $(FOLDER)
	@install -m 644 man/preflight.1 man/preflight-rules.5 $(FOLDER)/man
	@install -m 644 build/linux/deps/licenses/* $(FOLDER)/LICENSES
	@$(FOLDER)/preflight completion bash > $(FOLDER)/completion/preflight.bash
	@$(FOLDER)/preflight completion zsh --lang $(COMPLETION_LANG) > $(FOLDER)/completion/_preflight
	@chmod 644 $(FOLDER)/completion/*
	@tar -C build/linux --sort=name --format=ustar --mtime=@$(SOURCE_DATE_EPOCH) --owner=0 --group=0 \
		--numeric-owner -cf - $(LINUX_NAME) | gzip -9n > $(DIST)/$(LINUX_NAME).tar.gz

deb: linux-program
	@VERSION='$(VERSION)' tools/make-deb $(LINUX_PROGRAM) $(DIST)

# The Homebrew formula and the winget manifests, once the files that they name are in $(DIST):
# make dist BASE_URL=https://... HOMEPAGE=https://...
manifests:
	@BASE_URL='$(BASE_URL)' HOMEPAGE='$(HOMEPAGE)' contrib/fill --version '$(VERSION)' \
		--epoch $(SOURCE_DATE_EPOCH) $(DIST)

.PHONY: linux-program dist-linux deb manifests

# ---- the release as a whole ----

# Each part leaves its files in $(DIST). make dist makes them all, or none; DIST_DIRTY=1 takes what is not committed.
PARTS := archive-source archive-windows dist-linux deb $(if $(BASE_URL),manifests)
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

.PHONY: dist dist-check archive-source archive-windows
