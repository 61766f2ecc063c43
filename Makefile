# Palabre: make, make run, make test, make install, make lint, make bench, make storm. README.md says the rest.

B ?= build
CC ?= gcc
PREFIX ?= /usr/local
DESTDIR ?=
SAN ?=
CFLAGS ?= -O2 -g

VERSION = 0.1
LIBS = -lssh -ltelnet -lncursesw -ltinfo -lsqlite3 -lstemmer -lunistring -lcsv -lxlsxwriter -lzip -lexpat -lcrypt -lcrypto -lseccomp -lm
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	-Wformat=2 -Wvla -Wno-overlength-strings
ALL_CFLAGS = -std=gnu17 -I. -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	-DLOCALEDIR='"$(PREFIX)/share/locale"' $(WARNINGS) $(HARDEN) $(CFLAGS)
HARDEN = -fPIE -fstack-protector-strong $(if $(SAN),,-D_FORTIFY_SOURCE=2)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS)
ifneq ($(SAN),)
ALL_CFLAGS += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
ALL_LDFLAGS += -fsanitize=$(SAN)
endif

SOURCES = $(wildcard bbs/base/*.c bbs/*.c db/*.c screens/*.c)
DECODER = $(patsubst %.c,$(B)/obj/%.o,$(wildcard bbs/decode/*.c))
OBJECTS = $(SOURCES:%.c=$(B)/obj/%.o) $(B)/obj/db/embed.o
HOUSE = $(filter-out $(B)/obj/bbs/main.o,$(OBJECTS))
EMBEDDED = $(sort $(wildcard db/schema/*.sql db/data/*.tsv db/data/demo/*))
UNIT = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/*.c))
FUZZ = $(filter-out $(B)/tests/fuzz/main,$(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/*.c)))
# What runs a fuzz target: our own main on files, or libFuzzer's (make fuzz).
FUZZ_MAIN ?= $(B)/obj/tests/fuzz/main.o
FUZZ_SECONDS ?= 60
HELPERS = $(patsubst %.c,$(B)/%,$(wildcard tests/*.c))
BENCH = $(filter-out tests/bench/store.c,$(wildcard tests/bench/*.c))
LOCALES = $(B)/locale/fr/LC_MESSAGES/palabre.mo

all: $(B)/bbs $(B)/bbs-decode $(LOCALES)

$(B)/bbs: $(OBJECTS)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# What reads strangers' files has libraries of its own, which no caller's process is to carry.
$(B)/bbs-decode: $(DECODER) $(B)/obj/bbs/xlsx_read.o $(filter $(B)/obj/bbs/base/%,$(OBJECTS))
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lunistring -lcsv -lzip -lexpat -lchafa -lglib-2.0 -lsndfile -lm

$(DECODER): ALL_CFLAGS += $(patsubst -I%,-isystem %,$(shell pkg-config --cflags chafa))

$(B)/obj/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Whatever is built with other flags is built again.
$(B)/flags: force
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS)' > $@

# The schema and the data, inside the program: one table of names and texts.
$(B)/obj/db/embed.c: $(EMBEDDED) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "db/embed.h"'; n=0; for f in $(EMBEDDED); do n=$$((n + 1)); \
	printf '__asm__(".section .rodata\\nembedded_%d:\\n.incbin \\"%s\\"\\n.byte 0\\n.previous");\n' $$n $$f; \
	echo "extern const char embedded_$$n[];"; done; echo 'const struct embedded embedded[] = {'; \
	n=0; for f in $(EMBEDDED); do n=$$((n + 1)); echo "{ \"$${f#db/}\", embedded_$$n },"; done; \
	echo '{ 0, 0 } };'; } > $@

$(B)/obj/db/embed.o: $(B)/obj/db/embed.c $(EMBEDDED)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/locale/%/LC_MESSAGES/palabre.mo: screens/po/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

$(B)/tests/unit/%: $(B)/obj/tests/unit/%.o $(HOUSE)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka -lvterm -lutil -lz

# What the program is built of, and what its tests use besides.
PACKAGES = gcc libc6-dev gettext libssh-dev libtelnet-dev libncurses-dev ncurses-term libsqlite3-dev \
	libstemmer-dev libunistring-dev libcsv-dev libxlsxwriter-dev libzip-dev libexpat1-dev \
	libcrypt-dev libssl-dev libseccomp-dev libchafa-dev libglib2.0-dev libstb-dev libsndfile1-dev poppler-utils lrzsz
TEST_PACKAGES = libcmocka-dev libvterm-dev libpq-dev postgresql openssh-client openssh-server \
	putty-tools dropbear-bin inetutils-telnet tmux expect sshpass socat netcat-openbsd python3 \
	python3-paramiko python3-pexpect python3-vobject python3-openpyxl xlsx2csv sqlite3 ssh-audit strace procps iproute2 \
	zlib1g-dev curl lftp sshfs libsixel-bin \
	libimage-exiftool-perl netpbm webp
LINT_PACKAGES = clang-tidy cppcheck shellcheck

packages:
	@./packages $(PACKAGES)

test-packages:
	@./packages $(PACKAGES) $(TEST_PACKAGES)

# A board with an invented network, on this machine only.
run: packages
	@$(MAKE) -s all
	@$(B)/bbs check >/dev/null 2>&1 || $(B)/bbs demo >/dev/null
	@exec $(B)/bbs serve

# Two at a time, the long ones first; what measures time comes last, alone.
ALONE = tests/timing.sh
LONG = tests/sizes.sh tests/screens.sh tests/sftp.sh
TESTS = $(LONG) $(filter-out $(LONG) $(ALONE),$(sort $(wildcard tests/*.sh))) $(UNIT)

test: test-packages
	@$(MAKE) -s -j$$(nproc) all $(UNIT) $(HELPERS) $(FUZZ)
	@B=$(B) ALONE='$(ALONE)' tests/run $(TESTS)

# Beside OpenSSH's sshd with the same screens, posts beside SQLite's; a table, and $(B)/bench.json. Then the files.
bench: test-packages
	@$(MAKE) -s all $(B)/tests/bench/bench
	@B=$(B) tests/bench/run
	@$(MAKE) -s bench-files

# A thousand times kill -9 among fifty callers who write: a quarter of an hour at most, and a summary.
storm: test-packages
	@$(MAKE) -s all
	@B=$(B) tests/storm/run

# File transfers beside OpenSSH's own server: a table, and $(B)/bench-files.json.
bench-files: test-packages
	@$(MAKE) -s all
	@B=$(B) tests/bench/files

# A store of a million posts and a hundred thousand files beside one of ten thousand and a thousand, made once;
# a table, and $(B)/bench-store.json.
bench-store: test-packages
	@$(MAKE) -s all $(B)/tests/bench/store
	@mkdir -p $(B)/stores
	@for files in 1000 100000; do f=$(B)/stores/$$files-files; test -f $$f.sqlite || \
		{ printf '[store]\npath = %s-files.sqlite\n' $$files >$$f.conf && time $(B)/bbs -c $$f.conf demo \
		--councils 1514 --members 15000 --posts $${files}0 --files $$files >/dev/null; } || exit 1; done
	@$(B)/tests/bench/store $(B)/bench-store.json $(B)/stores/1000-files.sqlite $(B)/stores/100000-files.sqlite

$(B)/tests/bench/store: $(B)/obj/tests/bench/store.o $(HOUSE)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/tests/bench/bench: $(BENCH:%.c=$(B)/obj/%.o) $(HOUSE)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lvterm -lz

# The code read by tools: any finding fails.
lint:
	@./packages $(PACKAGES) $(TEST_PACKAGES) $(LINT_PACKAGES)
	@$(MAKE) -s $(B)/obj/db/embed.c
	@shellcheck -S warning packages tests/run tests/bench/run tests/storm/run .ci/run tests/*.sh
	@cppcheck --quiet --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--std=c11 -D__GNUC__ -I. --suppress=missingIncludeSystem -j 2 bbs db screens
	@printf '%s\n' -std=gnu17 -I$(CURDIR) -D_GNU_SOURCE '-DVERSION="$(VERSION)"' \
		'-DLOCALEDIR="$(PREFIX)/share/locale"' > $(B)/compile_flags.txt
	@pkg-config --cflags chafa | tr ' ' '\n' | sed 's/^-I/-isystem/' >> $(B)/compile_flags.txt
	@printf '%s\n' $(SOURCES) $(filter-out bbs/decode/stb.c,$(wildcard bbs/decode/*.c)) | xargs -P 2 -n 4 clang-tidy --quiet -p $(B) 2>/dev/null

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/locale/fr/LC_MESSAGES \
		$(DESTDIR)$(PREFIX)/share/doc/palabre
	install $(B)/bbs $(B)/bbs-decode $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(LOCALES) $(DESTDIR)$(PREFIX)/share/locale/fr/LC_MESSAGES/palabre.mo
	install -m 644 README.md LICENSE bbs.conf db/data/LICENCES $(DESTDIR)$(PREFIX)/share/doc/palabre

# The catalogue, brought up to date with the sentences in the code.
po:
	xgettext --from-code=UTF-8 -k_ -kN_ -kngettext:1,2 --no-location --sort-output --no-wrap \
		-o $(B)/palabre.pot $(SOURCES) 2>/dev/null
	sed -i '/^"POT-Creation-Date/d' $(B)/palabre.pot
	msgmerge --quiet --no-fuzzy-matching --update --backup=none --sort-output --no-wrap \
		screens/po/fr.po $(B)/palabre.pot
	msgattrib --no-obsolete --sort-output --no-wrap -o screens/po/fr.po screens/po/fr.po

# Each fuzz target under libFuzzer for FUZZ_SECONDS; a finding stays in $(B)/fuzz, and ends it.
fuzz:
	@./packages $(PACKAGES) $(TEST_PACKAGES) clang
	@$(MAKE) -s B=$(B)/fuzz CC=clang SAN=address,undefined CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' \
		FUZZ_MAIN=-fsanitize=fuzzer fuzz-targets
	@cd $(B)/fuzz && for t in tests/fuzz/*; do name=$${t##*/}; mkdir -p found/$$name; echo "$$name:"; \
		./$$t -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -timeout=10 -print_final_stats=1 \
		found/$$name $(CURDIR)/tests/fuzz/corpus/$$name 2>$$name.log || { tail -n 40 $$name.log; exit 1; }; \
		grep -E 'number_of_executed_units|new_units' $$name.log; done

fuzz-targets: $(FUZZ)

# telnet.c is read by its target as a whole.
$(B)/tests/fuzz/%: $(B)/obj/tests/fuzz/%.o $(B)/obj/tests/fuzz/main.o $(HOUSE)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $< $(FUZZ_MAIN) \
		$(filter-out $(if $(filter telnet,$*),$(B)/obj/bbs/telnet.o),$(HOUSE)) $(LIBS)

# Programs that scripts of tests use.
$(B)/tests/%: $(B)/obj/tests/%.o $(HOUSE)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lvterm -lutil

$(B)/obj/tests/postgres.o: ALL_CFLAGS += -isystem /usr/include/postgresql
$(B)/tests/postgres: LIBS += -lpq

clean:
	rm -rf $(B)

.PHONY: all clean force packages test-packages run test lint install po bench bench-files bench-store storm fuzz fuzz-targets
-include $(OBJECTS:.o=.d) $(DECODER:.o=.d) $(UNIT:$(B)/%=$(B)/obj/%.d)
