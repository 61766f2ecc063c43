/* How a candidate becomes a member: every branch of who says what, at which time, also at once. */
#include "tests/unit/people.h"

enum { YES, NO };

static int
answer(enum who who, member_id id, int what, enum member_state *state)
{
	as(who);
	return what == YES ? candidate_yes(s.db, id, state)
			   : candidate_no(s.db, id, "Nobody knows this person.", state);
}

/* Somebody answers, which is taken, and leaves the candidate in that state. */
static void
assert_answer(enum who who, member_id id, int what, enum member_state expected)
{
	enum member_state state = MEMBER_REMOVED;
	assert_int_equal(answer(who, id, what, &state), E_OK);
	assert_int_equal(state, expected);
	assert_int_equal(state_of(id), expected);
}

static void
assert_refused(enum who who, member_id id, int what, int expected)
{
	enum member_state state;
	assert_int_equal(answer(who, id, what, &state), expected);
}

static void
two_peers(void **state)
{
	(void)state;
	member_id id = join("cecile", s.nimes);
	assert_int_equal(mails("candidate", "", "Chantal Roux"), 4); /* alba, bruno, rosa, anjou */
	assert_answer(ALBA, id, YES, MEMBER_WAITING);
	assert_int_equal(mails("welcome", "", ""), 0);
	assert_answer(BRUNO, id, YES, MEMBER_ACTIVE);
	assert_int_equal(mails("welcome", "cecile@example.org", "cecile"), 1);
	assert_int_equal(acts("yes", id.n), 2);
	assert_int_equal(acts("approve", id.n), 1);
	assert_int_equal(acts("sign-up", id.n), 1);
}

static void
one_who_decides(void **state)
{
	(void)state;
	static const enum who deciders[] = { ROSA, GARD, REGION, EPCI, NATION, SYSOP };
	for (size_t i = 0; i < sizeof deciders / sizeof *deciders; i++) {
		char login[20];
		snprintf(login, sizeof login, "decided%zu", i);
		assert_answer(deciders[i], join(login, s.nimes), YES, MEMBER_ACTIVE);
	}
}

static void
who_may_not(void **state)
{
	(void)state;
	member_id id = join("cecile", s.nimes);
	assert_refused(XAVIER, id, YES, E_DENIED);
	assert_refused(VISITOR, id, YES, E_DENIED);
	db_set_viewer(s.db, id);
	enum member_state after;
	assert_int_equal(candidate_yes(s.db, id, &after), E_DENIED);
	/* An animator of another territory is a peer in his own council, nothing elsewhere. */
	assert_answer(ANJOU, id, YES, MEMBER_WAITING);
	assert_refused(ANJOU, join("denis", s.empty), YES, E_DENIED);
	assert_refused(GARD, join("eve", s.trelaze), NO, E_DENIED);
	assert_refused(ROSA, join("fred", s.empty), YES, E_DENIED);
	as(SYSOP);
	assert_int_equal(candidate_yes(s.db, (member_id){ 999 }, &after), E_NOT_FOUND);
	assert_int_equal(candidate_yes(s.db, MACHINE, &after), E_NOT_FOUND);
	/* Over telnet the sysop is nobody in particular. */
	db_set_plain(s.db, true);
	assert_refused(SYSOP, id, YES, E_DENIED);
	assert_answer(GARD, id, YES, MEMBER_ACTIVE);
}

static void
one_answer_each(void **state)
{
	(void)state;
	member_id id = join("cecile", s.nimes);
	enum member_state after = MEMBER_REMOVED;
	assert_answer(ALBA, id, YES, MEMBER_WAITING);
	assert_int_equal(answer(ALBA, id, YES, &after), E_DONE);
	assert_int_equal(after, MEMBER_WAITING);
	assert_refused(ALBA, id, NO, E_DONE);
	assert_answer(ROSA, id, YES, MEMBER_ACTIVE);
	assert_int_equal(answer(BRUNO, id, NO, &after), E_DONE);
	assert_int_equal(after, MEMBER_ACTIVE);
	assert_int_equal(acts("no", id.n), 0);
}

