/* Fuzzes a table, and reads again what is written of it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "bbs/base/text.h"
#include "bbs/base/csv.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
write_row(void *ctx, const struct csv_row *row)
{
	if (row->count > CSV_CELLS || row->count < 1)
		abort();
	for (int i = 0; i < row->count; i++) {
		if (i)
			buf_char(ctx, ',');
		csv_cell(ctx, row->cells[i]);
	}
	buf_char(ctx, '\n');
	return true;
}

/* Once written by us, a table stays as it is. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	if (!ready)
		charset_init();
	ready = true;
	struct buf once = { 0 }, twice = { 0 }, trouble = { 0 };
	int r = csv_read((const char *)data, size, write_row, &once, &trouble);
	if (r && !trouble.len)
		abort();
	if (!r && !csv_read(buf_text(&once), once.len, write_row, &twice, &trouble) && once.len < twice.len)
		abort();
	buf_free(&once);
	buf_free(&twice);
	buf_free(&trouble);
	return 0;
}
