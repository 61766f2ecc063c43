#ifndef TESTS_UNIT_PEOPLE_H
#define TESTS_UNIT_PEOPLE_H

/*
 * A small network in a real file, for the tests about people: made once, copied for each test.
 * Councils: NIMES and TRELAZE; EMPTY, in the Gard, has no members.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/council.h"
#include "db/engine.h"
#include "db/forum.h"
#include "db/machine.h"
#include "db/member.h"

enum { T0 = 1774000000, DAY = 24 * 3600 };

/* Who is who in the store that each test begins with. */
enum who { VISITOR, SYSOP, ALBA, BRUNO, ROSA, GARD, REGION, EPCI, NATION, ANJOU, XAVIER, WHO_COUNT };

struct store {
	char folder[64], base[96], path[96];
	struct db *db;
	item_id nimes, empty, trelaze;
	member_id who[WHO_COUNT], made[WHO_COUNT]; /* a test may put others in their places */
};
static struct store s = { .folder = "/tmp/people-XXXXXX" };

static inline void
set_clock(int64_t now)
{
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)now);
	setenv("BBS_NOW", text, 1);
}

static inline void
as(enum who who)
{
	db_set_viewer(s.db, s.who[who]);
}

static inline item_id
add_council(const char *name, const char *commune)
{
	struct council council = { 0 };
	buf_str(&council.name, name);
	buf_str(&council.communes, commune);
	assert_int_equal(council_put(s.db, &council), E_OK);
	item_id id = council.id;
	council_free(&council);
	return id;
}

static inline void
add_member(enum who who, const char *login, item_id council, enum role role, const char *territory)
{
	char email[80];
	snprintf(email, sizeof email, "%s@example.org", login);
	struct sign_up form = { .login = login, .email = email, .family = "Martin", .given = login,
		.council = council };
	assert_int_equal(member_add(s.db, &form, role, territory, &s.who[who]), E_OK);
}

/* A sign-up that nothing is wrong with. */
static inline struct sign_up
good_form(const char *login, item_id council)
{
	static char email[80];
	snprintf(email, sizeof email, "%s@example.org", login);
	return (struct sign_up){ .login = login, .email = email, .family = "Roux", .given = "Chantal",
		.mobile = "06 12 34 56 78", .about = "J'habite la place.", .language = "fr",
		.password = "une phrase longue", .council = council };
}

/* Somebody asks to join. */
static inline member_id
join(const char *login, item_id council)
{
	member_id id;
	member_id before = db_viewer(s.db);
	struct sign_up form = good_form(login, council);
	/* Hashing takes long, and these candidates need not log in. */
	form.password = "";
	form.key_type = "ssh-ed25519";
	form.key_blob = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
	as(VISITOR);
	assert_int_equal(member_sign_up(s.db, &form, &id), E_OK);
	db_set_viewer(s.db, before);
	return id;
}

static inline enum member_state
state_of(member_id id)
{
	struct member member;
	member_id before = db_viewer(s.db);
	as(SYSOP);
	assert_int_equal(member_get(s.db, id, &member), E_OK);
	enum member_state state = member.state;
	member_free(&member);
	db_set_viewer(s.db, before);
	return state;
}

static inline board_id
theme(const char *slug, const char *level, int64_t position)
{
	struct board board = { .position = position };
	member_id before = db_viewer(s.db);
	buf_str(&board.slug, slug);
	buf_str(&board.title, slug);
	snprintf(board.level, sizeof board.level, "%s", level);
	as(SYSOP);
	assert_int_equal(board_put(s.db, &board), E_OK);
	db_set_viewer(s.db, before);
	board_id id = board.id;
	board_free(&board);
	return id;
}

static inline board_id
council_board(item_id council)
{
	struct board board = { 0 };
	member_id before = db_viewer(s.db);
	char slug[40];
	snprintf(slug, sizeof slug, "conseil-%lld", (long long)council.n);
	as(council.n == s.nimes.n ? ALBA : XAVIER);
	assert_int_equal(board_find(s.db, slug, &board), E_OK);
	db_set_viewer(s.db, before);
	board_id id = board.id;
	board_free(&board);
	return id;
}

