/* People: their fields, signing up, logging in, keys, rights, sessions, the charter. */
#include "tests/unit/people.h"

#include <signal.h>
#include <sys/socket.h>

#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
#define KEY2 "AAAAC3NzaC1lZDI1NTE5AAAAIP8BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

/* ---- fields ---- */

typedef int (*check)(struct db *db, struct buf *field);

/* What was typed gets that answer, and where it is good, becomes that. */
static void
assert_field(check check_field, const char *typed, int answer, const char *becomes)
{
	struct buf field = { 0 };
	buf_str(&field, typed);
	int r = check_field(s.db, &field);
	if (r != answer)
		print_error("typed: %s\n", typed);
	assert_int_equal(r, answer);
	if (becomes)
		assert_string_equal(buf_text(&field), becomes);
	buf_free(&field);
}

static int
check_name(struct db *db, struct buf *field)
{
	(void)db;
	return member_check_name(field);
}

static int
check_mobile(struct db *db, struct buf *field)
{
	(void)db;
	return member_check_mobile(field);
}

static void
logins(void **state)
{
	(void)state;
	assert_field(member_check_login, " Éloïse ", E_OK, "eloise");
	assert_field(member_check_login, "j.p_martin-2", E_OK, "j.p_martin-2");
	assert_field(member_check_login, "root", E_OK, "root");
	assert_field(member_check_login, "sysop", E_OK, "sysop");
	assert_field(member_check_login, "", E_EMPTY, NULL);
	assert_field(member_check_login, " \x1b[31m ", E_EMPTY, NULL);
	assert_field(member_check_login, "a", E_INVALID, NULL);
	assert_field(member_check_login, "2alba", E_INVALID, NULL);
	assert_field(member_check_login, "-alba", E_INVALID, NULL);
	assert_field(member_check_login, "al ba", E_INVALID, NULL);
	assert_field(member_check_login, "al/ba", E_INVALID, NULL);
	assert_field(member_check_login, "al@ba.fr", E_INVALID, NULL);
	assert_field(member_check_login, "алла", E_INVALID, NULL);
	assert_field(member_check_login, "abcdefghijklmnopqrstuvwxyz012345", E_OK, NULL);
	assert_field(member_check_login, "abcdefghijklmnopqrstuvwxyz0123456", E_TOO_LONG, NULL);
	assert_field(member_check_login, "ALBA", E_EXISTS, NULL);
	static const char *const kept[] = { "nouveau", "New", "visiteur", "guest", "machine", "MACHINE" };
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		assert_field(member_check_login, kept[i], E_EXISTS, NULL);
}

