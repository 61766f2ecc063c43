/*
 * Fuzzes a talk of sftp with a store of its own: the first byte says how the bytes behind it come, in which
 * pieces, and whether as they are or each packet with its right length before it (two bytes say how long).
 */
#include <stdint.h>
#include <stdlib.h>

#include "bbs/sftp.h"
#include "tests/fuzz/store.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Answers are packets, one behind the other, and not more than was allowed. */
static void
look_at(const struct buf *out)
{
	if (out->len > SFTP_OUT_MAX + SFTP_DATA_MAX + 64 * 1024)
		abort();
	for (size_t at = 0; at < out->len;) {
		uint32_t n = 0;
		for (int i = 0; i < 4 && at + 4 < out->len; i++)
			n = n << 8 | (unsigned char)out->data[at + (size_t)i];
		if (n < 5 || n > out->len - at - 4)
			abort();
		at += 4 + n;
	}
}

/* The input as it goes over the line. */
static void
put_packets(struct buf *in, const uint8_t *data, size_t size, bool framed)
{
	if (!framed)
		buf_add(in, data, size);
	while (framed && size >= 2) {
		size_t n = (size_t)data[0] << 8 | data[1];
		data += 2;
		size -= 2;
		if (n > size)
			n = size;
		const char head[4] = { 0, 0, (char)(n >> 8), (char)n };
		buf_add(in, head, 4);
		buf_add(in, data, n);
		data += n;
		size -= n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct db *db;
	struct buf line = { 0 }, out = { 0 }, words = { 0 };
	if (!db)
		db = make_store();
	if (size < 2)
		return 0;
	size_t piece = data[0] >> 1 ? (size_t)(data[0] >> 1) : size * 4;
	put_packets(&line, data + 1, size - 1, data[0] & 1);
	struct sftp *s = sftp_new(db);
	long taken = 0;
	for (size_t come = 0, at = 0; taken >= 0 && (taken || come < line.len);) {
		if (!taken)
			come = come + piece < line.len ? come + piece : line.len;
		taken = sftp_take(s, line.data + at, come - at, &out, &words);
		if (taken > (long)(come - at) || !db_idle(db))
			abort();
		look_at(&out);
		buf_cut(&out, 0);
		buf_cut(&words, 0);
		at += taken > 0 ? (size_t)taken : 0;
	}
	sftp_end(s);
	buf_free(&line);
	buf_free(&out);
	buf_free(&words);
	return 0;
}
