/* Packets of SFTP version 3 as bytes. */
#include "bbs/sftp_packet.h"

#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/path.h"

enum { /* what attributes there are */
	ATTR_SIZE = 1,
	ATTR_UIDGID = 2,
	ATTR_PERMISSIONS = 4,
	ATTR_ACMODTIME = 8,
};

enum { SOMEBODY = 1000 }; /* uid and gid of everything: there are no such here */

/* ---- read ---- */

uint64_t
packet_take_number(struct packet_reader *r, size_t bytes)
{
	uint64_t n = 0;
	if ((size_t)(r->end - r->at) < bytes) {
		r->lie = true;
		return 0;
	}
	while (bytes--)
		n = n << 8 | *r->at++;
	return n;
}

uint32_t
packet_take_u32(struct packet_reader *r)
{
	return (uint32_t)packet_take_number(r, 4);
}

struct packet_text
packet_take_text(struct packet_reader *r)
{
	uint32_t size = packet_take_u32(r);
	if ((size_t)(r->end - r->at) < size) {
		r->lie = true;
		return (struct packet_text){ "", 0 };
	}
	struct packet_text t = { (const char *)r->at, size };
	r->at += size;
	return t;
}

int64_t
packet_take_size(struct packet_reader *r)
{
	uint32_t flags = packet_take_u32(r);
	if (!(flags & ATTR_SIZE))
		return -1;
	uint64_t size = packet_take_number(r, 8);
	return size > INT64_MAX ? INT64_MAX : (int64_t)size;
}

int
packet_take_mode(struct packet_reader *r)
{
	uint32_t flags = packet_take_u32(r);
	packet_take_number(r, flags & ATTR_SIZE ? 8 : 0);
	packet_take_number(r, flags & ATTR_UIDGID ? 8 : 0);
	return flags & ATTR_PERMISSIONS ? (int)(packet_take_u32(r) & 07777) : -1;
}

/* ---- written ---- */

void
packet_put_number(struct buf *b, uint64_t n, size_t bytes)
{
	char data[8];
	for (size_t i = 0; i < bytes; i++)
		data[i] = (char)(n >> 8 * (bytes - 1 - i));
	buf_add(b, data, bytes);
}

void
packet_put_u32(struct buf *b, uint32_t n)
{
	packet_put_number(b, n, 4);
}

void
packet_put_text(struct buf *b, const char *data, size_t size)
{
	packet_put_u32(b, (uint32_t)size);
	buf_add(b, data, size);
}

void
packet_put_later(struct buf *b, size_t at, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		b->data[at + (size_t)i] = (char)(n >> 8 * (3 - i));
}

size_t
packet_put_begin(struct buf *b, enum packet_kind packet, uint32_t id)
{
	size_t at = b->len;
	packet_put_u32(b, 0);
	buf_char(b, (char)packet);
	packet_put_u32(b, id);
	return at;
}

void
packet_put_end(struct buf *b, size_t at)
{
	packet_put_later(b, at, (uint32_t)(b->len - at - 4));
}

void
packet_put_attributes(struct buf *b, int mode, int64_t size, int64_t changed)
{
	uint32_t time = changed > UINT32_MAX ? UINT32_MAX : changed > 0 ? (uint32_t)changed : (uint32_t)clock_now();
	packet_put_u32(b, ATTR_SIZE | ATTR_UIDGID | ATTR_PERMISSIONS | ATTR_ACMODTIME);
	packet_put_number(b, (uint64_t)size, 8);
	packet_put_u32(b, SOMEBODY);
	packet_put_u32(b, SOMEBODY);
	packet_put_u32(b, (uint32_t)mode);
	packet_put_u32(b, time);
	packet_put_u32(b, time);
}

void
packet_put_status(struct buf *b, uint32_t id, enum packet_status status, const char *words)
{
	const char *language = i18n_code(i18n_get());
	size_t at = packet_put_begin(b, FXP_STATUS, id);
	packet_put_u32(b, status);
	packet_put_text(b, words, strlen(words));
	packet_put_text(b, language, strlen(language));
	packet_put_end(b, at);
}

/* As ls -l has it. Clients part it by its blanks, so a name's are none. */
static void
put_long_name(struct buf *b, const char *name, const char *author, int mode, int64_t size, int64_t changed)
{
	static const char bits[] = "rwxrwxrwx";
	struct buf line = { 0 };
	buf_char(&line, mode & PATH_FOLDER ? 'd' : '-');
	for (int i = 0; i < 9; i++)
		buf_char(&line, mode & 0400 >> i ? bits[i] : '-');
	size_t owner = line.len + 6;
	buf_fmt(&line, "    1 %-10s palabre  %11lld ", *author ? author : "palabre", (long long)size);
	for (size_t i = owner; i < owner + strlen(author); i++)
		if (line.data[i] == ' ')
			line.data[i] = '_';
	clock_list(&line, changed ? changed : clock_now(), clock_now());
	buf_fmt(&line, " %s", name);
	packet_put_text(b, line.data, line.len);
	buf_free(&line);
}

void
packet_put_name(struct buf *b, const char *name, const char *author, int mode, int64_t size, int64_t changed)
{
	packet_put_text(b, name, strlen(name));
	put_long_name(b, name, author, mode, size, changed);
	packet_put_attributes(b, mode, size, changed);
}

void
packet_put_numbers(struct buf *b, uint32_t id, const uint64_t *numbers, size_t count)
{
	size_t at = packet_put_begin(b, FXP_EXTENDED_REPLY, id);
	for (size_t i = 0; i < count; i++)
		packet_put_number(b, numbers[i], 8);
	packet_put_end(b, at);
}
