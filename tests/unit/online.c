/*
 * Who is on line: who is seen there and spoken to, short words from one to another, lines of the day, last
 * callers.
 */
#include "db/word.h"
#include "tests/unit/people.h"

#include "bbs/base/clock.h"

enum { HOUR = 3600 };

SQL_WRITE(suspend, "UPDATE member SET state = 'suspended' WHERE id = :id");

/* ---- words ---- */

struct words {
	int count;
	int64_t first, last;
	char body[100], name[40], login[40];
	member_id other;
	bool seen;
};

static bool
note_word(void *ctx, const struct word_row *row)
{
	struct words *w = ctx;
	if (!w->count++) {
		w->first = row->id;
		w->other = row->other;
		w->seen = row->seen;
		snprintf(w->body, sizeof w->body, "%s", row->body);
		snprintf(w->name, sizeof w->name, "%s", row->name);
		snprintf(w->login, sizeof w->login, "%s", row->login);
	}
	w->last = row->id;
	return true;
}

static struct words
words_of(enum who who, bool sent)
{
	struct words w = { 0 };
	as(who);
	int n = word_page(s.db, sent, 0, 100, note_word, &w);
	assert_int_equal(n, w.count);
	return w;
}

static int
send_word(enum who from, enum who to, const char *text)
{
	bool here;
	as(from);
	return word_send(s.db, s.who[to], text, &here);
}

static bool
any_notice(void *ctx, const struct notice *row)
{
	struct notice *first = ctx;
	*first = (struct notice){ .id = row->id, .sender_id = row->sender_id };
	snprintf(first->kind, sizeof first->kind, "%s", row->kind);
	return false;
}

static void
a_word_reaches_one_alone(void **state)
{
	(void)state;
	struct notice notice = { 0 };
	assert_int_equal(send_word(ALBA, BRUNO, "  Tu viens\nce soir ? "), E_OK);
	struct words got = words_of(BRUNO, false), sent = words_of(ALBA, true);
	assert_int_equal(got.count, 1);
	assert_string_equal(got.body, "Tu viens ce soir ?");
	assert_true(got.other.n == s.who[ALBA].n && !got.seen && !strcmp(got.login, "alba"));
	assert_int_equal(sent.count, 1);
	assert_true(sent.other.n == s.who[BRUNO].n && !strcmp(sent.login, "bruno"));
	for (int who = VISITOR; who < WHO_COUNT; who++) {
		assert_int_equal(words_of((enum who)who, false).count, who == BRUNO);
		assert_int_equal(words_of((enum who)who, true).count, who == ALBA);
		assert_int_equal(notice_get(s.db, got.first, &notice), who == BRUNO ? E_OK : E_NOT_FOUND);
		notice_free(&notice);
	}
	as(BRUNO);
	assert_int_equal(notice_count(s.db), 1);
	notice_page(s.db, 0, 1, 9, any_notice, &notice);
	assert_true(notice.sender_id.n == s.who[ALBA].n && !strcmp(notice.kind, "word"));
}

static void
words_are_seen_once(void **state)
{
	(void)state;
	struct words w = { 0 };
	send_word(ALBA, BRUNO, "un");
	int64_t first = words_of(BRUNO, false).first;
	send_word(ALBA, BRUNO, "deux");
	send_word(XAVIER, BRUNO, "trois");
	as(BRUNO);
	/* What came before is not told again, and stays unseen. */
	assert_int_equal(word_look(s.db, first, 9, note_word, &w), 2);
	assert_string_equal(w.body, "deux");
	as(ALBA);
	assert_int_equal(word_seen(s.db, 0, w.last), E_OK);
	as(BRUNO);
	assert_int_equal(notice_count(s.db), 3);
	assert_int_equal(word_seen(s.db, first, w.last), E_OK);
	assert_int_equal(notice_count(s.db), 1);
	assert_int_equal(word_look(s.db, first, 9, note_word, &w), 0);
	assert_int_equal(word_look(s.db, 0, 9, note_word, &w), 1);
	/* Pages of them. */
	struct words page = { 0 };
	assert_int_equal(word_page(s.db, false, 0, 2, note_word, &page), 2);
	assert_int_equal(word_page(s.db, false, page.last, 2, note_word, &page), 1);
}