static void
emails(void **state)
{
	(void)state;
	assert_field(member_check_email, " Chantal.Roux+bbs@Example.ORG ", E_OK, "chantal.roux+bbs@example.org");
	assert_field(member_check_email, "ALBA@example.org", E_EXISTS, NULL);
	assert_field(member_check_email, "", E_EMPTY, NULL);
	static const char *const bad[] = { "alba", "@example.org", "alba@", "alba@example", "a b@example.org",
		"a@b@example.org", "a@example..org", "a@.org", "a@example.org.", "a@-x.org", ".a@example.org",
		"a..b@example.org", "a@exam_ple.org", "é@example.org", "a@b.org\r\nBcc: c@d.org",
		"a@127.0.0.1", "<a@b.org>" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_field(member_check_email, bad[i], E_INVALID, NULL);
	char email[300];
	snprintf(email, sizeof email, "%0250d@b.org", 0);
	assert_field(member_check_email, email, E_TOO_LONG, NULL);
}

static void
names_and_mobiles(void **state)
{
	(void)state;
	assert_field(check_name, "  Jean  Luc\t", E_OK, "Jean Luc");
	assert_field(check_name, "N’Guyễn-Lê", E_OK, "N’Guyễn-Lê");
	assert_field(check_name, "Łukasz", E_OK, NULL);
	assert_field(check_name, "阮", E_OK, NULL);
	assert_field(check_name, "", E_EMPTY, NULL);
	assert_field(check_name, " \xe2\x80\xae ", E_EMPTY, NULL);
	assert_field(check_name, "1234", E_INVALID, NULL);
	assert_field(check_name, "'-.", E_INVALID, NULL);
	char name[NAME_MAX_BYTES + 2];
	memset(name, 'a', sizeof name);
	name[NAME_MAX_BYTES + 1] = '\0';
	assert_field(check_name, name, E_TOO_LONG, NULL);
	assert_field(check_name, name + 1, E_OK, NULL);

	assert_field(check_mobile, "", E_OK, "");
	assert_field(check_mobile, "06 12 34 56 78", E_OK, "+33612345678");
	assert_field(check_mobile, "06.12.34\xc2\xa0""56.78", E_OK, "+33612345678");
	assert_field(check_mobile, "+33 6 12 34 56 78", E_OK, "+33612345678");
	assert_field(check_mobile, "0033612345678", E_OK, "+33612345678");
	assert_field(check_mobile, "0692 12 34 56", E_OK, "0692123456");
	assert_field(check_mobile, "12", E_INVALID, NULL);
	assert_field(check_mobile, "06 12 34 56 78 90 12 34", E_INVALID, NULL);
	assert_field(check_mobile, "0612345678 (bureau)", E_INVALID, NULL);
	assert_field(check_mobile, "06+12345678", E_INVALID, NULL);
}

static void
passwords(void **state)
{
	(void)state;
	char password[PASSWORD_MAX + 2];
	memset(password, 'a', sizeof password);
	password[PASSWORD_MAX + 1] = '\0';
	assert_int_equal(member_check_password(""), E_EMPTY);
	assert_int_equal(member_check_password("1234567"), E_INVALID);
	assert_int_equal(member_check_password("ééééééé"), E_INVALID); /* fourteen bytes, seven letters */
	assert_int_equal(member_check_password("éééééééé"), E_OK);
	assert_int_equal(member_check_password("\xff\xff\xff\xff\xff\xff\xff\xff"), E_INVALID);
	assert_int_equal(member_check_password(password), E_TOO_LONG);
	assert_int_equal(member_check_password(password + 1), E_OK);
}

static void
assert_proposed(const char *given, const char *family, const char *expected)
{
	struct buf login = { 0 };
	member_propose_login(s.db, given, family, &login);
	assert_string_equal(buf_text(&login), expected);
	assert_field(member_check_login, buf_text(&login), E_OK, expected);
	buf_free(&login);
}

static void
proposals(void **state)
{
	(void)state;
	assert_proposed("Chantal", "Roux", "chantal");
	assert_proposed("Jean-Luc", "D’Été", "jean-luc");
	assert_proposed("Alba", "Martin", "alba.martin");
	assert_proposed("Алла", "", "membre");
	assert_proposed("", "", "membre");
	assert_proposed("Nouveau", "", "nouveau2");
	join("alba.martin", s.nimes);
	assert_proposed("Alba", "Martin", "alba2");
	join("alba2", s.nimes);
	assert_proposed("Alba", "Martin", "alba3");
}

/* ---- signing up ---- */

static int
try_sign_up(struct sign_up form)
{
	member_id id;
	return member_sign_up(s.db, &form, &id);
}

static void
a_good_sign_up(void **state)
{
	(void)state;
	struct member m;
	member_id id;
	struct sign_up form = good_form("Cécile", s.nimes);
	form.email = "Cecile@Example.org";
	form.letter = true;
	form.language = "en";
	assert_int_equal(member_sign_up(s.db, &form, &id), E_OK);
	db_set_viewer(s.db, id);
	assert_int_equal(member_get(s.db, id, &m), E_OK);
	assert_string_equal(buf_text(&m.login), "cecile");
	assert_string_equal(buf_text(&m.name), "Chantal Roux");
	assert_string_equal(buf_text(&m.mobile), "+33612345678");
	assert_string_equal(buf_text(&m.council_name), "Les Garrigues");
	assert_string_equal(buf_text(&m.town), "Nîmes");
	assert_string_equal(buf_text(&m.about), "J'habite la place.");
	assert_string_equal(m.language, "en");
	assert_true(m.letter && !m.sms && m.has_password);
	assert_int_equal(m.state, MEMBER_WAITING);
	assert_int_equal(m.role, ROLE_MEMBER);
	assert_int_equal(m.created, T0);
	assert_true(m.floor > 0); /* the newest item there was */
	member_free(&m);
}

static void
bad_sign_ups(void **state)
{
	(void)state;
	struct sign_up form;
	static char about[ABOUT_MAX + 2];
	memset(about, 'x', sizeof about - 1);
#define BAD(field, value, answer) \
	form = good_form("cecile", s.nimes); \
	form.field = value; \
	assert_int_equal(try_sign_up(form), answer)
	BAD(login, "nouveau", E_EXISTS);
	BAD(login, NULL, E_EMPTY);
	BAD(email, "bruno@example.org", E_EXISTS);
	BAD(email, "nowhere", E_INVALID);
	BAD(family, " ", E_EMPTY);
	BAD(given, "12", E_INVALID);
	BAD(mobile, "x", E_INVALID);
	BAD(about, about, E_TOO_LONG);
	BAD(password, "court", E_INVALID);
	BAD(password, "CECILE@example.org", E_INVALID);
	BAD(password, "", E_INVALID);
	BAD(password, NULL, E_INVALID);
	BAD(key_blob, "AAAA", E_INVALID);
	BAD(code, "K7MP-2XQR-9TBD", E_NOT_FOUND);
	BAD(council, ((item_id){ 0 }), E_NOT_FOUND);
	BAD(council, ((item_id){ 4711 }), E_NOT_FOUND);
	BAD(charter, 1, E_INVALID); /* there is none */
	BAD(charter, -1, E_INVALID);
#undef BAD
	assert_int_equal(mails("candidate", "", ""), 0);
	form = good_form("cecile", s.nimes);
	assert_int_equal(try_sign_up(form), E_OK);
	assert_int_equal(try_sign_up(form), E_EXISTS);
}

/* The same name twice at once, from two processes: one has it. */
static void
the_same_name_at_once(void **state)
{
	(void)state;
	int taken = 0, go[2];
	assert_int_equal(pipe(go), 0);
	pid_t pids[4];
	for (int i = 0; i < 4; i++) {
		if ((pids[i] = fork()))
			continue;
		char word;
		struct db *db;
		member_id id;
		struct sign_up form = good_form("cecile", s.nimes);
		if (db_open(&db, s.path, DB_EXISTING, true) || read(go[0], &word, 1) != 1)
			_exit(99);
		_exit(-member_sign_up(db, &form, &id));
	}
	assert_int_equal(write(go[1], "gggg", 4), 4);
	for (int i = 0; i < 4; i++) {
		int status;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == -E_EXISTS);
		taken += WEXITSTATUS(status) == 0;
	}
	assert_int_equal(taken, 1);
	close(go[0]);
	close(go[1]);
}

