/* Commands about people: members, candidates, their roles, passwords and keys. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "bbs/command_call.h"
#include "db/member.h"

enum { PAGE = 100, KEY_FILE_MAX = 16 * 1024, SECRET_MAX = 4 * PASSWORD_MAX };

static const struct listing_column rows[] = {
	{ "id", N_("Number"), 6 },
	{ "login", N_("Login"), 16 },
	{ "name", N_("Name"), 24 },
	{ "role", N_("Role"), 8 },
	{ "state", N_("State"), 9 },
	{ "email", N_("E-mail"), 28 },
	{ "council", N_("Council"), 22 },
	{ "town", N_("Town"), 16 },
	{ "created", N_("Since"), 30 },
};

static const struct listing_column person[] = {
	{ "id", N_("Number"), 6 },
	{ "login", N_("Login"), 16 },
	{ "name", N_("Name"), 24 },
	{ "given", N_("Given name"), 12 },
	{ "family", N_("Family name"), 12 },
	{ "role", N_("Role"), 8 },
	{ "territory", N_("Territory"), 5 },
	{ "state", N_("State"), 9 },
	{ "email", N_("E-mail"), 28 },
	{ "mobile", N_("Mobile"), 15 },
	{ "council_id", N_("Number of the council"), 6 },
	{ "council", N_("Council"), 22 },
	{ "town", N_("Town"), 16 },
	{ "about", N_("About"), 30 },
	{ "language", N_("Language"), 2 },
	{ "face", N_("Face"), 6 },
	{ "letter", N_("Letter"), 3 },
	{ "sms", N_("SMS"), 3 },
	{ "password", N_("Password"), 3 },
	{ "charter", N_("Charter accepted"), 3 },
	{ "created", N_("Since"), 30 },
	{ "visit", N_("Last visit"), 20 },
	{ "noes", N_("Said no"), 30 },
	{ "knows", N_("Knows"), 30 },
};

static const struct listing_column keys[] = {
	{ "id", N_("Number"), 6 },
	{ "type", N_("Type"), 20 },
	{ "name", N_("Name"), 20 },
	{ "created", N_("Since"), 30 },
	{ "key", N_("Key"), 68 },
	{ "used", N_("Last used"), 30 },
};

static int
no_such_member(struct call *call, const char *login)
{
	return call_refuse(call, _("There is no member “%s”."), login);
}

/* The member of the first argument: 0, or said that there is none. */
static int
find(struct call *call, struct member *member)
{
	return member_find(call->db, call->words[0], member) ? no_such_member(call, call->words[0]) : 0;
}

/* ---- reading ---- */

struct page {
	struct listing *list;
	member_id last;
	struct buf word; /* of the last, with --filter */
	int64_t left;
	const char *login; /* looked for, NULL to list */
	member_id found;
};

static bool
list_member(void *ctx, const struct member_row *row)
{
	struct page *page = ctx;
	listing_number(page->list, row->id.n);
	listing_words(page->list, row->login);
	listing_words(page->list, row->name);
	call_word(page->list, row->role);
	call_word(page->list, row->state);
	listing_words(page->list, row->email);
	listing_words(page->list, row->council);
	listing_words(page->list, row->town);
	call_time(page->list, row->created);
	page->last = row->id;
	buf_cut(&page->word, 0);
	buf_str(&page->word, row->word ? row->word : "");
	return --page->left > 0;
}

/* A candidate, as those see him who may decide on him: without his address. */
static bool
list_candidate(void *ctx, const struct candidate_row *row)
{
	struct member_row member = { row->id, row->login, row->name, "", role_name(ROLE_MEMBER),
		member_state_name(MEMBER_WAITING), row->council, row->town, row->since, "" };
	return list_member(ctx, &member);
}

static void
list_state(struct call *call, enum member_state state, bool all, struct page *page)
{
	int n;
	page->last = NOBODY;
	do {
		n = all ? member_page(call->db, state, page->last, 1, PAGE, list_member, page)
			: candidate_page(call->db, page->last, 1, PAGE, list_candidate, page);
		call_flush(call);
	} while (n == PAGE && page->left > 0);
}

