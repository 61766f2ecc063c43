/*
 * The contact fields of members: what each says of himself, and who sees it. Others read them through
 * person_v alone. A new address waits in email_new until its owner has typed the code sent there.
 */
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/check.h"
#include "db/member.h"
#include "db/people.h"

#define COUNCIL_OF_P "coalesce((SELECT c.name FROM council_v c WHERE c.id = p.council), '')," \
	" coalesce((SELECT c.town FROM council_v c WHERE c.id = p.council), '')"
#define ROW_OF_P "p.id, p.name, p.role, " COUNCIL_OF_P ", p.knows"

SQL_READ(get_contact, "SELECT email, mobile, about, knows, see_email, see_mobile, see_about, see_knows,"
    " email_new, email_confirmed, mobile_confirmed,"
    " (SELECT count(*) FROM code c WHERE c.member = member.id AND c.use = 'email' AND c.expires > :now"
    "  AND c.tries < :tries) FROM member WHERE id = :id AND id > 1");
SQL_WRITE(set_contact, "UPDATE member SET mobile = :mobile, about = :about, knows = :knows,"
    " see_email = :see_email, see_mobile = :see_mobile, see_about = :see_about, see_knows = :see_knows,"
    " mobile_confirmed = CASE WHEN mobile = :mobile THEN mobile_confirmed ELSE 0 END"
    " WHERE id = :id AND id > 1");
SQL_WRITE(set_new_email, "UPDATE member SET email_new = :email WHERE id = :id AND id > 1");
SQL_WRITE(take_new_email, "UPDATE member SET email = :email, email_new = '', email_confirmed = :now"
    " WHERE id = :id AND NOT EXISTS (SELECT 1 FROM member o WHERE o.email = :email AND o.id <> :id)");
SQL_READ(get_person_sheet, "SELECT p.id, p.name, p.role, " COUNCIL_OF_P ", coalesce(p.council, 0), p.created,"
    " p.email, p.mobile, p.about, p.knows FROM person_v p WHERE p.id = :id");
SQL_LIST(people_down, "SELECT " ROW_OF_P ", p.sort_family FROM person_v p"
    " WHERE (p.sort_family, p.id) > (:sort, :id) ORDER BY p.sort_family, p.id LIMIT :n");
SQL_LIST(people_up, "SELECT " ROW_OF_P ", p.sort_family FROM person_v p"
    " WHERE (p.sort_family, p.id) < (:sort, :id) ORDER BY p.sort_family DESC, p.id DESC LIMIT :n");
/*
 * By both names: two ranges of two indexes, merged. Who is in both stands in the first alone. One end of
 * a range is the place in the list, the other that of the letters: two at one end would walk it all.
 */
#define NAMED(edge, other) "SELECT p.sort_family, p.id FROM person_v p" \
	" WHERE (p.sort_family, p.id) " edge " (:sort, :id) AND p.sort_family " other \
	" UNION ALL SELECT p.sort_given, p.id FROM person_v p" \
	" WHERE (p.sort_given, p.id) " edge " (:sort, :id) AND p.sort_given " other \
	" AND NOT (p.sort_family >= :low AND p.sort_family < :high)"
SQL_LIST(named_down, NAMED(">", "< :high") " ORDER BY 1, 2 LIMIT :n");
SQL_LIST(named_up, NAMED("<", ">= :low") " ORDER BY 1 DESC, 2 DESC LIMIT :n");
SQL_READ(get_person_row, "SELECT " ROW_OF_P " FROM person_v p WHERE p.id = :id");

static const char *const seen_names[] = { "nobody", "council", "members" };
static const char *const field_names[CONTACT_FIELDS] = { "email", "mobile", "about", "knows" };
static const char *const see_names[CONTACT_FIELDS] = { "see_email", "see_mobile", "see_about", "see_knows" };

const char *
seen_name(enum seen_by seen)
{
	return seen_names[seen];
}

int
seen_parse(const char *name)
{
	for (int i = SEEN_NOBODY; i <= SEEN_MEMBERS; i++)
		if (!strcmp(name, seen_names[i]))
			return i;
	return E_INVALID;
}

/* ---- one's own ---- */

void
contact_free(struct contact *c)
{
	for (int i = 0; i < CONTACT_FIELDS; i++)
		buf_free(&c->field[i]);
	buf_free(&c->email_new);
}

int
contact_get(struct db *db, member_id id, struct contact *out)
{
	*out = (struct contact){ 0 };
	if (!may_manage(db, id))
		return E_DENIED;
	struct query *q = db_query(db, get_contact, I("id", id.n), I("now", clock_now()),
	    I("tries", CODE_TRIES));
	if (!db_next(q))
		return E_NOT_FOUND;
	for (int i = 0; i < CONTACT_FIELDS; i++) {
		buf_str(&out->field[i], db_text(q, i));
		out->seen[i] = (enum seen_by)seen_parse(db_text(q, CONTACT_FIELDS + i));
	}
	buf_str(&out->email_new, db_text(q, 8));
	out->email_confirmed = db_int(q, 9);
	out->mobile_confirmed = db_int(q, 10);
	out->code_sent = db_int(q, 11);
	db_end(q);
	return E_OK;
}

