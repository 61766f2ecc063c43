/*
 * The store when things go wrong: others writing, no room, no right to write, another program's file, a
 * damaged one, a migration that others stand in the way of. A sentence each, and nothing lost.
 */
#include "tests/unit/people.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "db/sqlite.h"

SQL_WRITE(test_meta, "UPDATE meta SET value = :value WHERE name = :name");
SQL_READ(test_count, "SELECT count(*) FROM item_v WHERE kind = 'message'");

enum { POST = 200 * 1000 };

/*
 * The queue's ten seconds, here a fiftieth of one each. What was asked is kept: this stands before the C
 * library's own alarm().
 */
static unsigned alarm_asked;

unsigned
alarm(unsigned seconds)
{
	struct itimerval timer = { .it_value = { 0, seconds * 20000 } };
	if (seconds)
		alarm_asked = seconds;
	setitimer(ITIMER_REAL, &timer, NULL);
	return 0;
}

/* A process of its own; its function's answer is its exit status. */
static pid_t
start(int (*work)(void))
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		_exit(work());
	return pid;
}

static int
end_of(pid_t pid)
{
	int status;
	assert_true(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Two ends by which test and child wait for each other. */
static int to_test[2], to_child[2];

static void
open_gates(void)
{
	assert_int_equal(pipe(to_test), 0);
	assert_int_equal(pipe(to_child), 0);
}

static void
shut_gates(void)
{
	for (int i = 0; i < 2; i++) {
		close(to_test[i]);
		close(to_child[i]);
	}
}

/* In the child: says that it is there, and waits until it is let go. */
static bool
stand(void)
{
	char c = 0;
	return write(to_test[1], "x", 1) == 1 && read(to_child[0], &c, 1) == 1;
}

static void
wait_for_child(void)
{
	char c;
	assert_int_equal(read(to_test[0], &c, 1), 1);
}

static void
let_go(void)
{
	assert_int_equal(write(to_child[1], "x", 1), 1);
}

/* ---- others are writing ---- */

static int
hold_the_queue(void)
{
	struct db *db;
	if (db_open(&db, s.path, DB_EXISTING, true) || db_begin(db) || !stand())
		return 1;
	db_rollback(db);
	db_close(db);
	return 0;
}

static void
busy(void **state)
{
	(void)state;
	item_id id;
	board_id board = theme("echanges", "members", 1);
	as(ALBA);
	assert_int_equal(draft_keep(s.db, "board:1", "Titre", "ce que je voulais dire"), E_OK);
	for (int killed = 0; killed < 2; killed++) {
		struct draft draft;
		open_gates();
		pid_t pid = start(hold_the_queue);
		wait_for_child();
		/* Reading goes on; writing waits its ten seconds and says so. */
		assert_int_equal(draft_last(s.db, &draft), E_OK);
		alarm_asked = 0;
		assert_int_equal(thread_new(s.db, board, "Titre", "Texte", &id), E_BUSY);
		assert_int_equal(alarm_asked, 10);
		assert_int_equal(draft_keep(s.db, "board:1", "", ""), E_BUSY);
		assert_int_equal(mark_all_read(s.db), E_BUSY);
		assert_true(db_idle(s.db));
		assert_string_equal(buf_text(&draft.body), "ce que je voulais dire");
		draft_free(&draft);
		if (killed)
			assert_int_equal(kill(pid, SIGKILL), 0);
		else
			let_go();
		assert_int_equal(end_of(pid), killed ? -1 : 0);
		shut_gates();
		/* However the other ended, the queue is free. */
		assert_int_equal(mark_all_read(s.db), E_OK);
	}
	/* A wait that is granted leaves no alarm behind. */
	open_gates();
	pid_t pid = start(hold_the_queue);
	wait_for_child();
	let_go();
	assert_int_equal(thread_new(s.db, board, "Titre", "Texte", &id), E_OK);
	assert_int_equal(end_of(pid), 0);
	struct itimerval timer;
	getitimer(ITIMER_REAL, &timer);
	assert_true(!timer.it_value.tv_sec && !timer.it_value.tv_usec);
	shut_gates();
}

/* ---- no room ---- */

static board_id talk_board;
static const char *talk_path;

/* Posts until there is no more room: 0 if the answer is "full" and all that was acknowledged is there. */
static int
talk_until_full(void)
{
	struct db *db;
	static char body[POST + 1];
	item_id id;
	memset(body, 'a', POST);
	if (db_open(&db, talk_path, DB_EXISTING, true))
		return 1;
	db_set_viewer(db, s.who[ALBA]);
	int r = E_OK, said = 0;
	for (; said < 400 && !(r = thread_new(db, talk_board, "Titre", body, &id)); said++)
		;
	if (r != E_FULL)
		return 2;
	if (!said || db_one(db, test_count, -1) != said || !db_idle(db))
		return 3;
	/* What is small may still find room, or not; either is an answer. */
	r = draft_keep(db, "board:1", "Titre", "petit");
	if (r && r != E_FULL)
		return 4;
	db_close(db);
	return 0;
}

static int
limited(void)
{
	struct stat status;
	struct rlimit limit;
	signal(SIGXFSZ, SIG_IGN);
	if (stat(s.path, &status))
		return 10;
	limit = (struct rlimit){ (rlim_t)status.st_size, (rlim_t)status.st_size };
	if (setrlimit(RLIMIT_FSIZE, &limit))
		return 11;
	return talk_until_full();
}

static void
a_limit_of_size(void **state)
{
	(void)state;
	item_id id;
	talk_board = theme("echanges", "members", 1);
	talk_path = s.path;
	assert_int_equal(end_of(start(limited)), 0);
	/* Once there is room again, writing goes on. */
	as(ALBA);
	assert_int_equal(thread_new(s.db, talk_board, "Titre", "Texte", &id), E_OK);
}

enum { NO_MOUNT = 20 };

static int
on_a_small_disk(void)
{
	static char path[128], folder[100];
	char options[40];
	struct stat status;
	snprintf(folder, sizeof folder, "%s/disk", s.folder);
	snprintf(path, sizeof path, "%s/store", folder);
	/* In a namespace of its own, so that nothing stays mounted. */
	if (stat(s.path, &status) || mkdir(folder, 0700) || unshare(CLONE_NEWNS)
	    || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return NO_MOUNT;
	snprintf(options, sizeof options, "size=%lld", (long long)status.st_size + (4 << 20));
	if (mount("palabre", folder, "tmpfs", 0, options))
		return NO_MOUNT;
	copy_file(s.path, path);
	talk_path = path;
	int r = talk_until_full();
	if (r)
		return r;
	struct db *db;
	struct buf faults = { 0 };
	if (db_open(&db, path, DB_EXISTING, false))
		return 12;
	if (db_check(db, &faults))
		return 13;
	/* And a back-up that finds no room says so, and leaves nothing behind. */
	snprintf(path, sizeof path, "%s/copy", folder);
	db_set_viewer(db, MACHINE);
	r = db_backup(db, path);
	return r == E_FULL && access(path, F_OK) ? 0 : 14;
}

static void
a_full_disk_where_one_may_mount(void **state)
{
	(void)state;
	talk_board = theme("echanges", "members", 1);
	db_close(s.db); /* its log goes into the file, which is then copied */
	int r = end_of(start(on_a_small_disk));
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, true), E_OK);
	if (r == NO_MOUNT)
		skip();
	assert_int_equal(r, 0);
}

/* ---- no right to write ---- */

enum { NOBODYS = 65534 };

/* As somebody whom the files do not belong to. */
static int
open_as_nobody(void)
{
	struct db *db;
	if (!getuid() && (setgid(NOBODYS) || setuid(NOBODYS)))
		return 100;
	return -db_open(&db, s.path, DB_EXISTING, true);
}

static void
read_only(void **state)
{
	(void)state;
	char name[120];
	const char *const files[] = { "", "-lock", "-wal", "-shm" };
	db_close(s.db);
	/* The store cannot be written, then its lock file neither. */
	for (int locked = 0; locked < 2; locked++) {
		for (int i = 0; i < 4; i++) {
			snprintf(name, sizeof name, "%s%s", s.path, files[i]);
			chmod(name, i == 1 && !locked ? 0666 : 0444);
		}
		assert_int_equal(chmod(s.folder, 0555), 0);
		assert_int_equal(end_of(start(open_as_nobody)), -E_READ_ONLY);
		assert_int_equal(chmod(s.folder, 0700), 0);
	}
	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "%s%s", s.path, files[i]);
		chmod(name, 0600);
	}
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, true), E_OK);
}

