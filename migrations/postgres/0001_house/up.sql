-- The tables of the house. Times are microseconds since 1970 in UTC; ids come from the application.

CREATE TABLE instances (
  id BIGINT NOT NULL PRIMARY KEY,
  host TEXT NOT NULL CONSTRAINT uq__instances__host UNIQUE,
  software TEXT,
  version TEXT,
  state TEXT NOT NULL DEFAULT 'ok',
  fails INTEGER NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL DEFAULT 0,
  last_ok_at BIGINT,
  last_seen_at BIGINT,
  checked_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE actors (
  id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL CONSTRAINT uq__actors__uri UNIQUE,
  url TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  instance_id BIGINT NOT NULL REFERENCES instances (id),
  local BOOLEAN NOT NULL,
  title TEXT NOT NULL,
  summary_html TEXT NOT NULL,
  summary_source TEXT,
  icon_url TEXT,
  image_url TEXT,
  inbox TEXT NOT NULL,
  shared_inbox TEXT,
  outbox TEXT,
  followers TEXT,
  moderators TEXT,
  featured TEXT,
  discoverable BOOLEAN NOT NULL,
  indexable BOOLEAN NOT NULL,
  manually_approves BOOLEAN NOT NULL,
  posting_restricted BOOLEAN NOT NULL,
  followers_count BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  fetched_at BIGINT,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX uq__actors__local_name ON actors (name) WHERE local;
CREATE INDEX ix__actors__name_host ON actors (name, host);
CREATE INDEX ix__actors__local_kind ON actors (kind, id) WHERE local;
CREATE INDEX ix__actors__instance ON actors (instance_id, id);

CREATE TABLE keys (
  uri TEXT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  public_der BYTEA NOT NULL,
  private_der BYTEA,
  fetched_at BIGINT NOT NULL
);
CREATE INDEX ix__keys__actor ON keys (actor_id);

CREATE TABLE accounts (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES actors (id),
  email TEXT NOT NULL CONSTRAINT uq__accounts__email UNIQUE,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  standing TEXT NOT NULL,
  language TEXT,
  created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
  token_hash TEXT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES accounts (actor_id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX ix__sessions__actor ON sessions (actor_id);
CREATE INDEX ix__sessions__expires ON sessions (expires_at);

CREATE TABLE tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES accounts (actor_id),
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX ix__tokens__actor ON tokens (actor_id);

CREATE TABLE follows (
  target_id BIGINT NOT NULL REFERENCES actors (id),
  follower_id BIGINT NOT NULL REFERENCES actors (id),
  state TEXT NOT NULL,
  uri TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (target_id, follower_id)
);
CREATE INDEX ix__follows__follower ON follows (follower_id, target_id);

CREATE TABLE follower_instances (
  target_id BIGINT NOT NULL REFERENCES actors (id),
  instance_id BIGINT NOT NULL REFERENCES instances (id),
  followers BIGINT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (target_id, instance_id)
);
CREATE INDEX ix__follower_instances__instance ON follower_instances (instance_id, target_id);

CREATE TABLE moderators (
  group_id BIGINT NOT NULL REFERENCES actors (id),
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, actor_id)
);
CREATE INDEX ix__moderators__actor ON moderators (actor_id);

-- group_id 0 bans from the whole hub.
CREATE TABLE bans (
  group_id BIGINT NOT NULL,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  reason TEXT NOT NULL,
  until BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, actor_id)
);
CREATE INDEX ix__bans__actor ON bans (actor_id);

CREATE TABLE posts (
  id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL CONSTRAINT uq__posts__uri UNIQUE,
  url TEXT NOT NULL,
  group_id BIGINT NOT NULL REFERENCES actors (id),
  author_id BIGINT NOT NULL REFERENCES actors (id),
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  source TEXT,
  html TEXT NOT NULL,
  link_url TEXT,
  language TEXT,
  sensitive BOOLEAN NOT NULL,
  warning TEXT,
  attachments TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  edited_at BIGINT,
  locked BOOLEAN NOT NULL DEFAULT FALSE,
  featured_at BIGINT,
  deleted_at BIGINT,
  removed_at BIGINT,
  removal_reason TEXT,
  upvotes BIGINT NOT NULL DEFAULT 0,
  downvotes BIGINT NOT NULL DEFAULT 0,
  comment_count BIGINT NOT NULL DEFAULT 0,
  score DOUBLE PRECISION NOT NULL DEFAULT 0,
  hot_rank DOUBLE PRECISION NOT NULL,
  new_rank DOUBLE PRECISION NOT NULL,
  active_rank DOUBLE PRECISION NOT NULL,
  local BOOLEAN NOT NULL
);
CREATE INDEX ix__posts__group_new ON posts (group_id, new_rank DESC, id DESC);
CREATE INDEX ix__posts__group_hot ON posts (group_id, hot_rank DESC, id DESC);
CREATE INDEX ix__posts__group_top ON posts (group_id, score DESC, id DESC);
CREATE INDEX ix__posts__group_active ON posts (group_id, active_rank DESC, id DESC);
CREATE INDEX ix__posts__new ON posts (new_rank DESC, id DESC);
CREATE INDEX ix__posts__hot ON posts (hot_rank DESC, id DESC);
CREATE INDEX ix__posts__top ON posts (score DESC, id DESC);
CREATE INDEX ix__posts__active ON posts (active_rank DESC, id DESC);
CREATE INDEX ix__posts__author ON posts (author_id, id DESC);
CREATE INDEX ix__posts__featured ON posts (group_id, featured_at) WHERE featured_at IS NOT NULL;

CREATE TABLE comments (
  id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL CONSTRAINT uq__comments__uri UNIQUE,
  url TEXT NOT NULL,
  post_id BIGINT NOT NULL REFERENCES posts (id),
  parent_id BIGINT REFERENCES comments (id),
  author_id BIGINT NOT NULL REFERENCES actors (id),
  depth INTEGER NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  source TEXT,
  html TEXT NOT NULL,
  language TEXT,
  published_at BIGINT NOT NULL,
  edited_at BIGINT,
  deleted_at BIGINT,
  removed_at BIGINT,
  removal_reason TEXT,
  upvotes BIGINT NOT NULL DEFAULT 0,
  downvotes BIGINT NOT NULL DEFAULT 0,
  distinguished BOOLEAN NOT NULL DEFAULT FALSE,
  local BOOLEAN NOT NULL
);
CREATE INDEX ix__comments__thread ON comments (post_id, path);
CREATE INDEX ix__comments__author ON comments (author_id, id DESC);
CREATE INDEX ix__comments__parent ON comments (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE votes (
  object_id BIGINT NOT NULL,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  value SMALLINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (object_id, actor_id)
);

CREATE TABLE hashtags (
  name TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  PRIMARY KEY (name, object_id)
);
CREATE INDEX ix__hashtags__object ON hashtags (object_id);

CREATE TABLE mentions (
  object_id BIGINT NOT NULL,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  PRIMARY KEY (object_id, actor_id)
);

CREATE TABLE notices (
  id BIGINT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES actors (id),
  kind TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES actors (id),
  object_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE INDEX ix__notices__actor ON notices (actor_id, id DESC);

CREATE TABLE flags (
  id BIGINT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL CONSTRAINT uq__flags__uri UNIQUE,
  group_id BIGINT NOT NULL REFERENCES actors (id),
  reporter_id BIGINT NOT NULL REFERENCES actors (id),
  object_id BIGINT,
  subject_id BIGINT NOT NULL REFERENCES actors (id),
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  resolved_at BIGINT,
  resolved_by BIGINT REFERENCES actors (id)
);
CREATE INDEX ix__flags__group ON flags (group_id, id DESC);

CREATE TABLE moderation_log (
  id BIGINT NOT NULL PRIMARY KEY,
  group_id BIGINT NOT NULL,
  moderator_id BIGINT NOT NULL,
  action TEXT NOT NULL,
  object_id BIGINT,
  actor_id BIGINT,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX ix__moderation_log__group ON moderation_log (group_id, id DESC);

CREATE TABLE inbox (
  id BIGINT NOT NULL PRIMARY KEY,
  digest BYTEA NOT NULL CONSTRAINT uq__inbox__digest UNIQUE,
  uri TEXT NOT NULL,
  actor_uri TEXT NOT NULL,
  body TEXT NOT NULL,
  trusted BOOLEAN NOT NULL,
  received_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  error TEXT
);
CREATE INDEX ix__inbox__due ON inbox (next_at, id);

CREATE TABLE seen (
  digest BYTEA NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
CREATE INDEX ix__seen__at ON seen (at);

CREATE TABLE outbox (
  id BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT CONSTRAINT uq__outbox__seq UNIQUE,
  actor_id BIGINT NOT NULL,
  group_id BIGINT,
  lane SMALLINT NOT NULL,
  order_key BIGINT NOT NULL,
  uuid TEXT NOT NULL CONSTRAINT uq__outbox__uuid UNIQUE,
  activity TEXT NOT NULL,
  relay TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX ix__outbox__unsequenced ON outbox (id) WHERE seq IS NULL;
CREATE INDEX ix__outbox__group ON outbox (group_id, seq);

CREATE TABLE outbox_targets (
  outbox_id BIGINT NOT NULL,
  actor_id BIGINT NOT NULL,
  instance_id BIGINT NOT NULL,
  inbox TEXT NOT NULL,
  PRIMARY KEY (outbox_id, actor_id)
);
CREATE INDEX ix__outbox_targets__instance ON outbox_targets (instance_id, outbox_id);

CREATE TABLE cursors (
  instance_id BIGINT NOT NULL,
  lane SMALLINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (instance_id, lane)
);

CREATE TABLE dead_letters (
  instance_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  inbox TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  error TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (instance_id, seq, inbox)
);

-- What people search in: titles and texts of what is visible, kept by the operations.
CREATE TABLE search_texts (
  object_id BIGINT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);
CREATE INDEX ix__search_texts__words ON search_texts USING gin (to_tsvector('simple', body));
