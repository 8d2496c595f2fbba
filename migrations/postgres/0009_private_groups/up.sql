-- The groups whose words only their members read: few, so that every read can ask. Derived from
-- `actors`, and kept in step with it.

CREATE TABLE private_groups (
  group_id BIGINT NOT NULL PRIMARY KEY REFERENCES actors (id),
  local BOOLEAN NOT NULL
);
INSERT INTO private_groups (group_id, local)
  SELECT id, local FROM actors WHERE kind = 'Group' AND manually_approves;

CREATE INDEX ix__follows__pending ON follows (target_id, created_at) WHERE state = 'pending';
