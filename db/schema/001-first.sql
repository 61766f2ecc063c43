-- The first tables. Numbered files are applied in order and never edited; views stand in views.sql.
-- @PK@ @INT@ @REAL@ @STRICT@ are the engine's own words (see dialect.c). Times are UTC seconds.

-- What this store is: its version is the number of the last file applied.
CREATE TABLE meta (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) @STRICT@;

-- Settings that the sysop changes while the board runs; bbs.conf has the rest.
CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) @STRICT@;

-- The map: FR, R76, 30, 243000585 (an EPCI's SIREN).
CREATE TABLE territory (
	code TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('nation', 'region', 'department', 'epci')),
	parent TEXT REFERENCES territory(code) DEFERRABLE INITIALLY DEFERRED,  -- rows come by code
	name TEXT NOT NULL,
	name_sort TEXT NOT NULL,
	councils @INT@ NOT NULL DEFAULT 0  -- there, at all levels below; council.c keeps count
) @STRICT@;
CREATE INDEX territory_by_parent ON territory(parent, kind, name_sort, code);

CREATE TABLE commune (
	code TEXT PRIMARY KEY,          -- INSEE
	name TEXT NOT NULL,
	name_sort TEXT NOT NULL,
	department TEXT NOT NULL REFERENCES territory(code),
	epci TEXT REFERENCES territory(code),
	lat @REAL@ NOT NULL,
	lon @REAL@ NOT NULL,
	population @INT@ NOT NULL
) @STRICT@;
CREATE INDEX commune_by_name ON commune(name_sort, population, code);
CREATE INDEX commune_by_place ON commune(lat, lon, code);

-- The spine: whatever people publish.
CREATE TABLE item (
	id @PK@,
	kind TEXT NOT NULL CHECK (kind IN ('message', 'sheet')),
	author @INT@,                   -- references member; NULL: the board itself, or a member erased
	board @INT@,                    -- the place: references board
	council @INT@,                  --   … and whose it is, for level 'council'
	thread @INT@ REFERENCES item(id),  -- the item whose talk this belongs to; its own id at the root
	parent @INT@ REFERENCES item(id),  -- the item that this answers
	branch TEXT NOT NULL DEFAULT '',-- the place in the tree's order
	depth @INT@ NOT NULL DEFAULT 0,
	number @INT@ NOT NULL DEFAULT 1,-- "message 4": the place in time within the thread
	level TEXT NOT NULL CHECK (level IN ('me', 'named', 'council', 'group', 'members', 'public')),
	title TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'hidden', 'binned')),
	version @INT@ NOT NULL DEFAULT 1,
	created @INT@ NOT NULL,
	changed @INT@ NOT NULL
) @STRICT@;
CREATE INDEX item_by_thread ON item(thread, branch, id);
CREATE INDEX item_by_time ON item(thread, id);
CREATE INDEX item_by_author ON item(author, id);

-- Bodies, apart so that lists stay narrow; every version stays.
CREATE TABLE text (
	item @INT@ NOT NULL REFERENCES item(id),
	version @INT@ NOT NULL,
	author @INT@,
	body TEXT NOT NULL,
	created @INT@ NOT NULL,
	PRIMARY KEY (item, version)
) @STRICT@;

-- The named readers of items of level 'named' and 'group'.
CREATE TABLE audience (
	item @INT@ NOT NULL REFERENCES item(id),
	kind TEXT NOT NULL CHECK (kind IN ('member', 'group')),
	id @INT@ NOT NULL,
	PRIMARY KEY (item, kind, id)
) @STRICT@;

-- A council's sheet is an item; its id is the council's. Its title is the council's name.
CREATE TABLE council (
	id @INT@ PRIMARY KEY REFERENCES item(id),
	commune TEXT NOT NULL REFERENCES commune(code),   -- the principal one
	department TEXT NOT NULL REFERENCES territory(code),
	name_fold TEXT NOT NULL,        -- words of name, town and department, folded, each with a space before
	name_sort TEXT NOT NULL,
	email TEXT NOT NULL DEFAULT '',
	page TEXT NOT NULL DEFAULT '',  -- its page on the web (the seed: Facebook)
	links TEXT NOT NULL DEFAULT '',
	quarter TEXT NOT NULL DEFAULT '',        -- code of the priority quarter
	resource_name TEXT NOT NULL DEFAULT '',  -- personne ressource
	resource_email TEXT NOT NULL DEFAULT '',
	resource_phone TEXT NOT NULL DEFAULT '',
	resource_public @INT@ NOT NULL DEFAULT 0 CHECK (resource_public IN (0, 1))
) @STRICT@;
CREATE INDEX council_by_name ON council(name_sort, id);
CREATE INDEX council_by_department ON council(department, name_sort, id);
CREATE INDEX council_by_commune ON council(commune, name_sort, id);

