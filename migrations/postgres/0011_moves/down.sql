DROP TABLE moved_threads;
DROP TABLE moves;
DROP TABLE aliases;
