DROP INDEX ix__shares__deed;
DROP INDEX ix__reactions__deed;
DROP INDEX ix__votes__deed;
ALTER TABLE shares DROP COLUMN deed;
ALTER TABLE reactions DROP COLUMN deed;
ALTER TABLE votes DROP COLUMN deed;