static void
members_by_hand(void **state)
{
	(void)state;
	member_id id;
	struct member m;
	struct sign_up form = good_form("cecile", (item_id){ 0 });
	as(ROSA);
	assert_int_equal(member_add(s.db, &form, ROLE_MEMBER, NULL, &id), E_DENIED);
	db_set_plain(s.db, true);
	as(SYSOP);
	assert_int_equal(member_add(s.db, &form, ROLE_MEMBER, NULL, &id), E_DENIED);
	db_set_plain(s.db, false);
	assert_int_equal(charter_set(s.db, "Soyons polis."), E_OK);
	assert_int_equal(member_add(s.db, &form, ROLE_ANIMATOR, "Z9", &id), E_NOT_FOUND);
	assert_int_equal(member_add(s.db, &form, ROLE_ANIMATOR, "30", &id), E_OK);
	assert_int_equal(member_get(s.db, id, &m), E_OK);
	assert_int_equal(m.state, MEMBER_ACTIVE);
	assert_int_equal(m.role, ROLE_ANIMATOR);
	assert_string_equal(buf_text(&m.territory), "30");
	assert_int_equal(m.charter, 1); /* on paper */
	member_free(&m);
	assert_int_equal(member_set_role(s.db, id, ROLE_RESOURCE, "30"), E_OK);
	assert_int_equal(member_get(s.db, id, &m), E_OK);
	assert_string_equal(buf_text(&m.territory), "");
	member_free(&m);
	assert_int_equal(member_set_role(s.db, MACHINE, ROLE_MEMBER, NULL), E_NOT_FOUND);
	assert_int_equal(member_set_role(s.db, (member_id){ 999 }, ROLE_MEMBER, NULL), E_NOT_FOUND);
	as(ROSA);
	assert_int_equal(member_set_role(s.db, s.who[ROSA], ROLE_SYSOP, NULL), E_DENIED);
}

/* ---- logging in ---- */

SQL_WRITE(put_state, "UPDATE member SET state = :state WHERE id = :id");

static void
put(member_id id, enum member_state state)
{
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, put_state, T("state", member_state_name(state)), I("id", id.n));
	assert_int_equal(db_commit(s.db), E_OK);
}

