-- The profile: contact fields and who sees each, one-time codes, keys last used, sessions spoken to.

-- Names folded, family first and given first: the order of people, and what typed letters find.
ALTER TABLE member ADD COLUMN sort_family TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN sort_given TEXT NOT NULL DEFAULT '';
UPDATE member SET sort_family = lower(family || ' ' || given), sort_given = lower(given || ' ' || family);
CREATE INDEX member_by_family ON member(state, sort_family, id);
CREATE INDEX member_by_given ON member(state, sort_given, id);

ALTER TABLE member ADD COLUMN knows TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN see_email TEXT NOT NULL DEFAULT 'nobody'
	CHECK (see_email IN ('nobody', 'council', 'members'));
ALTER TABLE member ADD COLUMN see_mobile TEXT NOT NULL DEFAULT 'nobody'
	CHECK (see_mobile IN ('nobody', 'council', 'members'));
-- What a candidate said of himself was for those who decided on him.
ALTER TABLE member ADD COLUMN see_about TEXT NOT NULL DEFAULT 'nobody'
	CHECK (see_about IN ('nobody', 'council', 'members'));
ALTER TABLE member ADD COLUMN see_knows TEXT NOT NULL DEFAULT 'members'
	CHECK (see_knows IN ('nobody', 'council', 'members'));
ALTER TABLE member ADD COLUMN email_new TEXT NOT NULL DEFAULT '';  -- waits for its code
ALTER TABLE member ADD COLUMN email_confirmed @INT@ NOT NULL DEFAULT 0;   -- when; 0 not yet
ALTER TABLE member ADD COLUMN mobile_confirmed @INT@ NOT NULL DEFAULT 0;

-- One-time codes: one at a time for each use, good for a quarter of an hour and five tries.
CREATE TABLE code (
	member @INT@ NOT NULL REFERENCES member(id),
	use TEXT NOT NULL CHECK (use IN ('email', 'password', 'phone')),
	hash TEXT NOT NULL,             -- SHA-256
	tries @INT@ NOT NULL DEFAULT 0,
	created @INT@ NOT NULL,
	expires @INT@ NOT NULL,
	PRIMARY KEY (member, use)
) @STRICT@;

ALTER TABLE member_key ADD COLUMN used @INT@ NOT NULL DEFAULT 0;  -- to the day

ALTER TABLE session ADD COLUMN closed_by @INT@;  -- it is to end: who wants it so
ALTER TABLE session ADD COLUMN word TEXT NOT NULL DEFAULT '';  -- a line for whoever sits there
CREATE INDEX session_by_member ON session(member, id);

-- What a member has to be given, or to be rid of, is found without looking everywhere.
CREATE INDEX journal_by_actor ON journal(actor, id);
CREATE INDEX journal_by_object ON journal(object, object_id, id);
CREATE INDEX outbox_by_member ON outbox(member, id);
CREATE INDEX approval_by_voter ON approval(voter);
CREATE INDEX precision_by_asker ON precision(asker, id);
CREATE INDEX text_by_author ON text(author, item, version);
