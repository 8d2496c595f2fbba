-- The checks were never gone here.
SELECT 1;
