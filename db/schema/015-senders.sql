-- Who put there what a file is now: lists say it of every row.
ALTER TABLE entry ADD COLUMN sender @INT@; -- references member; of a folder who made it
UPDATE entry SET sender = coalesce(
	(SELECT f.author FROM file_version f WHERE f.item = entry.item ORDER BY f.version DESC LIMIT 1),
	(SELECT i.author FROM item i WHERE i.id = entry.item));