/* ---- another's file ---- */

static void
set_meta(const char *name, const char *value)
{
	struct db *db;
	assert_int_equal(db_open(&db, s.path, DB_EXISTING, false), E_OK);
	assert_int_equal(db_begin(db), E_OK);
	assert_int_equal(db_run(db, test_meta, T("name", name), T("value", value)), 1);
	assert_int_equal(db_commit(db), E_OK);
	db_close(db);
}

static void
newer_than_the_program(void **state)
{
	(void)state;
	struct db *db = NULL;
	set_meta("version", "1000");
	assert_int_equal(db_open(&db, s.path, DB_EXISTING, true), E_NEWER);
	assert_int_equal(db_open(&db, s.path, DB_OPEN, false), E_NEWER);
	assert_null(db);
}

/* Put over n bytes of the file from a place. */
static void
damage(const char *path, off_t at, size_t n)
{
	char rubbish[4096];
	int file = open(path, O_WRONLY);
	assert_true(file >= 0);
	memset(rubbish, 0xa5, sizeof rubbish);
	assert_true(n <= sizeof rubbish && pwrite(file, rubbish, n, at) == (ssize_t)n);
	close(file);
}

static void
no_store_at_all(void **state)
{
	(void)state;
	struct db *db = NULL;
	char path[120];
	snprintf(path, sizeof path, "%s-none", s.path);
	assert_int_equal(db_open(&db, path, DB_EXISTING, true), E_NOT_FOUND);
	assert_true(access(path, F_OK) != 0);
	snprintf(path, sizeof path, "%s/nowhere/store", s.folder);
	assert_int_equal(db_open(&db, path, DB_OPEN, true), E_NOT_FOUND);
	/* A text, a folder, a store whose first page is gone, one cut short. */
	snprintf(path, sizeof path, "%s-text", s.path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	for (int i = 0; i < 1000; i++)
		fputs("Ceci n'est pas un fichier de SQLite.\n", file);
	fclose(file);
	assert_int_equal(db_open(&db, path, DB_OPEN, true), E_CORRUPT);
	snprintf(path, sizeof path, "%s-folder", s.path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(db_open(&db, path, DB_OPEN, true), E_READ_ONLY);
	snprintf(path, sizeof path, "%s-damaged", s.path);
	copy_file(s.base, path);
	damage(path, 0, 4096);
	assert_int_equal(db_open(&db, path, DB_EXISTING, true), E_CORRUPT);
	copy_file(s.base, path);
	assert_int_equal(truncate(path, 3 * 4096), 0);
	assert_int_equal(db_open(&db, path, DB_EXISTING, true), E_CORRUPT);
	assert_null(db);
}

static void
check_sees_damage(void **state)
{
	(void)state;
	struct db *db;
	struct stat status;
	struct buf faults = { 0 };
	char path[120];
	snprintf(path, sizeof path, "%s-check", s.path);
	copy_file(s.base, path);
	assert_int_equal(stat(path, &status), 0);
	/* A page in the midst of the map's names. */
	damage(path, status.st_size / 8192 * 4096, 4096);
	assert_int_equal(db_open(&db, path, DB_EXISTING, false), E_OK);
	assert_true(db_check(db, &faults) > 0);
	assert_true(faults.len > 0);
	buf_free(&faults);
	db_close(db);
}

/* ---- a migration ---- */

static int
have_it_open(void)
{
	struct db *db;
	if (db_open(&db, s.path, DB_EXISTING, true) || !stand())
		return 1;
	db_close(db);
	return 0;
}

static bool
count_hit(void *ctx, const struct hit *hit)
{
	*(int *)ctx = (int)hit->id.n;
	return true;
}

/* A migration is due as soon as the views' mark is another's. */
static void
migrating_alone(void **state)
{
	(void)state;
	struct db *db = NULL;
	for (int killed = 0; killed < 2; killed++) {
		open_gates();
		pid_t pid = start(have_it_open);
		wait_for_child();
		/* What has it open already goes on; only now are the views old. */
		assert_int_equal(db_begin(s.db), E_OK);
		db_run(s.db, test_meta, T("name", "views"), T("value", "old"));
		assert_int_equal(db_commit(s.db), E_OK);
		db_close(s.db);
		assert_int_equal(db_open(&db, s.path, DB_EXISTING, true), E_IN_USE);
		assert_null(db);
		if (killed)
			kill(pid, SIGKILL);
		else
			let_go();
		assert_int_equal(end_of(pid), killed ? -1 : 0);
		shut_gates();
		/* Alone, it is done: views made anew, everything there. */
		assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, true), E_OK);
		struct council council;
		assert_int_equal(council_get(s.db, s.nimes, &council), E_OK);
		council_free(&council);
	}
}

