/* Short words to the person: a list, and one read; from there to the message that it is about. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/file.h"
#include "screens/visit.h"

struct notices {
	struct visit *v;
	struct rows *out;
};

void
notice_words(const struct notice *notice, struct buf *out)
{
	static const struct {
		const char *kind, *words;
	} known[] = {
		{ "hidden", N_("Your message was hidden") },
		{ "shown", N_("Your message is shown again") },
		{ "report-hidden", N_("The message that you reported was hidden") },
		{ "report-dismissed", N_("The message that you reported stays") },
		{ "moved", N_("Your discussion was moved to another board") },
		{ "merged", N_("Your discussion was joined to another one") },
		{ "split", N_("Your message has become a discussion of its own") },
		{ "file-hidden", N_("Your file was hidden") },
		{ "file-shown", N_("Your file is shown again") },
		{ "file-report-hidden", N_("The file that you reported was hidden") },
		{ "file-report-dismissed", N_("The file that you reported stays") },
		{ "file-binned", N_("What you had put was thrown away") },
		{ "file-changed", N_("Your file was changed by another") },
		{ "file-shared", N_("Somebody lets you read this") },
		{ "file-in", N_("Something new in a folder that you follow") },
		{ "file-version", N_("Another version of a file that you follow") },
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(notice->kind, known[i].kind)) {
			buf_str(out, _(known[i].words));
			return;
		}
	if (notice->sender.len)
		buf_fmt(out, _("A word from %s"), buf_text(&notice->sender));
	else
		buf_str(out, _("A word from the board"));
}

static bool
add_notice(void *ctx, const struct notice *row)
{
	struct notices *n = ctx;
	struct row *r = rows_add(n->out, row->id, NULL, row->id);
	struct buf cell = { 0 };
	notice_words(row, &cell);
	row_cell(r, 0, buf_text(&cell));
	row_cell(r, 1, buf_text(row->title.len ? &row->title : &row->body));
	buf_cut(&cell, 0);
	clock_day(&cell, row->created, clock_now());
	row_cell(r, 2, buf_text(&cell));
	r->is_new = !row->seen;
	buf_free(&cell);
	return true;
}

static int
notice_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct notices *notices = ctx;
	(void)filter;
	notices->out = out;
	return notice_page(notices->v->db, from ? from->num : 0, direction, n, add_notice, notices);
}

/* What it is about, and in which folder. */
static void
write_file(struct visit *v, const struct notice *notice, struct buf *text)
{
	struct buf where = { 0 };
	struct file f;
	bool folder = !file_get(v->db, notice->item, &f) && f.kind == FILE_FOLDER;
	file_free(&f);
	if (*notice->place)
		shelf_words(v->db, notice->place, &where);
	if (where.len)
		buf_fmt(text, _("Folder: %s\n"), buf_text(&where));
	buf_fmt(text, folder ? _("Folder: %s\n") : _("File: %s\n"), buf_text(&notice->title));
	if (where.len)
		buf_fmt(text, "%s\n", _("Others may have come since: the new ones are marked there."));
	buf_free(&where);
}

static enum act
notice_screen(struct visit *v, int64_t id)
{
	struct notice notice = { 0 };
	struct buf text = { 0 }, when = { 0 };
	int r = notice_get(v->db, id, &notice);
	if (r) {
		visit_say_error(v, r);
		return ACT_BACK;
	}
	notice_words(&notice, &text);
	clock_phrase(&when, notice.created, clock_now(), NULL);
	buf_fmt(&text, ".\n%s%s%s.\n", buf_text(&notice.sender), notice.sender.len ? ", " : "",
	    buf_text(&when));
	char place[sizeof notice.place];
	/* It is hidden: there is nothing to go on to. */
	if (!strcmp(notice.kind, "file-report-hidden")) {
		notice.thread.n = 0;
		buf_cut(&notice.title, 0);
	}
	bool file = !strncmp(notice.kind, "file-", 5) && notice.thread.n, binned = !strcmp(notice.kind, "file-binned");
	snprintf(place, sizeof place, "%s", notice.place);
	if (file && !*place)
		snprintf(place, sizeof place, "i%lld", (long long)notice.item.n);
	if (file)
		write_file(v, &notice, &text);
	else if (notice.title.len)
		buf_fmt(&text, _("Discussion: %s\n"), buf_text(&notice.title));
	if (notice.body.len)
		buf_fmt(&text, "\n%s\n", buf_text(&notice.body));
	if (!strcmp(notice.kind, "file-hidden"))
		buf_fmt(&text, "\n%s\n",
		    _("You still see it. If you change it, the animators can show it again."));
	if (binned)
		buf_fmt(&text, "\n%s\n", _("For a month you can take it back from the bin of the shared folders.\n"
			"Go on (Space, or Enter) to look there."));
	if (!strcmp(notice.kind, "hidden"))
		buf_fmt(&text, "\n%s\n",
		    _("You still read it. If you change it, the animators can show it again."));
	if (file)
		buf_fmt(&text, "\n%s\n", _("Go on (Space, or Enter) to see it in its place."));
	else if (notice.thread.n)
		buf_fmt(
		    &text, "\n%s\n", _("Go on (Space, or Enter) to read it in its discussion."));
	if (!notice.seen)
		notice_seen(v->db, id);
	bool word = !strcmp(notice.kind, "word") && notice.sender_id.n;
	struct page page = { .place = _("For you"),
		.text = buf_text(&text),
		.acts = (notice.thread.n || binned ? ACTS(ACT_NEXT) : 0) | (word ? ACTS(ACT_REPLY) : 0) };
	enum act act = ui_page(v->ui, &page);
	if (act == ACT_NEXT && binned)
		act = bin_screen(v);
	else if (act == ACT_NEXT && file)
		act = files_open(v, place);
	else if (act == ACT_NEXT)
		act = thread_screen(v, notice.thread, notice.item);
	else if (act == ACT_REPLY)
		word_write(v, notice.sender_id);
	buf_free(&text);
	buf_free(&when);
	notice_free(&notice);
	return act;
}

enum act
notices_screen(struct visit *v)
{
	const struct column columns[] = { { NULL, 28, 0, 0 }, { NULL, 12, 30, 1 },
		{ NULL, 10, 14, 2 } };
	struct notices notices = { .v = v };
	struct list list = { .place = _("For you"),
		.columns = columns,
		.column_count = 3,
		.source = { notice_rows, &notices },
		.empty = _("Nobody has a word for you.") };
	enum act act;
	do {
		v->listen(v, TOPIC_MEMBER, v->me.id.n);
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at)
			act = notice_screen(v, list.at) == ACT_QUIT ? ACT_QUIT : ACT_OPEN;
	} while (act == ACT_OPEN);
	return act;
}
