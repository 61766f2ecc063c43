/*
 * How a candidate becomes a member: who is asked, what they say, when it is decided, who is told. Every
 * answer and what follows from it is one transaction, so that two people may answer at once.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "db/member.h"
#include "db/people.h"

enum {
	A_DAY = 24 * 3600,
	LOOK = 200,
	COUNTED = 100,
	TOLD = 200, /* members of a council who get a mail */
	VOTERS = 20,
	NUDGE_AFTER = 36 * 3600,
	URGENT_AFTER = 48 * 3600,
	REMINDED = 100, /* candidates looked at in one go */
};

/* Candidates of the viewer's two lists: the engine walks two ranges of the key and merges them. */
#define LISTED_AFTER "SELECT w.candidate FROM waiting w WHERE w.place = :place AND w.candidate > :from" \
	" UNION SELECT w.candidate FROM waiting w WHERE w.place = :own AND w.candidate > :from"

SQL_LIST(candidates_down, LISTED_AFTER " ORDER BY 1 LIMIT :n");
SQL_LIST(candidates_up, "SELECT w.candidate FROM waiting w WHERE w.place = :place AND w.candidate < :from"
    " UNION SELECT w.candidate FROM waiting w WHERE w.place = :own AND w.candidate < :from"
    " ORDER BY 1 DESC LIMIT :n");
SQL_LIST(unanswered, "SELECT count(*), coalesce(min(y.created), 0) FROM (SELECT m.created"
    " FROM (" LISTED_AFTER " ORDER BY 1 LIMIT :look) x JOIN member m ON m.id = x.candidate"
    " WHERE NOT EXISTS (SELECT 1 FROM approval a WHERE a.candidate = m.id AND a.voter = viewer())"
    " LIMIT :n) y");
SQL_READ(get_candidate, "SELECT m.name,"
    " coalesce((SELECT c.name FROM council_v c WHERE c.id = m.council),"
    "  (SELECT p.name FROM proposal_v p WHERE p.id = m.council), ''),"
    " coalesce((SELECT c.town FROM council_v c WHERE c.id = m.council),"
    "  (SELECT p.town FROM proposal_v p WHERE p.id = m.council), ''), m.about, m.login, m.created,"
    " (SELECT count(*) FROM approval a WHERE a.candidate = m.id AND a.answer = 'yes'),"
    " (SELECT count(*) FROM approval a WHERE a.candidate = m.id AND a.answer = 'no'),"
    " (SELECT count(*) FROM approval a WHERE a.candidate = m.id AND a.voter = viewer()),"
    " CASE WHEN EXISTS (SELECT 1 FROM member_key k WHERE k.member = m.id) THEN 1 ELSE 0 END, m.letter,"
    " coalesce((SELECT p.question FROM precision p WHERE p.candidate = m.id"
    "  ORDER BY p.id DESC LIMIT 1), ''),"
    " coalesce((SELECT p.answer FROM precision p WHERE p.candidate = m.id ORDER BY p.id DESC LIMIT 1), ''),"
    " coalesce(m.council, 0), (SELECT count(*) FROM proposal_v p WHERE p.id = m.council)"
    " FROM member m WHERE m.id = :id AND m.state = 'waiting'");
SQL_READ(voters_of, "SELECT m.name FROM approval a JOIN member m ON m.id = a.voter"
    " WHERE a.candidate = :id AND a.answer = 'yes' ORDER BY a.created, a.voter LIMIT :n");
SQL_READ(noes_of, "SELECT m.name, a.reason FROM approval a JOIN member m ON m.id = a.voter"
    " WHERE a.candidate = :id AND a.answer = 'no' ORDER BY a.created, a.voter LIMIT :n");
SQL_READ(state_of, "SELECT state, coalesce(council, 0), name, given, login, language FROM member"
    " WHERE id = :id AND id > 1");
/* A yes counts as long as who said it is a member. */
SQL_READ(count_answers, "SELECT count(*) FILTER (WHERE a.answer = 'no'),"
    " count(*) FILTER (WHERE a.answer = 'yes' AND coalesce(v.decided, 0) <= a.created - :young),"
    " count(*) FILTER (WHERE a.answer = 'yes' AND coalesce(v.decided, 0) > a.created - :young)"
    " FROM approval a JOIN member v ON v.id = a.voter AND v.state = 'active'"
    " WHERE a.candidate = :id");
