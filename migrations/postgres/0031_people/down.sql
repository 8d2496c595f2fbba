ALTER TABLE accounts DROP COLUMN shows_followers;
