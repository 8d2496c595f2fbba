DROP INDEX ix__posts__link;
DROP TABLE picture_blocks;
ALTER TABLE media DROP COLUMN focus_y;
ALTER TABLE media DROP COLUMN focus_x;
