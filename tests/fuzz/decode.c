/* Fuzzes the decoder and the editor behind it: the first byte says how the rest is cut. */
#include <stdlib.h>

#include "screens/decode.h"
#include "screens/edit.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take(struct decode *decode, struct buf *in, struct edit_text *e, bool late)
{
	int key;
	while ((key = decode_key(decode, in, late)) > 0) {
		struct edit_line line[4];
		int row, column;
		if (key == DECODE_PASTE)
			edit_insert(e, buf_text(&decode->paste), decode->paste.len);
		else
			edit_key(e, key);
		edit_view(e, 12, 4, line, &row, &column);
		if (row < 0 || row > 3 || column < 0 || column > 11)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decode decode = { 0 };
	struct buf in = { 0 };
	struct edit_text e;
	if (!size)
		return 0;
	size_t piece = 1 + data[0] % 16;
	bool late = data[0] & 16, one_line = data[0] & 32;
	charset_init();
	edit_init(&e, 500, one_line);
	e.charset = data[0] & 64 ? CHARSET_ASCII : CHARSET_UTF8;
	e.quote = "Bonjour\n\nAlba";
	for (size_t at = 1; at < size; at += piece) {
		buf_add(&in, data + at, size - at < piece ? size - at : piece);
		take(&decode, &in, &e, late);
		if (edit_size(&e) > 500)
			abort();
	}
	take(&decode, &in, &e, true);
	edit_free(&e);
	decode_free(&decode);
	buf_free(&in);
	return 0;
}
