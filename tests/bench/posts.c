/*
 * Many who write at once: fifty callers who reply, each in a discussion of his own, and beside them
 * fifty processes that do on SQLite what a reply does, and nothing else. Each waits until what he
 * has written is on the disk before he writes again.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db/search_word.h"
#include "db/talk.h"
#include "tests/bench/bench.h"

enum {
	WRITERS = 50,
	WRITING = 8000, /* ms */
	COMING = 60000, /* ms at most until all are there */
	MOST = 20000,   /* posts of one of them */
};

/* A way to write: each writer is a process of its own. Both say false where something is wrong. */
struct pen {
	bool (*begin)(const void *ctx, int which);
	bool (*post)(int number);
};

/* What the writers tell of themselves. */
struct told {
	int count;
	float took[MOST]; /* ms */
};

static void
text_of(int number, char *out, size_t size)
{
	snprintf(out, size, "Réponse %d : la fontaine de la place, le marché, les bancs.", number);
}

/* Begins, waits until all have, writes. */
static _Noreturn void
be_writer(const struct pen *pen, const void *ctx, int which, struct told *told, int ready, int gate)
{
	char here = '+';
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!pen->begin(ctx, which))
		here = '-';
	if (write(ready, &here, 1) != 1 || here == '-' || read(gate, &here, 1))
		_exit(1);
	double until = caller_clock() + WRITING, before;
	while ((before = caller_clock()) < until && told->count < MOST) {
		if (!pen->post(told->count + 1))
			_exit(1);
		told->took[told->count++] = (float)(caller_clock() - before);
	}
	_exit(0);
}

/* Says what was told. */
static void
sum_up(const struct told *told, double took, double *figure)
{
	size_t all = 0;
	double *times = calloc((size_t)WRITERS * MOST, sizeof *times);
	if (!times)
		fail("no memory");
	figure[POSTS_FEWEST] = MOST;
	figure[POSTS_MOST] = 0;
	for (int i = 0; i < WRITERS; i++) {
		figure[POSTS_FEWEST] = fmin(figure[POSTS_FEWEST], told[i].count);
		figure[POSTS_MOST] = fmax(figure[POSTS_MOST], told[i].count);
		for (int k = 0; k < told[i].count; k++)
			times[all++] = told[i].took[k];
	}
	if (!all || figure[POSTS_MOST] == MOST)
		fail("%zu posts are no measure", all);
	figure[POSTS] = (double)all * 1e3 / took;
	figure[POSTS_P50] = percentile(times, all, 50);
	figure[POSTS_P99] = percentile(times, all, 99);
	figure[POSTS_LONGEST] = times[all - 1];
	free(times);
}

static void
let_write(const struct pen *pen, const void *ctx, const char *who, double *figure)
{
	int ready[2], gate[2], status;
	pid_t writers[WRITERS];
	char here;
	struct told *told = mmap(NULL, WRITERS * sizeof *told, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED || pipe(ready) || pipe(gate))
		fail("%s: %s", who, strerror(errno));
	for (int i = 0; i < WRITERS; i++)
		if (!(writers[i] = fork())) {
			close(gate[1]);
			be_writer(pen, ctx, i, &told[i], ready[1], gate[0]);
		}
	struct pollfd coming = { .fd = ready[0], .events = POLLIN };
	for (int i = 0; i < WRITERS; i++)
		if (poll(&coming, 1, COMING) <= 0 || read(ready[0], &here, 1) != 1 || here != '+')
			fail("%s: not all are there", who);
	double before = caller_clock();
	close(gate[1]);
	for (int i = 0; i < WRITERS; i++)
		if (waitpid(writers[i], &status, 0) < 0 || status)
			fail("%s: one of them could not write", who);
	sum_up(told, caller_clock() - before, figure);
	close(gate[0]);
	close(ready[0]);
	close(ready[1]);
	munmap(told, WRITERS * sizeof *told);
}

/* ---- callers ---- */

static struct caller caller;

static bool
says(const char *keys, const char *answer)
{
	caller_type(&caller, keys);
	return caller_hears(&caller, answer, strlen(answer));
}

