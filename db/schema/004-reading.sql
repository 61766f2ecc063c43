-- What a member wants to hear of: a thread or a board is followed, muted, or neither.
ALTER TABLE mark ADD COLUMN muted @INT@ NOT NULL DEFAULT 0 CHECK (muted IN (0, 1));

CREATE TABLE board_mark (
	member @INT@ NOT NULL REFERENCES member(id),
	board @INT@ NOT NULL REFERENCES board(id),
	follows @INT@ NOT NULL DEFAULT 0 CHECK (follows IN (0, 1)),
	muted @INT@ NOT NULL DEFAULT 0 CHECK (muted IN (0, 1)),
	PRIMARY KEY (member, board)
) @STRICT@;