static void
who_may_send_one(void **state)
{
	(void)state;
	char text[WORD_CELLS + 2];
	bool here;
	struct words none;
	member_id candidate = join("chantal", s.nimes);
	assert_int_equal(send_word(VISITOR, BRUNO, "Bonjour"), E_DENIED);
	db_set_viewer(s.db, candidate);
	assert_int_equal(word_send(s.db, s.who[BRUNO], "Bonjour", &here), E_DENIED);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(word_send(s.db, s.who[BRUNO], "Bonjour", &here), E_DENIED);
	assert_int_equal(send_word(ALBA, ALBA, "Bonjour"), E_INVALID);
	assert_int_equal(word_send(s.db, candidate, "Bonjour", &here), E_NOT_FOUND);
	assert_int_equal(word_send(s.db, MACHINE, "Bonjour", &here), E_NOT_FOUND);
	assert_int_equal(send_word(ALBA, VISITOR, "Bonjour"), E_NOT_FOUND);
	assert_int_equal(send_word(ALBA, BRUNO, " \n "), E_EMPTY);
	memset(text, 'x', sizeof text);
	text[WORD_CELLS + 1] = '\0';
	assert_int_equal(send_word(ALBA, BRUNO, text), E_TOO_LONG);
	none = words_of(BRUNO, false);
	assert_int_equal(none.count, 0);
	text[WORD_CELLS] = '\0';
	assert_int_equal(send_word(ALBA, BRUNO, text), E_OK);
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, suspend, I("id", s.who[ALBA].n));
	assert_int_equal(db_commit(s.db), E_OK);
	assert_int_equal(send_word(ALBA, BRUNO, "Bonjour"), E_DENIED);
	assert_int_equal(send_word(BRUNO, ALBA, "Bonjour"), E_NOT_FOUND);
	as(BRUNO);
	assert_int_equal(word_check(s.db, s.who[ALBA]), E_NOT_FOUND);
	assert_int_equal(word_check(s.db, s.who[ROSA]), E_OK);
}

static void
within_an_hour(void **state)
{
	(void)state;
	const struct limits limits = { .posts = 3, .words = 20, .posts_new = 2, .words_new = 20, .new_days = 7 };
	struct buf said = { 0 };
	db_set_limits(s.db, &limits, "192.0.2.1");
	assert_int_equal(send_word(ALBA, BRUNO, "un"), E_OK);
	set_clock(T0 + 10);
	assert_int_equal(send_word(ALBA, ROSA, "deux"), E_OK);
	assert_int_equal(send_word(ALBA, BRUNO, "trois"), E_OK);
	assert_int_equal(send_word(ALBA, BRUNO, "quatre"), E_LIMIT);
	assert_true(limit_says(s.db, &said));
	assert_non_null(strstr(buf_text(&said), "3"));
	buf_free(&said);
	/* Messages are counted for themselves. */
	say(ALBA, theme("place", "members", 90), "Une salle");
	assert_int_equal(send_word(BRUNO, ALBA, "un"), E_OK);
	assert_int_equal(send_word(BRUNO, ALBA, "a b c d e f g h i j k l m n o p q r s t"), E_LIMIT);
	set_clock(T0 + HOUR);
	assert_int_equal(send_word(ALBA, BRUNO, "quatre"), E_OK);
	assert_int_equal(words_of(BRUNO, false).count, 3);
	assert_int_equal(words_of(ALBA, false).count, 1);
}

/* ---- who is seen ---- */

static bool
note_session(void *ctx, const struct session_row *row)
{
	*(int *)ctx += row->member.n == s.who[BRUNO].n;
	return true;
}

static int
sees_bruno(enum who who)
{
	int seen = 0;
	as(who);
	session_page(s.db, note_session, &seen);
	return seen;
}

