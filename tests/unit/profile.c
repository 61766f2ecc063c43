/*
 * The profile: contact fields and who sees them, codes, keys last used, sessions ended from elsewhere,
 * one's data given and erased.
 */
#include "tests/unit/people.h"

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"

SQL_READ(count_drafts, "SELECT count(*) FROM draft WHERE member = :id");
SQL_READ(count_notices, "SELECT count(*) FROM notice_v WHERE member = :id");
SQL_READ(count_codes, "SELECT count(*) FROM code WHERE member = :id");
SQL_READ(count_named, "SELECT count(*) FROM member WHERE name LIKE :name OR email LIKE :name OR login LIKE :name");
SQL_READ(count_outbox, "SELECT count(*) FROM outbox WHERE address LIKE :name OR body LIKE :name");
SQL_READ(key_used, "SELECT used FROM member_key WHERE member = :id ORDER BY id LIMIT 1");
SQL_READ(tries_of, "SELECT coalesce(sum(tries), 0) FROM code WHERE member = :id");
SQL_READ(login_now, "SELECT login FROM member WHERE id = :id");

#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

/* The eight digits of the last code of that kind that was sent, "" none. */
struct found {
	const char *kind, *to;
	char code[16];
};

static bool
find_code(void *ctx, const struct outbox_row *row)
{
	struct found *f = ctx;
	const char *at = strstr(row->body, " is ");
	if (strcmp(row->kind, f->kind) != 0 || strcmp(row->to, f->to) != 0 || !at)
		return true;
	snprintf(f->code, sizeof f->code, "%.9s", at + 4);
	return false;
}

static const char *
code_sent(const char *kind, const char *to)
{
	static struct found f;
	member_id before = db_viewer(s.db);
	f = (struct found){ .kind = kind, .to = to };
	as(SYSOP);
	outbox_page(s.db, 0, 1000, find_code, &f);
	db_set_viewer(s.db, before);
	return f.code;
}

static void
wrong_code(const char *right, char out[16])
{
	snprintf(out, 16, "%s", right);
	out[0] = out[0] == '9' ? '0' : (char)(out[0] + 1);
}

/* ---- contact fields ---- */

static void
put_contact(const char *email, const char *mobile, const char *about, const char *knows, enum seen_by seen)
{
	struct contact c = { 0 };
	enum contact_field wrong;
	const char *const values[CONTACT_FIELDS] = { email, mobile, about, knows };
	for (int i = 0; i < CONTACT_FIELDS; i++) {
		buf_str(&c.field[i], values[i]);
		c.seen[i] = seen;
	}
	assert_int_equal(contact_set(s.db, db_viewer(s.db), &c, &wrong), E_OK);
	contact_free(&c);
}

static void
each_field_is_shown_as_far_as_its_owner_says(void **state)
{
	(void)state;
	static const enum who viewers[] = { VISITOR, ALBA, BRUNO, XAVIER, NATION, SYSOP };
	for (enum seen_by seen = SEEN_NOBODY; seen <= SEEN_MEMBERS; seen++) {
		as(ALBA);
		put_contact("alba@example.org", "06 12 34 56 78", "Je suis là.", "Le droit.", seen);
		for (size_t i = 0; i < sizeof viewers / sizeof *viewers; i++) {
			struct person_sheet sheet;
			bool all = viewers[i] == ALBA || viewers[i] == SYSOP;
			bool sees = all || seen == SEEN_MEMBERS || (seen == SEEN_COUNCIL && viewers[i] == BRUNO);
			as(viewers[i]);
			int r = person_sheet_get(s.db, s.who[ALBA], &sheet);
			assert_int_equal(r, viewers[i] == VISITOR ? E_NOT_FOUND : E_OK);
			if (r)
				continue;
			assert_string_equal(buf_text(&sheet.field[CONTACT_EMAIL]), sees ? "alba@example.org" : "");
			assert_string_equal(buf_text(&sheet.field[CONTACT_MOBILE]), sees ? "+33612345678" : "");
			assert_string_equal(buf_text(&sheet.field[CONTACT_ABOUT]), sees ? "Je suis là." : "");
			assert_string_equal(buf_text(&sheet.field[CONTACT_KNOWS]), sees ? "Le droit." : "");
			person_sheet_free(&sheet);
		}
	}
	struct contact c;
	as(BRUNO);
	assert_int_equal(contact_get(s.db, s.who[ALBA], &c), E_DENIED);
	/* A sysop on a plain line is a member. */
	struct person_sheet sheet;
	as(ALBA);
	put_contact("alba@example.org", "", "", "", SEEN_NOBODY);
	as(SYSOP);
	db_set_plain(s.db, true);
	assert_int_equal(person_sheet_get(s.db, s.who[ALBA], &sheet), E_OK);
	assert_string_equal(buf_text(&sheet.field[CONTACT_EMAIL]), "");
	person_sheet_free(&sheet);
	db_set_plain(s.db, false);
}

