/*
 * What screens ask of the store, in a small store and in a large one: the median of a hundred warm runs
 * each, side by side. A demonstration at size fills both (make bench-store).
 *
 *	store JSON SMALL LARGE
 *
 * Aim: the large store at most twice the small one's time, or under five milliseconds. Exit status 1 if
 * something could not be measured; being short of the aim is no failure, but said.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "db/file.h"
#include "db/forum.h"
#include "db/member.h"

enum { RUNS = 100, PAGE = 20, HUNDREDTH = 100, LONG = 500, ENOUGH_MS = 5 };

struct place {
	struct db *db;
	board_id board;
	int64_t hundredth;  /* the place where the board's hundredth page begins */
	item_id thread;     /* of five hundred messages or more */
	member_id author;
};

static int rows;

static bool
count_thread(void *ctx, const struct thread_row *row)
{
	(void)ctx;
	(void)row;
	rows++;
	return true;
}

static bool
count_post(void *ctx, const struct post_row *row)
{
	(void)ctx;
	(void)row;
	rows++;
	return true;
}

static bool
count_hit(void *ctx, const struct hit *hit)
{
	(void)ctx;
	(void)hit;
	rows++;
	return true;
}

static bool
count_council(void *ctx, const struct council_row *row)
{
	(void)ctx;
	(void)row;
	rows++;
	return true;
}

/* ---- what is asked ---- */

static void
home(struct place *p)
{
	struct unread unread;
	int64_t oldest;
	rows += unread_count(p->db, &unread) == E_OK;
	candidate_count(p->db, &oldest);
}

static void
first_page(struct place *p)
{
	thread_page(p->db, p->board, 0, 1, PAGE, count_thread, NULL);
}

static void
hundredth_page(struct place *p)
{
	thread_page(p->db, p->board, p->hundredth, 1, PAGE, count_thread, NULL);
}

static void
long_thread(struct place *p)
{
	int64_t unread[PAGE];
	struct thread thread = { 0 };
	thread_get(p->db, p->thread, &thread);
	thread_unread(p->db, p->thread, unread, PAGE);
	post_page(p->db, p->thread, NULL, (item_id){ 0 }, 1, PAGE, count_post, NULL);
	thread_free(&thread);
}

static void
unread_next(struct place *p)
{
	item_id thread, post;
	rows += next_unread(p->db, &thread, &post) == E_OK;
}

static void
look_for(struct place *p, const struct search *search)
{
	search_page(p->db, search, (item_id){ 0 }, 1, PAGE, count_hit, NULL);
}

static void
one_word(struct place *p)
{
	look_for(p, &(struct search){ .words = "convention" });
}

static void
two_words(struct place *p)
{
	look_for(p, &(struct search){ .words = "mairie salle" });
}

static void
rare_word(struct place *p)
{
	look_for(p, &(struct search){ .words = "Trélazé" });
}

static void
by_author(struct place *p)
{
	look_for(p, &(struct search){ .words = "", .author = p->author });
}

static void
directory(struct place *p)
{
	council_page(p->db, "", "cigal", "", (item_id){ 0 }, 1, PAGE, count_council, NULL);
}

static bool
count_file(void *ctx, const struct file *file)
{
	(void)ctx;
	(void)file;
	rows++;
	return true;
}

static void
first_files(struct place *p)
{
	file_page(p->db, "d30.1", NULL, (item_id){ 0 }, 1, PAGE, count_file, NULL);
}

static void
files_from_the_end(struct place *p)
{
	file_page(p->db, "d30.1", NULL, (item_id){ 0 }, -1, PAGE, count_file, NULL);
}

