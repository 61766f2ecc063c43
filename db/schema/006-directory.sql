-- The directory's memory: versions of sheets, when they were last checked, who takes over from whom.

-- Every version of a sheet, whole. Its description is a version of the sheet's text.
CREATE TABLE council_version (
	council @INT@ NOT NULL REFERENCES council(id),
	version @INT@ NOT NULL,
	author @INT@,                   -- references member; NULL: not known
	created @INT@ NOT NULL,
	cause TEXT NOT NULL CHECK (cause IN ('add', 'edit', 'restore', 'check', 'handover', 'decline')),
	fields TEXT NOT NULL DEFAULT '',-- those that differ from the version before, a space between
	text @INT@ NOT NULL,            -- text.version
	name TEXT NOT NULL,
	communes TEXT NOT NULL,
	email TEXT NOT NULL,
	page TEXT NOT NULL,
	links TEXT NOT NULL,
	quarter TEXT NOT NULL,
	resource_name TEXT NOT NULL,
	resource_email TEXT NOT NULL,
	resource_phone TEXT NOT NULL,
	resource_public @INT@ NOT NULL CHECK (resource_public IN (0, 1)),
	PRIMARY KEY (council, version)
) @STRICT@;

-- When somebody of the council last changed the sheet or said that it is right.
ALTER TABLE council ADD COLUMN checked @INT@ NOT NULL DEFAULT 0;
UPDATE council SET checked = (SELECT changed FROM item WHERE item.id = council.id);
CREATE INDEX council_by_check ON council(checked, id);
CREATE INDEX council_by_department_check ON council(department, checked, id);

CREATE INDEX commune_by_department ON commune(department, name_sort, code);

-- Who was named resource person last, until the sheet names another.
CREATE TABLE handover (
	council @INT@ PRIMARY KEY REFERENCES council(id),
	giver @INT@ NOT NULL REFERENCES member(id),
	member @INT@ REFERENCES member(id),  -- NULL: somebody who is not on the board
	version @INT@ NOT NULL,         -- of the sheet before
	created @INT@ NOT NULL,
	confirmed @INT@                 -- when that person said yes
) @STRICT@;
CREATE INDEX handover_by_member ON handover(member) WHERE confirmed IS NULL;
