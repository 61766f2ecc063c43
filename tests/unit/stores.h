#ifndef TESTS_UNIT_STORES_H
#define TESTS_UNIT_STORES_H

/* Two stores for the test of what lists cost: of everything there is, 1 000 rows in one and 100 000 in the other. */
#include "tests/unit/people.h"

#include "bbs/base/clock.h"
#include "db/sqlite.h"

enum {
	SMALL = 1000,
	LARGE = 100000,
	SHEETS = 10000, /* ids of what is made begin here */
	BOARDS = 500000,
	THREADS = 1000000,
	PEOPLE = 2000000,
	REPLIES = 3000000,
	FILES = 6000000,
	BINNED = 7000000,
	ATTACHED = 8000000,
};

#define SERIES " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
#define PLACE "CASE i % 3 WHEN 0 THEN 'public' WHEN 1 THEN 'members' ELSE 'council' END"

SQL_READ(fill_cache, "PRAGMA cache_size = -200000");
SQL_WRITE(fill_boards, "INSERT INTO board (id, slug, title, position, level, council, territory) VALUES"
    " (500000, 'pub', 'P', 3, 'public', NULL, NULL), (500001, 'mem', 'M', 4, 'members', NULL, '30'),"
    " (500002, 'nim', 'N', 5, 'council', :nimes, NULL)");
SQL_WRITE(fill_threads, "INSERT INTO item (id, kind, author, board, council, thread, level, title, state,"
    " created, changed)" SERIES "SELECT 1000000 + i, 'message', :author, 500000 + i % 3,"
    " CASE i % 3 WHEN 2 THEN :nimes END, 1000000 + i, " PLACE ", 'Budget', 'published', i, i FROM n");
/* Three long threads, one a board: the first ones. */
SQL_WRITE(fill_replies, "INSERT INTO item (id, kind, author, board, council, thread, parent, branch, depth,"
    " number, level, state, created, changed)" SERIES "SELECT 3000000 + i, 'message', :author,"
    " 500000 + i % 3, CASE i % 3 WHEN 2 THEN :nimes END, 1000003 + i % 3, 1000003 + i % 3,"
    " '/' || substr('0000000' || i, -7), 1, i / 3 + 2, " PLACE ", 'published', i, i FROM n");
SQL_WRITE(fill_texts, "INSERT INTO text (item, version, author, body, created)"
    " SELECT id, 1, :author, 'Bonjour.', 0 FROM item WHERE id > 10000");
SQL_WRITE(fill_roots, "INSERT INTO thread (item, board, level, last, last_at)"
    " SELECT id, board, level, id, 0 FROM item WHERE id > 1000000 AND id = thread");
SQL_WRITE(fill_lasts, "UPDATE thread SET last = (SELECT max(id) FROM item WHERE thread = thread.item),"
    " posts = (SELECT count(*) FROM item WHERE thread = thread.item) WHERE item BETWEEN 1000003 AND 1000005");
SQL_WRITE(fill_search, "INSERT INTO search (rowid, title, body, tags)"
    " SELECT id, title, body, tags FROM search_text_v WHERE id > 10000");
/* A few pinned ones: the first of each board. */
SQL_WRITE(fill_pins, "UPDATE thread SET pinned = 1 WHERE item BETWEEN 1000003 AND 1000020");
SQL_WRITE(fill_marks, "INSERT INTO mark (member, thread, last, follows)"
    " SELECT :member, item, last, item % 2 FROM thread");
/* Of what is muted there is as much as of what is read. */
SQL_WRITE(fill_muted, "INSERT INTO mark (member, thread, last, follows, muted)"
    " SELECT :member, item, 0, item % 2, 1 - item % 2 FROM thread");
SQL_WRITE(fill_board_marks, "INSERT INTO board_mark (member, board, muted)"
    " SELECT :member, id, 1 FROM board WHERE id >= 500000");
SQL_WRITE(fill_floor, "UPDATE member SET floor = :floor WHERE id = :member");
/* Some who called last are not to be seen; session_page() looks at the first ones. */
SQL_WRITE(fill_people, "INSERT INTO member (id, login, email, family, given, name, council, role, state,"
    " created, sort_family, sort_given, visit, see_here)" SERIES
    "SELECT 2000000 + i, 'l' || i, 'l' || i || '@example.org',"
    " 'F', 'G', 'G F', :nimes, 'member', CASE i % 2 WHEN 0 THEN 'active' ELSE 'waiting' END, i,"
    " 'martin ' || substr('0000000' || i, -7), 'alba ' || substr('0000000' || i, -7), i,"
    " CASE WHEN i % 10 = 0 AND i > 5000 THEN 0 ELSE 1 END FROM n");