static void
list_found(struct call *call, int state, const char *filter, struct page *page)
{
	int n;
	do {
		struct buf word = page->word;
		page->word = (struct buf){ 0 };
		n = member_search(call->db, state, filter, buf_text(&word), page->last, 1, PAGE, list_member, page);
		buf_free(&word);
		call_flush(call);
	} while (n == PAGE && page->left > 0);
}

static int
member_list(struct call *call)
{
	struct listing l;
	struct page page = { .list = &l, .left = call_limit(call) };
	const char *typed = call_option(call, "state"), *filter = call_option(call, "filter");
	int wanted = typed ? member_state_parse(typed) : -1;
	bool all = may(call->db, MAY_MANAGE_MEMBERS, (item_id){ 0 });
	if (typed && wanted < 0)
		return call_usage(call, _("There is no state “%s”."), typed);
	if (!all && wanted != MEMBER_WAITING)
		return call_refuse(
		    call, "%s", _("You may list those who wait for your answer: --state waiting."));
	if (!all && filter)
		return call_fail(call, "--filter", E_DENIED);
	call_list(call, &l);
	if (filter)
		list_found(call, wanted, filter, &page);
	for (int state = filter ? MEMBER_REMOVED + 1 : MEMBER_WAITING; state <= MEMBER_REMOVED; state++)
		if ((wanted < 0 || state == wanted) && page.left > 0)
			list_state(call, (enum member_state)state, all, &page);
	listing_end(&l);
	buf_free(&page.word);
	return 0;
}

struct noes {
	member_id of;
	struct buf text;
};

/* Who said no to a candidate and why, for those who settle it. */
static bool
take_noes(void *ctx, const struct candidate_row *row)
{
	struct noes *noes = ctx;
	if (row->id.n == noes->of.n)
		buf_str(&noes->text, row->noes);
	return false;
}

/* What he lets the viewer see; of those who are no members the sysop sees what there is. */
static void
show_contact(struct call *call, const struct member *m, struct person_sheet *sheet)
{
	if (!person_sheet_get(call->db, m->id, sheet))
		return;
	buf_str(&sheet->field[CONTACT_EMAIL], buf_text(&m->email));
	buf_str(&sheet->field[CONTACT_MOBILE], buf_text(&m->mobile));
	buf_str(&sheet->field[CONTACT_ABOUT], buf_text(&m->about));
}

static int
member_show(struct call *call)
{
	struct member m = { 0 };
	struct person_sheet sheet;
	struct listing l;
	if (find(call, &m))
		return 1;
	show_contact(call, &m, &sheet);
	call_list_one(call, &l);
	listing_number(&l, m.id.n);
	listing_words(&l, buf_text(&m.login));
	listing_words(&l, buf_text(&m.name));
	listing_words(&l, buf_text(&m.given));
	listing_words(&l, buf_text(&m.family));
	call_word(&l, role_name(m.role));
	listing_words(&l, buf_text(&m.territory));
	call_word(&l, member_state_name(m.state));
	listing_words(&l, buf_text(&sheet.field[CONTACT_EMAIL]));
	listing_words(&l, buf_text(&sheet.field[CONTACT_MOBILE]));
	if (m.council.n)
		listing_number(&l, m.council.n);
	else
		listing_none(&l);
	listing_words(&l, buf_text(&m.council_name));
	listing_words(&l, buf_text(&m.town));
	listing_words(&l, buf_text(&sheet.field[CONTACT_ABOUT]));
	listing_words(&l, m.language);
	listing_words(&l, m.face);
	listing_yes(&l, m.letter);
	listing_yes(&l, m.sms);
	listing_yes(&l, m.has_password);
	listing_number(&l, m.charter);
	call_time(&l, m.created);
	call_time(&l, m.visit);
	struct noes noes = { .of = m.id };
	if (m.state == MEMBER_WAITING)
		candidate_page(call->db, (member_id){ m.id.n - 1 }, 1, 1, take_noes, &noes);
	listing_words(&l, buf_text(&noes.text));
	buf_free(&noes.text);
	listing_words(&l, buf_text(&sheet.field[CONTACT_KNOWS]));
	listing_end(&l);
	member_free(&m);
	person_sheet_free(&sheet);
	return 0;
}

