/* Reading the journal and the outbox. What writes them are db_journal() and db_outbox() in store.c. */
#include <string.h>

#include "db/machine.h"
#include "db/people.h"

#define JOURNAL "SELECT j.id, j.created, coalesce(m.name, ''), j.act, j.object, j.detail, j.object_id," \
	" coalesce(CASE j.object WHEN 'member' THEN (SELECT o.name FROM member o WHERE o.id = j.object_id)" \
	"  WHEN 'council' THEN (SELECT c.name FROM council_v c WHERE c.id = j.object_id)" \
	"  WHEN 'board' THEN (SELECT b.title FROM board b WHERE b.id = j.object_id) END, '')" \
	" FROM journal j LEFT JOIN member m ON m.id = j.actor WHERE "
#define JOURNAL_DOWN " j.id < :from AND j.id >= :edge ORDER BY j.id DESC LIMIT :n"
#define JOURNAL_UP " j.id > :from AND j.id < :edge ORDER BY j.id LIMIT :n"
#define BY_ACTOR "j.actor = :actor AND"
#define BY_ACT "j.act = :act AND"
#define BY_BOTH "j.actor = :actor AND j.act = :act AND"
#define BY_OBJECT "j.object = :object AND j.object_id = :id AND"
SQL_LIST(journal_rows, JOURNAL JOURNAL_DOWN);
SQL_LIST(journal_rows_up, JOURNAL JOURNAL_UP);
SQL_LIST(journal_actor_down, JOURNAL BY_ACTOR JOURNAL_DOWN);
SQL_LIST(journal_actor_up, JOURNAL BY_ACTOR JOURNAL_UP);
SQL_LIST(journal_act_down, JOURNAL BY_ACT JOURNAL_DOWN);
SQL_LIST(journal_act_up, JOURNAL BY_ACT JOURNAL_UP);
SQL_LIST(journal_both_down, JOURNAL BY_BOTH JOURNAL_DOWN);
SQL_LIST(journal_both_up, JOURNAL BY_BOTH JOURNAL_UP);
SQL_LIST(journal_object_down, JOURNAL BY_OBJECT JOURNAL_DOWN);
SQL_LIST(journal_object_up, JOURNAL BY_OBJECT JOURNAL_UP);
SQL_READ(journal_since, "SELECT id FROM journal WHERE created >= :when ORDER BY created, id LIMIT 1");

#define OUTBOX "SELECT o.id, o.created, o.address, o.kind, o.subject, o.body, o.state FROM outbox o WHERE"
SQL_LIST(outbox_rows, OUTBOX " o.id < :from ORDER BY o.id DESC LIMIT :n");
SQL_LIST(outbox_rows_up, OUTBOX " o.id > :from ORDER BY o.id LIMIT :n");
SQL_LIST(outbox_state_down, OUTBOX " o.state = :state AND o.id < :from ORDER BY o.id DESC LIMIT :n");
SQL_LIST(outbox_state_up, OUTBOX " o.state = :state AND o.id > :from ORDER BY o.id LIMIT :n");
SQL_READ(one_mail, OUTBOX " o.id = :id");
SQL_WRITE(send_again, "UPDATE outbox SET state = 'due'"
    " WHERE id = :id AND state IN ('refused', 'given-up', 'uncertain')");

/* ---- the journal ---- */

/* Which of the statements: by what is asked for, and in which direction. */
static struct query *
ask(struct db *db, const struct journal_filter *f, bool down, int64_t from, int64_t edge, int n)
{
	if (*f->object)
		return db_query_args(db, down ? &journal_object_down : &journal_object_up,
		    ARGS_(T("object", f->object), I("id", f->object_id), I("from", from), I("edge", edge),
			I("n", n)));
	if (f->actor.n && *f->act)
		return db_query_args(db, down ? &journal_both_down : &journal_both_up,
		    ARGS_(I("actor", f->actor.n), T("act", f->act), I("from", from), I("edge", edge),
			I("n", n)));
	if (f->actor.n)
		return db_query_args(db, down ? &journal_actor_down : &journal_actor_up,
		    ARGS_(I("actor", f->actor.n), I("from", from), I("edge", edge), I("n", n)));
	if (*f->act)
		return db_query_args(db, down ? &journal_act_down : &journal_act_up,
		    ARGS_(T("act", f->act), I("from", from), I("edge", edge), I("n", n)));
	return db_query_args(db, down ? &journal_rows : &journal_rows_up,
	    ARGS_(I("from", from), I("edge", edge), I("n", n)));
}

