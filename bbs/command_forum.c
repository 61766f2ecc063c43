/* Commands about boards and threads, what is unread, and the search. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "db/member.h"

enum { PAGE = 100, POSTS = 20, UNREAD_LOOK = 50, UNREAD_MANY = 100 };

static const struct listing_column boards[] = {
	{ "id", N_("Number"), 6 },
	{ "slug", N_("Name"), 22 },
	{ "level", N_("Level"), 8 },
	{ "position", N_("Position"), 8 },
	{ "follow", N_("Followed"), 11 },
	{ "closed", N_("Closed"), 6 },
	{ "title", N_("Title"), 30 },
	{ "about", N_("About"), 30 },
};

static const struct listing_column threads[] = {
	{ "id", N_("Number"), 6 },
	{ "board", N_("Board"), 22 },
	{ "posts", N_("Messages"), 8 },
	{ "author", N_("Author"), 20 },
	{ "last", N_("Last message"), 8 },
	{ "last_at", N_("Its date"), 30 },
	{ "new", N_("New"), 3 },
	{ "locked", N_("Closed"), 6 },
	{ "follow", N_("Followed"), 11 },
	{ "pinned", N_("Pinned"), 7 },
	{ "hidden", N_("Hidden"), 6 },
	{ "title", N_("Title"), 40 },
};

static const struct listing_column unread_threads[] = {
	{ "id", N_("Number"), 6 },
	{ "board", N_("Board"), 22 },
	{ "unread", N_("New"), 4 },
	{ "posts", N_("Messages"), 8 },
	{ "last_at", N_("Last message"), 30 },
	{ "title", N_("Title"), 40 },
};

static const struct listing_column hits[] = {
	{ "id", N_("Number"), 6 },
	{ "kind", N_("Kind"), 8 },
	{ "thread", N_("Discussion"), 6 },
	{ "board", N_("Board"), 16 },
	{ "author", N_("Author"), 16 },
	{ "created", N_("Date"), 16 },
	{ "title", N_("Title"), 30 },
	{ "passage", N_("Passage"), 60 },
};

static const struct listing_column posts[] = {
	{ "id", NULL, 6 },
	{ "thread", NULL, 6 },
	{ "title", NULL, 20 },
	{ "number", NULL, 4 },
	{ "answers", NULL, 4 },
	{ "depth", NULL, 2 },
	{ "author", NULL, 20 },
	{ "author_id", NULL, 6 },
	{ "council", NULL, 20 },
	{ "town", NULL, 20 },
	{ "created", NULL, 20 },
	{ "new", NULL, 3 },
	{ "edited", NULL, 20 },
	{ "state", NULL, 9 },
	{ "reason", NULL, 20 },
	{ "files", NULL, 20 },
	{ "body", NULL, 40 },
};

static const char *const follows[] = { "", "followed", "muted" }; /* by enum follow */

/* ---- boards ---- */

struct boards {
	struct listing *list;
	board_id *ids; /* gathered instead, where there is no list */
	int count;
};

static bool
list_board(void *ctx, const struct board_row *row)
{
	struct listing *l = ((struct boards *)ctx)->list;
	listing_number(l, row->id.n);
	listing_words(l, row->slug);
	call_word(l, row->level);
	listing_number(l, row->position);
	call_word(l, follows[row->follow]);
	listing_yes(l, row->closed);
	listing_words(l, row->title);
	listing_words(l, row->about);
	return true;
}

static int
board_list(struct call *call)
{
	struct listing l;
	struct boards all = { .list = &l };
	call_list(call, &l);
	int r = board_all(call->db, list_board, &all);
	listing_end(&l);
	return call_end(call, r);
}

static void
set(struct buf *field, const char *typed)
{
	if (typed) {
		buf_cut(field, 0);
		buf_str(field, typed);
	}
}

/* Puts what the options say into the board and records it. */
static int
put_board(struct call *call, struct board *board)
{
	const char *level = call_option(call, "level");
	board->position = call_number(call, "position", board->position);
	if (level && strcmp(level, "members") != 0 && strcmp(level, "public") != 0)
		return call_usage(call, "%s", _("--level is members or public."));
	if (level)
		snprintf(board->level, sizeof board->level, "%s", level);
	set(&board->title, call_option(call, "title"));
	set(&board->about, call_option(call, "about"));
	if (call_option(call, "close") || call_option(call, "open"))
		board->closed = call_option(call, "close");
	int r = board_put(call->db, board);
	if (r == E_EXISTS)
		return call_refuse(call, _("There is a board “%s” already."), call->words[0]);
	if (r == E_INVALID)
		return call_refuse(call, _("%s: a board's name has small letters, digits and dashes, "
		    "60 at most."),
		    call->words[0]);
	return call_end(call, r);
}

