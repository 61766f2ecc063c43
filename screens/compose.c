/*
 * Writing: a new thread, a reply, a message changed; drafts kept as one types, and offered again after a cut
 * line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/file.h"
#include "screens/visit.h"

struct writing {
	struct visit *v;
	char place[40];    /* the draft's */
	struct buf title;  /* of a new thread */
	struct buf quoted; /* the message answered, or changed */
	struct buf answered; /* whose message is answered */
	struct attachments files, had; /* to be attached; that the message has already */
	bool chose;        /* files were put to it or taken off */
	board_id board;    /* where it will be read */
	item_id file;      /* … where it is said of a file: by those who read that */
	struct buf lead;
	bool changes;      /* the text begins as `quoted`: as long as it is the same there is no draft */
	int trouble;       /* why the text could not be kept as a draft; 0: it is */
	int64_t thread;
};

static bool
same_files(const struct attachments *a, const struct attachments *b)
{
	bool same = a->count == b->count;
	for (int i = 0; i < a->count && same; i++)
		same = a->file[i].n == b->file[i].n;
	return same;
}

static bool
is_draft(const struct writing *w, const char *text)
{
	return (*text && !(w->changes && !strcmp(text, buf_text(&w->quoted)))) ||
	    !same_files(&w->files, &w->had);
}

static bool
keep(void *ctx, const char *text)
{
	struct writing *w = ctx;
	int r = is_draft(w, text) ? draft_keep(w->v->db, w->place, buf_text(&w->title), text)
				  : draft_drop(w->v->db, w->place);
	if (!r && is_draft(w, text) && (w->files.count || w->had.count))
		r = draft_attach(w->v->db, w->place, &w->files);
	return draft_told(w->v, &w->trouble, r);
}

/* There may be room again for what could not be kept; else the person is asked whether to leave it. */
static bool
leaves(struct writing *w, const char *text)
{
	return !w->trouble || !is_draft(w, text) || keep(w, text) || draft_leaves(w->v, w->trouble);
}

/* What was being written here, into the title and the text; asks nothing. */
static void
resume(struct writing *w, struct buf *text)
{
	struct draft draft;
	if (draft_get(w->v->db, w->place, &draft))
		return;
	struct buf when = { 0 };
	clock_phrase(&when, draft.changed, clock_now(), NULL);
	ui_say(w->v->ui, _("Here is the text that you began, %s."), buf_text(&when));
	buf_cut(&w->title, 0);
	buf_str(&w->title, buf_text(&draft.title));
	buf_str(text, buf_text(&draft.body));
	w->files = draft.files;
	buf_free(&when);
	draft_free(&draft);
}

bool
draft_waits(struct db *db, item_id parent)
{
	struct draft draft;
	char place[40];
	snprintf(place, sizeof place, "item:%" PRId64, parent.n);
	bool waits = !draft_get(db, place, &draft);
	if (waits)
		draft_free(&draft);
	return waits;
}

/* "In reply to Bruno Diallo. Who will see this: 14 people. Attached: convention.odt, 24 KB." */
static void
lead(struct writing *w, struct edit *edit)
{
	int n = w->file.n ? file_readers(w->v->db, w->file) : board_readers(w->v->db, w->board);
	buf_cut(&w->lead, 0);
	if (w->answered.len)
		buf_fmt(&w->lead, _("In reply to %s. "), buf_text(&w->answered));
	else if (w->title.len)
		buf_fmt(&w->lead, _("%s: %s\n"), _("Subject"), buf_text(&w->title));
	if (n < 0)
		buf_str(&w->lead, _("Who will see this: everybody, visitors too."));
	else
		buf_fmt(&w->lead, ngettext("Who will see this: %d member.", "Who will see this: %d members.",
		    (unsigned long)n), n);
	attach_lead(w->v, &w->files, &w->lead);
	edit->lead = buf_text(&w->lead);
}

/* What is chosen is kept with the draft at once. */
static enum act
attach(void *ctx, struct edit *edit)
{
	struct writing *w = ctx;
	struct attachments before = w->files;
	enum act act = attach_screen(w->v, &w->files);
	lead(w, edit);
	if (!same_files(&before, &w->files)) {
		w->chose = true;
		int r = draft_attach(w->v->db, w->place, &w->files);
		if (r)
			visit_say_error(w->v, r);
	}
	return act;
}

