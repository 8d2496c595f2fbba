-- Polls, what they offer, and who chose what. A poll belongs to the post that asks.

CREATE TABLE polls (
  post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id),
  multiple BOOLEAN NOT NULL,
  ends_at BIGINT,
  closed_at BIGINT,
  voters BIGINT NOT NULL DEFAULT 0,
  changed_at BIGINT,
  told_at BIGINT
);
CREATE INDEX ix__polls__ends ON polls (ends_at) WHERE closed_at IS NULL;
CREATE INDEX ix__polls__changed ON polls (changed_at) WHERE changed_at IS NOT NULL;

CREATE TABLE poll_choices (
  post_id BIGINT NOT NULL REFERENCES polls (post_id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  votes BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (post_id, position)
);

CREATE TABLE poll_votes (
  post_id BIGINT NOT NULL REFERENCES polls (post_id),
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  position INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (post_id, actor_id, position)
);
CREATE INDEX ix__poll_votes__actor ON poll_votes (actor_id);
