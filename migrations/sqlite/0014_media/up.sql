-- Uploaded pictures, whose files lie in the data directory or a bucket under their key; and secrets
-- that the hub drew once for itself.

CREATE TABLE media (
  id BIGINT NOT NULL PRIMARY KEY,
  owner_id BIGINT NOT NULL REFERENCES actors (id),
  key TEXT NOT NULL CONSTRAINT uq__media__key UNIQUE,
  kind TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  blurhash TEXT NOT NULL,
  alt TEXT,
  state TEXT NOT NULL,
  attached_to BIGINT,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX ix__media__owner ON media (owner_id, created_at);
CREATE INDEX ix__media__attached ON media (attached_to) WHERE attached_to IS NOT NULL;
CREATE INDEX ix__media__state ON media (state, changed_at);

CREATE TABLE hub_secrets (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