-- The same words one by one: typed letters find the councils that have a rare word.
CREATE TABLE council_word (
	word TEXT NOT NULL,
	council @INT@ NOT NULL REFERENCES council(id),
	PRIMARY KEY (word, council)
) @STRICT@;
CREATE INDEX council_word_by_council ON council_word(council);

-- All the communes of a council, the principal one among them.
CREATE TABLE council_commune (
	council @INT@ NOT NULL REFERENCES council(id),
	commune TEXT NOT NULL REFERENCES commune(code),
	PRIMARY KEY (council, commune)
) @STRICT@;
CREATE INDEX council_commune_by_commune ON council_commune(commune, council);

-- People. A candidate is a member who waits.
CREATE TABLE member (
	id @PK@,
	login TEXT NOT NULL UNIQUE,
	email TEXT NOT NULL UNIQUE,     -- lower case
	family TEXT NOT NULL,
	given TEXT NOT NULL,
	name TEXT NOT NULL,             -- given and family, as shown
	mobile TEXT NOT NULL DEFAULT '',
	council @INT@ REFERENCES council(id),
	role TEXT NOT NULL CHECK (role IN ('member', 'resource', 'animator', 'sysop')),
	territory TEXT REFERENCES territory(code),  -- an animator's; NULL the whole network
	state TEXT NOT NULL CHECK (state IN ('waiting', 'active', 'refused', 'suspended', 'removed')),
	about TEXT NOT NULL DEFAULT '', -- what a candidate says to those who decide
	language TEXT NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
	face TEXT NOT NULL DEFAULT '' CHECK (face IN ('', 'full', 'linear')),
	letter @INT@ NOT NULL DEFAULT 0 CHECK (letter IN (0, 1)),
	sms @INT@ NOT NULL DEFAULT 0 CHECK (sms IN (0, 1)),
	password TEXT,                  -- yescrypt; NULL: by key only
	charter @INT@ NOT NULL DEFAULT 0,  -- version accepted
	created @INT@ NOT NULL,
	decided @INT@,                  -- when others decided on him; NULL: the sysop added him, or he waits
	visit @INT@ NOT NULL DEFAULT 0, -- this visit began
	last_visit @INT@ NOT NULL DEFAULT 0,  -- the one before
	floor @INT@ NOT NULL DEFAULT 0  -- no message up to here is unread
) @STRICT@;
CREATE INDEX member_by_state ON member(state, id);
CREATE INDEX member_by_council ON member(council, state, id);
CREATE INDEX member_by_role ON member(role, state, id);

-- In whose lists a candidate stands, while he waits: c12 (his council), and the code of every territory
-- that council lies in; FR for all. So a page of any list is one walk of the key.
CREATE TABLE waiting (
	place TEXT NOT NULL,
	candidate @INT@ NOT NULL REFERENCES member(id),
	PRIMARY KEY (place, candidate)
) @STRICT@;
CREATE INDEX waiting_by_candidate ON waiting(candidate);

CREATE TABLE member_key (
	id @PK@,
	member @INT@ NOT NULL REFERENCES member(id),
	type TEXT NOT NULL,             -- ssh-ed25519 …
	blob TEXT NOT NULL,             -- base64, as in authorized_keys
	name TEXT NOT NULL DEFAULT '',
	created @INT@ NOT NULL,
	UNIQUE (member, blob)
) @STRICT@;

-- What was said of a candidate: one yes or no each.
CREATE TABLE approval (
	candidate @INT@ NOT NULL REFERENCES member(id),
	voter @INT@ NOT NULL REFERENCES member(id),
	answer TEXT NOT NULL CHECK (answer IN ('yes', 'no')),
	reason TEXT NOT NULL DEFAULT '',
	created @INT@ NOT NULL,
	PRIMARY KEY (candidate, voter)
) @STRICT@;

-- Questions put to a candidate, answered from the waiting room.
CREATE TABLE precision (
	id @PK@,
	candidate @INT@ NOT NULL REFERENCES member(id),
	asker @INT@ NOT NULL REFERENCES member(id),
	question TEXT NOT NULL,
	answer TEXT NOT NULL DEFAULT '',
	created @INT@ NOT NULL,
	answered @INT@
) @STRICT@;
CREATE INDEX precision_by_candidate ON precision(candidate, id);

