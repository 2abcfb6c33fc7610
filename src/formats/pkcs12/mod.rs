//! PKCS#12 (RFC 7292): read as everything in the wild writes it, written in three profiles.
//!
//! A file is an *authenticated safe*: parts, encrypted or not, each a list of *bags* (keys, certificates, CRLs,
//! secrets), and a MAC over all of it. `pfx` takes it apart without a password, `bags` reads a part, `mac` checks the
//! MAC, `read` finds the passwords, `assemble` makes entries of bags, and `write` does it all backwards;
//! `attributes` serves both ways.
//!
//! The crate `p12` is not used here: it reads DER only, knows RC2-40 and triple DES with HMAC-SHA-1 only, panics on
//! other MACs in debug builds, and takes no cost limit. It serves as an independent reader of the legacy profile in
//! the tests.

mod assemble;
mod attributes;
mod bags;
mod mac;
mod pfx;
mod read;
mod write;

pub use read::{has_locked_keys, read};
pub use write::{Profile, write};

use crate::asn1;

/// data (RFC 5652).
const DATA: &str = "1.2.840.113549.1.7.1";
/// signedData.
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
/// envelopedData.
const ENVELOPED_DATA: &str = "1.2.840.113549.1.7.3";
/// encryptedData.
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
/// x509Certificate in a certBag.
const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";
/// sdsiCertificate in a certBag.
const SDSI_CERTIFICATE: &str = "1.2.840.113549.1.9.22.2";
/// x509CRL in a crlBag.
const X509_CRL: &str = "1.2.840.113549.1.9.23.1";
/// friendlyName (RFC 2985).
const FRIENDLY_NAME: &str = "1.2.840.113549.1.9.20";
/// localKeyId (RFC 2985).
const LOCAL_KEY_ID: &str = "1.2.840.113549.1.9.21";
/// Java's mark of a trusted certificate.
const TRUSTED_KEY_USAGE: &str = "2.16.840.1.113894.746875.1.1";
/// anyExtendedKeyUsage (RFC 5280), which keytool gives as that mark's value.
const ANY_USAGE: &str = "2.5.29.37.0";

/// The bag types (RFC 7292 section 4.2), by the last number of 1.2.840.113549.1.12.10.1.
mod bag_type {
    pub const KEY: &str = "1.2.840.113549.1.12.10.1.1";
    pub const SHROUDED_KEY: &str = "1.2.840.113549.1.12.10.1.2";
    pub const CERT: &str = "1.2.840.113549.1.12.10.1.3";
    pub const CRL: &str = "1.2.840.113549.1.12.10.1.4";
    pub const SECRET: &str = "1.2.840.113549.1.12.10.1.5";
    pub const SAFE_CONTENTS: &str = "1.2.840.113549.1.12.10.1.6";
}

/// Whether `bytes` begin as a PKCS#12 file does: a SEQUENCE of a small version number and a ContentInfo. It may be cut off
/// or altered further on.
pub fn looks_like(bytes: &[u8]) -> bool {
    let Some(inside) = after_head(bytes) else { return false };
    let [asn1::INTEGER, 1, version, rest @ ..] = inside else { return false };
    let Some(content_info) = after_head(rest) else { return false };
    // a PKCS#8 key begins alike, but its first SEQUENCE names a key's algorithm and its version is 0 or 1
    let pkcs7 = asn1::oid("1.2.840.113549.1.7");
    // content octets without the length byte: what follows them is 1 (data) or 2 (signedData)
    let (wanted, there) = (&pkcs7[2..], content_info.get(2..).unwrap_or_default());
    let known = there.starts_with(wanted) || (*version == 3 && wanted.starts_with(there));
    content_info.first().is_none_or(|tag| *tag == asn1::OID) && known
}

/// What follows the tag and length of a SEQUENCE, whatever the length says.
fn after_head(bytes: &[u8]) -> Option<&[u8]> {
    let [asn1::SEQUENCE, length, rest @ ..] = bytes else { return None };
    match length {
        0..=0x80 => Some(rest),
        _ => rest.get(usize::from(length & 0x7f)..),
    }
}

#[cfg(test)]
mod tests;