static void
log_in_by_password(void **state)
{
	(void)state;
	member_id id, got;
	struct sign_up form = good_form("cecile", s.nimes);
	form.password = "l’été à Nîmes";
	assert_int_equal(member_sign_up(s.db, &form, &id), E_OK);
	static const char *const names[] = { "cecile", "Cécile", " CECILE ", "Cecile@Example.org" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_equal(login_password(s.db, names[i], "l’été à Nîmes", &got), E_OK);
		assert_int_equal(got.n, id.n);
	}
	/* The same letters from a keyboard that puts accents beside them. */
	assert_int_equal(login_password(s.db, "cecile", "l’e\u0301te\u0301 a\u0300 Ni\u0302mes", &got), E_OK);
	assert_int_equal(login_password(s.db, "cecile", "L’été à Nîmes", &got), E_DENIED);
	assert_int_equal(login_password(s.db, "cecile", "", &got), E_DENIED);
	assert_int_equal(login_password(s.db, "nobody", "l’été à Nîmes", &got), E_DENIED);
	assert_int_equal(login_password(s.db, "", "", &got), E_DENIED);
	assert_int_equal(login_password(s.db, "machine", "", &got), E_DENIED);
	assert_int_equal(login_password(s.db, "alba", "", &got), E_DENIED); /* has none */
	char *long_password = mem_alloc(100001);
	memset(long_password, 'x', 100000);
	assert_int_equal(login_password(s.db, "cecile", long_password, &got), E_DENIED);
	free(long_password);
	static const enum member_state states[] = { MEMBER_ACTIVE, MEMBER_WAITING, MEMBER_REFUSED,
		MEMBER_SUSPENDED, MEMBER_REMOVED };
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		put(id, states[i]);
		assert_int_equal(login_password(s.db, "cecile", "l’été à Nîmes", &got),
		    states[i] == MEMBER_REMOVED ? E_DENIED : E_OK);
	}
	put(id, MEMBER_WAITING);
	db_set_viewer(s.db, id);
	assert_int_equal(member_set_password(s.db, id, "un autre mot"), E_OK);
	assert_int_equal(member_set_password(s.db, id, "cecile@example.org"), E_INVALID);
	assert_int_equal(member_set_password(s.db, s.who[ALBA], "un autre mot"), E_DENIED);
	assert_int_equal(login_password(s.db, "cecile", "l’été à Nîmes", &got), E_DENIED);
	assert_int_equal(login_password(s.db, "cecile", "un autre mot", &got), E_OK);
	as(SYSOP);
	assert_int_equal(member_set_password(s.db, s.who[ALBA], "un autre mot"), E_OK);
	assert_int_equal(member_set_password(s.db, MACHINE, "un autre mot"), E_DENIED);
}

static bool
list_key(void *ctx, int64_t id, const char *type, const char *blob, const char *name, int64_t created,
    int64_t used)
{
	*(int64_t *)ctx = id;
	assert_string_equal(type, "ssh-ed25519");
	assert_non_null(blob);
	assert_non_null(name);
	assert_int_equal(created, T0);
	assert_int_equal(used, 0);
	return true;
}

static void
log_in_by_key(void **state)
{
	(void)state;
	member_id got;
	int64_t key;
	as(ALBA);
	assert_int_equal(member_add_key(s.db, s.who[ALBA], "ssh-ed25519", KEY, "mon portable"), E_OK);
	assert_int_equal(member_add_key(s.db, s.who[ALBA], "ssh-ed25519", KEY, ""), E_EXISTS);
	assert_int_equal(member_add_key(s.db, s.who[ALBA], "ssh-rsa", KEY, ""), E_INVALID);
	assert_int_equal(member_add_key(s.db, s.who[BRUNO], "ssh-ed25519", KEY2, ""), E_DENIED);
	as(VISITOR);
	assert_int_equal(login_key(s.db, "Alba", "ssh-ed25519", KEY, &got), E_OK);
	assert_int_equal(got.n, s.who[ALBA].n);
	assert_int_equal(login_key(s.db, "alba@example.org", "ssh-ed25519", KEY, &got), E_OK);
	assert_int_equal(login_key(s.db, "bruno", "ssh-ed25519", KEY, &got), E_DENIED);
	assert_int_equal(login_key(s.db, "alba", "ssh-ed25519", KEY2, &got), E_DENIED);
	assert_int_equal(login_key(s.db, "", "ssh-ed25519", KEY, &got), E_DENIED);
	assert_int_equal(member_keys(s.db, s.who[ALBA], list_key, &key), E_DENIED);
	put(s.who[ALBA], MEMBER_SUSPENDED);
	assert_int_equal(login_key(s.db, "alba", "ssh-ed25519", KEY, &got), E_OK);
	put(s.who[ALBA], MEMBER_REMOVED);
	assert_int_equal(login_key(s.db, "alba", "ssh-ed25519", KEY, &got), E_DENIED);
	put(s.who[ALBA], MEMBER_ACTIVE);
	as(BRUNO);
	assert_int_equal(member_keys(s.db, s.who[ALBA], list_key, &key), E_DENIED);
	as(SYSOP);
	assert_int_equal(member_keys(s.db, s.who[ALBA], list_key, &key), 1);
	as(BRUNO);
	assert_int_equal(member_remove_key(s.db, s.who[BRUNO], key), E_NOT_FOUND);
	assert_int_equal(member_remove_key(s.db, s.who[ALBA], key), E_DENIED);
	as(ALBA);
	assert_int_equal(member_remove_key(s.db, s.who[ALBA], key), E_OK);
	assert_int_equal(login_key(s.db, "alba", "ssh-ed25519", KEY, &got), E_DENIED);
}

