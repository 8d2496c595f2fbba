//! The only room that speaks SQL: one body of queries for SQLite and PostgreSQL.
