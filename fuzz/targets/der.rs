//! Bare DER: certificates, keys, requests, lists.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| mtls_fuzz::opening(|opening| mtls_fuzz::read(mtls::formats::der::read(input, opening))));