/* ---- passwords and keys from outside ---- */

static int
read_password(struct call *call, struct buf *password)
{
	if (call->io->terminal)
		call_refuse(call, "%s", _("The password, then Enter (it shows while you type):"));
	int r = call_input_line(call, password, SECRET_MAX);
	if (!r)
		r = member_check_password(buf_text(password));
	if (r == E_INVALID)
		return call_refuse(call, _("A password has at least %d characters."), PASSWORD_MIN);
	return r ? call_fail(call, _("password"), r) : 0;
}

/* All else was looked at before: what can still be wrong is whose password it is. */
static int
end_password(struct call *call, int r)
{
	if (r == E_INVALID)
		return call_refuse(
		    call, "%s", _("The password may be neither the login nor the e-mail."));
	return call_end(call, r);
}

struct key {
	struct buf type, blob, name;
};

static void
free_key(struct key *key)
{
	buf_free(&key->type);
	buf_free(&key->blob);
	buf_free(&key->name);
}

static int
read_key(struct call *call, const char *file, struct key *key)
{
	struct buf text = { 0 };
	int status = call_load(call, file, &text, KEY_FILE_MAX) ? 1 : 0;
	if (!status && key_parse(buf_text(&text), &key->type, &key->blob, &key->name))
		status = call_refuse(call, "%s", _("This is no public key that is taken here: a line "
		    "beginning with ssh-ed25519, ssh-rsa or ecdsa-sha2-… is expected."));
	buf_free(&text);
	return status;
}

/* ---- making ---- */

/* The first word is the given name, the rest the family's. */
static void
part_name(const char *typed, struct buf *given, struct buf *family)
{
	struct buf clean = { 0 };
	text_clean(&clean, typed, strlen(typed), TEXT_LINE);
	const char *s = buf_text(&clean);
	size_t n = strcspn(s, " ");
	buf_add(given, s, n);
	buf_str(family, s + n + (s[n] == ' '));
	buf_free(&clean);
}

/* What is wrong with a new member's fields, said by the name of its option. */
static int
check_fields(struct call *call, const struct sign_up *s)
{
	struct buf login = { 0 }, email = { 0 }, given = { 0 }, family = { 0 };
	buf_str(&login, s->login);
	buf_str(&email, s->email);
	buf_str(&given, s->given);
	buf_str(&family, s->family);
	int r, status = 0;
	if ((r = member_check_login(call->db, &login)) == E_INVALID)
		status = call_refuse(call, _("%s: a login has 2 to %d small letters, digits and . _ "
		    "-, a letter first."), s->login, LOGIN_MAX);
	else if (r)
		status = call_fail(call, s->login, r);
	else if ((r = member_check_email(call->db, &email)) == E_EXISTS)
		status = call_refuse(call, _("%s: another member has this address."), s->email);
	else if (r)
		status = call_fail(call, "--email", r);
	else if (member_check_name(&given) || member_check_name(&family))
		status = call_refuse(call, "%s", _("--name: a given name and a family name, in "
		    "quotes: \"Alba Martin\"."));
	buf_free(&login);
	buf_free(&email);
	buf_free(&given);
	buf_free(&family);
	return status;
}

/* Says what is wrong with --role (or the word) and --territory. */
static int
take_role(struct call *call, const char *typed, enum role *role, const char **territory)
{
	struct territory there;
	int r = role_parse(typed);
	*territory = call_option(call, "territory");
	if (r < 0)
		return call_usage(call, _("There is no role “%s”: it is member, resource, "
		    "animator or sysop."), typed);
	*role = (enum role)r;
	if (*territory && **territory && territory_get(call->db, *territory, &there))
		return call_refuse(call, _("There is no territory “%s”: codes are as 30, R76, FR "
		    "or a SIREN."), *territory);
	return 0;
}

