-- What admins choose in the place of settings, besides colours: what the hub is called and is about,
-- and the files of its logo, sign and font. What is NULL is as the settings say.
CREATE TABLE brand_new (
  id BIGINT NOT NULL PRIMARY KEY,
  colour TEXT,
  light TEXT,
  dark TEXT,
  chosen_at BIGINT NOT NULL,
  name TEXT,
  description TEXT,
  logo TEXT,
  favicon TEXT,
  font TEXT
) WITHOUT ROWID;
INSERT INTO brand_new (id, colour, light, dark, chosen_at)
  SELECT id, colour, light, dark, chosen_at FROM brand;
DROP TABLE brand;
ALTER TABLE brand_new RENAME TO brand;
