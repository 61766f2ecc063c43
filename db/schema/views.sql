-- The one rule of reading. Every exit reads items through these views; the engine refuses the tables
-- beneath (sqlite.c). viewer() is the member on whose behalf a handle reads, 0 for a visitor, so that a
-- right given or taken holds from the next statement on. Dropped and made again when this file changes.

-- The viewer, if an active member. plain() is 1 on a line that others can listen to: no sysop there.
CREATE VIEW viewer_v AS
SELECT id, council, CASE WHEN role = 'sysop' AND plain() = 1 THEN 'member' ELSE role END AS role, territory
FROM member WHERE id = viewer() AND state = 'active';

-- The territories that a council lies in: by its principal commune, and by the EPCI of each.
CREATE VIEW reach_v AS
SELECT c.id AS council, c.department AS territory FROM council c WHERE c.merged IS NULL
UNION ALL
SELECT c.id, t.parent FROM council c JOIN territory t ON t.code = c.department WHERE c.merged IS NULL
UNION ALL
SELECT cc.council, m.epci FROM council_commune cc JOIN commune m ON m.code = cc.commune
JOIN council c ON c.id = cc.council
WHERE m.epci IS NOT NULL AND c.merged IS NULL
UNION ALL
SELECT c.id, 'FR' FROM council c WHERE c.merged IS NULL;

-- The territories that a board lies in: its council's, or its own and those above. FR stands for all.
CREATE VIEW board_place_v AS
SELECT b.id AS board, 'FR' AS place FROM board b
UNION ALL
SELECT b.id, r.territory FROM board b JOIN reach_v r ON r.council = b.council
UNION ALL
SELECT b.id, b.territory FROM board b WHERE b.territory IS NOT NULL
UNION ALL
SELECT b.id, t.parent FROM board b JOIN territory t ON t.code = b.territory WHERE t.parent IS NOT NULL
UNION ALL
SELECT b.id, u.parent FROM board b JOIN territory t ON t.code = b.territory
JOIN territory u ON u.code = t.parent WHERE u.parent IS NOT NULL;

-- The boards where the viewer moderates what he may read: all, or those that lie in his territory, as
-- board_place_v says it. Spelled out: of a compound view SQLite would walk the whole for each row.
CREATE VIEW moderated_v AS
SELECT b.id AS board FROM board b
WHERE EXISTS (SELECT 1 FROM viewer_v v WHERE v.role = 'sysop' OR (v.role = 'animator'
	AND (v.territory IS NULL OR v.territory IN ('FR', b.territory)
	OR EXISTS (SELECT 1 FROM territory t WHERE t.code = b.territory AND t.parent = v.territory)
	OR EXISTS (SELECT 1 FROM territory t JOIN territory u ON u.code = t.parent
		WHERE t.code = b.territory AND u.parent = v.territory)
	OR EXISTS (SELECT 1 FROM council c WHERE c.id = b.council AND c.department = v.territory)
	OR EXISTS (SELECT 1 FROM council c JOIN territory t ON t.code = c.department
		WHERE c.id = b.council AND t.parent = v.territory)
	OR EXISTS (SELECT 1 FROM council_commune cc JOIN commune m ON m.code = cc.commune
		WHERE cc.council = b.council AND m.epci = v.territory))));

-- Who animates the whole network, and sees to what has board 0.
CREATE VIEW national_v AS
SELECT v.id FROM viewer_v v
WHERE v.role = 'sysop' OR (v.role = 'animator' AND (v.territory IS NULL OR v.territory = 'FR'));

-- What has a place before the viewer's eyes: published, hidden, or his own; of a level that reaches him. Named
-- readers stand at the root of a thread alone.
-- What was hidden is `open` to its author and to those who moderate there; for others it is a place in the
-- tree, without title here or text in text_v. moderates() asks moderated_v, for the little that was hidden:
-- spelled out here, it would be compiled with each statement. A file that is attached to a message is read by
-- those who read that: reads() asks readable_v.
CREATE VIEW talk_v AS
SELECT i.id, i.kind, i.author, i.board, i.council, i.thread, i.parent, i.branch, i.depth, i.number, i.level,
	CASE WHEN i.state <> 'hidden' OR i.author = viewer() OR moderates(i.board) = 1
		THEN i.title ELSE '' END AS title,
	CASE WHEN i.state <> 'hidden' OR i.author = viewer() OR moderates(i.board) = 1
		THEN 1 ELSE 0 END AS open,
	i.state, i.version, i.created, i.changed
