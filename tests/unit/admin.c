/* What keeps the board: members found and suspended, the journal and the outbox by what one looks for. */
#include "tests/unit/people.h"

/* ---- members, found ---- */

struct found {
	char logins[400], word[80];
	member_id last;
	int count;
};

static bool
note_member(void *ctx, const struct member_row *row)
{
	struct found *f = ctx;
	size_t n = strlen(f->logins);
	snprintf(f->logins + n, sizeof f->logins - n, "%s%s", n ? " " : "", row->login);
	snprintf(f->word, sizeof f->word, "%s", row->word ? row->word : "");
	f->last = row->id;
	f->count++;
	return true;
}

static struct found
find(int state, const char *filter, int n)
{
	struct found f = { 0 };
	int r = member_search(s.db, state, filter, "", NOBODY, 1, n, note_member, &f);
	assert_int_equal(r, f.count);
	return f;
}

static void
members_are_found_by_letters(void **state)
{
	(void)state;
	as(SYSOP);
	assert_string_equal(find(-1, "alb", 10).logins, "alba");
	assert_string_equal(find(-1, "ALBÀ", 10).logins, "alba");
	assert_string_equal(find(-1, "martin ros", 10).logins, "rosa");
	assert_string_equal(find(-1, "rosa@example.org", 10).logins, "rosa");
	assert_string_equal(find(-1, "nobody", 10).logins, "");
	assert_string_equal(find(MEMBER_ACTIVE, "alba", 10).logins, "alba");
	assert_string_equal(find(MEMBER_SUSPENDED, "alba", 10).logins, "");
	/* Everybody is called Martin; each is shown once. */
	struct found all = find(-1, "mar", 100);
	assert_int_equal(all.count, 10);
	/* Two letters that begin several words of one name. */
	member_id id = join("martine", s.nimes);
	assert_int_equal(find(-1, "mart", 100).count, 11);
	assert_int_equal(find(MEMBER_WAITING, "mart", 100).last.n, id.n);
	assert_string_equal(find(MEMBER_WAITING, "", 9).logins, "martine");
	assert_int_equal(find(-1, "", 100).count, 11);
	as(NATION);
	assert_int_equal(member_search(s.db, -1, "alba", "", NOBODY, 1, 9, note_member, &all), E_DENIED);
}

static void
found_members_come_page_by_page(void **state)
{
	(void)state;
	as(SYSOP);
	struct found all = find(-1, "mar", 100), pages = { 0 }, back = { 0 };
	for (int n = 3; n == 3;)
		n = member_search(s.db, -1, "mar", pages.word, pages.last, 1, 3, note_member, &pages);
	assert_string_equal(pages.logins, all.logins);
	for (int n = 3; n == 3;)
		n = member_search(s.db, -1, "mar", back.word, back.last, -1, 3, note_member, &back);
	assert_int_equal(back.count, all.count);
	assert_true(strncmp(back.logins, strrchr(all.logins, ' ') + 1, 4) == 0);
}

/* ---- members, kept ---- */

static void
suspended_and_let_in_again(void **state)
{
	(void)state;
	struct suspension why;
	member_id alba = s.who[ALBA];
	as(NATION);
	assert_int_equal(member_suspend(s.db, alba, "Non"), E_DENIED);
	assert_int_equal(member_reinstate(s.db, alba), E_DENIED);
	as(SYSOP);
	assert_int_equal(member_suspend(s.db, alba, "  "), E_EMPTY);
	assert_int_equal(member_suspend(s.db, s.who[SYSOP], "Moi"), E_INVALID);
	assert_int_equal(member_suspend(s.db, MACHINE, "Elle"), E_NOT_FOUND);
	assert_int_equal(member_reinstate(s.db, alba), E_DONE);
	assert_int_equal(member_suspend(s.db, alba, "Propos blessants"), E_OK);
	assert_int_equal(member_suspend(s.db, alba, "Encore"), E_DONE);
	assert_int_equal(mails("suspended", "alba@example.org", "Propos blessants"), 1);
	assert_int_equal(acts("suspend", alba.n), 1);
	/* At once she reads and writes as nobody; she is told why, and others are not. */
	as(ALBA);
	assert_false(may(s.db, MAY_POST, (item_id){ 0 }));
	assert_true(member_suspension(s.db, alba, &why));
	assert_string_equal(buf_text(&why.reason), "Propos blessants");
	assert_string_equal(buf_text(&why.by), "sofia Martin");
	suspension_free(&why);
	as(BRUNO);
	assert_false(member_suspension(s.db, alba, &why));
	as(SYSOP);
	assert_int_equal(member_reinstate(s.db, alba), E_OK);
	assert_int_equal(mails("reinstated", "alba@example.org", ""), 1);
	assert_false(member_suspension(s.db, alba, &why));
	as(ALBA);
	assert_true(may(s.db, MAY_POST, (item_id){ 0 }));
}

