/*
 * A menu on the full screen: sentences, then news with a note each, then choices with their letters
 * in two columns, or in one where the window is narrow.
 */
#include "screens/full.h"

#include <ctype.h>
#include <string.h>

#include "bbs/base/i18n.h"

enum {
	NARROW = 60,
	LEFT = 3,       /* cells before a news line's label */
	LABEL_MAX = 22, /* cells of it before the note */
	A_MINUTE = 60 * 1000,
};

struct menuer {
	struct menu *menu;
	int at;      /* index of the current choice */
	int top;     /* first line shown of all that the menu has */
	int columns; /* choices side by side, by the last frame */
};

static bool
is_narrow(const struct ui *ui)
{
	return full_columns(ui) < NARROW;
}

/* The letter behind the & of a label, in capitals; 0 without. */
static int
letter_of(const struct choice *choice)
{
	const char *mark = strchr(choice->label, '&');
	return mark ? toupper((unsigned char)mark[1]) : 0;
}

/* "[F] Forum", or without its letter for what is new. */
static struct buf
label_of(const struct choice *choice)
{
	struct buf text = { 0 };
	const char *mark = strchr(choice->label, '&');
	if (mark && !choice->is_new)
		buf_fmt(&text, "[%c] ", letter_of(choice));
	if (mark)
		buf_add(&text, choice->label, (size_t)(mark - choice->label));
	buf_str(&text, mark ? mark + 1 : choice->label);
	return text;
}

/* ---- drawing ---- */

static void
mark_current(struct sheet *s, const struct menuer *m, int index, int column, int lines)
{
	if (index != m->at)
		return;
	s->start = s->row = s->line;
	s->end = s->line + lines;
	s->column = column;
	s->first = index == 0;
	full_sheet_put(s, s->line, column, 1, FULL_BOLD, full_mark(s->ui, '>'));
}

static void
put_news(struct sheet *s, const struct menuer *m, int label_cells)
{
	const struct menu *menu = m->menu;
	int columns = full_columns(s->ui);
	for (int i = 0; i < menu->choice_count; i++) {
		const struct choice *c = &menu->choices[i];
		if (!c->news)
			continue;
		struct buf label = label_of(c);
		int left = LEFT + label_cells + 2;
		bool below = columns - left < 24;
		int lines = full_sheet_put(
		    s, s->line, LEFT, below ? columns - LEFT : label_cells, 0, buf_text(&label));
		if (c->is_new)
			full_sheet_put(s, s->line, 1, 1, FULL_NEW, full_mark(s->ui, '*'));
		if (c->note && below)
			lines += full_sheet_put(
			    s, s->line + lines, LEFT + 2, columns - LEFT - 2, 0, c->note);
		else if (c->note) {
			int more = full_sheet_put(s, s->line, left, columns - left, 0, c->note);
			lines = more > lines ? more : lines;
		}
		mark_current(s, m, i, 0, lines);
		s->line += lines;
		buf_free(&label);
	}
}

static struct buf
choice_text(const struct choice *c)
{
	struct buf text = label_of(c), both = { 0 };
	if (!c->note || !*c->note)
		return text;
	buf_fmt(&both, _("%s: %s"), buf_text(&text), c->note);
	buf_free(&text);
	return both;
}

static void
put_choices(struct sheet *s, const struct menuer *m)
{
	const struct menu *menu = m->menu;
	int half = full_columns(s->ui) / m->columns, width = 0, side = 0, most = 0;
	struct buf text;
	for (int i = 0; i < menu->choice_count; i++) {
		text = choice_text(&menu->choices[i]);
		int cells = menu->choices[i].news ? 0 : full_width(s->ui, buf_text(&text)) + 3;
		width = cells > width ? cells : width;
		buf_free(&text);
	}
	if (width > half)
		width = half;
	for (int i = 0; i < menu->choice_count; i++) {
		if (menu->choices[i].news)
			continue;
		text = choice_text(&menu->choices[i]);
		int lines =
		    full_sheet_put(s, s->line, side * width + 1, width - 2, 0, buf_text(&text));
		buf_free(&text);
		mark_current(s, m, i, side * width, lines);
		most = lines > most ? lines : most;
		if (++side == m->columns) {
			s->line += most;
			side = most = 0;
		}
	}
	s->line += most;
}

