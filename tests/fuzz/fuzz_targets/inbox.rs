//! Documents of peers: activities, objects, actors, keys, collections.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| guildhall::cli::fuzz::inbox(bytes));