static void
a_no_needs_a_reason(void **state)
{
	(void)state;
	member_id id = join("cecile", s.nimes);
	enum member_state after;
	static char long_reason[ABOUT_MAX + 2];
	memset(long_reason, 'x', sizeof long_reason - 1);
	as(ALBA);
	assert_int_equal(candidate_no(s.db, id, "", &after), E_EMPTY);
	assert_int_equal(candidate_no(s.db, id, " \n\t\x1b[2J", &after), E_EMPTY);
	assert_int_equal(candidate_no(s.db, id, long_reason, &after), E_TOO_LONG);
	assert_int_equal(acts("no", id.n), 0);
}

/* A no stops the count, whoever of the council says yes, until an animator has spoken. */
static void
a_no_goes_to_an_animator(void **state)
{
	(void)state;
	member_id id = join("cecile", s.nimes);
	assert_answer(ALBA, id, NO, MEMBER_WAITING);
	assert_int_equal(mails("contested", "", "Chantal Roux"), 4); /* those of the territory, and nation */
	assert_int_equal(mails("contested", "anjou@example.org", ""), 0);
	assert_answer(BRUNO, id, YES, MEMBER_WAITING);
	assert_answer(ROSA, id, YES, MEMBER_WAITING);
	assert_answer(GARD, id, YES, MEMBER_ACTIVE);

	id = join("denis", s.nimes);
	assert_answer(ROSA, id, NO, MEMBER_WAITING); /* hers too */
	assert_answer(GARD, id, NO, MEMBER_REFUSED);
	assert_int_equal(mails("refused", "denis@example.org", "Nobody knows this person."), 1);
	assert_int_equal(acts("refuse", id.n), 1);

	struct buf reason = { 0 };
	db_set_viewer(s.db, id);
	candidate_refusal(s.db, &reason);
	assert_string_equal(buf_text(&reason), "Nobody knows this person.");
	as(ALBA);
	candidate_refusal(s.db, &reason);
	assert_string_equal(buf_text(&reason), "");
	buf_free(&reason);

	id = join("eve", s.nimes);
	assert_answer(SYSOP, id, NO, MEMBER_REFUSED);
}

struct told {
	struct buf noes;
	bool settles;
};

static bool
take_told(void *ctx, const struct candidate_row *row)
{
	struct told *told = ctx;
	buf_cut(&told->noes, 0);
	buf_str(&told->noes, row->noes);
	told->settles = row->settles;
	return false;
}

/* Who said no and why is told to those whose answer decides, and to nobody else. */
static void
a_no_is_told_to_those_who_settle(void **state)
{
	(void)state;
	static const enum who settle[] = { GARD, REGION, EPCI, NATION, SYSOP }, others[] = { ALBA, BRUNO, ROSA };
	struct told told = { 0 };
	member_id id = join("cecile", s.nimes);
	assert_answer(ALBA, id, NO, MEMBER_WAITING);
	assert_answer(ROSA, id, NO, MEMBER_WAITING);
	char alba[100], expected[300];
	struct member m;
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_OK);
	snprintf(alba, sizeof alba, "%s", buf_text(&m.name));
	member_free(&m);
	assert_int_equal(member_get(s.db, s.who[ROSA], &m), E_OK);
	snprintf(expected, sizeof expected, "%s: Nobody knows this person.\n%s: Nobody knows this person.",
	    alba, buf_text(&m.name));
	member_free(&m);
	for (size_t i = 0; i < sizeof settle / sizeof *settle; i++) {
		as(settle[i]);
		assert_int_equal(candidate_page(s.db, (member_id){ id.n - 1 }, 1, 1, take_told, &told), 1);
		assert_string_equal(buf_text(&told.noes), expected);
		assert_true(told.settles);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		as(others[i]);
		assert_int_equal(candidate_page(s.db, (member_id){ id.n - 1 }, 1, 1, take_told, &told), 1);
		assert_string_equal(buf_text(&told.noes), "");
		assert_false(told.settles);
	}
	buf_free(&told.noes);
}

