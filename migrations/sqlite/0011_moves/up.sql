-- The other addresses that people here say are theirs, who went where, and threads that were moved
-- from one group of this hub to another.

CREATE TABLE aliases (
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  uri TEXT NOT NULL,
  PRIMARY KEY (actor_id, uri)
);

CREATE TABLE moves (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES actors (id),
  target_id BIGINT NOT NULL REFERENCES actors (id),
  moved_at BIGINT NOT NULL
);

CREATE TABLE moved_threads (
  post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id),
  from_id BIGINT NOT NULL REFERENCES actors (id),
  moved_at BIGINT NOT NULL
);
