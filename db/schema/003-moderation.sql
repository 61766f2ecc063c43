-- Moderation: what was hidden and why, reports, short words to members, pinned threads.

ALTER TABLE thread ADD COLUMN pinned @INT@ NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
CREATE INDEX thread_pinned ON thread(board, last) WHERE pinned = 1;

-- Who hid an item last, and why: true while its state says hidden. Everybody who reads its thread reads the reason.
CREATE TABLE hiding (
	item @INT@ PRIMARY KEY REFERENCES item(id),
	actor @INT@ REFERENCES member(id),
	reason TEXT NOT NULL,
	created @INT@ NOT NULL
) @STRICT@;

-- A member brings an item before those who moderate there; once for each item.
CREATE TABLE report (
	id @PK@,
	item @INT@ NOT NULL REFERENCES item(id),
	reporter @INT@ NOT NULL REFERENCES member(id),
	reason TEXT NOT NULL,
	created @INT@ NOT NULL,
	state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'hidden', 'dismissed')),
	closer @INT@ REFERENCES member(id),
	closed @INT@,
	UNIQUE (item, reporter)
) @STRICT@;

-- In whose queues a report stands while it is open: the code of every territory that its board lies in; FR
-- for all.
CREATE TABLE report_place (
	place TEXT NOT NULL,
	report @INT@ NOT NULL REFERENCES report(id),
	PRIMARY KEY (place, report)
) @STRICT@;
CREATE INDEX report_place_by_report ON report_place(report);

-- A short word to a member: why his message was hidden, what became of his report …
CREATE TABLE notice (
	id @PK@,
	member @INT@ NOT NULL REFERENCES member(id),
	sender @INT@ REFERENCES member(id),  -- NULL: the board itself
	kind TEXT NOT NULL,
	item @INT@ REFERENCES item(id),      -- what it is about, if anything
	body TEXT NOT NULL,
	created @INT@ NOT NULL,
	seen @INT@ NOT NULL DEFAULT 0 CHECK (seen IN (0, 1))
) @STRICT@;
CREATE INDEX notice_by_member ON notice(member, id);
CREATE INDEX notice_unseen ON notice(member, seen, id);