/* … and what was taken from photos that are attached. */
static void
say_sent(struct visit *v, const char *sentence)
{
	struct buf stripped = { 0 };
	file_stripped(v->db, &stripped);
	ui_say(v->ui, "%s%s%s", sentence, stripped.len ? " " : "", buf_text(&stripped));
	buf_free(&stripped);
}

static void
said_kept(struct visit *v, bool anything)
{
	if (anything)
		ui_say(v->ui, _("Your text is kept: home, “My drafts”."));
}

/*
 * Lets the person write and sends, until it is sent or left. send() answers; whatever it answers, the
 * text stays on the screen and in the draft.
 */
static enum act
write_and_send(struct writing *w, struct edit *edit, int (*send)(struct writing *, const char *text, void *to),
    void *to)
{
	enum act act;
	do {
		act = ui_edit(w->v->ui, edit);
		if (act != ACT_DONE)
			continue;
		if (!attach_settle(w->v, &w->files)) {
			lead(w, edit);
			continue;
		}
		int r = send(w, buf_text(&edit->text), to);
		if (!r)
			return ACT_DONE;
		keep(w, buf_text(&edit->text));
		visit_say_error(w->v, r);
		/* A place that is gone or closed takes no second try, nor does who sent too much; the draft
		 * has the text. */
		if (r == E_LIMIT || r == E_LOCKED || r == E_NOT_FOUND || r == E_DENIED)
			act = ACT_BACK;
	} while (act == ACT_DONE || !leaves(w, buf_text(&edit->text)));
	/* A draft that was begun by a file alone, which is off again. */
	if (w->chose && !is_draft(w, buf_text(&edit->text)))
		draft_drop(w->v->db, w->place);
	said_kept(w->v, is_draft(w, buf_text(&edit->text)) && !w->trouble);
	return act;
}

/* ---- a new thread ---- */

static int
send_thread(struct writing *w, const char *text, void *to)
{
	item_id id;
	int r = thread_new_with(w->v->db, *(board_id *)to, buf_text(&w->title), text, &w->files, &id);
	w->thread = id.n;
	return r;
}

enum act
compose_thread(struct visit *v, board_id id)
{
	struct board board = { 0 };
	struct writing w = { .v = v, .board = id };
	struct buf place = { 0 };
	struct edit edit = { .max = BODY_MAX, .keep = keep, .attach = attach, .ctx = &w };
	int r = board_get(v->db, id, &board);
	if (r) {
		visit_say_error(v, r);
		return ACT_BACK;
	}
	snprintf(w.place, sizeof w.place, "board:%" PRId64, id.n);
	place_join(&place, buf_text(&board.title), _("New discussion"));
	resume(&w, &edit.text);
	edit.place = buf_text(&place);
	enum act act = ACT_BACK;
	bool titled = ui_line(v->ui, _("Subject"), _("a few words that say what it is about"), &w.title,
	    TITLE_MAX, false);
	lead(&w, &edit);
	if (titled && w.title.len)
		act = write_and_send(&w, &edit, send_thread, &id);
	else
		said_kept(v, edit.text.len);
	if (act == ACT_DONE) {
		say_sent(v, _("Your discussion is open."));
		act = thread_screen(v, (item_id){ w.thread }, (item_id){ 0 });
	}
	buf_free(&place);
	buf_free(&w.lead);
	buf_free(&w.title);
	buf_free(&edit.text);
	board_free(&board);
	return act;
}

/* ---- a reply ---- */

static bool
take_quote(void *ctx, const struct post_row *row)
{
	struct writing *w = ctx;
	buf_str(&w->quoted, row->body);
	return true;
}

static bool
take_answered(void *ctx, const struct post_row *row)
{
	struct writing *w = ctx;
	buf_str(&w->answered, row->author);
	return take_quote(ctx, row);
}

