/* The linear face's lists: one row a line, its number first; numbers run on from page to page. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "bbs/base/i18n.h"
#include "screens/linear.h"

enum {
	PAGE_ROWS = 20, /* rows of a list's page where the person wants no stops */
	PAGE_SPARE = 3, /* lines of a page that are no rows */
	PLACE_ROWS =
	    100, /* rows a step, and at most, looked through for the place of the last visit */
	PLACE_MOST = 2000,
};

struct view {
	struct list *list;
	struct rows rows; /* all that was heard so far: number n is row[n - 1] */
	bool all;         /* the source has no more */
	int start, end;   /* the page: rows [start, end) */
	int told;         /* the highest number told */
	int named;        /* the number last named, 0 none */
	struct linear_words words;
};

static void
fetch(struct ui *ui, struct view *v, int n)
{
	const struct source *source = &v->list->source;
	/* A copy: the source makes the array grow while it reads. */
	struct row from = { 0 };
	int before = v->rows.count;
	if (before)
		from = v->rows.row[before - 1];
	int got = source->page(source->ctx, v->list->filters ? v->list->filter : "",
	    before ? &from : NULL, 1, n, &v->rows);
	if (got < 0)
		linear_print(ui, error_text(got));
	v->all = v->rows.count - before < n;
}

static void
row_text(const struct list *list, const struct row *row, int64_t number, struct buf *out)
{
	struct buf text = { 0 };
	int columns = list->column_count < UI_COLUMNS ? list->column_count : UI_COLUMNS;
	for (int c = 0; c < columns; c++) {
		const char *cell = row->cell[c];
		if (!cell || !*cell)
			continue;
		if (text.len)
			buf_str(&text, strchr(".?!", text.data[text.len - 1]) ? " " : ", ");
		const char *head = list->columns[c].head;
		bool figure = *cell >= '0' && *cell <= '9';
		if (head && *head && c && figure && !(list->clear & 1U << c)) {
			linear_first(&text, head, false);
			buf_char(&text, ' ');
		}
		buf_str(&text, cell);
	}
	if (list->details && row->detail) {
		buf_str(&text, ". ");
		for (const char *s = row->detail; *s; s++)
			if (*s != UI_STRONG && *s != UI_PLAIN)
				buf_char(&text, *s);
	}
	linear_numbered(out, number, row->is_new, row->urgent, buf_text(&text));
	buf_free(&text);
}

static int
row_lines(struct ui *ui, struct view *v, int i)
{
	struct buf text = { 0 };
	row_text(v->list, &v->rows.row[i], i + 1, &text);
	int lines = linear_lines(ui, buf_text(&text));
	buf_free(&text);
	return lines;
}

static int
page_lines(const struct ui *ui)
{
	int page = linear_page(ui);
	if (page <= 0)
		return PAGE_ROWS;
	return page > PAGE_SPARE ? page - PAGE_SPARE : 1;
}

/* Finds the end of the page that starts at v->start; fetches what it lacks. */
static void
lay_page(struct ui *ui, struct view *v)
{
	int room = page_lines(ui);
	if (!v->all && v->rows.count <= v->start + room)
		fetch(ui, v, v->start + room + 1 - v->rows.count);
	for (v->end = v->start; v->end < v->rows.count && room > 0; v->end++) {
		room -= row_lines(ui, v, v->end);
		if (room < 0 && v->end > v->start)
			break;
	}
}

/* The page on which the row of the last visit is; the first page where it is gone. */
static void
find_place(struct ui *ui, struct view *v)
{
	int found = -1, seen = 0;
	if (!v->list->at)
		return;
	while (found < 0 && !v->all && v->rows.count < PLACE_MOST) {
		fetch(ui, v, PLACE_ROWS);
		for (; seen < v->rows.count && found < 0; seen++) {
			if (v->rows.row[seen].id == v->list->at)
				found = seen;
		}
	}
	if (found < 0)
		return;
	v->named = found + 1;
	for (lay_page(ui, v); v->end <= found; lay_page(ui, v))
		v->start = v->end;
}

/* Numbers run from 1, so the page before is found from the first one. */
static void
page_before(struct ui *ui, struct view *v)
{
	int was = v->start, start = 0;
	for (v->start = 0, lay_page(ui, v); v->end < was; lay_page(ui, v))
		start = v->start = v->end;
	v->start = start;
	lay_page(ui, v);
}

