/* A text to read on the full screen, wrapped and shown by pages; the help page is one too. */
#include "screens/full.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"

enum { LEFT = 1, MEASURE = 100 /* longer lines are hard to follow */ };

struct pager {
	const struct page *page;
	struct buf text; /* folded */
	size_t *start;   /* where each line starts */
	int lines, room, width;
	int top, height;
	bool end_seen, help;
};

static int
cells_of(const struct ui *ui)
{
	int cells = full_columns(ui) - LEFT;
	return cells < MEASURE ? cells : MEASURE;
}

/* Wraps for the window's width; what stood at the top stays there. */
static void
wrap(struct ui *ui, struct pager *p)
{
	int width = cells_of(ui);
	if (width == p->width)
		return;
	size_t was = p->top < p->lines ? p->start[p->top] : 0;
	struct text_line line;
	p->width = width;
	p->lines = p->top = 0;
	for (size_t at = 0; full_next_line(&p->text, width, &at, &line); p->lines++) {
		if (p->lines == p->room) {
			p->room = p->room ? 2 * p->room : 64;
			p->start = mem_resize(p->start, (size_t)p->room * sizeof *p->start);
		}
		p->start[p->lines] = line.start;
		if (line.start <= was)
			p->top = p->lines;
	}
}

static bool
at_end(const struct pager *p)
{
	return p->top + p->height >= p->lines;
}

static void
clamp(struct pager *p)
{
	if (p->top > p->lines - p->height)
		p->top = p->lines - p->height;
	if (p->top < 0)
		p->top = 0;
}

static uint64_t
acts_of(const struct pager *p)
{
	return p->page->acts | (at_end(p) ? 0 : ACTS(ACT_NEXT));
}

static int
hints_of(const struct pager *p, struct hint hints[FULL_HINTS])
{
	int count = full_hints(acts_of(p), hints);
	if (!p->help)
		return count;
	/* Help of help there is none, and one leaves the board from the screen below. */
	int kept = 0;
	for (int i = 0; i < count; i++)
		if (strcmp(hints[i].key, "?") != 0 && strcmp(hints[i].key, "Q") != 0)
			hints[kept++] = hints[i];
	return kept;
}

static void
draw_page(struct ui *ui, void *ctx)
{
	struct pager *p = ctx;
	const struct full *f = full_state(ui);
	struct hint hints[FULL_HINTS];
	int height;
	wrap(ui, p);
	/* The frame says how high the body is, and is told by it what goes on its last line. */
	do {
		struct buf status = { 0 };
		height = p->height;
		clamp(p);
		int last = p->top + height > p->lines ? p->lines : p->top + height;
		if (p->lines > height)
			buf_fmt(&status, "%d %%", last * 100 / p->lines);
		full_frame(
		    ui, p->page->place, p->page->right, hints, hints_of(p, hints), status.data);
		buf_free(&status);
		p->height = f->bottom - f->top;
	} while (p->height != height);
	for (int i = 0; i < p->height && p->top + i < p->lines; i++) {
		size_t at = p->start[p->top + i];
		struct text_line line;
		if (full_next_line(&p->text, p->width, &at, &line))
			full_put(ui, f->top + i, LEFT, p->width, 0, buf_text(&p->text) + line.start,
			    line.len);
	}
	p->end_seen = p->end_seen || at_end(p);
	full_cursor(ui, f->top, 0);
}

static bool
move(struct pager *p, int key)
{
	int page = p->height > 3 ? p->height - 1 : p->height;
	switch (key) {
	case 'k':
	case DECODE_UP:
		p->top--;
		break;
	case 'j':
	case DECODE_DOWN:
		p->top++;
		break;
	case DECODE_PAGE_UP:
		p->top -= page;
		break;
	case DECODE_PAGE_DOWN:
		p->top += page;
		break;
	case DECODE_HOME:
		p->top = 0;
		break;
	case DECODE_END:
		p->top = p->lines;
		break;
	default:
		return false;
	}
	clamp(p);
	return true;
}

static enum act
page_key(struct ui *ui, void *ctx, int key)
{
	struct pager *p = ctx;
	/* Before the first frame nothing is wrapped yet. */
	wrap(ui, p);
	if (move(p, key))
		return ACT_NONE;
	bool on = key == ' ' || (key == DECODE_ENTER && !(p->page->acts & ACTS(ACT_OPEN)));
	if (on && !at_end(p)) {
		move(p, DECODE_PAGE_DOWN);
		return ACT_NONE;
	}
	if (p->help) {
		full_state(ui)->redraw = full_state(ui)->redraw || key == DECODE_CONTROL('L');
		return key == DECODE_CONTROL('L') ? ACT_NONE : ACT_BACK;
	}
	if (on && !(p->page->acts & ACTS(ACT_NEXT))) {
		ui->face->say(ui, p->page->acts & ACTS(ACT_NO) ?
			_("This is the end of the text. Your answer: o for yes, x for no.") :
			_("This is the end of the text."));
		return ACT_NONE;
	}
	enum act act = full_manners(ui, on ? ' ' : key, acts_of(p));
	bool held = p->page->to_the_end && !p->end_seen && act != ACT_BACK && act != ACT_QUIT;
	if (act != ACT_NONE && held) {
		ui->face->say(ui, _("Please read to the end first: Space goes on."));
		return ACT_NONE;
	}
	return act;
}

static enum act
run(struct ui *ui, const struct page *page, bool help)
{
	struct pager p = { .page = page, .help = help, .height = full_rows(ui) };
	p.text = full_fold(ui, page->text ? page->text : "");
	struct view view = { .draw = draw_page, .key = page_key, .ctx = &p };
	enum act act = full_show(ui, &view);
	buf_free(&p.text);
	free(p.start);
	return act;
}

enum act
full_page(struct ui *ui, const struct page *page)
{
	return run(ui, page, false);
}

void
full_help(struct ui *ui, const char *text)
{
	struct buf place = { 0 };
	buf_fmt(&place, "%s › %s", buf_text(&full_state(ui)->place), _("Help"));
	const struct page page = { .place = buf_text(&place), .text = text };
	run(ui, &page, true);
	buf_free(&place);
}
