/* Commands about oneself and how to reach others: contact fields, codes, open sessions, one's data. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "bbs/tar.h"
#include "db/machine.h"
#include "db/member.h"

enum { PAGE = 100, TEXTS = 20 };

static const struct listing_column people[] = {
	{ "id", N_("Number"), 6 },
	{ "name", N_("Name"), 24 },
	{ "role", N_("Role"), 8 },
	{ "council", N_("Council"), 22 },
	{ "town", N_("Town"), 16 },
	{ "knows", N_("Knows"), 30 },
};

static const struct listing_column contact[] = {
	{ "email", N_("E-mail"), 28 },
	{ "see_email", N_("Who sees it"), 8 },
	{ "mobile", N_("Mobile"), 15 },
	{ "see_mobile", N_("Who sees it"), 8 },
	{ "about", N_("About"), 30 },
	{ "see_about", N_("Who sees it"), 8 },
	{ "knows", N_("Knows"), 30 },
	{ "see_knows", N_("Who sees it"), 8 },
	{ "email_new", N_("To be confirmed"), 28 },
	{ "email_confirmed", N_("E-mail confirmed"), 3 },
	{ "mobile_confirmed", N_("Mobile confirmed"), 3 },
};

static const struct listing_column sessions[] = {
	{ "id", N_("Number"), 6 },
	{ "name", N_("Name"), 24 },
	{ "carrier", N_("By"), 8 },
	{ "source", N_("From"), 24 },
	{ "started", N_("Since"), 30 },
	{ "here", N_("This one"), 3 },
};

/* ---- people ---- */

struct page {
	struct listing *list;
	struct buf sort; /* of the last row */
	int64_t last, left;
};

static bool
list_person(void *ctx, const struct person_row *row)
{
	struct page *page = ctx;
	struct listing *l = page->list;
	listing_number(l, row->id.n);
	listing_words(l, row->name);
	call_word(l, row->role);
	listing_words(l, row->council);
	listing_words(l, row->town);
	listing_words(l, row->knows);
	page->last = row->id.n;
	buf_cut(&page->sort, 0);
	buf_str(&page->sort, row->sort);
	return --page->left > 0;
}

static int
run_people(struct call *call)
{
	struct listing l;
	struct page page = { .list = &l, .left = call_limit(call) };
	const char *letters = call->count ? call->words[0] : "";
	int n;
	call_list(call, &l);
	do {
		struct buf from = { 0 };
		buf_str(&from, buf_text(&page.sort));
		n = page.left ? person_page(call->db, letters, page.last ? buf_text(&from) : NULL,
				    (member_id){ page.last }, 1, PAGE, list_person, &page)
			      : 0;
		buf_free(&from);
		call_flush(call);
	} while (n == PAGE && page.left > 0);
	listing_end(&l);
	buf_free(&page.sort);
	return call_end(call, n);
}

/* ---- contact fields ---- */

static int
show_contact(struct call *call, const struct contact *c)
{
	struct listing l;
	call_list_one(call, &l);
	for (int i = 0; i < CONTACT_FIELDS; i++) {
		listing_words(&l, buf_text(&c->field[i]));
		call_word(&l, seen_name(c->seen[i]));
	}
	listing_words(&l, buf_text(&c->email_new));
	listing_yes(&l, c->email_confirmed);
	listing_yes(&l, c->mobile_confirmed);
	listing_end(&l);
	return 0;
}

/* Takes what the options say into *c: how many, -1 for a WHO that there is not. */
static int
take_contact(struct call *call, struct contact *c)
{
	static const char *const fields[CONTACT_FIELDS] = { "email", "mobile", "about", "knows" };
	static const char *const sees[CONTACT_FIELDS] = { "see-email", "see-mobile", "see-about", "see-knows" };
	int count = 0;
	for (int i = 0; i < CONTACT_FIELDS; i++) {
		const char *value = call_option(call, fields[i]), *who = call_option(call, sees[i]);
		int seen = who ? seen_parse(who) : (int)c->seen[i];
		if (seen < 0)
			return -1;
		c->seen[i] = (enum seen_by)seen;
		count += (value != NULL) + (who != NULL);
		if (!value)
			continue;
		buf_cut(&c->field[i], 0);
		buf_str(&c->field[i], value);
	}
	return count;
}

