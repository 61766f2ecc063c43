-- File areas. A folder or a file is an item with a row in `entry`; its bytes stand apart, once for the same
-- content, in pieces.

-- Kinds of items to come are named at once: to add one, SQLite copies the spine. What somebody wrote is asked for by
-- kind from now on.
@ITEM_KINDS@

-- What somebody sent: the same bytes are kept once. `sha256` is NULL while they arrive.
CREATE TABLE content (
	id @PK@,
	sha256 TEXT UNIQUE,             -- in hex
	size @INT@ NOT NULL DEFAULT 0,
	gone @INT@ NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),  -- nothing has it any more: a job takes it away
	created @INT@ NOT NULL
) @STRICT@;
CREATE INDEX content_gone ON content(id) WHERE gone = 1;

-- Its bytes, 64 KiB a piece; the last may be shorter.
CREATE TABLE chunk (
	content @INT@ NOT NULL REFERENCES content(id),
	seq @INT@ NOT NULL,
	data @BLOB@ NOT NULL,
	PRIMARY KEY (content, seq)
) @STRICT@;

-- Where it stands and what it is called. `place` is a shelf's key (file.h): d30.1, c12, m45, r1, or f123, the
-- folder with that id; `area` the shelf at the top of it, whose room it takes.
CREATE TABLE entry (
	item @INT@ PRIMARY KEY REFERENCES item(id),
	place TEXT NOT NULL,
	area TEXT NOT NULL,
	name TEXT NOT NULL,
	sort TEXT NOT NULL,             -- 0 a folder, 1 a file, then the name as a dictionary orders it
	folder @INT@ NOT NULL CHECK (folder IN (0, 1)),
	content @INT@ REFERENCES content(id),  -- NULL: a folder
	size @INT@ NOT NULL DEFAULT 0,
	CHECK ((content IS NULL) = (folder = 1))
) @STRICT@;
CREATE INDEX entry_by_place ON entry(place, item);
CREATE INDEX entry_by_content ON entry(content);

-- For whom it stands there, in the order of a listing, so that a page walks nothing that others alone see:
-- public, members, c12 (that council's), m45 (that member's). It finds; who may read is the views' affair.
CREATE TABLE shelf (
	place TEXT NOT NULL,
	reader TEXT NOT NULL,
	sort TEXT NOT NULL,
	item @INT@ NOT NULL REFERENCES entry(item),
	PRIMARY KEY (place, reader, sort, item)
) @STRICT@;
CREATE INDEX shelf_by_item ON shelf(item);

-- What a file was: every content it has had.
CREATE TABLE file_version (
	item @INT@ NOT NULL REFERENCES entry(item),
	version @INT@ NOT NULL,
	content @INT@ NOT NULL REFERENCES content(id),
	size @INT@ NOT NULL,
	author @INT@,                   -- references member; NULL: one who was erased
	created @INT@ NOT NULL,
	PRIMARY KEY (item, version)
) @STRICT@;
CREATE INDEX file_version_by_content ON file_version(content);

-- Bytes that arrive. What was cut off can be gone on with for a day.
CREATE TABLE upload (
	id @PK@,
	member @INT@ NOT NULL REFERENCES member(id),
	place TEXT NOT NULL,
	name TEXT NOT NULL,
	content @INT@ NOT NULL REFERENCES content(id),
	size @INT@ NOT NULL DEFAULT 0,  -- bytes that have come and are synced
	held @INT@ NOT NULL DEFAULT 0,  -- the process that writes it now, 0 none
	touched @INT@ NOT NULL,
	UNIQUE (member, place, name)
) @STRICT@;
CREATE INDEX upload_by_content ON upload(content);

-- What was thrown away, by whom; it can be put back.
CREATE TABLE bin (
	item @INT@ PRIMARY KEY REFERENCES entry(item),
	member @INT@ NOT NULL,
	area TEXT NOT NULL,
	created @INT@ NOT NULL
) @STRICT@;
CREATE INDEX bin_by_time ON bin(created, item);

-- In whose bin it lies: of whoever threw it away, and of its author.
CREATE TABLE bin_reader (
	member @INT@ NOT NULL,
	item @INT@ NOT NULL REFERENCES bin(item),
	PRIMARY KEY (member, item)
) @STRICT@;
CREATE INDEX bin_reader_by_item ON bin_reader(item);

-- How much room an area has taken: its files, their versions, what lies in the bin.
CREATE TABLE area_use (
	area TEXT PRIMARY KEY,
	bytes @INT@ NOT NULL
) @STRICT@;

-- Files that a council has made public: those councils have a folder among the publications.
ALTER TABLE council ADD COLUMN publishes @INT@ NOT NULL DEFAULT 0;
CREATE INDEX council_by_publishing ON council(name_sort, id) WHERE publishes > 0;
