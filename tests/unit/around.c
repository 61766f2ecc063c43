/* What is around a file: the recent ones, followed, discussed, reported, who has seen it. */
#include "db/word.h"
#include "tests/unit/people.h"

#include "bbs/base/clock.h"
#include "db/file.h"

#define THEME "d30.1"
#define NOT_FROM (item_id){ 0 }

static item_id
put(enum who who, const char *shelf, const char *name)
{
	struct upload *u;
	item_id item;
	as(who);
	assert_int_equal(upload_open(s.db, shelf, name, UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_write(u, 0, name, strlen(name)), E_OK);
	assert_int_equal(upload_finish(u, &item), E_OK);
	return item;
}

static void
set_level(enum who who, item_id item, const char *level)
{
	as(who);
	assert_int_equal(file_set_level(s.db, item, level, &s.who[XAVIER], !strcmp(level, "named")), E_OK);
}

static void
assert_clean(void)
{
	struct buf faults = { 0 };
	as(SYSOP);
	if (db_check(s.db, &faults))
		fail_msg("%s", buf_text(&faults));
	buf_free(&faults);
}

/* ---- lists of files ---- */

struct seen {
	int count;
	char names[1000]; /* "a|b|" */
	char where[400];  /* of the last */
	char sort[40];
	item_id last;
};

static bool
note_file(void *ctx, const struct file *file)
{
	struct seen *seen = ctx;
	size_t n = strlen(seen->names);
	snprintf(seen->names + n, sizeof seen->names - n, "%s|", buf_text(&file->name));
	snprintf(seen->where, sizeof seen->where, "%s", buf_text(&file->title));
	snprintf(seen->sort, sizeof seen->sort, "%s", buf_text(&file->sort));
	seen->last = file->item;
	seen->count++;
	return true;
}

static struct seen
recent(enum who who)
{
	struct seen seen = { 0 };
	as(who);
	int n = file_recent(s.db, NULL, NOT_FROM, 1, 100, note_file, &seen);
	assert_int_equal(n, seen.count);
	return seen;
}
#define assert_recent(who, text) assert_string_equal(recent(who).names, text)

/* ---- the recent ones ---- */

static void
the_last_changed_first(void **state)
{
	(void)state;
	char own[SHELF_MAX + 1], council[SHELF_MAX + 1];
	struct file folder;
	snprintf(own, sizeof own, "m%lld", (long long)s.who[ALBA].n);
	snprintf(council, sizeof council, "c%lld", (long long)s.nimes.n);
	set_clock(T0);
	item_id old = put(ALBA, THEME, "vieux");
	set_clock(T0 + 10);
	put(ALBA, own, "à moi");
	set_clock(T0 + 20);
	item_id minutes = put(BRUNO, council, "compte rendu");
	set_clock(T0 + 30);
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "dossier", &folder), E_OK);
	put(ALBA, folder.shelf, "dedans");
	assert_recent(ALBA, "dedans|compte rendu|à moi|vieux|");
	assert_recent(BRUNO, "dedans|compte rendu|vieux|");
	assert_recent(XAVIER, "dedans|vieux|");
	assert_recent(VISITOR, "");
	assert_string_equal(recent(XAVIER).where, "30 Gard › 1 Good practice");
	/* Changed, it is the first; opened to others, it stands before them in its place. */
	set_clock(T0 + 40);
	assert_int_equal(put(ALBA, THEME, "vieux").n, old.n);
	assert_recent(XAVIER, "vieux|dedans|");
	set_level(BRUNO, minutes, "public");
	assert_recent(XAVIER, "vieux|dedans|compte rendu|");
	assert_recent(VISITOR, "compte rendu|");
	set_level(BRUNO, minutes, "named");
	assert_recent(VISITOR, "");
	assert_recent(ALBA, "vieux|dedans|à moi|");
	assert_recent(XAVIER, "vieux|dedans|compte rendu|");
	assert_string_equal(recent(VISITOR).where, "");
	/* Page by page, both ways. */
	struct seen seen = { 0 };
	as(XAVIER);
	assert_int_equal(file_recent(s.db, NULL, NOT_FROM, 1, 1, note_file, &seen), 1);
	assert_int_equal(file_recent(s.db, seen.sort, seen.last, 1, 1, note_file, &seen), 1);
	assert_string_equal(seen.names, "vieux|dedans|");
	assert_int_equal(file_recent(s.db, seen.sort, seen.last, -1, 5, note_file, &seen), 1);
	assert_string_equal(seen.names, "vieux|dedans|vieux|");
	/* Not while it is in the bin; and where it was when it comes back. */
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_recent(XAVIER, "vieux|compte rendu|");
	as(ALBA);
	assert_int_equal(file_restore(s.db, folder.item), E_OK);
	assert_recent(XAVIER, "vieux|dedans|compte rendu|");
	file_free(&folder);
	assert_clean();
}