/* Whoever said something as a peer and has become an animator may still decide. */
static void
a_decider_decides_after_his_answer(void **state)
{
	(void)state;
	member_id id = join("cecile", s.nimes);
	assert_answer(ALBA, id, NO, MEMBER_WAITING);
	as(SYSOP);
	assert_int_equal(member_set_role(s.db, s.who[ALBA], ROLE_ANIMATOR, "30"), E_OK);
	assert_answer(ALBA, id, YES, MEMBER_ACTIVE);
}

/* Makes a member by the yes of the resource person, now. */
static enum who
young(const char *login, enum who who)
{
	member_id id = join(login, s.nimes);
	assert_answer(ROSA, id, YES, MEMBER_ACTIVE);
	s.who[who] = id;
	return who;
}

static void
young_members_count_as_one(void **state)
{
	(void)state;
	enum who one = young("yann", XAVIER), two = young("yves", NATION);
	member_id id = join("cecile", s.nimes);
	assert_answer(one, id, YES, MEMBER_WAITING);
	assert_answer(two, id, YES, MEMBER_WAITING);
	assert_answer(ALBA, id, YES, MEMBER_ACTIVE);

	set_clock(T0 + 30 * DAY - 1);
	id = join("denis", s.nimes);
	assert_answer(one, id, YES, MEMBER_WAITING);
	assert_answer(two, id, YES, MEMBER_WAITING);
	set_clock(T0 + 30 * DAY);
	id = join("eve", s.nimes);
	assert_answer(one, id, YES, MEMBER_WAITING);
	assert_answer(two, id, YES, MEMBER_ACTIVE);
}

static void
how_many_is_a_setting(void **state)
{
	(void)state;
	assert_int_equal(db_set_setting(s.db, "approvals_needed", "3"), E_OK);
	member_id id = join("cecile", s.nimes);
	assert_answer(ALBA, id, YES, MEMBER_WAITING);
	assert_answer(BRUNO, id, YES, MEMBER_WAITING);
	assert_answer(ANJOU, id, YES, MEMBER_ACTIVE);
	assert_int_equal(db_set_setting(s.db, "approvals_needed", "0"), E_OK);
	assert_answer(ALBA, join("denis", s.nimes), YES, MEMBER_ACTIVE);
}

static void
a_council_without_members_goes_to_the_animators(void **state)
{
	(void)state;
	join("cecile", s.empty);
	assert_int_equal(mails("candidate", "", ""), 3);
	assert_int_equal(mails("candidate", "gard@example.org", ""), 1);
	assert_int_equal(mails("candidate", "region@example.org", ""), 1);
	assert_int_equal(mails("candidate", "nation@example.org", ""), 1);
	/* Where there is no animator either, to the sysop. */
	as(SYSOP);
	for (enum who who = GARD; who <= NATION; who++)
		assert_int_equal(member_set_role(s.db, s.who[who], ROLE_MEMBER, NULL), E_OK);
	join("denis", s.empty);
	assert_int_equal(mails("candidate", "sofia@example.org", ""), 1);
}

/* A member sent away meanwhile no longer counts. */
SQL_WRITE(suspend, "UPDATE member SET state = 'suspended' WHERE id = :id");

static void
only_members_count(void **state)
{
	(void)state;
	member_id id = join("cecile", s.nimes);
	assert_answer(ALBA, id, YES, MEMBER_WAITING);
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, suspend, I("id", s.who[ALBA].n));
	assert_int_equal(db_commit(s.db), E_OK);
	assert_refused(ALBA, id, YES, E_DENIED);
	assert_answer(BRUNO, id, YES, MEMBER_WAITING);
	assert_answer(ANJOU, id, YES, MEMBER_ACTIVE);
}

/* ---- two at once ---- */

/* In a process of its own: waits for the word, answers, and ends with what was said, plus the state. */
static pid_t
answer_apart(enum who who, member_id id, int go)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	struct db *db;
	enum member_state state = MEMBER_REMOVED;
	char word;
	if (db_open(&db, s.path, DB_EXISTING, true))
		_exit(99);
	db_set_viewer(db, s.who[who]);
	if (read(go, &word, 1) != 1)
		_exit(98);
	int r = candidate_yes(db, id, &state);
	db_close(db);
	_exit(-r * 5 + (int)state);
}

