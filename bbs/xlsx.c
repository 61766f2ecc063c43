/* A table written as a workbook. libxlsxwriter knows the format; here it is kept away from files.
 */
#include "bbs/xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "bbs/base/log.h"
#include "bbs/base/text.h"

enum { CELL_MAX = 32767 };

struct xlsx {
	int file;
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *bold;
};

static int
memory_file(void)
{
	int file = memfd_create("workbook", MFD_CLOEXEC);
	if (file < 0)
		die("a workbook cannot be made: %s", strerror(errno));
	return file;
}

/*
 * In place of the library's own: what it keeps meanwhile stands in memory, not in /tmp, where a
 * fenced session may not write. (Only later versions of it can do without such files.)
 */
FILE *
lxw_tmpfile(char *tmpdir)
{
	(void)tmpdir;
	return fdopen(memory_file(), "w+");
}

struct xlsx *
xlsx_begin(const char *sheet)
{
	char name[32];
	struct xlsx *x = mem_alloc(sizeof *x);
	x->file = memory_file();
	/* The library opens its file by name; landlock lets pass what lies on no mounted file system. */
	snprintf(name, sizeof name, "/proc/self/fd/%d", x->file);
	x->book = workbook_new(name);
	x->sheet = x->book ? workbook_add_worksheet(x->book, sheet) : NULL;
	x->bold = x->sheet ? workbook_add_format(x->book) : NULL;
	if (!x->bold)
		die("a workbook with the sheet %s cannot be made", sheet);
	format_set_bold(x->bold);
	worksheet_freeze_panes(x->sheet, 1, 0);
	/* Codes and telephone numbers are text on purpose: no green corner at each of them. */
	worksheet_ignore_errors(x->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
	return x;
}

/* "_x0041_" would be read as an A: its first sign is written as such a code. */
static void
guard_codes(struct buf *out, const char *text)
{
	for (; *text; text++)
		if (text[0] == '_' && text[1] == 'x' &&
		    strspn(text + 2, "0123456789abcdefABCDEF") >= 4 && text[6] == '_')
			buf_str(out, "_x005F_");
		else
			buf_char(out, *text);
}

static void
write_words(struct xlsx *x, int row, int column, const char *text, lxw_format *format)
{
	static const char cut[] = "…";
	struct buf clean = { 0 }, cell = { 0 };
	text_clean(&clean, text, strlen(text), TEXT_RAW);
	guard_codes(&cell, buf_text(&clean));
	if (cell.len > CELL_MAX) {
		size_t n = CELL_MAX - strlen(cut);
		while ((cell.data[n] & 0xc0) == 0x80)
			n--;
		buf_cut(&cell, n);
		buf_str(&cell, cut);
	}
	if (cell.len) {
		lxw_error error = worksheet_write_string(
		    x->sheet, (lxw_row_t)row, (lxw_col_t)column, cell.data, format);
		if (error)
			die("a workbook's cell %d, %d: %s", row, column, lxw_strerror(error));
	}
	buf_free(&clean);
	buf_free(&cell);
}

void
xlsx_column(struct xlsx *x, int column, const char *heading, int width)
{
	worksheet_set_column(x->sheet, (lxw_col_t)column, (lxw_col_t)column, width, NULL);
	write_words(x, 0, column, heading, x->bold);
}

void
xlsx_words(struct xlsx *x, int row, int column, const char *text)
{
	write_words(x, row + 1, column, text, NULL);
}

void
xlsx_number(struct xlsx *x, int row, int column, double number)
{
	worksheet_write_number(x->sheet, (lxw_row_t)row + 1, (lxw_col_t)column, number, NULL);
}

void
xlsx_end(struct xlsx *x, struct buf *out)
{
	char block[65536];
	ssize_t n;
	lxw_error error = workbook_close(x->book);
	if (error)
		die("a workbook cannot be written: %s", lxw_strerror(error));
	lseek(x->file, 0, SEEK_SET);
	while ((n = read(x->file, block, sizeof block)) > 0)
		buf_add(out, block, (size_t)n);
	close(x->file);
	free(x);
}
