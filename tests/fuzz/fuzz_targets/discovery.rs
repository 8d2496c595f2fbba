//! WebFinger and NodeInfo answers.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| guildhall::cli::fuzz::discovery(bytes));
