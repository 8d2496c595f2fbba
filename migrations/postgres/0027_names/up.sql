-- Names are offered by their first letters, whoever is known from anywhere.
CREATE INDEX ix__actors__lower_name ON actors (lower(name) text_pattern_ops);
