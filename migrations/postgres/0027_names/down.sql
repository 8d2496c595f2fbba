DROP INDEX ix__actors__lower_name;