static int
board_add(struct call *call)
{
	struct board board = { .level = "members", .position = 100 };
	set(&board.slug, call->words[0]);
	int status = put_board(call, &board);
	if (!status)
		call_say(call, "%lld\n", (long long)board.id.n);
	board_free(&board);
	return status;
}

int
call_board(struct call *call, const char *slug, struct board *board)
{
	if (!board_find(call->db, slug, board))
		return 0;
	return call_refuse(call, _("There is no board “%s”."), slug);
}

static int
board_set(struct call *call)
{
	struct board board = { 0 };
	int status = call_board(call, call->words[0], &board);
	if (!status)
		status = put_board(call, &board);
	board_free(&board);
	return status;
}

static bool
gather_board(void *ctx, const struct board_row *row)
{
	struct boards *all = ctx;
	if (all->count % PAGE == 0)
		all->ids = mem_resize(all->ids, (size_t)(all->count + PAGE) * sizeof *all->ids);
	all->ids[all->count++] = row->id;
	return true;
}

/* ---- lists of threads ---- */

struct threads {
	struct listing *list;
	int64_t last, left;
	item_id id;
};

static bool
list_thread(void *ctx, const struct thread_row *row)
{
	struct threads *page = ctx;
	struct listing *l = page->list;
	listing_number(l, row->id.n);
	listing_words(l, row->board);
	listing_number(l, row->posts);
	listing_words(l, row->author);
	listing_number(l, row->last);
	call_time(l, row->last_at);
	listing_yes(l, row->is_new);
	listing_yes(l, row->locked);
	call_word(l, follows[row->follow]);
	listing_yes(l, row->pinned);
	listing_yes(l, row->hidden);
	listing_words(l, row->title);
	page->last = row->place;
	page->id = row->id;
	return --page->left > 0;
}

static void
list_of_board(struct call *call, board_id board, struct threads *page)
{
	int n;
	page->last = 0;
	do {
		n = thread_page(call->db, board, page->last, 1, PAGE, list_thread, page);
		call_flush(call);
	} while (n == PAGE && page->left > 0);
}

static int
thread_list(struct call *call)
{
	struct listing l;
	struct boards all = { 0 };
	struct board board = { 0 };
	struct threads page = { .list = &l, .left = call_limit(call) };
	const char *slug = call_option(call, "board");
	if (slug && call_board(call, slug, &board))
		return 1;
	if (slug)
		gather_board(&all, &(struct board_row){ .id = board.id });
	else
		board_all(call->db, gather_board, &all);
	call_list(call, &l);
	for (int i = 0; i < all.count && page.left > 0; i++)
		list_of_board(call, all.ids[i], &page);
	listing_end(&l);
	board_free(&board);
	free(all.ids);
	return 0;
}

/* ---- the search ---- */

struct found {
	struct listing *list;
	item_id last;
	int64_t left;
};

static bool
list_hit(void *ctx, const struct hit *hit)
{
	struct found *found = ctx;
	struct listing *l = found->list;
	struct buf passage = { 0 };
	for (const char *s = hit->passage; *s; s++)
		if (*s != HIT_BEGIN && *s != HIT_END)
			buf_char(&passage, *s);
	listing_number(l, hit->id.n);
	call_word(l, strcmp(hit->kind, "sheet") ? hit->kind : "council");
	listing_number(l, hit->thread.n);
	listing_words(l, hit->board);
	listing_words(l, hit->author);
	call_time(l, hit->created);
	listing_words(l, hit->title);
	listing_words(l, buf_text(&passage));
	buf_free(&passage);
	found->last = hit->id;
	return --found->left > 0;
}

/* A day that was typed behind an option; 0 where it was not given, -1 with a sentence. */
static int64_t
day_option(struct call *call, const char *name)
{
	const char *typed = call_option(call, name);
	int64_t when = typed ? clock_parse(typed) : 0;
	if (when < 0)
		call_usage(call, _("“%s” is no day: 2026-03-24, 24/03/2026, 2026-03 and 2026 are."), typed);
	return when;
}