FROM item i
WHERE (i.state IN ('published', 'hidden')
	OR (i.state <> 'binned' AND i.author = viewer()))
AND (i.level = 'public'
	OR (i.level = 'members' AND EXISTS (SELECT 1 FROM viewer_v))
	OR (i.level = 'council' AND EXISTS (SELECT 1 FROM viewer_v v WHERE v.council = i.council))
	OR (i.level = 'me' AND i.author = viewer())
	OR (i.level = 'named' AND EXISTS (SELECT 1 FROM viewer_v v
		JOIN audience a ON a.item = coalesce(i.thread, i.id) AND a.kind = 'member' AND a.id = v.id))
	OR (i.level = 'named' AND i.kind = 'file' AND i.parent IS NOT NULL AND reads(i.parent) = 1));

-- What the viewer may read.
CREATE VIEW item_v AS
SELECT i.id, i.kind, i.author, i.board, i.council, i.thread, i.parent, i.branch, i.depth, i.number, i.level,
	i.title, i.state, i.version, i.created, i.changed
FROM talk_v i WHERE i.open = 1;

-- Messages that the viewer may read, in discussions that are there for him.
CREATE VIEW readable_v AS
SELECT i.id FROM item_v i JOIN talk_v r ON r.id = i.thread
WHERE i.kind = 'message';

-- The current text of an item that the viewer may read.
CREATE VIEW text_v AS
SELECT t.item, t.body FROM item_v i JOIN text t ON t.item = i.id AND t.version = i.version;

-- Every version of a message, for its author and for those who moderate there. CROSS JOIN: whether it may
-- be read is asked once, of the message.
CREATE VIEW post_version_v AS
SELECT t.item, t.version, t.author, t.body, t.created
FROM item_v i CROSS JOIN text t
WHERE t.item = i.id AND i.kind = 'message'
AND (i.author = viewer() OR moderates(i.board) = 1);

CREATE VIEW board_v AS
SELECT b.id, b.slug, b.title, b.about, b.position, b.level, b.council, b.territory, b.closed
FROM board b
WHERE b.level = 'public'
OR (b.level = 'members' AND EXISTS (SELECT 1 FROM viewer_v))
OR (b.level = 'council' AND EXISTS (SELECT 1 FROM viewer_v v WHERE v.council = b.council));

-- A thread, without its title where its first message is hidden from the viewer; one that was merged into
-- another is none any more. What is said of a file (kind) stands on no board; `keeper`: whose animators see to it.
CREATE VIEW thread_v AS
SELECT t.item AS id, t.board, t.level, t.last, t.last_at, t.posts, t.locked, t.pinned,
	i.title, i.author, i.created, i.council, i.state, i.kind, i.board AS keeper
FROM thread t CROSS JOIN talk_v i
WHERE i.id = t.item AND i.thread = i.id;

-- Open reports, for those who moderate there, with the text that was reported: a report brings a message
-- before them, also one of a council that is not theirs.
CREATE VIEW report_v AS
SELECT r.id, r.item, r.reporter, r.reason, r.created, i.kind, i.thread, i.board, i.author, i.state, i.number,
	i.created AS written, h.title, t.body
FROM report r JOIN item i ON i.id = r.item JOIN text t ON t.item = i.id AND t.version = i.version
JOIN item h ON h.id = i.thread
WHERE r.state = 'open' AND moderates(i.board) = 1;

-- What the search finds, as far as the viewer may read it, and what it answers. CROSS JOIN: SQLite walks
-- the hits.
CREATE VIEW search_v AS
SELECT s.rowid AS id, i.thread, i.kind, i.author, i.board, i.created, i.number, s.search AS hit
FROM search s CROSS JOIN item_v i WHERE i.id = s.rowid
AND EXISTS (SELECT 1 FROM talk_v r WHERE r.id = coalesce(i.thread, i.id));

-- The sheet. The resource person is for members, unless that person made it public.
CREATE VIEW council_v AS
SELECT c.id, i.title AS name, c.commune, m.name AS town, c.department, m.lat, m.lon,
	c.name_fold, c.name_sort, c.email, c.page, c.links, c.quarter, c.resource_public, c.checked,
	CASE WHEN c.resource_public = 1 OR EXISTS (SELECT 1 FROM viewer_v)
		THEN c.resource_name ELSE '' END AS resource_name,
	CASE WHEN c.resource_public = 1 OR EXISTS (SELECT 1 FROM viewer_v)
		THEN c.resource_email ELSE '' END AS resource_email,
	CASE WHEN c.resource_public = 1 OR EXISTS (SELECT 1 FROM viewer_v)
		THEN c.resource_phone ELSE '' END AS resource_phone,
	i.changed
