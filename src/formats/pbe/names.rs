//! Algorithms of encrypted stores by number: the ones that we know, and the ones that we can at least name.

use crate::crypto::{Cipher, Digest};

/// PBES2 (RFC 8018 appendix A.4).
pub const PBES2: &str = "1.2.840.113549.1.5.13";
/// PBKDF2 (RFC 8018 appendix A.2).
pub const PBKDF2: &str = "1.2.840.113549.1.5.12";
/// PBMAC1 (RFC 8018 appendix A.5).
pub const PBMAC1: &str = "1.2.840.113549.1.5.14";
/// scrypt (RFC 7914 section 7).
pub const SCRYPT: &str = "1.3.6.1.4.1.11591.4.11";
/// AES-256 in CBC mode (RFC 3565).
pub const AES_256_CBC: &str = "2.16.840.1.101.3.4.1.42";
/// RC2 in CBC mode (RFC 8018 appendix B.2.3).
pub const RC2_CBC: &str = "1.2.840.113549.3.2";
/// hmacWithSHA256 (RFC 8018 appendix B.1.2).
pub const HMAC_SHA256: &str = "1.2.840.113549.2.9";
/// hmacWithSHA1, the default of PBKDF2.
pub const HMAC_SHA1: &str = "1.2.840.113549.2.7";
/// pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C).
pub const PBE_SHA1_3DES: &str = "1.2.840.113549.1.12.1.3";

/// A scheme with one number: its usual name, the digest of its derivation, its cipher, and the length of its key.
pub(super) struct Named {
    pub oid: &'static str,
    pub name: &'static str,
    pub is_pkcs12: bool,
    pub digest: Digest,
    pub cipher: Cipher,
    pub key_length: usize,
}

const fn named(
    oid: &'static str,
    name: &'static str,
    is_pkcs12: bool,
    digest: Digest,
    cipher: Cipher,
    key_length: usize,
) -> Named {
    Named { oid, name, is_pkcs12, digest, cipher, key_length }
}

/// PKCS#12's six (RFC 7292 appendix C), PBES1's four without MD2 (RFC 8018 appendix A.3), and BouncyCastle's own.
#[rustfmt::skip]
pub(super) const NAMED: [Named; 16] = [
    named("1.2.840.113549.1.12.1.1", "PBE-SHA1-RC4-128", true, Digest::Sha1, Cipher::Rc4, 16),
    named("1.2.840.113549.1.12.1.2", "PBE-SHA1-RC4-40", true, Digest::Sha1, Cipher::Rc4, 5),
    named(PBE_SHA1_3DES, "PBE-SHA1-3DES", true, Digest::Sha1, Cipher::TripleDes, 24),
    named("1.2.840.113549.1.12.1.4", "PBE-SHA1-2DES", true, Digest::Sha1, Cipher::TripleDesTwoKeys, 16),
    named("1.2.840.113549.1.12.1.5", "PBE-SHA1-RC2-128", true, Digest::Sha1, Cipher::Rc2(128), 16),
    named("1.2.840.113549.1.12.1.6", "PBE-SHA1-RC2-40", true, Digest::Sha1, Cipher::Rc2(40), 5),
    named("1.2.840.113549.1.5.3", "PBE-MD5-DES", false, Digest::Md5, Cipher::Des, 8),
    named("1.2.840.113549.1.5.6", "PBE-MD5-RC2-64", false, Digest::Md5, Cipher::Rc2(64), 8),
    named("1.2.840.113549.1.5.10", "PBE-SHA1-DES", false, Digest::Sha1, Cipher::Des, 8),
    named("1.2.840.113549.1.5.11", "PBE-SHA1-RC2-64", false, Digest::Sha1, Cipher::Rc2(64), 8),
    named("1.3.6.1.4.1.22554.1.1.2.1.2", "PBE-SHA1-AES-128", true, Digest::Sha1, Cipher::AesCbc(128), 16),
    named("1.3.6.1.4.1.22554.1.1.2.1.22", "PBE-SHA1-AES-192", true, Digest::Sha1, Cipher::AesCbc(192), 24),
    named("1.3.6.1.4.1.22554.1.1.2.1.42", "PBE-SHA1-AES-256", true, Digest::Sha1, Cipher::AesCbc(256), 32),
    named("1.3.6.1.4.1.22554.1.2.1.2.1.2", "PBE-SHA256-AES-128", true, Digest::Sha256, Cipher::AesCbc(128), 16),
    named("1.3.6.1.4.1.22554.1.2.1.2.1.22", "PBE-SHA256-AES-192", true, Digest::Sha256, Cipher::AesCbc(192), 24),
    named("1.3.6.1.4.1.22554.1.2.1.2.1.42", "PBE-SHA256-AES-256", true, Digest::Sha256, Cipher::AesCbc(256), 32),
];

