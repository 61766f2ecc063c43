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
	/* Messages not seen yet, by id: the mark moves to just before the first that is left. */
	int64_t unread[UNREAD_MAX];
	int unread_count;
	int64_t now;
	struct posts *out;
};

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
	if (strcmp(row->state, "published") != 0)
		post_text(&p->note, _("hidden by the animators"));
	buf_free(&words);
	return true;
}

static int
post_rows(void *ctx, const struct post *from, int direction, int n, struct posts *out)
{
	struct reading *r = ctx;
	r->out = out;
	r->now = clock_now();
	return post_page(r->v->db, r->thread.id, from ? from->key : NULL, (item_id){ from ? from->id : 0 },
	    direction, n, add_post, r);
}

/* Brings title, counts and what is unread up to date; an answer where the thread is gone. */
static int
refresh(struct reading *r, item_id id)
{
	thread_free(&r->thread);
	int answer = thread_get(r->v->db, id, &r->thread);
	r->unread_count = !answer && visit_member(r->v) ? thread_unread(r->v->db, id, r->unread, UNREAD_MAX) : 0;
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

static bool
note_author(void *ctx, const struct post_row *row)
{
	*(member_id *)ctx = row->author_id;
	return false;
}

static enum act
author_screen(struct visit *v, item_id post)
{
	member_id author = NOBODY;
	post_get(v->db, post, note_author, &author);
	return person_screen(v, author);
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
	if (r->thread.locked)
		buf_str(lead, _("This discussion is closed: it can be read, not answered."));
}

enum act
thread_screen(struct visit *v, item_id id, item_id at)
{
	struct reading r = { .v = v };
	struct buf place = { 0 }, right = { 0 }, lead = { 0 };
	struct reader reader = { .page = post_rows, .seen = seen, .ctx = &r, .at = at.n };
	enum act act = ACT_BACK;
	int answer = refresh(&r, id);
	if (!answer && !at.n && r.unread_count)
		reader.at = r.unread[0];
	while (!answer) {
		describe(&r, &place, &right, &lead);
		reader.place = buf_text(&place);
		reader.right = buf_text(&right);
		reader.title = buf_text(&r.thread.title);
		reader.lead = lead.len ? buf_text(&lead) : NULL;
		reader.acts = visit_member(v) ? ACTS(ACT_NEXT) | ACTS(ACT_SHEET) : 0;
		if (visit_member(v) && !r.thread.locked)
			reader.acts |= ACTS(ACT_REPLY) | ACTS(ACT_QUOTE);
		v->listen(v, TOPIC_THREAD, id.n);
		act = ui_reader(v->ui, &reader);
		if (act == ACT_NEXT && next_unread(v->db, &id, &at)) {
			ui_say(v->ui, _("You have read everything."));
			break;
		}
		if (act == ACT_NEXT)
			reader.at = at.n;
		else if (act == ACT_REPLY || act == ACT_QUOTE)
			compose_reply(v, (item_id){ reader.at ? reader.at : id.n }, act == ACT_QUOTE);
		else if (act == ACT_SHEET && author_screen(v, (item_id){ reader.at }) == ACT_QUIT) {
			act = ACT_QUIT;
			break;
		} else if (act == ACT_SHEET)
			act = ACT_NONE;
		else
			break;
		answer = refresh(&r, id);
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
