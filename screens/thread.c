/* A thread being read: opened at the first unread message, marked as it is seen, left for the next one. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { UNREAD_MAX = 4096 };

struct reading {
	struct visit *v;
	struct thread thread;
	bool moderates;
	/* Messages not seen yet, by id: the mark moves to just before the first that is left. */
	int64_t unread[UNREAD_MAX];
	int unread_count;
	int64_t listed; /* … up to this one: of very many only the first are listed */
	int64_t now;
	struct posts *out;
	struct buf place, right, lead;
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
	p->depth = r->v->flat ? 0 : row->depth;
	p->number = row->number;
	p->answers = row->answers;
	p->is_new = row->is_new;
	p->mine = row->author_id.n == r->v->me.id.n;
	p->hidden = !strcmp(row->state, "hidden");
	p->changed = row->edited;
	buf_fmt(&words, "%s", *row->author ? row->author : _("member who has left"));
	if (*row->council)
		buf_fmt(&words, ", %s (%s)", row->council, row->town);
	post_text(&p->who, buf_text(&words));
	buf_cut(&words, 0);
	clock_phrase(&words, row->created, r->now, NULL);
	post_text(&p->when, buf_text(&words));
	post_text(&p->body, row->body);
	buf_cut(&words, 0);
	struct attached file;
	for (const char *files = row->files; attached_next(&files, &file);) {
		buf_str(&words, words.len ? "\n" : "");
		attached_words(&file, &words);
	}
	if (words.len)
		post_text(&p->files, buf_text(&words));
	buf_cut(&words, 0);
	write_note(row, r->now, &words);
	if (draft_waits(r->v->db, row->id))
		buf_fmt(&words, "%s%s", words.len ? "\n" : "",
		    _("Your reply to this message is begun: r goes on with it."));
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
	struct buf branch = { 0 };
	const char *key = from ? from->key : NULL;
	item_id id = { from ? from->id : 0 };
	r->out = out;
	r->now = clock_now();
	if (from && !key) {
		if (post_place(r->v->db, r->thread.id, from->number, &id, &branch))
			return 0;
		key = buf_text(&branch);
	}
	int got;
	if (!direction)
		got = post_get(r->v->db, id, add_post, r);
	else if (r->v->flat)
		got = post_page_flat(r->v->db, r->thread.id, id, direction, n, add_post, r);
	else
		got = post_page(r->v->db, r->thread.id, key, id, direction, n, add_post, r);
	buf_free(&branch);
	/* Joined to another one meanwhile: its messages are there. */
	if (!got && moved_on(r))
		got = post_page(r->v->db, r->thread.id, NULL, (item_id){ 0 }, direction, n, add_post, r);
	return got;
}

static void
list_unread(struct reading *r)
{
	r->unread_count = visit_member(r->v)
	    ? thread_unread(r->v->db, r->thread.id, r->unread, UNREAD_MAX) : 0;
	r->listed = r->unread_count == UNREAD_MAX ? r->unread[UNREAD_MAX - 1] : r->thread.last;
}

