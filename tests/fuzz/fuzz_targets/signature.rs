//! Signed requests of both schemes, by people who hold no key.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| guildhall::cli::fuzz::signature(bytes));