SQL_WRITE(test_empty_index, "INSERT INTO search (search) VALUES ('delete-all')");

/* What the search finds has changed with the program: the index is made anew. */
static void
index_made_anew(void **state)
{
	(void)state;
	const struct search bonjour = { .words = "bonjour" };
	int found = 0;
	item_id id = say(ALBA, theme("echanges", "members", 1), "Un banc");
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, test_empty_index);
	db_run(s.db, test_meta, T("name", "search"), T("value", "old"));
	assert_int_equal(db_commit(s.db), E_OK);
	assert_int_equal(search_page(s.db, &bonjour, (item_id){ 0 }, 1, 9, count_hit, &found), 0);
	db_close(s.db);
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, true), E_OK);
	as(ALBA);
	assert_int_equal(search_page(s.db, &bonjour, (item_id){ 0 }, 1, 9, count_hit, &found), 1);
	assert_int_equal(found, id.n);
}

/* Several who open a new store at once: one makes it, the others find it. */
static int
open_new(void)
{
	struct db *db;
	char path[120];
	snprintf(path, sizeof path, "%s-new", s.path);
	if (!stand())
		return 1;
	int r = db_open(&db, path, DB_OPEN, true);
	if (r)
		return -r;
	int councils = council_count(db, "");
	struct commune commune;
	r = commune_get(db, "30189", &commune);
	db_close(db);
	return councils ? 101 : -r;
}

