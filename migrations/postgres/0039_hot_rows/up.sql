-- What comments and votes name is never deleted, and ids come from rows that were just read: each check
-- is one more query for every row and locks the row named.
-- SQLite keeps the checks, where they are cheap; all tests run there, too, and would see an id of nothing.
ALTER TABLE comments
  DROP CONSTRAINT comments_post_id_fkey,
  DROP CONSTRAINT comments_parent_id_fkey,
  DROP CONSTRAINT comments_author_id_fkey;
ALTER TABLE votes DROP CONSTRAINT votes_actor_id_fkey;