/* Opens a discussion in the first board; all is typed ahead, as a paste is. */
static bool
caller_begin(const void *ctx, int which)
{
	char keys[200];
	snprintf(keys, sizeof keys, "f\n1\nn\nFil %d\nOn écrit ici.\n.\n\n", which);
	return caller_open(&caller, ctx) && says(keys, "Votre discussion est ouverte.");
}

static bool
caller_post(int number)
{
	char text[100], keys[200];
	text_of(number, text, sizeof text);
	snprintf(keys, sizeof keys, "r\n%s\n.\n\n", text);
	return says(keys, "Votre réponse est en place.");
}

/* ---- SQLite ---- */

/* What db/thread.c writes for a reply; what it reads meanwhile is left out. */
enum { BEGIN, ITEM, PLACE, TEXT, FOUND, THREAD, MARK, DRAFT, COMMIT, WORDS };
static const char *const words[WORDS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[ITEM] = "INSERT INTO item (kind, author, board, council, thread, parent, depth, number,"
		 " level, title, state, created, changed) VALUES ('message', :author, :board, 0,"
		 " :thread, :parent, :depth, :number, :level, '', 'published', :now, :now)"
		 " RETURNING id",
	[PLACE] = "UPDATE item SET branch = :branch WHERE id = :id",
	[TEXT] = "INSERT INTO text (item, version, author, body, created)"
		 " VALUES (:id, 1, :author, :body, :now)",
	[FOUND] = "INSERT INTO search (rowid, title, body, tags) VALUES (:id, '', :body, :tags)",
	[THREAD] = "UPDATE thread SET last = :id, last_at = :now, posts = posts + 1"
		   " WHERE item = :thread",
	[MARK] = "INSERT INTO mark (member, thread, last, follows)"
		 " VALUES (:author, :thread, :id, 1)"
		 " ON CONFLICT (member, thread) DO UPDATE SET follows = 1, muted = 0,"
		 " last = CASE WHEN mark.last >= :before THEN :id"
		 " WHEN excluded.last > mark.last THEN excluded.last ELSE mark.last END",
	[DRAFT] = "DELETE FROM draft WHERE member = :author AND place = :place",
	[COMMIT] = "COMMIT",
};

static struct {
	sqlite3 *handle;
	sqlite3_stmt *words[WORDS];
	int queue; /* a lock of its own, as the house has it beside its store */
	int64_t author, board, thread, last;
	char level[16];
	struct buf branch;
} raw;

/* One of the newest discussions to write in, and the newest member to write as. */
static bool
find_place(int which)
{
	sqlite3_stmt *s;
	if (sqlite3_prepare_v2(raw.handle,
		"SELECT t.item, t.board, t.level, i.branch, (SELECT max(id) FROM member)"
		" FROM thread t JOIN item i ON i.id = t.item ORDER BY t.item DESC LIMIT 1 OFFSET ?1",
		-1, &s, NULL))
		return false;
	sqlite3_bind_int(s, 1, which);
	bool found = sqlite3_step(s) == SQLITE_ROW;
	if (found) {
		raw.thread = raw.last = sqlite3_column_int64(s, 0);
		raw.board = sqlite3_column_int64(s, 1);
		snprintf(raw.level, sizeof raw.level, "%s", sqlite3_column_text(s, 2));
		buf_str(&raw.branch, (const char *)sqlite3_column_text(s, 3));
		raw.author = sqlite3_column_int64(s, 4);
	}
	sqlite3_finalize(s);
	return found;
}

static bool
add_tokenizer(void)
{
	fts5_api *api = NULL;
	sqlite3_stmt *s;
	if (sqlite3_prepare_v2(raw.handle, "SELECT fts5(?1)", -1, &s, NULL))
		return false;
	sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
	sqlite3_step(s);
	sqlite3_finalize(s);
	return api && !api->xCreateTokenizer(api, "french", NULL, &search_tokenizer, NULL);
}

