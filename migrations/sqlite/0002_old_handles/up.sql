-- Names that local actors gave up for others; they lead on, and nobody else can take them.
CREATE TABLE old_handles (
  name TEXT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX ix__old_handles__actor ON old_handles (actor_id);
