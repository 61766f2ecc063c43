/* The languages: where their catalogues are, and switching from one to the other in one process. */
#include "bbs/base/i18n.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "bbs/base/text.h"

#ifndef LOCALEDIR
#define LOCALEDIR "/usr/local/share/locale"
#endif

/* gettext looks again at LANGUAGE when this has changed; no header declares it. */
extern int _nl_msg_cat_cntr;

static const char *const codes[LANGUAGE_COUNT] = { [LANGUAGE_FR] = "fr", [LANGUAGE_EN] = "en" };
static enum language current = LANGUAGE_FR;

/* The folder `locale` beside the program, as in build/, if there is one. */
static void
find_catalogues(char *folder, size_t size)
{
	char program[PATH_MAX];
	struct stat found;
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	if (n > 0) {
		program[n] = '\0';
		*strrchr(program, '/') = '\0';
		n = snprintf(folder, size, "%s/locale", program);
		if (n > 0 && (size_t)n < size && stat(folder, &found) == 0 &&
		    S_ISDIR(found.st_mode))
			return;
	}
	snprintf(folder, size, "%s", LOCALEDIR);
}

void
i18n_init(void)
{
	char folder[PATH_MAX + 16];
	/* Under "C" gettext would translate nothing. */
	if (!setlocale(LC_ALL, "C.UTF-8"))
		die("this machine has no locale C.UTF-8");
	find_catalogues(folder, sizeof folder);
	if (!bindtextdomain("palabre", folder) || !bind_textdomain_codeset("palabre", "UTF-8") ||
	    !textdomain("palabre"))
		die("gettext has no memory");
	for (int language = LANGUAGE_COUNT - 1; language >= 0; language--) {
		i18n_set((enum language)language);
		(void)_("just now");
		(void)strerror(EPERM); /* the C library has a catalogue of its own */
	}
}

void
i18n_set(enum language language)
{
	current = language;
	if (setenv("LANGUAGE", codes[language], 1) < 0)
		die("no memory for a language");
	_nl_msg_cat_cntr++;
}

enum language
i18n_get(void)
{
	return current;
}

int
i18n_parse(const char *name)
{
	static const struct {
		const char *name;
		enum language language;
	} known[] = {
		{ "fr", LANGUAGE_FR },
		{ "fra", LANGUAGE_FR },
		{ "francais", LANGUAGE_FR },
		{ "french", LANGUAGE_FR },
		{ "en", LANGUAGE_EN },
		{ "eng", LANGUAGE_EN },
		{ "anglais", LANGUAGE_EN },
		{ "english", LANGUAGE_EN },
	};
	struct buf plain = { 0 };
	int language = -1;
	text_fold(&plain, name);
	/* Of a locale's name the language alone. */
	buf_cut(&plain, strcspn(buf_text(&plain), "_-.@: "));
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(buf_text(&plain), known[i].name) == 0)
			language = (int)known[i].language;
	buf_free(&plain);
	return language;
}

const char *
i18n_code(enum language language)
{
	return codes[language];
}

void
i18n_size(struct buf *out, int64_t bytes)
{
	enum { K = 1024, M = K * K };
	if (bytes < K)
		buf_fmt(out, ngettext("%d byte", "%d bytes", (unsigned long)bytes), (int)bytes);
	else if (bytes < M - K / 2)
		buf_fmt(out, _("%d KB"), (int)((bytes + K / 2) / K));
	else if (bytes < (int64_t)K * M - M / 2)
		buf_fmt(out, _("%d MB"), (int)((bytes + M / 2) / M));
	else {
		int tenths = (int)((bytes / M * 10 + K / 2) / K);
		if (tenths % 10)
			buf_fmt(out, _("%d.%d GB"), tenths / 10, tenths % 10);
		else
			buf_fmt(out, _("%d GB"), tenths / 10);
	}
}