static int
ended(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
both_answer(enum who one, enum who two, member_id id, int codes[2])
{
	int go[2];
	assert_int_equal(pipe(go), 0);
	pid_t first = answer_apart(one, id, go[0]), second = answer_apart(two, id, go[0]);
	assert_int_equal(write(go[1], "gg", 2), 2);
	codes[0] = ended(first);
	codes[1] = ended(second);
	close(go[0]);
	close(go[1]);
}

static void
two_deciders_at_once(void **state)
{
	(void)state;
	enum { DONE = -E_DONE * 5 + MEMBER_ACTIVE, TOOK = MEMBER_ACTIVE };
	for (int i = 0; i < 20; i++) {
		char login[20];
		int codes[2];
		snprintf(login, sizeof login, "both%d", i);
		member_id id = join(login, s.nimes);
		both_answer(ROSA, GARD, id, codes);
		assert_true((codes[0] == TOOK && codes[1] == DONE) || (codes[0] == DONE && codes[1] == TOOK));
		assert_int_equal(acts("approve", id.n), 1);
	}
	assert_int_equal(mails("welcome", "", ""), 20);
}

static void
two_peers_at_once(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		char login[20];
		int codes[2];
		snprintf(login, sizeof login, "both%d", i);
		member_id id = join(login, s.nimes);
		both_answer(ALBA, BRUNO, id, codes);
		assert_int_equal(codes[0] + codes[1], MEMBER_WAITING + MEMBER_ACTIVE);
		assert_int_equal(state_of(id), MEMBER_ACTIVE);
	}
}

/* ---- questions ---- */

static void
a_precision(void **state)
{
	(void)state;
	struct buf question = { 0 };
	member_id id = join("cecile", s.nimes);
	as(XAVIER);
	assert_int_equal(candidate_ask(s.db, id, "Quelle rue ?"), E_DENIED);
	as(ALBA);
	assert_int_equal(candidate_ask(s.db, id, " "), E_EMPTY);
	assert_int_equal(candidate_ask(s.db, id, "Quelle rue ?"), E_OK);
	assert_int_equal(mails("precision", "cecile@example.org", "Quelle rue ?"), 1);
	as(BRUNO);
	assert_int_equal(candidate_ask(s.db, id, "Depuis quand ?"), E_OK);
	db_set_viewer(s.db, id);
	candidate_question(s.db, &question);
	assert_string_equal(buf_text(&question), "Quelle rue ?");
	assert_int_equal(candidate_answer(s.db, ""), E_EMPTY);
	assert_int_equal(candidate_answer(s.db, "Rue des Lilas."), E_OK);
	assert_int_equal(mails("precision", "alba@example.org", "Rue des Lilas."), 1);
	candidate_question(s.db, &question);
	assert_string_equal(buf_text(&question), "Depuis quand ?");
	assert_int_equal(candidate_answer(s.db, "Dix ans."), E_OK);
	candidate_question(s.db, &question);
	assert_string_equal(buf_text(&question), "");
	assert_int_equal(candidate_answer(s.db, "Encore."), E_NOT_FOUND);
	buf_free(&question);
	assert_answer(ROSA, id, YES, MEMBER_ACTIVE);
	as(ALBA);
	assert_int_equal(candidate_ask(s.db, id, "Encore ?"), E_DONE);
}

/* ---- lists ---- */

/* The logins of a page, with what was said of each. */
static bool
add_row(void *ctx, const struct candidate_row *row)
{
	buf_fmt(ctx, "%s %d/%d/%d%s%s%s%s|", row->login, row->yes, row->no, row->needed,
	    row->mine ? " mine" : "", row->settles ? " settles" : "", *row->voters ? " " : "", row->voters);
	return true;
}

static bool
stop_at_once(void *ctx, const struct candidate_row *row)
{
	(void)row;
	++*(int *)ctx;
	return false;
}

static void
assert_list(enum who who, const char *expected)
{
	struct buf list = { 0 };
	as(who);
	candidate_page(s.db, NOBODY, 1, 50, add_row, &list);
	assert_string_equal(buf_text(&list), expected);
	buf_free(&list);
}

static void
assert_count(enum who who, int count, int64_t oldest)
{
	int64_t since;
	as(who);
	assert_int_equal(candidate_count(s.db, &since), count);
	assert_int_equal(since, oldest);
}

