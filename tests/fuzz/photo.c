/* Fuzzes a photo that is to be public: twice is once, nothing moves, and of a picture nothing is refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "db/photo.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	const uint8_t *data;
	size_t size;
};

static int64_t
read_bytes(void *ctx, int64_t at, char *out, size_t n)
{
	const struct bytes *b = ctx;
	if (at < 0 || (size_t)at > b->size)
		abort();
	size_t left = b->size - (size_t)at, take = left < n ? left : n;
	if (take)
		memcpy(out, b->data + at, take);
	return (int64_t)take;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes once = { data, size }, twice;
	struct photo photo = { (int64_t)size, read_bytes, &once };
	char *out, *again;
	int r = photo_strip(&photo, &out);
	if (r && (r != E_PLACE || out || (size > 3 && !memcmp(data, "\xff\xd8\xff", 3))))
		abort();
	if (!out)
		return 0;
	twice = (struct bytes){ (const uint8_t *)out, size };
	photo.ctx = &twice;
	if (photo_strip(&photo, &again) || again)
		abort();
	free(out);
	return 0;
}
