DROP TABLE thread_news;
DROP INDEX ix__follows__level;
ALTER TABLE follows DROP COLUMN level;