static void
who_wants_to_be_left_alone(void **state)
{
	(void)state;
	struct member m;
	bool here = false;
	int seen = 0;
	as(BRUNO);
	assert_int_equal(member_get(s.db, s.who[BRUNO], &m), E_OK);
	assert_true(m.see_here && m.takes_words);
	member_free(&m);
	assert_int_equal(session_open(s.db, "ssh", "192.0.2.7"), E_OK);
	assert_int_equal(sees_bruno(ALBA), 1);
	assert_int_equal(word_send(s.db, s.who[BRUNO], "un", &here), E_OK);
	assert_true(here);
	assert_int_equal(word_send(s.db, s.who[ROSA], "un", &here), E_OK);
	assert_false(here);
	/* Not seen: a word comes, and does not tell that he is there. */
	as(BRUNO);
	assert_int_equal(member_set_presence(s.db, false, true), E_OK);
	assert_int_equal(sees_bruno(ALBA), 0);
	assert_int_equal(sees_bruno(SYSOP), 0);
	assert_int_equal(session_list(s.db, NOBODY, 0, 9, note_session, &seen), 1);
	assert_int_equal(seen, 1);
	as(ALBA);
	assert_int_equal(word_send(s.db, s.who[BRUNO], "deux", &here), E_OK);
	assert_false(here);
	/* Left alone: no word. */
	as(BRUNO);
	assert_int_equal(member_set_presence(s.db, true, false), E_OK);
	assert_int_equal(sees_bruno(ALBA), 1);
	assert_int_equal(word_check(s.db, s.who[BRUNO]), E_LOCKED);
	assert_int_equal(word_send(s.db, s.who[BRUNO], "trois", &here), E_LOCKED);
	assert_int_equal(words_of(BRUNO, false).count, 2);
	as(ALBA);
	assert_int_equal(member_get(s.db, s.who[BRUNO], &m), E_OK);
	assert_false(m.see_here || m.takes_words);
	member_free(&m);
	as(VISITOR);
	assert_int_equal(member_set_presence(s.db, true, true), E_DENIED);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(member_set_presence(s.db, true, true), E_DENIED);
}

struct callers {
	int count;
	member_id id[CALLERS_MAX];
};

static bool
note_caller(void *ctx, const struct caller_row *row)
{
	struct callers *c = ctx;
	c->id[c->count++] = row->id;
	return true;
}

static void
last_callers(void **state)
{
	(void)state;
	struct callers c = { 0 }, again = { 0 };
	const enum who came[] = { ALBA, XAVIER, BRUNO, ROSA };
	for (int i = 0; i < 4; i++) {
		set_clock(T0 + i * HOUR);
		login_done(s.db, s.who[came[i]]);
	}
	as(BRUNO);
	assert_int_equal(member_set_presence(s.db, false, true), E_OK);
	as(ALBA);
	assert_int_equal(caller_list(s.db, note_caller, &c), 3);
	assert_true(c.id[0].n == s.who[ROSA].n && c.id[1].n == s.who[XAVIER].n && c.id[2].n == s.who[ALBA].n);
	as(VISITOR);
	assert_int_equal(caller_list(s.db, note_caller, &again), E_DENIED);
	for (int i = 0; i <= CALLERS_MAX; i++) {
		char login[20];
		snprintf(login, sizeof login, "appel%d", i);
		db_set_viewer(s.db, MACHINE);
		add_member(EPCI, login, s.nimes, ROLE_MEMBER, NULL);
		login_done(s.db, s.who[EPCI]);
	}
	as(ALBA);
	assert_int_equal(caller_list(s.db, note_caller, &again), CALLERS_MAX);
}

/* ---- lines of the day ---- */

struct lines {
	int count;
	int64_t first, last;
	char body[100], name[40];
	bool hidden;
};

static bool
note_line(void *ctx, const struct daily_row *row)
{
	struct lines *l = ctx;
	if (!l->count++) {
		l->first = row->id;
		l->hidden = row->hidden;
		snprintf(l->body, sizeof l->body, "%s", row->body);
		snprintf(l->name, sizeof l->name, "%s", row->name);
	}
	l->last = row->id;
	return true;
}

