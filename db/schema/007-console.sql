-- The sysop's console: people found by a few letters, suspensions with their reason, councils that were
-- merged, boards that are closed, and the lists of journal and outbox by what one looks for.

-- Words of names, logins and addresses, folded; member_find.c keeps them.
CREATE TABLE member_word (
	word TEXT NOT NULL,
	member @INT@ NOT NULL REFERENCES member(id),
	PRIMARY KEY (word, member)
) @STRICT@;
CREATE INDEX member_word_by_member ON member_word(member);
-- The same, each with a space before, to see that a member has them all.
ALTER TABLE member ADD COLUMN fold TEXT NOT NULL DEFAULT '';
CREATE INDEX member_by_charter ON member(charter, state);

-- Who was suspended, why, and until when.
CREATE TABLE suspension (
	id @PK@,
	member @INT@ NOT NULL REFERENCES member(id),
	author @INT@ REFERENCES member(id),
	reason TEXT NOT NULL,
	created @INT@ NOT NULL,
	ended @INT@
) @STRICT@;
CREATE INDEX suspension_by_member ON suspension(member, id);

-- A council that was the same as another: its people and its talk are there now.
ALTER TABLE council ADD COLUMN merged @INT@ REFERENCES council(id);

-- Read, and no longer written to.
ALTER TABLE board ADD COLUMN closed @INT@ NOT NULL DEFAULT 0;

CREATE INDEX journal_by_act ON journal(act, id);
CREATE INDEX journal_by_both ON journal(actor, act, id);
CREATE INDEX journal_by_time ON journal(created, id);
CREATE INDEX outbox_by_state ON outbox(state, id);