static void
lists_of_each(void **state)
{
	(void)state;
	member_id cecile = join("cecile", s.nimes);
	set_clock(T0 + 60);
	member_id denis = join("denis", s.empty);
	set_clock(T0 + 120);
	join("eve", s.trelaze);
	assert_answer(ALBA, cecile, YES, MEMBER_WAITING);
	assert_answer(ANJOU, cecile, NO, MEMBER_WAITING);
	assert_list(ALBA, "cecile 1/1/2 mine alba Martin|");
	assert_list(BRUNO, "cecile 1/1/2 alba Martin|");
	assert_list(GARD, "cecile 1/1/2 settles alba Martin|denis 0/0/2 settles|");
	assert_list(REGION, "cecile 1/1/2 settles alba Martin|denis 0/0/2 settles|");
	assert_list(EPCI, "cecile 1/1/2 settles alba Martin|");
	assert_list(NATION, "cecile 1/1/2 settles alba Martin|denis 0/0/2 settles|eve 0/0/2 settles|");
	assert_list(SYSOP, "cecile 1/1/2 settles alba Martin|denis 0/0/2 settles|eve 0/0/2 settles|");
	/* His territory and, elsewhere, his own council; each once. */
	assert_list(ANJOU, "cecile 1/1/2 mine alba Martin|eve 0/0/2 settles|");
	as(VISITOR);
	assert_int_equal(candidate_page(s.db, NOBODY, 1, 9, add_row, NULL), E_DENIED);
	assert_count(ALBA, 0, 0);
	assert_count(BRUNO, 1, T0);
	assert_count(SYSOP, 3, T0);
	assert_count(ANJOU, 1, T0 + 120);
	/* Decided: in no list. */
	assert_answer(GARD, cecile, YES, MEMBER_ACTIVE);
	assert_list(SYSOP, "denis 0/0/2 settles|eve 0/0/2 settles|");
	db_set_plain(s.db, true);
	as(SYSOP);
	assert_int_equal(candidate_page(s.db, NOBODY, 1, 9, add_row, NULL), E_DENIED);
	db_set_plain(s.db, false);
	assert_answer(GARD, denis, NO, MEMBER_REFUSED);
	assert_list(GARD, "");
}

static void
pages(void **state)
{
	(void)state;
	struct buf list = { 0 };
	member_id ids[5];
	for (int i = 0; i < 5; i++) {
		char login[8];
		snprintf(login, sizeof login, "p%d", i);
		ids[i] = join(login, s.trelaze);
	}
	as(ANJOU);
	assert_int_equal(candidate_page(s.db, NOBODY, 1, 2, add_row, &list), 2);
	assert_int_equal(candidate_page(s.db, ids[1], 1, 2, add_row, &list), 2);
	assert_int_equal(candidate_page(s.db, ids[3], 1, 2, add_row, &list), 1);
	assert_string_equal(buf_text(&list), "p0 0/0/2 settles|p1 0/0/2 settles|p2 0/0/2 settles|p3 0/0/2 settles|p4 0/0/2 settles|");
	buf_cut(&list, 0);
	assert_int_equal(candidate_page(s.db, ids[3], -1, 2, add_row, &list), 2);
	assert_int_equal(candidate_page(s.db, NOBODY, -1, 1, add_row, &list), 1);
	assert_string_equal(buf_text(&list), "p2 0/0/2 settles|p1 0/0/2 settles|p4 0/0/2 settles|");
	int stops = 0;
	assert_int_equal(candidate_page(s.db, NOBODY, 1, 5, stop_at_once, &stops), 1);
	assert_int_equal(stops, 1);
	assert_true(db_idle(s.db));
	buf_free(&list);
}

/* When a council moves on the map, its candidates move from list to list. */
static void
a_council_moves(void **state)
{
	(void)state;
	join("cecile", s.empty);
	assert_list(EPCI, "");
	as(SYSOP);
	struct council council;
	assert_int_equal(council_get(s.db, s.empty, &council), E_OK);
	buf_cut(&council.communes, 0);
	buf_str(&council.communes, "30189");
	assert_int_equal(council_put(s.db, &council), E_OK);
	council_free(&council);
	assert_list(EPCI, "cecile 0/0/2 settles|");
	assert_list(GARD, "cecile 0/0/2 settles|");
}

