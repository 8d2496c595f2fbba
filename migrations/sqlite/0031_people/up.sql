-- Whether the page of a member says how many people follow them.
ALTER TABLE accounts ADD COLUMN shows_followers BOOLEAN NOT NULL DEFAULT TRUE;