static void
a_new_address_counts_once_confirmed(void **state)
{
	(void)state;
	struct contact c;
	char wrong[16];
	member_id id;
	i18n_set(LANGUAGE_EN);
	as(ALBA);
	put_contact("Neuve@Example.org", "", "", "", SEEN_NOBODY);
	assert_int_equal(contact_get(s.db, s.who[ALBA], &c), E_OK);
	assert_string_equal(buf_text(&c.field[CONTACT_EMAIL]), "alba@example.org");
	assert_string_equal(buf_text(&c.email_new), "neuve@example.org");
	assert_true(c.code_sent && !c.email_confirmed);
	contact_free(&c);
	assert_int_equal(mails("address", "alba@example.org", "neuve@example.org"), 1);
	assert_int_equal(contact_send_code(s.db), E_LIMIT);
	wrong_code(code_sent("confirm", "neuve@example.org"), wrong);
	assert_int_equal(contact_confirm(s.db, wrong), E_DENIED);
	assert_int_equal(contact_confirm(s.db, ""), E_DENIED);
	assert_int_equal(contact_confirm(s.db, code_sent("confirm", "neuve@example.org")), E_OK);
	assert_int_equal(contact_get(s.db, s.who[ALBA], &c), E_OK);
	assert_string_equal(buf_text(&c.field[CONTACT_EMAIL]), "neuve@example.org");
	assert_true(c.email_confirmed && !c.email_new.len);
	contact_free(&c);
	assert_int_equal(contact_confirm(s.db, wrong), E_DONE);
	assert_int_equal(contact_send_code(s.db), E_DONE);
	/* The address of another, also one who has taken it meanwhile. */
	struct contact other = { 0 };
	enum contact_field field;
	buf_str(&other.field[CONTACT_EMAIL], "bruno@example.org");
	assert_int_equal(contact_set(s.db, s.who[ALBA], &other, &field), E_EXISTS);
	assert_int_equal(field, CONTACT_EMAIL);
	contact_free(&other);
	put_contact("libre@example.org", "", "", "", SEEN_NOBODY);
	id = join("libre", s.nimes);
	assert_true(id.n);
	as(ALBA);
	assert_int_equal(contact_confirm(s.db, code_sent("confirm", "libre@example.org")), E_EXISTS);
	/* Typing the old one again gives the new one up. */
	put_contact("neuve@example.org", "", "", "", SEEN_NOBODY);
	assert_int_equal(contact_confirm(s.db, code_sent("confirm", "libre@example.org")), E_DONE);
}

static void
a_code_lasts_a_quarter_of_an_hour_and_five_tries(void **state)
{
	(void)state;
	char code[16], wrong[16];
	set_clock(T0);
	as(ALBA);
	put_contact("neuve@example.org", "", "", "", SEEN_NOBODY);
	snprintf(code, sizeof code, "%s", code_sent("confirm", "neuve@example.org"));
	wrong_code(code, wrong);
	for (int i = 0; i < 5; i++)
		assert_int_equal(contact_confirm(s.db, wrong), E_DENIED);
	assert_int_equal(contact_confirm(s.db, code), E_DENIED);
	set_clock(T0 + 121);
	assert_int_equal(contact_send_code(s.db), E_OK);
	snprintf(code, sizeof code, "%s", code_sent("confirm", "neuve@example.org"));
	set_clock(T0 + 121 + 15 * 60);
	assert_int_equal(contact_confirm(s.db, code), E_DENIED);
	set_clock(T0 + 120 + 15 * 60);
	assert_int_equal(contact_confirm(s.db, code), E_OK);
}

