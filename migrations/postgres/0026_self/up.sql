-- How pages look to a member, wherever they sign in.
ALTER TABLE accounts ADD COLUMN look TEXT;

-- Members who asked for their account to be deleted, and what is to become of their words. Until
-- then they can think better of it.
CREATE TABLE departures (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (actor_id) ON DELETE CASCADE,
  leaves_at BIGINT NOT NULL,
  keeps_words BOOLEAN NOT NULL
);
CREATE INDEX ix__departures__leaves_at ON departures (leaves_at);
