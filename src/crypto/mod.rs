//! Keys, hashes and random values. Pure: nothing here knows the network or the database.
//!
//! The only room that uses OpenSSL and the only source of randomness in the project.

pub(crate) mod canonical;
pub(crate) mod digest;
pub(crate) mod keypair;
pub(crate) mod mac;
pub(crate) mod multibase;
pub(crate) mod password;
pub(crate) mod token;
pub(crate) mod webpush;

#[cfg(test)]
pub(crate) mod testing;
