/* Fuzzes the cleaner and what stands on it: the first byte says for which charset and how wide. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/text.h"
#include "db/search_word.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
insist(bool holds)
{
	if (!holds)
		abort();
}

/* Nothing that moves a cursor is left, and cleaning once more changes nothing. */
static void
clean(const char *s, size_t n, enum text_kind kind, struct buf *out)
{
	struct buf again = { 0 };
	text_clean(out, s, n, kind);
	for (size_t i = 0; i < out->len; i++)
		insist((unsigned char)out->data[i] >= ' ' || (kind != TEXT_LINE && out->data[i] == '\n'));
	insist(!out->len || !memchr(out->data, 0x7f, out->len));
	text_clean(&again, buf_text(out), out->len, kind);
	insist(again.len == out->len && !memcmp(buf_text(&again), buf_text(out), out->len));
	buf_free(&again);
}

/* Every line goes on, and is no wider than the window; together they are the text. */
static void
wrap(const struct buf *text, int cells)
{
	struct text_line line;
	size_t at = 0, before = 0;
	while (text_wrap(buf_text(text), text->len, cells, &at, &line)) {
		insist(at > before && line.start + line.len <= at && line.start >= before);
		insist(line.cells <= cells || cells == 1);
		before = at;
	}
	insist(at == text->len);
}

static void
words(const char *s)
{
	struct buf word = { 0 };
	size_t at = 0, start, before = 0;
	while (search_word(s, &at, &start, &word)) {
		insist(start >= before && at > start && word.len);
		before = at;
	}
	buf_free(&word);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	if (!ready)
		charset_init();
	ready = true;
	if (!size)
		return 0;
	enum charset charset = (enum charset)(data[0] % CHARSET_COUNT);
	int cells = 1 + data[0] % 90;
	static const enum text_kind kinds[] = { TEXT_LINE, TEXT_BODY, TEXT_RAW };
	for (int i = 0; i < 3; i++) {
		struct buf text = { 0 }, shown = { 0 }, wire = { 0 }, folded = { 0 };
		clean((const char *)data + 1, size - 1, kinds[i], &text);
		text_show(&shown, buf_text(&text), text.len, charset);
		charset_encode(charset, buf_text(&shown), shown.len, &wire);
		wrap(&shown, cells);
		text_fold(&folded, buf_text(&text));
		text_sort_key(&folded, buf_text(&text));
		words(buf_text(&text));
		buf_free(&text);
		buf_free(&shown);
		buf_free(&wire);
		buf_free(&folded);
	}
	return 0;
}