static bool
more(const struct view *v)
{
	return v->end < v->rows.count || !v->all;
}

/* A filter has left one row: Enter takes it. */
static bool
only_one(const struct view *v)
{
	const struct list *list = v->list;
	return list->filters && *list->filter && v->rows.count == 1 && v->all;
}

static void
list_words(struct ui *ui, struct view *v)
{
	const struct list *list = v->list;
	linear_words(&v->words, list->acts | (list->filters ? ACTS(ACT_FILTER) : 0) |
	    (ui->answer ? ACTS(ACT_ANSWER) : 0));
	linear_word(&v->words, LINEAR_PREVIOUS, '-', N_("previous"), NULL);
	v->words.word[v->words.count - 1].hint = false;
	if (list->filters) { /* the word of other lists does as well */
		linear_word(&v->words, ACT_FILTER, 0, N_("search"), NULL);
		v->words.word[v->words.count - 1].hint = false;
	}
	for (int i = 0; i < v->words.count && !v->rows.count; i++) {
		int meaning = v->words.word[i].meaning;
		if (meaning > ACT_NONE && meaning < ACT_COUNT && row_acts & ACTS(meaning))
			v->words.word[i].hint = false;
	}
}

static void
list_hint(struct ui *ui, struct view *v)
{
	struct buf enter = { 0 };
	list_words(ui, v);
	if (more(v))
		buf_str(&enter, _("Enter: more."));
	else if (only_one(v) && !v->list->shows_only)
		buf_str(&enter, _("Enter: this line."));
	else if (v->list->acts & ACTS(ACT_NEXT))
		buf_str(&enter, _("Enter: next."));
	bool opens = v->rows.count && !only_one(v) && !v->list->shows_only;
	if (opens && enter.len)
		buf_char(&enter, ' ');
	if (opens && v->list->opens)
		buf_fmt(&enter, _("A number or a word: %s."), _(v->list->opens));
	else if (opens)
		buf_str(&enter, _("A number or a word opens."));
	if (v->start)
		buf_fmt(&enter, " %s", _("- the page before."));
	linear_hint(ui, buf_text(&enter), &v->words, _("back"));
	buf_free(&enter);
}

static void
print_rows(struct ui *ui, struct view *v)
{
	struct buf text = { 0 };
	if (!v->rows.count && v->list->filters && *v->list->filter)
		linear_fmt(ui, _("Nothing fits “%s”. / alone shows all again."), v->list->filter);
	else if (!v->rows.count)
		linear_print(ui, v->list->empty ? v->list->empty : _("There is nothing here yet."));
	v->told = v->end > v->told ? v->end : v->told;
	for (int i = v->start; i < v->end; i++) {
		buf_cut(&text, 0);
		row_text(v->list, &v->rows.row[i], i + 1, &text);
		linear_print(ui, text.data);
	}
	if (v->rows.count && !more(v) && v->start)
		linear_print(ui, _("This is the end of the list."));
	buf_free(&text);
	list_hint(ui, v);
}

static void
list_first(struct ui *ui, struct view *v)
{
	rows_free(&v->rows);
	v->all = false;
	v->start = v->end = v->told = v->named = 0;
	lay_page(ui, v);
}

/* Fetches what fits the words. */
static void
filter_by(struct ui *ui, struct view *v, const char *words)
{
	struct list *list = v->list;
	struct buf clean = { 0 };
	size_t n = 0;
	int cells;
	text_clean(&clean, words, strlen(words), TEXT_LINE);
	for (size_t step; (step = text_cluster(buf_text(&clean) + n, clean.len - n, &cells)) &&
			  n + step < sizeof list->filter;)
		n += step;
	memcpy(list->filter, buf_text(&clean), n);
	list->filter[n] = '\0';
	buf_free(&clean);
	list_first(ui, v);
}

static void
print_filtered(struct ui *ui, struct view *v)
{
	if (*v->list->filter)
		linear_fmt(ui, _("Filter: %s."), v->list->filter);
	else
		linear_print(ui, _("No filter."));
	print_rows(ui, v);
}

/* How a row fits what was typed: by its first cell, else by a word of the others. */
static int
row_begins(const struct list *list, const struct row *row, const char *folded)
{
	int how = row->cell[0] ? linear_begins(row->cell[0], folded) : 0;
	for (int c = 1; !how && c < list->column_count && c < UI_COLUMNS; c++)
		how = row->cell[c] && linear_begins(row->cell[c], folded);
	return how;
}

