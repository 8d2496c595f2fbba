-- Quotes of what was written here, each with the stamp by which its author allows it (FEP-044f);
-- what posts quote; and who may quote somebody without being asked.

CREATE TABLE quotes (
  id BIGINT NOT NULL PRIMARY KEY,
  uuid TEXT NOT NULL CONSTRAINT uq__quotes__uuid UNIQUE,
  object_id BIGINT NOT NULL,
  author_id BIGINT NOT NULL REFERENCES actors (id),
  quoter_id BIGINT NOT NULL REFERENCES actors (id),
  uri TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT uq__quotes__uri UNIQUE (uri, object_id)
);
CREATE INDEX ix__quotes__author ON quotes (author_id, id);

CREATE TABLE quoted (
  post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id),
  uri TEXT NOT NULL,
  author_id BIGINT REFERENCES actors (id),
  stamp TEXT
);
CREATE INDEX ix__quoted__stamp ON quoted (stamp) WHERE stamp IS NOT NULL;

CREATE TABLE quote_policies (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES actors (id),
  policy TEXT NOT NULL
);
