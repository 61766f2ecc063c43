/*
 * Fuzzes a workbook: as a file, and, as bytes seldom make a zip, as the XML parts in it, a NUL
 * between.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "bbs/base/text.h"
#include "bbs/xlsx.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
look_at_row(void *ctx, const struct csv_row *row)
{
	size_t *sum = ctx;
	if (row->count > CSV_CELLS || row->count < 1 || row->line < 1)
		abort();
	for (int i = 0; i < row->count; i++)
		*sum += strlen(row->cells[i]);
	return *sum < 1000000;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	if (!ready)
		charset_init();
	ready = true;
	struct buf parts[3] = { { 0 } }, trouble = { 0 };
	size_t sum = 0;
	int r;
	if (xlsx_is((const char *)data, size)) {
		r = xlsx_read((const char *)data, size, look_at_row, &sum, &trouble);
	} else {
		for (int i = 0; i < 3 && size; i++) {
			const uint8_t *end = i < 2 ? memchr(data, '\0', size) : NULL;
			size_t n = end ? (size_t)(end - data) : size;
			buf_add(&parts[i], data, n);
			n += end != NULL;
			data += n;
			size -= n;
		}
		r = xlsx_read_sheet(&parts[0], &parts[1], &parts[2], look_at_row, &sum, &trouble);
	}
	if ((r != 0) != (trouble.len != 0))
		abort();
	for (int i = 0; i < 3; i++)
		buf_free(&parts[i]);
	buf_free(&trouble);
	return 0;
}
