-- What can be read in a file without fetching it: for the search, and for its page.

-- What a helper found in a content; none where there is nothing to read in it.
CREATE TABLE content_text (
	content @INT@ PRIMARY KEY REFERENCES content(id),
	body TEXT NOT NULL,
	seconds @INT@ NOT NULL DEFAULT 0  -- of a sound
) @STRICT@;

-- 1: it has been looked into.
ALTER TABLE content ADD COLUMN looked @INT@ NOT NULL DEFAULT 0;
CREATE INDEX content_by_looked ON content(id) WHERE looked = 0 AND sha256 IS NOT NULL;