/*
 * The row that was typed, of those heard, else of those that follow: its number, 0 none, LINEAR_DOUBT
 * where there are several, which are told.
 */
static int64_t
row_typed(struct ui *ui, struct view *v, const char *typed)
{
	struct buf folded = { 0 };
	struct linear_pick pick = { 0 };
	int at = 0, until = v->told;
	text_fold(&folded, typed);
	while (folded.len > 1 && !pick.best) {
		for (; at < until; at++) {
			const struct row *row = &v->rows.row[at];
			linear_weigh(&pick, at + 1, row->cell[0] ? row->cell[0] : "",
			    row_begins(v->list, row, folded.data));
		}
		if (pick.best || (v->all && at == v->rows.count) || at >= PLACE_MOST)
			break;
		if (at == v->rows.count)
			fetch(ui, v, PLACE_ROWS);
		until = v->rows.count;
	}
	buf_free(&folded);
	if (pick.count && at > v->told)
		v->told = at;
	return linear_chosen(ui, &pick);
}

/* Letters that are no word: they choose the only row that they fit; else they filter, where the list
 * does. */
static enum act
list_letters(struct ui *ui, struct view *v, const char *typed)
{
	struct list *list = v->list;
	int64_t number = 1;
	if (list->filters && strlen(typed) > 1) {
		char before[sizeof list->filter];
		memcpy(before, list->filter, sizeof before);
		filter_by(ui, v, typed);
		if (v->rows.count != 1 || !v->all) {
			print_filtered(ui, v);
			return ACT_NONE;
		}
		/* Whoever comes back finds the list as it was. */
		memcpy(list->filter, before, sizeof before);
	} else {
		number = row_typed(ui, v, typed);
	}
	if (!number)
		linear_unknown(ui, typed);
	if (number <= 0)
		return ACT_NONE;
	list->at = v->rows.row[number - 1].id;
	return ACT_OPEN;
}

/* `/words`: a filter where the list has one, else words for the screen to search. NULL: asks. */
static enum act
list_search(struct ui *ui, struct view *v, const char *words)
{
	struct list *list = v->list;
	if (list->filters && words) {
		filter_by(ui, v, words);
		print_filtered(ui, v);
		return ACT_NONE;
	}
	enum act chosen =
	    linear_search(ui, list->acts | (list->filters ? ACTS(ACT_FILTER) : 0), words);
	if (chosen != ACT_SEARCH || !list->filters)
		return chosen;
	filter_by(ui, v, ui_words(ui));
	print_filtered(ui, v);
	return ACT_NONE;
}

/* Sets list->at to an act's row: the number typed, the only one, the last named; or asks. */
static bool
name_row(struct ui *ui, struct view *v, int64_t number)
{
	struct buf typed = { 0 };
	v->list->at = 0;
	if (number < 0 && v->rows.count == 1 && v->all)
		number = 1;
	if (number < 0 && v->named)
		number = v->named;
	if (number < 0 && v->rows.count) {
		linear_print(ui, _("Which one? Type its number; Enter alone: none."));
		if (linear_read(ui, 0, &typed) == LINEAR_LINE && *buf_text(&typed)) {
			number = linear_number(typed.data);
			number = number < 0 ? 0 : number;
		}
	}
	buf_free(&typed);
	if (number < 0)
		return !v->rows.count;
	if (number < 1 || number > v->told) {
		linear_print(ui, _("There is no such number in what you have heard."));
		return false;
	}
	v->named = (int)number;
	v->list->at = v->rows.row[number - 1].id;
	return true;
}

static enum act
list_enter(struct ui *ui, struct view *v)
{
	int was = v->start;
	if (only_one(v)) {
		v->list->at = v->rows.row->id;
		return ACT_OPEN;
	}
	if (more(v)) {
		v->start = v->end;
		lay_page(ui, v);
	}
	if (v->end > v->start && v->start > was) {
		print_rows(ui, v);
		return ACT_NONE;
	}
	v->start = was;
	lay_page(ui, v);
	if (v->list->acts & ACTS(ACT_NEXT))
		return ACT_NEXT;
	linear_print(ui, _("This is the end of the list."));
	return ACT_NONE;
}

