-- Whom members keep away from themselves: people, and whole servers; from whom they take messages.
-- Rows of people elsewhere are the blocks that their servers told of.

CREATE TABLE personal_blocks (
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  target_id BIGINT NOT NULL REFERENCES actors (id),
  kind TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, target_id)
);
CREATE INDEX ix__personal_blocks__target ON personal_blocks (target_id);

CREATE TABLE personal_host_blocks (
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  instance_id BIGINT NOT NULL REFERENCES instances (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, instance_id)
);

CREATE TABLE message_policies (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES actors (id),
  policy TEXT NOT NULL
);

-- By which id a reaction was told of.
ALTER TABLE reactions ADD COLUMN uuid TEXT;

-- Comments quote, too: the number is that of a post or of a comment.
CREATE TABLE quoting (
  object_id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL,
  author_id BIGINT REFERENCES actors (id),
  stamp TEXT
);
INSERT INTO quoting (object_id, uri, author_id, stamp)
  SELECT post_id, uri, author_id, stamp FROM quoted;
DROP TABLE quoted;
CREATE INDEX ix__quoting__stamp ON quoting (stamp) WHERE stamp IS NOT NULL;
