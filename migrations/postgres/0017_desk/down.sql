DROP TABLE page_versions;
DROP TABLE pages;
DROP TABLE reading_languages;
DROP TABLE filters;