/* ---- followed ---- */

static struct seen
followed(enum who who)
{
	struct seen seen = { 0 };
	as(who);
	int n = file_followed(s.db, NULL, 1, 100, note_file, &seen);
	assert_int_equal(n, seen.count);
	return seen;
}

struct told {
	int count, unseen;
	char words[300]; /* "kind title|" of those not seen, or the body where there is no title */
	int64_t id;
};

static bool
note_notice(void *ctx, const struct notice *n)
{
	struct told *told = ctx;
	size_t at = strlen(told->words);
	told->count++;
	if (n->seen)
		return true;
	told->unseen++;
	told->id = n->id;
	snprintf(told->words + at, sizeof told->words - at, "%s %s|", n->kind,
	    buf_text(n->title.len ? &n->title : &n->body));
	return true;
}

static struct told
told(enum who who)
{
	struct told told = { 0 };
	as(who);
	notice_page(s.db, 0, 1, 100, note_notice, &told);
	return told;
}
#define assert_told(who, text) assert_string_equal(told(who).words, text)

static void
follow(enum who who, const char *place, bool on, int answer)
{
	as(who);
	assert_int_equal(file_follow(s.db, place, on), answer);
}

static const char *
place_of(item_id item)
{
	static char place[SHELF_MAX + 1];
	snprintf(place, sizeof place, "i%lld", (long long)item.n);
	return place;
}

/* Each whose own goes, once; nobody of what he throws away himself. */
static void
thrown_away_by_another(void **state)
{
	(void)state;
	struct file folder;
	struct told bruno;
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Jardins", &folder), E_OK);
	put(BRUNO, folder.shelf, "a.txt");
	put(BRUNO, folder.shelf, "b.txt");
	item_id own = put(GARD, folder.shelf, "c.txt");
	as(GARD);
	assert_int_equal(file_bin(s.db, own, false), E_OK);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_told(ALBA, "file-binned Jardins|");
	bruno = told(BRUNO);
	assert_int_equal(bruno.unseen, 1);
	assert_string_equal(bruno.words, "file-binned a.txt, b.txt|");
	assert_told(GARD, "");
	file_free(&folder);
	assert_clean();
}

/* Whoever is named to read something, once; whoever put a file that another has changed. */
static void
shared_and_changed(void **state)
{
	(void)state;
	const member_id one[] = { s.who[BRUNO] }, two[] = { s.who[BRUNO], s.who[XAVIER] };
	item_id a = put(ALBA, THEME, "a.txt");
	as(ALBA);
	assert_int_equal(file_set_level(s.db, a, "named", NULL, 0), E_EMPTY);
	assert_int_equal(file_set_level(s.db, a, "named", &s.who[ALBA], 1), E_EMPTY);
	assert_int_equal(file_set_level(s.db, a, "named", one, 1), E_OK);
	assert_int_equal(file_set_level(s.db, a, "named", two, 2), E_OK);
	struct file folder;
	int left;
	assert_int_equal(folder_make(s.db, THEME, "Dossier", &folder), E_OK);
	put(ALBA, folder.shelf, "c.txt");
	as(ALBA);
	assert_int_equal(file_set_level(s.db, folder.item, "named", one, 1), E_OK);
	assert_int_equal(file_level_within(s.db, folder.item, &left), 1);
	file_free(&folder);
	assert_told(BRUNO, "file-shared Dossier|file-shared a.txt|");
	assert_told(XAVIER, "file-shared a.txt|");
	/* Not of what is his own. */
	item_id b = put(ALBA, THEME, "b.txt"), c = put(ALBA, THEME, "c.txt");
	as(SYSOP);
	assert_int_equal(file_set_level(s.db, c, "named", one, 1), E_OK);
	assert_told(ALBA, "");
	put(GARD, THEME, "b.txt");
	assert_told(ALBA, "file-changed b.txt|");
	put(GARD, THEME, "b.txt");
	put(ALBA, THEME, "b.txt");
	assert_told(ALBA, "file-changed b.txt|");
	as(ALBA);
	assert_int_equal(file_visited(s.db, place_of(b)), E_OK);
	assert_told(ALBA, "");
	assert_told(GARD, "");
}