static void
made_once(void **state)
{
	(void)state;
	enum { COUNT = 4 };
	pid_t pids[COUNT];
	open_gates();
	for (int i = 0; i < COUNT; i++)
		pids[i] = start(open_new);
	for (int i = 0; i < COUNT; i++)
		wait_for_child();
	for (int i = 0; i < COUNT; i++)
		let_go();
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(end_of(pids[i]), 0);
	shut_gates();
}

static void
one_serve(void **state)
{
	(void)state;
	int first = db_lock_serve(s.path);
	assert_true(first >= 0);
	assert_int_equal(db_lock_serve(s.path), E_IN_USE);
	close(first);
	int second = db_lock_serve(s.path);
	assert_true(second >= 0);
	close(second);
}

/* ---- a transaction ---- */

struct heard {
	int count;
	enum topic topic[8];
	int64_t id[8];
};

static void
take_told(void *ctx, enum topic topic, int64_t id)
{
	struct heard *told = ctx;
	if (told->count < 8) {
		told->topic[told->count] = topic;
		told->id[told->count] = id;
	}
	told->count++;
}

static void
told_after_the_commit(void **state)
{
	(void)state;
	struct heard told = { 0 };
	item_id id, reply;
	board_id board = theme("echanges", "members", 1);
	as(ALBA);
	db_on_write(s.db, take_told, &told);
	int64_t version = db_version(s.db);
	assert_int_equal(thread_new(s.db, board, "Titre", "Texte", &id), E_OK);
	assert_int_equal(told.count, 2);
	assert_true(told.topic[0] == TOPIC_THREAD && told.id[0] == id.n);
	assert_true(told.topic[1] == TOPIC_BOARD && told.id[1] == board.n);
	/* What is undone is not told. */
	assert_int_equal(thread_reply(s.db, (item_id){ 999999 }, "Texte", &reply), E_NOT_FOUND);
	assert_int_equal(db_begin(s.db), E_OK);
	db_wrote(s.db, TOPIC_BOARD, 1);
	db_fail(s.db, E_DENIED);
	assert_int_equal(db_commit(s.db), E_DENIED);
	assert_int_equal(told.count, 2);
	/* The version moves for what others write, not for one's own. */
	assert_true(db_version(s.db) == version);
	struct db *other;
	assert_int_equal(db_open(&other, s.path, DB_EXISTING, true), E_OK);
	db_set_viewer(other, s.who[BRUNO]);
	assert_int_equal(thread_reply(other, id, "Texte", &reply), E_OK);
	db_close(other);
	assert_true(db_version(s.db) != version);
	assert_int_equal(told.count, 2);
}

