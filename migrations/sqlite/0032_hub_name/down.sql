CREATE TABLE brand_old (
  id BIGINT NOT NULL PRIMARY KEY,
  colour TEXT NOT NULL,
  light TEXT,
  dark TEXT,
  chosen_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO brand_old (id, colour, light, dark, chosen_at)
  SELECT id, colour, light, dark, chosen_at FROM brand WHERE colour IS NOT NULL;
DROP TABLE brand;
ALTER TABLE brand_old RENAME TO brand;
