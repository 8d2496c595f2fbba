DROP TABLE quote_policies;
DROP TABLE quoted;
DROP TABLE quotes;
