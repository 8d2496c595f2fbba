-- The desk of moderators: who looks at what waits, and what they often write. The rules that they
-- cite, of groups and (group 0) of the hub. What admins tell everybody, and who has read it.
-- Servers to which an admin wants nothing sent for now.

CREATE TABLE claims (
  task TEXT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  claimed_at BIGINT NOT NULL
);

CREATE TABLE wordings (
  id BIGINT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  text TEXT NOT NULL
);

CREATE TABLE rules (
  id BIGINT NOT NULL PRIMARY KEY,
  group_id BIGINT NOT NULL,
  place INTEGER NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX ix__rules__group ON rules (group_id, place);

CREATE TABLE announcements (
  id BIGINT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  audience TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT,
  author_id BIGINT NOT NULL REFERENCES actors (id)
);

CREATE TABLE dismissals (
  announcement_id BIGINT NOT NULL REFERENCES announcements (id),
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  PRIMARY KEY (announcement_id, actor_id)
);
CREATE INDEX ix__dismissals__actor ON dismissals (actor_id);

ALTER TABLE instances ADD COLUMN paused BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX ix__flags__open ON flags (created_at, id) WHERE resolved_at IS NULL;
CREATE INDEX ix__held_posts__at ON held_posts (held_at, id);
CREATE INDEX ix__accounts__pending ON accounts (created_at, actor_id) WHERE standing = 'pending';
CREATE INDEX ix__follows__waiting ON follows (created_at, follower_id) WHERE state = 'pending';
