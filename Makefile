# preflight: make (build), make run, make test, make demo, make bench. GNU make.

# make TARGET=windows: the Windows program, by a cross compiler; TARGET=darwin ARCH=arm64 or x86_64:
# that of macOS (deps/macos).
HOST := $(shell uname -s | tr A-Z a-z)
TARGET ?= $(HOST)
ifeq ($(TARGET),windows)
CC := x86_64-w64-mingw32-gcc
HOSTCC ?= cc
BUILD ?= build/windows
PROGRAM ?= build/windows/preflight.exe
else ifneq ($(filter darwin,$(TARGET)),$(filter darwin,$(HOST)))
ARCH ?= arm64
CC := deps/macos/cc $(ARCH)
HOSTCC ?= cc
BUILD ?= build/macos/$(ARCH)
PROGRAM ?= build/macos/preflight-$(ARCH)
else
BUILD ?= build
PROGRAM ?= preflight
endif
CC ?= cc
PREFIX ?= /usr/local

# The one place that has it.
VERSION := $(shell sed -n 's/^.define PREFLIGHT_VERSION "\(.*\)"$$/\1/p' include/version.h)

all: $(PROGRAM)

# ---- libraries ----
# A small static libcurl (deps/build-curl) keeps start-up and memory low; where Debian's source
# package cannot be had, the system's libraries are taken (make setup notices, or LIBS=shared).
DEPS := build/deps
LIBS ?= $(if $(wildcard $(DEPS)/unavailable),shared,static)
LIBCURL := $(DEPS)/lib/libcurl.a
ifeq ($(TARGET),windows)
DEPS := build/windows/deps
CURL_READY := $(DEPS)/stamp
CURL_CPPFLAGS := -isystem $(DEPS)/include -DCURL_STATICLIB -DCARES_STATICLIB -DYAML_DECLARE_STATIC \
	-DUTF8PROC_STATIC -D_WIN32_WINNT=0x0A00 -DUNICODE -D_UNICODE -DWIN32_LEAN_AND_MEAN \
	-D__USE_MINGW_ANSI_STDIO=1
LIBRARIES := -L$(BUILD)/delayed -L$(DEPS)/lib -lcurl -lssl -lcrypto -lcares -lyaml -ljansson -lutf8proc \
	-lrasapi32 -lwinhttp -liphlpapi -lws2_32 -lcrypt32 -lncrypt -lbcrypt -ladvapi32 -lshell32 -luser32 -lole32 -luuid
else ifeq ($(LIBS),pinned)
# What is given away: the same sources as on Windows, for every Linux with a not too old glibc.
DEPS := build/linux/deps
CURL_READY := $(DEPS)/stamp
CURL_CPPFLAGS := -isystem $(DEPS)/include -DCURL_STATICLIB -DCARES_STATICLIB -DYAML_DECLARE_STATIC \
	-DUTF8PROC_STATIC
LIBRARIES := -L$(DEPS)/lib -Wl,-Bstatic -lcurl -lssl -lcrypto -lcares -lyaml -ljansson -lutf8proc \
	-Wl,-Bdynamic
else ifdef ARCH
# make check-macos has the headers alone, which are the same for both processors.
DEPS := build/macos/$(if $(HEADERS_ONLY),arm64,$(ARCH))/deps
CURL_READY := $(DEPS)/$(if $(HEADERS_ONLY),headers,stamp)
CURL_CPPFLAGS := -isystem $(DEPS)/include -DCURL_STATICLIB -DCARES_STATICLIB
LIBRARIES := -L$(DEPS)/lib -lcurl -lssl -lcrypto -lcares -lyaml -ljansson -lutf8proc
else ifeq ($(HOST),darwin)
# On a Mac itself: the libraries of a package manager, found by pkg-config. What follows needs none of them.
PACKAGES := libcurl openssl libcares yaml-0.1 jansson libutf8proc
LIBRARIES_UNUSED := clean archive-source manifests coverage-rows lifecycle check-macos dist-macos dist-windows
PKG_CONFIG ?= pkg-config
ifneq ($(filter-out $(LIBRARIES_UNUSED),$(or $(MAKECMDGOALS),all)),)
UNKNOWN := $(strip $(foreach package,$(PACKAGES),\
	$(if $(shell $(PKG_CONFIG) --exists $(package) 2>/dev/null && echo yes),,$(package))))
