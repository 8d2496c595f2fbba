//! Every call of the hub API, from outside.
