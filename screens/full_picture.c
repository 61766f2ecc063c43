/* A picture on the full screen: cells of two colours each, or a sixel image where the terminal shows those. */
#include "screens/full.h"

#include <string.h>

#include "bbs/base/i18n.h"

struct shown {
	const struct picture *picture;
	struct view *view;
	struct picture_head head;
	struct buf drawn;
	int32_t asked[3]; /* what it was drawn for */
	int answer;
};

/* What the caller's charset has; code pages of the eighties have halves and shades. */
static int
way_of(struct ui *ui)
{
	switch (ui->terminal->charset) {
	case CHARSET_UTF8:
		return full_sixel(ui) ? PICTURE_SIXEL : PICTURE_BLOCKS;
	case CHARSET_CP437:
	case CHARSET_CP850:
		return PICTURE_HALVES;
	default:
		return PICTURE_ASCII;
	}
}

/* Draws it anew for another window, or once the terminal has said what it can. */
static void
redraw(struct ui *ui, struct shown *s, int columns, int rows)
{
	int32_t number[3] = { columns < PICTURE_COLUMNS_MAX ? columns : PICTURE_COLUMNS_MAX,
		rows < PICTURE_ROWS_MAX ? rows : PICTURE_ROWS_MAX, way_of(ui) + PICTURE_WAYS * full_colors() };
	if (!memcmp(number, s->asked, sizeof number))
		return;
	memcpy(s->asked, number, sizeof number);
	buf_cut(&s->drawn, 0);
	s->answer = s->picture->draw(s->picture->ctx, number, &s->drawn);
	s->head = (struct picture_head){ 0 };
	if (!s->answer)
		memcpy(&s->head, s->drawn.data, sizeof s->head);
	s->view->image_size = (size_t)s->head.sixel;
	s->view->image = s->head.sixel ? s->drawn.data + sizeof s->head : NULL;
	/* The image is sent behind a whole frame, and no frame of cells takes another one away. */
	full_state(ui)->redraw = true;
}

static void
draw(struct ui *ui, void *ctx)
{
	struct shown *s = ctx;
	const struct full *f = full_state(ui);
	struct hint hints[FULL_HINTS];
	full_frame(ui, s->picture->place, NULL, hints, full_hints(0, hints), NULL);
	int rows = f->bottom - f->top - 1, columns = full_columns(ui);
	if (rows < 1)
		return;
	redraw(ui, s, columns, rows);
	full_str(ui, f->bottom - 1, 1, columns - 2, 0,
	    s->answer ? _("This picture cannot be drawn here; it can be fetched.") : s->picture->words);
	if (s->answer || s->head.sixel)
		return;
	for (int y = 0; y < s->head.rows; y++)
		for (int x = 0; x < s->head.columns; x++) {
			struct picture_cell cell;
			size_t at = sizeof s->head + ((size_t)y * (size_t)s->head.columns + (size_t)x) * sizeof cell;
			memcpy(&cell, s->drawn.data + at, sizeof cell);
			full_cell(ui, f->top + y, x, &cell);
		}
	full_cursor(ui, f->bottom - 1, 0);
}

static enum act
picture_key(struct ui *ui, void *ctx, int key)
{
	(void)ctx;
	return key == DECODE_ENTER || key == ' ' ? ACT_BACK : full_manners(ui, key, 0);
}

enum act
full_picture(struct ui *ui, const struct picture *picture)
{
	struct view view = { .draw = draw, .key = picture_key };
	struct shown s = { .picture = picture, .view = &view };
	view.ctx = &s;
	ui->face->progress(ui, _("The picture is being drawn…"));
	enum act act = full_show(ui, &view);
	full_state(ui)->redraw = full_state(ui)->redraw || s.head.sixel;
	buf_free(&s.drawn);
	return act;
}
