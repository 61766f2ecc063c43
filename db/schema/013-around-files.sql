-- What is around a file: the recent ones, who has opened it, who follows it, what is said of it.

-- Every file stands on one shelf more, 'recents', for each of its readers, in the order of its last change: `sort` is
-- 1000000000000 and the time, so that numbers are ordered as texts.
INSERT INTO shelf (place, reader, sort, item)
SELECT DISTINCT 'recents', s.reader, CAST(1000000000000 + i.changed AS TEXT), s.item
FROM shelf s JOIN entry e ON e.item = s.item JOIN item i ON i.id = s.item
WHERE e.folder = 0 AND i.parent IS NULL;

-- Who follows which shelf or file. `place`: a shelf's key; of a file i and its item, i456.
CREATE TABLE follow (
	member @INT@ NOT NULL REFERENCES member(id),
	place TEXT NOT NULL,
	PRIMARY KEY (member, place)
) @STRICT@;
CREATE INDEX follow_by_place ON follow(place, member);

-- A word about a shelf or a file that somebody follows says which: another is sent when that one was read.
ALTER TABLE notice ADD COLUMN place TEXT NOT NULL DEFAULT '';
CREATE INDEX notice_by_place ON notice(member, place, kind) WHERE seen = 0;

-- What is said of a file is a thread whose root is the file's item; it stands on no board. The file's item names the
-- board whose animators see to it: a département's, a council's; 0: those of the whole network.
UPDATE item SET board = (SELECT coalesce(
	(SELECT min(b.id) FROM board b WHERE b.territory = substr(e.area, 2) AND e.area LIKE 'd%'),
	(SELECT min(b.id) FROM board b WHERE e.area = 'c' || b.council),
	(SELECT min(b.id) FROM board b JOIN member m ON m.council = b.council WHERE e.area = 'm' || m.id), 0)
	FROM entry e WHERE e.item = item.id)
WHERE kind IN ('folder', 'file');

-- Who has opened or fetched a file, and when first: one row a member and file, none for its author or for visitors.
CREATE TABLE seen (
	item @INT@ NOT NULL REFERENCES entry(item),
	member @INT@ NOT NULL REFERENCES member(id),
	first @INT@ NOT NULL,
	PRIMARY KEY (item, member)
) @STRICT@;
CREATE INDEX seen_by_member ON seen(member, item);