static int
member_new(struct call *call)
{
	struct buf given = { 0 }, family = { 0 }, password = { 0 };
	struct key key = { 0 };
	const char *territory = NULL, *file = call_option(call, "key");
	enum role role = ROLE_MEMBER;
	member_id id;
	part_name(call_option(call, "name"), &given, &family);
	struct sign_up s = { .login = call->words[0], .email = call_option(call, "email"),
		.given = buf_text(&given), .family = buf_text(&family),
		.language = i18n_code(i18n_get()), .council = { call_number(call, "council", 0) } };
	int status = take_role(call, call_option(call, "role"), &role, &territory);
	if (!status && !file == !call_option(call, "password-stdin"))
		status = call_usage(call, "%s", _("Either --password-stdin or --key is needed."));
	if (!status)
		status = check_fields(call, &s);
	if (!status)
		status = file ? read_key(call, file, &key) : read_password(call, &password);
	s.password = buf_text(&password);
	s.key_type = buf_text(&key.type);
	s.key_blob = buf_text(&key.blob);
	if (!status) {
		int r = member_add(call->db, &s, role, territory, &id);
		if (r == E_NOT_FOUND)
			status = call_refuse(
			    call, _("There is no council “%s”."), call_option(call, "council"));
		else
			status = end_password(call, r);
	}
	if (!status)
		call_say(call, "%lld\n", (long long)id.n);
	buf_free(&given);
	buf_free(&family);
	buf_wipe(&password);
	free_key(&key);
	return status;
}

/* ---- deciding ---- */

static bool
match_candidate(void *ctx, const struct candidate_row *row)
{
	struct page *page = ctx;
	page->last = row->id;
	if (!strcmp(row->login, page->login))
		page->found = row->id;
	return !page->found.n;
}

/* A candidate's login is known to those who may decide on him, and to the sysop. */
static int
find_candidate(struct call *call, member_id *id)
{
	struct member m = { 0 };
	struct buf login = { 0 };
	int r = member_find(call->db, call->words[0], &m);
	*id = m.id;
	member_free(&m);
	if (!r)
		return 0;
	text_fold(&login, call->words[0]);
	struct page page = { .login = buf_text(&login) };
	while (!page.found.n
	       && candidate_page(call->db, page.last, 1, PAGE, match_candidate, &page) == PAGE)
		continue;
	buf_free(&login);
	buf_free(&page.word);
	*id = page.found;
	return page.found.n ? 0 : no_such_member(call, call->words[0]);
}

/* What came of an answer. */
static int
say_decision(struct call *call, int r, enum member_state state)
{
	if (r == E_DONE && state == MEMBER_WAITING)
		return call_refuse(
		    call, "%s", _("You have given your answer already; others are awaited."));
	if (r == E_DONE)
		return call_refuse(call, _("This was decided already: %s is “%s”."), call->words[0],
		    member_state_name(state));
	if (r)
		return call_end(call, r);
	if (state == MEMBER_ACTIVE)
		call_say(call, _("%s is a member from now on, and is told so.\n"), call->words[0]);
	else if (state == MEMBER_REFUSED)
		call_say(call, _("The request of %s is refused, and the reason is sent.\n"),
		    call->words[0]);
	else
		call_say(call, _("Your answer is recorded; the request of %s still waits.\n"),
		    call->words[0]);
	return 0;
}

static int
member_approve(struct call *call)
{
	member_id id;
	enum member_state state = MEMBER_WAITING;
	if (find_candidate(call, &id))
		return 1;
	int r = candidate_yes(call->db, id, &state);
	return say_decision(call, r, state);
}

static int
member_refuse(struct call *call)
{
	member_id id;
	enum member_state state = MEMBER_WAITING;
	if (find_candidate(call, &id))
		return 1;
	int r = candidate_no(call->db, id, call_option(call, "reason"), &state);
	if (r == E_EMPTY || r == E_TOO_LONG)
		return call_fail(call, "--reason", r);
	return say_decision(call, r, state);
}