static struct lines
lines_of(enum who who)
{
	struct lines l = { 0 };
	as(who);
	int n = daily_page(s.db, 0, 1, 100, note_line, &l);
	assert_true(n == l.count || n == E_DENIED);
	return l;
}

static int
put_line(enum who who, const char *text)
{
	as(who);
	return daily_put(s.db, text);
}

static void
one_line_a_day(void **state)
{
	(void)state;
	struct buf mine = { 0 };
	char text[DAILY_CELLS + 2];
	/* 24 March 2026, 23 h 30 in Paris: the day ends half an hour later, there. */
	const int64_t evening = INT64_C(1774391400);
	set_clock(evening);
	assert_int_equal(put_line(VISITOR, "Bonjour"), E_DENIED);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(daily_put(s.db, "Bonjour"), E_DENIED);
	assert_int_equal(put_line(ALBA, ""), E_EMPTY);
	memset(text, 'x', sizeof text);
	text[DAILY_CELLS + 1] = '\0';
	assert_int_equal(put_line(ALBA, text), E_TOO_LONG);
	assert_int_equal(put_line(ALBA, text + 1), E_OK);
	assert_int_equal(put_line(ALBA, "Bonjour\nde Nîmes"), E_OK);
	struct lines l = lines_of(XAVIER);
	assert_int_equal(l.count, 1);
	assert_string_equal(l.body, "Bonjour de Nîmes");
	as(ALBA);
	daily_mine(s.db, &mine);
	assert_string_equal(buf_text(&mine), "Bonjour de Nîmes");
	buf_cut(&mine, 0);
	as(BRUNO);
	daily_mine(s.db, &mine);
	set_clock(evening + 1800);
	as(ALBA);
	daily_mine(s.db, &mine);
	assert_int_equal(mine.len, 0);
	assert_int_equal(put_line(ALBA, "Un autre jour"), E_OK);
	assert_int_equal(put_line(BRUNO, "Bonjour aussi"), E_OK);
	l = lines_of(XAVIER);
	assert_int_equal(l.count, 3);
	assert_string_equal(l.body, "Bonjour aussi");
	assert_int_equal(lines_of(VISITOR).count, 0);
	buf_free(&mine);
}

static void
lines_are_shown_for_a_week(void **state)
{
	(void)state;
	struct lines up = { 0 }, down = { 0 };
	for (int day = 0; day < 10; day++) {
		set_clock(T0 + day * DAY);
		assert_int_equal(put_line(ALBA, "Bonjour"), E_OK);
	}
	struct lines l = lines_of(BRUNO);
	assert_int_equal(l.count, 7);
	assert_int_equal(daily_page(s.db, 0, -1, 3, note_line, &up), 3);
	assert_int_equal(up.first, l.last);
	assert_int_equal(daily_page(s.db, l.first, 1, 3, note_line, &down), 3);
	assert_int_equal(down.first, l.first - 1);
	/* What is no longer shown is not opened either. */
	assert_int_equal(daily_get(s.db, l.last, note_line, &down), E_OK);
	assert_int_equal(daily_get(s.db, l.last - 1, note_line, &down), E_NOT_FOUND);
}