/* The filters that were given: 0, or what was said. */
static int
search_filters(struct call *call, struct search *s)
{
	const char *author = call_option(call, "author"), *slug = call_option(call, "board");
	struct member member = { 0 };
	struct board board = { 0 };
	int status = 0;
	if (author) {
		int r = member_find(call->db, author, &member);
		status = r ? call_fail(call, author, r) : 0;
		s->author = member.id;
		member_free(&member);
	}
	if (!status && slug) {
		status = call_board(call, slug, &board);
		s->board = board.id;
		board_free(&board);
	}
	s->since = status ? 0 : day_option(call, "since");
	s->until = status || s->since < 0 ? 0 : day_option(call, "until");
	return s->since < 0 || s->until < 0 ? 2 : status;
}

static int
run_search(struct call *call)
{
	int n;
	struct listing l;
	struct buf words = { 0 };
	for (int i = 0; i < call->count; i++)
		buf_fmt(&words, strchr(call->words[i], ' ') ? "\"%s\" " : "%s ", call->words[i]);
	struct search search = { .words = buf_text(&words) };
	struct found found = { .list = &l, .left = call_limit(call) };
	int status = search_filters(call, &search);
	if (!status) {
		call_list(call, &l);
		if (call_option(call, "best") && found.left > 0)
			search_best(call->db, &search, found.left < PAGE ? (int)found.left : PAGE, list_hit, &found);
		else if (found.left > 0)
			do {
				n = search_page(call->db, &search, found.last, 1, PAGE, list_hit, &found);
				call_flush(call);
			} while (n == PAGE && found.left > 0);
		listing_end(&l);
	}
	buf_free(&words);
	return status;
}

/* ---- what is unread ---- */

struct news {
	item_id ids[UNREAD_LOOK];
	int count;
};

static bool
gather_new(void *ctx, const struct thread_row *row)
{
	struct news *news = ctx;
	if (row->is_new)
		news->ids[news->count++] = row->id;
	return true;
}

static int
run_unread(struct call *call)
{
	struct listing l;
	struct boards all = { 0 };
	struct unread unread;
	int64_t ids[UNREAD_MANY];
	board_mine(call->db, gather_board, &all);
	call_list(call, &l);
	for (int i = 0; i < all.count; i++) {
		struct news news = { 0 };
		thread_page(call->db, all.ids[i], 0, 1, UNREAD_LOOK, gather_new, &news);
		for (int k = 0; k < news.count; k++) {
			struct thread t = { 0 };
			int n = thread_unread(call->db, news.ids[k], ids, UNREAD_MANY);
			if (n <= 0 || thread_get(call->db, news.ids[k], &t))
				continue;
			listing_number(&l, t.id.n);
			listing_words(&l, buf_text(&t.board_title));
			listing_number(&l, n);
			listing_number(&l, t.posts);
			call_time(&l, t.last_at);
			listing_words(&l, buf_text(&t.title));
			thread_free(&t);
		}
	}
	listing_end(&l);
	free(all.ids);
	if (call_form(call) == LISTING_TEXT && !unread_count(call->db, &unread))
		call_say(call, _("Unread messages: %d%s, of these in your discussions: %d.\n"),
		    unread.posts < UNREAD_MANY ? unread.posts : UNREAD_MANY - 1,
		    unread.posts < UNREAD_MANY ? "" : "+", unread.followed);
	return 0;
}

/* ---- reading a thread ---- */

struct reading {
	struct call *call;
	struct listing *list; /* NULL: as text */
	const struct thread *thread;
	struct buf branch;
	item_id last;
};

static void
list_post(struct reading *r, const struct post_row *row)
{
	struct listing *l = r->list;
	listing_number(l, row->id.n);
	listing_number(l, r->thread->id.n);
	listing_words(l, buf_text(&r->thread->title));
	listing_number(l, row->number);
	if (row->answers)
		listing_number(l, row->answers);
	else
		listing_none(l);
	listing_number(l, row->depth);
	listing_words(l, row->author);
	listing_number(l, row->author_id.n);
	listing_words(l, row->council);
	listing_words(l, row->town);
	call_time(l, row->created);
	listing_yes(l, row->is_new);
	call_time(l, row->edited);
	listing_words(l, row->state);
	listing_words(l, row->reason);
	struct buf ids = { 0 };
	struct attached file;
	for (const char *files = row->files; attached_next(&files, &file);)
		buf_fmt(&ids, "%s%lld", ids.len ? " " : "", (long long)file.item.n);
	listing_words(l, buf_text(&ids));
	buf_free(&ids);
	listing_words(l, row->body);
}