const DIGESTS: [(&str, Digest); 12] = [
    ("1.2.840.113549.2.5", Digest::Md5),
    ("1.3.14.3.2.26", Digest::Sha1),
    ("2.16.840.1.101.3.4.2.4", Digest::Sha224),
    ("2.16.840.1.101.3.4.2.1", Digest::Sha256),
    ("2.16.840.1.101.3.4.2.2", Digest::Sha384),
    ("2.16.840.1.101.3.4.2.3", Digest::Sha512),
    ("2.16.840.1.101.3.4.2.5", Digest::Sha512_224),
    ("2.16.840.1.101.3.4.2.6", Digest::Sha512_256),
    ("2.16.840.1.101.3.4.2.7", Digest::Sha3_224),
    ("2.16.840.1.101.3.4.2.8", Digest::Sha3_256),
    ("2.16.840.1.101.3.4.2.9", Digest::Sha3_384),
    ("2.16.840.1.101.3.4.2.10", Digest::Sha3_512),
];

/// The digest with the number `oid`.
pub fn digest(oid: &str) -> Option<Digest> {
    DIGESTS.iter().find(|(known, _)| *known == oid).map(|(_, digest)| *digest)
}

/// The number of `digest`.
pub fn digest_oid(digest: Digest) -> &'static str {
    // the table has a row for each
    DIGESTS.iter().find(|(_, known)| *known == digest).map_or("", |(oid, _)| oid)
}

/// The digest of the HMAC with the number `oid` (RFC 8018 appendix B.1.2).
pub fn hmac(oid: &str) -> Option<Digest> {
    Some(match oid {
        "1.2.840.113549.2.6" | "1.3.6.1.5.5.8.1.1" => Digest::Md5,
        HMAC_SHA1 | "1.3.6.1.5.5.8.1.2" => Digest::Sha1,
        "1.2.840.113549.2.8" => Digest::Sha224,
        HMAC_SHA256 => Digest::Sha256,
        "1.2.840.113549.2.10" => Digest::Sha384,
        "1.2.840.113549.2.11" => Digest::Sha512,
        "1.2.840.113549.2.12" => Digest::Sha512_224,
        "1.2.840.113549.2.13" => Digest::Sha512_256,
        "2.16.840.1.101.3.4.2.13" => Digest::Sha3_224,
        "2.16.840.1.101.3.4.2.14" => Digest::Sha3_256,
        "2.16.840.1.101.3.4.2.15" => Digest::Sha3_384,
        "2.16.840.1.101.3.4.2.16" => Digest::Sha3_512,
        _ => return None,
    })
}

/// The cipher of PBES2 with the number `oid`; RC2's effective bits are in its parameters.
pub(super) fn cipher(oid: &str) -> Option<Cipher> {
    Some(match oid {
        "2.16.840.1.101.3.4.1.2" => Cipher::AesCbc(128),
        "2.16.840.1.101.3.4.1.22" => Cipher::AesCbc(192),
        AES_256_CBC => Cipher::AesCbc(256),
        "2.16.840.1.101.3.4.1.6" => Cipher::AesGcm(128),
        "2.16.840.1.101.3.4.1.26" => Cipher::AesGcm(192),
        "2.16.840.1.101.3.4.1.46" => Cipher::AesGcm(256),
        "1.2.840.113549.3.7" => Cipher::TripleDes,
        "1.3.14.3.2.7" => Cipher::Des,
        "1.2.392.200011.61.1.1.1.2" => Cipher::CamelliaCbc(128),
        "1.2.392.200011.61.1.1.1.3" => Cipher::CamelliaCbc(192),
        "1.2.392.200011.61.1.1.1.4" => Cipher::CamelliaCbc(256),
        "1.2.410.200046.1.1.2" => Cipher::AriaCbc(128),
        "1.2.410.200046.1.1.7" => Cipher::AriaCbc(192),
        "1.2.410.200046.1.1.12" => Cipher::AriaCbc(256),
        _ => return None,
    })
}

