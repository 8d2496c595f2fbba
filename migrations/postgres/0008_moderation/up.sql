-- A report may be for the hub (no group), and about several things of one person.
CREATE TABLE flag_objects (
  flag_id BIGINT NOT NULL,
  object_id BIGINT NOT NULL,
  PRIMARY KEY (flag_id, object_id)
);
INSERT INTO flag_objects (flag_id, object_id) SELECT id, object_id FROM flags WHERE object_id IS NOT NULL;
ALTER TABLE flags DROP COLUMN object_id;
ALTER TABLE flags ALTER COLUMN group_id DROP NOT NULL;

ALTER TABLE comments ADD COLUMN locked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE moderation_log ADD COLUMN host TEXT;