static void
say_post(struct reading *r, const struct post_row *row)
{
	struct buf when = { 0 };
	clock_phrase(&when, row->created, clock_now(), NULL);
	if (row->answers)
		call_say(r->call, _("\nMessage %d (#%lld), reply to message %d"), row->number,
		    (long long)row->id.n, row->answers);
	else
		call_say(r->call, _("\nMessage %d (#%lld)"), row->number, (long long)row->id.n);
	call_say(r->call, ". %s", row->author);
	if (*row->council)
		call_say(r->call, ", %s (%s)", row->council, row->town);
	call_say(r->call, ". %s.\n", buf_text(&when));
	if (!strcmp(row->state, "hidden"))
		call_say(r->call, row->open ? _("Hidden by the animators, others do not see it: %s")
					    : _("Message hidden by the animators: %s"), row->reason);
	if (*row->reason && *row->body)
		call_say(r->call, "\n");
	call_text(r->call, row->body);
	call_say(r->call, "\n");
	struct attached file;
	for (const char *files = row->files; attached_next(&files, &file);) {
		buf_cut(&when, 0);
		attached_words(&file, &when);
		call_text(r->call, buf_text(&when));
		call_say(r->call, " (#%lld)\n", (long long)file.item.n);
	}
	buf_free(&when);
}

static bool
read_post(void *ctx, const struct post_row *row)
{
	struct reading *r = ctx;
	r->list ? list_post(r, row) : say_post(r, row);
	buf_cut(&r->branch, 0);
	buf_str(&r->branch, row->branch);
	r->last = row->id;
	return true;
}

static void
read_all(struct reading *r)
{
	int n = post_page(r->call->db, r->thread->id, NULL, r->last, 1, POSTS, read_post, r);
	while (n == POSTS) {
		struct buf branch = r->branch;
		call_flush(r->call);
		r->branch = (struct buf){ 0 };
		n = post_page(r->call->db, r->thread->id, buf_text(&branch), r->last, 1, POSTS,
		    read_post, r);
		buf_free(&branch);
	}
	buf_free(&r->branch);
}

static int
thread_read(struct call *call)
{
	struct thread thread = { 0 };
	struct listing l;
	struct reading reading = { .call = call, .thread = &thread };
	int r = thread_of(call->db, (item_id){ call_id(call, 0) }, &thread);
	if (r)
		return call_refuse(
		    call, _("There is no discussion “%s”, or not for you."), call->words[0]);
	if (call_form(call) != LISTING_TEXT) {
		call_list(call, &l);
		reading.list = &l;
	} else {
		call_text(call, buf_text(&thread.title));
		call_say(call, "\n");
		call_say(call, _("%s. Messages: %lld.\n"), buf_text(&thread.board_title),
		    (long long)thread.posts);
	}
	read_all(&reading);
	if (reading.list)
		listing_end(&l);
	thread_free(&thread);
	return 0;
}

/* ---- writing ---- */

/* The id of what was written, alone, for scripts. */
static int
say_new(struct call *call, int r, item_id id)
{
	if (!r)
		call_say(call, "%lld\n", (long long)id.n);
	return call_end_public(call, NULL, r);
}

/* What was refused for now is kept as a draft, unless another stands in that place. */
static void
keep_refused(struct call *call, const char *kind, int64_t id, const char *title, const char *body,
    const struct attachments *files)
{
	char place[40];
	struct draft draft = { 0 };
	snprintf(place, sizeof place, "%s:%lld", kind, (long long)id);
	int r = draft_get(call->db, place, &draft);
	if (r == E_NOT_FOUND && !draft_keep(call->db, place, title, body) &&
	    (!files->count || !draft_attach(call->db, place, files)))
		call_refuse(call, "%s", _("Your text is kept as a draft: you will find it when you write "
					  "there."));
	if (!r)
		draft_free(&draft);
}

