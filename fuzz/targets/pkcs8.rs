//! Encrypted PKCS#8, and what may lie inside: the input is the whole, or is encrypted first.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::formats::Budget;
use mtls::formats::pbe::decrypt_pkcs8;
use mtls::pki::{Password, PrivateKey};
use mtls_fuzz::{ITERATIONS, PASSWORD, choice, well_put};

fuzz_target!(|input: &[u8]| {
    let (how, rest) = choice(input);
    let read = match how {
        0 => PrivateKey::from_pkcs8(rest),
        1 => PrivateKey::from_pkcs1(rest),
        2 => PrivateKey::from_sec1(rest, None),
        _ => decrypt_pkcs8(input, &Password::new(PASSWORD), &Budget::with_iterations(ITERATIONS)),
    };
    match read {
        Ok(key) => {
            let again = PrivateKey::from_pkcs8(key.pkcs8()).expect("what we make of a key is a key");
            assert_eq!(again.spki(), key.spki());
        }
        Err(error) => well_put(&error),
    }
});
