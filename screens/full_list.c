/*
 * A list on the full screen: a window of rows over a source, kept around the current row. The whole
 * list is never loaded; places are found again by the keys of rows that were seen.
 */
#include "screens/full.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "bbs/base/i18n.h"

enum {
	MARKS = 3,       /* cells before the first column: new, current, one empty */
	GAP = 2,         /* cells between columns */
	ROWS_LEAST = 5,  /* rows that a long lead leaves room for */
	FIRST_LEAST = 40, /* cells of the first column, where there is room, though its rows need less */
	BATCH = 128,     /* rows read at once to look for one */
	SEARCHED = 4096, /* rows looked through for one of which only the id is known */
};

struct lister {
	struct list *list;
	struct rows rows; /* part of the list, without holes */
	bool head, tail;  /* the list's first, last row is in it */
	int at, top;      /* the current row, the first one shown */
	int height;       /* rows shown by the last frame */
	bool typing;      /* letters go to the filter */
	int line, column; /* where the filter ends on the screen */
	bool stale;       /* load again before the next frame */
	int need[UI_COLUMNS]; /* cells of the widest that each column has shown */
};

/* ---- rows of the source ---- */

/* Rows after (1) or before (-1) `from`, nearest first; how many came. A trouble is said. */
static int
fetch(
    struct ui *ui, struct lister *l, const struct row *from, int direction, int n, struct rows *out)
{
	const struct list *list = l->list;
	int code = list->source.page(
	    list->source.ctx, list->filters ? list->filter : "", from, direction, n, out);
	full_trouble(ui, code);
	return out->count;
}

static void
load_after(struct ui *ui, struct lister *l, int n)
{
	struct rows more = { 0 };
	const struct row *last = l->rows.count ? &l->rows.row[l->rows.count - 1] : NULL;
	if (!last)
		l->head = true;
	if (fetch(ui, l, last, 1, n, &more) < n)
		l->tail = true;
	for (int i = 0; i < more.count; i++)
		*rows_add(&l->rows, 0, NULL, 0) = more.row[i];
	free(more.row);
}

/* The rows before `from`, put at the front in the list's order. */
static void
load_before(struct ui *ui, struct lister *l, const struct row *from, int n)
{
	struct rows more = { 0 };
	int got = fetch(ui, l, from, -1, n, &more);
	if (got < n)
		l->head = true;
	for (int i = 0; i < got; i++)
		rows_add(&l->rows, 0, NULL, 0);
	if (got)
		memmove(&l->rows.row[got], &l->rows.row[0],
		    (size_t)(l->rows.count - got) * sizeof *l->rows.row);
	for (int i = 0; i < got; i++)
		l->rows.row[i] = more.row[got - 1 - i];
	l->at += got;
	l->top += got;
	free(more.row);
}

static void
forget(struct lister *l)
{
	rows_free(&l->rows);
	l->head = l->tail = false;
	l->at = l->top = 0;
}

/* Keeps what is near the screen when the window has grown long. */
static void
trim(struct lister *l)
{
	int most = 8 * l->height + 64, keep = 2 * l->height + 16;
	if (l->rows.count <= most)
		return;
	int from = l->top - keep < 0 ? 0 : l->top - keep, to = l->top + l->height + keep;
	if (to > l->rows.count)
		to = l->rows.count;
	for (int i = 0; i < l->rows.count; i++)
		if (i < from || i >= to)
			row_free(&l->rows.row[i]);
	l->head = l->head && from == 0;
	l->tail = l->tail && to == l->rows.count;
	memmove(&l->rows.row[0], &l->rows.row[from], (size_t)(to - from) * sizeof *l->rows.row);
	l->rows.count = to - from;
	l->at -= from;
	l->top -= from;
}

static bool
find(struct lister *l, int64_t id)
{
	for (int i = 0; i < l->rows.count; i++)
		if (l->rows.row[i].id == id) {
			l->at = i;
			return true;
		}
	return false;
}

