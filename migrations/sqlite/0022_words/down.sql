-- Words are found either way.
SELECT 1;
