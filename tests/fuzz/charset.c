/* Fuzzes bytes from the wire: the first byte says in which charset and in what pieces they come. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "bbs/base/text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What comes in pieces is UTF-8, and the same as what comes at once. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	if (!ready)
		charset_init();
	ready = true;
	if (!size)
		return 0;
	struct charset_in whole = { .charset = (enum charset)(data[0] % CHARSET_COUNT) }, cut = whole;
	struct buf at_once = { 0 }, in_pieces = { 0 };
	size_t piece = 1 + data[0] / CHARSET_COUNT % 16;
	charset_decode(&whole, (const char *)data + 1, size - 1, &at_once);
	for (size_t at = 1; at < size; at += piece)
		charset_decode(&cut, (const char *)data + at, size - at < piece ? size - at : piece, &in_pieces);
	if (u8_check((const uint8_t *)buf_text(&at_once), at_once.len) ||
	    at_once.len != in_pieces.len || memcmp(buf_text(&at_once), buf_text(&in_pieces), at_once.len))
		abort();
	buf_free(&at_once);
	buf_free(&in_pieces);
	return 0;
}
