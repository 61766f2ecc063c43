#ifndef BBS_BASE_I18N_H
#define BBS_BASE_I18N_H

#include <libintl.h>
#include <stdint.h>

#define _(s) gettext(s)
#define N_(s) (s)

/* The languages we speak; French first. */
enum language { LANGUAGE_FR, LANGUAGE_EN, LANGUAGE_COUNT };

/*
 * Call once, before any fork: sets the locale to C.UTF-8, finds the catalogues (the folder `locale`
 * beside the program, as in build/, else the installed one) and looks each language up once, so
 * that no file is opened later inside a fence. Leaves the process in French. Ends it where there is
 * no C.UTF-8.
 */
void
i18n_init(void);

/* Switches this process; takes effect at the next _(). */
void
i18n_set(enum language language);

enum language
i18n_get(void);

/* "fr", "fr_FR.UTF-8", "français", "en-GB"… → its language; -1 when unknown. */
int
i18n_parse(const char *name);

/* "fr" or "en". */
const char *
i18n_code(enum language language);

/* Adds how much that is, as people say it: "24 Ko", "1,5 Go"; from 0 on. */
struct buf;
void
i18n_size(struct buf *out, int64_t bytes);

#endif
