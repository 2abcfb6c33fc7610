//! Signatures on certificates and lists: which algorithm, and whether a key made them.

use super::{Cert, KeyKind};
use crate::asn1::{self, Reader};
use aws_lc_rs::signature as aws;

/// The signature on a certificate or CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The AlgorithmIdentifier's content (without tag and length), as webpki names algorithms.
    pub algorithm: Vec<u8>,
    /// Its number, dotted.
    pub oid: String,
    /// The signature itself.
    pub value: Vec<u8>,
}

/// Signature algorithms by number.
const SIGNATURES: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.2", "RSA-MD2"),
    ("1.2.840.113549.1.1.4", "RSA-MD5"),
    ("1.2.840.113549.1.1.5", "RSA-SHA1"),
    ("1.3.14.3.2.29", "RSA-SHA1"),
    ("1.2.840.113549.1.1.14", "RSA-SHA224"),
    ("1.2.840.113549.1.1.11", "RSA-SHA256"),
    ("1.2.840.113549.1.1.12", "RSA-SHA384"),
    ("1.2.840.113549.1.1.13", "RSA-SHA512"),
    ("1.2.840.10045.4.1", "ECDSA-SHA1"),
    ("1.2.840.10045.4.3.1", "ECDSA-SHA224"),
    ("1.2.840.10045.4.3.2", "ECDSA-SHA256"),
    ("1.2.840.10045.4.3.3", "ECDSA-SHA384"),
    ("1.2.840.10045.4.3.4", "ECDSA-SHA512"),
    ("1.2.840.10040.4.3", "DSA-SHA1"),
    ("2.16.840.1.101.3.4.3.1", "DSA-SHA224"),
    ("2.16.840.1.101.3.4.3.2", "DSA-SHA256"),
    ("2.16.840.1.101.3.4.3.3", "DSA-SHA384"),
    ("2.16.840.1.101.3.4.3.4", "DSA-SHA512"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
];

impl Signature {
    /// The algorithm in words: `ECDSA-SHA256`, `RSA-PSS-SHA256`, or its number.
    pub fn name(&self) -> String {
        if self.oid == "1.2.840.113549.1.1.10" {
            return format!("RSA-PSS-{}", self.pss_digest());
        }
        SIGNATURES.iter().find(|(oid, _)| *oid == self.oid).map_or_else(|| self.oid.clone(), |(_, name)| (*name).to_owned())
    }

    /// RSASSA-PSS-params, hashAlgorithm `[0]`, default SHA-1 (RFC 4055 section 3.1).
    fn pss_digest(&self) -> &'static str {
        let digest = || -> Result<String, asn1::Fault> {
            let mut parts = asn1::Reader::new(&self.algorithm);
            parts.oid()?;
            match parts.sequence()?.optional(asn1::context(0, true))? {
                Some(hash) => hash.reader().sequence()?.oid(),
                None => Ok(String::new()),
            }
        };
        match digest().as_deref() {
            Ok("2.16.840.1.101.3.4.2.1") => "SHA256",
            Ok("2.16.840.1.101.3.4.2.2") => "SHA384",
            Ok("2.16.840.1.101.3.4.2.3") => "SHA512",
            Ok("2.16.840.1.101.3.4.2.4") => "SHA224",
            _ => "SHA1",
        }
    }

    /// Whether its digest is one that today's stacks refuse below the root: MD2, MD5, SHA-1.
    pub fn is_weak(&self) -> bool {
        let name = self.name();
        ["MD2", "MD5", "SHA1"].iter().any(|weak| name.ends_with(weak))
    }
}

/// Whether `issuer`'s key verifies the signature on `cert`; `None` where the algorithm is one that we cannot check.
pub fn verifies(cert: &Cert, issuer: &Cert) -> Option<bool> {
    verify(&issuer.spki, &cert.signature, cert.tbs())
}