/* Who reported a file that is no longer his to read is not told what it is called by now. */
static void
reported_and_closed(void **state)
{
	(void)state;
	item_id a = put(ALBA, THEME, "a.txt");
	as(BRUNO);
	assert_int_equal(report_new(s.db, a, "mauvais"), E_OK);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, a, "me", NULL, 0), E_OK);
	assert_int_equal(file_move(s.db, a, THEME, "secret.txt"), E_OK);
	as(GARD);
	assert_int_equal(post_hide(s.db, a, "non"), E_OK);
	assert_told(BRUNO, "file-report-hidden non|");
}

static void
followers_are_told(void **state)
{
	(void)state;
	char council[SHELF_MAX + 1];
	struct file folder;
	snprintf(council, sizeof council, "c%lld", (long long)s.nimes.n);
	item_id file = put(ALBA, THEME, "affiche"), ours = put(ALBA, council, "à nous");
	follow(VISITOR, THEME, true, E_DENIED);
	follow(XAVIER, "d30", true, E_DENIED);
	follow(XAVIER, "d30.5", true, E_DENIED);
	follow(XAVIER, place_of(ours), true, E_NOT_FOUND);
	follow(XAVIER, council, true, E_NOT_FOUND);
	follow(XAVIER, THEME, true, E_OK);
	follow(XAVIER, THEME, true, E_OK);
	follow(XAVIER, place_of(file), true, E_OK);
	follow(ALBA, THEME, true, E_OK);
	assert_string_equal(followed(XAVIER).names, "1-echanges-de-bonnes-pratiques|affiche|");
	assert_string_equal(followed(XAVIER).where, "30 Gard › 1 Good practice");
	assert_int_equal(followed(BRUNO).count, 0);
	/* One word until it is read, however much comes; not of one's own, nor of what one may not read. */
	put(ALBA, THEME, "deux");
	put(BRUNO, THEME, "trois");
	assert_told(XAVIER, "file-in deux|");
	assert_told(ALBA, "file-in trois|");
	as(XAVIER);
	assert_int_equal(notice_seen(s.db, told(XAVIER).id), E_OK);
	put(ALBA, THEME, "affiche");
	assert_told(XAVIER, "file-version affiche|");
	as(XAVIER);
	assert_int_equal(file_visited(s.db, place_of(file)), E_OK);
	assert_told(XAVIER, "");
	set_level(ALBA, file, "council");
	put(ALBA, THEME, "affiche");
	assert_told(XAVIER, "");
	assert_string_equal(followed(XAVIER).names, "1-echanges-de-bonnes-pratiques|");
	/* Into a folder: put there, made there, moved there. */
	as(ALBA);
	assert_int_equal(folder_make(s.db, "d30.2", "dossier", &folder), E_OK);
	follow(BRUNO, folder.shelf, true, E_OK);
	assert_string_equal(followed(BRUNO).where, "30 Gard › 2 Training and teaching aids");
	as(ALBA);
	assert_int_equal(file_move(s.db, file, folder.shelf, "ailleurs"), E_OK);
	assert_told(BRUNO, "file-in ailleurs|");
	/* In the bin it is gone from the list, and what is let go says nothing more. */
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_int_equal(followed(BRUNO).count, 0);
	follow(XAVIER, THEME, false, E_OK);
	put(ALBA, THEME, "quatre");
	assert_told(XAVIER, "");
	file_free(&folder);
	assert_clean();
}