static void
moved_to_another_council(void **state)
{
	(void)state;
	struct member m;
	member_id maya = join("maya", s.nimes);
	as(NATION);
	assert_int_equal(member_set_council(s.db, s.who[ALBA], s.trelaze), E_DENIED);
	as(SYSOP);
	assert_int_equal(member_set_council(s.db, s.who[ALBA], (item_id){ 999 }), E_NOT_FOUND);
	assert_int_equal(member_set_council(s.db, s.who[ALBA], s.nimes), E_DONE);
	assert_int_equal(member_set_council(s.db, s.who[ALBA], s.trelaze), E_OK);
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_OK);
	assert_int_equal(m.council.n, s.trelaze.n);
	member_free(&m);
	assert_int_equal(mails("council", "alba@example.org", "Les Ardoisiers"), 1);
	assert_int_equal(member_set_council(s.db, s.who[ALBA], (item_id){ 0 }), E_OK);
	/* Who waits, waits in the lists of the new council from now on. */
	assert_int_equal(member_set_council(s.db, maya, (item_id){ 0 }), E_INVALID);
	assert_int_equal(member_set_council(s.db, maya, s.trelaze), E_OK);
	int64_t oldest;
	as(BRUNO);
	assert_int_equal(candidate_count(s.db, &oldest), 0);
	as(XAVIER);
	assert_int_equal(candidate_count(s.db, &oldest), 1);
}

static void
whose_keys_and_password_were_changed_is_told(void **state)
{
	(void)state;
	as(ALBA);
	assert_int_equal(member_set_password(s.db, s.who[ALBA], "une phrase longue"), E_OK);
	assert_int_equal(mails("account", "", ""), 0);
	as(SYSOP);
	assert_int_equal(member_set_password(s.db, s.who[ALBA], "une autre phrase"), E_OK);
	assert_int_equal(member_set_role(s.db, s.who[ALBA], ROLE_RESOURCE, ""), E_OK);
	assert_int_equal(mails("account", "alba@example.org", ""), 2);
	assert_int_equal(mails("account", "alba@example.org", "une autre phrase"), 0);
}

/* ---- councils and boards ---- */

static board_id
board_of(const char *slug)
{
	struct board board = { 0 };
	board_id id = { 0 };
	if (!board_find(s.db, slug, &board))
		id = board.id;
	board_free(&board);
	return id;
}

