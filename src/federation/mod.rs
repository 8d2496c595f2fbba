//! ActivityPub documents to operations, and views to ActivityPub documents.
