-- What members typed into an answer and have not sent, one for each post or comment that they answer.

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
