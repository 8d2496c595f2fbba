-- What is searched has spaces in the place of signs: PostgreSQL passes over what looks like a tag.
UPDATE search_texts SET body =
  translate(body, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32));
