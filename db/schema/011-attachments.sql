-- Files attached to messages. Such a file is one like any other, an item with its entry, of level 'named': its
-- parent is the message, and whoever reads that reads it. Its place is i123, the message's; the room that it takes
-- is its author's own.
CREATE TABLE attachment (
	post @INT@ NOT NULL REFERENCES item(id),
	number @INT@ NOT NULL,          -- "File 2" of the message, for good
	item @INT@ NOT NULL UNIQUE REFERENCES entry(item),
	PRIMARY KEY (post, number)
) @STRICT@;

-- What somebody has sent, the newest first, without what he attached. (With `kind` and `parent` among the columns it
-- is taken before item_by_author, whatever ANALYZE has counted.)
CREATE INDEX item_sent ON item(author, kind, parent, id) WHERE kind = 'file' AND state = 'published';

-- What is to be attached to a text that is being written: the files' ids, a space between.
ALTER TABLE draft ADD COLUMN files TEXT NOT NULL DEFAULT '';
