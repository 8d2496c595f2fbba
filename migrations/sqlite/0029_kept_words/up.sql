-- The words of a text are kept beside it. FTS5 does so anyway.
SELECT 1;