/// What stores may also use, and we do not; and what Java's secret keys are for.
#[rustfmt::skip]
const OTHERS: [(&str, &str); 51] = [
    ("1.2.840.113549.1.5.1", "PBE-MD2-DES"), ("1.2.840.113549.1.5.4", "PBE-MD2-RC2-64"),
    (PBES2, "PBES2"), (PBKDF2, "PBKDF2"), (PBMAC1, "PBMAC1"), (SCRYPT, "scrypt"),
    ("2.16.840.1.101.3.4.1.1", "AES-128-ECB"), ("2.16.840.1.101.3.4.1.21", "AES-192-ECB"), ("2.16.840.1.101.3.4.1.41", "AES-256-ECB"),
    ("2.16.840.1.101.3.4.1.3", "AES-128-OFB"), ("2.16.840.1.101.3.4.1.23", "AES-192-OFB"), ("2.16.840.1.101.3.4.1.43", "AES-256-OFB"),
    ("2.16.840.1.101.3.4.1.4", "AES-128-CFB"), ("2.16.840.1.101.3.4.1.24", "AES-192-CFB"), ("2.16.840.1.101.3.4.1.44", "AES-256-CFB"),
    ("2.16.840.1.101.3.4.1.7", "AES-128-CCM"), ("2.16.840.1.101.3.4.1.27", "AES-192-CCM"), ("2.16.840.1.101.3.4.1.47", "AES-256-CCM"),
    ("2.16.840.1.101.3.4.1.8", "AES-128 key wrap with padding"), ("2.16.840.1.101.3.4.1.48", "AES-256 key wrap with padding"),
    ("0.3.4401.5.3.1.9.4", "Camellia-128-CFB"), ("0.3.4401.5.3.1.9.24", "Camellia-192-CFB"), ("0.3.4401.5.3.1.9.44", "Camellia-256-CFB"),
    ("1.2.410.200004.1.4", "SEED-CBC"), ("1.2.410.200004.1.15", "SEED with SHA-1"), ("1.2.156.10197.1.104.2", "SM4-CBC"),
    ("1.2.840.113533.7.66.10", "CAST5-CBC"), ("1.2.840.113549.3.8", "RC5-CBC"), ("1.2.840.113549.3.9", "RC5-CBC"),
    ("1.3.6.1.4.1.3029.1.2", "Blowfish-CBC"), ("1.3.6.1.4.1.188.7.1.1.2", "IDEA-CBC"), ("1.2.840.113549.1.9.16.3.18", "ChaCha20-Poly1305"),
    ("1.2.840.113549.3.4", "RC4"), ("1.2.643.2.2.21", "GOST 28147-89"), ("1.2.643.7.1.1.5.1", "GOST Magma"), ("1.2.643.7.1.1.5.2", "GOST Kuznyechik"),
    ("1.2.643.7.1.1.4.1", "HMAC-Streebog-256"), ("1.2.643.7.1.1.4.2", "HMAC-Streebog-512"),
    ("1.2.643.7.1.1.2.2", "Streebog-256"), ("1.2.643.7.1.1.2.3", "Streebog-512"), ("1.2.643.2.2.9", "GOST R 34.11-94"), ("1.2.643.2.2.10", "HMAC-GOST R 34.11-94"),
    ("1.2.840.113549.2.2", "MD2"), ("1.3.36.3.2.1", "RIPEMD-160"), ("1.2.156.10197.1.401", "SM3"), ("1.2.156.10197.1.401.3.1", "HMAC-SM3"),
    ("1.2.840.113549.2.4", "MD4"), ("1.0.10118.3.0.55", "Whirlpool"), ("1.3.6.1.4.1.1722.12.2.1.16", "BLAKE2b-512"), ("1.3.6.1.4.1.1722.12.2.2.8", "BLAKE2s-256"),
    ("1.3.14.3.2.17", "DES-EDE"),
];

/// An algorithm for a message: its name with the number behind it, or `an unknown algorithm (1.2.3)`.
pub fn title(oid: &str) -> String {
    let known = NAMED.iter().find(|n| n.oid == oid).map(|n| n.name.to_owned());
    let known = known.or_else(|| cipher(oid).map(|c| c.to_string()));
    let known = known.or_else(|| hmac(oid).map(|d| format!("HMAC-{d}")));
    let known = known.or_else(|| digest(oid).map(|d| d.to_string()));
    let known = known.or_else(|| OTHERS.iter().find(|(other, _)| *other == oid).map(|(_, name)| (*name).to_owned()));
    format!("{} ({oid})", known.as_deref().unwrap_or("an unknown algorithm"))
}