/* Brings title, counts and what is unread up to date; an answer where the thread is gone. */
static int
refresh(struct reading *r, item_id id)
{
	thread_free(&r->thread);
	int answer = thread_get(r->v->db, id, &r->thread);
	if (!answer)
		list_unread(r);
	r->moderates = !answer && may_moderate(r->v->db, r->thread.board);
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
	int64_t upto = r->unread_count ? r->unread[0] - 1 : r->listed;
	if (upto > r->thread.mark && !mark_read(r->v->db, r->thread.id, (item_id){ upto }))
		r->thread.mark = upto;
	if (!r->unread_count && r->listed < r->thread.last)
		list_unread(r);
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
describe(struct reading *r, struct reader *reader)
{
	struct buf *place = &r->place, *right = &r->right, *lead = &r->lead;
	buf_cut(place, 0);
	buf_cut(right, 0);
	buf_cut(lead, 0);
	if (r->thread.file)
		buf_str(place, _("Shared folders › Discussion of a file"));
	else
		place_join(place, _("Forum"), buf_text(&r->thread.board_title));
	buf_fmt(right, ngettext("%d message", "%d messages", (unsigned long)r->thread.posts),
	    (int)r->thread.posts);
	if (r->unread_count)
		buf_fmt(right, ngettext(", %d new", ", %d new", (unsigned long)r->unread_count),
		    r->unread_count);
	/* Its number, to join it to another one by. */
	if (r->moderates && !r->thread.file)
		buf_fmt(lead, _("Discussion #%lld."), (long long)r->thread.id.n);
	if (r->thread.pinned)
		buf_fmt(lead, "%s%s", lead->len ? " " : "", _("Pinned at the top of its board."));
	if (r->thread.locked)
		buf_fmt(lead, "%s%s", lead->len ? " " : "",
		    _("This discussion is closed: it can be read, not answered."));
	reader->place = buf_text(place);
	reader->right = buf_text(right);
	reader->title = r->thread.title.len ? buf_text(&r->thread.title) : _("(hidden discussion)");
	reader->lead = lead->len ? buf_text(lead) : NULL;
	reader->state = r->thread.follow == FOLLOW_YES ? _("followed")
	    : r->thread.follow == FOLLOW_MUTED	       ? _("muted")
						       : NULL;
	reader->flat = r->v->flat;
}

/* What to type at home, and on which machine; v->connect names the newcomer. */
static void
add_line(struct buf *out, const struct reading *r, const char *where, const char *before, const char *rest)
{
	static const char ssh[] = "ssh -p ", newcomer[] = "nouveau@";
	const struct visit *v = r->v;
	const char *port = v->connect + (strncmp(v->connect, ssh, strlen(ssh)) ? 0 : strlen(ssh));
	const char *at = strstr(port, newcomer);
	const char *me = v->me.login.len ? buf_text(&v->me.login) : "visiteur";
	long long id = r->thread.id.n;
	buf_fmt(out, "%s\n  %s%.*s%s@%s thread print %lld ", where, before, at ? (int)(at - port) : 0, port, me,
	    at ? at + strlen(newcomer) : port, id);
	if (*rest)
		buf_fmt(out, "%s\n\n", rest);
	else
		buf_fmt(out, "> %lld.txt%s\n\n", id, strchr(before, '"') ? "\"" : "");
}

/* The discussion on paper. */
static void
print_page(struct reading *r)
{
	struct buf text = { 0 };
	buf_fmt(&text, "%s\n\n", _("To have this discussion on paper or in a file, leave the board and type one "
				   "of these lines at home:"));
	add_line(&text, r, _("Windows (Terminal, PowerShell):"), "cmd /c \"ssh -p ", "");
	add_line(&text, r, _("Linux, macOS, into a file:"), "ssh -p ", "");
	add_line(&text, r, _("Linux, macOS, to the printer:"), "ssh -p ", "| lpr");
	add_line(&text, r, _("PuTTY, in the window of the command line (cmd):"), "plink -P ", "");
	buf_fmt(&text, _("With --html behind the first number, and a name in .html, it is a page for the browser; "
			 "with mbox in the place of print, and a name in .mbox, a mailbox.\n"));
	struct page page = { .place = _("On paper"), .text = buf_text(&text) };
	ui_page(r->v->ui, &page);
	buf_free(&text);
}

/* What is done while the thread stays on the screen. */
static void
act_here(void *ctx, struct reader *reader, enum act act)
{
	struct reading *r = ctx;
	if (act == ACT_PRINT) {
		print_page(r);
		return;
	}
	follow_thread(r->v, r->thread.id, act);
	if (!refresh(r, r->thread.id))
		describe(r, reader);
}

/* The next unread message in any board; says how many there are, or that all is read. */
static bool
go_on(struct visit *v, item_id *thread, item_id *post)
{
	struct unread left;
	if (next_unread(v->db, thread, post)) {
		ui_say(v->ui, _("Nothing new is left to read."));
		return false;
	}
	if (unread_count(v->db, &left) || !left.posts)
		return true;
	if (left.posts > 99)
		ui_say(v->ui, _("Over 99 messages left to read."));
	else
		ui_say(v->ui, ngettext("%d message left to read.", "%d messages left to read.",
		    (unsigned long)left.posts), left.posts);
	return true;
}

/* Remembered for this visit, in every thread. */
static void
turn_order(struct visit *v)
{
	v->flat = !v->flat;
	ui_say(v->ui, "%s", v->flat ? _("The messages stand in the order of time. a: as a tree again.")
				    : _("The messages stand as a tree, each under the one it answers."));
}

/* What can be done here, by whom. */
static uint64_t
acts_here(struct reading *r)
{
	uint64_t acts = ACTS(ACT_PRINT) | ACTS(ACT_FLAT) | ACTS(ACT_FILES);
	if (!visit_member(r->v))
		return acts;
	acts |= ACTS(ACT_NEXT) | ACTS(ACT_FOLLOW) | ACTS(ACT_MUTE) | ACTS(ACT_SHEET) | ACTS(ACT_HISTORY) |
	    ACTS(ACT_REPORT);
	if (r->moderates)
		acts |= ACTS(ACT_HIDE) | ACTS(r->thread.locked ? ACT_UNLOCK : ACT_LOCK);
	if (r->moderates && !r->thread.file)
		acts |= ACTS(ACT_PIN) | ACTS(ACT_MOVE) | ACTS(ACT_MERGE) | ACTS(ACT_SPLIT);
	if (r->thread.file)
		acts |= ACTS(ACT_FILE) | (r->thread.locked ? 0 : ACTS(ACT_NEW));
	if (!r->thread.locked)
		acts |= ACTS(ACT_REPLY) | ACTS(ACT_QUOTE) | ACTS(ACT_EDIT);
	return acts;
}

/* What came of it: ACT_DONE where something was written, ACT_QUIT where the whole visit ends. */
static enum act
do_act(struct reading *r, enum act act, item_id post, int file, item_id *now)
{
	struct visit *v = r->v;
	char place[24];
	switch (act) {
	case ACT_REPLY:
	case ACT_QUOTE:
		return compose_reply(v, post, act == ACT_QUOTE);
	case ACT_FILE:
		snprintf(place, sizeof place, "i%lld", (long long)r->thread.id.n);
		return files_open(v, place) == ACT_QUIT ? ACT_QUIT : ACT_NONE;
	case ACT_NEW:
		return compose_reply(v, r->thread.id, false);
	case ACT_EDIT:
		compose_edit(v, post);
		break;
	case ACT_HISTORY:
		versions_screen(v, post);
		break;
	case ACT_REPORT:
		report_post(v, post);
		break;
	case ACT_FLAT:
		turn_order(v);
		break;
	case ACT_FILES:
		return attached_screen(v, post, file, buf_text(&r->thread.title));
	case ACT_SHEET:
		return author_screen(v, post);
	default:
		moderate_thread(v, act, &r->thread, post, now);
		break;
	}
	return ACT_NONE;
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
	struct reader reader = { .page = post_rows, .seen = seen, .act = act_here, .ctx = &r, .at = at.n };
	enum act act = ACT_BACK;
	int answer = come_back(&r, &id, at.n ? at : id);
	if (!answer && !at.n && r.unread_count)
		reader.at = r.unread[0];
	while (!answer) {
		describe(&r, &reader);
		reader.here = ACTS(ACT_PRINT) | (visit_member(v) ? ACTS(ACT_FOLLOW) | ACTS(ACT_MUTE) : 0);
		reader.acts = acts_here(&r);
		v->listen(v, TOPIC_THREAD, id.n);
		act = ui_reader(v->ui, &reader);
		if (act == ACT_NEXT && !go_on(v, &id, &at))
			break;
		if (act == ACT_BACK || act == ACT_QUIT)
			break;
		if (act == ACT_NEXT)
			reader.at = at.n;
		item_id post = { reader.at ? reader.at : id.n };
		if (act != ACT_NEXT)
			act = do_act(&r, act, post, reader.file, &id);
		if (act == ACT_QUIT)
			break;
		answer = come_back(&r, &id, post);
		/* One's own message is where one goes on from. */
		if (!answer && act == ACT_DONE)
			reader.at = r.thread.last;
	}
	if (answer)
		visit_say_error(v, answer);
	thread_free(&r.thread);
	buf_free(&r.place);
	buf_free(&r.right);
	buf_free(&r.lead);
	return act;
}

enum act
next_unread_screen(struct visit *v)
{
	item_id thread, post;
	return go_on(v, &thread, &post) ? thread_screen(v, thread, post) : ACT_BACK;
}
