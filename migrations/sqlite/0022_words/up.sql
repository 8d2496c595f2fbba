-- What is searched has spaces in the place of signs: PostgreSQL passes over what looks like a tag.
-- FTS5 reads signs as spaces anyway.
SELECT 1;
