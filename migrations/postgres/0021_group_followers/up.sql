-- How many of a server's followers are groups: they are told apart from its people.
ALTER TABLE follower_instances ADD COLUMN group_followers BIGINT NOT NULL DEFAULT 0;
UPDATE follower_instances SET group_followers = (
  SELECT count(*) FROM follows JOIN actors ON actors.id = follows.follower_id
  WHERE follows.target_id = follower_instances.target_id AND follows.state = 'accepted'
    AND actors.kind = 'Group' AND actors.instance_id = follower_instances.instance_id);
