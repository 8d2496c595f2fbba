-- Private messages. People talk in one conversation for each set of people; `members` is that set:
-- the ids of the actors in ascending order, with commas between them.

CREATE TABLE conversations (
  id BIGINT NOT NULL PRIMARY KEY,
  members TEXT NOT NULL CONSTRAINT uq__conversations__members UNIQUE,
  created_at BIGINT NOT NULL
);

CREATE TABLE conversation_members (
  conversation_id BIGINT NOT NULL REFERENCES conversations (id),
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  last_id BIGINT NOT NULL,
  read_id BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, actor_id)
);
CREATE INDEX ix__conversation_members__newest ON conversation_members (actor_id, last_id DESC);

CREATE TABLE messages (
  id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL CONSTRAINT uq__messages__uri UNIQUE,
  conversation_id BIGINT NOT NULL REFERENCES conversations (id),
  author_id BIGINT NOT NULL REFERENCES actors (id),
  source TEXT,
  html TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  edited_at BIGINT,
  deleted_at BIGINT,
  local BOOLEAN NOT NULL
);
CREATE INDEX ix__messages__conversation ON messages (conversation_id, id DESC);
