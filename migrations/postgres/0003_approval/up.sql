-- Posts that wait for a moderator's word, and what a comment carries besides its text.

ALTER TABLE actors ADD COLUMN approval TEXT NOT NULL DEFAULT 'none';

ALTER TABLE comments ADD COLUMN sensitive BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE comments ADD COLUMN warning TEXT;
ALTER TABLE comments ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';

CREATE TABLE held_posts (
  id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL CONSTRAINT uq__held_posts__uri UNIQUE,
  group_id BIGINT NOT NULL REFERENCES actors (id),
  author_id BIGINT NOT NULL REFERENCES actors (id),
  instance_id BIGINT NOT NULL REFERENCES instances (id),
  title TEXT NOT NULL,
  html TEXT NOT NULL,
  link_url TEXT,
  warning TEXT,
  attachments TEXT NOT NULL,
  draft TEXT NOT NULL,
  held_at BIGINT NOT NULL
);
CREATE INDEX ix__held_posts__group ON held_posts (group_id, id);
CREATE INDEX ix__held_posts__author ON held_posts (author_id);

-- What came into a local group without an activity that could be announced.
CREATE TABLE unannounced (
  object_id BIGINT NOT NULL PRIMARY KEY
);
