-- A report may be for the hub (no group), and about several things of one person.
CREATE TABLE flag_objects (
  flag_id BIGINT NOT NULL,
  object_id BIGINT NOT NULL,
  PRIMARY KEY (flag_id, object_id)
) WITHOUT ROWID;
INSERT INTO flag_objects (flag_id, object_id) SELECT id, object_id FROM flags WHERE object_id IS NOT NULL;

CREATE TABLE flags_new (
  id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL CONSTRAINT uq__flags__uri UNIQUE,
  group_id BIGINT REFERENCES actors (id),
  reporter_id BIGINT NOT NULL REFERENCES actors (id),
  subject_id BIGINT NOT NULL REFERENCES actors (id),
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  resolved_at BIGINT,
  resolved_by BIGINT REFERENCES actors (id)
);
INSERT INTO flags_new SELECT id, uri, group_id, reporter_id, subject_id, reason, created_at, resolved_at, resolved_by FROM flags;
DROP TABLE flags;
ALTER TABLE flags_new RENAME TO flags;
CREATE INDEX ix__flags__group ON flags (group_id, id DESC);

ALTER TABLE comments ADD COLUMN locked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE moderation_log ADD COLUMN host TEXT;