static int
member_contact(struct call *call)
{
	static const char *const options[CONTACT_FIELDS] = { "--email", "--mobile", "--about", "--knows" };
	struct member m = { 0 };
	struct contact c = { 0 };
	enum contact_field wrong = CONTACT_EMAIL;
	if (member_find(call->db, call->words[0], &m))
		return call_refuse(call, _("There is no member “%s”."), call->words[0]);
	int status = call_end(call, contact_get(call->db, m.id, &c));
	int count = status ? 0 : take_contact(call, &c);
	if (!status && !count)
		status = show_contact(call, &c);
	else if (count < 0)
		status = call_usage(call, "%s", _("WHO is nobody, council or members."));
	else if (!status) {
		int r = contact_set(call->db, m.id, &c, &wrong);
		if (r == E_EXISTS)
			status = call_refuse(call, "%s", _("Another account has this address already."));
		else if (r)
			status = r == E_DENIED ? call_end(call, r) : call_fail(call, options[wrong], r);
	}
	contact_free(&c);
	member_free(&m);
	return status;
}

static int
member_confirm(struct call *call)
{
	int r = contact_confirm(call->db, call->words[0]);
	if (r == E_DENIED)
		return call_refuse(call, "%s", _("This is not the code, or it is older than 15 minutes, or it was "
						 "tried five times."));
	if (r == E_EXISTS)
		return call_refuse(call, "%s", _("Another account has this address already."));
	return call_end(call, r);
}

/* ---- codes, erasing ---- */

static int
run_code(struct call *call)
{
	struct member m = { 0 };
	struct buf code = { 0 };
	int r = member_find(call->db, call->words[0], &m);
	if (!r)
		r = member_code(call->db, m.id, &code);
	if (r == E_NOT_FOUND)
		r = call_refuse(call, _("There is no member “%s”."), call->words[0]);
	else if (r)
		r = call_end(call, r);
	else
		call_say(call, "%s\n", buf_text(&code));
	buf_wipe(&code);
	member_free(&m);
	return r;
}

static int
run_erase(struct call *call)
{
	struct member m = { 0 };
	int r = member_find(call->db, call->words[0], &m);
	if (!r)
		r = member_erase(call->db, m.id, buf_text(&m.login));
	member_free(&m);
	if (r == E_NOT_FOUND)
		return call_refuse(call, _("There is no member “%s”."), call->words[0]);
	if (r == E_LOCKED)
		return call_refuse(call, "%s", _("This is the last sysop: name another one first. Nothing is erased."));
	return call_end(call, r);
}

/* ---- open sessions ---- */

static bool
list_session(void *ctx, const struct session_row *row)
{
	struct page *page = ctx;
	struct listing *l = page->list;
	listing_number(l, row->id);
	listing_words(l, *row->name || l->form != LISTING_TEXT ? row->name : _("a visitor"));
	listing_words(l, row->carrier);
	listing_words(l, row->source);
	call_time(l, row->started);
	listing_yes(l, row->here);
	page->last = row->id;
	return true;
}

static int
run_sessions(struct call *call)
{
	struct listing l;
	struct page page = { .list = &l };
	bool all = may(call->db, MAY_MANAGE_MEMBERS, (item_id){ 0 });
	member_id of = all ? NOBODY : db_viewer(call->db);
	int n;
	call_list(call, &l);
	do {
		n = session_list(call->db, of, page.last, PAGE, list_session, &page);
		call_flush(call);
	} while (n == PAGE);
	listing_end(&l);
	return call_end(call, n);
}

static int
end_session(struct call *call, int r)
{
	if (r == E_NOT_FOUND)
		return call_refuse(call,
		    may(call->db, MAY_MANAGE_MEMBERS, (item_id){ 0 })
			? _("There is no open session “%s”: “session list” shows them.")
			: _("There is no open session “%s” of yours."),
		    call->words[0]);
	return call_end(call, r);
}

static int
run_close(struct call *call)
{
	return end_session(call, session_end(call->db, call_id(call, 0)));
}

static int
run_write(struct call *call)
{
	return end_session(call, session_write(call->db, call_id(call, 0), call->words[1]));
}

/* ---- one's data ---- */

struct archive {
	struct call *call;
	struct buf table; /* JSON of one part */
	char name[40];
	bool rows;
	int64_t now;
	struct {
		item_id item;
		int64_t version;
	} last;
};

static void
add_file(struct archive *a, const char *name, int64_t when, const char *data, size_t size)
{
	struct buf file = { 0 };
	tar_file(&file, name, when, data, size);
	call_write(a->call, file.data, file.len);
	buf_free(&file);
}

static void
end_table(struct archive *a)
{
	char name[60];
	if (!*a->name)
		return;
	buf_str(&a->table, "\n]\n");
	snprintf(name, sizeof name, "palabre/%s.json", a->name);
	add_file(a, name, a->now, a->table.data, a->table.len);
	buf_cut(&a->table, 0);
	*a->name = '\0';
}