/* ---- the list ---- */

struct names {
	char all[400];
	char sort[80];
	member_id last;
};

static bool
note_name(void *ctx, const struct person_row *row)
{
	struct names *n = ctx;
	snprintf(n->all + strlen(n->all), sizeof n->all - strlen(n->all), "%s;", row->name);
	snprintf(n->sort, sizeof n->sort, "%s", row->sort);
	n->last = row->id;
	return true;
}

static void
people_are_found_by_both_names(void **state)
{
	(void)state;
	struct names all = { 0 }, pages = { 0 }, up = { 0 }, found = { 0 };
	db_set_viewer(s.db, MACHINE);
	struct sign_up form = { .login = "emilie", .email = "emilie@example.org", .family = "Óscar-Roux",
		.given = "Émilie", .council = s.nimes };
	member_id id;
	assert_int_equal(member_add(s.db, &form, ROLE_MEMBER, NULL, &id), E_OK);
	as(ALBA);
	int n = person_page(s.db, "", NULL, NOBODY, 1, 50, note_name, &all);
	assert_int_equal(n, 11);
	for (int page = 0; person_page(s.db, "", page ? pages.sort : NULL, pages.last, 1, 4, note_name, &pages) == 4;
	     page++)
		;
	assert_string_equal(pages.all, all.all);
	assert_int_equal(person_page(s.db, "", NULL, NOBODY, -1, 1, note_name, &up), 1);
	assert_string_equal(up.all, "Émilie Óscar-Roux;");
	assert_int_equal(person_page(s.db, "emi", NULL, NOBODY, 1, 50, note_name, &found), 1);
	assert_int_equal(person_page(s.db, "Oscar r", NULL, NOBODY, -1, 50, note_name, &found), 1);
	assert_string_equal(found.all, "Émilie Óscar-Roux;Émilie Óscar-Roux;");
	assert_int_equal(person_page(s.db, "martin", NULL, NOBODY, 1, 50, note_name, &found), 10);
	as(VISITOR);
	assert_int_equal(person_page(s.db, "", NULL, NOBODY, 1, 50, note_name, &found), E_DENIED);
}

/* ---- a lost password ---- */

static void
a_lost_password_is_chosen_anew(void **state)
{
	(void)state;
	char code[16], wrong[16];
	member_id id = NOBODY;
	i18n_set(LANGUAGE_EN);
	set_clock(T0);
	as(VISITOR);
	/* Said and done alike for a name that nobody has, but that no mail goes. */
	assert_int_equal(lost_ask(s.db, "personne"), E_OK);
	assert_int_equal(lost_check(s.db, "personne", "12345678"), E_DENIED);
	assert_int_equal(lost_set(s.db, "personne", "12345678", "une phrase longue", &id), E_DENIED);
	assert_int_equal(lost_ask(s.db, "Alba@Example.org"), E_OK);
	assert_int_equal(lost_ask(s.db, "alba"), E_OK);
	assert_int_equal(mails("code", "alba@example.org", ""), 1);
	snprintf(code, sizeof code, "%s", code_sent("code", "alba@example.org"));
	wrong_code(code, wrong);
	assert_int_equal(lost_check(s.db, "alba", wrong), E_DENIED);
	assert_int_equal(lost_check(s.db, "bruno", code), E_DENIED);
	assert_int_equal(lost_check(s.db, "alba", code), E_OK);
	assert_int_equal(lost_set(s.db, "alba", code, "court", &id), E_INVALID);
	assert_int_equal(lost_set(s.db, "alba", wrong, "une phrase longue", &id), E_DENIED);
	assert_int_equal(lost_set(s.db, "alba", code, "une phrase longue", &id), E_OK);
	assert_int_equal(id.n, s.who[ALBA].n);
	assert_int_equal(login_password(s.db, "alba", "une phrase longue", &id), E_OK);
	assert_int_equal(mails("password", "alba@example.org", "alba"), 1);
	/* Once. */
	assert_int_equal(lost_check(s.db, "alba", code), E_DENIED);
	/* Five tries, by whomever. */
	set_clock(T0 + 1000);
	assert_int_equal(lost_ask(s.db, "alba"), E_OK);
	snprintf(code, sizeof code, "%s", code_sent("code", "alba@example.org"));
	wrong_code(code, wrong);
	for (int i = 0; i < 5; i++)
		assert_int_equal(lost_check(s.db, "alba", wrong), E_DENIED);
	assert_int_equal(lost_check(s.db, "alba", code), E_DENIED);
	assert_int_equal(db_one(s.db, tries_of, 0, I("id", s.who[ALBA].n)), 6);
}

