DROP TABLE departures;
ALTER TABLE accounts DROP COLUMN look;