static void
walk(struct sheet *s, void *ctx)
{
	const struct menuer *m = ctx;
	const struct menu *menu = m->menu;
	const struct full *f = full_state(s->ui);
	bool airy = f->bottom - f->top >= 12;
	int label_cells = 0, news = 0;
	for (int i = 0; i < menu->choice_count; i++)
		if (menu->choices[i].news) {
			struct buf label = label_of(&menu->choices[i]);
			int cells = full_width(s->ui, buf_text(&label));
			label_cells = cells > label_cells ? cells : label_cells;
			buf_free(&label);
			news++;
		}
	if (label_cells > LABEL_MAX)
		label_cells = LABEL_MAX;
	if (menu->lead && *menu->lead)
		s->line += full_sheet_put(s, 0, 1, full_columns(s->ui) - 1, 0, menu->lead) + airy;
	put_news(s, m, label_cells);
	if (news)
		s->line += airy;
	put_choices(s, m);
}

static void
draw_menu(struct ui *ui, void *ctx)
{
	struct menuer *m = ctx;
	const struct menu *menu = m->menu;
	struct hint hints[FULL_HINTS];
	int count = full_hints(menu->acts | ACTS(ACT_OPEN) | full_word(ui), hints);
	full_frame(ui, menu->place, menu->right, hints, count, NULL);
	m->columns = is_narrow(ui) ? 1 : 2;
	full_sheet_show(ui, walk, m, &m->top);
}

/* ---- keys ---- */

static int
first_plain(const struct menu *menu)
{
	int i = 0;
	while (i < menu->choice_count && menu->choices[i].news)
		i++;
	return i;
}

/* News stand one below the other, choices in columns; news come first in the array too. */
static bool
move(struct menuer *m, int key)
{
	int news = first_plain(m->menu), last = m->menu->choice_count - 1, at = m->at;
	bool plain = at >= news;
	int side = plain ? (at - news) % m->columns : 0;
	/* Choices on one line: up and down go along it, as there is no other. */
	bool along = plain && last - news < m->columns;
	switch (key) {
	case DECODE_UP:
	case 'k':
		at -= along ? 1 : plain && at - news >= m->columns ? m->columns : plain ? side + 1 : 1;
		break;
	case DECODE_DOWN:
	case 'j':
		at += plain && !along ? m->columns : 1;
		if (at > last && plain && (m->at - news) / m->columns < (last - news) / m->columns)
			at = last;
		break;
	case DECODE_LEFT:
		if (side == 0)
			return false;
		at--;
		break;
	case DECODE_RIGHT:
		if (!plain || side == m->columns - 1 || at == last)
			return false;
		at++;
		break;
	case DECODE_HOME:
	case DECODE_PAGE_UP:
		at = 0;
		break;
	case DECODE_END:
	case DECODE_PAGE_DOWN:
		at = last;
		break;
	default:
		return false;
	}
	if (at >= 0 && at <= last)
		m->at = at;
	return true;
}

static enum act
menu_key(struct ui *ui, void *ctx, int key)
{
	struct menuer *m = ctx;
	const struct menu *menu = m->menu;
	if (key < 0x80)
		for (int i = 0; i < menu->choice_count; i++)
			if (letter_of(&menu->choices[i]) &&
			    letter_of(&menu->choices[i]) == toupper(key)) {
				m->at = i;
				return ACT_OPEN;
			}
	if (move(m, key))
		return ACT_NONE;
	/* Where there is one column on a narrow window, this opens nothing either. */
	if (key == DECODE_RIGHT)
		return ACT_NONE;
	return full_manners(ui, key, menu->acts | (menu->choice_count ? ACTS(ACT_OPEN) : 0) |
	    (ui->answer ? ACTS(ACT_ANSWER) : 0));
}

static void
find_current(struct menuer *m)
{
	for (int i = 0; i < m->menu->choice_count; i++)
		if (m->menu->choices[i].id == m->menu->at)
			m->at = i;
	if (m->at >= m->menu->choice_count)
		m->at = m->menu->choice_count - 1;
	if (m->at < 0)
		m->at = 0;
}

static int
current_id(const struct menuer *m)
{
	return m->menu->choice_count ? m->menu->choices[m->at].id : 0;
}

/* The choices may be other ones afterwards; the current one is found again by its id. */
static enum act
look_again(struct ui *ui, void *ctx)
{
	struct menuer *m = ctx;
	struct menu *menu = m->menu;
	(void)ui;
	menu->at = current_id(m);
	bool changed = menu->refresh && !menu->refresh(menu->ctx, menu);
	find_current(m);
	return changed ? ACT_CHANGED : ACT_NONE;
}

enum act
full_menu(struct ui *ui, struct menu *menu)
{
	struct menuer m = { .menu = menu, .columns = 1 };
	find_current(&m);
	struct view view = { .draw = draw_menu, .key = menu_key, .look = look_again, .ctx = &m,
		.every = menu->refresh ? A_MINUTE : 0 };
	enum act act = full_show(ui, &view);
	menu->at = current_id(&m);
	return act;
}
