/* Who is shut out, for those who manage members: one list, n adds, X lets in again. */
#include <stdlib.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { DAY = 24 * 3600, DAYS_MAX = 3650 };

struct bans {
	struct visit *v;
	struct rows *out;
	int64_t wanted; /* of find(), with what it writes */
	struct buf *name, *text;
};

/* "Alba Martin (alba)", or the address. */
static void
write_name(const struct ban_row *row, struct buf *out)
{
	if (*row->name)
		buf_fmt(out, "%s (%s)", row->name, row->what);
	else
		buf_str(out, row->what);
}

static bool
add_ban(void *ctx, const struct ban_row *row)
{
	struct bans *b = ctx;
	struct row *r = rows_add(b->out, row->id, NULL, row->id);
	struct buf cell = { 0 };
	write_name(row, &cell);
	row_cell(r, 0, buf_text(&cell));
	buf_cut(&cell, 0);
	if (row->over)
		buf_str(&cell, _("over"));
	else
		clock_phrase(&cell, row->until, clock_now(), NULL);
	row_cell(r, 1, buf_text(&cell));
	row_cell(r, 2, row->reason);
	row_cell(r, 3, row->author);
	r->faint = row->over;
	buf_free(&cell);
	return true;
}

static int
ban_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct bans *b = ctx;
	(void)filter;
	b->out = out;
	return ban_page(b->v->db, from ? from->num : 0, direction, n, add_ban, b);
}

static bool
find(void *ctx, const struct ban_row *row)
{
	struct bans *b = ctx;
	if (row->id != b->wanted)
		return false;
	struct buf until = { 0 };
	write_name(row, b->name);
	clock_date(&until, row->until, NULL);
	buf_fmt(b->text, _("%s\n\nUntil: %s\nReason: %s\nBy: %s\n"), buf_text(b->name), buf_text(&until),
	    *row->reason ? row->reason : _("none given"), row->author);
	buf_free(&until);
	return false;
}

/* ---- one more ---- */

enum { F_WHO, F_DAYS, F_REASON, F_COUNT };

static const char *
check_who(void *ctx, struct field *f)
{
	struct visit *v = ctx;
	struct ban_network network;
	struct member member = { 0 };
	if (!f->value.len)
		return _("An address, or a member's log-in name.");
	if (ban_network(buf_text(&f->value), &network, NULL))
		return NULL;
	int r = member_find(v->db, buf_text(&f->value), &member);
	bool sysop = !r && (member.role == ROLE_SYSOP || member.id.n == v->me.id.n);
	member_free(&member);
	if (r)
		return _("This is neither an address, nor a network (192.0.2.0/24), nor a member's log-in "
			 "name.");
	return sysop ? _("A sysop cannot be shut out, nor can one shut out oneself.") : NULL;
}

static int
days_of(const struct field *f)
{
	char *end;
	long days = strtol(buf_text(&f->value), &end, 10);
	return !f->value.len || *end || days < 1 || days > DAYS_MAX ? 0 : (int)days;
}

static const char *
check_days(void *ctx, struct field *f)
{
	(void)ctx;
	return days_of(f) ? NULL : _("A number of days, from 1 to 3650.");
}

static void
add_one(struct visit *v)
{
	struct field fields[F_COUNT] = {
		[F_WHO] = { FIELD_TEXT, .label = _("Who"), .rule = _("a log-in name, or an IP address"),
		    .max = EMAIL_MAX, .check = check_who },
		[F_DAYS] = { FIELD_TEXT, .label = _("For how many days"), .max = 4, .check = check_days },
		[F_REASON] = { FIELD_TEXT, .label = _("Reason"), .rule = _("the person will read it"),
		    .max = TITLE_MAX },
	};
	struct form form = { .place = _("To shut out"), .fields = fields, .field_count = F_COUNT, .ctx = v,
		.lead = _("Nobody comes in from an address that is shut out. A member reads until when, and "
			  "the reason; if he is here, he is let go at once.") };
	buf_str(&fields[F_DAYS].value, "7");
	if (ui_form(v->ui, &form) == ACT_DONE) {
		int r = ban_add(v->db, buf_text(&fields[F_WHO].value),
		    clock_now() + (int64_t)days_of(&fields[F_DAYS]) * DAY, buf_text(&fields[F_REASON].value));
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("Done: %s does not come in any more."), buf_text(&fields[F_WHO].value));
	}
	form_free(&form);
}

/* All of one, as a page, or the question at once; lets in again. */
static void
open_one(struct bans *b, int64_t id, enum act act)
{
	struct buf name = { 0 }, text = { 0 }, question = { 0 };
	b->wanted = id;
	b->name = &name;
	b->text = &text;
	ban_page(b->v->db, id + 1, 1, 1, find, b);
	b->name = b->text = NULL;
	struct page page = { .place = _("Shut out"), .text = buf_text(&text), .acts = ACTS(ACT_REMOVE) };
	if (name.len && act == ACT_OPEN)
		act = ui_page(b->v->ui, &page);
	buf_fmt(&question, _("Let %s in again?"), buf_text(&name));
	if (name.len && act == ACT_REMOVE && ui_ask(b->v->ui, buf_text(&question))) {
		int r = ban_remove(b->v->db, id);
		if (r)
			visit_say_error(b->v, r);
		else
			ui_say(b->v->ui, _("%s may come in again."), buf_text(&name));
	}
	buf_free(&name);
	buf_free(&text);
	buf_free(&question);
}

enum act
bans_screen(struct visit *v)
{
	const struct column columns[] = { { _("Who"), 20, 0, 0 }, { _("Until"), 10, 26, 0 },
		{ _("Reason"), 10, 24, 1 }, { _("By"), 10, 18, 2 } };
	struct bans bans = { .v = v };
	struct list list = { .place = _("Shut out"), .columns = columns, .column_count = 4,
		.source = { ban_rows, &bans }, .empty = _("Nobody is shut out."),
		.acts = ACTS(ACT_ADD) | ACTS(ACT_REMOVE) };
	enum act act;
	while ((act = ui_list(v->ui, &list)) != ACT_BACK && act != ACT_QUIT) {
		if (act == ACT_ADD)
			add_one(v);
		else if (list.at)
			open_one(&bans, list.at, act);
	}
	return act;
}