/* ---- changing ---- */

static int
member_role(struct call *call)
{
	struct member m = { 0 };
	enum role role = ROLE_MEMBER;
	const char *territory = NULL;
	int status = take_role(call, call->words[1], &role, &territory);
	if (!status)
		status = find(call, &m);
	if (!status)
		status = call_end(call, member_set_role(call->db, m.id, role, territory));
	member_free(&m);
	return status;
}

static int
member_stop(struct call *call)
{
	struct member m = { 0 };
	int status = find(call, &m);
	if (!status) {
		int r = member_suspend(call->db, m.id, call_option(call, "reason"));
		if (r == E_EMPTY || r == E_TOO_LONG)
			status = call_fail(call, "--reason", r);
		else if (r == E_DONE || r == E_INVALID)
			status = call_refuse(call, _("%s is “%s”: only active members are suspended, and nobody "
			    "suspends himself."), call->words[0], _(member_state_name(m.state)));
		else
			status = call_end(call, r);
	}
	member_free(&m);
	return status;
}

static int
member_again(struct call *call)
{
	struct member m = { 0 };
	int status = find(call, &m);
	if (!status) {
		int r = member_reinstate(call->db, m.id);
		status = r == E_DONE || r == E_INVALID ? call_refuse(call, _("%s is not suspended."), call->words[0])
						       : call_end(call, r);
	}
	member_free(&m);
	return status;
}

static int
member_council(struct call *call)
{
	struct member m = { 0 };
	bool none = call_option(call, "none");
	if (none ? call->count != 1 : call->count != 2)
		return call_usage(call, "%s", _("Either the number of a council or --none is needed."));
	int64_t council = none ? 0 : call_id(call, 1);
	int status = find(call, &m);
	if (!status) {
		int r = council < 0 ? E_NOT_FOUND : member_set_council(call->db, m.id, (item_id){ council });
		if (r == E_NOT_FOUND)
			status = call_refuse(call, _("There is no council “%s”."), call->words[1]);
		else
			status = r == E_DONE ? 0 : call_end(call, r);
	}
	member_free(&m);
	return status;
}

static int
member_password(struct call *call)
{
	struct member m = { 0 };
	struct buf password = { 0 };
	int status = find(call, &m);
	if (!status)
		status = read_password(call, &password);
	if (!status) {
		int r = member_set_password(call->db, m.id, buf_text(&password));
		status = end_password(call, r);
	}
	buf_wipe(&password);
	member_free(&m);
	return status;
}

static bool
list_key(void *ctx, int64_t id, const char *type, const char *blob, const char *name, int64_t created,
    int64_t used)
{
	struct listing *l = ctx;
	listing_number(l, id);
	listing_words(l, type);
	listing_words(l, name);
	call_time(l, created);
	listing_words(l, blob);
	call_time(l, used);
	return true;
}

static int
add_key(struct call *call, member_id id, const char *file)
{
	struct key key = { 0 };
	int status = read_key(call, file, &key);
	if (!status) {
		int r = member_add_key(call->db, id, buf_text(&key.type), buf_text(&key.blob),
		    buf_text(&key.name));
		if (r == E_EXISTS)
			status = call_refuse(call, "%s", _("This key is there already."));
		else if (r == E_LIMIT)
			status = call_refuse(call, _("There are %d keys already: please "
			    "remove one first."), KEYS_MAX);
		else
			status = call_end(call, r);
	}
	free_key(&key);
	return status;
}

static int
list_keys(struct call *call, member_id id)
{
	struct listing l;
	call_list(call, &l);
	int r = member_keys(call->db, id, list_key, &l);
	listing_end(&l);
	return call_end(call, r);
}