static void
visits(void **state)
{
	(void)state;
	static const struct {
		int64_t at, visit, last;
	} steps[] = { { T0, T0, 0 }, { T0 + 60, T0, 0 }, { T0 + DAY, T0 + DAY, T0 },
		{ T0 + DAY + 1799, T0 + DAY, T0 }, { T0 + 3 * DAY, T0 + 3 * DAY, T0 + DAY } };
	as(ALBA);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct member m;
		set_clock(steps[i].at);
		assert_int_equal(login_done(s.db, s.who[ALBA]), E_OK);
		assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_OK);
		assert_int_equal(m.visit, steps[i].visit);
		assert_int_equal(m.last_visit, steps[i].last);
		member_free(&m);
	}
}

/* ---- keys as text ---- */

static int
parse(const char *line, const char *name)
{
	struct buf type = { 0 }, blob = { 0 }, got = { 0 };
	int r = key_parse(line, &type, &blob, &got);
	if (!r)
		assert_string_equal(buf_text(&got), name);
	buf_free(&type);
	buf_free(&blob);
	buf_free(&got);
	return r;
}

static void
keys_as_text(void **state)
{
	(void)state;
	assert_int_equal(parse("ssh-ed25519 " KEY, ""), E_OK);
	assert_int_equal(parse("# mine\n\n ssh-ed25519\t" KEY "  alba@portable de  Nîmes\r\nmore", "alba@portable de Nîmes"), E_OK);
	assert_int_equal(parse("ssh-ed25519 " KEY " \x1b[31mred\x07", "red"), E_OK);
	assert_int_equal(parse("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIW8lu6UtsvjyN15Jq6qWkBF+rr2qVwNekIAOLnvy5kj", ""), E_OK);
	assert_int_equal(parse("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAAAEBAECAw==", ""), E_OK);
	assert_int_equal(parse("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAwECAw==", ""), E_OK);
	static const char *const bad[] = { "", "ssh-ed25519", "ssh-ed25519 ", "#", "ssh-ed25519\n" KEY,
		"ssh-rsa " KEY, "ssh-dss " KEY, "ssh-ed25519 " KEY "=", "ssh-ed25519 " KEY "AAAA",
		"ssh-ed25519 AAAA", "ssh-ed25519 !!!!", "ssh-ed25519 ====", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
		"ssh-ed25519 /////3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////AABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(parse(bad[i], NULL), E_INVALID);
	/* Every single byte of a good line spoilt, and every length of it. */
	char line[] = "ssh-ed25519 " KEY;
	for (size_t i = 0; i < sizeof line - 1; i++) {
		char kept = line[i];
		for (int c = 1; c < 256; c++) {
			line[i] = (char)c;
			parse(line, "");
		}
		line[i] = '\0';
		assert_int_equal(parse(line, NULL), E_INVALID);
		line[i] = kept;
	}
	char *huge = mem_alloc(1 << 20);
	memset(huge, 'A', (1 << 20) - 1);
	assert_int_equal(parse(huge, NULL), E_INVALID);
	memcpy(huge, "ssh-rsa ", strlen("ssh-rsa "));
	assert_int_equal(parse(huge, NULL), E_INVALID);
	free(huge);
}

/* ---- rights ---- */

/* May each do each deed: about no council, his own (Nîmes), another in the Gard, one elsewhere. */
static void
the_table_of_deeds(void **state)
{
	(void)state;
	static const struct {
		enum deed deed;
		const char *visitor, *candidate, *member, *resource, *gard, *nation, *sysop;
	} rows[] = {
		/*                    visitor candid. member  resrce  gard    nation  sysop */
		{ MAY_READ_BOARDS,    "----", "----", "ya--", "ya--", "y---", "y---", "y---" },
		{ MAY_POST,           "----", "----", "ya--", "ya--", "y---", "y---", "y---" },
		{ MAY_SEE_PEOPLE,     "----", "----", "y---", "y---", "y---", "y---", "y---" },
		{ MAY_APPROVE,        "----", "----", "ya--", "ya--", "yag-", "yage", "yage" },
		{ MAY_DECIDE,         "----", "----", "----", "ya--", "yag-", "yage", "yage" },
		{ MAY_SETTLE,         "----", "----", "----", "----", "yag-", "yage", "yage" },
		{ MAY_INVITE,         "----", "----", "----", "ya--", "yag-", "yage", "yage" },
		{ MAY_EDIT_COUNCIL,   "----", "----", "ya--", "ya--", "----", "----", "yage" },
		{ MAY_READ_HISTORY,   "----", "----", "ya--", "ya--", "yag-", "yage", "yage" },
		{ MAY_HAND_OVER,      "----", "----", "----", "ya--", "yag-", "yage", "yage" },
		{ MAY_ADD_COUNCIL,    "----", "----", "----", "----", "----", "----", "yage" },
		{ MAY_MANAGE_MEMBERS, "----", "----", "----", "----", "----", "----", "yage" },
		{ MAY_MANAGE_BOARDS,  "----", "----", "----", "----", "----", "----", "yage" },
		{ MAY_MODERATE,       "----", "----", "----", "----", "yag-", "yage", "yage" },
		{ MAY_EDIT_CHARTER,   "----", "----", "----", "----", "y---", "y---", "y---" },
		{ MAY_READ_JOURNAL,   "----", "----", "----", "----", "----", "----", "yage" },
		{ MAY_RUN_MACHINE,    "----", "----", "----", "----", "----", "----", "yage" },
		{ MAY_GIVE_CODE,      "----", "----", "----", "----", "yag-", "yage", "yage" },
	};
	assert_int_equal(sizeof rows / sizeof *rows, DEED_COUNT);
	member_id candidate = join("cecile", s.nimes);
	const item_id councils[] = { { 0 }, s.nimes, s.empty, s.trelaze };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct {
			member_id who;
			const char *expected;
		} each[] = { { NOBODY, rows[i].visitor }, { candidate, rows[i].candidate },
			{ s.who[ALBA], rows[i].member }, { s.who[ROSA], rows[i].resource },
			{ s.who[GARD], rows[i].gard }, { s.who[NATION], rows[i].nation },
			{ s.who[SYSOP], rows[i].sysop } };
		for (size_t j = 0; j < sizeof each / sizeof *each; j++) {
			char got[5] = "----";
			db_set_viewer(s.db, each[j].who);
			for (int k = 0; k < 4; k++)
				if (may(s.db, rows[i].deed, councils[k]))
					got[k] = "yage"[k];
			assert_string_equal(got, each[j].expected);
			/* Suspended, he may nothing more, in this same session. */
			if (each[j].who.n && each[j].who.n != candidate.n) {
				put(each[j].who, MEMBER_SUSPENDED);
				assert_false(may(s.db, rows[i].deed, councils[0]));
				put(each[j].who, MEMBER_ACTIVE);
			}
		}
	}
	as(SYSOP);
	db_set_plain(s.db, true);
	assert_true(may(s.db, MAY_POST, (item_id){ 0 }));
	assert_false(may(s.db, MAY_RUN_MACHINE, (item_id){ 0 }));
	assert_false(may(s.db, MAY_APPROVE, s.nimes));
	as(GARD);
	assert_true(may(s.db, MAY_SETTLE, s.nimes));
	db_set_plain(s.db, false);
	db_set_viewer(s.db, MACHINE);
	assert_true(may(s.db, MAY_RUN_MACHINE, (item_id){ 0 }));
}

