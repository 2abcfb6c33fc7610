//! BCFKS: the file as it is, or the content that lies under its encryption and its MAC.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::asn1;
use mtls::crypto::Digest;
use mtls::crypto::bouncycastle::aes_ccm_encrypt;
use mtls::crypto::kdf::pbkdf2;
use mtls::formats::java::bmp;
use mtls::pki::Password;
use mtls_fuzz::{PASSWORD, choice, opening, read};

const PBES2: &str = "1.2.840.113549.1.5.13";
const PBKDF2: &str = "1.2.840.113549.1.5.12";
const HMAC_SHA512: &str = "1.2.840.113549.2.11";
const AES_256_CCM: &str = "2.16.840.1.101.3.4.1.47";

fn key(purpose: &str, length: usize) -> Vec<u8> {
    let password = [&bmp(&Password::new(PASSWORD))[..], &bmp(&Password::new(purpose))].concat();
    pbkdf2(Digest::Sha512, &password, b"salt", 1, length).unwrap().to_vec()
}

fn hmac() -> Vec<u8> {
    asn1::sequence(&[asn1::oid(HMAC_SHA512), asn1::der(asn1::NULL, &[])])
}

fn derivation(length: u64) -> Vec<u8> {
    let salt = asn1::der(asn1::OCTET_STRING, b"salt");
    let parameters = asn1::sequence(&[salt, asn1::integer(1), asn1::integer(length), hmac()]);
    asn1::sequence(&[asn1::oid(PBKDF2), parameters])
}

/// A file with this content, encrypted and authenticated with one iteration each.
fn file(content: &[u8]) -> Vec<u8> {
    let nonce = [7; 12];
    let ciphertext = aes_ccm_encrypt(&key("STORE_ENCRYPTION", 32), &nonce, content).unwrap_or_default();
    let ccm = asn1::sequence(&[asn1::der(asn1::OCTET_STRING, &nonce), asn1::integer(8)]);
    let cipher = asn1::sequence(&[asn1::oid(AES_256_CCM), ccm]);
    let algorithm = asn1::sequence(&[asn1::oid(PBES2), asn1::sequence(&[derivation(32), cipher])]);
    let content = asn1::sequence(&[algorithm, asn1::der(asn1::OCTET_STRING, &ciphertext)]);
    let mac = asn1::der(asn1::OCTET_STRING, &Digest::Sha512.hmac(&key("INTEGRITY_CHECK", 64), &content));
    asn1::sequence(&[content, asn1::sequence(&[hmac(), derivation(64), mac])])
}

fuzz_target!(|input: &[u8]| {
    let (how, content) = choice(input);
    let file = if how == asn1::SEQUENCE { input.to_vec() } else { file(content) };
    opening(|opening| read(mtls::formats::bcfks::read(&file, opening)));
});
