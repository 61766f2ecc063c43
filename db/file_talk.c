/*
 * What is said of a file: a thread whose root is the file's own item, made with the first message. It stands on no
 * board, is read by those who read the file, and is seen to by the animators of the file's area.
 */
#include <stdlib.h>
#include <string.h>

#include "db/people.h"
#include "db/shelf.h"
#include "db/talk.h"

SQL_READ(get_root, "SELECT e.level, e.created, coalesce(e.author, 0) FROM entry_v e WHERE e.id = :id AND e.folder = 0"
    " AND e.parent IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM board_thread_v t WHERE t.thread = e.id AND t.board IS NULL)");
SQL_READ(has_talk, "SELECT thread FROM board_thread_v WHERE thread = :id AND board IS NULL");
SQL_WRITE(add_talk, "INSERT INTO thread (item, level, last, last_at, posts) VALUES (:item, :level, :item, :created, 0)");
/* Whoever put the file, and those who follow it, take part. */
SQL_WRITE(add_parts, "INSERT INTO mark (member, thread, last, follows) SELECT m.id, CAST(:item AS BIGINT), 0, 1"
    " FROM member m WHERE m.state = 'active' AND (m.id = :author OR EXISTS (SELECT 1 FROM follow f"
    " WHERE f.member = m.id AND f.place = 'i' || CAST(:item AS TEXT))) ON CONFLICT (member, thread) DO NOTHING");
SQL_WRITE(add_reader, "INSERT INTO audience (item, kind, id) VALUES (:item, 'member', :member)"
    " ON CONFLICT (item, kind, id) DO NOTHING");
SQL_WRITE(level_posts, "UPDATE item SET level = :level, council = nullif(CAST(:council AS BIGINT), 0), board = :board"
    " WHERE thread = :thread AND kind = 'message'");
SQL_WRITE(level_talk, "UPDATE thread SET level = :level WHERE item = :thread");
SQL_READ(board_of_land, "SELECT min(id) FROM board WHERE territory = :code");
SQL_READ(board_of_council, "SELECT min(id) FROM board WHERE council = :council");

bool
file_moderates(struct db *db, item_id item)
{
	struct post_held held;
	return !talk_hold(db, item, &held) && held.file;
}

board_id
area_board(struct db *db, const char *area)
{
	struct person person;
	int64_t number = *area ? strtoll(area + 1, NULL, 10) : 0;
	if (*area == 'd')
		return (board_id){ db_one(db, board_of_land, 0, T("code", area + 1)) };
	if (*area == 'm')
		number = person_get(db, (member_id){ number }, &person) ? person.council.n : 0;
	return (board_id){ number && *area != 'r' ? db_one(db, board_of_council, 0, I("council", number)) : 0 };
}

/* A message is never its author's alone: what only the file's author reads is said to him by name. */
static const char *
talk_level(struct db *db, item_id file, const char *level, member_id author)
{
	if (strcmp(level, "me") != 0)
		return level;
	if (author.n)
		db_run(db, add_reader, I("item", file.n), I("member", author.n));
	return "named";
}

bool
file_begin_talk(struct db *db, item_id file)
{
	char level[8];
	struct query *q = db_query(db, get_root, I("id", file.n));
	if (!db_next(q))
		return false;
	int64_t created = db_int(q, 1);
	member_id author = { db_int(q, 2) };
	shelf_set(level, "%s", db_text(q, 0));
	db_end(q);
	db_run(db, add_talk, I("item", file.n), T("level", talk_level(db, file, level, author)), I("created", created));
	db_run(db, add_parts, I("item", file.n), I("author", author.n));
	return true;
}

void
file_talk_follows(struct db *db, const struct entry *e)
{
	if (!db_one(db, has_talk, 0, I("id", e->item.n)))
		return;
	const char *level = talk_level(db, e->item, e->level, e->author);
	db_run(db, level_posts, T("level", level), I("council", strcmp(level, "council") != 0 ? 0 : e->council.n),
	    I("board", area_board(db, e->area).n), I("thread", e->item.n));
	db_run(db, level_talk, T("level", level), I("thread", e->item.n));
	db_wrote(db, TOPIC_THREAD, e->item.n);
}