static int
write_new(struct call *call)
{
	struct board board = { 0 };
	struct buf body = { 0 };
	struct attachments files = { .count = 0 };
	const char *title = call_option(call, "title");
	item_id id = { 0 };
	int status = call_attachments(call, &files);
	if (!status)
		status = call_board(call, call_option(call, "board"), &board);
	if (status)
		return status;
	int r = call_input(call, &body, 4 * BODY_MAX);
	if (!r)
		r = thread_new_with(call->db, board.id, title, buf_text(&body), &files, &id);
	status = say_new(call, r, id);
	if (r == E_LIMIT)
		keep_refused(call, "board", board.id.n, title, buf_text(&body), &files);
	board_free(&board);
	buf_free(&body);
	return status;
}

static int
write_reply(struct call *call)
{
	struct buf body = { 0 };
	struct attachments files = { .count = 0 };
	item_id id = { 0 };
	int status = call_attachments(call, &files);
	if (status)
		return status;
	int r = call_input(call, &body, 4 * BODY_MAX);
	if (!r)
		r = thread_reply_with(call->db, (item_id){ call_id(call, 0) }, buf_text(&body), &files, &id);
	status = say_new(call, r, id);
	if (r == E_LIMIT)
		keep_refused(call, "item", call_id(call, 0), "", buf_text(&body), &files);
	buf_free(&body);
	return status;
}

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof *(array)

const struct verb command_forum_verbs[] = {
	{ .noun = "board", .verb = "list", .run = board_list, .need = NEED_NOTHING, COLUMNS(boards),
	  .usage = "[--json | --csv]", .help = N_("The boards that you may read.") },
	{ .noun = "board", .verb = "add", .run = board_add, .need = MAY_MANAGE_BOARDS,
	  .usage = "SLUG --title TITLE [--about TEXT] [--level LEVEL] [--position N]",
	  .help = N_("Adds a board and prints its number. LEVEL is members or public; boards stand by "
		     "their position.") },
	{ .noun = "board", .verb = "set", .run = board_set, .need = MAY_MANAGE_BOARDS,
	  .usage = "SLUG [--title TITLE] [--about TEXT] [--level LEVEL] [--position N] [--close | --open]",
	  .help = N_("Changes a board. Discussions that are there keep their level. A closed one is read, and "
		     "no longer written to.") },
	{ .noun = "thread", .verb = "list", .run = thread_list, .need = NEED_NOTHING, COLUMNS(threads),
	  .usage = "[--board SLUG] [--limit N] [--json | --csv]",
	  .help = N_("The discussions of a board, or of all, the newest talk first.") },
	{ .noun = "thread", .verb = "read", .run = thread_read, .need = NEED_NOTHING, COLUMNS(posts),
	  .usage = "ID [--json | --csv]",
	  .help = N_("A discussion, by its number or that of one of its messages, in the order of the "
		     "tree. It counts as unread all the same.") },
	{ .noun = "thread", .verb = "new", .run = write_new, .need = MAY_POST,
	  .usage = "--board SLUG --title TITLE [--attach FILE]",
	  .help = N_("Opens a discussion with the text on standard input, and prints its number. FILE, the number or "
		     "the path of one of the shared folders, is attached; several times for several.") },
	{ .noun = "thread", .verb = "reply", .run = write_reply, .need = MAY_POST,
	  .usage = "ID [--attach FILE]",
	  .help = N_("Replies to a discussion, a message or a file with the text on standard input, and "
		     "prints the number of the reply. FILE as for thread new.") },
	{ .noun = "unread", .run = run_unread, .need = MAY_READ_BOARDS, COLUMNS(unread_threads),
	  .usage = "[--json | --csv]",
	  .help = N_("The discussions in which you have not read everything.") },
	{ .noun = "search", .run = run_search, .need = NEED_NOTHING, COLUMNS(hits),
	  .usage = "[WORD…] [--author LOGIN] [--board SLUG] [--since DAY] [--until DAY] [--best] [--limit N]"
		   " [--json | --csv]",
	  .help = N_("Messages and councils that have all these words, newest first; accents, capitals, "
		     "plurals and endings do not count. Words in quotes stand side by side. With --best, the "
		     "best hundred of the newest thousand. A DAY is 2026-03-24, 2026-03 or 2026; --until "
		     "ends before it.") },
	{ 0 },
};
