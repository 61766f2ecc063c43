/*
 * Fuzzes a talk of sftp with a store of its own: the first byte says how the bytes behind it come, in which
 * pieces, and whether as they are or each packet with its right length before it (two bytes say how long).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/sftp.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/dev/shm/sftp-XXXXXX", path[sizeof folder + 16];

static void
forget_store(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-lock", "-queue" };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char file[sizeof path + 16];
		snprintf(file, sizeof file, "%s%s", path, ends[i]);
		unlink(file);
	}
	rmdir(folder);
}

/* A member of a council, who may send a little, and a folder and a file of his. */
static struct db *
make_store(void)
{
	static const struct file_limits limits = { .size = 1 << 20, .quota = 8 << 20, .refused = "exe" };
	struct sign_up form = { .login = "alba", .email = "alba@example.org", .family = "Martin", .given = "Alba" };
	struct council council = { 0 };
	struct db *db;
	member_id alba;
	item_id item;
	struct upload *u;
	struct file made;
	char own[SHELF_MAX + 1];
	log_level(LOG_TROUBLE);
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof path, "%s/store", folder);
	atexit(forget_store);
	if (db_open(&db, path, DB_OPEN, true))
		abort();
	db_set_viewer(db, MACHINE);
	db_set_files(db, &limits);
	buf_str(&council.name, "Les Cigales");
	buf_str(&council.communes, "30189");
	if (council_put(db, &council))
		abort();
	form.council = council.id;
	council_free(&council);
	if (member_add(db, &form, ROLE_MEMBER, "", &alba))
		abort();
	db_set_viewer(db, alba);
	snprintf(own, sizeof own, "m%lld", (long long)alba.n);
	if (folder_make(db, own, "d", &made) || upload_open(db, own, "f", UPLOAD_NEW, -1, &u) ||
	    upload_write(u, 0, "0123456789", 10) || upload_finish(u, &item))
		abort();
	file_free(&made);
	return db;
}

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
