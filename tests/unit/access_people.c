/* Who reads what is no item, by every exit of the store: people and their papers, words, lines of the day. */
#include "db/word.h"
#include "tests/unit/access.h"

/* ---- what is not an item ---- */

static bool
count_candidate(void *ctx, const struct candidate_row *row)
{
	*(int *)ctx += row->id.n == kinds[WAITING].id.n;
	return true;
}

static bool
any_member(void *ctx, const struct member_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static bool
any_journal(void *ctx, const struct journal_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static bool
any_outbox(void *ctx, const struct outbox_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static bool
any_session(void *ctx, const struct session_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static bool
any_key(void *ctx, int64_t id, const char *type, const char *blob, const char *name, int64_t created,
    int64_t used)
{
	(void)ctx;
	(void)used;
	(void)id;
	(void)created;
	return type && blob && name;
}

/* What each kind lets which others see: nothing, his council's members, all members. */
static member_id shows[3];

static int64_t
seen_by(const struct kind *viewer, int i, const char *where)
{
	struct person_sheet sheet;
	struct thing none = { 0 };
	int64_t seen = 0;
	bool own = shows[i].n == viewer->id.n;
	expect(viewer, where, &none, viewer->active ? E_OK : E_NOT_FOUND,
	    person_sheet_get(s.db, shows[i], &sheet));
	for (int f = 0; f < CONTACT_FIELDS; f++)
		seen += sheet.field[f].len > 0;
	person_sheet_free(&sheet);
	/* Of an address that waits for its code nobody else hears. */
	struct contact contact;
	expect(viewer, "contact_get", &none, own || viewer->manages ? E_OK : E_DENIED,
	    contact_get(s.db, shows[i], &contact));
	contact_free(&contact);
	return seen;
}

static bool
note_knows(void *ctx, const struct person_row *row)
{
	int *knows = ctx;
	for (int i = 0; i < 3; i++)
		if (row->id.n == shows[i].n)
			knows[i] += *row->knows ? 1 : 100;
	return true;
}

static void
contact_fields(void **state)
{
	(void)state;
	struct thing none = { 0 };
	static const char *const words[CONTACT_FIELDS] = { "", "0612345678", "Moi.", "Le droit." };
	wrong = 0;
	for (int i = 0; i < 3; i++) {
		static const char *const logins[] = { "montre0", "montre1", "montre2" };
		struct contact contact = { 0 };
		enum contact_field field;
		db_set_viewer(s.db, MACHINE);
		db_set_plain(s.db, false);
		add_member(REGION, logins[i], s.nimes, ROLE_MEMBER, NULL);
		shows[i] = s.who[REGION];
		for (int f = 0; f < CONTACT_FIELDS; f++) {
			buf_str(&contact.field[f], f ? words[f] : logins[i]);
			contact.seen[f] = (enum seen_by)i;
		}
		buf_str(&contact.field[CONTACT_EMAIL], "@example.org");
		assert_int_equal(contact_set(s.db, shows[i], &contact, &field), E_OK);
		contact_free(&contact);
	}
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		view_as(viewer);
		for (int direction = -1; direction <= 1; direction += 2)
			for (int by_letters = 0; by_letters < 2; by_letters++) {
				int knows[3] = { 0 };
				person_page(s.db, by_letters ? "montre" : "", NULL, NOBODY, direction, 99,
				    note_knows, knows);
				for (int i = 0; i < 3; i++) {
					bool sees = i == SEEN_MEMBERS || (i == SEEN_COUNCIL && viewer->ours);
					none.id.n = i;
					/* A list is no place for the sysop's powers: it shows what members see. */
					expect(viewer, "person_page", &none,
					    !viewer->active ? 0 : sees ? 1 : 100, knows[i]);
				}
			}
		for (int i = 0; i < 3; i++) {
			bool sees = viewer->manages || i == SEEN_MEMBERS || (i == SEEN_COUNCIL && viewer->ours);
			none.id.n = i;
			expect(viewer, "person_sheet_get", &none, viewer->active && sees ? CONTACT_FIELDS : 0,
			    seen_by(viewer, i, "person_sheet_get"));
			expect(viewer, "member_code", &none, viewer->active && (viewer->manages || k == LAND ||
			    k == NATIONAL), may_give_code(s.db, shows[i]));
			expect(viewer, "session_list", &none, viewer->manages,
			    session_list(s.db, shows[i], 0, 9, any_session, NULL) >= 0);
		}
	}
	assert_int_equal(wrong, 0);
}

static void
note_own_text(void *ctx, item_id item, int64_t version, const char *title, int64_t created, const char *body)
{
	struct given *g = ctx;
	(void)version;
	(void)title;
	(void)created;
	assert_non_null(body);
	note(g, item);
}

/* One's own data: all of one's texts, whatever became of them, and none of another's. */
static void
own_exits(void **state)
{
	(void)state;
	struct thing none = { 0 };
	wrong = 0;
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		struct given g = { 0 };
		item_id from = { 0 };
		view_as(viewer);
		own_text_page(s.db, from, 0, 2 * ITEMS, note_own_text, &g);
		for (int i = 0; i < ITEMS; i++) {
			struct thing t = thing_of(i);
			bool own = viewer->id.n && authors[t.author].n == viewer->id.n;
			expect(viewer, "own_text_page", &t, own ? 2 : 0, g.times[i]);
		}
		expect(viewer, "member_erase", &none, E_DENIED,
		    viewer->manages || k == MEMBER ? E_DENIED : member_erase(s.db, kinds[MEMBER].id, "alba"));
	}
	assert_int_equal(wrong, 0);
}

static void
people_and_papers(void **state)
{
	(void)state;
	struct thing none = { 0 };
	wrong = 0;
	view_as(&kinds[MEMBER]);
	assert_int_equal(draft_keep(s.db, "board:1", "Titre", "brouillon"), E_OK);
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		struct member member = { 0 };
		struct draft draft = { 0 };
		bool self = k == MEMBER, sees = viewer->active;
		int candidates = 0;
		int64_t oldest;
		view_as(viewer);
		expect(viewer, "member_get", &none, sees ? E_OK : E_NOT_FOUND,
		    member_get(s.db, kinds[MEMBER].id, &member));
		expect(viewer, "addresses", &none, self || viewer->manages, member.email.len > 0);
		member_free(&member);
		expect(viewer, "member_find", &none, sees ? E_OK : E_NOT_FOUND,
		    member_find(s.db, "alba", &member));
		member_free(&member);
		expect(viewer, "the suspended", &none, viewer->manages || k == SUSPENDED ? E_OK : E_NOT_FOUND,
		    member_get(s.db, kinds[SUSPENDED].id, &member));
		member_free(&member);
		expect(viewer, "keys", &none, self || viewer->manages, member_keys(s.db, kinds[MEMBER].id,
		    any_key, NULL) >= 0);
		expect(viewer, "member_page", &none, viewer->manages,
		    member_page(s.db, MEMBER_ACTIVE, NOBODY, 1, 9, any_member, NULL) >= 0);
		expect(viewer, "member_search", &none, viewer->manages,
		    member_search(s.db, -1, "alba", "", NOBODY, 1, 9, any_member, NULL) >= 0);
		expect(viewer, "journal_find", &none, viewer->manages,
		    journal_find(s.db, &(struct journal_filter){ .act = "add", .object = "" }, 0, 1, 9, any_journal,
			NULL) >= 0);
		expect(viewer, "outbox_find", &none, viewer->manages,
		    outbox_find(s.db, MAIL_DUE, 0, 1, 9, any_outbox, NULL) >= 0);
		expect(viewer, "outbox_get", &none, viewer->manages ? E_NOT_FOUND : E_DENIED,
		    outbox_get(s.db, 999999, any_outbox, NULL));
		expect(viewer, "journal_page", &none, viewer->manages,
		    journal_page(s.db, 0, 9, any_journal, NULL) >= 0);
		expect(viewer, "outbox_page", &none, viewer->manages,
		    outbox_page(s.db, 0, 9, any_outbox, NULL) >= 0);
		expect(viewer, "db_backup", &none, true,
		    viewer->manages || db_backup(s.db, "/nowhere/copy") == E_DENIED);
		expect(viewer, "session_page", &none, sees, session_page(s.db, any_session, NULL) >= 0);
		candidate_page(s.db, NOBODY, 1, 99, count_candidate, &candidates);
		expect(viewer, "candidate_page", &none, viewer->approves, candidates);
		expect(viewer, "candidate_count", &none, viewer->approves, candidate_count(s.db, &oldest) > 0);
		expect(viewer, "draft_get", &none, self, draft_get(s.db, "board:1", &draft) == E_OK);
		draft_free(&draft);
		expect(viewer, "draft_last", &none, self, draft_last(s.db, &draft) == E_OK);
		draft_free(&draft);
	}
	assert_int_equal(wrong, 0);
}

/* ---- what people say to each other while they are on line ---- */

static bool
count_word(void *ctx, const struct word_row *row)
{
	*(int *)ctx += !strcmp(row->body, "Tu viens ce soir ?");
	return true;
}

static bool
count_notice(void *ctx, const struct notice *row)
{
	*(int *)ctx += !strcmp(buf_text(&row->body), "Tu viens ce soir ?");
	return true;
}

static bool
note_line(void *ctx, const struct daily_row *row)
{
	int *times = ctx;
	times[!strcmp(row->body, "Une ligne à cacher")]++;
	return true;
}

static bool
note_caller(void *ctx, const struct caller_row *row)
{
	int *times = ctx;
	times[0] += row->id.n == kinds[MEMBER].id.n;
	times[1] += row->id.n == kinds[RESOURCE].id.n;
	return true;
}

/* A word from MEMBER to RESOURCE, who is not to be seen; lines of both, that of RESOURCE is hidden. */
static int64_t
say_things(void)
{
	bool here;
	view_as(&kinds[MEMBER]);
	assert_int_equal(word_send(s.db, kinds[RESOURCE].id, "Tu viens ce soir ?", &here), E_OK);
	assert_int_equal(daily_put(s.db, "Une ligne"), E_OK);
	login_done(s.db, kinds[MEMBER].id);
	view_as(&kinds[RESOURCE]);
	assert_int_equal(daily_put(s.db, "Une ligne à cacher"), E_OK);
	assert_int_equal(member_set_presence(s.db, false, true), E_OK);
	login_done(s.db, kinds[RESOURCE].id);
	view_as(&kinds[OWNER]);
	int times[2] = { 0 };
	assert_int_equal(daily_page(s.db, 0, 1, 9, note_line, times), 2);
	/* The newest of two lines. */
	int64_t hidden = 2;
	assert_int_equal(daily_hide(s.db, hidden, true), E_OK);
	return hidden;
}

static void
words_and_lines(void **state)
{
	(void)state;
	struct thing none = { 0 };
	wrong = 0;
	int64_t hidden = say_things();
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		bool got = k == RESOURCE, sent = k == MEMBER, sees = viewer->active;
		bool guards = k == LAND || viewer->moderates;
		int words[4] = { 0 }, lines[2][2] = { { 0 } }, one[2] = { 0 }, callers[2] = { 0 };
		view_as(viewer);
		word_page(s.db, false, 0, 9, count_word, &words[0]);
		word_page(s.db, true, 0, 9, count_word, &words[1]);
		word_look(s.db, 0, 9, count_word, &words[2]);
		notice_page(s.db, 0, 1, 9, count_notice, &words[3]);
		expect(viewer, "word_page", &none, got, words[0]);
		expect(viewer, "word_page of those sent", &none, sent, words[1]);
		expect(viewer, "word_look", &none, got, words[2]);
		expect(viewer, "notice_page", &none, got, words[3]);
		expect(viewer, "word_check", &none,
		    k == RESOURCE ? E_INVALID : sees && k != OPERATOR ? E_OK : E_DENIED,
		    word_check(s.db, kinds[RESOURCE].id));
		for (int up = 0; up < 2; up++) {
			expect(viewer, "daily_page", &none, sees,
			    daily_page(s.db, 0, up ? -1 : 1, 9, note_line, lines[up]) >= 0);
			expect(viewer, "daily_page's line", &none, sees, lines[up][0]);
			expect(viewer, "daily_page's hidden line", &none, got || guards, lines[up][1]);
		}
		expect(viewer, "daily_get", &none, got || guards ? E_OK : E_NOT_FOUND,
		    daily_get(s.db, hidden, note_line, one));
		expect(viewer, "daily_may_hide", &none, guards, daily_may_hide(s.db, hidden));
		expect(viewer, "caller_list", &none, sees, caller_list(s.db, note_caller, callers) >= 0);
		expect(viewer, "caller_list's member", &none, sees, callers[0]);
		expect(viewer, "caller_list, not to be seen", &none, 0, callers[1]);
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_and_papers),
		cmocka_unit_test(contact_fields),
		cmocka_unit_test(own_exits),
		cmocka_unit_test(words_and_lines),
	};
	return cmocka_run_group_tests(tests, make_world, remove_world);
}