SQL_READ(last_no, "SELECT reason FROM approval WHERE candidate = viewer() AND answer = 'no'"
    " ORDER BY created DESC, voter LIMIT 1");
SQL_WRITE(put_answer, "INSERT INTO approval (candidate, voter, answer, reason, created)"
    " VALUES (:candidate, :voter, :answer, :reason, :now)"
    " ON CONFLICT (candidate, voter) DO NOTHING");
SQL_WRITE(change_answer, "UPDATE approval SET answer = :answer, reason = :reason, created = :now"
    " WHERE candidate = :candidate AND voter = :voter");
SQL_WRITE(decide_member, "UPDATE member SET state = :state, decided = :now"
    " WHERE id = :id AND state = 'waiting'");
SQL_WRITE(no_more_waiting, "DELETE FROM waiting WHERE candidate = :id");
SQL_WRITE(place_candidate, "INSERT INTO waiting (place, candidate)"
    " SELECT r.territory, m.id FROM member m JOIN reach_v r ON r.council = m.council WHERE m.id = :id"
    " UNION SELECT 'c' || CAST(m.council AS TEXT), m.id FROM member m WHERE m.id = :id");
SQL_WHOLE(candidates_of, "SELECT id FROM member WHERE council = :council AND state = 'waiting'"
    " ORDER BY id");
SQL_READ(peers_of, "SELECT id FROM member WHERE council = :council AND state = 'active' AND id <> :but"
    " ORDER BY id LIMIT :n");
SQL_READ(animators_of, "SELECT m.id FROM member m WHERE m.role = 'animator' AND m.state = 'active'"
    " AND (m.territory IS NULL OR m.territory IN"
    "  (SELECT r.territory FROM reach_v r WHERE r.council = :council)) ORDER BY m.id LIMIT :n");
SQL_READ(sysops, "SELECT id FROM member WHERE role = 'sysop' AND state = 'active' AND id > 1"
    " ORDER BY id LIMIT :n");
SQL_WRITE(add_question, "INSERT INTO precision (candidate, asker, question, created)"
    " VALUES (:candidate, :asker, :question, :now)");
SQL_READ(open_question, "SELECT id, question, asker FROM precision"
    " WHERE candidate = :candidate AND answered IS NULL ORDER BY id LIMIT 1");
SQL_WRITE(put_precision, "UPDATE precision SET answer = :answer, answered = :now WHERE id = :id");
/* Who has waited so long that something is to be told, and it was not. */
SQL_WHOLE(to_remind, "SELECT x.id, x.kind FROM (SELECT m.id,"
    " CASE WHEN m.created <= :urgent THEN 'urgent' ELSE 'nudge' END AS kind FROM member m"
    " WHERE m.state = 'waiting' AND m.id > :from AND m.created <= :nudge) x WHERE NOT EXISTS"
    " (SELECT 1 FROM reminder r WHERE r.candidate = x.id AND r.kind IN (x.kind, 'urgent'))"
    " ORDER BY x.id LIMIT :n");
SQL_WRITE(add_reminder, "INSERT INTO reminder (candidate, kind, created) VALUES (:id, :kind, :now)"
    " ON CONFLICT (candidate, kind) DO NOTHING");

/* ---- the candidate, as those who decide need him ---- */

struct candidate {
	member_id id;
	enum member_state state;
	item_id council;
	struct buf name, given, login;
};