/// Whether the key in `spki` verifies `signature` over `message`; `None` where we cannot check the algorithm.
/// A key of another kind than the signature's algorithm wants is a plain no.
pub fn verify(spki: &[u8], signature: &Signature, message: &[u8]) -> Option<bool> {
    let kind = KeyKind::from_spki(spki).ok()?;
    let name = signature.name();
    let (family, digest) = name.split_once("-SHA").unwrap_or((&name, ""));
    let algorithm: &dyn aws::VerificationAlgorithm = match (family, digest, &kind) {
        ("RSA", "1", KeyKind::Rsa(_)) => &aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        ("RSA", "256", KeyKind::Rsa(_)) => &aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        ("RSA", "384", KeyKind::Rsa(_)) => &aws::RSA_PKCS1_2048_8192_SHA384,
        ("RSA", "512", KeyKind::Rsa(_)) => &aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        ("RSA-PSS", "256", KeyKind::Rsa(_) | KeyKind::RsaPss(_)) => &aws::RSA_PSS_2048_8192_SHA256,
        ("RSA-PSS", "384", KeyKind::Rsa(_) | KeyKind::RsaPss(_)) => &aws::RSA_PSS_2048_8192_SHA384,
        ("RSA-PSS", "512", KeyKind::Rsa(_) | KeyKind::RsaPss(_)) => &aws::RSA_PSS_2048_8192_SHA512,
        ("ECDSA", digest, KeyKind::Ec(curve)) => ecdsa(curve, digest)?,
        ("Ed25519", _, KeyKind::Ed25519) => &aws::ED25519,
        ("ML-DSA-44", _, KeyKind::MlDsa(44)) => &aws::ML_DSA_44,
        ("ML-DSA-65", _, KeyKind::MlDsa(65)) => &aws::ML_DSA_65,
        ("ML-DSA-87", _, KeyKind::MlDsa(87)) => &aws::ML_DSA_87,
        ("RSA" | "RSA-PSS", _, KeyKind::Rsa(_) | KeyKind::RsaPss(_)) => return None,
        ("RSA" | "RSA-PSS" | "ECDSA" | "Ed25519" | "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87", ..) => return Some(false),
        _ => return None,
    };
    let key = key_bits(spki)?;
    Some(aws::UnparsedPublicKey::new(algorithm, key).verify(message, &signature.value).is_ok())
}

/// Whether `issuer`'s RSA key made the signature on `cert`, whatever it was made over: opened with the public key, it has
/// the padding of PKCS#1 v1.5 (RFC 8017 section 9.2). With a signature that does not verify, this proves that the
/// certificate was altered afterwards. False for all other kinds of keys, which do not tell.
pub fn was_made_by(cert: &Cert, issuer: &Cert) -> bool {
    let opened = || -> Option<Vec<u8>> {
        let KeyKind::Rsa(512..=8192) = issuer.key else { return None };
        let mut key = Reader::new(key_bits(&issuer.spki)?).sequence().ok()?;
        let mut number = || Some(asn1::unsigned_bytes(key.expect(asn1::INTEGER).ok()?.content).to_vec());
        let (modulus, exponent) = (number()?, number()?);
        // an exponent as long as the modulus would cost seconds
        if cert.signature.value.len() != modulus.len() || exponent.len() > 8 {
            return None;
        }
        let [signature, exponent, modulus] =
            [&cert.signature.value, &exponent, &modulus].map(|octets| num_bigint::BigUint::from_bytes_be(octets));
        (modulus.bits() > 0).then(|| signature.modpow(&exponent, &modulus).to_bytes_be())
    };
    // 00 01 FF … FF 00: the first zero is not part of a number
    opened().is_some_and(|block| block.starts_with(&[1, 255, 255, 255, 255, 255, 255, 255, 255]))
}

fn ecdsa(curve: &str, digest: &str) -> Option<&'static dyn aws::VerificationAlgorithm> {
    Some(match (curve, digest) {
        ("P-256", "256") => &aws::ECDSA_P256_SHA256_ASN1,
        ("P-256", "384") => &aws::ECDSA_P256_SHA384_ASN1,
        ("P-256", "512") => &aws::ECDSA_P256_SHA512_ASN1,
        ("P-384", "256") => &aws::ECDSA_P384_SHA256_ASN1,
        ("P-384", "384") => &aws::ECDSA_P384_SHA384_ASN1,
        ("P-384", "512") => &aws::ECDSA_P384_SHA512_ASN1,
        ("P-521", "256") => &aws::ECDSA_P521_SHA256_ASN1,
        ("P-521", "384") => &aws::ECDSA_P521_SHA384_ASN1,
        ("P-521", "512") => &aws::ECDSA_P521_SHA512_ASN1,
        ("secp256k1", "256") => &aws::ECDSA_P256K1_SHA256_ASN1,
        _ => return None,
    })
}

fn key_bits(spki: &[u8]) -> Option<&[u8]> {
    let mut inside = Reader::new(spki).sequence().ok()?;
    inside.expect(asn1::SEQUENCE).ok()?;
    inside.expect(asn1::BIT_STRING).ok()?.bit_string().ok()
}