ifneq ($(UNKNOWN),)
$(error pkg-config does not know: $(UNKNOWN) (brew install pkgconf c-ares curl jansson libyaml openssl@3 utf8proc; those \
	that Homebrew keeps apart need PKG_CONFIG_PATH="$$(brew --prefix curl)/lib/pkgconfig:$$(brew --prefix openssl@3)/lib/pkgconfig"))
endif
CURL_CPPFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
LIBRARIES := $(shell $(PKG_CONFIG) --libs $(PACKAGES))
HOST_CPPFLAGS := $(CURL_CPPFLAGS)
HOST_LIBRARIES := $(LIBRARIES)
endif
else ifeq ($(LIBS),static)
CURL_CPPFLAGS := -isystem $(DEPS)/include -DCURL_STATICLIB
LIBRARIES := $(LIBCURL) -Wl,-Bstatic -lssl -lcrypto -lcares -lyaml -ljansson -lutf8proc -Wl,-Bdynamic
CURL_READY := $(LIBCURL)
else
LIBRARIES := -lcurl -lssl -lcrypto -lcares -lyaml -ljansson -lutf8proc
endif

# ---- flags ----
comma := ,
cc-option = $(shell $(CC) -Werror $(1) -c -x c /dev/null -o /dev/null 2>/dev/null && echo '$(1)')
WARNINGS := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wundef
ifdef WERROR
WARNINGS += -Werror
endif
HARDENING := $(call cc-option,-fstack-protector-strong) $(call cc-option,-fstack-clash-protection) \
	$(call cc-option,-fcf-protection=full)
ifdef SANITIZE
OPTIMIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-DPREFLIGHT_TIDY_EXIT=1
LINKING := -fsanitize=address,undefined
else
OPTIMIZE := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -ffunction-sections -fdata-sections
LINKING := -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,noexecstack,-z,pack-relative-relocs
endif
CPPFLAGS := -D_DEFAULT_SOURCE -Iinclude -Isrc $(CURL_CPPFLAGS)
CFLAGS := -std=c11 -fPIE $(OPTIMIZE) $(HARDENING) $(WARNINGS)
LDFLAGS := -pie -Wl,-O1 -Wl,--as-needed $(LINKING)
ifeq ($(LIBS),pinned)
# No folder names; no packed relocations, which only glibc 2.36 and later read.
CFLAGS := $(filter-out -g,$(CFLAGS)) -g0 -fno-ident -ffile-prefix-map=$(CURDIR)=.
LDFLAGS := -s $(subst $(comma)-z$(comma)pack-relative-relocs,,$(LDFLAGS))
endif
ifeq ($(TARGET),windows)
# No time stamps and no folder names: the same sources make the same bytes. Windows' own ABI looks at each page of a
# stack before it is used; -fstack-clash-protection makes this compiler fail.
HARDENING := $(filter-out -fstack-clash-protection,$(HARDENING))
CFLAGS := -std=c11 -O2 -g0 -ffunction-sections -fdata-sections -fstack-protector-strong -fno-ident \
	-D_FORTIFY_SOURCE=2 -ffile-prefix-map=$(CURDIR)=. $(HARDENING) $(WARNINGS)
LDFLAGS := -static -s -fstack-protector-strong -Wl,--gc-sections -Wl,--no-insert-timestamp -Wl,--nxcompat \
	-Wl,--dynamicbase -Wl,--high-entropy-va -Wl,--file-alignment,4096
# Libraries of Windows that are loaded when they are first called, and then not from the program's own
# folder (windows_start.c): they bring many others along, and most runs need none of them.
DELAYED := advapi32 bcrypt crypt32 iphlpapi ncrypt ole32 rasapi32 shell32 user32 winhttp
DELAYED_LIBRARIES := $(DELAYED:%=$(BUILD)/delayed/lib%.a)
else ifeq ($(TARGET),darwin)
CFLAGS := -std=c11 -O2 -g0 -ffunction-sections -fdata-sections -fstack-protector-strong \
	-D_FORTIFY_SOURCE=2 -ffile-prefix-map=$(CURDIR)=. $(WARNINGS)
LDFLAGS := -s -Wl,-dead_strip
endif

