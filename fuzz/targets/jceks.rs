//! JCEKS, with its serialized secret keys: the file as it is, or with a mark before it and a right digest behind it.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::crypto::java::jks_digest;
use mtls::formats::java::utf16;
use mtls::pki::Password;
use mtls_fuzz::{PASSWORD, choice, opening, read};

const MAGIC: u32 = 0xcece_cece;

fuzz_target!(|input: &[u8]| {
    let (how, rest) = choice(input);
    let file = if how == MAGIC.to_be_bytes()[0] {
        input.to_vec()
    } else {
        let content = [&MAGIC.to_be_bytes()[..], rest].concat();
        let digest = jks_digest(&utf16(&Password::new(PASSWORD)), &content);
        [content, digest].concat()
    };
    opening(|opening| read(mtls::formats::jceks::read(&file, opening)));
});