FROM council c JOIN item_v i ON i.id = c.id JOIN commune m ON m.code = c.commune
WHERE c.merged IS NULL;

-- What those who moderate a board may act on there, also where they read nothing else: what was reported, and
-- what was hidden. No text.
CREATE VIEW held_v AS
SELECT i.id, i.kind, i.thread, i.board, i.author, i.state
FROM item i
WHERE i.kind IN ('message', 'file')
AND (i.state = 'hidden' OR EXISTS (SELECT 1 FROM report r WHERE r.item = i.id AND r.state = 'open'))
AND moderates(i.board) = 1;

-- The bare tree: numbers, whoever may read what they stand for.
CREATE VIEW tree_v AS SELECT id, thread, parent, created FROM item;

-- Councils that the viewer animates. As reach_v has it, but asked of one council: SQLite hands what is asked
-- of a union on to its parts only where it is a constant, and walks all of it otherwise.
CREATE VIEW animated_v AS
SELECT c.id AS council
FROM council c JOIN viewer_v w ON w.role = 'sysop' OR (w.role = 'animator' AND c.merged IS NULL
	AND (w.territory IS NULL OR w.territory IN ('FR', c.department)
		OR EXISTS (SELECT 1 FROM territory t WHERE t.code = c.department AND t.parent = w.territory)
		OR EXISTS (SELECT 1 FROM council_commune cc JOIN commune m ON m.code = cc.commune
			WHERE cc.council = c.id AND m.epci = w.territory)));

-- Versions of a sheet: for its council and for those who animate it.
CREATE VIEW council_version_v AS
SELECT v.council, v.version, v.author, v.created, v.cause, v.fields, v.name, v.communes, v.email, v.page,
	v.links, v.quarter, t.body AS description, v.resource_name, v.resource_email, v.resource_phone,
	v.resource_public
FROM council_version v JOIN item_v i ON i.id = v.council JOIN text t ON t.item = v.council AND t.version = v.text
WHERE EXISTS (SELECT 1 FROM viewer_v w WHERE w.council = v.council)
OR EXISTS (SELECT 1 FROM animated_v a WHERE a.council = v.council);

-- Sheets that candidates propose: for those who decide on them. (A candidate reads his own as what he wrote.)
CREATE VIEW proposal_v AS
SELECT c.id, i.title AS name, c.commune, m.name AS town, c.email, c.page, c.resource_name, c.resource_email,
	c.resource_phone
FROM council c JOIN item i ON i.id = c.id JOIN commune m ON m.code = c.commune
WHERE i.state = 'draft' AND EXISTS (SELECT 1 FROM animated_v a WHERE a.council = c.id);

-- How far the ids have come: a number, whoever may read what it stands for.
CREATE VIEW newest_v AS SELECT coalesce(max(id), 0) AS id FROM item;

-- When ids were given: numbers too.
CREATE VIEW moment_v AS SELECT id, created FROM item;
-- Members, for members: what each has said that others may see of him. Whoever manages members reads
-- the table itself, past may_manage().
CREATE VIEW person_v AS
SELECT m.id, m.name, m.role, m.council, m.created, m.sort_family, m.sort_given,
	CASE WHEN m.id = v.id OR m.see_email = 'members' OR (m.see_email = 'council' AND m.council = v.council)
		THEN m.email ELSE '' END AS email,
	CASE WHEN m.id = v.id OR m.see_mobile = 'members' OR (m.see_mobile = 'council' AND m.council = v.council)
		THEN m.mobile ELSE '' END AS mobile,
	CASE WHEN m.id = v.id OR m.see_about = 'members' OR (m.see_about = 'council' AND m.council = v.council)
		THEN m.about ELSE '' END AS about,
	CASE WHEN m.id = v.id OR m.see_knows = 'members' OR (m.see_knows = 'council' AND m.council = v.council)
		THEN m.knows ELSE '' END AS knows
FROM viewer_v v CROSS JOIN member m
WHERE m.state = 'active' AND m.id > 1;

-- All that the viewer has written, every version, for himself alone.
CREATE VIEW own_text_v AS
SELECT t.item, i.kind, i.thread, i.title, i.level, i.state, t.version, t.body, t.created
FROM text t CROSS JOIN item i
WHERE t.author = viewer() AND i.id = t.item;

