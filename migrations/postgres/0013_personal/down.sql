CREATE TABLE quoted (
  post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id),
  uri TEXT NOT NULL,
  author_id BIGINT REFERENCES actors (id),
  stamp TEXT
);
INSERT INTO quoted (post_id, uri, author_id, stamp)
  SELECT object_id, uri, author_id, stamp FROM quoting
  WHERE object_id IN (SELECT id FROM posts);
DROP TABLE quoting;
CREATE INDEX ix__quoted__stamp ON quoted (stamp) WHERE stamp IS NOT NULL;
ALTER TABLE reactions DROP COLUMN uuid;
DROP TABLE message_policies;
DROP TABLE personal_host_blocks;
DROP TABLE personal_blocks;
