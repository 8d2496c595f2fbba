ALTER TABLE instances DROP COLUMN severity;
DROP TABLE block_lists;
DROP TABLE host_rules;
