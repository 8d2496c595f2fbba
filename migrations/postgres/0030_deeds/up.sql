-- By which activity a vote, a reaction or a share from elsewhere is known: the first eight bytes of the
-- SHA-256 of its id. Some servers name no more than that id when they take it back.
ALTER TABLE votes ADD COLUMN deed BIGINT;
ALTER TABLE reactions ADD COLUMN deed BIGINT;
ALTER TABLE shares ADD COLUMN deed BIGINT;
CREATE INDEX ix__votes__deed ON votes (actor_id, deed);
CREATE INDEX ix__reactions__deed ON reactions (actor_id, deed);
CREATE INDEX ix__shares__deed ON shares (actor_id, deed);
