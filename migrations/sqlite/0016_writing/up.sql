-- What is written and not out yet, questions and their answers, earlier versions of texts, and what
-- members keep of what they read.

CREATE TABLE drafts (
  id BIGINT NOT NULL PRIMARY KEY,
  author_id BIGINT NOT NULL REFERENCES actors (id),
  group_id BIGINT REFERENCES actors (id),
  content TEXT NOT NULL,
  publish_at BIGINT,
  refusal TEXT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX ix__drafts__author ON drafts (author_id, id);
CREATE INDEX ix__drafts__due ON drafts (publish_at) WHERE publish_at IS NOT NULL;

CREATE TABLE time_zones (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES actors (id),
  name TEXT NOT NULL
);

CREATE TABLE questions (
  post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id),
  answer_id BIGINT REFERENCES comments (id),
  chosen_by BIGINT REFERENCES actors (id),
  chosen_at BIGINT
);
CREATE INDEX ix__questions__open ON questions (post_id) WHERE answer_id IS NULL;

CREATE TABLE versions (
  object_id BIGINT NOT NULL,
  written_at BIGINT NOT NULL,
  title TEXT NOT NULL,
  source TEXT,
  html TEXT NOT NULL,
  replaced_at BIGINT NOT NULL,
  PRIMARY KEY (object_id, written_at)
);
CREATE INDEX ix__versions__replaced ON versions (replaced_at);

CREATE TABLE visits (
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  post_id BIGINT NOT NULL REFERENCES posts (id),
  last_id BIGINT NOT NULL,
  visited_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, post_id)
) WITHOUT ROWID;
CREATE INDEX ix__visits__visited ON visits (visited_at);
CREATE INDEX ix__comments__arrival ON comments (post_id, id);

CREATE TABLE saves (
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  object_id BIGINT NOT NULL,
  saved_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, object_id)
) WITHOUT ROWID;
CREATE INDEX ix__saves__saved ON saves (actor_id, saved_at, object_id);

CREATE TABLE watches (
  post_id BIGINT NOT NULL REFERENCES posts (id),
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  muted BOOLEAN NOT NULL,
  PRIMARY KEY (post_id, actor_id)
) WITHOUT ROWID;
