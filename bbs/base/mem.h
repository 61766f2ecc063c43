#ifndef BBS_BASE_MEM_H
#define BBS_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Memory that is never NULL: where there is none left, the process says so in the log and ends. */
void *
mem_alloc(size_t size); /* zeroed */
void *
mem_resize(void *p, size_t size);
char *
mem_dup(const char *s); /* a copy to be freed; NULL gives NULL */

/*
 * For a process that forks many: takes the free pieces of the heap out of use, for good. What the children
 * allocate then lies together, not here and there in pages that they could go on sharing.
 */
void
mem_fill_holes(void);

/* What is free of the heap and of the stack goes back to the system: for a process that will be idle. */
void
mem_give_back(void);

/* Forgets a secret before its memory is used again. */
void
mem_wipe(void *p, size_t size);

/*
 * A growing string. A zeroed struct is an empty one. `data` is NUL-terminated once anything was
 * added; buf_text() gives "" before. Owned by whoever declared it: buf_free() when done.
 */
struct buf {
	char *data;
	size_t len, cap;
};

void
buf_add(struct buf *b, const void *data, size_t size);
void
buf_str(struct buf *b, const char *s);
void
buf_char(struct buf *b, char c);
void
buf_fmt(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void
buf_vfmt(struct buf *b, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), nonnull(2)));
/* Room for so many more bytes (and a NUL), at its end; what is put there counts by buf_grow(). */
char *
buf_room(struct buf *b, size_t more);
void
buf_grow(struct buf *b, size_t by);
/* Cuts to len bytes (a smaller number than it holds). */
void
buf_cut(struct buf *b, size_t len);
/* Removes the first n bytes. */
void
buf_eat(struct buf *b, size_t n);
const char *
buf_text(const struct buf *b);
void
buf_free(struct buf *b);
/* buf_free() for what may be a secret. */
void
buf_wipe(struct buf *b);

#endif