# ---- what there is ----
SHARED_PLATFORM := $(addprefix src/platform/,common.c environment_proxies.c sockets.c)
ifeq ($(TARGET),linux)
PLATFORM := $(SHARED_PLATFORM) $(wildcard src/platform/linux_*.c src/platform/*_linux.c src/platform/posix_*.c)
else ifeq ($(TARGET),windows)
PLATFORM := $(SHARED_PLATFORM) $(wildcard src/platform/windows_*.c)
else ifeq ($(TARGET),darwin)
PLATFORM := $(SHARED_PLATFORM) $(wildcard src/platform/darwin_*.c src/platform/plist*.c src/platform/posix_*.c) \
	$(addprefix src/platform/nosupport_,hops.c udp.c wait.c)
else
PLATFORM := $(SHARED_PLATFORM) $(wildcard src/platform/nosupport*.c src/platform/posix_*.c)
endif
# Readers of other systems' texts, which POSIX systems test too.
ifneq ($(TARGET),windows)
FOREIGN := $(wildcard src/platform/plist*.c src/platform/darwin_parse*.c)
endif
PROGRAM_SOURCES := $(wildcard src/*.c src/commands/*.c src/identity/*.c src/diagnose/*.c src/rules/*.c src/engine/*.c src/report/*.c src/request/*.c checks/*.c) \
	$(PLATFORM)
OBJECTS := $(PROGRAM_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/rules_builtin.o
ifeq ($(TARGET),windows)
OBJECTS += $(BUILD)/src/platform/windows.res.o
endif
PARTS := $(sort $(filter-out $(BUILD)/src/main.o,$(OBJECTS)) $(FOREIGN:%.c=$(BUILD)/%.o))
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNIT_HELPERS := $(filter-out $(UNIT_SOURCES),$(wildcard tests/unit/*.c))
UNIT_HELPER_OBJECTS := $(UNIT_HELPERS:%.c=$(BUILD)/%.o)
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_REPLAYS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/replay/%)

# make V=1 shows the commands.
ifndef V
Q := @
say = @echo '  $(1)' $(2)
endif

# Other flags, other objects: a release holds nothing of an earlier way to build.
FLAGS := $(filter-out -Werror,$(CC) $(CPPFLAGS) $(CFLAGS))
$(BUILD)/flags: FORCE
	@mkdir -p $(@D) && { [ "$$(cat $@ 2>/dev/null)" = '$(FLAGS)' ] || echo '$(FLAGS)' > $@; }
FORCE:

# The libraries' stamp is named here, or make would remove what a rule with % made on the way.
$(PROGRAM): $(OBJECTS) $(DELAYED_LIBRARIES) | $(CURL_READY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(OBJECTS) $(LIBRARIES)

$(BUILD)/%.o: %.c $(BUILD)/flags | $(CURL_READY)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# 1.2.3 is 1,2,3,0 there.
$(BUILD)/%.res.o: %.rc $(BUILD)/windows.manifest $(wildcard src/platform/windows.ico) include/version.h
	@mkdir -p $(@D)
	$(call say,RC,$@)
	$(Q)x86_64-w64-mingw32-windres -I $(BUILD) -I $(<D) \
		-D VERSION_NUMBERS=$(subst .,$(comma),$(firstword $(subst -, ,$(VERSION)))),0 -o $@ $<

$(BUILD)/windows.manifest: src/platform/windows.manifest include/version.h
	@mkdir -p $(@D)
	$(Q)sed 's/@VERSION@/$(firstword $(subst -, ,$(VERSION)))/' $< > $@

$(BUILD)/rules_builtin.o: $(BUILD)/rules_builtin.c
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/rules_builtin.c: rules.yaml $(BUILD)/pack-rules
	$(call say,PACK,rules.yaml)
	$(Q)$(BUILD)/pack-rules rules.yaml rules_builtin_pack < rules.yaml > $@.part && mv $@.part $@

# From the names in the compiler's own import library.
$(BUILD)/delayed/lib%.a:
	@mkdir -p $(@D)
	$(call say,DELAY,$@)
	$(Q)library=$$($(CC) -print-file-name=lib$*.a) && cd $(@D) && { \
		echo "LIBRARY \"$$(x86_64-w64-mingw32-dlltool -I $$library)\"" && echo EXPORTS && \
		x86_64-w64-mingw32-nm $$library 2>/dev/null | sed -n 's/.* T //p' | sort -u; } > $*.def && \
		x86_64-w64-mingw32-dlltool --deterministic-libraries --temp-prefix $* -d $*.def \
			--output-delaylib $(@F).part && mv $(@F).part $(@F)

# Runs here, wherever the program will run: when that is built for another system, HOSTCC is the
# compiler of this one.
HOSTCC ?= $(CC)
HOST_LIBRARIES ?= -lyaml -lcrypto
PACK_SOURCES := tools/pack-rules.c $(addprefix src/rules/,tree.c node.c arena.c encoding.c index.c \
	sha256.c) src/mem.c src/strbuf.c src/diag.c src/utf8.c src/text_decode.c
$(BUILD)/pack-rules: $(PACK_SOURCES) include/rules.h $(wildcard src/rules/*.h)
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) -std=c11 -O1 $(WARNINGS) -D_DEFAULT_SOURCE -Iinclude -Isrc $(HOST_CPPFLAGS) -o $@ $(PACK_SOURCES) \
		$(HOST_LIBRARIES)

# Libraries have makefiles of their own, in which LIBS and the like mean something else.
ALONE := env -u MAKEFLAGS -u MFLAGS -u MAKEOVERRIDES

$(LIBCURL): deps/build-curl
	@$(ALONE) CC='$(CC)' deps/build-curl

build/linux/deps/stamp: deps/build-linux deps/sources.sh deps/sources.txt
	@$(ALONE) CC='$(CC)' deps/build-linux

build/windows/deps/stamp: deps/build-windows deps/sources.sh deps/sources.txt
	@$(ALONE) deps/build-windows

build/macos/%/deps/stamp: deps/build-macos deps/sources.sh deps/sources.txt deps/macos/cc deps/macos/package.json
	@$(ALONE) deps/build-macos $*

build/macos/%/deps/headers: deps/build-macos deps/sources.sh deps/sources.txt deps/macos/cc deps/macos/package.json
	@$(ALONE) deps/build-macos --headers $*

# All but main, for the test programs.
$(BUILD)/parts.a: $(PARTS)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(UNIT_HELPER_OBJECTS): CPPFLAGS += -Itests/unit

$(BUILD)/tests/%: tests/unit/%.c $(UNIT_HELPER_OBJECTS) $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES) -lcmocka

$(BUILD)/tests/render-html: tests/html/render.c $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

$(BUILD)/tests/expand: tests/cli/expand.c $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

$(BUILD)/replay/%: tests/fuzz/%.c $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(CPPFLAGS) -DFUZZ_REPLAY $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

-include $(OBJECTS:.o=.d) $(UNIT_HELPER_OBJECTS:.o=.d) $(FOREIGN:%.c=$(BUILD)/%.d)

clean:
	rm -rf $(filter-out $(DEPS),$(wildcard build/*)) $(PROGRAM)

# ---- the README's two commands, and what developers run ----

# Installs what it needs, builds, runs the checks. Ends 0 when the checker ran, whatever it found.
run: setup
	@$(MAKE) --no-print-directory $(PROGRAM)
	@./$(PROGRAM) $(ARGS); code=$$?; [ $$code -eq 0 ] || [ $$code -eq 1 ] || [ $$code -eq 3 ]

setup:
	@deps/install deps/packages.txt
	@if [ "$(LIBS)" = static ] && ! CC='$(CC)' deps/build-curl; then \
		echo "preflight is built with the system's shared libcurl instead" && \
		deps/install deps/packages-shared.txt && mkdir -p $(DEPS) && touch $(DEPS)/unavailable; \
	fi

setup-tests: setup
	@deps/install deps/packages.txt deps/packages-tests.txt deps/packages-dist.txt tests/lab/packages.txt \
		tests/oracle/packages.txt tests/html/packages.txt
	@tests/html/setup

# Most of a test's time is waiting for what stays silent, so there are more of them than processors.
JOBS ?= 3
PYTEST := /usr/bin/python3 -m pytest -q -rs -p no:cacheprovider

# Also the Windows program, under Wine, and macOS' objects, unless the sources of their libraries cannot be had. Of
# the lab's longest tests a share only (tests/lab/conftest.py); all of them in make test-lab and make test-windows.
test: setup-tests
	@$(MAKE) --no-print-directory test-programs
	@$(MAKE) --no-print-directory test-programs SANITIZE=1 BUILD=build/sanitized \
		PROGRAM=build/sanitized/preflight
	@deps/install deps/packages-windows.txt deps/packages-macos.txt tests/wine/packages.txt
	@deps/build-windows; case $$? in \
	0)	$(MAKE) --no-print-directory dist-windows check-macos && tests/wine/setup && \
		echo plain sanitized windows > build/tested ;; \
	69)	echo "preflight.exe is not tested: the sources of its libraries cannot be had" && \
		echo plain sanitized > build/tested ;; \
	*)	exit 1 ;; \
	esac
	WINDOWS_SHARE=3 SANITIZED_SHARE=2 SELF_SHARE=3 PREFLIGHT_BUILDS="$$(cat build/tested)" $(PYTEST) -n $(JOBS) --dist loadgroup tests

# All tests of the lab and the oracle, with both programs for this system.
test-lab: setup-tests
	@$(MAKE) --no-print-directory test-programs
	@$(MAKE) --no-print-directory test-programs SANITIZE=1 BUILD=build/sanitized \
		PROGRAM=build/sanitized/preflight
	PREFLIGHT_BUILDS="plain sanitized" $(PYTEST) -n $(JOBS) --dist loadgroup tests/lab tests/oracle

test-programs: $(PROGRAM) $(UNIT_TESTS) $(FUZZ_REPLAYS) $(BUILD)/tests/render-html $(BUILD)/tests/expand

# The checker in the lab: a healthy one, or make demo FAULT=udp-500-dropped
demo: setup-tests
	@$(MAKE) --no-print-directory $(PROGRAM)
	@tests/lab/demo $(if $(FAULT),--fault $(FAULT)) -- ./$(PROGRAM) $(ARGS); code=$$?; \
		[ $$code -eq 0 ] || [ $$code -eq 1 ] || [ $$code -eq 3 ]

# The HTML report of real runs, in both languages, in Chromium: build/screenshots.
screenshots: setup-tests
	@$(MAKE) --no-print-directory $(BUILD)/tests/render-html
	@tests/html/screenshots $(BUILD)/tests/render-html build/screenshots

# The checker in every fault and in every pair of independent faults, or make matrix ARGS="--only dns-*"
matrix: setup-tests
	@$(MAKE) --no-print-directory $(PROGRAM)
	@/usr/bin/python3 -B tests/lab/matrix.py --program $(PROGRAM) $(ARGS)

# The checker and the real clients in worlds that are drawn: make oracle N=2000 SEED="1 2 3" JOBS=6, or REPLAY=FILE
ORACLE = /usr/bin/python3 -B tests/oracle/run.py --jobs $(if $(filter file,$(origin JOBS)),6,$(JOBS)) \
	$(addprefix -n ,$(N)) $(addprefix --seed ,$(SEED)) $(addprefix --replay ,$(REPLAY)) $(ARGS)
oracle: setup-tests
	@$(MAKE) --no-print-directory $(PROGRAM)
	@$(ORACLE) --program $(PROGRAM)

# With the Windows program, under Wine.
oracle-windows: setup-tests dist-windows
	@deps/install tests/wine/packages.txt
	@tests/wine/setup
	@$(ORACLE) --program tests/wine/preflight

# The program and OpenSSL at every certificate chain of tests/lab/chains: the whole table.
chains: setup-tests
	@$(MAKE) --no-print-directory $(PROGRAM)
	@/usr/bin/python3 -B tests/lab/chains/run.py --program $(PROGRAM) --table $(ARGS)

# The conflict list by names that belong to it and near ones; support dates by a data set. Both say what differs.
names: setup-tests
	@$(MAKE) --no-print-directory $(PROGRAM)
	@/usr/bin/python3 -B tests/inventories/names.py --program $(PROGRAM) $(ARGS)

lifecycle: setup-tests
	@/usr/bin/python3 -B tests/lifecycle/endoflife.py $(ARGS)

# Every requirement row of rules.yaml with its checks, profiles and tests; fails when one is missing.
coverage-rows:
	@/usr/bin/python3 -B tests/lab/coverage_rows.py

bench: setup-tests
	@$(MAKE) --no-print-directory $(PROGRAM) $(BUILD)/measure
	@/usr/bin/python3 tests/bench/bench.py

# What the Windows program costs under Wine, beside one of nothing.
bench-windows: setup-tests dist-windows build/measure
	@deps/install tests/wine/packages.txt
	@tests/wine/setup
	@/usr/bin/python3 tests/bench/bench_windows.py

$(BUILD)/measure: tests/bench/measure.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -O2 $(WARNINGS) -static -o $@ $<

lint: setup-tests
	clang-format --dry-run --Werror $$(git ls-files '*.c' '*.h')
	mandoc -Tlint -Wwarning man/preflight.1 man/preflight-rules.5
	shellcheck .ci/run deps/install deps/build-* deps/macos/cc deps/macos/setup deps/sources.sh tools/make-* \
		tools/check-dist tests/html/setup tests/html/screenshots tests/wine/preflight tests/wine/setup tests/wine/copy \
		tests/lab/vpn-script tests/oracle/vpn-script
	./$(PROGRAM) lint rules.yaml

# The Windows program, on Linux: libraries (once), program, and what to compare a download with.
dist-windows:
	@deps/install deps/packages-windows.txt
	@$(MAKE) --no-print-directory TARGET=windows
	@cd build/windows && sha256sum preflight.exe

# All tests with it, under Wine.
test-windows: setup-tests dist-windows
	@deps/install tests/wine/packages.txt
	@tests/wine/setup
	@$(MAKE) --no-print-directory $(PROGRAM)
	PREFLIGHT_BUILDS=windows $(PYTEST) -n $(JOBS) --dist loadgroup tests/cli tests/lab tests/dist/test_exe.py

include dist.mk

# Completion scripts, with descriptions in one language; where the shells of this machine look for them.
COMPLETION_LANG ?= ja
MANUALS ?= $(PREFIX)/share/man
BASH_COMPLETIONS ?= $(PREFIX)/share/bash-completion/completions
ZSH_FUNCTIONS ?= $(PREFIX)/share/zsh/site-functions

# It in every fault of the lab, under Wine: make matrix-windows ARGS="--only dns-*", as above
matrix-windows: setup-tests dist-windows
	@deps/install tests/wine/packages.txt
	@tests/wine/setup
	@/usr/bin/python3 -B tests/lab/matrix.py --program tests/wine/preflight --singles $(ARGS)

# macOS, on Linux. check-macos: every object for both processors, with the libraries' headers.
# dist-macos: the libraries (once), the programs, and both in one file.
objects: $(OBJECTS)

check-macos:
	@deps/install deps/packages-macos.txt
	@deps/macos/setup
	@for arch in arm64 x86_64; do \
		$(MAKE) --no-print-directory TARGET=darwin ARCH=$$arch HEADERS_ONLY=1 objects || exit 1; \
		echo "build/macos/$$arch: $$(find build/macos/$$arch/src build/macos/$$arch/checks -name '*.o' | wc -l) objects"; \
	done

dist-macos:
	@deps/install deps/packages-macos.txt
	@deps/macos/setup
	@$(MAKE) --no-print-directory TARGET=darwin ARCH=arm64
	@$(MAKE) --no-print-directory TARGET=darwin ARCH=x86_64
	@deps/macos/universal build/macos/preflight build/macos/preflight-x86_64 build/macos/preflight-arm64
	@cd build/macos && sha256sum preflight preflight-arm64 preflight-x86_64

install: $(PROGRAM)
	install -d -m 755 $(addprefix $(DESTDIR),$(PREFIX)/bin $(MANUALS)/man1 $(MANUALS)/man5 $(BASH_COMPLETIONS) \
		$(ZSH_FUNCTIONS))
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/preflight
	install -m 644 man/preflight.1 $(DESTDIR)$(MANUALS)/man1/preflight.1
	install -m 644 man/preflight-rules.5 $(DESTDIR)$(MANUALS)/man5/preflight-rules.5
	$(abspath $(PROGRAM)) completion bash > $(BUILD)/preflight.bash
	$(abspath $(PROGRAM)) completion zsh --lang $(COMPLETION_LANG) > $(BUILD)/_preflight
	install -m 644 $(BUILD)/preflight.bash $(DESTDIR)$(BASH_COMPLETIONS)/preflight
	install -m 644 $(BUILD)/_preflight $(DESTDIR)$(ZSH_FUNCTIONS)/_preflight

.PHONY: FORCE all run setup setup-tests test test-lab test-programs demo matrix chains oracle oracle-windows bench screenshots coverage-rows lint install clean \
	dist-windows test-windows matrix-windows objects check-macos dist-macos
.DELETE_ON_ERROR:
.SECONDARY: $(OBJECTS)
