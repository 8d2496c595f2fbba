-- Where and when people meet, and who comes. A meeting belongs to the post that announces it.

CREATE TABLE events (
  post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id),
  starts_at BIGINT NOT NULL,
  ends_at BIGINT,
  timezone TEXT NOT NULL,
  place TEXT,
  online_url TEXT,
  join_mode TEXT NOT NULL,
  capacity BIGINT,
  attendees BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX ix__events__starts ON events (starts_at);

CREATE TABLE attendees (
  post_id BIGINT NOT NULL REFERENCES events (post_id),
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  accepted BOOLEAN NOT NULL,
  uri TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (post_id, actor_id)
) WITHOUT ROWID;
CREATE INDEX ix__attendees__actor ON attendees (actor_id);