static const struct view {
	const char *key, *text;
	void (*ask)(struct place *p);
} views[] = {
	{ "home", "home", home },
	{ "board_first", "board, first page", first_page },
	{ "board_hundredth", "board, hundredth page", hundredth_page },
	{ "thread", "thread of 500 messages", long_thread },
	{ "next_unread", "next unread", unread_next },
	{ "search_one", "search, one word", one_word },
	{ "search_two", "search, two words", two_words },
	{ "search_rare", "search, a rare word", rare_word },
	{ "search_author", "search, by author", by_author },
	{ "directory", "directory, letters", directory },
	{ "folder_first", "folder, first page", first_files },
	{ "folder_last", "folder, last page", files_from_the_end },
};
enum { VIEWS = sizeof views / sizeof *views };

/* ---- measuring ---- */

static _Noreturn void
fail(const char *what, int answer)
{
	fprintf(stderr, "store: %s: %s\n", what, error_text(answer));
	exit(1);
}

struct walk {
	int64_t last, longest, posts;
	int seen;
};

static bool
walk_thread(void *ctx, const struct thread_row *row)
{
	struct walk *w = ctx;
	w->last = row->last;
	if (row->posts > w->posts) {
		w->posts = row->posts;
		w->longest = row->id.n;
	}
	return ++w->seen > 0;
}

/* Opens a store as one of the demonstration's members, and finds what is to be asked for. */
static struct place
open_place(const char *path)
{
	enum { STEP = 100, MOST = 20000 };
	struct place p = { 0 };
	struct member me = { 0 };
	struct board board = { 0 };
	int r = db_open(&p.db, path, DB_EXISTING, true);
	if (r)
		fail(path, r);
	db_set_viewer(p.db, MACHINE);
	if ((r = member_find(p.db, "alba", &me)))
		fail("alba", r);
	db_set_viewer(p.db, me.id);
	p.author = me.id;
	member_free(&me);
	if ((r = board_find(p.db, "questions", &board)))
		fail("questions", r);
	p.board = board.id;
	board_free(&board);
	struct walk w = { 0 };
	while (w.posts < LONG && w.seen < MOST) {
		int n = thread_page(p.db, p.board, w.last, 1, STEP, walk_thread, &w);
		if (w.seen <= (HUNDREDTH - 1) * PAGE)
			p.hundredth = w.last;
		if (n < STEP)
			break;
	}
	p.thread = (item_id){ w.longest };
	return p;
}

static double
milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* The median of the runs behind a first one; *found rows of one. */
static double
median(struct place *p, const struct view *view, int *found)
{
	double times[RUNS];
	rows = 0;
	view->ask(p);
	*found = rows;
	for (int i = 0; i < RUNS; i++) {
		double start = milliseconds();
		view->ask(p);
		times[i] = milliseconds() - start;
	}
	qsort(times, RUNS, sizeof *times, by_size);
	return times[RUNS / 2];
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "store JSON SMALL LARGE\n");
		return 1;
	}
	struct place small = open_place(argv[2]), large = open_place(argv[3]);
	struct utsname u;
	FILE *json = fopen(argv[1], "w");
	if (!json)
		fail(argv[1], E_READ_ONLY);
	uname(&u);
	printf("Milliseconds, the median of %d warm runs; %s %s\n", RUNS, u.sysname, u.release);
	printf("%-26s %10s %10s %8s %6s\n", "", "small", "large", "times", "rows");
	fprintf(json, "{\n");
	for (int i = 0; i < VIEWS; i++) {
		int found_small, found;
		double a = median(&small, &views[i], &found_small), b = median(&large, &views[i], &found);
		bool reached = b <= 2 * a || b < ENOUGH_MS;
		printf("%-26s %10.3f %10.3f %8.2f %6d  %s\n", views[i].text, a, b, a > 0 ? b / a : 0, found,
		    reached ? "reached" : "short of the aim");
		fprintf(json, "\t\"%s\": { \"small_ms\": %.4f, \"large_ms\": %.4f, \"reached\": %s }%s\n",
		    views[i].key, a, b, reached ? "true" : "false", i + 1 < VIEWS ? "," : "");
	}
	fprintf(json, "}\n");
	db_close(small.db);
	db_close(large.db);
	return fclose(json) ? 1 : 0;
}
