/* Two sheets of one council become one: its people and its talk go to the sheet that stays. */
#include <inttypes.h>
#include <stdio.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/people.h"
#include "db/search.h"

SQL_READ(board_of_council, "SELECT id FROM board WHERE council = :council ORDER BY id LIMIT 1");
SQL_WHOLE(people_of, "SELECT id, given FROM member WHERE council = :council AND id > 1 ORDER BY id");
SQL_WRITE(move_people, "UPDATE member SET council = :into WHERE council = :from");
SQL_WRITE(move_invitations, "UPDATE invitation SET council = :into WHERE council = :from");
SQL_WHOLE(threads_there, "SELECT thread FROM board_thread_v WHERE board = :board ORDER BY thread");
SQL_WRITE(move_messages, "UPDATE item SET council = :into, board = :board WHERE thread = :thread");
SQL_WRITE(move_thread, "UPDATE thread SET board = :board WHERE item = :thread");
SQL_WRITE(close_board, "UPDATE board SET closed = 1 WHERE id = :id");
SQL_WRITE(mark_merged, "UPDATE council SET merged = :into WHERE id = :from");
SQL_WRITE(hide_sheet, "UPDATE item SET state = 'hidden', changed = :now WHERE id = :from");
SQL_WRITE(forget_asked, "DELETE FROM handover WHERE council = :from");
SQL_WRITE(forget_words, "DELETE FROM council_word WHERE council = :from");

static void
move_talk(struct db *db, item_id from, item_id into)
{
	int64_t old = db_one(db, board_of_council, 0, I("council", from.n));
	int64_t board = db_one(db, board_of_council, 0, I("council", into.n));
	if (!old || !board)
		return;
	struct query *q = db_query(db, threads_there, I("board", old));
	while (db_next(q)) {
		int64_t thread = db_int(q, 0);
		search_take_out_thread(db, (item_id){ thread });
		db_run(db, move_messages, I("into", into.n), I("board", board), I("thread", thread));
		db_run(db, move_thread, I("board", board), I("thread", thread));
		search_put_in_thread(db, (item_id){ thread });
	}
	db_run(db, close_board, I("id", old));
	db_wrote(db, TOPIC_BOARD, board);
}

static void
move_all(struct db *db, item_id from, const struct council *into)
{
	struct query *q = db_query(db, people_of, I("council", from.n));
	while (db_next(q)) {
		mail_to(db, (member_id){ db_int(q, 0) }, "council", N_("Your council on the board"),
		    N_("Hello %s,\n\nYou are from now on at the council %s (%s) on the board.\n"),
		    db_text(q, 1), buf_text(&into->name), buf_text(&into->town));
		db_wrote(db, TOPIC_MEMBER, db_int(q, 0));
	}
	db_run(db, move_people, I("into", into->id.n), I("from", from.n));
	db_run(db, move_invitations, I("into", into->id.n), I("from", from.n));
	candidate_place_council(db, into->id);
	move_talk(db, from, into->id);
}

int
council_merge(struct db *db, item_id from, item_id into)
{
	struct council gone = { 0 }, stays = { 0 };
	char detail[24];
	int r = may(db, MAY_ADD_COUNCIL, (item_id){ 0 }) ? E_OK : E_DENIED;
	if (!r && from.n == into.n)
		r = E_INVALID;
	if (!r)
		r = db_begin(db);
	if (!r) {
		if (council_get(db, from, &gone) || council_get(db, into, &stays))
			db_fail(db, E_NOT_FOUND);
		move_all(db, from, &stays);
		/* Counted out by where it lies, which the view says no more once it is merged. */
		council_counted(db, from, -1);
		search_take_out(db, from);
		db_run(db, mark_merged, I("into", into.n), I("from", from.n));
		db_run(db, hide_sheet, I("now", clock_now()), I("from", from.n));
		db_run(db, forget_words, I("from", from.n));
		db_run(db, forget_asked, I("from", from.n));
		snprintf(detail, sizeof detail, "%" PRId64, from.n);
		db_journal(db, "council.merge", "council", into.n, detail);
		db_wrote(db, TOPIC_COUNCIL, into.n);
		db_wrote(db, TOPIC_CANDIDATES, into.n);
		r = db_commit(db);
	}
	council_free(&gone);
	council_free(&stays);
	return r;
}
