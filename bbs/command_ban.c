/* Commands about who is shut out. */
#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "db/member.h"

enum { PAGE = 100, DAY = 24 * 3600, DAYS = 7, DAYS_MAX = 3650 };

static const struct listing_column columns[] = {
	{ "id", N_("Number"), 6 },
	{ "kind", N_("Kind"), 10 },
	{ "what", N_("Shut out"), 26 },
	{ "name", N_("Name"), 20 },
	{ "until", N_("Until"), 30 },
	{ "reason", N_("Reason"), 30 },
	{ "by", N_("By"), 20 },
	{ "created", N_("Date"), 30 },
};

/* Kinds of the store, for the catalogue; call_word() translates them. */
static const char *const kinds[] __attribute__((unused)) = { N_("source"), N_("login") };

struct page {
	struct listing *list;
	int64_t last, left;
};

static bool
list_ban(void *ctx, const struct ban_row *row)
{
	struct page *page = ctx;
	struct listing *l = page->list;
	listing_number(l, row->id);
	call_word(l, row->kind);
	listing_words(l, row->what);
	listing_words(l, row->name);
	call_time(l, row->until);
	listing_words(l, row->reason);
	listing_words(l, row->author);
	call_time(l, row->created);
	page->last = row->id;
	return --page->left > 0;
}

static int
ban_list(struct call *call)
{
	int n;
	struct listing l;
	struct page page = { .list = &l, .left = call_limit(call) };
	call_list(call, &l);
	do {
		n = page.left ? ban_page(call->db, page.last, 1, PAGE, list_ban, &page) : 0;
		call_flush(call);
	} while (n == PAGE && page.left > 0);
	listing_end(&l);
	return call_end(call, n);
}

/* The sentence for what cannot be shut out. */
static int
refuse(struct call *call, int answer)
{
	if (answer == E_NOT_FOUND)
		return call_refuse(call, _("“%s” is neither an address, nor a network (192.0.2.0/24), nor a "
					   "member's log-in name."), call->words[0]);
	if (answer == E_DENIED && may(call->db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
		return call_refuse(call, "%s", _("A sysop cannot be shut out, nor can one shut out "
						 "oneself."));
	return call_fail(call, call->words[0], answer);
}

static int
run_add(struct call *call)
{
	const char *reason = call_option(call, "reason");
	int64_t days = call_number(call, "days", DAYS);
	if (days < 1 || days > DAYS_MAX)
		return call_usage(call, _("--days is from 1 to %d."), DAYS_MAX);
	int r = ban_add(call->db, call->words[0], clock_now() + days * DAY, reason ? reason : "");
	return r ? refuse(call, r) : 0;
}

static int
run_remove(struct call *call)
{
	int64_t id = ban_find(call->db, call->words[0]);
	if (id == E_NOT_FOUND)
		return call_refuse(call, _("“%s” is not shut out."), call->words[0]);
	return call_end(call, id < 0 ? (int)id : ban_remove(call->db, id));
}

const struct verb command_ban_verbs[] = {
	{ .noun = "ban", .verb = "list", .run = ban_list, .need = MAY_MANAGE_MEMBERS, .columns = columns,
	  .column_count = sizeof columns / sizeof *columns, .usage = "[--limit N] [--json | --csv]",
	  .help = N_("Who is shut out, or was within a month, the newest first.") },
	{ .noun = "ban", .verb = "add", .run = run_add, .need = MAY_MANAGE_MEMBERS,
	  .usage = "WHO [--days N] [--reason TEXT]",
	  .help = N_("Shuts out an address, a network (192.0.2.0/24) or a member, for 7 days or N; the "
		     "member reads the reason.") },
	{ .noun = "ban", .verb = "remove", .run = run_remove, .need = MAY_MANAGE_MEMBERS, .usage = "WHO",
	  .help = N_("Lets in again.") },
	{ 0 },
};