static void
more_than_a_look(void **state)
{
	(void)state;
	char place[SHELF_MAX + 1];
	struct seen seen = { 0 };
	item_id first = put(ALBA, THEME, "a"), last = { 0 };
	for (int i = 0; i < 120; i++) {
		snprintf(place, sizeof place, "f%d", 10000 + i);
		last = put(ALBA, THEME, place);
		follow(XAVIER, place_of(last), true, E_OK);
		if (i > 5 && i < 115)
			set_level(ALBA, last, "council");
	}
	follow(XAVIER, place_of(first), true, E_OK);
	assert_int_equal(followed(XAVIER).count, 12);
	as(XAVIER);
	assert_int_equal(file_followed(s.db, NULL, 1, 5, note_file, &seen), 5);
	assert_int_equal(file_followed(s.db, seen.sort, 1, 10, note_file, &seen), 7);
	assert_int_equal(file_followed(s.db, seen.sort, -1, 20, note_file, &seen), 11);
	assert_int_equal(file_followed(s.db, seen.sort, -1, 20, note_file, &seen), 0);
}

/* ---- discussed ---- */

static int
say_of(enum who who, item_id to, item_id *out)
{
	as(who);
	return thread_reply(s.db, to, "Bonjour à tous.", out);
}

struct talk {
	int count;
	char posts[200]; /* "number depth answers|" */
};

static bool
note_post(void *ctx, const struct post_row *row)
{
	struct talk *talk = ctx;
	size_t at = strlen(talk->posts);
	talk->count++;
	snprintf(talk->posts + at, sizeof talk->posts - at, "%d %d %d|", row->number, row->depth, row->answers);
	return true;
}

/* How many messages of it one reads; by the thread's row he is told the same. */
static int
reads(enum who who, item_id file)
{
	struct talk talk = { 0 };
	struct thread thread = { 0 };
	as(who);
	post_page(s.db, file, NULL, NOT_FROM, 1, 50, note_post, &talk);
	int r = thread_get(s.db, file, &thread);
	assert_int_equal(r ? 0 : thread.posts, talk.count);
	thread_free(&thread);
	return talk.count;
}

static int
unread(enum who who)
{
	struct unread unread;
	as(who);
	return unread_count(s.db, &unread) ? 0 : unread.posts;
}

static bool
count_hit(void *ctx, const struct hit *hit)
{
	(void)hit;
	++*(int *)ctx;
	return true;
}

static int
finds(enum who who, const char *words)
{
	int count = 0;
	as(who);
	search_page(s.db, &(struct search){ .words = words, .kind = SEARCH_MESSAGES }, NOT_FROM, 1, 50, count_hit, &count);
	return count;
}

