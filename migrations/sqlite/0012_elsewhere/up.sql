ALTER TABLE follows ADD COLUMN ask_at BIGINT;
ALTER TABLE follows ADD COLUMN asks INTEGER NOT NULL DEFAULT 1;
CREATE INDEX ix__follows__ask ON follows (ask_at) WHERE ask_at IS NOT NULL;
UPDATE follows SET ask_at = created_at WHERE state = 'pending'
  AND follower_id IN (SELECT id FROM actors WHERE local)
  AND target_id IN (SELECT id FROM actors WHERE NOT local);

CREATE INDEX ix__actors__instance_kind ON actors (instance_id, kind);

ALTER TABLE votes ADD COLUMN uuid TEXT;
ALTER TABLE votes ADD COLUMN via_group BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE reactions (
  object_id BIGINT NOT NULL,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  content TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (object_id, actor_id, content)
) WITHOUT ROWID;

CREATE TABLE shares (
  object_id BIGINT NOT NULL,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (object_id, actor_id)
) WITHOUT ROWID;

CREATE TABLE confirmations (
  object_id BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