static void __attribute__((format(printf, 6, 7)))
mail(struct db *db, member_id to, const char *address, const char *kind, const char *subject,
    const char *body, ...)
{
	va_list args;
	va_start(args, body);
	people_mail(db, to, address, kind, subject, body, args);
	va_end(args);
}

static void
send_code(struct db *db, member_id id, const char *address)
{
	struct buf code = { 0 };
	code_make(db, id, CODE_EMAIL, &code);
	mail(db, id, address, "confirm", N_("Your code for this address"),
	    N_("The code is %s. Type it in “My profile”, “Confirm”, within 15 minutes. If you "
	       "asked for nothing, leave this message alone: nothing changes.\n"),
	    buf_text(&code));
	buf_wipe(&code);
}

/* What was typed, cleaned; the fields in which it differs from what is kept, a space between. */
static int
check(struct db *db, const struct contact *typed, const struct contact *kept, struct contact *clean,
    struct buf *changed, enum contact_field *field)
{
	int r = E_OK;
	for (int i = 0; !r && i < CONTACT_FIELDS; i++) {
		struct buf *b = &clean->field[i];
		clean->seen[i] = typed->seen[i];
		buf_str(b, buf_text(&typed->field[i]));
		*field = (enum contact_field)i;
		if (i == CONTACT_EMAIL) {
			/* His own address is nobody else's. */
			r = check_email(b);
			if (!r && strcmp(buf_text(b), buf_text(&kept->field[i])) != 0)
				r = member_check_email(db, b);
		} else if (i == CONTACT_MOBILE) {
			r = member_check_mobile(b);
		} else {
			buf_cut(b, 0);
			r = member_clean(b, buf_text(&typed->field[i]), TEXT_BODY, ABOUT_MAX);
			r = r == E_EMPTY ? E_OK : r;
		}
		bool gives_up = i == CONTACT_EMAIL && kept->email_new.len;
		if (gives_up || strcmp(buf_text(b), buf_text(&kept->field[i])) != 0 ||
		    clean->seen[i] != kept->seen[i])
			buf_fmt(changed, "%s%s", changed->len ? " " : "", field_names[i]);
	}
	return r;
}

/* Inside the transaction: an address other than the one that counts is to be confirmed first. */
static void
put_email(struct db *db, member_id id, const struct contact *clean, const struct contact *kept)
{
	const char *now = buf_text(&kept->field[CONTACT_EMAIL]), *next = buf_text(&clean->field[CONTACT_EMAIL]);
	bool other = strcmp(now, next) != 0;
	if (!strcmp(other ? next : "", buf_text(&kept->email_new)))
		return;
	db_run(db, set_new_email, T("email", other ? next : ""), I("id", id.n));
	code_drop(db, id, CODE_EMAIL);
	if (!other)
		return;
	send_code(db, id, next);
	mail(db, id, now, "address", N_("Another mail address was given for your account"),
	    N_("The address %s was given for your account. It will take the place of this one once it is "
	       "confirmed. If this was not you, write to the animators at once.\n"),
	    next);
}

int
contact_set(struct db *db, member_id id, const struct contact *typed, enum contact_field *field)
{
	struct contact kept, clean = { 0 };
	struct buf changed = { 0 };
	*field = CONTACT_EMAIL;
	int r = contact_get(db, id, &kept);
	if (!r)
		r = check(db, typed, &kept, &clean, &changed, field);
	if (!r && changed.len)
		r = db_begin(db);
	if (!r && changed.len) {
		const struct buf *f = clean.field;
		db_run(db, set_contact, T("mobile", buf_text(&f[CONTACT_MOBILE])),
		    T("about", buf_text(&f[CONTACT_ABOUT])), T("knows", buf_text(&f[CONTACT_KNOWS])),
		    T(see_names[0], seen_name(clean.seen[0])), T(see_names[1], seen_name(clean.seen[1])),
		    T(see_names[2], seen_name(clean.seen[2])), T(see_names[3], seen_name(clean.seen[3])),
		    I("id", id.n));
		put_email(db, id, &clean, &kept);
		db_journal(db, "contact", "member", id.n, buf_text(&changed));
		db_wrote(db, TOPIC_MEMBER, id.n);
		r = db_commit(db);
	}
	contact_free(&kept);
	contact_free(&clean);
	buf_free(&changed);
	return r;
}