SQL_WRITE(fill_member_words, "INSERT INTO member_word (word, member)"
    " SELECT login, id FROM member WHERE id > 2000000");
SQL_WRITE(fill_folds, "UPDATE member SET fold = ' ' || login WHERE id > 2000000");
SQL_WRITE(fill_waiting, "INSERT INTO waiting (place, candidate) SELECT p.place, m.id FROM member m"
    " JOIN (SELECT 'FR' AS place UNION SELECT 'R76' UNION SELECT '30' UNION SELECT 'c' || :nimes) p"
    " WHERE m.state = 'waiting'");
SQL_WRITE(fill_answers, "INSERT INTO approval (candidate, voter, answer, created)"
    " SELECT id, :voter, 'yes', 0 FROM member WHERE state = 'waiting'");
SQL_WRITE(fill_journal, "INSERT INTO journal (created, actor, act, object, object_id)" SERIES
    "SELECT i, 1, 'add', 'member', i FROM n");
SQL_WRITE(fill_charters, "INSERT INTO charter (body, author, created)" SERIES
    "SELECT 'Charte', 1, i FROM n");
SQL_WRITE(fill_outbox, "INSERT INTO outbox (created, member, address, kind, subject, body)" SERIES
    "SELECT i, 1, 'a@example.org', 'welcome', 'S', 'B' FROM n");
SQL_WRITE(fill_bans, "INSERT INTO ban (kind, what, until, author, created)" SERIES
    "SELECT CASE i % 2 WHEN 0 THEN 'login' ELSE 'source' END, 'l' || i, 4000000000, 1, i FROM n");
SQL_WRITE(fill_sessions, "INSERT INTO session (member, carrier, source, slot, started)" SERIES
    "SELECT 2000000 + i, 'ssh', '::1', CASE i WHEN 2 THEN :own ELSE 5000000 + i END, i FROM n");
SQL_WRITE(fill_sheets, "INSERT INTO item (id, kind, level, title, state, created, changed)" SERIES
    "SELECT 10000 + i, 'sheet', 'public', 'Conseil ' || i, 'published', i, i FROM n");
SQL_WRITE(fill_councils, "INSERT INTO council (id, commune, department, name_fold, name_sort)" SERIES
    "SELECT 10000 + i, m.code, m.department, ' conseil des fleurs ' || i,"
    " 'conseil ' || substr('0000000' || i, -7) || char(1) FROM n"
    " JOIN commune m ON m.rowid = CASE i % 4 WHEN 0 THEN (SELECT rowid FROM commune WHERE code = '30189')"
    " WHEN 1 THEN (SELECT rowid FROM commune WHERE code = '59350') ELSE 1 + i * 7 % 34000 END");
SQL_WRITE(fill_communes, "INSERT INTO council_commune (council, commune)"
    " SELECT id, commune FROM council WHERE id > 10000");
SQL_WRITE(fill_council_words, "INSERT INTO council_word (word, council)"
    " SELECT 'fleurs', id FROM council WHERE id > 10000"
    " UNION ALL SELECT 'w' || id % 100, id FROM council WHERE id > 10000");
SQL_WRITE(fill_council_boards, "INSERT INTO board (slug, title, position, level, council)"
    " SELECT 'c' || id, 'C', 1, 'council', id FROM council WHERE id > 10000");
SQL_WRITE(fill_versions, "INSERT INTO council_version (council, version, author, created, cause, text, name,"
    " communes, email, page, links, quarter, resource_name, resource_email, resource_phone,"
    " resource_public)" SERIES "SELECT :nimes, 1 + i, :author, i, 'edit', 1, 'N', '30189', '', '', '', '', '',"
    " '', '', 0 FROM n");
SQL_WRITE(fill_drafts, "INSERT INTO draft (member, place, body, changed)" SERIES
    "SELECT 2000000 + i, 'board:1', 'x', i FROM n");
SQL_WRITE(fill_post_versions, "INSERT INTO text (item, version, body, created)" SERIES
    "SELECT 1000003, 1 + i, 'x', i FROM n");
SQL_WRITE(fill_notices, "INSERT INTO notice (member, sender, kind, item, body, created, seen)" SERIES
    "SELECT CASE i % 2 WHEN 0 THEN :member ELSE 2000000 + i END,"
    " CASE i % 2 WHEN 1 THEN :sender ELSE 2000000 + i END, 'word', 1000003 + i % 3, 'x', i,"
    " CASE WHEN i % 8 = 0 THEN 0 ELSE 1 END FROM n");