static void
quote_into(struct buf *text, const char *body)
{
	for (const char *line = body; *line;) {
		size_t n = strcspn(line, "\n");
		buf_fmt(text, "> %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
	buf_char(text, '\n');
}

static int
send_reply(struct writing *w, const char *text, void *to)
{
	item_id id;
	return thread_reply_with(w->v->db, *(item_id *)to, text, &w->files, &id);
}

int
thread_to_come(struct db *db, item_id parent, struct thread *out)
{
	struct file file;
	int r = thread_of(db, parent, out);
	if (!r || (r = file_get(db, parent, &file)))
		return r;
	*out = (struct thread){ .id = parent, .file = true };
	buf_str(&out->title, buf_text(&file.name));
	file_free(&file);
	return E_OK;
}

enum act
compose_reply(struct visit *v, item_id parent, bool quote)
{
	struct writing w = { .v = v };
	struct thread thread = { 0 };
	struct buf place = { 0 };
	struct edit edit = { .max = BODY_MAX, .keep = keep, .attach = attach, .ctx = &w };
	int r = thread_to_come(v->db, parent, &thread);
	bool answers = !thread.file || thread.id.n != parent.n;
	if (!r && answers)
		r = post_get(v->db, parent, take_answered, &w);
	if (!r && thread.locked)
		r = E_LOCKED;
	enum act act = ACT_BACK;
	if (r) {
		visit_say_error(v, r);
	} else {
		snprintf(w.place, sizeof w.place, "item:%" PRId64, parent.n);
		place_join(&place, buf_text(&thread.title), answers ? _("Your reply") : _("Your message"));
		w.board = thread.board;
		w.file = thread.file ? thread.id : (item_id){ 0 };
		resume(&w, &edit.text);
		lead(&w, &edit);
		edit.quotes = quote && !edit.text.len;
		if (edit.quotes)
			quote_into(&edit.text, buf_text(&w.quoted));
		edit.place = buf_text(&place);
		edit.quote = buf_text(&w.quoted);
		act = write_and_send(&w, &edit, send_reply, &parent);
		if (act == ACT_DONE)
			say_sent(v, answers ? _("Your reply is there.") : _("Your message is there."));
	}
	thread_free(&thread);
	buf_free(&place);
	buf_free(&w.lead);
	buf_free(&w.quoted);
	buf_free(&w.answered);
	buf_free(&edit.text);
	return act;
}

/* ---- one's own message changed ---- */

static bool
take_own(void *ctx, const struct post_row *row)
{
	struct writing *w = ctx;
	w->changes = row->author_id.n && row->author_id.n == w->v->me.id.n;
	return take_quote(ctx, row);
}

static int
send_change(struct writing *w, const char *text, void *to)
{
	return post_edit_with(w->v->db, *(item_id *)to, text, &w->files);
}

enum act
compose_edit(struct visit *v, item_id post)
{
	struct writing w = { .v = v };
	struct thread thread = { 0 };
	struct buf place = { 0 };
	struct edit edit = { .max = BODY_MAX, .keep = keep, .attach = attach, .ctx = &w };
	enum act act = ACT_BACK;
	int r = thread_of(v->db, post, &thread);
	if (!r)
		r = post_get(v->db, post, take_own, &w);
	if (!r && thread.locked)
		ui_say(v->ui, _("This discussion is closed: nothing in it can be changed any more."));
	else if (!r && !w.changes)
		ui_say(v->ui, _("You can change your own messages only."));
	else if (r)
		visit_say_error(v, r);
	if (!r && w.changes && !thread.locked) {
		snprintf(w.place, sizeof w.place, "edit:%" PRId64, post.n);
		place_join(&place, buf_text(&thread.title), _("Your message changed"));
		w.board = thread.board;
		w.file = thread.file ? thread.id : (item_id){ 0 };
		post_attached(v->db, post, &w.had);
		w.files = w.had;
		resume(&w, &edit.text);
		lead(&w, &edit);
		if (!edit.text.len)
			buf_str(&edit.text, buf_text(&w.quoted));
		edit.changes = true;
		edit.place = buf_text(&place);
		act = write_and_send(&w, &edit, send_change, &post);
		if (act == ACT_DONE)
			say_sent(v, _("Your message is changed; the version before is kept."));
	}
	thread_free(&thread);
	buf_free(&place);
	buf_free(&w.lead);
	buf_free(&w.quoted);
	buf_free(&edit.text);
	return act;
}
