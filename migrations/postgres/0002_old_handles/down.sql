DROP TABLE old_handles;
