/*
 * What is the same on every full screen: first and last line, what was said, marks, wrapped text,
 * and the keys that mean the same everywhere.
 */
#include "screens/full.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/error.h"
#include "bbs/base/i18n.h"

const char *
full_mark(const struct ui *ui, char which)
{
	bool wide = ui->terminal->charset == CHARSET_UTF8;
	switch (which) {
	case '>':
		return wide ? "▸" : ">";
	case '*':
		return wide ? "●" : "*";
	default:
		return wide ? "└" : "`";
	}
}

/* ---- first line, last line, what was said ---- */

/*
 * "Board › place › place" in at most `cells`: the middle gives way before the last place, the
 * board's name stays.
 */
static void
draw_crumbs(struct ui *ui, const char *place, int cells)
{
	static const char arrow[] = " › ";
	struct buf all = { 0 };
	const char *rest = place;
	buf_fmt(&all, "%s%s%s", ui->title, *place ? arrow : "", place);
	while (full_width(ui, buf_text(&all)) > cells && (rest = strstr(rest, arrow)) != NULL) {
		rest += sizeof arrow - 1;
		buf_cut(&all, 0);
		buf_fmt(&all, "%s%s…%s%s", ui->title, arrow, arrow, rest);
	}
	full_str(ui, 0, 0, cells, FULL_BOLD, buf_text(&all));
	buf_free(&all);
}

/* Where both do not fit, the right keeps up to a third of the line, if that shows enough of it, and the places
 * give way. */
static void
draw_header(struct ui *ui, const char *place, const char *right)
{
	struct full *f = full_state(ui);
	int columns = full_columns(ui), gap = 2, least = 8, room = columns;
	int whole = right ? full_width(ui, right) : 0, cells = whole;
	struct buf all = { 0 };
	buf_fmt(&all, "%s › %s", ui->title, place);
	int left = columns - full_width(ui, buf_text(&all)) - gap;
	buf_free(&all);
	if (cells > left)
		cells = left > columns / 3 ? left : cells < columns / 3 ? cells : columns / 3;
	if (cells > 0 && (cells == whole || cells >= least)) {
		full_str(ui, 0, columns - cells, cells, 0, right);
		room = columns - cells - gap;
	}
	draw_crumbs(ui, place, room);
	if (place != buf_text(&f->place)) {
		buf_cut(&f->place, 0);
		buf_str(&f->place, place);
	}
}

static int
hint_cells(const struct ui *ui, const struct hint *hint)
{
	return full_width(ui, hint->key) + 1 + full_width(ui, _(hint->label));
}

/*
 * Marks which hints fit in `cells`: those to keep first, then from the left. False where one to keep
 * found no room; a lesser one does not take what room is left then.
 */
static bool
choose_hints(const struct ui *ui, const struct hint *hints, int count, int cells, bool *shown)
{
	int gap = 3, used = -gap;
	bool all = true;
	for (int keep = HINT_BACK; keep >= HINT_RARE && all; keep--)
		for (int i = 0; i < count; i++) {
			if (hints[i].keep != keep)
				continue;
			int more = gap + hint_cells(ui, &hints[i]);
			shown[i] = used + more <= cells;
			if (shown[i])
				used += more;
			else
				all = all && keep < HINT_WANTED;
		}
	return all;
}

static void
draw_footer(struct ui *ui, const struct hint *hints, int count, const char *status)
{
	int row = full_rows(ui) - 1, cells = full_columns(ui) - 2, column = 1;
	bool shown[FULL_HINTS] = { false }, first = true;
	int wide = status ? full_width(ui, status) : 0;
	/* How to go on and back is worth more than where one is. */
	if (wide && choose_hints(ui, hints, count, cells - wide - 2, shown)) {
		full_str(ui, row, full_columns(ui) - 1 - wide, wide, 0, status);
	} else {
		memset(shown, 0, sizeof shown);
		choose_hints(ui, hints, count, cells, shown);
	}
	for (int i = 0; i < count; i++) {
		if (!shown[i])
			continue;
		if (!first)
			column += full_str(ui, row, column, 3, 0, " · ");
		first = false;
		column += full_str(ui, row, column, cells, FULL_BOLD, hints[i].key);
		column += 1;
		column += full_str(ui, row, column, cells, 0, _(hints[i].label));
	}
}

