-- Full-text search in all that people publish: what of each item is found stands in search_text_v
-- (search.sql). The words stand in the index alone; the texts stay where they are.
-- Words of titles alone were kept before.
DROP TABLE title_word;
@SEARCH_TABLE@;
