-- The words of a text are kept beside it: to read them out of it again takes longer than all else where
-- many rows are looked at, and PostgreSQL reckons with less.
DROP INDEX ix__search_texts__words;
ALTER TABLE search_texts ADD COLUMN words tsvector NOT NULL
  GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED;
CREATE INDEX ix__search_texts__words ON search_texts USING gin (words);
