-- What somebody sent under a key of theirs, so that sending it twice makes one thing.
CREATE TABLE submissions (
    actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (actor_id, key)
);
CREATE INDEX ix__submissions__created_at ON submissions (created_at);