/* Loads what is around the place where `from` is or was. `offset`: rows shown above it. */
static void
load_around(struct ui *ui, struct lister *l, const struct row *from, int offset)
{
	forget(l);
	load_before(ui, l, from, l->height + offset + 1);
	int before = l->rows.count;
	load_after(ui, l, 2 * l->height + 1);
	if (!find(l, from->id))
		l->at = before < l->rows.count ? before : l->rows.count - 1;
	l->top = l->at - offset;
}

/* Only the id is known: looks through the first rows for it, keeping no more than what was just
 * read. */
static bool
look_for(struct ui *ui, struct lister *l, int64_t id, int most)
{
	forget(l);
	for (int seen = 0; seen < most && !l->tail; seen += BATCH) {
		int gone = l->rows.count - BATCH;
		for (int i = 0; i < gone; i++)
			row_free(&l->rows.row[i]);
		if (gone > 0) {
			memmove(&l->rows.row[0], &l->rows.row[gone], BATCH * sizeof *l->rows.row);
			l->rows.count = BATCH;
			l->head = false;
		}
		load_after(ui, l, BATCH);
		if (find(l, id))
			return true;
	}
	return false;
}

static void
go_home(struct ui *ui, struct lister *l)
{
	forget(l);
	load_after(ui, l, 2 * l->height + 1);
}

static void
go_end(struct ui *ui, struct lister *l)
{
	forget(l);
	l->tail = true;
	load_before(ui, l, NULL, 2 * l->height + 1);
	l->at = l->rows.count ? l->rows.count - 1 : 0;
	l->top = l->at;
}

/*
 * Where the list stood when it was left. A row that is no longer there may have gone to the top
 * (what one answers does); else what stood beside it is shown.
 */
static void
come_back(struct ui *ui, struct lister *l)
{
	const struct list *list = l->list;
	const struct spot *spot = full_recall(ui, list->place, list->at);
	if (!list->at) {
		go_home(ui, l);
		return;
	}
	struct row known = { .id = list->at };
	if (list->find && list->find(list->source.ctx, list->at, &known)) {
		load_around(ui, l, &known, l->height / 3);
		free(known.key);
		return;
	}
	const struct row from = {
		.id = list->at, .num = spot ? spot->num : 0, .key = spot ? spot->key : NULL
	};
	if (spot)
		load_around(ui, l, &from, l->height / 3);
	if (spot && l->rows.count && l->rows.row[l->at].id == list->at)
		return;
	if (look_for(ui, l, list->at, spot ? BATCH : SEARCHED))
		l->top = l->at - l->height / 3;
	else if (spot)
		load_around(ui, l, &from, l->height / 3);
	else
		go_home(ui, l);
}

static void
load_again(struct ui *ui, struct lister *l)
{
	l->stale = false;
	if (!l->rows.count) {
		go_home(ui, l);
		return;
	}
	const struct row *now = &l->rows.row[l->at];
	struct row from = { .id = now->id, .num = now->num, .key = mem_dup(now->key) };
	load_around(ui, l, &from, l->at - l->top);
	free(from.key);
}

/* Sees to it that the window holds the current row and a screenful around it. */
static void
settle(struct ui *ui, struct lister *l)
{
	if (l->stale)
		load_again(ui, l);
	for (bool more = true; more;) {
		more = false;
		if ((l->at < 0 || l->top < 0) && !l->head && l->rows.count) {
			load_before(ui, l, &l->rows.row[0], 2 * l->height + 1);
			more = l->at < 0 || l->top < 0;
		}
		int wanted = (l->top > l->at ? l->top : l->at) + l->height;
		if (wanted > l->rows.count && !l->tail) {
			load_after(ui, l, wanted - l->rows.count + l->height);
			more = true;
		}
	}
	if (l->at >= l->rows.count)
		l->at = l->rows.count - 1;
	if (l->at < 0)
		l->at = 0;
	if (l->top > l->rows.count - l->height)
		l->top = l->rows.count - l->height;
	if (l->at >= l->top + l->height)
		l->top = l->at - l->height + 1;
	if (l->at < l->top)
		l->top = l->at;
	if (l->top < 0)
		l->top = 0;
	trim(l);
}

