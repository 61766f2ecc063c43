-- Who is on line: who wants to be seen there and spoken to, short words, lines of the day.

ALTER TABLE member ADD COLUMN see_here @INT@ NOT NULL DEFAULT 1 CHECK (see_here IN (0, 1));
ALTER TABLE member ADD COLUMN takes_words @INT@ NOT NULL DEFAULT 1 CHECK (takes_words IN (0, 1));
-- Who called last.
CREATE INDEX member_by_visit ON member(state, see_here, visit, id);

-- A short word from one member to another is a notice of kind 'word'.
CREATE INDEX word_by_member ON notice(member, id) WHERE kind = 'word';
CREATE INDEX word_by_sender ON notice(sender, id) WHERE kind = 'word';
CREATE INDEX word_by_time ON notice(created) WHERE kind = 'word';

-- A line of the day, one a member and day. No item: nobody answers it, and it goes by itself.
CREATE TABLE daily (
	id @PK@,
	author @INT@ NOT NULL,          -- references member
	day @INT@ NOT NULL,             -- the day's number, as France's clocks have it
	body TEXT NOT NULL,
	created @INT@ NOT NULL,
	hidden @INT@ NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
	UNIQUE (author, day)
) @STRICT@;
CREATE INDEX daily_by_time ON daily(created, id);