static void
who_sees_whom(void **state)
{
	(void)state;
	struct member m;
	member_id candidate = join("cecile", s.nimes);
	as(BRUNO);
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_OK);
	assert_string_equal(buf_text(&m.name), "alba Martin");
	assert_string_equal(buf_text(&m.email), "");
	member_free(&m);
	assert_int_equal(member_get(s.db, candidate, &m), E_NOT_FOUND);
	assert_int_equal(member_get(s.db, MACHINE, &m), E_NOT_FOUND);
	assert_int_equal(member_find(s.db, "machine", &m), E_NOT_FOUND);
	assert_int_equal(member_find(s.db, "", &m), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_OK);
	assert_string_equal(buf_text(&m.email), "alba@example.org");
	member_free(&m);
	as(VISITOR);
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_NOT_FOUND);
	db_set_viewer(s.db, candidate);
	assert_int_equal(member_get(s.db, candidate, &m), E_OK);
	member_free(&m);
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_NOT_FOUND);
	as(SYSOP);
	assert_int_equal(member_find(s.db, "Cécile", &m), E_OK);
	assert_string_equal(buf_text(&m.email), "cecile@example.org");
	member_free(&m);
}

static bool
add_login(void *ctx, const struct member_row *row)
{
	buf_fmt(ctx, "%s ", row->login);
	return true;
}