/* ---- drawing ---- */

/*
 * The columns, asking for no more than the rows need that were seen so far: what one row needed is
 * kept, so that columns do not jump from page to page.
 */
static void
measure(struct ui *ui, struct lister *l, struct column *columns)
{
	for (int c = 0; c < l->list->column_count; c++) {
		columns[c] = l->list->columns[c];
		int *need = &l->need[c];
		if (!*need && columns[c].head)
			*need = full_width(ui, columns[c].head);
		for (int i = 0; i < l->rows.count; i++) {
			const char *cell = l->rows.row[i].cell[c];
			int wide = cell ? full_width(ui, cell) : 0;
			*need = wide > *need ? wide : *need;
		}
		if (!c || *need < columns[c].max)
			columns[c].max = *need;
		if (*need < columns[c].min)
			columns[c].min = *need;
	}
}

/*
 * Cells of each column, 0 for one that gave way. The others get what they would like; when that is
 * too much for the first, they shrink, the last one first, and then they go in their order.
 */
static void
share(const struct column *columns, int count, int cells, int *wide)
{
	int left = cells;
	for (int c = 0; c < count; c++) {
		wide[c] = columns[c].max;
		left -= !c ? columns[c].min : wide[c] ? wide[c] + GAP : 0;
	}
	for (int c = count - 1; c > 0 && left < 0; c--) {
		int spare = wide[c] - columns[c].min;
		int cut = spare < -left ? spare : -left;
		wide[c] -= cut;
		left += cut;
	}
	for (int order = 1; order <= count && left < 0; order++)
		for (int c = 1; c < count && left < 0; c++)
			if (wide[c] && columns[c].yields == order) {
				left += wide[c] + GAP;
				wide[c] = 0;
			}
	/* What never gives way shrinks below what it asked for, the first one down to half. */
	int first = columns[0].min;
	if (left < 0 && first > cells / 2) {
		int spare = first - cells / 2, cut = spare < -left ? spare : -left;
		first -= cut;
		left += cut;
	}
	for (int c = count - 1; c > 0 && left < 0; c--)
		if (wide[c] > 1) {
			int cut = wide[c] - 1 < -left ? wide[c] - 1 : -left;
			wide[c] -= cut;
			left += cut;
		}
	wide[0] = first + left;
	/* While others were cut, the first has no use for more than it needs, nor for more than half
	 * or what it asked for. */
	int enough = first > cells / 2 ? first : cells / 2;
	if (columns[0].max < enough)
		enough = columns[0].max;
	for (int c = 1; c < count; c++) {
		int wish = columns[c].max - wide[c], spare = wide[0] - enough;
		if (wide[c] && wish > 0 && spare > 0) {
			int more = wish < spare ? wish : spare;
			wide[c] += more;
			wide[0] -= more;
		}
	}
	/* On a wide window the eye is not to cross half of it to the next column. */
	int most = columns[0].max < FIRST_LEAST ? FIRST_LEAST : columns[0].max;
	if (wide[0] > most)
		wide[0] = most;
}

static void
draw_row(struct ui *ui, const struct lister *l, int line, int index, const int *wide)
{
	const struct row *row = &l->rows.row[index];
	unsigned look = row->faint ? FULL_FAINT : 0;
	if (row->is_new || row->urgent)
		full_str(ui, line, 0, 1, row->urgent ? FULL_URGENT : FULL_NEW,
		    row->urgent && !row->is_new ? "!" : full_mark(ui, '*'));
	if (index == l->at)
		full_str(ui, line, 1, 1, FULL_BOLD, full_mark(ui, '>'));
	int column = MARKS;
	for (int c = 0; c < l->list->column_count; c++) {
		if (wide[c] > 0 && row->cell[c])
			full_str(ui, line, column, wide[c], look, row->cell[c]);
		column += wide[c] > 0 ? wide[c] + GAP : 0;
	}
}