static void
a_code_is_read_out_by_those_of_the_territory(void **state)
{
	(void)state;
	static const struct {
		enum who by, of;
		int answer;
	} turns[] = {
		{ SYSOP, ALBA, E_OK }, { SYSOP, NATION, E_OK }, { GARD, ALBA, E_OK }, { GARD, ROSA, E_OK },
		{ NATION, XAVIER, E_OK }, { GARD, XAVIER, E_DENIED }, { GARD, NATION, E_DENIED },
		{ NATION, GARD, E_DENIED }, { NATION, SYSOP, E_DENIED }, { BRUNO, ALBA, E_DENIED },
		{ ROSA, ALBA, E_DENIED }, { VISITOR, ALBA, E_DENIED },
	};
	struct buf code = { 0 };
	member_id id;
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		as(turns[i].by);
		assert_int_equal(may_give_code(s.db, s.who[turns[i].of]), turns[i].answer == E_OK);
		assert_int_equal(member_code(s.db, s.who[turns[i].of], &code), turns[i].answer);
	}
	as(GARD);
	assert_int_equal(member_code(s.db, s.who[ALBA], &code), E_OK);
	as(VISITOR);
	/* Asking for a mail besides leaves it good. */
	assert_int_equal(lost_ask(s.db, "alba"), E_OK);
	assert_int_equal(lost_check(s.db, "alba", buf_text(&code)), E_OK);
	assert_int_equal(lost_set(s.db, "alba", buf_text(&code), "une phrase longue", &id), E_OK);
	assert_int_equal(mails("code-given", "alba@example.org", "alba"), 3);
	buf_free(&code);
}

/* ---- keys ---- */

static void
a_key_is_noted_once_a_day(void **state)
{
	(void)state;
	member_id id = s.who[ALBA];
	as(ALBA);
	assert_int_equal(member_add_key(s.db, id, "ssh-ed25519", KEY, "maison"), E_OK);
	assert_int_equal(db_one(s.db, key_used, -1, I("id", id.n)), 0);
	static const int64_t at[] = { T0, T0 + 100, T0 + DAY + 1 }, noted[] = { T0, T0, T0 + DAY + 1 };
	for (int i = 0; i < 3; i++) {
		set_clock(at[i]);
		login_key_used(s.db, id, KEY);
		assert_int_equal(db_one(s.db, key_used, -1, I("id", id.n)), noted[i]);
	}
	assert_int_equal(member_name_key(s.db, s.who[BRUNO], 1, "x"), E_DENIED);
	assert_int_equal(member_name_key(s.db, id, 999, "x"), E_NOT_FOUND);
}

/* ---- sessions ---- */

struct seat {
	int64_t id;
	int count;
};

static bool
note_session(void *ctx, const struct session_row *row)
{
	struct seat *seat = ctx;
	if (!row->here)
		seat->id = row->id;
	seat->count++;
	return true;
}

