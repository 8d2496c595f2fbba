-- What of a picture stays in view where it is cropped: hundredths of the way from its middle to its
-- right and to its upper edge.
ALTER TABLE media ADD COLUMN focus_x INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN focus_y INTEGER NOT NULL DEFAULT 0;

-- Pictures that are not taken: of an address elsewhere, and whatever looks like one that was deleted.
CREATE TABLE picture_blocks (
  id BIGINT NOT NULL PRIMARY KEY,
  url TEXT,
  likeness TEXT,
  reason TEXT NOT NULL,
  blocked_by BIGINT REFERENCES actors (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX ix__picture_blocks__url ON picture_blocks (url) WHERE url IS NOT NULL;

-- Threads about pages elsewhere are found by the address of the page.
CREATE INDEX ix__posts__link ON posts (group_id, link_url) WHERE link_url IS NOT NULL;
