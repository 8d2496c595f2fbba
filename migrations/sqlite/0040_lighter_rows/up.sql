-- The words of a text come from the hub, each once; FTS5 reads the texts from before as well. It keeps
-- rows as they are anyway.
SELECT 1;