/* Half of them are too old to be shown. */
SQL_WRITE(fill_dailies, "INSERT INTO daily (author, day, body, created, hidden)" SERIES
    "SELECT 2000000 + i, i, 'x', :week_ago - :n / 2 + i, CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END FROM n");
SQL_WRITE(fill_reports, "INSERT INTO report (item, reporter, reason, created)" SERIES
    "SELECT 3000000 + i, :member, 'x', i FROM n");
SQL_WRITE(fill_report_places, "INSERT INTO report_place (place, report) SELECT p.place, r.id FROM report r"
    " JOIN (SELECT 'FR' AS place UNION SELECT 'R76' UNION SELECT '30') p");
SQL_WRITE(fill_files, "INSERT INTO item (id, kind, author, council, level, title, state, created, changed)" SERIES
    "SELECT 6000000 + i, 'file', :author, CASE i % 3 WHEN 2 THEN :nimes END, " PLACE ", 'f' || i, 'published', i, i FROM n");
SQL_WRITE(fill_binned, "INSERT INTO item (id, kind, author, level, title, state, created, changed)" SERIES
    "SELECT 7000000 + i, 'file', CASE i % 2 WHEN 0 THEN :member ELSE :author END, 'members', 'b' || i, 'binned', i, i FROM n");
/* A file with each reply, and a hundred with the first. */
SQL_WRITE(fill_attached, "INSERT INTO item (id, kind, author, parent, level, title, state, created, changed)" SERIES
    "SELECT 8000000 + i, 'file', :author, CASE WHEN i <= 100 THEN 3000001 ELSE 3000000 + i END, 'named', 'a' || i,"
    " 'published', i, i FROM n");
SQL_WRITE(fill_attachments, "INSERT INTO attachment (post, number, item)"
    " SELECT parent, id - 8000000, id FROM item WHERE kind = 'file' AND parent IS NOT NULL");
SQL_WRITE(fill_contents, "INSERT INTO content (id, sha256, created) VALUES (1, 'x', 1)");
SQL_WRITE(fill_entries, "INSERT INTO entry (item, place, area, name, sort, folder, content) SELECT id,"
    " CASE WHEN parent IS NULL THEN 'd30.1' ELSE 'i' || parent END, CASE WHEN parent IS NULL THEN 'd30' ELSE 'm1' END, title,"
    " '1f' || substr('0000000' || id, -7), 0, 1 FROM item WHERE kind = 'file'");
SQL_WRITE(fill_shelves, "INSERT INTO shelf (place, reader, sort, item) SELECT e.place,"
    " CASE i.level WHEN 'council' THEN 'c' || :nimes ELSE i.level END, e.sort, e.item FROM entry e JOIN item i"
    " ON i.id = e.item AND i.state = 'published' AND i.parent IS NULL");
SQL_WRITE(fill_recents, "INSERT INTO shelf (place, reader, sort, item) SELECT 'recents', s.reader,"
    " CAST(1000000000000 + i.changed AS TEXT), s.item FROM shelf s JOIN item i ON i.id = s.item");
/* Rosa follows as much as there is; of that half may be read by nobody any more. */
SQL_WRITE(fill_follows, "INSERT INTO follow (member, place)" SERIES "SELECT :member, 'i' || (6000000 + i) FROM n"
    " WHERE i % 4 < 2 UNION ALL SELECT :member, 'i' || (7000000 + i) FROM n WHERE i % 4 > 1");
SQL_WRITE(fill_seen, "INSERT INTO seen (item, member, first)" SERIES "SELECT 6000003, 2000000 + i, i FROM n");
SQL_WRITE(fill_bin, "INSERT INTO bin (item, member, area, created) SELECT id, author, 'd30', id FROM item"
    " WHERE kind = 'file' AND state = 'binned'");
SQL_WRITE(fill_bin_readers, "INSERT INTO bin_reader (member, item, created) SELECT member, item, created FROM bin");
SQL_WRITE(fill_file_versions, "INSERT INTO file_version (item, version, content, size, created)" SERIES
    "SELECT 6000003, i, 1, 0, i FROM n");
SQL_WRITE(fill_uploads, "INSERT INTO upload (member, place, name, content, touched)" SERIES
    "SELECT :member, 'd30.1', 'u' || substr('0000000' || i, -7), 1, i FROM n");
/* As many as may be named to read one, each named to read another thousand. */
SQL_WRITE(fill_readers, "INSERT INTO audience (item, kind, id)" SERIES
    "SELECT 6000003, 'member', 2000000 + i FROM n WHERE i <= 64"
    " UNION ALL SELECT 6000000 + i, 'member', 2000001 FROM n WHERE i > 64");
