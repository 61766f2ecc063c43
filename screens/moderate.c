/*
 * What those who moderate do from a thread or a board's list: hide, close, pin, move, join, part;
 * on one, or on several that are ticked. And what every member may do: report.
 */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { NAMED = 3 }; /* titles said in a question about several */

/* ---- one message ---- */

struct aim {
	struct visit *v;
	bool hidden, own;
};

static bool
take_aim(void *ctx, const struct post_row *row)
{
	struct aim *aim = ctx;
	aim->hidden = !strcmp(row->state, "hidden");
	aim->own = row->author_id.n && row->author_id.n == aim->v->me.id.n;
	return true;
}

static bool
aim_at(struct aim *aim, item_id post)
{
	int r = post_get(aim->v->db, post, take_aim, aim);
	if (r)
		visit_say_error(aim->v, r);
	return !r;
}

/* A sentence typed for those whom it is about; false: the person gave up. */
static bool
ask_why(struct visit *v, const char *label, const char *rule, struct buf *reason)
{
	if (!ui_line(v->ui, label, rule, reason, ABOUT_MAX, false))
		return false;
	if (!reason->len)
		ui_say(v->ui, _("Nothing was done: a reason is needed."));
	return reason->len;
}

static void
report(struct visit *v, item_id item, const char *label, const char *done)
{
	struct buf reason = { 0 };
	if (ask_why(v, label, _("the animators read it, and answer you"), &reason)) {
		int r = report_new(v->db, item, buf_text(&reason));
		if (r == E_DONE)
			ui_say(v->ui, "%s", done);
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("Thank you: the animators are told. You will read here "
					"what they decide."));
	}
	buf_free(&reason);
}

void
report_post(struct visit *v, item_id post)
{
	struct aim aim = { .v = v };
	if (!aim_at(&aim, post))
		return;
	if (aim.own)
		ui_say(v->ui, _("This message is yours: you can change it."));
	else
		report(v, post, _("Why report this message"), _("You have reported this message already."));
}

void
report_file(struct visit *v, item_id file)
{
	if (report_made(v->db, file)) {
		ui_say(v->ui, _("You have reported this file already."));
		return;
	}
	report(v, file, _("Why report this file"), _("You have reported this file already."));
}

static void
hide(struct visit *v, item_id item, const char *label, const char *rule, const char *done)
{
	struct buf reason = { 0 };
	if (ask_why(v, label, rule, &reason)) {
		int r = post_hide(v->db, item, buf_text(&reason));
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, "%s", done);
	}
	buf_free(&reason);
}

void
hide_post(struct visit *v, item_id post)
{
	hide(v, post, _("Why hide this message"), _("its author gets the reason, others read it in its place"),
	    _("The message is hidden, its author is told why. m shows it again."));
}

void
hide_file(struct visit *v, item_id file)
{
	hide(v, file, _("Why hide this file"), _("its author gets the reason, others see the file no longer"),
	    _("The file is hidden, its author is told why. m on its page shows it again."));
}

static void
hide_or_show(struct visit *v, item_id post)
{
	struct aim aim = { .v = v };
	if (!aim_at(&aim, post))
		return;
	if (!aim.hidden) {
		hide_post(v, post);
	} else if (ui_ask(v->ui, _("Show this message again?"))) {
		int r = post_show(v->db, post);
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("The message is shown again."));
	}
}

/* ---- choosing a board, a thread ---- */

struct choosing {
	struct visit *v;
	const char *filter;
	board_id board;
	struct rows *out;
};

static bool
add_board(void *ctx, const struct board_row *row)
{
	struct choosing *c = ctx;
	if (!row->closed && text_has(row->title, c->filter)) {
		struct row *r = rows_add(c->out, row->id.n, NULL, row->id.n);
		row_cell(r, 0, row->title);
		row_cell(r, 1,
		    !strcmp(row->level, "public")    ? _("everybody")
		    : !strcmp(row->level, "members") ? _("members")
						     : _("council"));
	}
	return true;
}

static int
board_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct choosing *c = ctx;
	struct rows all = { 0 };
	c->filter = filter;
	c->out = &all;
	board_all(c->v->db, add_board, c);
	return rows_window(&all, from, direction, n, out);
}

static bool
choose_board(struct visit *v, board_id *out)
{
	const struct column columns[] = { { _("Board"), 24, 60, 0 }, { _("Read by"), 10, 16, 1 } };
	struct choosing choosing = { .v = v };
	struct list list = { .place = _("Move to which board"),
		.columns = columns,
		.column_count = 2,
		.source = { board_rows, &choosing },
		.filters = true,
		.empty = _("No board is open to you.") };
	if (ui_list(v->ui, &list) != ACT_OPEN || !list.at)
		return false;
	*out = (board_id){ list.at };
	return true;
}

