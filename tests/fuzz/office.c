/*
 * Fuzzes what is read of office files: as a file, and, as bytes seldom make a zip, as one of the XML parts in it; the
 * first byte says which. text.c is read as a whole: it belongs to bbs-decode.
 */
#include "bbs/decode/text.c"

#include <stdint.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A zip that holds one part. */
static void
pack(const char *name, const uint8_t *data, size_t size, struct buf *out)
{
	zip_error_t error;
	zip_stat_t st;
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
	zip_file_add(zip, name, zip_source_buffer(zip, data, size, 0), 0);
	zip_set_file_compression(zip, 0, ZIP_CM_STORE, 0);
	zip_source_keep(source);
	if (zip_close(zip) || zip_source_open(source) || zip_source_stat(source, &st))
		abort();
	zip_int64_t n = zip_source_read(source, buf_room(out, st.size), st.size);
	if (n < 0)
		abort();
	buf_grow(out, (size_t)n);
	zip_source_close(source);
	zip_source_free(source);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const parts[] = { "content.xml", "word/document.xml", "ppt/slides/slide1.xml",
		"xl/worksheets/sheet1.xml" };
	enum { PARTS = sizeof parts / sizeof *parts };
	struct buf in = { 0 }, out = { 0 };
	if (size && *data < PARTS)
		pack(parts[*data], data + 1, size - 1, &in);
	else
		buf_add(&in, data, size);
	int r = decode_text(&in, &out);
	if (out.len > DECODE_TEXT_MAX || (!r && !out.len))
		abort();
	buf_free(&in);
	buf_free(&out);
	return 0;
}