static void
add_cell(struct buf *out, const char *column, const char *cell)
{
	struct buf time = { 0 };
	bool number = *column == '#', when = *column == '@';
	listing_json_string(out, column + (number || when));
	buf_str(out, ": ");
	if (when && strcmp(cell, "0") != 0)
		clock_iso(&time, strtoll(cell, NULL, 10));
	if (number)
		buf_str(out, cell);
	else if (when && !time.len)
		buf_str(out, "null");
	else
		listing_json_string(out, when ? buf_text(&time) : cell);
	buf_free(&time);
}

static void
add_row(void *ctx, const char *part, const char *const *columns, int count, const char *const *cells)
{
	struct archive *a = ctx;
	if (!cells) {
		end_table(a);
		snprintf(a->name, sizeof a->name, "%s", part);
		buf_str(&a->table, "[");
		a->rows = false;
		return;
	}
	buf_str(&a->table, a->rows ? ",\n{ " : "\n{ ");
	a->rows = true;
	for (int i = 0; i < count; i++) {
		if (i)
			buf_str(&a->table, ", ");
		add_cell(&a->table, columns[i], cells[i]);
	}
	buf_str(&a->table, " }");
}

static void
add_text(void *ctx, item_id item, int64_t version, const char *title, int64_t created, const char *body)
{
	struct archive *a = ctx;
	struct buf text = { 0 };
	char name[80];
	if (*title)
		buf_fmt(&text, "%s\n\n", title);
	buf_fmt(&text, "%s\n", body);
	snprintf(name, sizeof name, "palabre/messages/%09" PRId64 "-%" PRId64 ".txt", item.n, version);
	add_file(a, name, created, text.data, text.len);
	buf_free(&text);
	a->last.item = item;
	a->last.version = version;
}

static int
run_export(struct call *call)
{
	struct archive a = { .call = call, .now = clock_now() };
	struct buf end = { 0 };
	int n;
	int r = own_data(call->db, add_row, &a);
	if (r)
		return call_refuse(call, "%s", _("This is for members; on the machine --as LOGIN says whose."));
	end_table(&a);
	do {
		call_flush(call);
		n = own_text_page(call->db, a.last.item, a.last.version, TEXTS, add_text, &a);
	} while (n == TEXTS);
	tar_end(&end);
	call_write(call, end.data, end.len);
	buf_free(&end);
	buf_free(&a.table);
	return 0;
}

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof *(array)

const struct verb command_profile_verbs[] = {
	{ .noun = "people", .run = run_people, .need = MAY_SEE_PEOPLE, COLUMNS(people),
	  .usage = "[LETTERS] [--limit N] [--json | --csv]",
	  .help = N_("The members by name; with LETTERS those whose given or family name begins so.") },
	{ .noun = "member", .verb = "contact", .run = member_contact, .need = MAY_SEE_PEOPLE, COLUMNS(contact),
	  .usage = "LOGIN [--email EMAIL] [--see-email WHO] [--mobile MOBILE] [--see-mobile WHO] [--about TEXT]"
		   " [--see-about WHO] [--knows TEXT] [--see-knows WHO] [--json | --csv]",
	  .help = N_("How to reach a member and who sees it: nobody, council or members. Without an option it "
		     "is shown. One's own, or anybody's for the sysop. A new address counts once the code sent "
		     "there is confirmed.") },
	{ .noun = "member", .verb = "confirm", .run = member_confirm, .need = MAY_SEE_PEOPLE, .usage = "CODE",
	  .help = N_("Confirms your mail address by the code that was sent there.") },
	{ .noun = "member", .verb = "code", .run = run_code, .need = MAY_GIVE_CODE, .usage = "LOGIN",
	  .help = N_("Prints a one-time code with which LOGIN chooses a new password, to be read out on the "
		     "phone. It is good for 15 minutes.") },
	{ .noun = "member", .verb = "export", .run = run_export, .need = NEED_NOTHING, .usage = "",
	  .help = N_("All that the board keeps of you, as a tar archive on standard output.") },
	{ .noun = "member", .verb = "erase", .run = run_erase, .need = MAY_SEE_PEOPLE, .usage = "LOGIN",
	  .help = N_("Erases a member for good: oneself, or anybody by the sysop. Messages stay, without the "
		     "name.") },
	{ .noun = "session", .verb = "list", .run = run_sessions, .need = MAY_SEE_PEOPLE, COLUMNS(sessions),
	  .usage = "[--json | --csv]", .help = N_("Your open sessions; all of them for the sysop.") },
	{ .noun = "session", .verb = "close", .run = run_close, .need = MAY_SEE_PEOPLE, .usage = "ID",
	  .help = N_("Closes an open session of yours, or any by the sysop. What is being written there is "
		     "kept.") },
	{ .noun = "session", .verb = "write", .run = run_write, .need = MAY_MANAGE_MEMBERS, .usage = "ID TEXT",
	  .help = N_("Shows a line to whoever sits at that session.") },
	{ 0 },
};