static void
lists_of_members(void **state)
{
	(void)state;
	struct buf list = { 0 };
	as(NATION);
	assert_int_equal(member_page(s.db, MEMBER_ACTIVE, NOBODY, 1, 9, add_login, &list), E_DENIED);
	as(SYSOP);
	assert_int_equal(member_page(s.db, MEMBER_ACTIVE, NOBODY, 1, 3, add_login, &list), 3);
	assert_string_equal(buf_text(&list), "xavier anjou nation ");
	buf_cut(&list, 0);
	assert_int_equal(member_page(s.db, MEMBER_ACTIVE, s.who[BRUNO], 1, 9, add_login, &list), 2);
	assert_string_equal(buf_text(&list), "alba sofia "); /* and not the machine */
	buf_cut(&list, 0);
	assert_int_equal(member_page(s.db, MEMBER_ACTIVE, NOBODY, -1, 2, add_login, &list), 2);
	assert_int_equal(member_page(s.db, MEMBER_ACTIVE, s.who[GARD], -1, 1, add_login, &list), 1);
	assert_string_equal(buf_text(&list), "sofia alba region ");
	assert_int_equal(member_page(s.db, MEMBER_WAITING, NOBODY, 1, 9, add_login, &list), 0);
	buf_free(&list);
}

SQL_READ(peek_item, "SELECT id FROM item WHERE id = :id");
SQL_READ(peek_council, "SELECT name_sort FROM council WHERE id = :id");
SQL_READ(peek_join, "SELECT m.name FROM member m JOIN text t ON t.author = m.id");
SQL_READ(attach, "ATTACH 'elsewhere' AS other");
SQL_WRITE(copy_body, "INSERT INTO draft (member, place, body, changed)"
    " SELECT :me, 'board:1', body, 0 FROM text");
SQL_WRITE(write_return, "INSERT INTO setting (name, value) VALUES (:name, 'x') RETURNING name");
SQL_READ(read_view, "SELECT name FROM council_v WHERE id = :id");
SQL_READ(no_such_table, "SELECT 1 FROM elsewhere");

/* The engine refuses what goes round the views. */
static void
the_fence_of_statements(void **state)
{
	(void)state;
	static const struct {
		const struct statement *statement;
		int answer;
		const char *reason;
	} rows[] = {
		{ &peek_item, E_DENIED, "item" },
		{ &peek_council, E_DENIED, "council" },
		{ &peek_join, E_DENIED, "text" },
		{ &attach, E_DENIED, "authorized" },
		{ &copy_body, E_DENIED, "text" },
		{ &no_such_table, E_DENIED, "elsewhere" },
		{ &write_return, E_OK, "" },
		{ &read_view, E_OK, "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf reason = { 0 };
		assert_int_equal(db_try(s.db, rows[i].statement, &reason), rows[i].answer);
		assert_non_null(strstr(buf_text(&reason), rows[i].reason));
		buf_free(&reason);
	}
}

/* ---- the charter, tastes ---- */

static void
the_charter(void **state)
{
	(void)state;
	struct buf body = { 0 };
	struct member m;
	assert_int_equal(charter_get(s.db, &body), 0);
	as(ALBA);
	assert_int_equal(charter_accept(s.db, 0), E_INVALID);
	assert_int_equal(charter_set(s.db, "Faisons."), E_DENIED);
	as(NATION);
	assert_int_equal(charter_set(s.db, " \n"), E_EMPTY);
	assert_int_equal(charter_set(s.db, "Soyons polis."), E_OK);
	assert_int_equal(charter_set(s.db, "Soyons polis et brefs."), E_OK);
	assert_int_equal(charter_get(s.db, &body), 2);
	assert_string_equal(buf_text(&body), "Soyons polis et brefs.");
	as(ALBA);
	assert_int_equal(charter_accept(s.db, 1), E_INVALID);
	assert_int_equal(charter_accept(s.db, 2), E_OK);
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_OK);
	assert_int_equal(m.charter, 2);
	member_free(&m);
	as(VISITOR);
	assert_int_equal(charter_accept(s.db, 2), E_DENIED);
	buf_free(&body);
}

