-- Who was said to be gone by their own server, and when it said so first.
CREATE TABLE absences (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES actors (id),
  since BIGINT NOT NULL
);
