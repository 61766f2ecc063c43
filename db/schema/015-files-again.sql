-- Who put there what a file is now: lists say it of every row.
ALTER TABLE entry ADD COLUMN sender @INT@; -- references member; of a folder who made it
UPDATE entry SET sender = coalesce(
	(SELECT f.author FROM file_version f WHERE f.item = entry.item ORDER BY f.version DESC LIMIT 1),
	(SELECT i.author FROM item i WHERE i.id = entry.item));
-- The bin, the last thrown away first.
ALTER TABLE bin_reader ADD COLUMN created @INT@ NOT NULL DEFAULT 0;
UPDATE bin_reader SET created = (SELECT b.created FROM bin b WHERE b.item = bin_reader.item);
CREATE INDEX bin_reader_by_time ON bin_reader(member, created, item);
