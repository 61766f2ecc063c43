/* A thread being read: opened at the first unread message, marked as it is seen, left for the next one. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { UNREAD_MAX = 256 };

struct reading {
	struct visit *v;
	struct thread thread;
	bool moderates;
	/* Messages not seen yet, by id: the mark moves to just before the first that is left. */
	int64_t unread[UNREAD_MAX];
	int unread_count;
	int64_t now;
	struct posts *out;
};

/* What stands between head and text: that it is hidden and why, that it was changed and when. */
static void
write_note(const struct post_row *row, int64_t now, struct buf *note)
{
	struct buf when = { 0 };
	if (!strcmp(row->state, "hidden"))
		buf_fmt(note, row->open ? _("Hidden by the animators, others do not see it: %s")
					: _("Message hidden by the animators: %s"),
		    row->reason);
	if (row->edited && row->open) {
		clock_phrase(&when, row->edited, now, NULL);
		buf_fmt(note, note->len ? "\n" : "");
		buf_fmt(note, _("changed %s"), buf_text(&when));
	}
	buf_free(&when);
}

static bool
add_post(void *ctx, const struct post_row *row)
{
	struct reading *r = ctx;
	struct post *p = posts_add(r->out, row->id.n, row->branch);
	struct buf words = { 0 };
	p->depth = row->depth;
	p->number = row->number;
	p->answers = row->answers;
	p->is_new = row->is_new;
	buf_fmt(&words, "%s", *row->author ? row->author : _("member who has left"));
	if (*row->council)
		buf_fmt(&words, ", %s (%s)", row->council, row->town);
	post_text(&p->who, buf_text(&words));
	buf_cut(&words, 0);
	clock_phrase(&words, row->created, r->now, NULL);
	post_text(&p->when, buf_text(&words));
	post_text(&p->body, row->body);
	buf_cut(&words, 0);
	write_note(row, r->now, &words);
	if (words.len)
		post_text(&p->note, buf_text(&words));
	buf_free(&words);
	return true;
}

/* Is the thread that is read no thread any more? Then what it was joined to is read on. */
static bool
moved_on(struct reading *r)
{
	struct thread now = { 0 };
	bool moved = !thread_of(r->v->db, r->thread.id, &now) && now.id.n != r->thread.id.n;
	if (moved)
		r->thread.id = now.id;
	thread_free(&now);
	return moved;
}

static int
post_rows(void *ctx, const struct post *from, int direction, int n, struct posts *out)
{
	struct reading *r = ctx;
	r->out = out;
	r->now = clock_now();
	int count = post_page(r->v->db, r->thread.id, from ? from->key : NULL,
	    (item_id){ from ? from->id : 0 }, direction, n, add_post, r);
	/* Joined to another one meanwhile: its messages are there. */
	if (!count && moved_on(r))
		count = post_page(r->v->db, r->thread.id, NULL, (item_id){ 0 }, direction, n, add_post, r);
	return count;
}

/* Brings title, counts and what is unread up to date; an answer where the thread is gone. */
static int
refresh(struct reading *r, item_id id)
{
	thread_free(&r->thread);
	int answer = thread_get(r->v->db, id, &r->thread);
	r->moderates = !answer && may_moderate(r->v->db, r->thread.board);
	r->unread_count = !answer && visit_member(r->v) ? thread_unread(r->v->db, id, r->unread, UNREAD_MAX) : 0;
	/* Where only what was hidden is new, there is nothing to see that would move the mark. */
	if (!answer && visit_member(r->v) && !r->unread_count && r->thread.last > r->v->me.floor
	    && r->thread.last > r->thread.mark && !mark_read(r->v->db, id, (item_id){ r->thread.last }))
		r->thread.mark = r->thread.last;
	return answer;
}

static void
seen(void *ctx, int64_t id)
{
	struct reading *r = ctx;
	int i = 0;
	while (i < r->unread_count && r->unread[i] != id)
		i++;
	if (i == r->unread_count)
		return;
	memmove(r->unread + i, r->unread + i + 1, (size_t)(r->unread_count - i - 1) * sizeof *r->unread);
	r->unread_count--;
	/* Messages are seen in the tree's order, the mark moves in time's: never past one not seen. */
	int64_t upto = r->unread_count ? r->unread[0] - 1 : r->thread.last;
	if (upto > r->thread.mark && !mark_read(r->v->db, r->thread.id, (item_id){ upto }))
		r->thread.mark = upto;
}

