/* Memory and growing strings. Nothing here knows of text's meaning: see text.h. */
#include "bbs/base/mem.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bbs/base/log.h"

void *
mem_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);
	if (!p)
		die("no memory for %zu bytes", size);
	return p;
}

void *
mem_resize(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		die("no memory for %zu bytes", size);
	return p;
}

char *
mem_dup(const char *s)
{
	if (!s)
		return NULL;
	size_t size = strlen(s) + 1;
	return memcpy(mem_alloc(size), s, size);
}

void
mem_fill_holes(void)
{
	enum { SMALLEST = 24 };
	static void *filled; /* each piece holds the one before, or checkers would call them lost */
	struct mallinfo2 heap = mallinfo2();
	const char *end = (const char *)sbrk(0) - heap.keepcost;
	size_t left = heap.fordblks - heap.keepcost;
	for (size_t size = left; size >= SMALLEST; size -= size > 128 ? size / 8 : 8) {
		void **piece = NULL;
		while (size <= left && (piece = malloc(size)) && (const char *)piece < end) {
			*piece = filled;
			filled = piece;
			piece = NULL;
			left -= size;
		}
		free(piece); /* that one was no hole, but beyond them */
	}
}

void
mem_give_back(void)
{
	enum { DEEP = 512 * 1024 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *here = __builtin_frame_address(0), *end = here - (uintptr_t)here % page - page;
	malloc_trim(0);
	/* What deeper calls have used of the stack. ENOMEM: it was never so deep, and all that is there went. */
	if (madvise(end - DEEP, DEEP, MADV_DONTNEED) && errno != ENOMEM)
		log_line(LOG_NOTE, "the stack is not given back: %s", strerror(errno));
}

void
mem_wipe(void *p, size_t size)
{
	explicit_bzero(p, size);
}

char *
buf_room(struct buf *b, size_t more)
{
	if (more > SIZE_MAX / 2 - b->len)
		die("a string of more than half the address space");
	size_t need = b->len + more + 1;
	if (need <= b->cap)
		return b->data + b->len;
	size_t cap = b->cap ? b->cap : 64;
	while (cap < need)
		cap *= 2;
	b->data = mem_resize(b->data, cap);
	b->cap = cap;
	return b->data + b->len;
}

void
buf_add(struct buf *b, const void *data, size_t size)
{
	buf_room(b, size);
	if (size)
		memcpy(b->data + b->len, data, size);
	b->len += size;
	b->data[b->len] = '\0';
}

void
buf_grow(struct buf *b, size_t by)
{
	b->len += by;
	b->data[b->len] = '\0';
}

void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_vfmt(struct buf *b, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	/* The analyzer does not see that the caller has started args. */
	int n = vsnprintf(NULL, 0, format, args); // NOLINT(clang-analyzer-valist.Uninitialized)
	if (n < 0)
		die("a format that cannot be printed");
	buf_room(b, (size_t)n);
	vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
	b->len += (size_t)n;
	va_end(again);
}

void
buf_fmt(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_vfmt(b, format, args);
	va_end(args);
}

void
buf_cut(struct buf *b, size_t len)
{
	if (len >= b->len)
		return;
	b->len = len;
	b->data[len] = '\0';
}

void
buf_eat(struct buf *b, size_t n)
{
	if (n > b->len)
		n = b->len;
	if (!n)
		return;
	memmove(b->data, b->data + n, b->len - n + 1);
	b->len -= n;
}

const char *
buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

void
buf_wipe(struct buf *b)
{
	if (b->data)
		mem_wipe(b->data, b->cap);
	buf_free(b);
}
