-- How this hub is known to servers whose people sign in here with their account there.
CREATE TABLE remote_apps (
  host TEXT NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL,
  client_secret TEXT NOT NULL,
  scope TEXT NOT NULL,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Which accounts elsewhere belong to whom here.
CREATE TABLE links (
  remote_id BIGINT NOT NULL PRIMARY KEY REFERENCES actors (id),
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX ix__links__actor ON links (actor_id);