-- One-time codes that let somebody in with the inviter's yes.
CREATE TABLE invitation (
	code TEXT PRIMARY KEY,          -- its SHA-256
	inviter @INT@ NOT NULL REFERENCES member(id),
	council @INT@ NOT NULL REFERENCES council(id),
	created @INT@ NOT NULL,
	expires @INT@ NOT NULL,
	used_by @INT@ REFERENCES member(id)
) @STRICT@;

-- Places of the forum.
CREATE TABLE board (
	id @PK@,
	slug TEXT NOT NULL UNIQUE,
	title TEXT NOT NULL,
	about TEXT NOT NULL DEFAULT '',
	position @INT@ NOT NULL,
	level TEXT NOT NULL CHECK (level IN ('council', 'members', 'public')),
	council @INT@ REFERENCES council(id),
	territory TEXT REFERENCES territory(code)
) @STRICT@;
CREATE INDEX board_by_theme ON board(position, id) WHERE council IS NULL AND territory IS NULL;
CREATE INDEX board_by_council ON board(council) WHERE council IS NOT NULL;
CREATE INDEX board_by_territory ON board(territory) WHERE territory IS NOT NULL;

-- A row for each item that is talked about; ids only grow, so `last` orders threads by their newest message.
CREATE TABLE thread (
	item @INT@ PRIMARY KEY REFERENCES item(id),
	board @INT@ REFERENCES board(id),
	level TEXT NOT NULL,            -- the root's, so that a page of a board is one walk of an index
	last @INT@ NOT NULL,
	last_at @INT@ NOT NULL,
	posts @INT@ NOT NULL DEFAULT 1,
	locked @INT@ NOT NULL DEFAULT 0 CHECK (locked IN (0, 1))
) @STRICT@;
CREATE UNIQUE INDEX thread_by_board ON thread(board, last);
CREATE INDEX thread_public ON thread(board, last) WHERE level = 'public';

-- Words of titles, folded, plurals dropped. `reader`: for whom such a title is, so that a search walks
-- no others' (the level, and for a council's c12). It finds; who may read is the views' affair.
CREATE TABLE title_word (
	word TEXT NOT NULL,
	reader TEXT NOT NULL,
	item @INT@ NOT NULL REFERENCES item(id),
	PRIMARY KEY (word, reader, item)
) @STRICT@;

-- What a member has read of a thread, and whether he takes part.
CREATE TABLE mark (
	member @INT@ NOT NULL REFERENCES member(id),
	thread @INT@ NOT NULL REFERENCES thread(item),
	last @INT@ NOT NULL,            -- the newest message read
	follows @INT@ NOT NULL DEFAULT 0 CHECK (follows IN (0, 1)),
	PRIMARY KEY (member, thread)
) @STRICT@;
CREATE INDEX mark_followed ON mark(member, thread) WHERE follows = 1;

-- Texts being written: nothing typed is lost. `place` is board:12 or item:345.
CREATE TABLE draft (
	member @INT@ NOT NULL REFERENCES member(id),
	place TEXT NOT NULL,
	title TEXT NOT NULL DEFAULT '',
	body TEXT NOT NULL,
	changed @INT@ NOT NULL,
	PRIMARY KEY (member, place)
) @STRICT@;

-- The charter, version by version.
CREATE TABLE charter (
	version @PK@,
	body TEXT NOT NULL,
	author @INT@ REFERENCES member(id),
	created @INT@ NOT NULL
) @STRICT@;

-- Who did what, when.
CREATE TABLE journal (
	id @PK@,
	created @INT@ NOT NULL,
	actor @INT@,                    -- NULL: the board itself, or whoever holds the machine
	act TEXT NOT NULL,
	object TEXT NOT NULL,
	object_id @INT@ NOT NULL,
	detail TEXT NOT NULL DEFAULT ''
) @STRICT@;

-- Messages due by mail or SMS.
CREATE TABLE outbox (
	id @PK@,
	created @INT@ NOT NULL,
	member @INT@ REFERENCES member(id),
	address TEXT NOT NULL,
	kind TEXT NOT NULL,             -- welcome, refused, precision …
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	state TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sent', 'refused', 'given-up', 'uncertain'))
) @STRICT@;

-- Sessions: live while their process holds byte `slot` of the lock file.
CREATE TABLE session (
	id @PK@,
	member @INT@ REFERENCES member(id),  -- NULL: a visitor
	carrier TEXT NOT NULL,
	source TEXT NOT NULL,
	slot @INT@ NOT NULL,
	started @INT@ NOT NULL
) @STRICT@;
CREATE UNIQUE INDEX session_by_slot ON session(slot);
