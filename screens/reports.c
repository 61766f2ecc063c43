/* Reports: what members have brought before those who moderate; from here it is read, hidden or
 * left. */
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/file.h"
#include "screens/visit.h"

struct reports {
	struct visit *v;
	struct rows *out;
};

static bool
add_report(void *ctx, const struct report *row)
{
	struct reports *reports = ctx;
	struct row *r = rows_add(reports->out, row->id, NULL, row->id);
	struct buf cell = { 0 };
	text_clean(&cell, buf_text(&row->reason), row->reason.len, TEXT_LINE);
	row_cell(r, 0, buf_text(&cell));
	row_cell(r, 1, buf_text(&row->title));
	row_cell(r, 2, buf_text(&row->reporter));
	buf_cut(&cell, 0);
	clock_span(&cell, clock_now() - row->created);
	row_cell(r, 3, buf_text(&cell));
	r->is_new = true;
	buf_free(&cell);
	return true;
}

static int
report_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct reports *reports = ctx;
	(void)filter;
	reports->out = out;
	return report_page(reports->v->db, from ? from->num : 0, direction, n, add_report, reports);
}

static void
write_report(const struct report *report, bool reads, struct buf *text)
{
	struct buf when = { 0 };
	clock_phrase(&when, report->created, clock_now(), NULL);
	buf_fmt(text, _("Reported by %s, %s:"), buf_text(&report->reporter), buf_text(&when));
	buf_fmt(text, "\n%s\n\n", buf_text(&report->reason));
	buf_cut(&when, 0);
	clock_phrase(&when, report->written, clock_now(), NULL);
	const char *author = report->author.len ? buf_text(&report->author) : _("member who has left");
	if (report->file)
		buf_fmt(text, _("The file “%s”. By %s, %s."), buf_text(&report->title), author, buf_text(&when));
	else
		buf_fmt(text, _("%s, message %d of “%s”. By %s, %s:"), buf_text(&report->board_title), report->number,
		    buf_text(&report->title), author, buf_text(&when));
	buf_fmt(text, "\n%s\n", buf_text(&report->body));
	if (!reads && report->file)
		buf_fmt(text, "\n%s\n", _("You are not among its readers: its name and this are all that you see."));
	else if (!reads)
		buf_fmt(text, "\n%s\n",
		    _("This board is a council's own: you read of it what is reported, nothing "
		      "else."));
	buf_free(&when);
}

static void
dismiss(struct visit *v, int64_t id)
{
	struct buf word = { 0 };
	if (ui_line(v->ui, _("Why it stays"), _("those who reported it read your word"), &word,
		ABOUT_MAX, false)) {
		int r = report_dismiss(v->db, id, buf_text(&word));
		if (r == E_NOT_FOUND)
			ui_say(v->ui,
			    _("This report is closed already: somebody else has seen to it."));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("It stays, and those who reported it read why."));
	}
	buf_free(&word);
}

/* ACT_NEXT, once it was read in its thread: look at the report again. */
static enum act
report_screen(struct visit *v, const struct report *report)
{
	struct thread thread = { 0 };
	struct file file = { 0 };
	char place[SHELF_MAX + 1];
	struct buf text = { 0 };
	struct buf folder = { 0 };
	bool reads = report->file ? !file_get(v->db, report->item, &file) : !thread_of(v->db, report->item, &thread);
	write_report(report, reads, &text);
	if (reads && report->file)
		shelf_words(v->db, file.shelf, &folder);
	if (folder.len)
		buf_fmt(&text, _("Folder: %s\n"), buf_text(&folder));
	buf_free(&folder);
	if (reads && report->file)
		buf_fmt(&text, "\n%s\n", _("Go on (Space, or Enter) to see it in its place."));
	else if (reads)
		buf_fmt(
		    &text, "\n%s\n", _("Go on (Space, or Enter) to read it in its discussion."));
	struct page page = { .place = _("Report"),
		.text = buf_text(&text),
		.acts = ACTS(ACT_HIDE) | ACTS(ACT_LEAVE) | (reads ? ACTS(ACT_NEXT) : 0) };
	enum act act = ui_page(v->ui, &page);
	file_place(&file, place);
	if (act == ACT_NEXT && report->file)
		act = files_open(v, place) == ACT_QUIT ? ACT_QUIT : act;
	else if (act == ACT_NEXT && thread_screen(v, thread.id, report->item) == ACT_QUIT)
		act = ACT_QUIT;
	thread_free(&thread);
	file_free(&file);
	buf_free(&text);
	return act;
}

/* One report and what is done with it. */
static enum act
see_to(struct visit *v, int64_t id, enum act act)
{
	struct report report = { 0 };
	do {
		report_free(&report);
		if (report_get(v->db, id, &report)) {
			if (act != ACT_NEXT) /* else it was hidden on the way */
				ui_say(v->ui, _("This report is closed already: somebody else has "
						"seen to it."));
			break;
		}
		if (act == ACT_OPEN || act == ACT_NEXT)
			act = report_screen(v, &report);
	} while (act == ACT_NEXT);
	if (report.id && act == ACT_HIDE && report.file)
		hide_file(v, report.item);
	else if (report.id && act == ACT_HIDE)
		hide_post(v, report.item);
	else if (report.id && act == ACT_LEAVE)
		dismiss(v, id);
	report_free(&report);
	return act;
}

enum act
reports_screen(struct visit *v)
{
	const struct column columns[] = { { _("Reason"), 20, 0, 0 }, { _("Discussion"), 14, 28, 1 },
		{ _("By"), 10, 18, 2 }, { _("For"), 6, 10, 3 } };
	struct reports reports = { .v = v };
	struct list list = { .place = _("Reports"),
		.columns = columns,
		.column_count = 4,
		.source = { report_rows, &reports },
		.empty = _("Nothing is reported."),
		.acts = ACTS(ACT_HIDE) | ACTS(ACT_LEAVE) };
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_THREAD, 0);
		act = ui_list(v->ui, &list);
		if (act == ACT_BACK || act == ACT_QUIT || !list.at)
			return act;
		if (see_to(v, list.at, act) == ACT_QUIT)
			return ACT_QUIT;
	}
}