static int
member_key(struct call *call)
{
	struct member m = { 0 };
	int status = find(call, &m);
	member_id id = m.id;
	const char *file = call_option(call, "add");
	int64_t remove = call_number(call, "remove", 0), rename = call_number(call, "rename", 0);
	member_free(&m);
	if (status)
		return status;
	if (id.n != db_viewer(call->db).n && !may(call->db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
		return call_fail(call, NULL, E_DENIED);
	if (rename)
		return call_end(call, member_name_key(call->db, id, rename, call->count > 1 ? call->words[1] : ""));
	if (remove)
		return call_end(call, member_remove_key(call->db, id, remove));
	return file ? add_key(call, id, file) : list_keys(call, id);
}

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof *(array)

const struct verb command_member_verbs[] = {
	{ .noun = "member", .verb = "list", .run = member_list, .need = MAY_APPROVE, COLUMNS(rows),
	  .usage = "[--state STATE] [--filter WORDS] [--limit N] [--json | --csv]",
	  .help = N_("Members, the newest first. STATE is waiting, active, refused, suspended or "
		     "removed; without it, all. WORDS: those whose name, login or address has words that "
		     "begin so. A peer sees those who wait for an answer.") },
	{ .noun = "member", .verb = "show", .run = member_show, .need = MAY_SEE_PEOPLE, COLUMNS(person),
	  .usage = "LOGIN [--json | --csv]",
	  .help = N_("A member, as far as he lets others see; the sysop and he himself see all.") },
	{ .noun = "member", .verb = "add", .run = member_new, .need = MAY_MANAGE_MEMBERS,
	  .usage = "LOGIN --name NAME --email EMAIL [--council ID] --role ROLE [--territory CODE]"
		   " (--password-stdin | --key FILE)",
	  .help = N_("Adds a member and prints the number. He counts as having accepted the charter "
		     "on paper. NAME is \"Given Family\"; ROLE is member, resource, animator or "
		     "sysop; CODE is an animator's territory, the whole network without it. The "
		     "password is the first line of standard input. Over ssh the key comes by "
		     "standard input, whatever FILE says.") },
	{ .noun = "member", .verb = "approve", .run = member_approve, .need = MAY_APPROVE, .usage = "LOGIN",
	  .help = N_("Your yes to a candidate. On the machine it decides.") },
	{ .noun = "member", .verb = "refuse", .run = member_refuse, .need = MAY_APPROVE,
	  .usage = "LOGIN --reason TEXT",
	  .help = N_("Your no to a candidate, with its reason. On the machine it decides.") },
	{ .noun = "member", .verb = "role", .run = member_role, .need = MAY_MANAGE_MEMBERS,
	  .usage = "LOGIN ROLE [--territory CODE]",
	  .help = N_("Another role: member, resource, animator (of a territory) or sysop.") },
	{ .noun = "member", .verb = "suspend", .run = member_stop, .need = MAY_MANAGE_MEMBERS,
	  .usage = "LOGIN --reason TEXT",
	  .help = N_("Shuts a member out until he is reinstated; he is told the reason. What he wrote stays.") },
	{ .noun = "member", .verb = "reinstate", .run = member_again, .need = MAY_MANAGE_MEMBERS, .usage = "LOGIN",
	  .help = N_("Ends a suspension; the member is told.") },
	{ .noun = "member", .verb = "council", .run = member_council, .need = MAY_MANAGE_MEMBERS,
	  .usage = "LOGIN [ID] [--none]",
	  .help = N_("Moves a member to the council of that number, or to none.") },
	{ .noun = "member", .verb = "password", .run = member_password, .need = MAY_SEE_PEOPLE,
	  .usage = "LOGIN [--password-stdin]",
	  .help = N_("A new password, the first line of standard input. One's own, or anybody's for "
		     "the sysop.") },
	{ .noun = "member", .verb = "key", .run = member_key, .need = MAY_SEE_PEOPLE, COLUMNS(keys),
	  .usage = "LOGIN [--add FILE | --remove ID | --rename ID] [NAME] [--json | --csv]",
	  .help = N_("The public keys of a member. One's own, or anybody's for the sysop; --add adds "
		     "that of a file (over ssh, of standard input), --remove removes one by its "
		     "number, --rename gives it another NAME.") },
	{ 0 },
};