/* The address that waits to be confirmed: the new one, else one that never was. */
static int
to_confirm(struct db *db, struct buf *address)
{
	struct contact c;
	int r = contact_get(db, db_viewer(db), &c);
	if (!r && !c.email_new.len && c.email_confirmed)
		r = E_DONE;
	buf_str(address, buf_text(c.email_new.len ? &c.email_new : &c.field[CONTACT_EMAIL]));
	contact_free(&c);
	return r;
}

int
contact_send_code(struct db *db)
{
	struct buf address = { 0 };
	member_id me = db_viewer(db);
	int r = to_confirm(db, &address);
	if (!r && code_fresh(db, me, CODE_EMAIL))
		r = E_LIMIT;
	if (!r)
		r = db_begin(db);
	if (!r) {
		send_code(db, me, buf_text(&address));
		r = db_commit(db);
	}
	buf_free(&address);
	return r;
}

int
contact_confirm(struct db *db, const char *code)
{
	struct buf address = { 0 };
	member_id me = db_viewer(db);
	bool right = false;
	int r = to_confirm(db, &address);
	if (!r)
		r = db_begin(db);
	if (!r) {
		right = code_right(db, me, CODE_EMAIL, code);
		if (right) {
			code_drop(db, me, CODE_EMAIL);
			if (!db_run(db, take_new_email, T("email", buf_text(&address)), I("now", clock_now()),
				I("id", me.n)))
				db_fail(db, E_EXISTS); /* somebody else has taken it meanwhile */
			member_index(db, me.n);
			db_journal(db, "confirm", "member", me.n, "email");
			db_wrote(db, TOPIC_MEMBER, me.n);
		}
		r = db_commit(db);
	}
	buf_free(&address);
	return r ? r : right ? E_OK : E_DENIED;
}

/* ---- others' ---- */

void
person_sheet_free(struct person_sheet *s)
{
	buf_free(&s->name);
	buf_free(&s->council_name);
	buf_free(&s->town);
	for (int i = 0; i < CONTACT_FIELDS; i++)
		buf_free(&s->field[i]);
}

int
person_sheet_get(struct db *db, member_id id, struct person_sheet *out)
{
	struct contact all;
	*out = (struct person_sheet){ .id = id };
	if (!may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_NOT_FOUND;
	struct query *q = db_query(db, get_person_sheet, I("id", id.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	buf_str(&out->name, db_text(q, 1));
	out->role = (enum role)role_parse(db_text(q, 2));
	buf_str(&out->council_name, db_text(q, 3));
	buf_str(&out->town, db_text(q, 4));
	out->council = (item_id){ db_int(q, 5) };
	out->created = db_int(q, 6);
	for (int i = 0; i < CONTACT_FIELDS; i++)
		buf_str(&out->field[i], db_text(q, 7 + i));
	db_end(q);
	if (!contact_get(db, id, &all))
		for (int i = 0; i < CONTACT_FIELDS; i++) {
			buf_cut(&out->field[i], 0);
			buf_str(&out->field[i], buf_text(&all.field[i]));
		}
	contact_free(&all);
	return E_OK;
}

static struct person_row
row_of(struct query *q, const char *sort)
{
	return (struct person_row){ .id = { db_int(q, 0) }, .name = db_text(q, 1), .role = db_text(q, 2),
		.council = db_text(q, 3), .town = db_text(q, 4), .knows = db_text(q, 5), .sort = sort };
}

/* One of those whom letters find; false stops. */
static bool
give_named(struct db *db, int64_t id, const char *sort, person_each each, void *ctx)
{
	struct query *q = db_query(db, get_person_row, I("id", id));
	if (!db_next(q))
		return true;
	struct person_row row = row_of(q, sort);
	bool more = each(ctx, &row);
	db_end(q);
	return more;
}

int
person_page(struct db *db, const char *letters, const char *from_sort, member_id from, int direction,
    int n, person_each each, void *ctx)
{
	struct buf low = { 0 }, high = { 0 };
	int count = 0;
	bool more = true;
	if (!may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	check_words(&low, letters);
	buf_fmt(&high, "%s\U0010ffff", buf_text(&low));
	const char *sort = from_sort ? from_sort : buf_text(direction > 0 ? &low : &high);
	struct query *q = low.len
	    ? db_query_args(db, direction > 0 ? &named_down : &named_up, ARGS_(T("low", buf_text(&low)),
		T("high", buf_text(&high)), T("sort", sort), I("id", from.n), I("n", n)))
	    : db_query_args(db, direction > 0 ? &people_down : &people_up,
		ARGS_(T("sort", sort), I("id", from.n), I("n", n)));
	while (more && db_next(q)) {
		count++;
		if (low.len) {
			more = give_named(db, db_int(q, 1), db_text(q, 0), each, ctx);
		} else {
			struct person_row row = row_of(q, db_text(q, 6));
			more = each(ctx, &row);
		}
		if (!more)
			db_end(q);
	}
	buf_free(&low);
	buf_free(&high);
	return count;
}
