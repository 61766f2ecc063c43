-- What the index of the search is made of; of spreadsheets their lines as a table. A store where this text was another
-- makes its index anew.

-- Of each item what the search finds, of a message also the names of its files, whoever may read it: the index
-- is made of this, and no statement shows it. Tags: a12 its author, b3 its board, t45 its thread, kmessage, ksheet; for whom it
-- is: rpublic, rmembers, rc6 (that council's), rm12 (that member's), rnamed.
CREATE VIEW search_text_v AS
SELECT i.id, coalesce(i.thread, i.id) AS thread, i.title, t.body || coalesce(c.name_fold, '') || coalesce(' ' || x.body, '') ||
	coalesce((SELECT @CONCAT@(' ' || n.name, '') FROM attachment a JOIN entry n ON n.item = a.item
		JOIN item f ON f.id = a.item WHERE a.post = i.id AND f.state = 'published'), '') AS body,
	'a' || coalesce(i.author, 0) || ' b' || coalesce(i.board, 0) || ' t' || coalesce(i.thread, i.id) ||
	' k' || i.kind || CASE i.level WHEN 'council' THEN ' rc' || coalesce(i.council, 0) WHEN 'me' THEN ' rm' || i.author
		ELSE ' r' || i.level END AS tags
FROM item i JOIN text t ON t.item = i.id AND t.version = i.version LEFT JOIN council c ON c.id = i.id
	LEFT JOIN entry e ON e.item = i.id LEFT JOIN content_text x ON x.content = e.content
WHERE i.state IN ('published', 'hidden') AND c.merged IS NULL AND NOT (i.kind = 'file' AND i.parent IS NOT NULL);
