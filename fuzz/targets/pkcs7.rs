//! PKCS#7 and CMS.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| mtls_fuzz::opening(|opening| mtls_fuzz::read(mtls::formats::pkcs7::read(input, opening))));
