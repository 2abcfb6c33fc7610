//! BKS: the file as it is, or its entries with a header before them and a right MAC behind them.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::crypto::Digest;
use mtls::crypto::kdf::{Purpose, pkcs12};
use mtls::formats::java::bmp;
use mtls::pki::Password;
use mtls_fuzz::{PASSWORD, choice, opening, read};

/// Version 2, a salt of four bytes, one iteration.
const HEADER: &[u8] = &[0, 0, 0, 2, 0, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 1];

fuzz_target!(|input: &[u8]| {
    let (how, entries) = choice(input);
    let file = if how == 0 {
        input.to_vec()
    } else {
        let key = pkcs12(Digest::Sha1, Purpose::Mac, &bmp(&Password::new(PASSWORD)), &HEADER[8..12], 1, 20).unwrap();
        [HEADER, entries, &Digest::Sha1.hmac(&key, entries)].concat()
    };
    opening(|opening| read(mtls::formats::bks::read(&file, opening)));
});
