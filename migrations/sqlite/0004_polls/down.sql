DROP TABLE poll_votes;
DROP TABLE poll_choices;
DROP TABLE polls;