/* Of 6 MB: once, as soon as the log is long, before whoever writes would have to put it away himself. */
static void
told_when_the_log_is_long(void **state)
{
	(void)state;
	struct heard told = { 0 };
	struct buf text = { 0 };
	char place[24];
	for (int i = 0; i < 2500; i++)
		buf_fmt(&text, "Un mot de plus, le numéro %d.\n", i);
	as(ALBA);
	db_on_write(s.db, take_told, &told);
	for (int i = 0; i < 80; i++) {
		snprintf(place, sizeof place, "board:%d", i);
		assert_int_equal(draft_keep(s.db, place, "", buf_text(&text)), E_OK);
	}
	assert_int_equal(told.count, 1);
	assert_int_equal(told.topic[0], TOPIC_LOG);
	buf_free(&text);
}

SQL_WRITE(test_leave, "UPDATE member SET state = 'suspended' WHERE id = :id");

/* Reads stay at one moment, and what was found under its number holds under it, until somebody commits. */
static void
a_snapshot(void **state)
{
	(void)state;
	struct db *other;
	struct person person;
	item_id id;
	board_id board = theme("echanges", "members", 1);
	assert_int_equal(db_open(&other, s.path, DB_EXISTING, false), E_OK);
	db_set_viewer(other, s.who[BRUNO]);
	as(ALBA);
	assert_int_equal(db_snapshot(s.db), 0);
	db_snapshot_begin(s.db);
	int64_t first = db_snapshot(s.db), count = db_one(s.db, test_count, -1);
	assert_true(first && person_get(s.db, s.who[BRUNO], &person));
	assert_int_equal(thread_new(other, board, "Titre", "Texte", &id), E_OK);
	assert_int_equal(db_begin(other), E_OK);
	assert_int_equal(db_run(other, test_leave, I("id", s.who[BRUNO].n)), 1);
	assert_int_equal(db_commit(other), E_OK);
	assert_true(db_one(s.db, test_count, -1) == count && db_snapshot(s.db) == first);
	assert_true(person_get(s.db, s.who[BRUNO], &person));
	db_snapshot_end(s.db);
	assert_int_equal(db_snapshot(s.db), 0);
	db_snapshot_begin(s.db);
	int64_t second = db_snapshot(s.db);
	assert_true(second != first && db_one(s.db, test_count, -1) == count + 1);
	assert_false(person_get(s.db, s.who[BRUNO], &person));
	db_snapshot_end(s.db);
	db_snapshot_begin(s.db);
	assert_int_equal(db_snapshot(s.db), second);
	/* A write of one's own ends it, and has another number. */
	assert_int_equal(thread_new(s.db, board, "Titre", "Texte", &id), E_OK);
	assert_int_equal(db_snapshot(s.db), 0);
	db_snapshot_begin(s.db);
	assert_true(db_snapshot(s.db) && db_snapshot(s.db) != second && db_one(s.db, test_count, -1) == count + 2);
	db_snapshot_end(s.db);
	db_close(other);
}

static void
a_backup_is_whole(void **state)
{
	(void)state;
	char path[120];
	struct db *db;
	struct buf faults = { 0 };
	struct thread thread;
	item_id id;
	board_id board = theme("echanges", "members", 1);
	as(ALBA);
	assert_int_equal(thread_new(s.db, board, "Titre", "Texte", &id), E_OK);
	snprintf(path, sizeof path, "%s-backup", s.path);
	assert_int_equal(db_backup(s.db, path), E_DENIED);
	as(SYSOP);
	assert_int_equal(db_backup(s.db, path), E_OK);
	assert_int_equal(db_backup(s.db, path), E_EXISTS);
	assert_int_equal(db_open(&db, path, DB_EXISTING, false), E_OK);
	db_set_viewer(db, s.who[BRUNO]);
	assert_int_equal(thread_get(db, id, &thread), E_OK);
	thread_free(&thread);
	assert_int_equal(db_check(db, &faults), 0);
	db_close(db);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

static int
close_only(void **state)
{
	(void)state;
	db_close(s.db);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(busy),
		TEST(a_limit_of_size),
		TEST(a_full_disk_where_one_may_mount),
		TEST(read_only),
		cmocka_unit_test_setup_teardown(newer_than_the_program, open_copy, close_only),
		TEST(no_store_at_all),
		TEST(check_sees_damage),
		TEST(migrating_alone),
		TEST(index_made_anew),
		TEST(made_once),
		TEST(one_serve),
		TEST(told_after_the_commit),
		TEST(told_when_the_log_is_long),
		TEST(a_snapshot),
		TEST(a_backup_is_whole),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