/* A row's second line, its words set off that stand between UI_STRONG and UI_PLAIN. */
static void
draw_detail(struct ui *ui, int line, const char *text)
{
	int column = MARKS, end = full_columns(ui);
	unsigned look = FULL_FAINT;
	while (*text && column < end) {
		struct buf piece = { 0 };
		size_t n = strcspn(text, (const char[]){ UI_STRONG, UI_PLAIN, '\0' });
		buf_add(&piece, text, n);
		column += full_str(ui, line, column, end - column, look, buf_text(&piece));
		buf_free(&piece);
		text += n;
		if (*text)
			look = *text++ == UI_STRONG ? FULL_BOLD : FULL_FAINT;
	}
}

static bool
has_heads(const struct list *list)
{
	for (int c = 0; c < list->column_count; c++)
		if (list->columns[c].head)
			return true;
	return false;
}

/* The lines above the rows: lead, filter, heads. Gives the first line for rows. */
static int
draw_above(struct ui *ui, struct lister *l, const int *wide)
{
	const struct full *f = full_state(ui);
	const struct list *list = l->list;
	int line = f->top, room = f->bottom - f->top;
	bool roomy = room >= 12;
	if (list->lead && *list->lead && room >= 4) {
		int rest = has_heads(list) + roomy + ROWS_LEAST * (list->details ? 2 : 1);
		int most = room - rest > room / 2 ? room - rest : room / 2;
		line = full_wrapped(ui, line, line + most, 1, 0, list->lead);
		line += roomy;
	}
	if (list->filters && (l->typing || list->filter[0])) {
		struct buf text = { 0 };
		buf_fmt(&text, _("Filter: %s"), list->filter);
		l->line = line;
		l->column =
		    1 + full_str(ui, line, 1, full_columns(ui) - 2, FULL_BOLD, buf_text(&text));
		buf_free(&text);
		line += 1 + roomy;
	}
	if (has_heads(list) && room >= 6) {
		int column = MARKS;
		for (int c = 0; c < list->column_count; c++) {
			if (wide[c] > 0 && list->columns[c].head)
				full_str(
				    ui, line, column, wide[c], FULL_FAINT, list->columns[c].head);
			column += wide[c] > 0 ? wide[c] + GAP : 0;
		}
		line++;
	}
	return line;
}

static uint64_t
acts_of(const struct list *list)
{
	uint64_t acts = list->acts | (list->shows_only ? 0 : ACTS(ACT_OPEN));
	return list->filters ? acts | ACTS(ACT_FILTER) : acts;
}

/* Where no letter is a key of the list's own, letters are the filter's. */
static bool
filters_at_once(const struct list *list, int key)
{
	return list->filters && !list->acts && key > ' ' && key < 0x110000 && key != 0x7f && key != '/' &&
	    key != '?' && key != '=';
}

/* While letters go to the filter, no letter is a key. */
static int
typing_hints(const struct lister *l, struct hint hints[FULL_HINTS])
{
	const struct list *list = l->list;
	int n = 0;
	if (l->rows.count)
		hints[n++] = (struct hint){ _("Enter"), list->shows_only ? N_("keep") : list->opens ? list->opens : N_("open"), HINT_MAIN };
	if (l->rows.count)
		hints[n++] = (struct hint){ _("Arrows"), N_("go through the list"), HINT_USEFUL };
	hints[n++] = (struct hint){ _("Esc"), N_("clear"), HINT_BACK };
	return n;
}

