DROP INDEX ix__posts__group_top;
DROP INDEX ix__posts__top;
CREATE INDEX ix__posts__top ON posts (score DESC, id DESC);
CREATE INDEX ix__posts__group_top ON posts (group_id, score DESC, id DESC);
DROP TABLE kept_answers;