/* What ui_say said, in the lines above the last one, at most half of the body; the rest waits for a
 * key. */
static int
draw_said(struct ui *ui, int top, int bottom)
{
	struct full *f = full_state(ui);
	const char *text = buf_text(&ui->said);
	f->said_shown = 0;
	if (!*text || bottom <= top)
		return bottom;
	int most = (bottom - top) / 2 < 1 ? 1 : (bottom - top) / 2;
	int cells = full_columns(ui) - 2, lines = 0, fits;
	size_t len = 0;
	/* Whole sentences, each on lines of its own; the first one even if it has to be cut. */
	for (size_t end; text[len]; len = end) {
		end = len + strcspn(text + len, "\n");
		struct buf one = { 0 };
		buf_add(&one, text + len, end - len);
		fits = full_lines(ui, cells, buf_text(&one));
		buf_free(&one);
		if (lines && lines + fits > most)
			break;
		lines += fits;
		end += text[end] == '\n';
	}
	if (lines > most)
		lines = most;
	for (int row = bottom - lines; row < bottom; row++)
		full_erase_line(ui, row);
	struct buf part = { 0 };
	buf_add(&part, text, len);
	full_wrapped(ui, bottom - lines, bottom, 1, FULL_BOLD, buf_text(&part));
	buf_free(&part);
	f->said_shown = len;
	f->said_top = bottom - lines;
	f->said_end = bottom;
	return bottom - lines;
}

/* A question over the screen is typed into. */
uint64_t
full_word(struct ui *ui)
{
	enum { STAYS_MS = 2000 };
	struct full *f = full_state(ui);
	if (f->reserved)
		return 0;
	if (ui->word.len > f->word_said) {
		struct buf said = { 0 };
		buf_str(&said, ui->word.data + f->word_said);
		buf_cut(&said, said.len - 1);
		ui->face->say(ui, buf_text(&said));
		buf_free(&said);
		f->word_said = ui->word.len;
	}
	if (f->word_said > f->word_shown)
		f->word_until = clock_ticks() + STAYS_MS;
	f->word_shown = f->word_said;
	return f->word_said ? ACTS(ACT_ANSWER) : 0;
}

void
full_heard(struct ui *ui)
{
	struct full *f = full_state(ui);
	buf_eat(&ui->word, f->word_shown);
	f->word_shown = f->word_said = 0;
}

void
full_frame(struct ui *ui, const char *place, const char *right, const struct hint *hints, int count,
    const char *status)
{
	struct full *f = full_state(ui);
	int rows = full_rows(ui);
	full_erase(ui);
	draw_header(ui, place ? place : "", right);
	draw_footer(ui, hints, count, status);
	f->over = 0;
	f->said_top = f->said_end = 0;
	f->top = rows >= 16 ? 2 : 1;
	int above = rows - 1 - f->reserved;
	f->bottom = draw_said(ui, f->top, above);
	if (f->bottom == rows - 1 && rows >= 20)
		f->bottom--;
	full_cursor(ui, f->top, 0);
}

void
full_over(struct ui *ui, const struct view *view, int lines, const struct hint *hints, int count)
{
	struct full *f = full_state(ui);
	int rows = full_rows(ui);
	bool same = f->drawn_columns == full_columns(ui) && f->drawn_rows == rows;
	f->reserved = lines;
	for (int row = f->said_top; f->said_old && row < f->said_end; row++)
		full_erase_line(ui, row);
	f->said_old = false;
	if (view->under)
		view->under->draw(ui, view->under->ctx);
	else if (!same)
		full_frame(ui, buf_text(&f->place), NULL, NULL, 0, NULL);
	else
		/* What the last screen left stays to be seen behind the question. */
		draw_said(ui, f->top, rows - 1 - lines);
	f->reserved = 0;
	/* The question before this one may have stood higher. */
	int most = f->over > lines ? f->over : lines;
	for (int row = rows - 1 - most < 0 ? 0 : rows - 1 - most; row < rows; row++)
		full_erase_line(ui, row);
	f->over = lines;
	draw_footer(ui, hints, count, NULL);
}

