//! Keys, hashes and random values. Pure: nothing here knows the network or the database.
