-- Letters, what they prove, how people came, and how each of them wants to hear of what happens.

-- Letters that wait to be sent; one that was given up stays for a while without its text.
CREATE TABLE letters (
  id BIGINT NOT NULL PRIMARY KEY,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  html TEXT NOT NULL,
  unsubscribe TEXT,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  problem TEXT,
  died_at BIGINT
);
CREATE INDEX ix__letters__due ON letters (due_at);

-- People who signed up and have not confirmed their address: there is no account yet.
CREATE TABLE sign_ups (
  token_hash TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  language TEXT,
  answer TEXT NOT NULL,
  invitation_hash TEXT,
  expires_at BIGINT NOT NULL
);
CREATE INDEX ix__sign_ups__name ON sign_ups (name);
CREATE INDEX ix__sign_ups__email ON sign_ups (email);
CREATE INDEX ix__sign_ups__expires ON sign_ups (expires_at);

-- Links in letters that prove that a mailbox is somebody's: to set a password, or a new address.
CREATE TABLE mail_proofs (
  token_hash TEXT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES accounts (actor_id) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  email TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX ix__mail_proofs__actor ON mail_proofs (actor_id);
CREATE INDEX ix__mail_proofs__expires ON mail_proofs (expires_at);

CREATE TABLE invitations (
  id BIGINT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL CONSTRAINT uq__invitations__token UNIQUE,
  author_id BIGINT NOT NULL REFERENCES accounts (actor_id) ON DELETE CASCADE,
  note TEXT NOT NULL,
  most_uses INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX ix__invitations__author ON invitations (author_id, id DESC);

-- How somebody came: who invited them, what they answered.
CREATE TABLE arrivals (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (actor_id) ON DELETE CASCADE,
  inviter_id BIGINT REFERENCES actors (id),
  answer TEXT NOT NULL
);
CREATE INDEX ix__arrivals__inviter ON arrivals (inviter_id);

ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;

-- How a member wants to hear of a kind of news, where they chose.
CREATE TABLE wishes (
  actor_id BIGINT NOT NULL REFERENCES accounts (actor_id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  mail TEXT NOT NULL,
  push BOOLEAN NOT NULL,
  PRIMARY KEY (actor_id, topic)
);

-- When a member gets the next digest, and how often; `rhythm` is NULL where they did not choose.
CREATE TABLE digests (
  actor_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (actor_id) ON DELETE CASCADE,
  rhythm TEXT,
  since BIGINT NOT NULL,
  due_at BIGINT NOT NULL
);
CREATE INDEX ix__digests__due ON digests (due_at);

-- Browsers that take news while no page is open; they end with their session.
CREATE TABLE push_subscriptions (
  id BIGINT NOT NULL PRIMARY KEY,
  actor_id BIGINT NOT NULL REFERENCES accounts (actor_id) ON DELETE CASCADE,
  session_hash TEXT NOT NULL CONSTRAINT uq__push_subscriptions__session UNIQUE
    REFERENCES sessions (token_hash) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  public_key TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX ix__push_subscriptions__actor ON push_subscriptions (actor_id);

CREATE TABLE pushes (
  id BIGINT NOT NULL PRIMARY KEY,
  subscription_id BIGINT NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
  payload TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL
);
CREATE INDEX ix__pushes__due ON pushes (due_at);
CREATE INDEX ix__pushes__subscription ON pushes (subscription_id);

-- Keys of the hub itself, and how far workers have come.
CREATE TABLE marks (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);
