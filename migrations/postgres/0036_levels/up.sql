-- What members hear of a group that they follow, if they said so: `all` or `nothing`.
ALTER TABLE follows ADD COLUMN level TEXT;
CREATE INDEX ix__follows__level ON follows (target_id, follower_id) WHERE level = 'all';

-- New threads of which followers are still to be told: up to which of them that is done.
CREATE TABLE thread_news (
  post_id BIGINT NOT NULL PRIMARY KEY,
  after_id BIGINT NOT NULL
);
