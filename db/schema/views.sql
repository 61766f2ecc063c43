-- The one rule of reading. Every exit reads items through these views; the engine refuses the tables
-- beneath (sqlite.c). viewer() is the member on whose behalf a handle reads, 0 for a visitor, so that a
-- right given or taken holds from the next statement on. Dropped and made again when this file changes.

-- The viewer, if an active member.
CREATE VIEW viewer_v AS
SELECT id, council, role, territory FROM member WHERE id = viewer() AND state = 'active';

-- What the viewer may read: published, or his own; and of a level that reaches him.
CREATE VIEW item_v AS
SELECT i.id, i.kind, i.author, i.board, i.council, i.thread, i.parent, i.branch, i.depth, i.number, i.level,
	i.title, i.state, i.version, i.created, i.changed
FROM item i
WHERE (i.state = 'published'
	OR (i.state <> 'binned' AND i.author = viewer()))
AND (i.level = 'public'
	OR (i.level = 'members' AND EXISTS (SELECT 1 FROM viewer_v))
	OR (i.level = 'council' AND EXISTS (SELECT 1 FROM viewer_v v WHERE v.council = i.council))
	OR (i.level = 'me' AND i.author = viewer())
	OR (i.level = 'named' AND EXISTS (SELECT 1 FROM viewer_v v
		JOIN audience a ON a.item = i.id AND a.kind = 'member' AND a.id = v.id)));

-- The current text of an item that the viewer may read.
CREATE VIEW text_v AS
SELECT t.item, t.body FROM item_v i JOIN text t ON t.item = i.id AND t.version = i.version;

CREATE VIEW board_v AS
SELECT b.id, b.slug, b.title, b.about, b.position, b.level, b.council, b.territory, b.closed
FROM board b
WHERE b.level = 'public'
OR (b.level = 'members' AND EXISTS (SELECT 1 FROM viewer_v))
OR (b.level = 'council' AND EXISTS (SELECT 1 FROM viewer_v v WHERE v.council = b.council));

CREATE VIEW thread_v AS
SELECT t.item AS id, t.board, t.level, t.last, t.last_at, t.posts, t.locked,
	i.title, i.author, i.created, i.council
FROM thread t JOIN item_v i ON i.id = t.item;

-- What the search finds, as far as the viewer may read it, and what it answers. CROSS JOIN: SQLite walks
-- the hits.
CREATE VIEW search_v AS
SELECT s.rowid AS id, i.thread, i.kind, i.author, i.board, i.created, i.number, s.search AS hit
FROM search s CROSS JOIN item_v i WHERE i.id = s.rowid
AND EXISTS (SELECT 1 FROM item_v r WHERE r.id = coalesce(i.thread, i.id));

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