static void
discussed(void **state)
{
	(void)state;
	struct talk talk = { 0 };
	struct thread thread = { 0 };
	item_id file = put(ALBA, THEME, "affiche"), first, second, third;
	assert_int_equal(reads(ALBA, file), 0);
	assert_int_equal(say_of(VISITOR, file, &first), E_NOT_FOUND);
	follow(ROSA, place_of(file), true, E_OK);
	assert_int_equal(say_of(XAVIER, file, &first), E_OK);
	assert_int_equal(say_of(BRUNO, first, &second), E_OK);
	assert_int_equal(say_of(BRUNO, file, &third), E_OK);
	as(ALBA);
	assert_int_equal(post_page(s.db, file, NULL, NOT_FROM, 1, 50, note_post, &talk), 3);
	assert_string_equal(talk.posts, "1 0 0|2 1 1|3 0 0|");
	assert_int_equal(thread_get(s.db, file, &thread), E_OK);
	assert_true(thread.file);
	assert_string_equal(buf_text(&thread.title), "affiche");
	assert_int_equal(thread.posts, 3);
	assert_int_equal(thread.follow, FOLLOW_YES);
	thread_free(&thread);
	as(ROSA);
	assert_int_equal(thread_get(s.db, file, &thread), E_OK);
	assert_int_equal(thread.follow, FOLLOW_YES);
	thread_free(&thread);
	/* News as any message, and found. */
	int64_t ids[10];
	as(ALBA);
	assert_int_equal(thread_unread(s.db, file, ids, 10), 3);
	assert_int_equal(unread(ALBA), 3);
	assert_int_equal(unread(XAVIER), 2);
	assert_int_equal(finds(XAVIER, "bonjour"), 3);
	as(ALBA);
	assert_int_equal(mark_read(s.db, file, third), E_OK);
	assert_int_equal(unread(ALBA), 0);
	/* Its readers are the file's, whatever becomes of that. */
	static const struct {
		const char *level;
		int alba, bruno, xavier, visitor;
	} cases[] = {
		{ "council", 3, 3, 0, 0 },
		{ "named", 3, 0, 3, 0 },
		{ "me", 3, 0, 0, 0 },
		{ "public", 3, 3, 3, 3 },
		{ "members", 3, 3, 3, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		set_level(ALBA, file, cases[i].level);
		assert_int_equal(reads(ALBA, file), cases[i].alba);
		assert_int_equal(reads(BRUNO, file), cases[i].bruno);
		assert_int_equal(reads(XAVIER, file), cases[i].xavier);
		assert_int_equal(reads(VISITOR, file), cases[i].visitor);
		assert_int_equal(unread(ROSA) > 0, !strcmp(cases[i].level, "members") || !strcmp(cases[i].level, "public") ||
		    !strcmp(cases[i].level, "council"));
		assert_int_equal(finds(XAVIER, "bonjour"), cases[i].xavier);
		assert_int_equal(finds(BRUNO, "bonjour"), cases[i].bruno);
		assert_clean();
	}
	/* What is said once it is shared by name, or one's own, is read as the rest. */
	set_level(ALBA, file, "named");
	assert_int_equal(say_of(XAVIER, file, &first), E_OK);
	assert_int_equal(say_of(BRUNO, file, &first), E_NOT_FOUND);
	assert_int_equal(reads(ALBA, file), 4);
	set_level(ALBA, file, "me");
	assert_int_equal(say_of(ALBA, first, &first), E_OK);
	assert_int_equal(reads(ALBA, file), 5);
	set_level(ALBA, file, "members");
	assert_int_equal(reads(XAVIER, file), 5);
	/* Gone from sight with the file, and back with it. */
	as(ALBA);
	assert_int_equal(file_bin(s.db, file, false), E_OK);
	assert_int_equal(reads(ALBA, file), 0);
	assert_int_equal(reads(XAVIER, file), 0);
	assert_int_equal(unread(ROSA), 0);
	assert_int_equal(finds(XAVIER, "bonjour"), 0);
	assert_int_equal(say_of(XAVIER, first, &third), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(file_restore(s.db, file), E_OK);
	assert_int_equal(reads(XAVIER, file), 5);
	/* To another area: seen to there. */
	as(ALBA);
	char council[SHELF_MAX + 1];
	snprintf(council, sizeof council, "c%lld", (long long)s.nimes.n);
	assert_int_equal(file_move(s.db, file, council, "affiche"), E_OK);
	assert_int_equal(reads(XAVIER, file), 0);
	assert_int_equal(reads(BRUNO, file), 5);
	assert_clean();
}

static void
discussed_first_by_its_only_reader(void **state)
{
	(void)state;
	item_id file = put(ALBA, THEME, "brouillon"), post;
	set_level(ALBA, file, "me");
	assert_int_equal(say_of(XAVIER, file, &post), E_NOT_FOUND);
	assert_int_equal(say_of(ALBA, file, &post), E_OK);
	assert_int_equal(reads(ALBA, file), 1);
	assert_int_equal(reads(BRUNO, file), 0);
	set_level(ALBA, file, "council");
	assert_int_equal(say_of(BRUNO, post, &post), E_OK);
	assert_int_equal(reads(ALBA, file), 2);
	assert_int_equal(reads(XAVIER, file), 0);
	assert_clean();
}

static void
a_talk_has_its_place(void **state)
{
	(void)state;
	item_id file = put(ALBA, THEME, "affiche"), post, other, made;
	board_id board = theme("questions-test", "members", 50);
	other = say(ALBA, board, "Une question");
	assert_int_equal(say_of(ALBA, file, &post), E_OK);
	/* The animators of the département hide a message and close the talk; it cannot be moved to a board. */
	as(ANJOU);
	assert_int_equal(post_hide(s.db, post, "hors sujet"), E_DENIED);
	as(GARD);
	assert_int_equal(post_hide(s.db, post, "hors sujet"), E_OK);
	assert_int_equal(post_show(s.db, post), E_OK);
	assert_int_equal(thread_pin(s.db, file, true), E_DENIED);
	as(SYSOP);
	assert_int_equal(thread_move(s.db, file, board), E_DENIED);
	assert_int_equal(thread_merge(s.db, file, other), E_DENIED);
	assert_int_equal(thread_merge(s.db, other, file), E_DENIED);
	assert_int_equal(thread_split(s.db, post, "Autre", &made), E_DENIED);
	as(GARD);
	assert_int_equal(thread_lock(s.db, file, true), E_OK);
	assert_int_equal(say_of(BRUNO, file, &made), E_LOCKED);
	/* A message is reported to them. */
	as(XAVIER);
	assert_int_equal(report_new(s.db, post, "cela me déplaît"), E_OK);
	as(GARD);
	assert_int_equal(report_count(s.db), 1);
	as(ANJOU);
	assert_int_equal(report_count(s.db), 0);
	assert_clean();
}

/* ---- reported, hidden ---- */

static bool
note_report(void *ctx, const struct report *row)
{
	*(struct report *)ctx = (struct report){ .id = row->id, .item = row->item, .file = row->file };
	assert_string_equal(buf_text(&row->title), "affiche");
	return true;
}

static int
sees(enum who who, item_id item)
{
	struct file file;
	as(who);
	int r = file_get(s.db, item, &file);
	if (!r)
		file_free(&file);
	return r;
}

static void
reported_and_hidden(void **state)
{
	(void)state;
	struct report report = { 0 };
	struct file folder, file_now;
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "dossier", &folder), E_OK);
	item_id file = put(ALBA, folder.shelf, "affiche");
	as(ALBA);
	assert_int_equal(report_new(s.db, file, "la mienne"), E_DENIED);
	as(VISITOR);
	assert_int_equal(report_new(s.db, file, "moi"), E_NOT_FOUND);
	as(XAVIER);
	assert_false(report_made(s.db, file));
	assert_int_equal(report_new(s.db, file, "une photo de mon fils"), E_OK);
	assert_true(report_made(s.db, file));
	assert_int_equal(report_new(s.db, file, "encore"), E_DONE);
	/* Before the animators of the département, of the region, of all; to nobody else. */
	static const struct {
		enum who who;
		bool sees;
	} cases[] = { { GARD, true }, { REGION, true }, { NATION, true }, { SYSOP, true }, { ANJOU, false },
		{ BRUNO, false }, { VISITOR, false } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		as(cases[i].who);
		assert_int_equal(report_count(s.db), cases[i].sees);
		assert_int_equal(report_of(s.db, file), cases[i].sees);
		assert_int_equal(file_moderates(s.db, file), cases[i].sees);
		if (!cases[i].sees)
			assert_true(post_hide(s.db, file, "non") == E_DENIED || post_hide(s.db, file, "non") == E_NOT_FOUND);
	}
	as(GARD);
	assert_int_equal(report_page(s.db, 0, 1, 5, note_report, &report), 1);
	assert_true(report.file && report.item.n == file.n);
	assert_int_equal(report_dismiss(s.db, report.id, "elle est publique"), E_OK);
	assert_int_equal(report_of(s.db, file), 0);
	assert_told(XAVIER, "file-report-dismissed affiche|");
	/* Hidden: its author sees it, and those who can show it again; for others it is not there. */
	as(BRUNO);
	assert_int_equal(report_new(s.db, file, "le fils d'un voisin"), E_OK);
	as(GARD);
	assert_int_equal(post_hide(s.db, file, "sans accord"), E_OK);
	assert_int_equal(post_hide(s.db, file, "sans accord"), E_DONE);
	assert_int_equal(report_count(s.db), 0);
	assert_told(ALBA, "file-hidden affiche|");
	assert_int_equal(mails("hidden", "alba@example.org", "sans accord"), 1);
	assert_told(BRUNO, "file-report-hidden affiche — sans accord|");
	assert_int_equal(sees(ALBA, file), E_OK);
	assert_int_equal(sees(GARD, file), E_OK);
	assert_int_equal(sees(BRUNO, file), E_NOT_FOUND);
	assert_int_equal(sees(XAVIER, file), E_NOT_FOUND);
	assert_recent(BRUNO, "");
	assert_recent(ALBA, "affiche|");
	char out[20];
	as(BRUNO);
	assert_int_equal(file_read(s.db, file, 0, 0, out, sizeof out), E_NOT_FOUND);
	/* Its name is free for whoever does not see it; it neither goes into the bin nor comes back by it. */
	item_id other = put(BRUNO, folder.shelf, "affiche");
	assert_true(other.n != file.n);
	as(ALBA);
	assert_int_equal(file_bin(s.db, file, false), E_DENIED);
	assert_int_equal(file_bin(s.db, folder.item, true), E_DENIED);
	assert_int_equal(file_describe(s.db, file, "avec l'accord du père"), E_OK);
	assert_int_equal(post_show(s.db, file), E_DENIED);
	assert_clean();
	as(GARD);
	assert_int_equal(post_show(s.db, file), E_OK);
	assert_int_equal(file_get(s.db, file, &file_now), E_OK);
	assert_false(file_now.hidden);
	file_free(&file_now);
	assert_told(ALBA, "file-shown affiche|file-hidden affiche|");
	assert_int_equal(sees(XAVIER, file), E_OK);
	assert_int_equal(acts("file.hide", file.n), 1);
	assert_int_equal(acts("file.show", file.n), 1);
	file_free(&folder);
	assert_clean();
}