static bool
add_thread(void *ctx, const struct thread_row *row)
{
	struct choosing *c = ctx;
	struct row *r = rows_add(c->out, row->id.n, NULL, row->place);
	struct buf number = { 0 };
	buf_fmt(&number, "#%lld", (long long)row->id.n);
	row_cell(r, 0, *row->title ? row->title : _("(hidden discussion)"));
	row_cell(r, 1, buf_text(&number));
	buf_free(&number);
	return true;
}

static int
thread_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct choosing *c = ctx;
	(void)filter;
	c->out = out;
	return thread_page(c->v->db, c->board, from ? from->num : 0, direction, n, add_thread, c);
}

/* Another thread, by its number, or from the list of the board. */
static bool
choose_thread(struct visit *v, board_id board, item_id *out)
{
	const struct column columns[] = { { _("Subject"), 24, 0, 0 }, { _("Number"), 8, 12, 0 } };
	struct choosing choosing = { .v = v, .board = board };
	struct list list = { .place = _("Join to which discussion"),
		.columns = columns,
		.column_count = 2,
		.source = { thread_rows, &choosing } };
	struct buf typed = { 0 };
	bool chosen = ui_line(v->ui, _("Join to discussion"),
	    _("its number, like 123; nothing to choose from the list"), &typed, 24, false);
	const char *digits = buf_text(&typed);
	digits += strspn(digits, "# ");
	*out = (item_id){ strtoll(digits, NULL, 10) };
	if (chosen && !out->n) {
		if (typed.len)
			ui_say(v->ui, _("That is not a number: please choose from the list."));
		chosen = ui_list(v->ui, &list) == ACT_OPEN && list.at;
		*out = (item_id){ list.at };
	}
	buf_free(&typed);
	return chosen;
}

/* ---- threads, one or several ---- */

struct several {
	struct visit *v;
	const int64_t *ids;
	int count;
	struct buf names;
	bool all_locked, all_pinned, all_hidden;
	board_id to;
	struct buf reason, to_title;
};

/* Reads what is acted on: the first names, and what all of them are already. */
static void
look_at(struct several *s)
{
	s->all_locked = s->all_pinned = s->all_hidden = true;
	for (int i = 0; i < s->count; i++) {
		struct thread t = { 0 };
		if (thread_get(s->v->db, (item_id){ s->ids[i] }, &t))
			continue;
		s->all_locked = s->all_locked && t.locked;
		s->all_pinned = s->all_pinned && t.pinned;
		s->all_hidden = s->all_hidden && t.hidden;
		if (i < NAMED)
			buf_fmt(
			    &s->names, _("%s“%s”"), s->names.len ? ", " : "", buf_text(&t.title));
		thread_free(&t);
	}
	if (s->count > NAMED)
		buf_fmt(&s->names,
		    ngettext(" and %d other", " and %d others", (unsigned long)(s->count - NAMED)),
		    s->count - NAMED);
}

static int
do_one(const struct several *s, enum act act, item_id id)
{
	struct db *db = s->v->db;
	switch (act) {
	case ACT_HIDE:
		return s->all_hidden ? post_show(db, id) : post_hide(db, id, buf_text(&s->reason));
	case ACT_LOCK:
		return thread_lock(db, id, !s->all_locked);
	case ACT_PIN:
		return thread_pin(db, id, !s->all_pinned);
	default:
		return thread_move(db, id, s->to);
	}
}

/* What is asked before: always where there are several or others may read; false: the person gave
 * up. */
static bool
agree(struct several *s, enum act act)
{
	struct visit *v = s->v;
	struct buf question = { 0 };
	struct board board = { 0 };
	const char *names = buf_text(&s->names);
	bool yes = true;
	if (act == ACT_MOVE) {
		if (!choose_board(v, &s->to) || board_get(v->db, s->to, &board))
			return false;
		buf_str(&s->to_title, buf_text(&board.title));
		who_reads(board_readers(v->db, s->to), &question);
		buf_char(&question, ' ');
		if (!may_moderate(v->db, s->to))
			buf_fmt(&question, "%s ", _("You do not moderate there: you cannot move it back."));
		if (s->count > 1)
			buf_fmt(&question, _("Move %d discussions, %s, to “%s”?"), s->count, names,
			    buf_text(&board.title));
		else
			buf_fmt(&question, _("Move %s to “%s”?"), names, buf_text(&board.title));
		board_free(&board);
	} else if (act == ACT_HIDE && !s->all_hidden) {
		if (!ask_why(v,
			s->count > 1 ? _("Why hide their first messages")
				     : _("Why hide its first message"),
			_("its author gets the reason, others read it in its place"), &s->reason))
			return false;
	} else if (act == ACT_HIDE && s->count == 1) {
		buf_str(&question, _("Show this message again?"));
	}
	if (s->count > 1 && act == ACT_HIDE)
		buf_fmt(&question,
		    s->all_hidden ? _("Show again %d discussions, %s?")
				  : _("Hide %d discussions, %s?"),
		    s->count, names);
	else if (s->count > 1 && act == ACT_LOCK)
		buf_fmt(&question,
		    s->all_locked ? _("Open again %d discussions, %s?")
				  : _("Close %d discussions, %s?"),
		    s->count, names);
	else if (s->count > 1 && act == ACT_PIN)
		buf_fmt(&question,
		    s->all_pinned ? _("Let go %d discussions, %s?") : _("Pin %d discussions, %s?"),
		    s->count, names);
	if (question.len)
		yes = ui_ask(v->ui, buf_text(&question));
	buf_free(&question);
	return yes;
}