static void
tastes(void **state)
{
	(void)state;
	struct member m;
	as(VISITOR);
	assert_int_equal(member_set_taste(s.db, "fr", ""), E_DENIED);
	as(ALBA);
	assert_int_equal(member_set_taste(s.db, "de", ""), E_INVALID);
	assert_int_equal(member_set_taste(s.db, "en", "round"), E_INVALID);
	assert_int_equal(member_set_taste(s.db, "en", "linear"), E_OK);
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_OK);
	assert_string_equal(m.language, "en");
	assert_string_equal(m.face, "linear");
	member_free(&m);
}

/* ---- sessions ---- */

static bool
add_session_name(void *ctx, const struct session_row *row)
{
	buf_fmt(ctx, "%s/%s/%s ", row->name, row->carrier, row->town);
	return true;
}

static void
assert_here(const char *expected)
{
	struct buf list = { 0 };
	assert_true(session_page(s.db, add_session_name, &list) >= 0);
	assert_string_equal(buf_text(&list), expected);
	buf_free(&list);
}

SQL_WRITE(state_to, "UPDATE member SET state = :state WHERE id = :id");

static void
set_state(member_id id, const char *state)
{
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, state_to, T("state", state), I("id", id.n));
	assert_int_equal(db_commit(s.db), E_OK);
}

SQL_READ(count_sessions, "SELECT count(*) FROM session");

/* A caller is here until his process ends, however it ends; the next who comes sweeps. */
static void
who_is_here(void **state)
{
	(void)state;
	int wire[2];
	char word;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, wire), 0);
	as(VISITOR);
	assert_int_equal(session_page(s.db, add_session_name, NULL), E_DENIED);
	assert_int_equal(session_open(s.db, "telnet", "127.0.0.1"), E_OK);
	pid_t pid = fork();
	if (pid == 0) {
		struct db *db;
		if (db_open(&db, s.path, DB_EXISTING, true))
			_exit(1);
		db_set_viewer(db, s.who[XAVIER]);
		if (session_open(db, "ssh", "::1"))
			_exit(2);
		if (write(wire[1], "o", 1) != 1)
			_exit(3);
		pause();
		_exit(0);
	}
	assert_int_equal(read(wire[0], &word, 1), 1);
	as(ALBA);
	assert_here("/telnet/ xavier Martin/ssh/Trélazé ");
	/* He logs in: the same process, somebody else. */
	assert_int_equal(session_open(s.db, "telnet", "127.0.0.1"), E_OK);
	assert_here("xavier Martin/ssh/Trélazé alba Martin/telnet/Nîmes ");
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_here("alba Martin/telnet/Nîmes ");
	/* Whoever waits, was refused or suspended is no member to be seen. */
	static const char *const closed[] = { "waiting", "refused", "suspended", "removed" };
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
		as(ALBA);
		set_state(s.who[ALBA], closed[i]);
		as(BRUNO);
		assert_here("");
	}
	set_state(s.who[ALBA], "active");
	assert_here("alba Martin/telnet/Nîmes ");
	as(ALBA);
	assert_int_equal(db_one(s.db, count_sessions, 0), 2);
	assert_int_equal(session_open(s.db, "telnet", "127.0.0.1"), E_OK);
	assert_int_equal(db_one(s.db, count_sessions, 0), 1);
	close(wire[0]);
	close(wire[1]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(logins),
		TEST(emails),
		TEST(names_and_mobiles),
		TEST(passwords),
		TEST(proposals),
		TEST(a_good_sign_up),
		TEST(bad_sign_ups),
		TEST(the_same_name_at_once),
		TEST(members_by_hand),
		TEST(log_in_by_password),
		TEST(log_in_by_key),
		TEST(visits),
		TEST(keys_as_text),
		TEST(the_table_of_deeds),
		TEST(who_sees_whom),
		TEST(lists_of_members),
		TEST(the_fence_of_statements),
		TEST(the_charter),
		TEST(tastes),
		TEST(who_is_here),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
