//! Any bytes, as a file that a user names.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| mtls_fuzz::opening(|opening| mtls_fuzz::judged(mtls::formats::open(input, opening))));
