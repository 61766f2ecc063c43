# Palabre: make, make run, make test, make install, make lint, make bench. README.md says the rest.

B ?= build
CC ?= gcc
PREFIX ?= /usr/local
DESTDIR ?=
SAN ?=
CFLAGS ?= -O2 -g

VERSION = 0.1
LIBS = -lssh -ltelnet -lncursesw -ltinfo -lsqlite3 -lunistring -linih -lcsv -lcrypt -lcrypto -lseccomp -lm
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
OBJECTS = $(SOURCES:%.c=$(B)/%.o) $(B)/db/embed.o
HOUSE = $(filter-out $(B)/bbs/main.o,$(OBJECTS))
EMBEDDED = $(sort $(wildcard db/schema/*.sql db/data/*.tsv db/data/demo/*))
UNIT = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/*.c))
LOCALES = $(B)/locale/fr/LC_MESSAGES/palabre.mo

all: $(B)/bbs $(LOCALES)

$(B)/bbs: $(OBJECTS)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Whatever is built with other flags is built again.
$(B)/flags: force
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS)' > $@

# The schema and the data, inside the program: one table of names and texts.
$(B)/db/embed.c: $(EMBEDDED) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "db/embed.h"'; n=0; for f in $(EMBEDDED); do n=$$((n + 1)); \
	printf '__asm__(".section .rodata\\nembedded_%d:\\n.incbin \\"%s\\"\\n.byte 0\\n.previous");\n' $$n $$f; \
	echo "extern const char embedded_$$n[];"; done; echo 'const struct embedded embedded[] = {'; \
	n=0; for f in $(EMBEDDED); do n=$$((n + 1)); echo "{ \"$${f#db/}\", embedded_$$n },"; done; \
	echo '{ 0, 0 } };'; } > $@

$(B)/db/embed.o: $(B)/db/embed.c $(EMBEDDED)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/locale/%/LC_MESSAGES/palabre.mo: screens/po/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(HOUSE)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka -lvterm -lutil

clean:
	rm -rf $(B)

.PHONY: all clean force
-include $(OBJECTS:.o=.d)