/* A process that sits there as somebody until it is told to end; what it was told goes into the pipe. */
static pid_t
sit(enum who who, int told[2])
{
	assert_int_equal(pipe(told), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid) {
		close(told[1]);
		return pid;
	}
	struct db *db;
	struct buf word = { 0 };
	enum session_end_by by = SESSION_GOES_ON;
	if (db_open(&db, s.path, DB_EXISTING, true))
		_exit(9);
	db_set_viewer(db, s.who[who]);
	if (session_open(db, "ssh", "192.0.2.7") || write(told[1], "!", 1) != 1)
		_exit(9);
	while (!by && !word.len) {
		usleep(10000);
		by = session_look(db, &word);
	}
	if (by && session_look(db, &word) != by)
		_exit(8);
	if (word.len && write(told[1], word.data, word.len) < 0)
		_exit(9);
	_exit((int)by);
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
sessions_end_from_elsewhere(void **state)
{
	(void)state;
	static const struct {
		enum who by;
		int answer;
		enum session_end_by said;
	} turns[] = { { ALBA, E_OK, SESSION_ENDED_BY_SELF }, { SYSOP, E_OK, SESSION_ENDED_BY_BOARD } };
	char word[64] = "";
	int told[2];
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		struct seat seat = { 0 };
		pid_t pid = sit(ALBA, told);
		if (read(told[0], word, 1) != 1)
			fail_msg("the child ended with %d", ended(pid));
		as(BRUNO);
		assert_int_equal(session_list(s.db, s.who[ALBA], 0, 9, note_session, &seat), E_DENIED);
		assert_int_equal(session_list(s.db, NOBODY, 0, 9, note_session, &seat), E_DENIED);
		as(turns[i].by);
		session_list(s.db, s.who[ALBA], 0, 9, note_session, &seat);
		assert_int_equal(seat.count, 1);
		as(BRUNO);
		assert_int_equal(session_end(s.db, seat.id), E_NOT_FOUND);
		assert_int_equal(session_write(s.db, seat.id, "x"), E_DENIED);
		as(turns[i].by);
		assert_int_equal(session_end(s.db, seat.id), turns[i].answer);
		assert_int_equal(ended(pid), turns[i].said);
		assert_int_equal(session_end(s.db, seat.id), E_NOT_FOUND);
		close(told[0]);
	}
	struct seat seat = { 0 };
	pid_t pid = sit(VISITOR, told);
	assert_int_equal(read(told[0], word, 1), 1);
	as(SYSOP);
	session_list(s.db, NOBODY, 0, 9, note_session, &seat);
	assert_int_equal(session_write(s.db, seat.id, ""), E_EMPTY);
	assert_int_equal(session_write(s.db, seat.id, "On ferme à\n18 h."), E_OK);
	assert_int_equal(ended(pid), SESSION_GOES_ON);
	ssize_t n = read(told[0], word, sizeof word - 1);
	assert_true(n > 0);
	word[n] = '\0';
	assert_string_equal(word, "On ferme à 18 h.");
}

/* ---- one's data ---- */

struct kept {
	int parts, rows, texts;
	bool mail, body;
};

static void
note_part(void *ctx, const char *part, const char *const *columns, int count, const char *const *cells)
{
	struct kept *k = ctx;
	assert_true(count > 0 && columns[0] && *part);
	k->parts += !cells;
	k->rows += cells != NULL;
	for (int i = 0; cells && i < count; i++)
		k->mail = k->mail || strstr(cells[i], "alba@example.org");
}

static void
note_text(void *ctx, item_id item, int64_t version, const char *title, int64_t created, const char *body)
{
	struct kept *k = ctx;
	assert_true(item.n && version && title && created);
	k->texts++;
	k->body = k->body || !strcmp(body, "Une salle ?");
}

static board_id
first_board(void)
{
	struct board board;
	assert_int_equal(board_find(s.db, "questions", &board), E_OK);
	board_id id = board.id;
	board_free(&board);
	return id;
}