static inline item_id
say(enum who who, board_id board, const char *title)
{
	item_id id;
	as(who);
	assert_int_equal(thread_new(s.db, board, title, "Bonjour à tous.", &id), E_OK);
	return id;
}

/* Rows of the outbox of a kind, to an address ("" any), whose text holds a word. */
struct mails {
	const char *kind, *to, *word;
	int count;
};

static inline bool
count_mail(void *ctx, const struct outbox_row *row)
{
	struct mails *m = ctx;
	m->count += (!strcmp(row->kind, m->kind) && (!*m->to || !strcmp(row->to, m->to)) &&
	    strstr(row->body, m->word));
	return true;
}

static inline int
mails(const char *kind, const char *to, const char *word)
{
	struct mails m = { kind, to, word, 0 };
	member_id before = db_viewer(s.db);
	as(SYSOP);
	assert_true(outbox_page(s.db, 0, 1000, count_mail, &m) >= 0);
	db_set_viewer(s.db, before);
	return m.count;
}

struct acts {
	const char *act;
	int64_t object;
	int count;
};

static inline bool
count_act(void *ctx, const struct journal_row *row)
{
	struct acts *a = ctx;
	a->count += !strcmp(row->act, a->act) && row->object_id == a->object;
	return true;
}

static inline int
acts(const char *act, int64_t object)
{
	struct acts a = { act, object, 0 };
	member_id before = db_viewer(s.db);
	as(SYSOP);
	assert_true(journal_page(s.db, 0, 1000, count_act, &a) >= 0);
	db_set_viewer(s.db, before);
	return a.count;
}

static inline void
copy_file(const char *from, const char *to)
{
	char block[1 << 16];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	assert_non_null(in);
	assert_non_null(out);
	for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
		assert_int_equal(fwrite(block, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static inline int
make_base(void **state)
{
	(void)state;
	set_clock(T0);
	assert_non_null(mkdtemp(s.folder));
	snprintf(s.base, sizeof s.base, "%s/base", s.folder);
	snprintf(s.path, sizeof s.path, "%s/store", s.folder);
	assert_int_equal(db_open(&s.db, s.base, DB_OPEN, true), E_OK);
	db_set_viewer(s.db, MACHINE);
	s.nimes = add_council("Les Garrigues", "30189");
	s.empty = add_council("La Fontaine", "30007");
	s.trelaze = add_council("Les Ardoisiers", "49353");
	add_member(SYSOP, "sofia", (item_id){ 0 }, ROLE_SYSOP, NULL);
	add_member(ALBA, "alba", s.nimes, ROLE_MEMBER, NULL);
	add_member(BRUNO, "bruno", s.nimes, ROLE_MEMBER, NULL);
	add_member(ROSA, "rosa", s.nimes, ROLE_RESOURCE, NULL);
	add_member(GARD, "gard", (item_id){ 0 }, ROLE_ANIMATOR, "30");
	add_member(REGION, "region", (item_id){ 0 }, ROLE_ANIMATOR, "R76");
	add_member(EPCI, "epci", (item_id){ 0 }, ROLE_ANIMATOR, "243000643");
	add_member(NATION, "nation", (item_id){ 0 }, ROLE_ANIMATOR, NULL);
	add_member(ANJOU, "anjou", s.nimes, ROLE_ANIMATOR, "49");
	add_member(XAVIER, "xavier", s.trelaze, ROLE_MEMBER, NULL);
	memcpy(s.made, s.who, sizeof s.made);
	db_close(s.db);
	return 0;
}

static inline int
remove_base(void **state)
{
	(void)state;
	char command[100];
	snprintf(command, sizeof command, "rm -r %s", s.folder);
	return system(command);
}

static inline int
open_copy(void **state)
{
	(void)state;
	set_clock(T0);
	memcpy(s.who, s.made, sizeof s.who);
	copy_file(s.base, s.path);
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, true), E_OK);
	return 0;
}

/* Whatever a test did, the store keeps its own rules. */
static inline int
close_copy(void **state)
{
	(void)state;
	struct buf faults = { 0 };
	assert_true(db_idle(s.db));
	db_close(s.db);
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, false), E_OK);
	int n = db_check(s.db, &faults);
	if (n)
		print_error("%s", buf_text(&faults));
	buf_free(&faults);
	db_close(s.db);
	return n;
}

#endif
