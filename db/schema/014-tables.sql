-- What helpers find in spreadsheets are the lines of a table from now on: those that were read before are read again.
-- (The index of the search is made anew: see search.sql.)
DELETE FROM content_text WHERE content IN
	(SELECT e.content FROM entry e WHERE lower(e.name) LIKE '%.xlsx' OR lower(e.name) LIKE '%.ods');
UPDATE content SET looked = 0 WHERE id IN
	(SELECT e.content FROM entry e WHERE lower(e.name) LIKE '%.xlsx' OR lower(e.name) LIKE '%.ods');
