DROP TABLE links;
DROP TABLE remote_apps;
