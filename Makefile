# preflight: make (build), make run, make test, make demo, make bench. GNU make.

CC ?= cc
BUILD ?= build
PROGRAM ?= preflight

all: $(PROGRAM)

# ---- libraries ----
# A small static libcurl (deps/build-curl) keeps start-up and memory low; where Debian's source
# package cannot be had, LIBS=shared takes the system's libraries.
LIBS ?= static
DEPS := build/deps
LIBCURL := $(DEPS)/lib/libcurl.a
ifeq ($(LIBS),static)
CURL_CPPFLAGS := -isystem $(DEPS)/include -DCURL_STATICLIB
LIBRARIES := $(LIBCURL) -Wl,-Bstatic -lssl -lcrypto -lcares -lyaml -ljansson -Wl,-Bdynamic
CURL_READY := $(LIBCURL)
else
LIBRARIES := -lcurl -lssl -lcrypto -lcares -lyaml -ljansson
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
OPTIMIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LINKING := -fsanitize=address,undefined
else
OPTIMIZE := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -ffunction-sections -fdata-sections
LINKING := -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,noexecstack,-z,pack-relative-relocs
endif
CPPFLAGS := -D_DEFAULT_SOURCE -Iinclude $(CURL_CPPFLAGS)
CFLAGS := -std=c11 -fPIE $(OPTIMIZE) $(HARDENING) $(WARNINGS)
LDFLAGS := -pie -Wl,-O1 -Wl,--as-needed $(LINKING)

# ---- what there is ----
OS := $(shell uname -s | tr A-Z a-z)
ifeq ($(OS),linux)
PLATFORM := $(filter-out src/platform/nosupport%.c,$(wildcard src/platform/*.c))
else
PLATFORM := $(wildcard src/platform/nosupport*.c src/platform/posix_*.c)
endif
SOURCES := $(wildcard src/*.c src/commands/*.c src/rules/*.c src/engine/*.c src/report/*.c checks/*.c) \
	$(PLATFORM)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/rules_builtin.o
PARTS := $(filter-out $(BUILD)/src/main.o,$(OBJECTS))
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNIT_HELPERS := $(filter-out $(UNIT_SOURCES),$(wildcard tests/unit/*.c))
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_REPLAYS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/replay/%)

$(PROGRAM): $(OBJECTS)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

$(BUILD)/%.o: %.c | $(CURL_READY)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/rules_builtin.o: $(BUILD)/rules_builtin.c
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/rules_builtin.c: rules.yaml tools/embed
	@mkdir -p $(@D)
	tools/embed rules_builtin < rules.yaml > $@.part && mv $@.part $@

$(LIBCURL): deps/build-curl
	CC='$(CC)' deps/build-curl

$(BUILD)/tests/%: tests/unit/%.c $(UNIT_HELPERS) $(PARTS)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Isrc -Itests/unit $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES) -lcmocka

$(BUILD)/replay/%: tests/fuzz/%.c $(PARTS)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -DFUZZ_REPLAY -Isrc $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

-include $(OBJECTS:.o=.d)

clean:
	rm -rf $(filter-out $(DEPS),$(wildcard build/*)) $(PROGRAM)

.PHONY: all clean
.DELETE_ON_ERROR:
