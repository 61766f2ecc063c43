/* What becomes of a sheet: its history and the way back, who takes over, when it was checked, who proposes one. */
#include "people.h"

#include "bbs/base/i18n.h"

/* ---- the history ---- */

/* Sets fields of the sheet of NIMES as somebody; the answer. */
static int
edit(enum who who, const char *email, const char *description)
{
	struct council c;
	as(who);
	assert_int_equal(council_get(s.db, s.nimes, &c), E_OK);
	buf_cut(&c.email, 0);
	buf_str(&c.email, email);
	buf_cut(&c.description, 0);
	buf_str(&c.description, description);
	int r = council_put(s.db, &c);
	council_free(&c);
	return r;
}

static bool
note_version(void *ctx, const struct version_row *row)
{
	buf_fmt(ctx, "%d %s %s [%s] %+d\n", (int)row->version, row->author, row->cause, row->fields,
	    (int)((row->created - T0) / DAY));
	return true;
}

static void
expect_history(const char *expected)
{
	struct buf got = { 0 };
	assert_true(council_versions(s.db, s.nimes, 0, 1, 20, note_version, &got) >= 0);
	assert_string_equal(buf_text(&got), expected);
	buf_free(&got);
}

static void
every_change_is_kept(void **state)
{
	(void)state;
	set_clock(T0 + DAY);
	assert_int_equal(edit(ALBA, "garrigues@example.org", "Un.\nDeux.\nTrois."), E_OK);
	set_clock(T0 + 2 * DAY);
	assert_int_equal(edit(BRUNO, "garrigues@example.org", "Un.\nDeux et demi.\nTrois.\nQuatre."), E_OK);
	assert_int_equal(edit(BRUNO, "garrigues@example.org", "Un.\nDeux et demi.\nTrois.\nQuatre."), E_OK);
	set_clock(T0 + 3 * DAY);
	assert_int_equal(edit(ALBA, "", "Un.\nDeux et demi.\nTrois.\nQuatre."), E_OK);
	expect_history("4 alba Martin edit [email] +3\n3 bruno Martin edit [description] +2\n"
		       "2 alba Martin edit [email description] +1\n1 Régie add [] +0\n");

	struct council before, after;
	struct buf told = { 0 };
	assert_int_equal(council_version(s.db, s.nimes, 2, &before), E_OK);
	assert_int_equal(council_version(s.db, s.nimes, 3, &after), E_OK);
	assert_string_equal(buf_text(&before.description), "Un.\nDeux.\nTrois.");
	assert_string_equal(buf_text(&before.communes), "30189");
	council_tell(s.db, &before, &after, &told);
	assert_string_equal(buf_text(&told), "Description, line taken out: Deux.\n"
	    "Description, line added: Deux et demi.\nDescription, line added: Quatre.\n");
	buf_cut(&told, 0);
	council_free(&after);
	assert_int_equal(council_version(s.db, s.nimes, 4, &after), E_OK);
	council_tell(s.db, &before, &after, &told);
	assert_non_null(strstr(buf_text(&told), "Mail of the council: garrigues@example.org → (nothing)\n"));
	buf_free(&told);
	council_free(&before);
	council_free(&after);
	assert_int_equal(council_version(s.db, s.nimes, 5, &after), E_NOT_FOUND);
	assert_int_equal(council_version(s.db, s.nimes, 0, &after), E_NOT_FOUND);
}

static void
pages_of_history(void **state)
{
	(void)state;
	struct buf got = { 0 };
	for (int i = 0; i < 9; i++)
		assert_int_equal(edit(ALBA, i % 2 ? "a@example.org" : "b@example.org", ""), E_OK);
	assert_int_equal(council_versions(s.db, s.nimes, 4, 1, 2, note_version, &got), 2);
	assert_true(!strncmp(buf_text(&got), "3 ", 2));
	buf_cut(&got, 0);
	assert_int_equal(council_versions(s.db, s.nimes, 4, -1, 2, note_version, &got), 2);
	assert_true(!strncmp(buf_text(&got), "5 ", 2));
	buf_free(&got);
}

static void
who_reads_the_history(void **state)
{
	(void)state;
	static const struct {
		enum who who;
		bool reads;
		int restores;
	} viewers[] = { { VISITOR, false, E_NOT_FOUND }, { XAVIER, false, E_NOT_FOUND },
		{ NATION, true, E_DENIED }, { GARD, true, E_DENIED }, { REGION, true, E_DENIED },
		{ EPCI, true, E_DENIED }, { ALBA, true, E_OK }, { ANJOU, true, E_DONE }, { SYSOP, true, E_DONE } };
	assert_int_equal(edit(ALBA, "garrigues@example.org", ""), E_OK);
	for (size_t i = 0; i < sizeof viewers / sizeof *viewers; i++) {
		struct council c;
		struct buf got = { 0 };
		as(viewers[i].who);
		int n = council_versions(s.db, s.nimes, 0, 1, 20, note_version, &got);
		assert_int_equal(n > 0, viewers[i].reads);
		assert_int_equal(council_version(s.db, s.nimes, 1, &c), viewers[i].reads ? E_OK : E_NOT_FOUND);
		council_free(&c);
		assert_int_equal(council_restore(s.db, s.nimes, 1), viewers[i].restores);
		buf_free(&got);
	}
	/* An animator of elsewhere: of the council's, but not by his territory. */
	as(GARD);
	struct council c;
	assert_int_equal(council_versions(s.db, s.trelaze, 0, 1, 20, note_version, NULL), E_DENIED);
	assert_int_equal(council_version(s.db, s.trelaze, 1, &c), E_NOT_FOUND);
}

static void
a_version_is_put_back(void **state)
{
	(void)state;
	struct council c;
	assert_int_equal(edit(ALBA, "garrigues@example.org", "Un.\nDeux."), E_OK);
	assert_int_equal(edit(BRUNO, "autre@example.org", ""), E_OK);
	as(ALBA);
	set_clock(T0 + DAY);
	assert_int_equal(council_restore(s.db, s.nimes, 2), E_OK);
	assert_int_equal(council_restore(s.db, s.nimes, 2), E_DONE);
	assert_int_equal(council_restore(s.db, s.nimes, 99), E_NOT_FOUND);
	assert_int_equal(council_get(s.db, s.nimes, &c), E_OK);
	assert_string_equal(buf_text(&c.email), "garrigues@example.org");
	assert_string_equal(buf_text(&c.description), "Un.\nDeux.");
	assert_int_equal(c.changed, T0 + DAY);
	council_free(&c);
	expect_history("4 alba Martin restore [email description] +1\n3 bruno Martin edit [email description] +0\n"
		       "2 alba Martin edit [email description] +0\n1 Régie add [] +0\n");
	assert_int_equal(acts("council.restore", s.nimes.n), 1);
}

/* ---- the resource person's place ---- */

static enum role
role_of(enum who who)
{
	struct member m;
	as(SYSOP);
	assert_int_equal(member_get(s.db, s.who[who], &m), E_OK);
	enum role role = m.role;
	member_free(&m);
	return role;
}

/* The resource person on the sheet of NIMES as members read it, and what that person has said. */
static void
expect_resource(const char *name, const char *email, enum confirmation confirmation)
{
	struct council c;
	as(ALBA);
	assert_int_equal(council_get(s.db, s.nimes, &c), E_OK);
	assert_string_equal(buf_text(&c.resource_name), name);
	assert_string_equal(buf_text(&c.resource_email), email);
	assert_int_equal(c.resource, confirmation);
	council_free(&c);
}

static bool
asked(enum who who)
{
	struct buf giver = { 0 };
	item_id council = { 0 };
	as(who);
	bool yes = council_asks(s.db, &council, &giver);
	assert_true(!yes || (council.n == s.nimes.n && giver.len));
	buf_free(&giver);
	return yes;
}

static void
set_resource(void)
{
	struct council c;
	as(ROSA);
	assert_int_equal(council_get(s.db, s.nimes, &c), E_OK);
	buf_str(&c.resource_name, "Rosa Martin");
	buf_str(&c.resource_email, "rosa@example.org");
	c.resource_public = true;
	assert_int_equal(council_put(s.db, &c), E_OK);
	council_free(&c);
}

static void
the_place_is_handed_over(void **state)
{
	(void)state;
	set_resource();
	as(ROSA);
	assert_int_equal(council_hand_over(s.db, s.nimes, s.who[BRUNO]), E_OK);
	assert_int_equal(council_hand_over(s.db, s.nimes, s.who[BRUNO]), E_DONE);
	/* His address is nobody's before his yes, and the powers are still hers. */
	expect_resource("bruno Martin", "", TO_CONFIRM);
	assert_int_equal(role_of(ROSA), ROLE_RESOURCE);
	assert_int_equal(role_of(BRUNO), ROLE_MEMBER);
	assert_int_equal(mails("handover", "bruno@example.org", "Les Garrigues"), 1);
	assert_int_equal(mails("handover", "rosa@example.org", "bruno Martin"), 1);
	assert_true(asked(BRUNO) && !asked(ALBA) && !asked(ROSA) && !asked(VISITOR));
	as(ALBA);
	assert_int_equal(council_answer(s.db, s.nimes, true), E_NOT_FOUND);

	as(BRUNO);
	assert_int_equal(council_answer(s.db, s.nimes, true), E_OK);
	assert_int_equal(council_answer(s.db, s.nimes, true), E_NOT_FOUND);
	expect_resource("bruno Martin", "bruno@example.org", CONFIRMED);
	assert_int_equal(role_of(ROSA), ROLE_MEMBER);
	assert_int_equal(role_of(BRUNO), ROLE_RESOURCE);
	assert_int_equal(role_of(ANJOU), ROLE_ANIMATOR); /* of this council too */
	assert_false(asked(BRUNO));
	assert_int_equal(mails("handover", "rosa@example.org", "said yes and is"), 1);
	assert_int_equal(acts("handover", s.nimes.n), 1);
	assert_int_equal(acts("accept", s.nimes.n), 1);
	assert_int_equal(acts("role", s.who[BRUNO].n), 1);
	struct council c;
	as(VISITOR);
	assert_int_equal(council_get(s.db, s.nimes, &c), E_OK);
	assert_int_equal(c.resource_name.len, 0); /* hers was public, his is for him to say */
	council_free(&c);
}

static void
the_place_is_declined(void **state)
{
	(void)state;
	set_resource();
	as(GARD);
	assert_int_equal(council_hand_over(s.db, s.nimes, s.who[ALBA]), E_OK);
	expect_resource("alba Martin", "", TO_CONFIRM);
	as(ALBA);
	assert_int_equal(council_answer(s.db, s.nimes, false), E_OK);
	expect_resource("Rosa Martin", "rosa@example.org", NOT_ASKED);
	assert_int_equal(role_of(ROSA), ROLE_RESOURCE);
	assert_int_equal(mails("handover", "gard@example.org", "said no"), 1);
	assert_false(asked(ALBA));
}

static void
who_hands_over(void **state)
{
	(void)state;
	static const struct {
		enum who who;
		int answer;
	} givers[] = { { VISITOR, E_DENIED }, { XAVIER, E_DENIED }, { BRUNO, E_DENIED }, { ANJOU, E_DENIED },
		{ ROSA, E_OK }, { GARD, E_DONE }, { REGION, E_DONE }, { NATION, E_DONE }, { SYSOP, E_DONE } };
	for (size_t i = 0; i < sizeof givers / sizeof *givers; i++) {
		as(givers[i].who);
		assert_int_equal(council_hand_over(s.db, s.nimes, s.who[ALBA]), givers[i].answer);
	}
	/* Only to a member of that council, in office. */
	as(ROSA);
	assert_int_equal(council_hand_over(s.db, s.nimes, s.who[XAVIER]), E_NOT_FOUND);
	assert_int_equal(council_hand_over(s.db, s.nimes, join("chantal", s.nimes)), E_NOT_FOUND);
	assert_int_equal(council_hand_over(s.db, s.nimes, NOBODY), E_NOT_FOUND);
}

static void
somebody_who_is_not_here(void **state)
{
	(void)state;
	set_resource();
	as(ROSA);
	assert_int_equal(council_hand_over_outside(s.db, s.nimes, " ", "", ""), E_EMPTY);
	assert_int_equal(council_hand_over_outside(s.db, s.nimes, "Odile Petit", "nowhere", ""), E_INVALID);
	assert_int_equal(council_hand_over_outside(s.db, s.nimes, "Odile Petit", "Odile@Example.org", ""), E_OK);
	expect_resource("Odile Petit", "odile@example.org", TO_CONFIRM);
	assert_int_equal(mails("handover", "odile@example.org", "Les Garrigues"), 1);
	/* The sheet names another: nobody is asked any more. */
	as(ROSA);
	assert_int_equal(council_hand_over(s.db, s.nimes, s.who[BRUNO]), E_OK);
	assert_true(asked(BRUNO));
	as(ALBA);
	assert_int_equal(council_restore(s.db, s.nimes, 2), E_OK);
	assert_false(asked(BRUNO));
	expect_resource("Rosa Martin", "rosa@example.org", NOT_ASKED);
}

/* ---- sheets that nobody looks over ---- */

static bool
note_council(void *ctx, const struct council_row *row)
{
	buf_fmt(ctx, "%s %lld\n", row->name, (long long)(row->checked - T0) / DAY);
	return true;
}

static void
expect_stale(const char *department, const char *expected)
{
	struct buf got = { 0 };
	as(VISITOR);
	council_stale(s.db, department, 0, (item_id){ 0 }, 20, note_council, &got);
	assert_string_equal(buf_text(&got), expected);
	buf_free(&got);
}

static void
old_sheets_are_to_be_checked(void **state)
{
	(void)state;
	static const struct {
		enum who who;
		int answer;
	} viewers[] = { { VISITOR, E_DENIED }, { XAVIER, E_DENIED }, { GARD, E_DENIED }, { NATION, E_DENIED },
		{ ALBA, E_OK } };
	set_clock(T0 + 365 * DAY);
	expect_stale("", "");
	set_clock(T0 + 365 * DAY + 1);
	expect_stale("", "Les Garrigues 0\nLa Fontaine 0\nLes Ardoisiers 0\n");
	expect_stale("30", "Les Garrigues 0\nLa Fontaine 0\n");
	expect_stale("75", "");
	for (size_t i = 0; i < sizeof viewers / sizeof *viewers; i++) {
		as(viewers[i].who);
		assert_int_equal(council_found_right(s.db, s.nimes), viewers[i].answer);
	}
	expect_stale("30", "La Fontaine 0\n");
	as(ALBA);
	expect_history("2 alba Martin check [] +365\n1 Régie add [] +0\n");
	assert_int_equal(acts("council.check", s.nimes.n), 1);
	struct council c;
	assert_int_equal(council_get(s.db, s.nimes, &c), E_OK);
	assert_int_equal(c.changed, T0); /* nothing was */
	assert_int_equal(c.checked, T0 + 365 * DAY + 1);
	council_free(&c);
	/* A change is a look, too; and the pages go on where they ended. */
	set_clock(T0 + 2 * 365 * DAY);
	as(XAVIER);
	assert_int_equal(council_get(s.db, s.trelaze, &c), E_OK);
	buf_str(&c.email, "ardoisiers@example.org");
	assert_int_equal(council_put(s.db, &c), E_OK);
	council_free(&c);
	set_clock(T0 + 4 * 365 * DAY);
	expect_stale("", "La Fontaine 0\nLes Garrigues 365\nLes Ardoisiers 730\n");
	struct buf got = { 0 };
	assert_int_equal(council_stale(s.db, "", T0, s.empty, 1, note_council, &got), 1);
	assert_string_equal(buf_text(&got), "Les Garrigues 365\n");
	buf_free(&got);
}

/* ---- a council that is not listed ---- */

/* Somebody signs up with the sheet of a council; the answer. */
static int
propose(const char *login, const char *name, const char *communes, const char *email, member_id *id)
{
	struct council c = { 0 };
	struct sign_up form = good_form(login, (item_id){ 0 });
	form.password = "";
	form.key_type = "ssh-ed25519";
	form.key_blob = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
	form.proposal = &c;
	buf_str(&c.name, name);
	buf_str(&c.communes, communes);
	buf_str(&c.email, email);
	as(VISITOR);
	int r = member_sign_up(s.db, &form, id);
	council_free(&c);
	return r;
}

static bool
note_candidate(void *ctx, const struct candidate_row *row)
{
	buf_fmt(ctx, "%s %s %s %d\n", row->login, row->council, row->town, row->proposes);
	return true;
}

static void
expect_candidates(enum who who, const char *expected)
{
	struct buf got = { 0 };
	as(who);
	candidate_page(s.db, NOBODY, 1, 20, note_candidate, &got);
	assert_string_equal(buf_text(&got), expected);
	buf_free(&got);
}

static item_id
council_of(member_id id)
{
	struct member m;
	as(SYSOP);
	assert_int_equal(member_get(s.db, id, &m), E_OK);
	item_id council = m.council;
	member_free(&m);
	return council;
}

