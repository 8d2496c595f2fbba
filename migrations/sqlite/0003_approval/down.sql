DROP TABLE unannounced;
DROP TABLE held_posts;
ALTER TABLE comments DROP COLUMN attachments;
ALTER TABLE comments DROP COLUMN warning;
ALTER TABLE comments DROP COLUMN sensitive;
ALTER TABLE actors DROP COLUMN approval;
