ALTER TABLE moderation_log DROP COLUMN host;
ALTER TABLE comments DROP COLUMN locked;
CREATE TABLE flags_old (
  id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL CONSTRAINT uq__flags__uri UNIQUE,
  group_id BIGINT NOT NULL REFERENCES actors (id),
  reporter_id BIGINT NOT NULL REFERENCES actors (id),
  object_id BIGINT,
  subject_id BIGINT NOT NULL REFERENCES actors (id),
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  resolved_at BIGINT,
  resolved_by BIGINT REFERENCES actors (id)
);
INSERT INTO flags_old SELECT id, uri, group_id, reporter_id,
  (SELECT MIN(object_id) FROM flag_objects WHERE flag_id = flags.id),
  subject_id, reason, created_at, resolved_at, resolved_by FROM flags WHERE group_id IS NOT NULL;
DROP TABLE flags;
ALTER TABLE flags_old RENAME TO flags;
CREATE INDEX ix__flags__group ON flags (group_id, id DESC);
DROP TABLE flag_objects;