/* ---- the table of keys on the last line, and in help ---- */

/* How a key of the table is called. */
static const char *
key_name(const struct key_row *row, char letter[2])
{
	switch (row->key) {
	case DECODE_ENTER:
		return _("Enter");
	case DECODE_ESCAPE:
		return _("Esc");
	case ' ':
		return _("Space");
	}
	if (row->key < ' ')
		return "Ctrl-L";
	letter[0] = (char)row->key;
	letter[1] = '\0';
	return letter;
}

static bool
goes_without_saying(enum act act)
{
	return act == ACT_BACK || act == ACT_HELP || act == ACT_QUIT || act == ACT_REDRAW;
}

int
full_hints(uint64_t acts, struct hint hints[FULL_HINTS])
{
	static char letters[FULL_HINTS][2];
	static const enum act last[] = { ACT_BACK, ACT_QUIT, ACT_HELP };
	/* What one comes for: in a narrow window it is told before the rest. */
	static const uint64_t first = ACTS(ACT_NEXT) | ACTS(ACT_NEW) | ACTS(ACT_ADD) | ACTS(ACT_FOLDER) |
				      ACTS(ACT_REPLY) | ACTS(ACT_YES) | ACTS(ACT_NO) | ACTS(ACT_WORD) |
				      ACTS(ACT_ANSWER) | ACTS(ACT_FILES) | ACTS(ACT_LOOK) | ACTS(ACT_HERE);
	/* Of files: what nobody finds who is not told of it, and only then what is changed there. */
	static const uint64_t of_files = ACTS(ACT_COPY) | ACTS(ACT_TALK) | ACTS(ACT_FETCH) | ACTS(ACT_BRING);
	/* While somebody's word stands there, how to answer it. */
	enum act main = acts & ACTS(ACT_ANSWER) ? ACT_ANSWER : ACT_OPEN;
	uint64_t next = of_files | (acts & ACTS(ACT_FOLDER) ? ACTS(ACT_SEARCH) : 0);
	int count = 0;
	for (int i = 0; i < keys_count && count < FULL_HINTS; i++)
		if (keys[i].label && acts & ACTS(keys[i].act) &&
		    !goes_without_saying(keys[i].act)) {
			hints[count] = (struct hint){ key_name(&keys[i], letters[count]),
				keys[i].label, keys[i].act == main ? HINT_MAIN : first & ACTS(keys[i].act) ? HINT_WANTED
				    : next & ACTS(keys[i].act) ? HINT_USEFUL : HINT_RARE };
			count++;
		}
	for (size_t l = 0; l < sizeof last / sizeof *last; l++)
		for (int i = 0; i < keys_count && count < FULL_HINTS; i++)
			if (keys[i].act == last[l]) {
				if (last[l] == ACT_BACK && acts & ACTS(ACT_QUIT))
					continue; /* there is nothing to go back to */
				int keep = last[l] == ACT_HELP ? HINT_MAIN
				    : last[l] == ACT_BACK || acts & ACTS(ACT_QUIT) ? HINT_BACK : HINT_RARE;
				hints[count] = (struct hint){ key_name(&keys[i], letters[count]),
					keys[i].label, keep };
				count++;
			}
	return count;
}

/* The help of a screen where `acts` can be done. */
static void
help_of(struct ui *ui, uint64_t acts)
{
	struct buf text = { 0 };
	char letter[2];
	buf_fmt(&text, "%s\n\n", _("What the keys do on this screen:"));
	for (int i = 0; i < keys_count; i++) {
		if (!keys[i].help ||
		    !(acts & ACTS(keys[i].act) || goes_without_saying(keys[i].act)))
			continue;
		/* The sentences of keys that have a name say it themselves. */
		if (keys[i].key <= ' ')
			buf_str(&text, _(keys[i].help));
		else
			buf_fmt(&text, _("%s: %s"), key_name(&keys[i], letter), _(keys[i].help));
		buf_char(&text, '\n');
	}
	static const char *const moves[] = {
		N_("Up and down, or k and j: the line before, the line after."),
		N_("Page up, page down: a page back, a page on."),
		N_("Home and End: the beginning, the end."),
	};
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		buf_fmt(&text, "%s%s\n", i ? "" : "\n", _(moves[i]));
	full_help(ui, buf_text(&text));
	buf_free(&text);
}

