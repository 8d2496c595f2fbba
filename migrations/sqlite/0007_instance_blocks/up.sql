-- What applies to other servers. source_id 0 is by hand, others are block_lists.
CREATE TABLE host_rules (
  source_id BIGINT NOT NULL,
  host TEXT NOT NULL,
  severity TEXT NOT NULL,
  reject_media BOOLEAN NOT NULL,
  reject_reports BOOLEAN NOT NULL,
  comment TEXT NOT NULL,
  obfuscate BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (source_id, host)
) WITHOUT ROWID;
CREATE INDEX ix__host_rules__host ON host_rules (host);

CREATE TABLE block_lists (
  id BIGINT NOT NULL PRIMARY KEY,
  url TEXT NOT NULL CONSTRAINT uq__block_lists__url UNIQUE,
  created_at BIGINT NOT NULL,
  refreshed_at BIGINT,
  next_at BIGINT NOT NULL,
  error TEXT
);

-- The severity in force, so that queries can leave out what a server's people wrote.
ALTER TABLE instances ADD COLUMN severity TEXT NOT NULL DEFAULT 'none';