-- The discussions of a board by their numbers, whoever may read them: for what moves them.
CREATE VIEW board_thread_v AS SELECT t.item AS thread, t.board FROM thread t;

-- What the board and others have said to the viewer, for himself alone.
CREATE VIEW notice_v AS
SELECT n.id, n.member, n.sender, n.kind, n.item, n.place, n.body, n.created, n.seen
FROM notice n WHERE n.member = viewer();

-- The short words that he wrote; whether they were read is not his to know.
CREATE VIEW word_sent_v AS
SELECT n.id, n.member, n.sender, n.body, n.created
FROM notice n WHERE n.sender = viewer() AND n.kind = 'word';

-- When short words were written: for the clean-up.
CREATE VIEW word_age_v AS SELECT n.created FROM notice n WHERE n.kind = 'word';

-- The members whose lines of the day the viewer may hide: of the councils that he animates or, where that is
-- the whole network, all.
CREATE VIEW guarded_v AS
SELECT m.id AS member
FROM member m
WHERE EXISTS (SELECT 1 FROM national_v)
OR EXISTS (SELECT 1 FROM animated_v a WHERE a.council = m.council);

-- Lines of the day, for members. One that was hidden is for its author and those who may hide it.
CREATE VIEW daily_v AS
SELECT d.id, d.author, d.day, d.body, d.created, d.hidden
FROM viewer_v v CROSS JOIN daily d
WHERE d.hidden = 0 OR d.author = v.id OR EXISTS (SELECT 1 FROM guarded_v g WHERE g.member = d.author);

-- When they were written: numbers, whoever may read what they stand for.
CREATE VIEW daily_age_v AS SELECT d.id, d.created FROM daily d;

-- Who called when, for members: those who let themselves be seen.
CREATE VIEW caller_v AS
SELECT m.id, m.login, m.name, m.council, m.visit
FROM viewer_v v CROSS JOIN member m
WHERE m.state = 'active' AND m.see_here = 1 AND m.id > 1 AND m.visit > 0;

-- Folders and files that the viewer may read, wherever they stand; what was hidden as item_v has it.
CREATE VIEW entry_v AS
SELECT e.item AS id, e.place, e.area, e.name, e.sort, e.folder, e.content, e.size, e.sender, i.author, i.council, i.parent, i.level,
	i.state, i.version, i.created, i.changed
FROM entry e CROSS JOIN item_v i
WHERE i.id = e.item;

-- The same by the shelves where they stand, in the order of a listing.
CREATE VIEW stand_v AS
SELECT s.place AS shelf, s.reader, s.sort AS key, s.item AS id, e.place, e.name, e.folder, e.size, e.sender, e.author, e.council,
	e.level, e.state, e.changed, e.content, e.area
FROM shelf s CROSS JOIN entry_v e
WHERE e.id = s.item;

-- What a file was: for its author, for the council whose own it is, for sysops; for others what they sent, and what that
-- replaced.
CREATE VIEW file_version_v AS
SELECT f.item, f.version, f.content, f.size, f.author, f.created
FROM entry_v e CROSS JOIN file_version f
WHERE f.item = e.id AND e.folder = 0
AND (e.author = viewer() OR e.level = 'council' OR EXISTS (SELECT 1 FROM viewer_v w WHERE w.role = 'sysop')
	OR f.author = viewer()
	OR EXISTS (SELECT 1 FROM file_version g WHERE g.item = f.item AND g.version = f.version + 1 AND g.author = viewer()));
-- Bytes that a file has or had: whoever reads it may end reading what he began.
CREATE VIEW chunk_v AS
SELECT e.id AS item, f.content, k.seq, k.data
FROM entry_v e CROSS JOIN file_version f CROSS JOIN chunk k
WHERE f.item = e.id AND e.folder = 0 AND k.content = f.content;

-- What the viewer is sending.
CREATE VIEW upload_v AS
SELECT u.id, u.place, u.name, u.content, u.size, u.held, u.touched
FROM upload u WHERE u.member = viewer();
CREATE VIEW upload_chunk_v AS
SELECT u.id AS upload, k.seq, k.data
FROM upload_v u CROSS JOIN chunk k
WHERE k.content = u.content;

-- What lies in the bin: for whoever threw it there, and for its author.
CREATE VIEW bin_v AS
SELECT r.item AS id, r.created AS thrown, e.place, e.area, e.name, e.folder, e.size, e.content, i.author, i.level, i.council, i.changed,
	b.member, b.created