static void
animators_hide_lines_of_their_territory(void **state)
{
	(void)state;
	static const struct {
		enum who who;
		int answer;
	} turns[] = { { VISITOR, E_NOT_FOUND }, { BRUNO, E_DENIED }, { ROSA, E_DENIED }, { ANJOU, E_DENIED },
		{ GARD, E_OK }, { REGION, E_OK }, { EPCI, E_OK }, { NATION, E_OK }, { SYSOP, E_OK } };
	assert_int_equal(put_line(ALBA, "Bonjour"), E_OK);
	int64_t id = lines_of(ALBA).first;
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		bool may = turns[i].answer == E_OK;
		as(turns[i].who);
		assert_int_equal(daily_may_hide(s.db, id), may);
		assert_int_equal(daily_hide(s.db, id, true), turns[i].answer);
		assert_int_equal(lines_of(XAVIER).count, !may);
		assert_int_equal(lines_of(turns[i].who).count, turns[i].who != VISITOR);
		assert_int_equal(lines_of(ALBA).hidden, may);
		as(turns[i].who);
		assert_int_equal(daily_hide(s.db, id, false), turns[i].answer);
	}
	assert_int_equal(acts("line.hide", s.who[ALBA].n), 5);
	assert_int_equal(acts("line.show", s.who[ALBA].n), 5);
	as(GARD);
	assert_int_equal(daily_hide(s.db, id, false), E_DONE);
	assert_int_equal(daily_hide(s.db, id, true), E_OK);
	/* It is not written over that day, and a new day is a new one. */
	assert_int_equal(put_line(ALBA, "Encore"), E_LOCKED);
	set_clock(T0 + DAY);
	assert_int_equal(put_line(ALBA, "Demain"), E_OK);
	assert_int_equal(lines_of(XAVIER).count, 1);
	/* Of whoever has no council, those who animate all of the network. */
	assert_int_equal(put_line(GARD, "Bonjour"), E_OK);
	id = lines_of(REGION).first;
	assert_int_equal(daily_hide(s.db, id, true), E_DENIED);
	as(NATION);
	assert_int_equal(daily_hide(s.db, id, true), E_OK);
}

/* ---- how long, and whose ---- */

static void
what_is_old_goes(void **state)
{
	(void)state;
	send_word(ALBA, BRUNO, "un");
	put_line(ALBA, "Bonjour");
	set_clock(T0 + 30 * DAY);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(job_sweep(s.db), 0);
	set_clock(T0 + 30 * DAY + 1);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(job_sweep(s.db), 1);
	assert_int_equal(words_of(BRUNO, false).count, 0);
	set_clock(T0 + 90 * DAY + 1);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(job_sweep(s.db), 1);
	assert_int_equal(job_sweep(s.db), 0);
}

struct parts {
	int got, sent, lines;
};

static void
note_part(void *ctx, const char *part, const char *const *columns, int count, const char *const *cells)
{
	struct parts *p = ctx;
	(void)columns;
	assert_true(count > 0);
	p->got += cells && !strcmp(part, "words_received");
	p->sent += cells && !strcmp(part, "words_sent");
	p->lines += cells && !strcmp(part, "lines_of_the_day");
}

static struct parts
parts_of(enum who who)
{
	struct parts p = { 0 };
	as(who);
	assert_int_equal(own_data(s.db, note_part, &p), E_OK);
	return p;
}

SQL_READ(count_words, "SELECT count(*) FROM word_age_v WHERE created > 0");
SQL_READ(count_lines, "SELECT count(*) FROM daily_age_v WHERE created > 0");

static void
given_and_taken_away(void **state)
{
	(void)state;
	send_word(ALBA, BRUNO, "un");
	send_word(ALBA, ROSA, "deux");
	send_word(BRUNO, ALBA, "trois");
	send_word(BRUNO, ROSA, "quatre");
	put_line(ALBA, "Bonjour");
	struct parts p = parts_of(ALBA);
	assert_true(p.got == 1 && p.sent == 2 && p.lines == 1);
	p = parts_of(ROSA);
	assert_true(p.got == 2 && p.sent == 0 && p.lines == 0);
	as(ALBA);
	assert_int_equal(member_erase(s.db, s.who[ALBA], "alba"), E_OK);
	as(SYSOP);
	assert_int_equal(db_one(s.db, count_words, -1), 1);
	assert_int_equal(db_one(s.db, count_lines, -1), 0);
	assert_int_equal(words_of(ROSA, false).count, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_word_reaches_one_alone),
		TEST(words_are_seen_once),
		TEST(who_may_send_one),
		TEST(within_an_hour),
		TEST(who_wants_to_be_left_alone),
		TEST(last_callers),
		TEST(one_line_a_day),
		TEST(lines_are_shown_for_a_week),
		TEST(animators_hide_lines_of_their_territory),
		TEST(what_is_old_goes),
		TEST(given_and_taken_away),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