static int
hints_of(const struct lister *l, uint64_t acts, struct hint hints[FULL_HINTS])
{
	const struct list *list = l->list;
	if (l->typing)
		return typing_hints(l, hints);
	int count = full_hints(acts, hints), kept = 0;
	for (int i = 0; i < count; i++)
		if (strcmp(hints[i].key, "Q") != 0 || !filters_at_once(list, 'Q'))
			hints[kept++] = hints[i];
	if (list->opens && acts & ACTS(ACT_OPEN))
		hints[0].label = list->opens; /* the first of the table */
	/* The filter goes first, then one leaves. */
	for (int i = 0; i < kept && list->filters && list->filter[0]; i++)
		if (!strcmp(hints[i].key, _("Esc")))
			hints[i].label = N_("clear");
	return kept;
}

static void
draw_list(struct ui *ui, void *ctx)
{
	struct lister *l = ctx;
	struct list *list = l->list;
	const struct full *f = full_state(ui);
	struct hint hints[FULL_HINTS];
	int wide[UI_COLUMNS] = { 0 };
	struct column columns[UI_COLUMNS] = { 0 };
	/* Loading may say that something went wrong: that has to be in this frame. */
	settle(ui, l);
	uint64_t acts = l->rows.count ? acts_of(list) : acts_of(list) & ~row_acts;
	int count = hints_of(l, acts | (l->typing ? 0 : full_word(ui)), hints);
	full_frame(ui, list->place, list->right, hints, count, NULL);
	int cells = full_columns(ui) - MARKS;
	measure(ui, l, columns);
	share(columns, list->column_count, cells, wide);
	int first = draw_above(ui, l, wide);
	int lines = list->details ? 2 : 1; /* a row */
	l->height = f->bottom - first < lines ? 1 : (f->bottom - first) / lines;
	settle(ui, l);
	if (!l->rows.count) {
		struct buf none = { 0 };
		if (list->filters && list->filter[0])
			buf_fmt(&none, _("Nothing matches \"%s\". Escape removes the filter."),
			    list->filter);
		else
			buf_str(&none, list->empty ? list->empty : "");
		full_wrapped(ui, first, f->bottom, MARKS, 0, buf_text(&none));
		buf_free(&none);
		full_cursor(ui, first, 1);
	}
	for (int i = 0; i < l->height && l->top + i < l->rows.count; i++) {
		const char *detail = list->details ? l->rows.row[l->top + i].detail : NULL;
		draw_row(ui, l, first + i * lines, l->top + i, wide);
		if (detail && first + i * lines + 1 < f->bottom)
			draw_detail(ui, first + i * lines + 1, detail);
	}
	if (l->rows.count)
		full_cursor(ui, first + (l->at - l->top) * lines, 1);
	if (l->typing)
		full_cursor(ui, l->line, l->column);
}

/* ---- keys ---- */

static void
filter_changed(struct lister *l)
{
	forget(l);
	l->stale = true;
}

/* A key while letters go to the filter; false: the key is the list's. */
static bool
type_filter(struct ui *ui, struct lister *l, int key)
{
	char *filter = l->list->filter;
	size_t len = strlen(filter);
	struct buf more = { 0 };
	switch (key) {
	case DECODE_ENTER:
		/* Enter takes what the letters have found; where that is nothing, others can be typed. */
		settle(ui, l);
		l->typing = !l->rows.count;
		return l->typing || l->list->shows_only;
	case DECODE_ESCAPE:
		l->typing = false;
		filter[0] = '\0';
		filter_changed(l);
		return true;
	case DECODE_BACKSPACE:
		if (len == 0) {
			l->typing = false;
			return true;
		}
		while (len && (filter[--len] & 0xc0) == 0x80)
			;
		filter[len] = '\0';
		filter_changed(l);
		return true;
	case DECODE_PASTE: {
		const struct decode *d = &full_state(ui)->decode;
		text_clean(&more, buf_text(&d->paste), d->paste.len, TEXT_LINE);
		break;
	}
	default:
		if (key < ' ' || key >= 0x110000)
			return false;
		full_utf8(&more, key);
	}
	if (len + more.len < sizeof l->list->filter) {
		memcpy(filter + len, buf_text(&more), more.len + 1);
		filter_changed(l);
	} else {
		ui->face->say(ui, _("The filter takes no more letters."));
	}
	buf_free(&more);
	return true;
}

