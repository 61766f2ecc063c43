#ifndef BBS_BASE_LOG_H
#define BBS_BASE_LOG_H

/*
 * The log is standard error, one line an event, for the sysop: no text of people, no password, no
 * bound value ever goes there. Messages are English and untranslated.
 */
enum log_level { LOG_TROUBLE, LOG_NOTE, LOG_DETAIL };

/* What is not worth more than `level` is left out; the default is LOG_NOTE. */
void
log_level(enum log_level level);

/* The word that opens each line of this process: "serve", "session", "ssh"… Not copied. */
void
log_name(const char *name);

void
log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * What many processes meet at the same time, a full disk: one of them says it, and for ten minutes nobody
 * says anything of the kind again. Children forked after log_share() count together; where it was not called,
 * nothing is said: whoever runs a command reads its answer. Without it from log_share_no_more() on.
 */
void
log_seldom(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
void
log_share(void);
void
log_share_no_more(void);

/* A broken world: says where, and ends this process with status 70 (EX_SOFTWARE) at once. */
#define die(...) log_die(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void
log_die(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Called by die() before it ends, once: what has to be put back. May be NULL. */
extern void (*log_last_words)(void);

#endif
