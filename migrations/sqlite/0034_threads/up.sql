-- What members typed into an answer and have not sent, one for each post or comment that they answer; and
-- the best posts of a time.

CREATE TABLE kept_answers (
  author_id BIGINT NOT NULL REFERENCES actors (id),
  object_id BIGINT NOT NULL,
  post_id BIGINT NOT NULL REFERENCES posts (id),
  body TEXT NOT NULL,
  kept_at BIGINT NOT NULL,
  PRIMARY KEY (author_id, object_id)
) WITHOUT ROWID;
CREATE INDEX ix__kept_answers__post ON kept_answers (post_id, author_id);
CREATE INDEX ix__kept_answers__kept ON kept_answers (kept_at);

-- The best posts of a time are found in the index of the best ones, without a look at each post.
DROP INDEX ix__posts__top;
DROP INDEX ix__posts__group_top;
CREATE INDEX ix__posts__top ON posts (score DESC, id DESC, new_rank);
CREATE INDEX ix__posts__group_top ON posts (group_id, score DESC, id DESC, new_rank);
