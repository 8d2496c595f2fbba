-- The colours that an admin chose; without a row, those of the settings. id is 1.
CREATE TABLE brand (
  id BIGINT NOT NULL PRIMARY KEY,
  colour TEXT NOT NULL,
  light TEXT,
  dark TEXT,
  chosen_at BIGINT NOT NULL
);
