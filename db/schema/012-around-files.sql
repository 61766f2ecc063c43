-- What is around a file: the recent ones, who has opened it, who follows it, what is said of it.

-- Every file stands on one shelf more, 'recents', for each of its readers, in the order of its last change: `sort` is
-- 1000000000000 and the time, so that numbers are ordered as texts.
INSERT INTO shelf (place, reader, sort, item)
SELECT DISTINCT 'recents', s.reader, CAST(1000000000000 + i.changed AS TEXT), s.item
FROM shelf s JOIN entry e ON e.item = s.item JOIN item i ON i.id = s.item
WHERE e.folder = 0;
