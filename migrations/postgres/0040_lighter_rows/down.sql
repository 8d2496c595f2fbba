DROP INDEX ix__search_texts__words;
ALTER TABLE search_texts DROP COLUMN words;
ALTER TABLE search_texts ADD COLUMN words tsvector NOT NULL
  GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED;
CREATE INDEX ix__search_texts__words ON search_texts USING gin (words);
ALTER TABLE inbox RESET (toast_tuple_target);
ALTER TABLE outbox RESET (toast_tuple_target);
