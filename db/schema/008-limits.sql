-- What the board does by itself, who is shut out, how much one may do within an hour.

-- When each job was done last, and until when somebody has it for himself.
CREATE TABLE job (
	name TEXT PRIMARY KEY,
	ran @INT@ NOT NULL,
	held @INT@ NOT NULL
) @STRICT@;

-- What was told of candidates who wait too long: nothing is sent twice.
CREATE TABLE reminder (
	candidate @INT@ NOT NULL REFERENCES member(id),
	kind TEXT NOT NULL CHECK (kind IN ('nudge', 'urgent')),
	created @INT@ NOT NULL,
	PRIMARY KEY (candidate, kind)
) @STRICT@;
CREATE INDEX invitation_by_created ON invitation(created);

-- Who is shut out, and until when. `what`: an address or a network, as ban.c writes it; a log-in name.
CREATE TABLE ban (
	id @PK@,
	kind TEXT NOT NULL CHECK (kind IN ('source', 'login')),
	what TEXT NOT NULL,
	until @INT@ NOT NULL,
	reason TEXT NOT NULL DEFAULT '',
	author @INT@ REFERENCES member(id),
	created @INT@ NOT NULL,
	UNIQUE (kind, what)
) @STRICT@;

-- From where accounts were asked for lately: an address, of IPv6 its /64; '' where nobody counts it.
CREATE TABLE signing (
	id @PK@,
	source TEXT NOT NULL,
	created @INT@ NOT NULL
) @STRICT@;
CREATE INDEX signing_by_source ON signing(source, id);
