-- What admins choose in the place of settings, besides colours: what the hub is called and is about,
-- and the files of its logo, sign and font. What is NULL is as the settings say.
ALTER TABLE brand ALTER COLUMN colour DROP NOT NULL;
ALTER TABLE brand ADD COLUMN name TEXT;
ALTER TABLE brand ADD COLUMN description TEXT;
ALTER TABLE brand ADD COLUMN logo TEXT;
ALTER TABLE brand ADD COLUMN favicon TEXT;
ALTER TABLE brand ADD COLUMN font TEXT;
