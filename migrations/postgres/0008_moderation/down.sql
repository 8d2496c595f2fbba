ALTER TABLE moderation_log DROP COLUMN host;
ALTER TABLE comments DROP COLUMN locked;
DELETE FROM flags WHERE group_id IS NULL;
ALTER TABLE flags ALTER COLUMN group_id SET NOT NULL;
ALTER TABLE flags ADD COLUMN object_id BIGINT;
UPDATE flags SET object_id = (SELECT MIN(object_id) FROM flag_objects WHERE flag_id = flags.id);
DROP TABLE flag_objects;
