/* What I was writing: offered again at log-in, listed from home; each goes on where it was begun. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/file.h"
#include "screens/files.h"

enum { DRAFTS_MAX = 100 };

struct drafts {
	struct visit *v;
	struct rows *out;
	struct buf place; /* of the draft that is looked for by `wanted`, or of the last one listed */
	int64_t wanted;
};

bool
draft_told(struct visit *v, int *trouble, int answer)
{
	if (answer && answer != *trouble)
		ui_say(v->ui, _("%s Your text is not kept as a draft; it stays here until you leave."),
		    error_text(answer));
	else if (!answer && *trouble)
		ui_say(v->ui, _("Your text is kept as a draft again."));
	*trouble = answer;
	return !answer;
}

bool
draft_leaves(struct visit *v, int trouble)
{
	return !trouble || v->ui->terminal->ended ||
	    ui_ask(v->ui, _("Your text could not be kept. Leave all the same, and lose it?"));
}

/* ---- where a draft belongs: its place is a kind's word and an id, "board:12" ---- */

/* Of each kind: adds its words, as far as the place is still there; true: the text can be gone on with. */
typedef bool draft_look(struct visit *v, int64_t id, struct buf *words);
typedef void draft_go_on(struct visit *v, int64_t id);

static bool
look_board(struct visit *v, int64_t id, struct buf *words)
{
	struct board board;
	if (board_get(v->db, (board_id){ id }, &board))
		return false;
	buf_fmt(words, _("New discussion in %s"), buf_text(&board.title));
	bool open = !board.closed;
	board_free(&board);
	return open;
}

static void
go_on_board(struct visit *v, int64_t id)
{
	compose_thread(v, (board_id){ id });
}

static bool
look_thread(struct visit *v, int64_t id, bool change, struct buf *words)
{
	struct thread thread;
	if (thread_to_come(v->db, (item_id){ id }, &thread))
		return false;
	buf_fmt(words, change ? _("Your message changed, in %s") : _("Reply in %s"), buf_text(&thread.title));
	bool open = !thread.locked;
	thread_free(&thread);
	return open;
}

static bool
look_reply(struct visit *v, int64_t id, struct buf *words)
{
	return look_thread(v, id, false, words);
}

static void
go_on_reply(struct visit *v, int64_t id)
{
	compose_reply(v, (item_id){ id }, false);
}

static bool
look_change(struct visit *v, int64_t id, struct buf *words)
{
	return look_thread(v, id, true, words);
}

static void
go_on_change(struct visit *v, int64_t id)
{
	compose_edit(v, (item_id){ id });
}

static bool
look_file(struct visit *v, int64_t id, struct buf *words)
{
	struct file file;
	if (file_get(v->db, (item_id){ id }, &file))
		return false;
	buf_fmt(words, _("Description of %s"), buf_text(&file.name));
	bool open = file.changes;
	file_free(&file);
	return open;
}

static void
go_on_file(struct visit *v, int64_t id)
{
	file_change(v, (item_id){ id }, _("Shared folders"));
}

static bool
look_sheet(struct visit *v, int64_t id, struct buf *words)
{
	struct council council;
	if (council_get(v->db, (item_id){ id }, &council))
		return false;
	buf_fmt(words, _("Description of %s"), buf_text(&council.name));
	council_free(&council);
	return may(v->db, MAY_EDIT_COUNCIL, (item_id){ id });
}

static void
go_on_sheet(struct visit *v, int64_t id)
{
	sheet_change(v, (item_id){ id });
}

static bool
look_charter(struct visit *v, int64_t id, struct buf *words)
{
	(void)id;
	buf_str(words, _("A new version of the charter"));
	return may(v->db, MAY_EDIT_CHARTER, (item_id){ 0 });
}

static void
go_on_charter(struct visit *v, int64_t id)
{
	(void)id;
	admin_charter_write(v);
}

