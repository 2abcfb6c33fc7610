//! PKCS#12: the file as it is, or as the authenticated safe of a file without MAC, or as the bags of its one part.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::asn1;
use mtls_fuzz::{choice, opening, read};

const DATA: &str = "1.2.840.113549.1.7.1";

fn data(content: &[u8]) -> Vec<u8> {
    asn1::sequence(&[asn1::oid(DATA), asn1::der(asn1::context(0, true), &asn1::der(asn1::OCTET_STRING, content))])
}

fuzz_target!(|input: &[u8]| {
    let (how, rest) = choice(input);
    let file = match how {
        0 => asn1::sequence(&[asn1::integer(3), data(rest)]),
        1 => asn1::sequence(&[asn1::integer(3), data(&asn1::sequence(&[data(rest)]))]),
        _ => input.to_vec(),
    };
    opening(|opening| read(mtls::formats::pkcs12::read(&file, opening)));
});
