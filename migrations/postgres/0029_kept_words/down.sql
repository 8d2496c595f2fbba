DROP INDEX ix__search_texts__words;
ALTER TABLE search_texts DROP COLUMN words;
CREATE INDEX ix__search_texts__words ON search_texts USING gin (to_tsvector('simple', body));