static const struct kind {
	const char *word; /* what its places begin with; the charter's is all of it */
	draft_look *look;
	draft_go_on *go_on;
} kinds[] = {
	{ "board:", look_board, go_on_board },
	{ "item:", look_reply, go_on_reply },
	{ "edit:", look_change, go_on_change },
	{ "file:", look_file, go_on_file },
	{ "sheet:", look_sheet, go_on_sheet },
	{ CHARTER_DRAFT, look_charter, go_on_charter },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* The kind of that place, and the id in it; NULL: one that has no list. */
static const struct kind *
kind_of(const char *place, int64_t *id)
{
	for (const struct kind *k = kinds; k < kinds + KINDS; k++)
		if (!strncmp(place, k->word, strlen(k->word))) {
			*id = strtoll(place + strlen(k->word), NULL, 10);
			return k;
		}
	return NULL;
}

/* A number for a place, as rows of a list need one; 0: it has no list. */
static int64_t
row_id(const char *place)
{
	int64_t id;
	const struct kind *k = kind_of(place, &id);
	return k ? KINDS * id + (k - kinds) + 1 : 0;
}

/* "New discussion in Questions", "Reply in Un local ?", as far as the place is still there. */
static void
where(struct visit *v, const char *place, struct buf *out)
{
	int64_t id;
	const struct kind *k = kind_of(place, &id);
	size_t before = out->len;
	if (k)
		k->look(v, id, out);
	if (out->len == before)
		buf_str(out, _("A place that is closed now"));
}

/* ---- the list ---- */

/* The first line that is the person's own, not quoted. */
static void
beginning(const struct draft_row *row, struct buf *out)
{
	const char *line = row->body;
	while (*line == '>' || *line == '\n') {
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	line = *line ? line : row->body;
	buf_fmt(out, "%s%s%.*s", row->title, *row->title ? " : " : "", (int)strcspn(line, "\n"), line);
}

static bool
add_draft(void *ctx, const struct draft_row *row)
{
	struct drafts *d = ctx;
	int64_t id = row_id(row->place);
	if (!id)
		return true;
	struct row *r = rows_add(d->out, id, NULL, id);
	struct buf words = { 0 };
	where(d->v, row->place, &words);
	row_cell(r, 0, buf_text(&words));
	buf_cut(&words, 0);
	beginning(row, &words);
	row_cell(r, 1, buf_text(&words));
	buf_cut(&words, 0);
	clock_phrase(&words, row->changed, clock_now(), NULL);
	row_cell(r, 2, buf_text(&words));
	buf_free(&words);
	return true;
}

static int
draft_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct drafts *d = ctx;
	struct rows all = { 0 };
	(void)filter;
	d->out = &all;
	draft_page(d->v->db, DRAFTS_MAX, add_draft, d);
	return rows_window(&all, from, direction, n, out);
}

static bool
find_place(void *ctx, const struct draft_row *row)
{
	struct drafts *d = ctx;
	if (row_id(row->place) != d->wanted)
		return true;
	buf_str(&d->place, row->place);
	return false;
}

/* Where it can be sent no more, its text can still be read and copied. */
static void
show_text(struct visit *v, const struct draft *draft)
{
	struct buf text = { 0 };
	buf_fmt(&text, "%s\n\n%s", buf_text(&draft->title), buf_text(&draft->body));
	struct page page = { .place = _("My drafts"), .text = buf_text(&text) };
	ui_page(v->ui, &page);
	buf_free(&text);
}

static void
go_on(struct visit *v, const char *place)
{
	int64_t id;
	const struct kind *k = kind_of(place, &id);
	struct buf words = { 0 };
	struct draft draft;
	if (k && k->look(v, id, &words)) {
		k->go_on(v, id);
	} else if (!draft_get(v->db, place, &draft)) {
		show_text(v, &draft);
		draft_free(&draft);
	}
	buf_free(&words);
}

static void
drop(struct visit *v, const char *place)
{
	struct buf name = { 0 }, question = { 0 };
	where(v, place, &name);
	buf_fmt(&question, _("%s: throw this text away?"), buf_text(&name));
	if (ui_ask(v->ui, buf_text(&question))) {
		int r = draft_drop(v->db, place);
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("The text is thrown away."));
	}
	buf_free(&name);
	buf_free(&question);
}

enum act
drafts_screen(struct visit *v)
{
	const struct column columns[] = { { _("Where"), 20, 0, 0 }, { _("Beginning"), 16, 34, 2 },
		{ _("Written"), 10, 18, 1 } };
	struct drafts drafts = { .v = v };
	struct list list = { .place = _("My drafts"), .columns = columns, .column_count = 3,
		.source = { draft_rows, &drafts }, .empty = _("Nothing is kept: all was sent or thrown away."),
		.lead = _("Texts that you began and did not send. Enter goes on with one."),
		.acts = ACTS(ACT_REMOVE) };
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN || act == ACT_REMOVE) {
		drafts.wanted = list.at;
		buf_cut(&drafts.place, 0);
		draft_page(v->db, DRAFTS_MAX, find_place, &drafts);
		if (!drafts.place.len)
			continue;
		if (act == ACT_OPEN)
			go_on(v, buf_text(&drafts.place));
		else
			drop(v, buf_text(&drafts.place));
	}
	buf_free(&drafts.place);
	return act;
}

/* After a cut line: the one text, or the list of them. */
void
drafts_offer(struct visit *v)
{
	struct draft draft;
	int count = draft_count(v->db);
	if (draft_last(v->db, &draft))
		return;
	struct buf question = { 0 }, when = { 0 }, which = { 0 };
	clock_phrase(&when, draft.changed, clock_now(), NULL);
	where(v, buf_text(&draft.place), &which);
	if (count > 1)
		buf_fmt(&question, _("%d texts that you began are kept. See them now?"), count);
	else
		buf_fmt(&question, _("A text that you began (%s, %s) is kept. Go on with it now?"), buf_text(&which),
		    buf_text(&when));
	if (!ui_ask(v->ui, buf_text(&question)))
		ui_say(v->ui, _("Nothing is lost: “My drafts” on the home page has it."));
	else if (count > 1)
		drafts_screen(v);
	else
		go_on(v, buf_text(&draft.place));
	buf_free(&question);
	buf_free(&when);
	buf_free(&which);
	draft_free(&draft);
}

/* ---- the long text of a form ---- */

static void
keep_field(void *ctx, struct form *form)
{
	struct form_draft *d = ctx;
	const char *text = buf_text(&d->field->value);
	(void)form;
	if (strcmp(text, buf_text(&d->kept)) != 0 && draft_told(d->v, &d->trouble, draft_keep(d->v->db, d->place, "", text))) {
		buf_cut(&d->kept, 0);
		buf_str(&d->kept, text);
		d->begun = true;
	}
}

void
form_draft_begin(struct form_draft *d, struct form *form)
{
	struct draft draft;
	form->keep = keep_field;
	form->ctx = d;
	d->begun = !draft_get(d->v->db, d->place, &draft);
	if (d->begun) {
		ui_say(d->v->ui, _("Here is the text that you had begun."));
		buf_cut(&d->field->value, 0);
		buf_str(&d->field->value, buf_text(&draft.body));
		form->touched = true;
		draft_free(&draft);
	}
	buf_str(&d->kept, buf_text(&d->field->value));
}

void
form_draft_end(struct form_draft *d, bool kept)
{
	if (d->begun && kept)
		draft_drop(d->v->db, d->place);
	else if (d->begun)
		ui_say(d->v->ui, _("Your text is kept: home, “My drafts”."));
	buf_free(&d->kept);
}
