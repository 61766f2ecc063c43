/* The log: lines on standard error. A line is written with one write(), so processes do not mix. */
#include "bbs/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bbs/base/clock.h"

enum { SELDOM = 10 * 60 * 1000 }; /* ms between two lines of log_seldom() */

static _Atomic int64_t *said; /* ticks of the last one, in shared memory */

void (*log_last_words)(void);

static enum log_level threshold = LOG_NOTE;
static const char *process = "bbs";

void
log_level(enum log_level level)
{
	threshold = level;
}

void
log_name(const char *name)
{
	process = name;
}

static void __attribute__((format(printf, 2, 0)))
write_line(const char *where, const char *format, va_list args)
{
	char line[512];
	int n = snprintf(line, sizeof line, "%s[%d]: %s", process, (int)getpid(), where);
	if (n > 0 && (size_t)n < sizeof line)
		/* The analyzer does not see that the caller has started args. */
		n += vsnprintf(line + n, sizeof line - (size_t)n, format, args); // NOLINT(clang-analyzer-valist.Uninitialized)
	if (n < 0)
		return;
	if ((size_t)n > sizeof line - 2)
		n = sizeof line - 2;
	line[n] = '\n';
	/* Where standard error is gone there is nobody left to tell. */
	if (write(STDERR_FILENO, line, (size_t)n + 1) < 0)
		return;
}

void
log_line(enum log_level level, const char *format, ...)
{
	if (level > threshold)
		return;
	va_list args;
	va_start(args, format);
	write_line("", format, args);
	va_end(args);
}

void
log_share(void)
{
	said = mmap(NULL, sizeof *said, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (said == MAP_FAILED)
		die("shared memory: %s", strerror(errno));
}

void
log_share_no_more(void)
{
	if (said)
		munmap(said, sizeof *said);
	said = NULL;
}

void
log_seldom(enum log_level level, const char *format, ...)
{
	int64_t now = clock_ticks(), last = said ? atomic_load(said) : now;
	if (level > threshold || !said || (last && now - last < SELDOM) ||
	    !atomic_compare_exchange_strong(said, &last, now))
		return;
	va_list args;
	va_start(args, format);
	write_line("", format, args);
	va_end(args);
}

void
log_die(const char *file, int line, const char *format, ...)
{
	char where[96];
	snprintf(where, sizeof where, "%s:%d: ", file, line);
	va_list args;
	va_start(args, format);
	write_line(where, format, args);
	va_end(args);
	void (*words)(void) = log_last_words;
	log_last_words = NULL;
	if (words)
		words();
	_exit(70);
}