static const char *
done_words(const struct several *s, enum act act)
{
	switch (act) {
	case ACT_HIDE:
		return s->all_hidden ? _("It is shown again.")
				     : _("It is hidden, its author is told why. m shows it again.");
	case ACT_LOCK:
		return s->all_locked ? _("The discussion is open again.")
				     : _("The discussion is closed. f opens it again.");
	case ACT_PIN:
		return s->all_pinned ? _("The discussion has its place in the order of time again.")
				     : _("The discussion is pinned at the top. u lets it go.");
	default:
		return "";
	}
}

static void
say_done(const struct several *s, enum act act)
{
	if (act == ACT_MOVE)
		ui_say(s->v->ui, _("The discussion is moved to: %s."), buf_text(&s->to_title));
	else
		ui_say(s->v->ui, "%s", done_words(s, act));
}

void
moderate_threads(struct visit *v, enum act act, const int64_t *ids, int count)
{
	struct several s = { .v = v, .ids = ids, .count = count };
	int done = 0, refused = 0, answer = E_OK;
	look_at(&s);
	if (agree(&s, act)) {
		for (int i = 0; i < count; i++) {
			int r = do_one(&s, act, (item_id){ ids[i] });
			done += !r || (r == E_DONE && count > 1);
			if (r && !(r == E_DONE && count > 1)) {
				refused++;
				answer = r;
			}
		}
		if (answer == E_LIMIT)
			ui_say(v->ui,
			    _("%d discussions are pinned there already: let one of them go first "
			      "(u)."),
			    PINS_MAX);
		else if (answer == E_DONE && act == ACT_MOVE)
			ui_say(v->ui, _("It is there already."));
		else if (answer)
			visit_say_error(v, answer);
		if (count > 1)
			ui_say(v->ui, _("Done for %d of %d."), done, done + refused);
		else if (done)
			say_done(&s, act);
	}
	buf_free(&s.names);
	buf_free(&s.reason);
	buf_free(&s.to_title);
}

/* ---- joining and parting ---- */

static void
join_thread(struct visit *v, const struct thread *thread, item_id *now)
{
	struct thread into = { 0 };
	struct buf question = { 0 };
	item_id other;
	if (!choose_thread(v, thread->board, &other))
		return;
	int r = thread_get(v->db, other, &into);
	if (r) {
		ui_say(
		    v->ui, _("There is no discussion #%lld, or not for you."), (long long)other.n);
	} else if (other.n == thread->id.n) {
		ui_say(v->ui, _("It is the same discussion: please choose another one."));
	} else {
		if (into.board.n != thread->board.n) {
			who_reads(board_readers(v->db, into.board), &question);
			buf_char(&question, ' ');
		}
		buf_fmt(&question, _("Join “%s” to “%s”?"), buf_text(&thread->title),
		    buf_text(&into.title));
		if (ui_ask(v->ui, buf_text(&question))) {
			r = thread_merge(v->db, thread->id, other);
			if (r) {
				visit_say_error(v, r);
			} else {
				ui_say(v->ui, _("The discussion is joined. s at its first message "
						"parts it again."));
				*now = other;
			}
		}
	}
	thread_free(&into);
	buf_free(&question);
}

static void
split_thread(struct visit *v, const struct thread *thread, item_id post, item_id *now)
{
	struct buf title = { 0 };
	item_id made;
	if (post.n == thread->id.n) {
		ui_say(
		    v->ui, _("This is the first message: choose the one from which on to split."));
	} else if (ui_line(v->ui, _("Subject of the new discussion"),
		       _("this message and its answers go there"), &title, TITLE_MAX, false)) {
		int r = thread_split(v->db, post, buf_text(&title), &made);
		if (r) {
			visit_say_error(v, r);
		} else {
			ui_say(v->ui, _("Here is the new discussion."));
			*now = made;
		}
	}
	buf_free(&title);
}

void
moderate_thread(
    struct visit *v, enum act act, const struct thread *thread, item_id post, item_id *now)
{
	if (act == ACT_HIDE)
		hide_or_show(v, post);
	else if (act == ACT_MERGE)
		join_thread(v, thread, now);
	else if (act == ACT_SPLIT)
		split_thread(v, thread, post, now);
	else /* one key: what is closed is opened */
		moderate_threads(v, act == ACT_UNLOCK ? ACT_LOCK : act, &thread->id.n, 1);
}