static bool
count_hit(void *ctx, const struct hit *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

/* How many that word finds. */
static int
hits(const char *word)
{
	int n = 0;
	search_page(s.db, &(struct search){ .words = word }, (item_id){ 0 }, 1, 9, count_hit, &n);
	return n;
}

static void
two_sheets_of_one_council_become_one(void **state)
{
	(void)state;
	char slug[40];
	item_id thread, other;
	struct council c;
	struct thread t = { 0 };
	struct territory gard, nation;
	struct buf giver = { 0 };
	member_id maya = join("maya", s.nimes);
	snprintf(slug, sizeof slug, "conseil-%lld", (long long)s.nimes.n);
	as(ALBA);
	assert_int_equal(thread_new(s.db, board_of(slug), "Nos projets", "Entre nous.", &thread), E_OK);
	assert_int_equal(thread_reply(s.db, thread, "Oui.", &other), E_OK);
	as(NATION);
	assert_int_equal(council_hand_over(s.db, s.nimes, s.who[BRUNO]), E_OK);
	assert_int_equal(council_merge(s.db, s.nimes, s.empty), E_DENIED);
	as(SYSOP);
	assert_int_equal(council_merge(s.db, s.nimes, s.nimes), E_INVALID);
	assert_int_equal(council_merge(s.db, s.nimes, (item_id){ 99 }), E_NOT_FOUND);
	assert_int_equal(territory_get(s.db, "30", &gard), E_OK);
	assert_int_equal(council_count(s.db, "30"), 2);
	assert_int_equal(council_merge(s.db, s.nimes, s.empty), E_OK);
	assert_int_equal(council_count(s.db, "30"), 1);
	assert_int_equal(territory_get(s.db, "FR", &nation), E_OK);
	assert_int_equal(council_get(s.db, s.nimes, &c), E_NOT_FOUND);
	assert_int_equal(council_find(s.db, "Les Garrigues", "30189").n, 0);
	assert_int_equal(council_get(s.db, s.empty, &c), E_OK);
	assert_int_equal(c.members, 4);
	council_free(&c);
	assert_int_equal(mails("council", "alba@example.org", "La Fontaine"), 1);
	/* Whoever made the sheet does not find it either. */
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(council_get(s.db, s.nimes, &c), E_NOT_FOUND);
	/* The talk is there, for the same people and no others; its words find it. */
	as(BRUNO);
	assert_int_equal(hits("projets"), 1);
	assert_int_equal(hits("garrigues"), 0);
	/* Nobody is asked any more to speak for the sheet that went. */
	assert_false(council_asks(s.db, &other, &giver));
	assert_int_equal(thread_get(s.db, thread, &t), E_OK);
	assert_string_equal(buf_text(&t.board_title), "La Fontaine");
	thread_free(&t);
	assert_int_equal(thread_reply(s.db, thread, "Encore.", &other), E_OK);
	as(XAVIER);
	assert_int_equal(thread_get(s.db, thread, &t), E_NOT_FOUND);
	assert_int_equal(hits("projets"), 0);
	/* Who waits, waits there. */
	int64_t oldest;
	as(BRUNO);
	assert_int_equal(candidate_count(s.db, &oldest), 1);
	assert_int_equal(state_of(maya), MEMBER_WAITING);
	as(SYSOP);
	assert_int_equal(council_merge(s.db, s.nimes, s.empty), E_NOT_FOUND);
	struct buf faults = { 0 };
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(db_check(s.db, &faults), 0);
	buf_free(&faults);
}

static bool
note_board(void *ctx, const struct board_row *row)
{
	struct buf *out = ctx;
	buf_fmt(out, "%s ", row->slug);
	return true;
}

static void
boards_change_places(void **state)
{
	(void)state;
	struct buf before = { 0 }, after = { 0 };
	as(SYSOP);
	assert_int_equal(board_themes(s.db, note_board, &before), E_OK);
	char *first = strndup(before.data, strcspn(before.data, " "));
	assert_int_equal(board_move(s.db, board_of(first), -1), E_DONE);
	assert_int_equal(board_move(s.db, board_of(first), 1), E_OK);
	assert_int_equal(board_themes(s.db, note_board, &after), E_OK);
	assert_string_not_equal(buf_text(&after), buf_text(&before));
	assert_int_equal(board_move(s.db, board_of(first), -1), E_OK);
	buf_cut(&after, 0);
	assert_int_equal(board_themes(s.db, note_board, &after), E_OK);
	assert_string_equal(buf_text(&after), buf_text(&before));
	assert_int_equal(board_move(s.db, (board_id){ 999 }, 1), E_NOT_FOUND);
	as(NATION);
	assert_int_equal(board_move(s.db, board_of(first), 1), E_DENIED);
	free(first);
	buf_free(&before);
	buf_free(&after);
}

static void
a_closed_board_is_read_only(void **state)
{
	(void)state;
	struct board board = { 0 };
	struct thread t = { 0 };
	item_id thread, reply;
	as(SYSOP);
	assert_int_equal(board_find(s.db, "questions", &board), E_OK);
	as(ALBA);
	assert_int_equal(thread_new(s.db, board.id, "Un local", "Où donc ?", &thread), E_OK);
	as(SYSOP);
	board.closed = true;
	assert_int_equal(board_put(s.db, &board), E_OK);
	as(ALBA);
	assert_int_equal(thread_new(s.db, board.id, "Un autre", "Où donc ?", &reply), E_LOCKED);
	assert_int_equal(thread_reply(s.db, thread, "Là.", &reply), E_LOCKED);
	assert_int_equal(thread_get(s.db, thread, &t), E_OK);
	assert_true(t.locked);
	thread_free(&t);
	as(SYSOP);
	board.closed = false;
	assert_int_equal(board_put(s.db, &board), E_OK);
	as(ALBA);
	assert_int_equal(thread_reply(s.db, thread, "Là.", &reply), E_OK);
	board_free(&board);
}

/* ---- the store ---- */

static void
note_step(void *ctx, int step, int steps)
{
	int *n = ctx;
	assert_true(db_idle(s.db));
	assert_int_equal(step, (*n)++);
	assert_true(step < steps);
}

static void
how_the_store_is(void **state)
{
	(void)state;
	struct store_status now;
	struct buf faults = { 0 };
	char copy[128];
	int steps = 0;
	as(NATION);
	assert_int_equal(db_status(s.db, &now), E_DENIED);
	as(SYSOP);
	assert_int_equal(db_status(s.db, &now), E_OK);
	assert_int_equal(now.check, 0);
	assert_int_equal(now.backup, 0);
	assert_true(now.version >= 7);
	assert_int_equal(now.size, now.pages * now.page_size);
	bool found = false;
	for (int i = 0; i < now.table_count; i++)
		if (!strcmp(now.tables[i].name, "member")) {
			found = true;
			assert_int_equal(now.tables[i].rows, 11);
		}
	assert_true(found);
	buf_free(&now.path);
	set_clock(T0 + DAY);
	assert_int_equal(db_check_told(s.db, &faults, note_step, &steps), 0);
	assert_true(steps > 10);
	snprintf(copy, sizeof copy, "%s-copy", s.path);
	assert_int_equal(db_backup(s.db, copy), E_OK);
	unlink(copy);
	assert_int_equal(db_status(s.db, &now), E_OK);
	assert_int_equal(now.check, T0 + DAY);
	assert_int_equal(now.backup, T0 + DAY);
	assert_int_equal(now.faults, 0);
	assert_int_equal(acts("backup", 0), 1);
	assert_int_equal(acts("check", 0), 1);
	buf_free(&now.path);
	buf_free(&faults);
}

/* ---- a part of it, as a file ---- */

SQL_READ(rows_of_secrets, "SELECT (SELECT count(*) FROM member WHERE password IS NOT NULL)"
    " + (SELECT count(*) FROM member_key)");
SQL_READ(rows_of_people, "SELECT count(*) FROM member WHERE id > 1");

/* Does the file hold these bytes? */
static bool
holds(const char *path, const char *word)
{
	struct buf all = { 0 };
	char block[1 << 16];
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
		buf_add(&all, block, n);
	fclose(f);
	bool found = memmem(all.data, all.len, word, strlen(word));
	buf_free(&all);
	return found;
}

static bool
any_version(void *ctx, const struct version_row *row)
{
	(void)ctx, (void)row;
	return true;
}

static void
a_council_as_a_file_of_its_own(void **state)
{
	(void)state;
	char slug[40], path[128];
	item_id own, land, far, reply;
	struct thread t = { 0 };
	struct buf faults = { 0 };
	join("maya", s.nimes);
	snprintf(slug, sizeof slug, "conseil-%lld", (long long)s.nimes.n);
	as(ALBA);
	assert_int_equal(member_set_password(s.db, s.who[ALBA], "une phrase longue"), E_OK);
	assert_int_equal(thread_new(s.db, board_of(slug), "Nos projets", "Entre nous.", &own), E_OK);
	assert_int_equal(thread_new(s.db, board_of("territoire-30"), "Le Gard", "Bonjour le Gard.", &land), E_OK);
	as(XAVIER);
	assert_int_equal(thread_reply(s.db, land, "Bonjour de Trelaze.", &reply), E_OK);
	snprintf(slug, sizeof slug, "conseil-%lld", (long long)s.trelaze.n);
	assert_int_equal(thread_new(s.db, board_of(slug), "Ailleurs", "Secret d'Anjou.", &far), E_OK);
	snprintf(path, sizeof path, "%s-part", s.path);
	as(NATION);
	assert_int_equal(db_extract(s.db, s.nimes, "", false, path, &faults), E_DENIED);
	as(SYSOP);
	assert_int_equal(db_extract(s.db, (item_id){ 99 }, "", false, path, &faults), E_NOT_FOUND);
	assert_int_equal(db_extract(s.db, s.nimes, "", false, path, &faults), E_OK);
	assert_int_equal(db_extract(s.db, s.nimes, "", false, path, &faults), E_EXISTS);
	assert_string_equal(buf_text(&faults), "");
	/* Nothing of others is in the file, not even in its free pages. */
	assert_true(holds(path, "Entre nous."));
	assert_false(holds(path, "Secret d'Anjou."));
	assert_false(holds(path, "xavier@example.org"));
	assert_false(holds(path, "Bonjour le Gard."));
	assert_false(holds(path, "$y$"));
	struct db *before = s.db;
	assert_int_equal(db_open(&s.db, path, DB_EXISTING, true), E_OK);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(db_check(s.db, &faults), 0);
	assert_int_equal(db_one(s.db, rows_of_secrets, -1), 0);
	assert_int_equal(db_one(s.db, rows_of_people, -1), 5); /* alba, bruno, rosa, anjou, maya */
	assert_int_equal(council_count(s.db, ""), 1);
	as(ALBA);
	assert_int_equal(hits("projets"), 1);
	assert_int_equal(hits("secret"), 0);
	assert_int_equal(council_versions(s.db, s.nimes, 0, 1, 9, any_version, NULL), 1);
	assert_int_equal(thread_get(s.db, own, &t), E_OK);
	thread_free(&t);
	assert_int_equal(thread_reply(s.db, own, "Ici aussi.", &reply), E_OK);
	db_close(s.db);
	s.db = before;
	/* The département, with its own board; who is of elsewhere has no name there. */
	unlink(path);
	as(SYSOP);
	assert_int_equal(db_extract(s.db, (item_id){ 0 }, "30", true, path, &faults), E_OK);
	assert_true(holds(path, "Bonjour de Trelaze."));
	assert_false(holds(path, "xavier@example.org") || holds(path, "xavier Martin"));
	assert_true(holds(path, "$y$"));
	assert_int_equal(db_open(&s.db, path, DB_EXISTING, true), E_OK);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(council_count(s.db, ""), 2);
	assert_int_equal(council_count(s.db, "30"), 2);
	assert_true(db_one(s.db, rows_of_secrets, -1) >= 1);
	as(ALBA);
	assert_int_equal(thread_get(s.db, land, &t), E_OK);
	assert_int_equal(t.posts, 2);
	thread_free(&t);
	assert_int_equal(thread_get(s.db, far, &t), E_NOT_FOUND);
	member_id id;
	assert_int_equal(login_password(s.db, "alba", "une phrase longue", &id), E_OK);
	db_close(s.db);
	s.db = before;
	unlink(path);
	assert_int_equal(acts("extract", s.nimes.n), 1);
	buf_free(&faults);
}

/* ---- settings ---- */

static void
settings_hold_at_once_and_within_bounds(void **state)
{
	(void)state;
	assert_int_equal(setting_number(s.db, "approvals_needed"), 2);
	as(NATION);
	assert_int_equal(setting_set(s.db, "approvals_needed", "3"), E_DENIED);
	as(SYSOP);
	assert_int_equal(setting_set(s.db, "approvals_needed", "0"), E_INVALID);
	assert_int_equal(setting_set(s.db, "approvals_needed", "21"), E_INVALID);
	assert_int_equal(setting_set(s.db, "approvals_needed", "two"), E_INVALID);
	assert_int_equal(setting_set(s.db, "approvals_needed", ""), E_INVALID);
	assert_int_equal(setting_set(s.db, "approvals_needed", "9999999999999999999999"), E_INVALID);
	assert_int_equal(setting_set(s.db, "demo", "1"), E_NOT_FOUND);
	assert_int_equal(setting_set(s.db, "approvals_needed", " 1 "), E_OK);
	assert_int_equal(setting_number(s.db, "approvals_needed"), 1);
	assert_int_equal(acts("set", 0), 1);
	/* One yes is enough now. */
	member_id maya = join("maya", s.nimes);
	enum member_state now;
	as(ALBA);
	assert_int_equal(candidate_yes(s.db, maya, &now), E_OK);
	assert_int_equal(now, MEMBER_ACTIVE);
	/* What somebody wrote beside us is brought into bounds. */
	assert_int_equal(db_set_setting(s.db, "approvals_needed", "1000"), E_OK);
	assert_int_equal(setting_number(s.db, "approvals_needed"), 20);
	for (int i = 0; i < settings_count; i++)
		assert_true(settings[i].min <= settings[i].otherwise && settings[i].otherwise <= settings[i].max);
}

static void
an_invitation_lasts_as_long_as_is_set(void **state)
{
	(void)state;
	struct buf code = { 0 }, inviter = { 0 };
	item_id council;
	as(SYSOP);
	assert_int_equal(setting_set(s.db, "invitation_days", "3"), E_OK);
	as(ROSA);
	assert_int_equal(invitation_new(s.db, s.nimes, &code), E_OK);
	set_clock(T0 + 2 * DAY);
	assert_int_equal(invitation_get(s.db, buf_text(&code), &council, &inviter), E_OK);
	set_clock(T0 + 4 * DAY);
	assert_int_equal(invitation_get(s.db, buf_text(&code), &council, &inviter), E_NOT_FOUND);
	buf_free(&code);
	buf_free(&inviter);
}

/* ---- the charter ---- */

static bool
note_charter(void *ctx, const struct charter_row *row)
{
	struct buf *out = ctx;
	buf_fmt(out, "%lld:%lld ", (long long)row->version, (long long)row->accepted);
	return true;
}

static void
who_accepted_which_charter(void **state)
{
	(void)state;
	struct buf seen = { 0 };
	as(NATION);
	assert_int_equal(charter_set(s.db, "Un"), E_OK);
	as(ALBA);
	assert_int_equal(charter_accept(s.db, 1), E_OK);
	as(BRUNO);
	assert_int_equal(charter_accept(s.db, 1), E_OK);
	as(NATION);
	assert_int_equal(charter_set(s.db, "Deux"), E_OK);
	as(BRUNO);
	assert_int_equal(charter_accept(s.db, 2), E_OK);
	as(NATION);
	assert_int_equal(charter_page(s.db, 0, 1, 9, note_charter, &seen), 2);
	assert_string_equal(buf_text(&seen), "2:1 1:1 ");
	assert_int_equal(charter_readers(s.db), 10);
	assert_int_equal(charter_page(s.db, 1, -1, 9, note_charter, &seen), 1);
	buf_cut(&seen, 0);
	assert_int_equal(charter_version(s.db, 1, &seen), E_OK);
	assert_string_equal(buf_text(&seen), "Un");
	assert_int_equal(charter_version(s.db, 3, &seen), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(charter_page(s.db, 0, 1, 9, note_charter, &seen), E_DENIED);
	buf_free(&seen);
}

/* ---- journal and outbox ---- */

struct noted {
	int count;
	int64_t first, last;
	char target[80];
};

static bool
note_act(void *ctx, const struct journal_row *row)
{
	struct noted *n = ctx;
	n->first = n->count++ ? n->first : row->id;
	n->last = row->id;
	snprintf(n->target, sizeof n->target, "%s", row->target);
	return true;
}

static int
journal(struct journal_filter filter, struct noted *noted)
{
	filter.act = filter.act ? filter.act : "";
	filter.object = filter.object ? filter.object : "";
	*noted = (struct noted){ 0 };
	return journal_find(s.db, &filter, 0, 1, 1000, note_act, noted);
}

static void
the_journal_by_person_act_and_day(void **state)
{
	(void)state;
	struct noted n;
	as(SYSOP);
	set_clock(T0 + DAY);
	assert_int_equal(member_suspend(s.db, s.who[ALBA], "Non"), E_OK);
	set_clock(T0 + 3 * DAY);
	assert_int_equal(member_reinstate(s.db, s.who[ALBA]), E_OK);
	assert_int_equal(member_suspend(s.db, s.who[BRUNO], "Non"), E_OK);
	assert_int_equal(journal((struct journal_filter){ .actor = s.who[SYSOP] }, &n), 3);
	assert_true(n.first > n.last);
	assert_string_equal(n.target, "alba Martin");
	assert_int_equal(journal((struct journal_filter){ .act = "suspend" }, &n), 2);
	assert_int_equal(journal((struct journal_filter){ .act = "suspend", .actor = s.who[SYSOP] }, &n), 2);
	assert_int_equal(journal((struct journal_filter){ .act = "suspend", .actor = MACHINE }, &n), 0);
	assert_int_equal(journal((struct journal_filter){ .act = "suspend", .since = T0 + 2 * DAY }, &n), 1);
	assert_string_equal(n.target, "bruno Martin");
	assert_int_equal(journal((struct journal_filter){ .actor = s.who[SYSOP], .until = T0 + 2 * DAY }, &n), 1);
	assert_int_equal(journal((struct journal_filter){ .since = T0 + 9 * DAY }, &n), 0);
	/* All about somebody: added, suspended, reinstated. */
	assert_int_equal(journal((struct journal_filter){ .object = "member", .object_id = s.who[ALBA].n }, &n), 3);
	int64_t middle = n.last + 1;
	struct journal_filter about = { .act = "", .object = "member", .object_id = s.who[ALBA].n };
	struct noted up = { 0 };
	assert_int_equal(journal_find(s.db, &about, middle, -1, 9, note_act, &up), 2);
	assert_true(up.first < up.last);
	as(NATION);
	assert_int_equal(journal_find(s.db, &about, 0, 1, 9, note_act, &up), E_DENIED);
}

SQL_WRITE(put_mail_state, "UPDATE outbox SET state = :state WHERE id = :id");

static bool
note_mail(void *ctx, const struct outbox_row *row)
{
	*(int64_t *)ctx = row->id;
	return true;
}

static void
mails_are_sent_again_by_hand(void **state)
{
	(void)state;
	int64_t id = 0, other = 0;
	as(SYSOP);
	assert_int_equal(member_suspend(s.db, s.who[ALBA], "Non"), E_OK);
	assert_int_equal(outbox_find(s.db, MAIL_DUE, 0, 1, 9, note_mail, &id), 1);
	assert_int_equal(outbox_again(s.db, id), E_DONE);
	assert_int_equal(outbox_again(s.db, id + 100), E_NOT_FOUND);
	for (int i = MAIL_SENT; i < MAIL_STATES; i++) {
		assert_int_equal(db_begin(s.db), E_OK);
		db_run(s.db, put_mail_state, T("state", mail_state_name(i)), I("id", id));
		assert_int_equal(db_commit(s.db), E_OK);
		assert_int_equal(outbox_find(s.db, i, 0, 1, 9, note_mail, &other), 1);
		assert_int_equal(outbox_find(s.db, MAIL_DUE, 0, 1, 9, note_mail, &other), 0);
		assert_int_equal(outbox_again(s.db, id), i == MAIL_SENT ? E_DONE : E_OK);
	}
	assert_int_equal(acts("outbox.again", id), 3);
	assert_int_equal(outbox_get(s.db, id, note_mail, &other), E_OK);
	assert_int_equal(outbox_get(s.db, id + 100, note_mail, &other), E_NOT_FOUND);
	as(NATION);
	assert_int_equal(outbox_again(s.db, id), E_DENIED);
	assert_int_equal(outbox_get(s.db, id, note_mail, &other), E_DENIED);
	assert_int_equal(outbox_find(s.db, -1, 0, 1, 9, note_mail, &other), E_DENIED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(members_are_found_by_letters),
		TEST(found_members_come_page_by_page),
		TEST(suspended_and_let_in_again),
		TEST(moved_to_another_council),
		TEST(whose_keys_and_password_were_changed_is_told),
		TEST(two_sheets_of_one_council_become_one),
		TEST(boards_change_places),
		TEST(a_closed_board_is_read_only),
		TEST(how_the_store_is),
		TEST(a_council_as_a_file_of_its_own),
		TEST(settings_hold_at_once_and_within_bounds),
		TEST(an_invitation_lasts_as_long_as_is_set),
		TEST(who_accepted_which_charter),
		TEST(the_journal_by_person_act_and_day),
		TEST(mails_are_sent_again_by_hand),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
