-- Which page a post is about, by the first eight bytes of the SHA-256 of its address, and the picture
-- that the author's server shows beside it.
CREATE TABLE post_links (
  post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id),
  page BIGINT NOT NULL,
  url TEXT NOT NULL,
  picture TEXT
);
CREATE INDEX ix__post_links__page ON post_links (page);

-- What pages elsewhere say of themselves. One is asked for once it is due.
CREATE TABLE link_previews (
  page BIGINT NOT NULL PRIMARY KEY,
  url TEXT NOT NULL,
  title TEXT,
  description TEXT,
  site TEXT,
  picture TEXT,
  due_at BIGINT,
  fetched_at BIGINT
);
CREATE INDEX ix__link_previews__due ON link_previews (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix__link_previews__fetched ON link_previews (fetched_at) WHERE fetched_at IS NOT NULL;
