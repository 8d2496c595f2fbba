DROP INDEX ix__follows__pending;
DROP TABLE private_groups;
