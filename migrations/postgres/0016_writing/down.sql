DROP TABLE watches;
DROP TABLE saves;
DROP INDEX ix__comments__arrival;
DROP TABLE visits;
DROP TABLE versions;
DROP TABLE questions;
DROP TABLE time_zones;
DROP TABLE drafts;
