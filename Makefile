# preflight: make (build), make run, make test, make demo, make bench. GNU make.

# make TARGET=windows: the Windows program, by a cross compiler.
TARGET ?= $(shell uname -s | tr A-Z a-z)
ifeq ($(TARGET),windows)
CC := x86_64-w64-mingw32-gcc
HOSTCC ?= cc
BUILD ?= build/windows
PROGRAM ?= build/windows/preflight.exe
else
BUILD ?= build
PROGRAM ?= preflight
endif
CC ?= cc
PREFIX ?= /usr/local

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
	-lrasapi32 -lwinhttp -liphlpapi -lws2_32 -lcrypt32 -lbcrypt -ladvapi32 -lshell32 -luser32 -lole32 -luuid
else ifeq ($(LIBS),static)
CURL_CPPFLAGS := -isystem $(DEPS)/include -DCURL_STATICLIB
LIBRARIES := $(LIBCURL) -Wl,-Bstatic -lssl -lcrypto -lcares -lyaml -ljansson -lutf8proc -Wl,-Bdynamic
CURL_READY := $(LIBCURL)
else
LIBRARIES := -lcurl -lssl -lcrypto -lcares -lyaml -ljansson -lutf8proc
endif

# ---- flags ----
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
OPTIMIZE := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -ffunction-sections -fdata-sections
LINKING := -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,noexecstack,-z,pack-relative-relocs
endif
CPPFLAGS := -D_DEFAULT_SOURCE -Iinclude -Isrc $(CURL_CPPFLAGS)
CFLAGS := -std=c11 -fPIE $(OPTIMIZE) $(HARDENING) $(WARNINGS)
LDFLAGS := -pie -Wl,-O1 -Wl,--as-needed $(LINKING)
ifeq ($(TARGET),windows)
# No time stamps and no folder names: the same sources make the same bytes.
CFLAGS := -std=c11 -O2 -g0 -ffunction-sections -fdata-sections -fstack-protector-strong -fno-ident \
	-D_FORTIFY_SOURCE=2 -ffile-prefix-map=$(CURDIR)=. $(WARNINGS)
LDFLAGS := -static -s -fstack-protector-strong -Wl,--gc-sections -Wl,--no-insert-timestamp -Wl,--nxcompat \
	-Wl,--dynamicbase -Wl,--high-entropy-va -Wl,--file-alignment,4096
# Libraries of Windows that are loaded when they are first called, and then not from the program's own
# folder (windows_start.c): they bring many others along, and most runs need none of them.
DELAYED := bcrypt crypt32 iphlpapi ole32 rasapi32 shell32 user32 winhttp
DELAYED_LIBRARIES := $(DELAYED:%=$(BUILD)/delayed/lib%.a)
endif

