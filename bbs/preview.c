/* What is in strangers' files: which helper looks into what, and what is believed of its answer. */
#include "bbs/preview.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "bbs/base/magic.h"
#include "bbs/base/text.h"
#include "bbs/broker.h"

enum {
	SOURCE_MAX = 64 * 1024 * 1024,  /* bytes of a file that is looked into */
	JOB_MS = 30 * 1000,
	DRAWN_MAX = 4 * 1024 * 1024,
};

/* Where the bytes of what is looked into come from: a file that the viewer reads, or a content, for the job. */
struct source {
	struct db *db;
	item_id item; /* 0: the job's */
	int64_t content;
};

static int64_t
feed(void *ctx, int64_t offset, char *out, size_t n)
{
	struct source *s = ctx;
	return s->item.n ? file_read(s->db, s->item, s->content, offset, out, n)
			 : content_read(s->db, s->content, offset, out, n);
}

/* Text as it is: no helper need read it. */
static void
read_plain(struct source *s, struct buf *out)
{
	char *piece = mem_alloc(CHUNK);
	int64_t n;
	while (out->len < CONTENT_TEXT_MAX && (n = feed(s, (int64_t)out->len, piece, CHUNK)) > 0)
		buf_add(out, piece, (size_t)n);
	free(piece);
}

/* What the file says, or how long it sounds: false where the helper is to be asked later. */
static bool
look_into(struct source *s, int broker, struct buf *text, int *seconds)
{
	char head[MAGIC_BYTES];
	int64_t n = feed(s, 0, head, sizeof head);
	enum magic magic = magic_of(head, n > 0 ? (size_t)n : 0);
	struct helper_ask ask = { .helper = magic == MAGIC_PDF ? HELPER_PDF
		: magic == MAGIC_OFFICE			       ? HELPER_TEXT
							       : HELPER_SOUND };
	if (magic == MAGIC_TEXT)
		read_plain(s, text);
	if (magic == MAGIC_TEXT || !magic_says(magic))
		return true;
	int end = helper_work(broker, &ask, feed, s, text, CONTENT_TEXT_MAX);
	if (end < 0 || end == HELPER_BUSY)
		return false;
	if (end != HELPER_DONE)
		buf_cut(text, 0);
	if (magic == MAGIC_SOUND) {
		*seconds = (int)strtol(buf_text(text), NULL, 10);
		buf_cut(text, 0);
	}
	return true;
}

static int
look(struct source *s, int broker, int64_t size)
{
	struct buf text = { 0 };
	int seconds = 0, r = E_BUSY;
	if (size > SOURCE_MAX || look_into(s, broker, &text, &seconds))
		r = content_keep(s->db, s->item, s->content, buf_text(&text), text.len, seconds);
	buf_free(&text);
	return r;
}

int
preview_look(struct db *db, int broker, item_id item, int64_t content, int64_t size)
{
	return look(&(struct source){ db, item, content }, broker, size);
}

int
preview_job(struct db *db, int broker)
{
	int64_t until = clock_ticks() + JOB_MS, content = 0, size = 0;
	int done = 0;
	while (clock_ticks() < until && (content = content_unread(db, content, &size))) {
		int r = look(&(struct source){ db, { 0 }, content }, broker, size);
		if (r)
			return r;
		done++;
	}
	return done;
}

/* ---- pictures ---- */

/* DEC STD 070, 5.6: one sixel image between its introducer and its end, and nothing that could end it earlier. */
static bool
is_sixel(const char *s, size_t n)
{
	if (n < 5 || memcmp(s, "\033P", 2) != 0 || memcmp(s + n - 2, "\033\\", 2) != 0)
		return false;
	for (size_t i = 2; i < n - 2; i++)
		if ((s[i] < ' ' || s[i] > '~') && s[i] != '\n' && s[i] != '\r')
			return false;
	return true;
}

static bool
is_drawing(const struct buf *drawn)
{
	struct picture_head head;
	if (drawn->len < sizeof head)
		return false;
	memcpy(&head, drawn->data, sizeof head);
	size_t rest = drawn->len - sizeof head;
	if (head.columns < 1 || head.columns > PICTURE_COLUMNS_MAX || head.rows < 1 || head.rows > PICTURE_ROWS_MAX ||
	    head.width < 1 || head.height < 1)
		return false;
	if (head.sixel)
		return head.sixel > 0 && (size_t)head.sixel == rest && is_sixel(drawn->data + sizeof head, rest);
	return rest == (size_t)head.columns * (size_t)head.rows * sizeof(struct picture_cell);
}

int
preview_picture(struct db *db, int broker, item_id item, int64_t content, const int32_t number[3], struct buf *drawn)
{
	struct source source = { db, item, content };
	struct helper_ask ask = { .helper = HELPER_PICTURE, .number = { number[0], number[1], number[2] } };
	int end = helper_work(broker, &ask, feed, &source, drawn, DRAWN_MAX);
	if (end < 0 || end == HELPER_BUSY)
		return E_BUSY;
	return end == HELPER_DONE && is_drawing(drawn) ? E_OK : E_INVALID;
}
