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
SELECT b.id, b.slug, b.title, b.about, b.position, b.level, b.council, b.territory
FROM board b
WHERE b.level = 'public'
OR (b.level = 'members' AND EXISTS (SELECT 1 FROM viewer_v))
OR (b.level = 'council' AND EXISTS (SELECT 1 FROM viewer_v v WHERE v.council = b.council));

CREATE VIEW thread_v AS
SELECT t.item AS id, t.board, t.level, t.last, t.last_at, t.posts, t.locked,
	i.title, i.author, i.created, i.council
FROM thread t JOIN item_v i ON i.id = t.item;

-- Words of titles that the viewer may read.
CREATE VIEW title_word_v AS
SELECT w.word, w.reader, w.item FROM title_word w JOIN item_v i ON i.id = w.item;

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
FROM council c JOIN item_v i ON i.id = c.id JOIN commune m ON m.code = c.commune;

-- The territories that a council lies in: by its principal commune, and by the EPCI of each.
CREATE VIEW reach_v AS
SELECT c.id AS council, c.department AS territory FROM council c
UNION ALL
SELECT c.id, t.parent FROM council c JOIN territory t ON t.code = c.department
UNION ALL
SELECT cc.council, m.epci FROM council_commune cc JOIN commune m ON m.code = cc.commune
WHERE m.epci IS NOT NULL
UNION ALL
SELECT c.id, 'FR' FROM council c;

-- Versions of a sheet: for its council and for those who animate it.
CREATE VIEW council_version_v AS
SELECT v.council, v.version, v.author, v.created, v.cause, v.fields, v.name, v.communes, v.email, v.page,
	v.links, v.quarter, t.body AS description, v.resource_name, v.resource_email, v.resource_phone,
	v.resource_public
FROM council_version v JOIN item_v i ON i.id = v.council JOIN text t ON t.item = v.council AND t.version = v.text
WHERE EXISTS (SELECT 1 FROM viewer_v w WHERE w.council = v.council)
OR EXISTS (SELECT 1 FROM viewer_v w WHERE w.role = 'sysop' OR (w.role = 'animator'
	AND (w.territory IS NULL OR EXISTS (SELECT 1 FROM reach_v r
		WHERE r.council = v.council AND r.territory = w.territory))));

-- Sheets that candidates propose: for those who decide on them. (A candidate reads his own as what he wrote.)
CREATE VIEW proposal_v AS
SELECT c.id, i.title AS name, c.commune, m.name AS town, c.email, c.page, c.resource_name, c.resource_email,
	c.resource_phone
FROM council c JOIN item i ON i.id = c.id JOIN commune m ON m.code = c.commune
WHERE i.state = 'draft' AND EXISTS (SELECT 1 FROM viewer_v w WHERE w.role = 'sysop' OR (w.role = 'animator'
	AND (w.territory IS NULL OR EXISTS (SELECT 1 FROM reach_v r
		WHERE r.council = c.id AND r.territory = w.territory))));

-- How far the ids have come: a number, whoever may read what it stands for.
CREATE VIEW newest_v AS SELECT coalesce(max(id), 0) AS id FROM item;