/* Moves; true if key was for that. */
static bool
move(struct ui *ui, struct lister *l, int key)
{
	switch (key) {
	case 'k':
	case DECODE_UP:
		l->at--;
		return true;
	case 'j':
	case DECODE_DOWN:
		l->at++;
		return true;
	case DECODE_PAGE_UP:
		l->at -= l->height;
		l->top -= l->height;
		return true;
	case DECODE_PAGE_DOWN:
		l->at += l->height;
		l->top += l->height;
		return true;
	case DECODE_HOME:
		go_home(ui, l);
		return true;
	case DECODE_END:
		go_end(ui, l);
		return true;
	}
	return false;
}

static enum act
list_key(struct ui *ui, void *ctx, int key)
{
	struct lister *l = ctx;
	struct list *list = l->list;
	if (l->typing && type_filter(ui, l, key))
		return ACT_NONE;
	/* Keys that came in one packet are moved by one after the other, each from a row that is
	 * there. */
	settle(ui, l);
	if (!filters_at_once(list, key) && move(ui, l, key)) {
		l->typing = false; /* whoever goes through the rows has their keys again */
		settle(ui, l);
		return ACT_NONE;
	}
	if (list->filters && key == '/') { /* anew */
		l->typing = true;
		list->filter[0] = '\0';
		filter_changed(l);
		return ACT_NONE;
	}
	if (filters_at_once(list, key) || (list->filters && list->filter[0] && key == DECODE_BACKSPACE)) {
		l->typing = true;
		type_filter(ui, l, key);
		return ACT_NONE;
	}
	if (list->filters && list->filter[0] && key == DECODE_ESCAPE) {
		list->filter[0] = '\0';
		filter_changed(l);
		return ACT_NONE;
	}
	if (key == ' ') {
		if (!l->tail || l->top + l->height < l->rows.count) {
			move(ui, l, DECODE_PAGE_DOWN);
			return ACT_NONE;
		}
		if (!(list->acts & ACTS(ACT_NEXT))) {
			ui->face->say(ui, _("This is the end of the list."));
			return ACT_NONE;
		}
	}
	if ((key == DECODE_ENTER || key == DECODE_RIGHT) && !l->rows.count) {
		ui->face->say(ui, _("There is nothing to open here."));
		return ACT_NONE;
	}
	return full_manners(ui, key, acts_of(list) | (ui->answer ? ACTS(ACT_ANSWER) : 0));
}

/* What is done without leaving the list is done here. */
static enum act
list_act(struct ui *ui, void *ctx, int key)
{
	struct lister *l = ctx;
	struct list *list = l->list;
	enum act act = list_key(ui, l, key);
	if (!(list->here & ACTS(act)))
		return act;
	list->at = l->rows.count ? l->rows.row[l->at].id : 0;
	if (list->at)
		list->act(list->source.ctx, list, act);
	l->stale = true;
	return ACT_NONE;
}

static enum act
look_again(struct ui *ui, void *ctx)
{
	struct lister *l = ctx;
	(void)ui;
	l->stale = true;
	return ACT_NONE;
}

enum act
full_list(struct ui *ui, struct list *list)
{
	struct lister l = { .list = list, .height = full_rows(ui) };
	come_back(ui, &l);
	struct view view = { .draw = draw_list, .key = list_act, .look = look_again, .ctx = &l };
	enum act act = full_show(ui, &view);
	settle(ui, &l);
	list->at = 0;
	if (l.rows.count) {
		const struct row *row = &l.rows.row[l.at];
		list->at = row->id;
		full_remember(ui, list->place, row->id, row->key, row->num);
	}
	rows_free(&l.rows);
	return act;
}
