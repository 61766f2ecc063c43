/*
 * Everything that the board keeps of a member, for himself: to be given to him as one archive. What
 * erases it is erase.c; a table that comes to keep something of people has a place in both.
 */
#include "db/member.h"
#include "db/people.h"

enum { COLUMNS_MAX = 32 };

SQL_WHOLE(own_profile, "SELECT m.login, m.email, m.email_new, m.email_confirmed, m.given, m.family, m.mobile,"
    " m.mobile_confirmed, m.about, m.knows, m.see_email, m.see_mobile, m.see_about, m.see_knows,"
    " coalesce((SELECT c.name FROM council_v c WHERE c.id = m.council), ''), m.role,"
    " coalesce(m.territory, ''), m.state, m.language, m.face, m.letter, m.sms,"
    " m.see_here, m.takes_words, CASE WHEN m.password IS NULL THEN 0 ELSE 1 END, m.charter, m.created,"
    " coalesce(m.decided, 0), m.visit,"
    " m.last_visit FROM member m WHERE m.id = :me");
SQL_WHOLE(own_keys, "SELECT type, blob, name, created, used FROM member_key WHERE member = :me ORDER BY id");
SQL_WHOLE(own_messages, "SELECT item, version, kind, coalesce(thread, 0), title, level, state, created"
    " FROM own_text_v ORDER BY item, version");
SQL_WHOLE(own_drafts, "SELECT place, title, body, files, changed FROM draft WHERE member = :me ORDER BY changed");
SQL_WHOLE(own_marks, "SELECT thread, last, follows, muted FROM mark WHERE member = :me ORDER BY thread");
SQL_WHOLE(own_boards, "SELECT board, follows, muted FROM board_mark WHERE member = :me ORDER BY board");
SQL_WHOLE(own_handovers, "SELECT council, giver, coalesce(member, 0), created, coalesce(confirmed, 0)"
    " FROM handover WHERE giver = :me OR member = :me ORDER BY council");
SQL_WHOLE(own_suspensions, "SELECT reason, created, coalesce(ended, 0) FROM suspension WHERE member = :me"
    " ORDER BY id");
SQL_WHOLE(own_answers, "SELECT candidate, answer, reason, created FROM approval WHERE voter = :me"
    " ORDER BY created, candidate");
SQL_WHOLE(own_approvals, "SELECT answer, reason, created FROM approval WHERE candidate = :me ORDER BY created");
SQL_WHOLE(own_questions, "SELECT candidate, question, answer, created, coalesce(answered, 0) FROM precision"
    " WHERE candidate = :me OR asker = :me ORDER BY id");
SQL_WHOLE(own_invitations, "SELECT council, created, expires, coalesce(used_by, 0) FROM invitation"
    " WHERE inviter = :me ORDER BY created");
SQL_WHOLE(own_deeds, "SELECT created, act, object, object_id, detail FROM journal WHERE actor = :me"
    " ORDER BY id");
SQL_WHOLE(own_journal, "SELECT created, act, detail FROM journal WHERE object = 'member' AND object_id = :me"
    " ORDER BY id");
SQL_WHOLE(sessions_kept, "SELECT started, carrier, source FROM session WHERE member = :me ORDER BY id");
SQL_WHOLE(own_mails, "SELECT created, address, kind, subject, body, state FROM outbox WHERE member = :me"
    " ORDER BY id");
SQL_WHOLE(own_notices, "SELECT created, coalesce(sender, 0), kind, coalesce(item, 0), body, seen"
    " FROM notice_v WHERE member = :me ORDER BY id");
SQL_WHOLE(own_sent, "SELECT created, member, body FROM word_sent_v WHERE sender = :me ORDER BY id");
SQL_WHOLE(own_dailies, "SELECT created, body, hidden FROM daily_v WHERE author = :me ORDER BY id");
SQL_WHOLE(own_reports, "SELECT item, reason, created, state FROM report WHERE reporter = :me ORDER BY id");
SQL_WHOLE(own_bans, "SELECT reason, created, until FROM ban WHERE kind = 'login' AND what ="
    " (SELECT m.login FROM member m WHERE m.id = :me)");
SQL_WHOLE(own_seen, "SELECT item, first FROM seen WHERE member = :me ORDER BY item");
SQL_WHOLE(own_follows, "SELECT place FROM follow WHERE member = :me ORDER BY place");
SQL_WHOLE(own_files, "SELECT id, place, name, size, level, state, created, changed FROM own_file_v"
    " WHERE author = :me ORDER BY id");
