DROP TABLE confirmations;
DROP TABLE shares;
DROP TABLE reactions;
ALTER TABLE votes DROP COLUMN via_group;
ALTER TABLE votes DROP COLUMN uuid;
DROP INDEX ix__actors__instance_kind;
DROP INDEX ix__follows__ask;
ALTER TABLE follows DROP COLUMN asks;
ALTER TABLE follows DROP COLUMN ask_at;