FROM bin_reader r CROSS JOIN bin b CROSS JOIN entry e CROSS JOIN item i
WHERE r.member = viewer() AND b.item = r.item AND e.item = r.item AND i.id = r.item AND i.state = 'binned';

-- Bytes by what they are, whoever may read them: so that the same are kept once, and what nothing has any more goes.
CREATE VIEW content_key_v AS SELECT id, sha256, size, gone, looked FROM content;
-- For the machine, which looks into all of them.
CREATE VIEW content_chunk_v AS
SELECT k.content, k.seq, k.data
FROM viewer_v w CROSS JOIN chunk k WHERE w.id = 1;
-- What was found in files; in those bytes.
CREATE VIEW file_text_v AS
SELECT e.id AS item, x.body, x.seconds
FROM entry_v e CROSS JOIN content_text x
WHERE x.content = e.content;
CREATE VIEW version_text_v AS
SELECT e.id AS item, f.content, x.body, x.seconds
FROM entry_v e CROSS JOIN file_version f CROSS JOIN content_text x
WHERE f.item = e.id AND e.folder = 0 AND x.content = f.content;
CREATE VIEW looked_v AS
SELECT e.id AS item, f.content, c.looked
FROM entry_v e CROSS JOIN file_version f CROSS JOIN content c
WHERE f.item = e.id AND e.folder = 0 AND c.id = f.content;

-- Uploads by their age, whosoever they are; what was thrown away long ago.
CREATE VIEW upload_age_v AS SELECT id, content, held, touched FROM upload;
CREATE VIEW bin_age_v AS
SELECT b.item, b.area, b.created, e.content, e.folder FROM bin b JOIN entry e ON e.item = b.item;
CREATE VIEW version_key_v AS SELECT item, version, content, size, created FROM file_version;

-- Shelves on which something stands for everybody: keys.
CREATE VIEW public_shelf_v AS SELECT place FROM shelf WHERE reader = 'public';

-- Before whom an entry stands: keys.
CREATE VIEW shelf_reader_v AS SELECT item, place, reader FROM shelf;

-- Councils that have made files public, by name.
CREATE VIEW publication_v AS
SELECT c.id, i.title AS name, m.name AS town, c.name_sort
FROM council c JOIN item_v i ON i.id = c.id JOIN commune m ON m.code = c.commune
WHERE c.publishes > 0 AND c.merged IS NULL;

-- The persons by name to whom an entry is open. (Of a table of which only the row's number is read SQLite does not
-- say in which view.)
CREATE VIEW entry_reader_v AS
SELECT a.item, a.id AS member
FROM entry_v e CROSS JOIN audience a
WHERE a.item = e.id AND e.place <> '' AND a.kind = 'member';

-- Folders and files that the viewer has put, for himself alone; those that nobody but their author reads: numbers.
CREATE VIEW own_file_v AS
SELECT e.item AS id, i.author, e.place, e.name, e.folder, e.size, i.level, i.state, i.created, i.changed
FROM item i CROSS JOIN entry e
WHERE i.author = viewer() AND i.kind IN ('folder', 'file') AND e.item = i.id;
CREATE VIEW private_file_v AS
SELECT e.item, e.area, e.place, i.author FROM item i CROSS JOIN entry e
WHERE i.kind IN ('folder', 'file') AND i.level = 'me' AND e.item = i.id;

-- What files weigh, every version: numbers.
CREATE VIEW file_weight_v AS SELECT item, size FROM file_version;

-- What is attached to messages that the viewer may read. (From the message's side: the table is asked first, for
-- most messages have none; a column of the entry is read, see entry_reader_v.)
CREATE VIEW attached_v AS
SELECT a.post, a.number, a.item, e.name, e.size
FROM attachment a CROSS JOIN item_v p CROSS JOIN entry e CROSS JOIN item i
WHERE p.id = a.post AND e.item = a.item AND e.place <> '' AND i.id = a.item AND i.state = 'published';

-- Which numbers are taken.
CREATE VIEW attachment_key_v AS SELECT post, number, item FROM attachment;

-- What the viewer has sent, without what he attached.
CREATE VIEW sent_v AS
SELECT i.id, e.place, e.name, e.sort, e.folder, e.size, e.content, i.author, i.level, i.changed
FROM item i CROSS JOIN entry e
WHERE i.author = viewer() AND i.kind = 'file' AND i.parent IS NULL AND i.state = 'published' AND e.item = i.id;