/* A council's own: its animators see of it what is reported, and can hide and show it. */
static void
reported_out_of_sight(void **state)
{
	(void)state;
	char council[SHELF_MAX + 1];
	struct report report = { 0 };
	snprintf(council, sizeof council, "c%lld", (long long)s.nimes.n);
	item_id file = put(ALBA, council, "affiche"), tool = put(NATION, "r1", "affiche");
	as(BRUNO);
	assert_int_equal(report_new(s.db, file, "blessant"), E_OK);
	assert_int_equal(report_new(s.db, tool, "faux"), E_OK);
	as(GARD);
	assert_int_equal(sees(GARD, file), E_NOT_FOUND);
	assert_int_equal(report_page(s.db, 0, 1, 5, note_report, &report), 1);
	assert_int_equal(report.item.n, file.n);
	assert_int_equal(post_hide(s.db, tool, "faux"), E_DENIED);
	assert_int_equal(post_hide(s.db, file, "blessant"), E_OK);
	assert_int_equal(sees(BRUNO, file), E_NOT_FOUND);
	as(GARD);
	assert_int_equal(post_show(s.db, file), E_OK);
	/* What is of no département comes before those of the whole network. */
	as(SYSOP);
	assert_int_equal(report_count(s.db), 1);
	assert_int_equal(post_hide(s.db, tool, "faux"), E_OK);
	assert_int_equal(sees(BRUNO, tool), E_NOT_FOUND);
	assert_clean();
}