SQL_WRITE(many_waiting, "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
    " INSERT INTO member (login, email, family, given, name, council, role, state, created)"
    " SELECT 'w' || i, 'w' || i, 'R', 'C', 'C R', :council, 'member', 'waiting', :now FROM n");
SQL_WRITE(many_placed, "INSERT INTO waiting (place, candidate)"
    " SELECT p.place, m.id FROM member m, (SELECT 'FR' AS place UNION SELECT '30'"
    "  UNION SELECT 'c' || :council) p"
    " WHERE m.state = 'waiting' AND m.id NOT IN (SELECT candidate FROM waiting)");
SQL_WRITE(all_answered, "INSERT INTO approval (candidate, voter, answer, created)"
    " SELECT id, :voter, 'yes', :now FROM member WHERE state = 'waiting'");

static void
add_many(int first, int last)
{
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, many_waiting, I("first", first), I("last", last), I("council", s.nimes.n), I("now", T0));
	db_run(s.db, many_placed, I("council", s.nimes.n));
	assert_int_equal(db_commit(s.db), E_OK);
}

static bool
go_on(void *ctx, const struct candidate_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static struct cost
cost_of_page(enum who who)
{
	as(who);
	candidate_page(s.db, NOBODY, 1, 20, go_on, NULL);
	struct cost cost = db_cost(s.db);
	assert_int_equal(cost.sorts, 0);
	assert_int_equal(cost.autoindexes, 0);
	return cost;
}

static struct cost
cost_of_count(enum who who, int expected)
{
	int64_t oldest;
	as(who);
	assert_int_equal(candidate_count(s.db, &oldest), expected);
	struct cost cost = db_cost(s.db);
	assert_int_equal(cost.sorts, 0);
	assert_int_equal(cost.autoindexes, 0);
	return cost;
}

/* A page and the count cost what they show, whoever looks, also where he sees none or answered all. */
static void
cost(void **state)
{
	(void)state;
	static const enum who lookers[] = { ALBA, GARD, SYSOP, ANJOU, XAVIER, REGION };
	enum { LOOKERS = sizeof lookers / sizeof *lookers };
	static const int counts[LOOKERS] = { 0, 100, 100, 100, 0, 0 };
	struct cost pages_before[LOOKERS], counts_before[LOOKERS];
	add_many(1, 300);
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, all_answered, I("voter", s.who[ALBA].n), I("now", T0));
	assert_int_equal(db_commit(s.db), E_OK);
	for (int i = 0; i < LOOKERS; i++) {
		pages_before[i] = cost_of_page(lookers[i]);
		counts_before[i] = cost_of_count(lookers[i], counts[i]);
	}
	add_many(301, 30000);
	for (int i = 0; i < LOOKERS; i++) {
		assert_in_range(cost_of_page(lookers[i]).steps, 1, 2 * pages_before[i].steps);
		assert_in_range(cost_of_count(lookers[i], counts[i]).steps, 1, 2 * counts_before[i].steps);
	}
	/* The rows made here stand in three lists only: enough for this test, not for the rest of the house. */
}

/* ---- invitations ---- */

static int
use(const char *login, const char *code, item_id council, member_id *id)
{
	struct sign_up form = good_form(login, council);
	form.code = code;
	as(VISITOR);
	return member_sign_up(s.db, &form, id);
}

static void
invite(enum who who, item_id council, struct buf *code)
{
	as(who);
	assert_int_equal(invitation_new(s.db, council, code), E_OK);
}