static void
describe(struct reading *r, struct buf *place, struct buf *right, struct buf *lead)
{
	buf_cut(place, 0);
	buf_cut(right, 0);
	buf_cut(lead, 0);
	place_join(place, _("Forum"), buf_text(&r->thread.board_title));
	buf_fmt(right, ngettext("%d message", "%d messages", (unsigned long)r->thread.posts),
	    (int)r->thread.posts);
	if (r->unread_count)
		buf_fmt(right, ngettext(", %d new", ", %d new", (unsigned long)r->unread_count),
		    r->unread_count);
	/* Its number, to join it to another one by. */
	if (r->moderates)
		buf_fmt(lead, _("Discussion #%lld."), (long long)r->thread.id.n);
	if (r->thread.pinned)
		buf_fmt(lead, "%s%s", lead->len ? " " : "", _("Pinned at the top of its board."));
	if (r->thread.locked)
		buf_fmt(lead, "%s%s", lead->len ? " " : "",
		    _("This discussion is closed: it can be read, not answered."));
}

/* What can be done here, by whom. */
static uint64_t
acts_here(struct reading *r)
{
	if (!visit_member(r->v))
		return 0;
	uint64_t acts = ACTS(ACT_NEXT) | ACTS(ACT_HISTORY) | ACTS(ACT_REPORT);
	if (r->moderates)
		acts |= ACTS(ACT_HIDE) | ACTS(ACT_LOCK) | ACTS(ACT_PIN) | ACTS(ACT_MOVE) | ACTS(ACT_MERGE) |
		    ACTS(ACT_SPLIT);
	if (!r->thread.locked)
		acts |= ACTS(ACT_REPLY) | ACTS(ACT_QUOTE) | ACTS(ACT_EDIT);
	return acts;
}

static void
do_act(struct reading *r, enum act act, item_id post, item_id *now)
{
	struct visit *v = r->v;
	switch (act) {
	case ACT_REPLY:
	case ACT_QUOTE:
		compose_reply(v, post, act == ACT_QUOTE);
		break;
	case ACT_EDIT:
		compose_edit(v, post);
		break;
	case ACT_HISTORY:
		versions_screen(v, post);
		break;
	case ACT_REPORT:
		report_post(v, post);
		break;
	default:
		moderate_thread(v, act, &r->thread, post, now);
		break;
	}
}

/*
 * The thread as it is now, at first and after something was done. One that was joined to another is read on
 * there, at the message where one was.
 */
static int
come_back(struct reading *r, item_id *id, item_id post)
{
	struct thread now = { 0 };
	int answer = refresh(r, *id);
	if (answer == E_NOT_FOUND && !thread_of(r->v->db, post, &now)) {
		ui_say(r->v->ui, _("This discussion was joined to another one: here it is."));
		*id = now.id;
		answer = refresh(r, now.id);
	}
	thread_free(&now);
	return answer;
}

enum act
thread_screen(struct visit *v, item_id id, item_id at)
{
	struct reading r = { .v = v };
	struct buf place = { 0 }, right = { 0 }, lead = { 0 };
	struct reader reader = { .page = post_rows, .seen = seen, .ctx = &r, .at = at.n };
	enum act act = ACT_BACK;
	int answer = come_back(&r, &id, at.n ? at : id);
	if (!answer && !at.n && r.unread_count)
		reader.at = r.unread[0];
	while (!answer) {
		describe(&r, &place, &right, &lead);
		reader.place = buf_text(&place);
		reader.right = buf_text(&right);
		reader.title = r.thread.title.len ? buf_text(&r.thread.title) : _("(hidden discussion)");
		reader.lead = lead.len ? buf_text(&lead) : NULL;
		reader.acts = acts_here(&r);
		v->listen(v, TOPIC_THREAD, id.n);
		act = ui_reader(v->ui, &reader);
		if (act == ACT_NEXT && next_unread(v->db, &id, &at)) {
			ui_say(v->ui, _("You have read everything."));
			break;
		}
		if (act == ACT_BACK || act == ACT_QUIT)
			break;
		if (act == ACT_NEXT)
			reader.at = at.n;
		item_id post = { reader.at ? reader.at : id.n };
		if (act != ACT_NEXT)
			do_act(&r, act, post, &id);
		answer = come_back(&r, &id, post);
	}
	if (answer)
		visit_say_error(v, answer);
	thread_free(&r.thread);
	buf_free(&place);
	buf_free(&right);
	buf_free(&lead);
	return act;
}

enum act
next_unread_screen(struct visit *v)
{
	item_id thread, post;
	if (next_unread(v->db, &thread, &post)) {
		ui_say(v->ui, _("You have read everything."));
		return ACT_BACK;
	}
	return thread_screen(v, thread, post);
}