/* ---- seen ---- */

static bool
note_seer(void *ctx, member_id member, const char *name, int64_t first)
{
	struct told *told = ctx;
	size_t at = strlen(told->words);
	(void)member;
	told->count++;
	snprintf(told->words + at, sizeof told->words - at, "%s %lld|", name, (long long)(first - T0));
	return true;
}

static void
saw(enum who who, item_id item)
{
	as(who);
	file_saw(s.db, item);
	file_saw_all(s.db);
}

struct parts {
	int seen, followed;
};

static void
note_part(void *ctx, const char *part, const char *const *columns, int count, const char *const *cells)
{
	struct parts *p = ctx;
	(void)columns;
	(void)count;
	p->seen += cells && !strcmp(part, "files_seen");
	p->followed += cells && !strcmp(part, "files_followed");
}

static void
who_has_seen_it(void **state)
{
	(void)state;
	struct told told = { 0 };
	struct parts parts = { 0 };
	set_clock(T0);
	item_id file = put(ALBA, THEME, "affiche"), other = put(ALBA, THEME, "autre");
	saw(ALBA, file);
	saw(VISITOR, file);
	set_clock(T0 + 10);
	saw(XAVIER, file);
	set_clock(T0 + 20);
	/* Once for each: what is noted already, or written, is no news. */
	as(XAVIER);
	int64_t before = db_version(s.db);
	file_saw(s.db, file);
	file_saw_all(s.db);
	assert_int_equal(db_version(s.db), before);
	as(BRUNO);
	file_saw(s.db, file);
	file_saw(s.db, file);
	as(XAVIER);
	file_saw(s.db, other);
	file_saw_all(s.db);
	as(ALBA);
	assert_int_equal(file_seen_by(s.db, file, NOBODY, 10, note_seer, &told), 2);
	assert_string_equal(told.words, "bruno Martin 20|xavier Martin 10|");
	assert_int_equal(file_seen_by(s.db, file, s.who[BRUNO], 10, note_seer, &told), 1);
	assert_int_equal(file_seen_count(s.db, file), 2);
	assert_int_equal(file_seen_count(s.db, other), 1);
	/* Those who may change it are told, others not; what one may not read one has not seen. */
	as(XAVIER);
	assert_int_equal(file_seen_by(s.db, file, NOBODY, 10, note_seer, &told), E_DENIED);
	assert_int_equal(file_seen_count(s.db, file), 0);
	set_level(ALBA, other, "me");
	saw(BRUNO, other);
	as(ALBA);
	assert_int_equal(file_seen_count(s.db, other), 1);
	/* His own data; gone with him. */
	follow(XAVIER, place_of(file), true, E_OK);
	as(XAVIER);
	assert_int_equal(own_data(s.db, note_part, &parts), E_OK);
	assert_int_equal(parts.seen, 2);
	assert_int_equal(parts.followed, 1);
	assert_int_equal(member_erase(s.db, s.who[XAVIER], "xavier"), E_OK);
	as(ALBA);
	assert_int_equal(file_seen_count(s.db, file), 1);
	/* And with the file. */
	assert_int_equal(file_bin(s.db, file, false), E_OK);
	set_clock(T0 + 40 * DAY);
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 2);
	assert_clean();
}

static void
many_are_written_at_once(void **state)
{
	(void)state;
	enum { FILES = 150 };
	item_id files[FILES];
	char name[20];
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof name, "f%d", i);
		files[i] = put(ALBA, THEME, name);
	}
	as(XAVIER);
	for (int i = 0; i < FILES; i++)
		file_saw(s.db, files[i]);
	file_saw_all(s.db);
	as(ALBA);
	for (int i = 0; i < FILES; i++)
		assert_int_equal(file_seen_count(s.db, files[i]), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_changed_first),
		TEST(thrown_away_by_another),
		TEST(shared_and_changed),
		TEST(reported_and_closed),
		TEST(followers_are_told),
		TEST(more_than_a_look),
		TEST(discussed),
		TEST(discussed_first_by_its_only_reader),
		TEST(a_talk_has_its_place),
		TEST(reported_and_hidden),
		TEST(reported_out_of_sight),
		TEST(who_has_seen_it),
		TEST(many_are_written_at_once),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