static void
invitations(void **state)
{
	(void)state;
	struct buf code = { 0 }, inviter = { 0 };
	item_id council;
	member_id id, other;
	invite(ROSA, s.nimes, &code);
	assert_int_equal(code.len, 14);
	assert_int_equal(strspn(buf_text(&code), "23456789ABCDEFGHJKMNPQRSTUVWXYZ-"), 14);
	as(VISITOR);
	assert_int_equal(invitation_get(s.db, "", &council, &inviter), E_NOT_FOUND);
	assert_int_equal(invitation_get(s.db, "K7MP-2XQR-9TBD", &council, &inviter), E_NOT_FOUND);
	assert_int_equal(invitation_get(s.db, buf_text(&code), &council, &inviter), E_OK);
	assert_int_equal(council.n, s.nimes.n);
	assert_string_equal(buf_text(&inviter), "rosa Martin");
	/* As somebody types it: small letters, spaces. */
	char typed[32] = " ";
	for (size_t i = 0; i < code.len; i++) {
		char c = code.data[i];
		typed[i + 1] = (char)(c == '-' ? ' ' : c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	assert_int_equal(use("cecile", typed, s.trelaze, &id), E_INVALID);
	assert_int_equal(use("cecile", typed, (item_id){ 0 }, &id), E_OK);
	assert_int_equal(state_of(id), MEMBER_ACTIVE);
	assert_int_equal(mails("candidate", "", ""), 0);
	assert_int_equal(mails("welcome", "cecile@example.org", ""), 1);
	/* Once. */
	assert_int_equal(use("denis", buf_text(&code), s.nimes, &other), E_NOT_FOUND);
	as(SYSOP);
	struct member member;
	assert_int_equal(member_find(s.db, "denis", &member), E_NOT_FOUND);
	assert_int_equal(member_get(s.db, id, &member), E_OK);
	assert_int_equal(member.council.n, s.nimes.n);
	member_free(&member);
	buf_free(&code);
	buf_free(&inviter);
}

static void
who_invites(void **state)
{
	(void)state;
	struct buf code = { 0 };
	member_id id;
	as(ALBA);
	assert_int_equal(invitation_new(s.db, s.nimes, &code), E_DENIED);
	as(ROSA);
	assert_int_equal(invitation_new(s.db, s.trelaze, &code), E_DENIED);
	assert_int_equal(invitation_new(s.db, (item_id){ 999 }, &code), E_NOT_FOUND);
	as(GARD);
	assert_int_equal(invitation_new(s.db, s.trelaze, &code), E_DENIED);
	invite(GARD, s.empty, &code);
	assert_int_equal(use("cecile", buf_text(&code), s.empty, &id), E_OK);
	assert_int_equal(state_of(id), MEMBER_ACTIVE);
	/* Whoever may no longer invite has no yes to give. */
	invite(ROSA, s.nimes, &code);
	as(SYSOP);
	assert_int_equal(member_set_role(s.db, s.who[ROSA], ROLE_MEMBER, NULL), E_OK);
	assert_int_equal(use("denis", buf_text(&code), s.nimes, &id), E_NOT_FOUND);
	buf_free(&code);
}

static void
invitations_expire(void **state)
{
	(void)state;
	struct buf code = { 0 };
	member_id id;
	invite(ROSA, s.nimes, &code);
	set_clock(T0 + 14 * DAY);
	assert_int_equal(use("cecile", buf_text(&code), s.nimes, &id), E_NOT_FOUND);
	set_clock(T0 + 14 * DAY - 1);
	assert_int_equal(use("cecile", buf_text(&code), s.nimes, &id), E_OK);
	buf_free(&code);
}

/* In its cost test the store holds rows that no sign-up would make. */
static int
close_only(void **state)
{
	(void)state;
	db_close(s.db);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_peers),
		TEST(one_who_decides),
		TEST(who_may_not),
		TEST(one_answer_each),
		TEST(a_no_needs_a_reason),
		TEST(a_no_goes_to_an_animator),
		TEST(a_no_is_told_to_those_who_settle),
		TEST(a_decider_decides_after_his_answer),
		TEST(young_members_count_as_one),
		TEST(how_many_is_a_setting),
		TEST(a_council_without_members_goes_to_the_animators),
		TEST(only_members_count),
		TEST(two_deciders_at_once),
		TEST(two_peers_at_once),
		TEST(a_precision),
		TEST(lists_of_each),
		TEST(pages),
		TEST(a_council_moves),
		cmocka_unit_test_setup_teardown(cost, open_copy, close_only),
		TEST(invitations),
		TEST(who_invites),
		TEST(invitations_expire),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