static void
write_things(enum who who, item_id *thread)
{
	as(who);
	put_contact("alba@example.org", "0612345678", "Moi.", "Le droit.", SEEN_MEMBERS);
	assert_int_equal(thread_new(s.db, first_board(), "Question", "Une salle ?", thread), E_OK);
	assert_int_equal(draft_keep(s.db, "board:1", "T", "brouillon"), E_OK);
	assert_int_equal(member_add_key(s.db, s.who[who], "ssh-ed25519", KEY, "maison"), E_OK);
	assert_int_equal(lost_ask(s.db, "alba"), E_OK);
}

static void
give_notice(enum who who)
{
	assert_int_equal(db_begin(s.db), E_OK);
	notice_send(s.db, s.who[who], "hidden", (item_id){ 0 }, "Une annonce.");
	assert_int_equal(db_commit(s.db), E_OK);
}

static void
what_is_kept_is_given(void **state)
{
	(void)state;
	struct kept alba = { 0 }, bruno = { 0 }, nobody = { 0 };
	item_id thread;
	write_things(ALBA, &thread);
	assert_int_equal(own_data(s.db, note_part, &alba), E_OK);
	assert_int_equal(own_text_page(s.db, (item_id){ 0 }, 0, 9, note_text, &alba), 1);
	assert_int_equal(own_text_page(s.db, thread, 1, 9, note_text, &alba), 0);
	assert_true(alba.mail && alba.body && alba.rows > 6);
	int rows = alba.rows;
	as(SYSOP);
	give_notice(ALBA);
	as(ALBA);
	alba.rows = 0;
	assert_int_equal(own_data(s.db, note_part, &alba), E_OK);
	assert_int_equal(alba.rows, rows + 1);
	alba.parts /= 2;
	as(BRUNO);
	assert_int_equal(own_data(s.db, note_part, &bruno), E_OK);
	assert_int_equal(own_text_page(s.db, (item_id){ 0 }, 0, 9, note_text, &bruno), 0);
	assert_true(!bruno.mail && bruno.parts == alba.parts);
	as(VISITOR);
	assert_int_equal(own_data(s.db, note_part, &nobody), E_DENIED);
	assert_int_equal(own_text_page(s.db, (item_id){ 0 }, 0, 9, note_text, &nobody), 0);
}

static bool
note_author(void *ctx, const struct post_row *row)
{
	snprintf(ctx, 40, "%s|%s", row->author, row->body);
	return true;
}

SQL_READ(count_versions, "SELECT count(*) FROM council_version_v WHERE resource_email LIKE :name"
    " OR resource_name LIKE :name");

/* The sheet of NIMES names somebody as its resource person. */
static void
name_resource(const char *name, const char *email)
{
	struct council c;
	as(SYSOP);
	assert_int_equal(council_get(s.db, s.nimes, &c), E_OK);
	buf_cut(&c.resource_name, 0);
	buf_str(&c.resource_name, name);
	buf_cut(&c.resource_email, 0);
	buf_str(&c.resource_email, email);
	assert_int_equal(council_put(s.db, &c), E_OK);
	council_free(&c);
}

static void
old_codes_are_swept(void **state)
{
	(void)state;
	assert_int_equal(lost_ask(s.db, "alba"), E_OK);
	db_set_viewer(s.db, MACHINE);
	set_clock(T0 + DAY);
	assert_int_equal(job_sweep(s.db), 0);
	assert_int_equal(db_one(s.db, count_codes, -1, I("id", s.who[ALBA].n)), 1);
	set_clock(T0 + 3 * DAY);
	assert_int_equal(job_sweep(s.db), 1);
	assert_int_equal(db_one(s.db, count_codes, -1, I("id", s.who[ALBA].n)), 0);
}

