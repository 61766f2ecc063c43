/* Writing an archive: ustar heads. Nothing is read here. */
#include "bbs/tar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 512 };

struct head {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6],
	    version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct head) == BLOCK, "a head fills a block");

void
tar_file(struct buf *out, const char *name, int64_t when, const char *data, size_t size)
{
	static const char zeros[BLOCK];
	struct head h = { .type = '0', .magic = "ustar", .version = { '0', '0' } };
	unsigned sum = 0;
	snprintf(h.name, sizeof h.name, "%s", name);
	snprintf(h.mode, sizeof h.mode, "%07o", 0600u);
	snprintf(h.uid, sizeof h.uid, "%07o", 0u);
	snprintf(h.gid, sizeof h.gid, "%07o", 0u);
	snprintf(h.size, sizeof h.size, "%011zo", size);
	snprintf(h.mtime, sizeof h.mtime, "%011" PRIo64, (uint64_t)when);
	/* The sum counts its own place as spaces. */
	memset(h.checksum, ' ', sizeof h.checksum);
	for (size_t i = 0; i < sizeof h; i++)
		sum += ((const unsigned char *)&h)[i];
	snprintf(h.checksum, sizeof h.checksum, "%06o", sum);
	buf_add(out, (const char *)&h, sizeof h);
	buf_add(out, data, size);
	if (size % BLOCK)
		buf_add(out, zeros, BLOCK - size % BLOCK);
}

void
tar_end(struct buf *out)
{
	static const char zeros[2 * BLOCK];
	buf_add(out, zeros, sizeof zeros);
}