SQL_LIST(own_texts, "SELECT item, version, title, created, body FROM own_text_v"
    " WHERE (item, version) > (:item, :version) ORDER BY item, version LIMIT :n");

static const struct part {
	const char *name;
	const struct statement *statement;
	const char *columns[COLUMNS_MAX]; /* # a number, @ a time */
} parts[] = {
	{ "profile", &own_profile, { "login", "email", "email_to_confirm", "@email_confirmed", "given",
		"family", "mobile", "@mobile_confirmed", "about", "knows", "who_sees_email",
		"who_sees_mobile", "who_sees_about", "who_sees_knows", "council", "role", "territory",
		"state", "language", "face", "#letter", "#sms", "#seen_on_line",
		"#takes_words", "#has_password", "#charter", "@created",
		"@decided", "@visit", "@last_visit" } },
	{ "keys", &own_keys, { "type", "key", "name", "@created", "@used" } },
	{ "messages", &own_messages, { "#id", "#version", "kind", "#thread", "title", "level", "state",
		"@created" } },
	{ "files", &own_files, { "#id", "place", "name", "#size", "level", "state", "@created", "@changed" } },
	{ "drafts", &own_drafts, { "place", "title", "body", "files", "@changed" } },
	{ "files_seen", &own_seen, { "#file", "@first" } },
	{ "files_followed", &own_follows, { "place" } },
	{ "reading", &own_marks, { "#thread", "#last_read", "#follows", "#muted" } },
	{ "boards", &own_boards, { "#board", "#follows", "#muted" } },
	{ "resource_person", &own_handovers, { "#council", "#named_by", "#named", "@created", "@confirmed" } },
	{ "suspensions", &own_suspensions, { "reason", "@created", "@ended" } },
	{ "answers_given", &own_answers, { "#candidate", "answer", "reason", "@created" } },
	{ "answers_received", &own_approvals, { "answer", "reason", "@created" } },
	{ "questions", &own_questions, { "#candidate", "question", "answer", "@created", "@answered" } },
	{ "invitations", &own_invitations, { "#council", "@created", "@expires", "#used_by" } },
	{ "done_by_me", &own_deeds, { "@created", "act", "object", "#object_id", "detail" } },
	{ "done_about_me", &own_journal, { "@created", "act", "detail" } },
	{ "sessions", &sessions_kept, { "@started", "by", "from" } },
	{ "words_received", &own_notices, { "@created", "#sender", "kind", "#about", "body", "#seen" } },
	{ "words_sent", &own_sent, { "@created", "#to", "body" } },
	{ "lines_of_the_day", &own_dailies, { "@created", "body", "#hidden" } },
	{ "reports", &own_reports, { "#about", "reason", "@created", "state" } },
	{ "shut_out", &own_bans, { "reason", "@created", "@until" } },
	{ "mails", &own_mails, { "@created", "address", "kind", "subject", "body", "state" } },
};

int
own_data(struct db *db, own_each each, void *ctx)
{
	member_id me = db_viewer(db);
	if (!me.n || me.n == MACHINE.n)
		return E_DENIED;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const struct part *p = &parts[i];
		const char *cells[COLUMNS_MAX];
		int count = 0;
		while (count < COLUMNS_MAX && p->columns[count])
			count++;
		each(ctx, p->name, p->columns, count, NULL);
		bool of_view = p->statement == &own_messages;
		struct query *q = db_query_args(db, p->statement, of_view ? ARGS_({ 0 }) : ARGS_(I("me", me.n)));
		while (db_next(q)) {
			for (int c = 0; c < count; c++)
				cells[c] = db_text(q, c);
			each(ctx, p->name, p->columns, count, cells);
		}
	}
	return E_OK;
}

int
own_text_page(struct db *db, item_id from, int64_t version, int n, own_text_each each, void *ctx)
{
	int count = 0;
	struct query *q = db_query(db, own_texts, I("item", from.n), I("version", version), I("n", n));
	for (; db_next(q); count++)
		each(ctx, (item_id){ db_int(q, 0) }, db_int(q, 1), db_text(q, 2), db_int(q, 3), db_text(q, 4));
	return count;
}