/* ---- keys that mean the same everywhere ---- */

bool
full_harmless(struct ui *ui, int key, const char *sentence)
{
	switch (key) {
	case DECODE_CONTROL('C'):
	case DECODE_CONTROL('D'):
	case DECODE_CONTROL('Z'):
	case DECODE_CONTROL('\\'):
		ui->face->say(ui, sentence);
		return true;
	case DECODE_CONTROL('S'):
		ui->face->say(
		    ui, _("There is nothing to keep on this screen: all that was sent is kept."));
		return true;
	}
	return false;
}

static enum act
search(struct ui *ui)
{
	struct buf words = { 0 };
	if (full_line(ui, _("Search"), NULL, &words, 200, false) && words.len) {
		buf_free(&ui->words);
		ui->words = words;
		return ACT_SEARCH;
	}
	buf_free(&words);
	return ACT_NONE;
}

static int
act_key(int key, uint64_t acts)
{
	switch (key) {
	case 'n':
		/* As in every question, where it means nothing else. */
		return acts & ACTS(ACT_NO) && !(acts & ACTS(ACT_NEW)) ? 'x' : key;
	case DECODE_LEFT:
		return DECODE_ESCAPE;
	case DECODE_RIGHT:
		return DECODE_ENTER;
	case DECODE_F1:
		return '?';
	case 'q':
		return 'Q';
	}
	return key;
}

enum act
full_manners(struct ui *ui, int key, uint64_t acts)
{
	if (full_harmless(
		ui, key, _("This key stops nothing here. Escape goes back, Q leaves the board.")))
		return ACT_NONE;
	enum act act = ACT_NONE;
	for (int i = 0; i < keys_count; i++)
		if (keys[i].key == act_key(key, acts) &&
		    (goes_without_saying(keys[i].act) || acts & ACTS(keys[i].act)))
			act = keys[i].act;
	switch (act) {
	case ACT_NONE:
		if (key > ' ' && key < 0x110000)
			ui->face->say(ui, _("This key does nothing here; ? shows the keys."));
		return ACT_NONE;
	case ACT_REDRAW:
		full_state(ui)->redraw = true;
		return ACT_NONE;
	case ACT_HELP:
		help_of(ui, acts);
		return ACT_NONE;
	case ACT_QUIT: {
		struct buf question = { 0 };
		buf_fmt(&question, _("Leave %s?"), ui->title);
		bool yes = full_ask(ui, buf_text(&question));
		buf_free(&question);
		return yes ? ACT_QUIT : ACT_NONE;
	}
	case ACT_SEARCH:
		return search(ui);
	case ACT_ANSWER:
		ui->answer(ui->answer_ctx);
		full_heard(ui);
		return ACT_NONE;
	default:
		return act;
	}
}

void
full_trouble(struct ui *ui, int code)
{
	if (code < 0)
		ui->face->say(ui, error_text(code));
}

/* ---- places in an order ---- */

void
full_remember(struct ui *ui, const char *place, int64_t id, const char *key, int64_t num)
{
	struct full *f = full_state(ui);
	int i = 0;
	while (i < f->spots && !(f->spot[i].id == id && strcmp(f->spot[i].place, place) == 0))
		i++;
	if (i == FULL_SPOTS)
		i--;
	else if (i == f->spots)
		f->spot[f->spots++] = (struct spot){ 0 };
	/* The latest comes first, the oldest falls out. */
	struct spot latest = { .id = id, .num = num, .key = mem_dup(key), .place = mem_dup(place) };
	free(f->spot[i].key);
	free(f->spot[i].place);
	memmove(&f->spot[1], &f->spot[0], (size_t)i * sizeof *f->spot);
	f->spot[0] = latest;
}

const struct spot *
full_recall(struct ui *ui, const char *place, int64_t id)
{
	struct full *f = full_state(ui);
	for (int i = 0; i < f->spots; i++)
		if (f->spot[i].id == id && strcmp(f->spot[i].place, place) == 0)
			return &f->spot[i];
	return NULL;
}
