-- The words of a text come from the hub, each once: to find them took longer than to keep them.
DROP INDEX ix__search_texts__words;
UPDATE search_texts SET body = array_to_string(tsvector_to_array(words), ' ');
ALTER TABLE search_texts DROP COLUMN words;
ALTER TABLE search_texts ADD COLUMN words tsvector NOT NULL
  GENERATED ALWAYS AS (array_to_tsvector(string_to_array(body, ' '))) STORED;
CREATE INDEX ix__search_texts__words ON search_texts USING gin (words);
-- Rows that stay for a while only are kept as they are: to compress them took longer than all else of it.
ALTER TABLE inbox SET (toast_tuple_target = 8160);
ALTER TABLE outbox SET (toast_tuple_target = 8160);