/* The number of the first row from that time on; `otherwise` where no time is given. */
static int64_t
first_since(struct db *db, int64_t when, int64_t otherwise)
{
	return when ? db_one(db, journal_since, INT64_MAX, I("when", when)) : otherwise;
}

int
journal_find(struct db *db, const struct journal_filter *f, int64_t from, int direction, int n,
    journal_each each, void *ctx)
{
	int count = 0;
	bool down = direction > 0;
	if (!may(db, MAY_READ_JOURNAL, (item_id){ 0 }))
		return E_DENIED;
	int64_t low = first_since(db, f->since, 0), high = first_since(db, f->until, INT64_MAX);
	if (down)
		from = from && from < high ? from : high;
	else
		from = from >= low ? from : low - 1;
	struct query *q = ask(db, f, down, from, down ? low : high, n);
	while (db_next(q)) {
		struct journal_row row = { .id = db_int(q, 0), .created = db_int(q, 1),
			.actor = db_text(q, 2), .act = db_text(q, 3), .object = db_text(q, 4),
			.detail = db_text(q, 5), .object_id = db_int(q, 6), .target = db_text(q, 7) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
journal_page(struct db *db, int64_t from, int n, journal_each each, void *ctx)
{
	return journal_find(db, &(struct journal_filter){ .act = "", .object = "" }, from, 1, n, each, ctx);
}

/* ---- the outbox ---- */

static const char *const mail_states[] = { "due", "sent", "refused", "given-up", "uncertain" };

const char *
mail_state_name(enum mail_state state)
{
	return mail_states[state];
}

int
mail_state_parse(const char *name)
{
	for (int i = 0; i < MAIL_STATES; i++)
		if (!strcmp(name, mail_states[i]))
			return i;
	return E_INVALID;
}

static bool
give_mail(struct query *q, outbox_each each, void *ctx)
{
	struct outbox_row row = { .id = db_int(q, 0), .created = db_int(q, 1), .to = db_text(q, 2),
		.kind = db_text(q, 3), .subject = db_text(q, 4), .body = db_text(q, 5),
		.state = db_text(q, 6) };
	return each(ctx, &row);
}

int
outbox_find(struct db *db, int state, int64_t from, int direction, int n, outbox_each each, void *ctx)
{
	int count = 0;
	bool down = direction > 0;
	if (!may(db, MAY_READ_JOURNAL, (item_id){ 0 }))
		return E_DENIED;
	int64_t edge = from ? from : down ? INT64_MAX : 0;
	struct query *q = state < 0
	    ? db_query_args(db, down ? &outbox_rows : &outbox_rows_up, ARGS_(I("from", edge), I("n", n)))
	    : db_query_args(db, down ? &outbox_state_down : &outbox_state_up,
		  ARGS_(T("state", mail_states[state]), I("from", edge), I("n", n)));
	while (db_next(q)) {
		count++;
		if (!give_mail(q, each, ctx)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
outbox_page(struct db *db, int64_t from, int n, outbox_each each, void *ctx)
{
	return outbox_find(db, -1, from, 1, n, each, ctx);
}

int
outbox_get(struct db *db, int64_t id, outbox_each each, void *ctx)
{
	if (!may(db, MAY_READ_JOURNAL, (item_id){ 0 }))
		return E_DENIED;
	struct query *q = db_query(db, one_mail, I("id", id));
	if (!db_next(q))
		return E_NOT_FOUND;
	give_mail(q, each, ctx);
	db_end(q);
	return E_OK;
}

int
outbox_again(struct db *db, int64_t id)
{
	int r = may(db, MAY_READ_JOURNAL, (item_id){ 0 }) ? db_begin(db) : E_DENIED;
	if (r)
		return r;
	if (!db_run(db, send_again, I("id", id)))
		db_fail(db, db_one(db, one_mail, 0, I("id", id)) ? E_DONE : E_NOT_FOUND);
	db_journal(db, "outbox.again", "outbox", id, "");
	return db_commit(db);
}
