//! Markdown to HTML that is safe to show.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| guildhall::cli::fuzz::markdown(bytes));