SQL_WRITE(fill_publishing, "UPDATE council SET publishes = 1 WHERE id > 10000 AND id % 2 = 0");
SQL_WRITE(fill_analyze, "ANALYZE");

static struct db *stores[2];
static const int64_t sizes[2] = { SMALL, LARGE };

static inline void
run(struct db *db, const struct statement *statement, const struct arg *args)
{
	int r = db_run_args(db, statement, args);
	if (r < 0)
		fail_msg("%s: %d", statement->name, r);
}
#define RUN(...) run(db, &FIRST_(__VA_ARGS__, ), REST_(__VA_ARGS__, ))

static inline void
fill(struct db *db, int64_t rows)
{
	int64_t nimes = s.nimes.n, bruno = s.who[BRUNO].n, gard = s.who[GARD].n;
	db_end(db_query(db, fill_cache));
	assert_int_equal(db_begin(db), E_OK);
	RUN(fill_sheets, I("n", rows));
	RUN(fill_councils, I("n", rows));
	RUN(fill_communes);
	RUN(fill_council_words);
	RUN(fill_council_boards);
	RUN(fill_boards, I("nimes", nimes));
	RUN(fill_threads, I("n", rows), I("author", gard), I("nimes", nimes));
	RUN(fill_people, I("n", rows), I("nimes", nimes));
	RUN(fill_member_words);
	RUN(fill_folds);
	RUN(fill_waiting, I("nimes", nimes));
	RUN(fill_answers, I("voter", bruno));
	RUN(fill_replies, I("n", rows), I("author", gard), I("nimes", nimes));
	RUN(fill_texts, I("author", s.who[ROSA].n));
	RUN(fill_roots);
	RUN(fill_lasts);
	RUN(fill_search);
	RUN(fill_pins);
	RUN(fill_journal, I("n", rows));
	RUN(fill_charters, I("n", rows));
	RUN(fill_outbox, I("n", rows));
	RUN(fill_bans, I("n", rows));
	RUN(fill_sessions, I("n", rows), I("own", getpid()));
	RUN(fill_versions, I("n", rows), I("nimes", nimes), I("author", bruno));
	RUN(fill_drafts, I("n", rows));
	RUN(fill_post_versions, I("n", rows));
	RUN(fill_reports, I("n", rows), I("member", bruno));
	RUN(fill_report_places);
	RUN(fill_notices, I("n", rows), I("member", bruno), I("sender", s.who[ALBA].n));
	RUN(fill_dailies, I("n", rows), I("week_ago", clock_now() - 7 * DAY));
	RUN(fill_files, I("n", rows), I("author", s.who[ALBA].n), I("nimes", nimes));
	RUN(fill_binned, I("n", rows), I("author", gard), I("member", bruno));
	RUN(fill_attached, I("n", rows), I("author", bruno));
	RUN(fill_contents);
	RUN(fill_entries);
	RUN(fill_attachments);
	RUN(fill_shelves, I("nimes", nimes));
	RUN(fill_recents);
	RUN(fill_seen, I("n", rows));
	RUN(fill_follows, I("n", rows), I("member", s.who[ROSA].n));
	RUN(fill_bin);
	RUN(fill_bin_readers);
	RUN(fill_file_versions, I("n", rows));
	RUN(fill_readers, I("n", rows));
	RUN(fill_uploads, I("n", rows), I("member", bruno));
	RUN(fill_publishing);
	/* Alba has everything unread; Bruno has read it all at once, Rosa one by one. */
	RUN(fill_marks, I("member", s.who[ROSA].n));
	RUN(fill_muted, I("member", s.who[ANJOU].n));
	RUN(fill_board_marks, I("member", s.who[ANJOU].n));
	RUN(fill_floor, I("member", bruno), I("floor", REPLIES + rows));
	assert_int_equal(db_commit(db), E_OK);
}

static inline int
make_stores(void **state)
{
	make_base(state);
	for (int i = 0; i < 2; i++) {
		char path[128];
		snprintf(path, sizeof path, "%s-%d", s.path, i);
		copy_file(s.base, path);
		assert_int_equal(db_open(&stores[i], path, DB_EXISTING, false), E_OK);
		fill(stores[i], sizes[i]);
		db_close(stores[i]);
		assert_int_equal(db_open(&stores[i], path, DB_EXISTING, true), E_OK);
	}
	return 0;
}

static inline int
remove_stores(void **state)
{
	for (int i = 0; i < 2; i++)
		db_close(stores[i]);
	return remove_base(state);
}

#endif
