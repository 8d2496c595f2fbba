ALTER TABLE follower_instances DROP COLUMN group_followers;