static bool
raw_begin(const void *ctx, int which)
{
	const char *path = ctx;
	char queue[512];
	snprintf(queue, sizeof queue, "%s-queue", path);
	raw.queue = open(queue, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	bool good = raw.queue >= 0 &&
	    !sqlite3_open_v2(path, &raw.handle, SQLITE_OPEN_READWRITE, NULL) &&
	    !sqlite3_busy_timeout(raw.handle, COMING) &&
	    !sqlite3_exec(raw.handle,
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
		"PRAGMA wal_autocheckpoint = 4000",
		NULL, NULL, NULL) &&
	    add_tokenizer() && find_place(which);
	for (int i = 0; good && i < WORDS; i++)
		good = !sqlite3_prepare_v2(raw.handle, words[i], -1, &raw.words[i], NULL);
	if (!good)
		fprintf(stderr, "bench: %s: %s\n", path, sqlite3_errmsg(raw.handle));
	return good;
}

static bool
queue(short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_len = 1 };
	return !fcntl(raw.queue, F_OFD_SETLKW, &lock);
}

/* Runs one of the words with those of these values that it names; its first column. */
struct value {
	const char *name;
	const char *text; /* NULL: the number */
	int64_t number;
};

static bool
run(int word, const struct value *values, int64_t *out)
{
	sqlite3_stmt *s = raw.words[word];
	for (const struct value *v = values; v->name; v++) {
		int at = sqlite3_bind_parameter_index(s, v->name);
		if (at && v->text)
			sqlite3_bind_text(s, at, v->text, -1, SQLITE_STATIC);
		else if (at)
			sqlite3_bind_int64(s, at, v->number);
	}
	int r = sqlite3_step(s);
	if (r == SQLITE_ROW) {
		*out = sqlite3_column_int64(s, 0);
		r = sqlite3_step(s);
	}
	sqlite3_reset(s);
	if (r != SQLITE_DONE)
		fprintf(stderr, "bench: %s: %s\n", words[word], sqlite3_errmsg(raw.handle));
	return r == SQLITE_DONE;
}

static bool
raw_post(int number)
{
	char body[100], place[40], tags[100];
	struct buf branch = { 0 };
	text_of(number, body, sizeof body);
	snprintf(place, sizeof place, "item:%" PRId64, raw.last);
	snprintf(tags, sizeof tags, "a%" PRId64 " b%" PRId64 " t%" PRId64 " kmessage r%s",
	    raw.author, raw.board, raw.thread, raw.level);
	struct value values[] = {
		{ ":author", NULL, raw.author },
		{ ":board", NULL, raw.board },
		{ ":thread", NULL, raw.thread },
		{ ":parent", NULL, raw.last },
		{ ":before", NULL, raw.last },
		{ ":depth", NULL, number < DEPTH_MAX ? number : DEPTH_MAX },
		{ ":number", NULL, number + 1 },
		{ ":level", raw.level, 0 },
		{ ":now", NULL, time(NULL) },
		{ ":body", body, 0 },
		{ ":tags", tags, 0 },
		{ ":place", place, 0 },
		{ ":id", NULL, 0 },
		{ ":branch", "", 0 },
		{ NULL, NULL, 0 },
	};
	enum { ID = sizeof values / sizeof *values - 3 };
	if (!queue(F_WRLCK) || !run(BEGIN, values, NULL) || !run(ITEM, values, &values[ID].number))
		return false;
	talk_branch(buf_text(&raw.branch), values[ID].number, &branch);
	values[ID + 1].text = buf_text(&branch);
	for (int word = PLACE; word < WORDS; word++)
		if (!run(word, values, NULL))
			return false;
	if (!queue(F_UNLCK))
		return false;
	raw.last = values[ID].number;
	buf_free(&raw.branch);
	raw.branch = branch;
	return true;
}

void
measure_posts(struct server *s, const char *store, double *sqlite)
{
	static const struct pen callers = { caller_begin, caller_post },
				processes = { raw_begin, raw_post };
	struct way way = s->way;
	way.lines = true;
	tell(s, "posts of 50 callers, then SQLite's");
	let_write(&callers, &way, "callers who write", s->figure);
	server_is_empty(s);
	let_write(&processes, store, "processes on SQLite", sqlite);
}
