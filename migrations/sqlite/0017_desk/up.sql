-- What members do not want to read: words, and languages other than theirs. What admins write for
-- everybody: pages in each language, with what they said before.

CREATE TABLE filters (
  id BIGINT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  phrase TEXT NOT NULL,
  effect TEXT NOT NULL,
  until BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX uq__filters__phrase ON filters (actor_id, phrase);
CREATE INDEX ix__filters__until ON filters (until) WHERE until IS NOT NULL;

CREATE TABLE reading_languages (
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  language TEXT NOT NULL,
  PRIMARY KEY (actor_id, language)
) WITHOUT ROWID;

CREATE TABLE pages (
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  author_id BIGINT NOT NULL REFERENCES actors (id),
  PRIMARY KEY (name, language)
) WITHOUT ROWID;

CREATE TABLE page_versions (
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  author_id BIGINT NOT NULL REFERENCES actors (id),
  PRIMARY KEY (name, language, written_at)
) WITHOUT ROWID;