# ---- what there is ----
SHARED_PLATFORM := $(addprefix src/platform/,common.c environment_proxies.c sockets.c)
ifeq ($(TARGET),linux)
PLATFORM := $(SHARED_PLATFORM) $(wildcard src/platform/linux_*.c src/platform/*_linux.c src/platform/posix_*.c)
else ifeq ($(TARGET),windows)
PLATFORM := $(SHARED_PLATFORM) $(wildcard src/platform/windows_*.c)
else
PLATFORM := $(SHARED_PLATFORM) $(wildcard src/platform/nosupport*.c) src/platform/posix_poll.c
endif
SOURCES := $(wildcard src/*.c src/commands/*.c src/identity/*.c src/diagnose/*.c src/rules/*.c src/engine/*.c src/report/*.c src/request/*.c checks/*.c) \
	$(PLATFORM)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/rules_builtin.o
ifeq ($(TARGET),windows)
OBJECTS += $(BUILD)/src/platform/windows.res.o
endif
PARTS := $(filter-out $(BUILD)/src/main.o,$(OBJECTS))
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNIT_HELPERS := $(filter-out $(UNIT_SOURCES),$(wildcard tests/unit/*.c))
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_REPLAYS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/replay/%)

# make V=1 shows the commands.
ifndef V
Q := @
say = @echo '  $(1)' $(2)
endif

$(PROGRAM): $(OBJECTS) $(DELAYED_LIBRARIES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(OBJECTS) $(LIBRARIES)

$(BUILD)/%.o: %.c | $(CURL_READY)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.res.o: %.rc $(wildcard src/platform/windows.manifest src/platform/windows.ico)
	@mkdir -p $(@D)
	$(call say,RC,$@)
	$(Q)x86_64-w64-mingw32-windres -I $(<D) -o $@ $<

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
PACK_SOURCES := tools/pack-rules.c $(addprefix src/rules/,tree.c node.c arena.c encoding.c index.c \
	sha256.c) src/mem.c src/strbuf.c src/diag.c src/utf8.c
$(BUILD)/pack-rules: $(PACK_SOURCES) include/rules.h $(wildcard src/rules/*.h)
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)$(HOSTCC) -std=c11 -O1 $(WARNINGS) -D_DEFAULT_SOURCE -Iinclude -Isrc -o $@ $(PACK_SOURCES) \
		-lyaml -lcrypto

$(LIBCURL): deps/build-curl
	@CC='$(CC)' deps/build-curl

build/windows/deps/stamp: deps/build-windows deps/windows-sources.txt
	@deps/build-windows

# All but main, for the test programs.
$(BUILD)/parts.a: $(PARTS)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/tests/%: tests/unit/%.c $(UNIT_HELPERS) $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES) -lcmocka

$(BUILD)/tests/render-html: tests/html/render.c $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

$(BUILD)/replay/%: tests/fuzz/%.c $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(CPPFLAGS) -DFUZZ_REPLAY $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

-include $(OBJECTS:.o=.d)

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
	@deps/install deps/packages.txt deps/packages-tests.txt tests/lab/packages.txt tests/html/packages.txt
	@tests/html/setup

# Most of a test's time is waiting for what stays silent, so there are more of them than processors.
JOBS ?= 3
PYTEST := /usr/bin/python3 -m pytest -q -p no:cacheprovider

test: setup-tests
	@$(MAKE) --no-print-directory test-programs
	@$(MAKE) --no-print-directory test-programs SANITIZE=1 BUILD=build/sanitized \
		PROGRAM=build/sanitized/preflight
	$(PYTEST) -n $(JOBS) --dist loadgroup tests

test-programs: $(PROGRAM) $(UNIT_TESTS) $(FUZZ_REPLAYS) $(BUILD)/tests/render-html

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
	shellcheck .ci/run deps/install deps/build-curl deps/build-windows tests/html/setup tests/html/screenshots \
		tests/wine/preflight tests/wine/setup tests/wine/copy
	./$(PROGRAM) lint rules.yaml

# The Windows program, on Linux: libraries (once), program, and what to compare a download with.
dist-windows:
	@deps/install deps/packages-windows.txt
	@$(MAKE) --no-print-directory TARGET=windows
	@cd build/windows && sha256sum preflight.exe

# The command-line tests with it, under Wine.
test-windows: setup-tests dist-windows
	@deps/install tests/wine/packages.txt
	@$(MAKE) --no-print-directory $(PROGRAM)
	PREFLIGHT_BUILDS=windows $(PYTEST) tests/cli

# It in every fault of the lab, under Wine: make matrix-windows ARGS="--only dns-*", as above
matrix-windows: setup-tests dist-windows
	@deps/install tests/wine/packages.txt
	@tests/wine/setup
	@/usr/bin/python3 -B tests/lab/matrix.py --program tests/wine/preflight --singles $(ARGS)

install: $(PROGRAM)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/preflight
	install -D -m 644 man/preflight.1 $(DESTDIR)$(PREFIX)/share/man/man1/preflight.1
	install -D -m 644 man/preflight-rules.5 $(DESTDIR)$(PREFIX)/share/man/man5/preflight-rules.5

.PHONY: all run setup setup-tests test test-programs demo matrix bench screenshots coverage-rows lint install clean \
	dist-windows test-windows matrix-windows
.DELETE_ON_ERROR:
.SECONDARY: $(OBJECTS)
