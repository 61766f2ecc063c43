-- Full-text search in all that people publish: what of each item is found stands in search_text_v, which
-- only search.c reads. The words stand in the index alone; the texts stay where they are.
-- Words of titles alone were kept before.
DROP TABLE title_word;
@SEARCH_TABLE@;

INSERT INTO search (rowid, title, body, tags)
SELECT i.id, i.title, t.body || coalesce(c.name_fold, ''),
	'a' || coalesce(i.author, 0) || ' b' || coalesce(i.board, 0) || ' t' || coalesce(i.thread, i.id) ||
	' k' || i.kind || CASE i.level WHEN 'council' THEN ' rc' || coalesce(i.council, 0) WHEN 'me' THEN ' rm' || i.author
		ELSE ' r' || i.level END
FROM item i JOIN text t ON t.item = i.id AND t.version = i.version LEFT JOIN council c ON c.id = i.id
WHERE i.state = 'published';