static int
get(struct db *db, member_id id, struct candidate *out)
{
	struct query *q = db_query(db, state_of, I("id", id.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	out->id = id;
	out->state = (enum member_state)member_state_parse(db_text(q, 0));
	out->council = (item_id){ db_int(q, 1) };
	buf_str(&out->name, db_text(q, 2));
	buf_str(&out->given, db_text(q, 3));
	buf_str(&out->login, db_text(q, 4));
	db_end(q);
	return E_OK;
}

static void
drop(struct candidate *c)
{
	buf_free(&c->name);
	buf_free(&c->given);
	buf_free(&c->login);
}

static int
yes_needed(struct db *db)
{
	return (int)setting_number(db, "approvals_needed");
}

/* ---- mails ---- */

static void
tell_request(struct db *db, member_id to, const struct candidate *c)
{
	mail_to(db, to, "candidate", N_("Somebody asks to join"),
	    N_("%s asks to join the board.\n\nYour yes or your no is awaited within 48 hours: log in, then "
	       "“To approve”.\n"),
	    buf_text(&c->name));
}

static void
tell_contested(struct db *db, member_id to, const struct candidate *c)
{
	mail_to(db, to, "contested", N_("A request to join is yours to decide"),
	    N_("A member said no to %s, who asks to join the board.\n\nThe decision is yours: log in, then "
	       "“To approve”.\n"),
	    buf_text(&c->name));
}

/* Tells everybody whom a query on member ids gives; how many. */
static int
tell_each(struct db *db, struct query *q, const struct candidate *c,
    void (*tell)(struct db *, member_id, const struct candidate *))
{
	int count = 0;
	for (; db_next(q); count++)
		tell(db, (member_id){ db_int(q, 0) }, c);
	return count;
}

/* The animators of the candidate's territory; where there is none, the sysops. */
static void
tell_animators(struct db *db, const struct candidate *c,
    void (*tell)(struct db *, member_id, const struct candidate *))
{
	if (!tell_each(db, db_query(db, animators_of, I("council", c->council.n), I("n", TOLD)), c, tell))
		tell_each(db, db_query(db, sysops, I("n", TOLD)), c, tell);
}

static void
tell_peers(struct db *db, const struct candidate *c)
{
	struct query *q = db_query(db, peers_of, I("council", c->council.n), I("but", c->id.n),
	    I("n", TOLD));
	if (!tell_each(db, q, c, tell_request))
		tell_animators(db, c, tell_request);
}

/* ---- deciding ---- */

static void
decide(struct db *db, struct candidate *c, enum member_state state, const char *reason)
{
	if (!db_run(db, decide_member, T("state", member_state_name(state)), I("now", clock_now()),
		I("id", c->id.n)))
		db_fail(db, E_DONE);
	db_run(db, no_more_waiting, I("id", c->id.n));
	c->state = state;
	council_settle(db, c->council, c->id, state == MEMBER_ACTIVE);
	db_wrote(db, TOPIC_MEMBER, c->id.n);
	if (state == MEMBER_ACTIVE) {
		db_journal(db, "approve", "member", c->id.n, "");
		mail_to(db, c->id, "welcome", N_("You are a member"),
		    N_("Hello %s,\n\nYour request was accepted: the members’ boards are open to you. Log in "
		       "under the name %s.\n"),
		    buf_text(&c->given), buf_text(&c->login));
	} else {
		db_journal(db, "refuse", "member", c->id.n, "");
		mail_to(db, c->id, "refused", N_("Your request was not accepted"),
		    N_("Hello %s,\n\nYour request to join the board was not accepted. The reason given:\n\n"
		       "%s\n"),
		    buf_text(&c->given), reason);
	}
}

/* Is what was said enough for a member? */
static bool
enough(struct db *db, const struct candidate *c, member_id voter)
{
	int64_t newcomer = setting_number(db, "young_days") * A_DAY;
	struct query *q = db_query(db, count_answers, I("young", newcomer), I("id", c->id.n));
	db_next(q);
	int64_t no = db_int(q, 0), old = db_int(q, 1), young = db_int(q, 2);
	db_end(q);
	if (no)
		return false;
	return old + (young > 0) >= yes_needed(db) || may_as(db, voter, MAY_DECIDE, c->council);
}

/* Inside the transaction: somebody's answer, and what follows from it. */
static void
take_answer(struct db *db, struct candidate *c, member_id voter, bool yes, const char *reason)
{
	const char *answer = yes ? "yes" : "no";
	int64_t now = clock_now();
	bool settles = may_as(db, voter, MAY_SETTLE, c->council);
	if (!may_as(db, voter, MAY_APPROVE, c->council)) {
		db_fail(db, E_DENIED);
		return;
	}
	if (c->state != MEMBER_WAITING) {
		db_fail(db, E_DONE);
		return;
	}
	int added = db_run(db, put_answer, I("candidate", c->id.n), I("voter", voter.n),
	    T("answer", answer), T("reason", reason), I("now", now));
	if (!added && settles)
		db_run(db, change_answer, I("candidate", c->id.n), I("voter", voter.n),
		    T("answer", answer), T("reason", reason), I("now", now));
	else if (!added)
		db_fail(db, E_DONE);
	db_journal(db, answer, "member", c->id.n, "");
	db_wrote(db, TOPIC_CANDIDATES, c->council.n);
	if (settles || (yes && enough(db, c, voter)))
		decide(db, c, yes ? MEMBER_ACTIVE : MEMBER_REFUSED, reason);
	else if (!yes)
		tell_animators(db, c, tell_contested);
}

static int
say(struct db *db, member_id id, bool yes, const char *reason, enum member_state *state)
{
	struct candidate c = { 0 };
	int r = db_begin(db);
	if (r)
		return r;
	r = get(db, id, &c);
	if (r)
		db_fail(db, r);
	else
		take_answer(db, &c, db_viewer(db), yes, reason);
	r = db_commit(db);
	if (!r || r == E_DONE)
		*state = c.state;
	drop(&c);
	return r;
}

int
candidate_yes(struct db *db, member_id id, enum member_state *state)
{
	return say(db, id, true, "", state);
}

int
candidate_no(struct db *db, member_id id, const char *reason, enum member_state *state)
{
	struct buf clean = { 0 };
	int r = member_clean(&clean, reason, TEXT_BODY, ABOUT_MAX);
	if (!r)
		r = say(db, id, false, buf_text(&clean), state);
	buf_free(&clean);
	return r;
}

void
candidate_begin(struct db *db, member_id id, item_id council, member_id inviter)
{
	struct candidate c = { 0 };
	if (get(db, id, &c))
		return; /* the sign-up failed before: the transaction knows */
	db_run(db, place_candidate, I("id", id.n));
	db_wrote(db, TOPIC_CANDIDATES, council.n);
	if (inviter.n)
		take_answer(db, &c, inviter, true, "");
	if (c.state == MEMBER_WAITING)
		tell_peers(db, &c);
	drop(&c);
}

void
candidate_place(struct db *db, member_id candidate)
{
	db_run(db, no_more_waiting, I("id", candidate.n));
	db_run(db, place_candidate, I("id", candidate.n));
}

void
candidate_place_council(struct db *db, item_id council)
{
	struct query *q = db_query(db, candidates_of, I("council", council.n));
	while (db_next(q))
		candidate_place(db, (member_id){ db_int(q, 0) });
}

/* ---- the clock ---- */

static void
tell_nudge(struct db *db, member_id to, const struct candidate *c)
{
	mail_to(db, to, "nudge", N_("Somebody still waits for an answer"),
	    N_("%s has been waiting for 36 hours to join the board; an answer is promised within 48.\n\n"
	       "Please log in, then “To approve”: your yes is enough.\n"),
	    buf_text(&c->name));
}

static void
tell_urgent(struct db *db, member_id to, const struct candidate *c)
{
	mail_to(db, to, "urgent", N_("A request to join is late"),
	    N_("%s has been waiting for more than 48 hours to join the board, and was told that the answer "
	       "is late.\n\nPlease log in, then “To approve”: your yes is enough.\n"),
	    buf_text(&c->name));
}

/* The ledger's row and the mails are one transaction: sent once, however often this runs or falls. */
static int
remind(struct db *db, member_id id, bool urgent)
{
	struct candidate c = { 0 };
	const char *kind = urgent ? "urgent" : "nudge";
	int r = db_begin(db);
	if (r)
		return r;
	if (get(db, id, &c) || c.state != MEMBER_WAITING ||
	    !db_run(db, add_reminder, I("id", id.n), T("kind", kind), I("now", clock_now())))
		db_fail(db, E_DONE);
	tell_animators(db, &c, urgent ? tell_urgent : tell_nudge);
	if (urgent)
		mail_to(db, id, "late", N_("Your request is late"),
		    N_("Hello %s,\n\nYour request to join the board should have been answered within 48 "
		       "hours, and was not: please excuse us. The animators have just been told; you have "
		       "nothing to do.\n"),
		    buf_text(&c.given));
	db_journal(db, "remind", "member", id.n, kind);
	db_wrote(db, TOPIC_CANDIDATES, c.council.n);
	db_wrote(db, TOPIC_MEMBER, id.n);
	r = db_commit(db);
	drop(&c);
	return r;
}

int
candidate_remind(struct db *db)
{
	struct {
		member_id id;
		bool urgent;
	} due[REMINDED] = { 0 };
	int64_t now = clock_now(), from = 0;
	int count = 0, n;
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	do {
		n = 0;
		struct query *q = db_query(db, to_remind, I("urgent", now - URGENT_AFTER),
		    I("nudge", now - NUDGE_AFTER), I("from", from), I("n", REMINDED));
		for (; db_next(q); n++) {
			from = db_int(q, 0);
			due[n].id = (member_id){ from };
			due[n].urgent = !strcmp(db_text(q, 1), "urgent");
		}
		for (int i = 0; i < n; i++) {
			int r = remind(db, due[i].id, due[i].urgent);
			if (r && r != E_DONE)
				return r;
			count += !r;
		}
	} while (n == REMINDED);
	return count;
}

/* ---- questions ---- */

int
candidate_ask(struct db *db, member_id id, const char *typed)
{
	struct candidate c = { 0 };
	struct buf question = { 0 };
	struct member asker = { 0 };
	int r = member_clean(&question, typed, TEXT_BODY, ABOUT_MAX);
	if (!r)
		r = member_get(db, db_viewer(db), &asker);
	if (!r)
		r = db_begin(db);
	if (!r) {
		r = get(db, id, &c);
		if (r || !may(db, MAY_APPROVE, c.council) || c.state != MEMBER_WAITING)
			db_fail(db, r ? r : !may(db, MAY_APPROVE, c.council) ? E_DENIED : E_DONE);
		db_run(db, add_question, I("candidate", id.n), I("asker", asker.id.n),
		    T("question", buf_text(&question)), I("now", clock_now()));
		db_journal(db, "ask", "member", id.n, "");
		db_wrote(db, TOPIC_MEMBER, id.n);
		mail_to(db, id, "precision", N_("A question about your request"),
		    N_("Hello %s,\n\n%s asks you before answering:\n\n%s\n\nLog in to answer.\n"),
		    buf_text(&c.given), buf_text(&asker.name), buf_text(&question));
		r = db_commit(db);
	}
	drop(&c);
	member_free(&asker);
	buf_free(&question);
	return r;
}

void
candidate_refusal(struct db *db, struct buf *reason)
{
	buf_cut(reason, 0);
	struct query *q = db_query(db, last_no);
	while (db_next(q))
		buf_str(reason, db_text(q, 0));
}

void
candidate_question(struct db *db, struct buf *question)
{
	buf_cut(question, 0);
	struct query *q = db_query(db, open_question, I("candidate", db_viewer(db).n));
	while (db_next(q))
		buf_str(question, db_text(q, 1));
}

int
candidate_answer(struct db *db, const char *typed)
{
	struct candidate c = { 0 };
	struct buf answer = { 0 };
	member_id me = db_viewer(db);
	int r = member_clean(&answer, typed, TEXT_BODY, ABOUT_MAX);
	if (!r)
		r = db_begin(db);
	if (!r) {
		struct query *q = db_query(db, open_question, I("candidate", me.n));
		r = db_next(q) ? E_OK : E_NOT_FOUND;
		int64_t id = r ? 0 : db_int(q, 0), asker = r ? 0 : db_int(q, 2);
		if (!r)
			db_end(q);
		if (r || (r = get(db, me, &c)))
			db_fail(db, r);
		db_run(db, put_precision, T("answer", buf_text(&answer)), I("now", clock_now()), I("id", id));
		db_journal(db, "answer", "member", me.n, "");
		db_wrote(db, TOPIC_CANDIDATES, c.council.n);
		mail_to(db, (member_id){ asker }, "precision", N_("An answer to your question"),
		    N_("%s has answered your question:\n\n%s\n\nLog in, then “To approve”.\n"),
		    buf_text(&c.name), buf_text(&answer));
		r = db_commit(db);
	}
	drop(&c);
	buf_free(&answer);
	return r;
}

/* ---- lists ---- */

/* The viewer's two lists, "" where he has none: his territory's, and his council's. */
struct lists {
	char territory[24], own[24];
};

static int
lists_of_viewer(struct db *db, struct lists *out)
{
	struct person me;
	*out = (struct lists){ 0 };
	if (!may(db, MAY_APPROVE, (item_id){ 0 }) || !person_get(db, db_viewer(db), &me))
		return E_DENIED;
	if (me.role == ROLE_SYSOP || (me.role == ROLE_ANIMATOR && !*me.territory))
		snprintf(out->territory, sizeof out->territory, "FR");
	else if (me.role == ROLE_ANIMATOR)
		snprintf(out->territory, sizeof out->territory, "%s", me.territory);
	if (me.council.n)
		snprintf(out->own, sizeof out->own, "c%" PRId64, me.council.n);
	return E_OK;
}

static void
list_voters(struct db *db, int64_t id, struct buf *out)
{
	struct query *q = db_query(db, voters_of, I("id", id), I("n", VOTERS));
	while (db_next(q))
		buf_fmt(out, "%s%s", out->len ? ", " : "", db_text(q, 0));
}

static void
list_noes(struct db *db, int64_t id, struct buf *out)
{
	struct query *q = db_query(db, noes_of, I("id", id), I("n", VOTERS));
	while (db_next(q)) {
		buf_str(out, out->len ? "\n" : "");
		buf_fmt(out, _("%s: %s"), db_text(q, 0), db_text(q, 1));
	}
}

/* Hands one candidate to `each`; false stops. One who was decided meanwhile is left out. */
static bool
give_row(struct db *db, int64_t id, int needed, candidate_each each, void *ctx, int *count)
{
	struct query *q = db_query(db, get_candidate, I("id", id));
	if (!db_next(q))
		return true;
	struct buf voters = { 0 }, noes = { 0 };
	bool settles = may(db, MAY_SETTLE, (item_id){ db_int(q, 13) });
	list_voters(db, id, &voters);
	if (settles)
		list_noes(db, id, &noes);
	struct candidate_row row = { .id = { id }, .name = db_text(q, 0), .council = db_text(q, 1),
		.town = db_text(q, 2), .about = db_text(q, 3), .login = db_text(q, 4),
		.since = db_int(q, 5), .yes = (int)db_int(q, 6), .no = (int)db_int(q, 7),
		.needed = needed, .mine = db_int(q, 8), .has_key = db_int(q, 9), .letter = db_int(q, 10),
		.voters = buf_text(&voters), .noes = buf_text(&noes), .settles = settles,
		.question = db_text(q, 11), .answer = db_text(q, 12),
		.council_id = { db_int(q, 13) }, .proposes = db_int(q, 14) };
	++*count;
	bool more = each(ctx, &row);
	db_end(q);
	buf_free(&voters);
	buf_free(&noes);
	return more;
}

int
candidate_page(struct db *db, member_id from, int direction, int n, candidate_each each, void *ctx)
{
	struct lists lists;
	int count = 0, needed = yes_needed(db);
	int r = lists_of_viewer(db, &lists);
	if (r)
		return r;
	int64_t edge = from.n || direction > 0 ? from.n : INT64_MAX;
	struct query *q = db_query_args(db, direction > 0 ? &candidates_down : &candidates_up,
	    ARGS_(T("place", lists.territory), T("own", lists.own), I("from", edge), I("n", n)));
	while (db_next(q)) {
		if (!give_row(db, db_int(q, 0), needed, each, ctx, &count)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
candidate_count(struct db *db, int64_t *oldest)
{
	struct lists lists;
	*oldest = 0;
	int r = lists_of_viewer(db, &lists);
	if (r)
		return r;
	struct query *q = db_query(db, unanswered, T("place", lists.territory), T("own", lists.own),
	    I("from", 0), I("look", LOOK), I("n", COUNTED));
	db_next(q);
	int count = (int)db_int(q, 0);
	*oldest = db_int(q, 1);
	db_end(q);
	return count;
}