static void
list_help(struct ui *ui, const struct view *v)
{
	const char *const own[] = {
		_("A number alone opens that line, and so do the first letters of its words."),
		_("A word of these with a number is about that line."),
		_("Enter alone: the rows that follow. -: the page before. 0: back."), NULL
	};
	linear_help(ui, own, &v->words);
}

/* True where a row that was heard is called what was typed, whole. */
static bool
is_label(const struct view *v, const char *typed)
{
	struct buf folded = { 0 };
	bool is = false;
	text_fold(&folded, typed);
	for (int i = 0; folded.len > 1 && i < v->told && !is; i++)
		is = v->rows.row[i].cell[0] && linear_begins(v->rows.row[i].cell[0], folded.data) == 3;
	buf_free(&folded);
	return is;
}

static enum act
list_act(struct ui *ui, struct view *v, const char *typed)
{
	uint64_t acts = v->list->acts | ACTS(ACT_OPEN);
	int64_t number = linear_number(typed);
	int said;
	if (!*typed)
		said = ACT_NEXT;
	else if (number >= 0)
		said = number ? ACT_OPEN : ACT_BACK;
	else if (*typed == '/')
		return list_search(ui, v, typed + 1);
	else if (is_label(v, typed) && !linear_is_word(&v->words, typed))
		said = ACT_NONE; /* "Cher" is no short form of a word */
	else
		said = linear_match(&v->words, typed, &number);
	switch (said) {
	case ACT_NEXT:
		return list_enter(ui, v);
	case LINEAR_PREVIOUS:
		page_before(ui, v);
		print_rows(ui, v);
		return ACT_NONE;
	case ACT_BACK:
		return ACT_BACK;
	case ACT_QUIT:
		return linear_leaving(ui) ? ACT_QUIT : ACT_NONE;
	case ACT_HELP:
		list_help(ui, v);
		return ACT_NONE;
	case ACT_SEARCH:
	case ACT_FILTER:
		return list_search(ui, v, NULL);
	case ACT_ANSWER:
		ui->answer(ui->answer_ctx);
		return ACT_NONE;
	case LINEAR_DOUBT:
		linear_print(ui, _("Several words begin so. ? tells the words."));
		return ACT_NONE;
	default:
		break;
	}
	if (said <= ACT_NONE || said >= ACT_COUNT || !(acts & ACTS(said)))
		return list_letters(ui, v, typed);
	if ((row_acts & ACTS(said)) && !name_row(ui, v, number))
		return ACT_NONE;
	if (!(row_acts & ACTS(said)))
		v->list->at = v->named ? v->rows.row[v->named - 1].id : 0;
	if (said == ACT_OPEN && !v->list->at)
		return ACT_NONE;
	if (v->list->here & ACTS(said)) {
		if (v->list->at)
			v->list->act(v->list->source.ctx, v->list, (enum act)said);
		return ACT_NONE;
	}
	return (enum act)said;
}

/* Whoever comes back to a list from a row knows what stands above it, unless that is another sentence now. */
static void
tell_lead(struct ui *ui, struct list *list)
{
	uint64_t told = 14695981039346656037u; /* FNV-1a */
	for (const char *s = list->lead; s && *s; s++)
		told = (told ^ (unsigned char)*s) * 1099511628211u;
	if (list->lead && list->told != told)
		linear_print(ui, list->lead);
	list->told = told;
}

enum act
linear_list(struct ui *ui, struct list *list)
{
	struct view v = { .list = list };
	struct buf typed = { 0 };
	enum act chosen = ACT_NONE;
	list_words(ui, &v);
	linear_heading(ui, list->place, list->right, NULL);
	tell_lead(ui, list);
	if (list->filters && *list->filter)
		linear_fmt(ui, _("Filter: %s."), list->filter);
	find_place(ui, &v);
	lay_page(ui, &v);
	print_rows(ui, &v);
	while (chosen == ACT_NONE) {
		if (linear_read(ui, LINEAR_CALM, &typed) != LINEAR_LINE)
			chosen = ACT_QUIT;
		list_words(ui, &v);
		if (chosen == ACT_NONE)
			chosen = list_act(ui, &v, buf_text(&typed));
		if (chosen == ACT_OPEN && list->shows_only) {
			linear_print(ui, _("These lines open nothing."));
			chosen = ACT_NONE;
		}
	}
	rows_free(&v.rows);
	buf_free(&typed);
	return chosen;
}
