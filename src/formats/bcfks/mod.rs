//! BCFKS, BouncyCastle's FIPS keystore: an encrypted ASN.1 structure with a MAC (`org.bouncycastle.asn1.bc`).

mod encryption;
mod read;
mod write;

pub use read::read;
pub use write::write;

use crate::asn1;
use crate::formats::pbe::names;

/// What a key is derived for; each derivation has the word behind the password.
mod purpose {
    pub const STORE: &str = "STORE_ENCRYPTION";
    pub const PRIVATE_KEY: &str = "PRIVATE_KEY_ENCRYPTION";
    pub const SECRET_KEY: &str = "SECRET_KEY_ENCRYPTION";
    pub const INTEGRITY: &str = "INTEGRITY_CHECK";
}

/// What an ObjectData holds.
mod kind {
    pub const CERTIFICATE: u64 = 0;
    pub const PRIVATE_KEY: u64 = 1;
    pub const SECRET_KEY: u64 = 2;
    pub const PROTECTED_PRIVATE_KEY: u64 = 3;
    pub const PROTECTED_SECRET_KEY: u64 = 4;
}

/// Whether `bytes` begin as a BCFKS does: three sequences one in the other, and the number of PBES2. Where an encrypted
/// PKCS#8 key has two of them, and no other thing has that number so deep.
pub fn looks_like(bytes: &[u8]) -> bool {
    let inside = sequence_head(bytes).and_then(sequence_head).and_then(sequence_head);
    inside.is_some_and(|inside| inside.starts_with(&asn1::oid(names::PBES2)))
}

/// What follows the tag and length of a SEQUENCE; the file may be cut off, so the length is not looked at.
fn sequence_head(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [asn1::SEQUENCE, n @ 0..=0x80, rest @ ..] if *n != 0 => Some(rest),
        [asn1::SEQUENCE, n @ 0x81..=0x84, rest @ ..] => rest.get(usize::from(n & 0x7f)..),
        _ => None,
    }
}