static void
an_erased_member_leaves_his_messages(void **state)
{
	(void)state;
	char post[40] = "";
	struct member m;
	item_id thread;
	member_id id;
	write_things(ALBA, &thread);
	name_resource("Alba", "alba@example.org");
	name_resource("Rosa Roux", "rosa@example.org");
	assert_int_equal(db_one(s.db, count_versions, -1, T("name", "alba@%")), 1);
	as(BRUNO);
	give_notice(ALBA);
	assert_int_equal(member_erase(s.db, s.who[ALBA], "alba"), E_DENIED);
	as(ALBA);
	assert_int_equal(member_erase(s.db, s.who[ALBA], "albo"), E_INVALID);
	assert_int_equal(member_erase(s.db, s.who[ALBA], " Alba "), E_OK);
	as(SYSOP);
	assert_int_equal(db_one(s.db, count_named, -1, T("name", "%lba%")), 0);
	assert_int_equal(db_one(s.db, count_versions, -1, T("name", "alba@%")), 0);
	assert_int_equal(db_one(s.db, count_versions, -1, T("name", "rosa@%")), 1);
	assert_int_equal(db_one(s.db, count_outbox, -1, T("name", "%alba%")), 0);
	assert_int_equal(db_one(s.db, count_drafts, -1, I("id", s.who[ALBA].n)), 0);
	assert_int_equal(db_one(s.db, key_used, -1, I("id", s.who[ALBA].n)), -1);
	assert_int_equal(member_get(s.db, s.who[ALBA], &m), E_OK);
	assert_int_equal(m.state, MEMBER_REMOVED);
	assert_true(!m.council.n && !m.mobile.len && !m.has_password && !m.about.len);
	member_free(&m);
	assert_int_equal(login_key(s.db, "alba", "ssh-ed25519", KEY, &id), E_DENIED);
	assert_int_equal(post_get(s.db, thread, note_author, post), E_OK);
	assert_string_equal(post, "|Une salle ?");
	/* What his session keeps while it ends is kept for nobody. */
	db_set_viewer(s.db, s.who[ALBA]);
	assert_int_equal(db_one(s.db, count_notices, -1, I("id", s.who[ALBA].n)), 0);
	draft_keep(s.db, "board:1", "T", "encore");
	assert_int_equal(db_one(s.db, count_drafts, -1, I("id", s.who[ALBA].n)), 0);
	struct buf faults = { 0 };
	as(SYSOP);
	assert_int_equal(db_check(s.db, &faults), 0);
	buf_free(&faults);
	/* The name is free again, and nobody can take that of the erased row. */
	struct buf login = { 0 }, erased = { 0 };
	buf_str(&login, "alba");
	assert_int_equal(member_check_login(s.db, &login), E_OK);
	struct query *q = db_query(s.db, login_now, I("id", s.who[ALBA].n));
	while (db_next(q))
		buf_str(&erased, db_text(q, 0));
	assert_int_equal(member_check_login(s.db, &erased), E_INVALID);
	buf_free(&login);
	buf_free(&erased);
	assert_int_equal(member_erase(s.db, s.who[ALBA], ""), E_NOT_FOUND);
}

static void
the_last_sysop_stays(void **state)
{
	(void)state;
	as(SYSOP);
	struct member m;
	assert_int_equal(member_get(s.db, s.who[SYSOP], &m), E_OK);
	assert_int_equal(member_erase(s.db, s.who[SYSOP], buf_text(&m.login)), E_LOCKED);
	assert_int_equal(member_set_role(s.db, s.who[BRUNO], ROLE_SYSOP, NULL), E_OK);
	assert_int_equal(member_erase(s.db, s.who[SYSOP], buf_text(&m.login)), E_OK);
	member_free(&m);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_field_is_shown_as_far_as_its_owner_says),
		TEST(a_new_address_counts_once_confirmed),
		TEST(a_code_lasts_a_quarter_of_an_hour_and_five_tries),
		TEST(people_are_found_by_both_names),
		TEST(a_lost_password_is_chosen_anew),
		TEST(a_code_is_read_out_by_those_of_the_territory),
		TEST(a_key_is_noted_once_a_day),
		TEST(sessions_end_from_elsewhere),
		TEST(what_is_kept_is_given),
		TEST(old_codes_are_swept),
		TEST(an_erased_member_leaves_his_messages),
		TEST(the_last_sysop_stays),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
