//! Whether one certificate's key made another's signature.

use super::cert::Signature;
use super::{Cert, KeyKind};
use crate::asn1::{self, Reader};
use aws_lc_rs::signature as aws;

/// Whether `issuer`'s key verifies the signature on `cert`; `None` where the algorithm is one that we cannot check.
pub fn verifies(cert: &Cert, issuer: &Cert) -> Option<bool> {
    verify(&issuer.spki, &cert.signature, &cert.tbs)
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