static void
a_council_is_proposed(void **state)
{
	(void)state;
	member_id gisele;
	struct council c;
	enum member_state now;
	int gard = council_count(s.db, "30");
	assert_int_equal(propose("gisele", "", "30189", "", &gisele), E_EMPTY);
	assert_int_equal(propose("gisele", "Les Roseaux", "99999", "", &gisele), E_INVALID);
	assert_int_equal(propose("gisele", "Les Roseaux", "30189", "x", &gisele), E_INVALID);
	assert_int_equal(propose("gisele", "les garrigues", "30189", "", &gisele), E_EXISTS);
	assert_int_equal(propose("gisele", "Les Roseaux", "30189", "roseaux@example.org", &gisele), E_OK);
	item_id id = council_of(gisele);
	assert_true(id.n);

	/* The animators of the land and the sysop see it, with her; nobody else, and nothing counts it. */
	static const struct {
		enum who who;
		bool sees;
	} viewers[] = { { VISITOR, false }, { ALBA, false }, { XAVIER, false }, { ANJOU, false }, { GARD, true },
		{ REGION, true }, { EPCI, true }, { NATION, true }, { SYSOP, true } };
	for (size_t i = 0; i < sizeof viewers / sizeof *viewers; i++) {
		expect_candidates(viewers[i].who, viewers[i].sees ? "gisele Les Roseaux Nîmes 1\n" : "");
		assert_int_equal(council_proposal(s.db, id, &c), viewers[i].sees ? E_OK : E_NOT_FOUND);
		if (viewers[i].sees)
			assert_string_equal(buf_text(&c.email), "roseaux@example.org");
		council_free(&c);
		assert_int_equal(council_get(s.db, id, &c), E_NOT_FOUND);
		assert_int_equal(council_find(s.db, "Les Roseaux", "30189").n, 0);
	}
	assert_int_equal(council_count(s.db, "30"), gard);
	assert_int_equal(mails("candidate", "gard@example.org", "Chantal Roux"), 1);
	assert_int_equal(mails("candidate", "alba@example.org", ""), 0);
	as(ALBA);
	assert_int_equal(candidate_yes(s.db, gisele, &now), E_DENIED);

	as(GARD);
	assert_int_equal(candidate_yes(s.db, gisele, &now), E_OK);
	assert_int_equal(now, MEMBER_ACTIVE);
	assert_int_equal(council_of(gisele).n, id.n);
	assert_int_equal(council_count(s.db, "30"), gard + 1);
	as(VISITOR);
	assert_int_equal(council_get(s.db, id, &c), E_OK);
	assert_string_equal(buf_text(&c.name), "Les Roseaux");
	assert_int_equal(c.members, 1);
	council_free(&c);
	db_set_viewer(s.db, gisele);
	struct board board = { 0 };
	char slug[40];
	snprintf(slug, sizeof slug, "conseil-%lld", (long long)id.n);
	assert_int_equal(board_find(s.db, slug, &board), E_OK);
	board_free(&board);
	struct buf got = { 0 };
	assert_int_equal(council_versions(s.db, id, 0, 1, 9, note_version, &got), 1);
	assert_string_equal(buf_text(&got), "1 Chantal Roux add [] +0\n");
	buf_free(&got);
	assert_int_equal(acts("council.add", id.n), 1);
}

static void
a_proposal_is_dropped(void **state)
{
	(void)state;
	member_id gisele, leo;
	struct council c;
	enum member_state now;
	int gard = council_count(s.db, "30");
	/* Two propose the same: the first one's comes in, the second is of it. */
	assert_int_equal(propose("gisele", "Les Roseaux", "30189", "", &gisele), E_OK);
	assert_int_equal(propose("leo", "LES ROSEAUX", "30189", "", &leo), E_OK);
	item_id first = council_of(gisele), second = council_of(leo);
	as(GARD);
	assert_int_equal(candidate_yes(s.db, gisele, &now), E_OK);
	assert_int_equal(candidate_yes(s.db, leo, &now), E_OK);
	assert_int_equal(council_of(leo).n, first.n);
	assert_int_equal(council_count(s.db, "30"), gard + 1);
	as(SYSOP);
	assert_int_equal(council_get(s.db, second, &c), E_NOT_FOUND);

	/* A no drops the sheet with its candidate. */
	assert_int_equal(propose("nina", "Les Joncs", "30007", "", &gisele), E_OK);
	first = council_of(gisele);
	as(NATION);
	assert_int_equal(candidate_no(s.db, gisele, "Il n'y a pas de conseil là.", &now), E_OK);
	assert_int_equal(now, MEMBER_REFUSED);
	as(SYSOP);
	assert_int_equal(council_get(s.db, first, &c), E_NOT_FOUND);
	assert_int_equal(council_proposal(s.db, first, &c), E_NOT_FOUND);
	assert_int_equal(council_count(s.db, "30"), gard + 1);
	assert_int_equal(acts("council.drop", first.n), 1);
	db_set_viewer(s.db, gisele);
	assert_int_equal(council_get(s.db, first, &c), E_NOT_FOUND);
}

int
main(void)
{
	i18n_set(LANGUAGE_EN);
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_copy, close_copy)
	const struct CMUnitTest tests[] = {
		TEST(every_change_is_kept),
		TEST(pages_of_history),
		TEST(who_reads_the_history),
		TEST(a_version_is_put_back),
		TEST(the_place_is_handed_over),
		TEST(the_place_is_declined),
		TEST(who_hands_over),
		TEST(somebody_who_is_not_here),
		TEST(old_sheets_are_to_be_checked),
		TEST(a_council_is_proposed),
		TEST(a_proposal_is_dropped),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
