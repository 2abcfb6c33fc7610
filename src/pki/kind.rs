//! Kinds of key: an algorithm with its parameters.

use super::curve;
use crate::asn1::{self, Fault, Reader};
use std::fmt;

/// What kind of key this is, as an algorithm and its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA, with the length of its modulus in bits.
    Rsa(u32),
    /// RSA restricted to PSS signatures (RFC 4055), with the length of its modulus in bits.
    RsaPss(u32),
    /// An elliptic curve, by the name that people use (`P-256`, `secp256k1`, `brainpoolP256r1`, or the dotted number).
    Ec(String),
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448 (RFC 8410).
    Ed448,
    /// X25519: key agreement only.
    X25519,
    /// X448: key agreement only.
    X448,
    /// DSA, with the length of its prime in bits.
    Dsa(u32),
    /// Diffie-Hellman (PKCS#3 or X9.42), key agreement only, with the length of its prime in bits.
    Dh(u32),
    /// ML-DSA (FIPS 204), parameter set 44, 65 or 87.
    MlDsa(u16),
    /// An algorithm that we know by its number only.
    Other(String),
}

/// ecPublicKey (RFC 5480).
pub const OID_EC: &str = "1.2.840.10045.2.1";
/// rsaEncryption (RFC 8017).
pub const OID_RSA: &str = "1.2.840.113549.1.1.1";
const OID_RSA_PSS: &str = "1.2.840.113549.1.1.10";
/// id-dsa (RFC 3279).
pub const OID_DSA: &str = "1.2.840.10040.4.1";
/// dhKeyAgreement (PKCS#3).
pub const OID_DH: &str = "1.2.840.113549.1.3.1";
/// dhpublicnumber (RFC 3279 section 2.3.3).
pub const OID_DHX: &str = "1.2.840.10046.2.1";
const ML_DSA: &[(&str, u16)] =
    &[("2.16.840.1.101.3.4.3.17", 44), ("2.16.840.1.101.3.4.3.18", 65), ("2.16.840.1.101.3.4.3.19", 87)];

impl fmt::Display for KeyKind {
    /// The algorithm as `key.algorithm` in the JSON names it (contract.md): without the length of an RSA or DSA key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyKind::Rsa(_) => f.write_str("RSA"),
            KeyKind::RsaPss(_) => f.write_str("RSA-PSS"),
            KeyKind::Ec(curve) => write!(f, "EC {curve}"),
            KeyKind::Ed25519 => f.write_str("Ed25519"),
            KeyKind::Ed448 => f.write_str("Ed448"),
            KeyKind::X25519 => f.write_str("X25519"),
            KeyKind::X448 => f.write_str("X448"),
            KeyKind::Dsa(_) => f.write_str("DSA"),
            KeyKind::Dh(_) => f.write_str("DH"),
            KeyKind::MlDsa(set) => write!(f, "ML-DSA-{set}"),
            KeyKind::Other(oid) => write!(f, "unknown algorithm {oid}"),
        }
    }
}

impl KeyKind {
    /// The usual measure of its size, in bits; `None` where there is none.
    pub fn bits(&self) -> Option<u32> {
        match self {
            KeyKind::Rsa(bits) | KeyKind::RsaPss(bits) | KeyKind::Dsa(bits) | KeyKind::Dh(bits) => Some(*bits),
            KeyKind::Ec(curve) => curve::bits(curve),
            KeyKind::Ed25519 | KeyKind::X25519 => Some(256),
            KeyKind::Ed448 | KeyKind::X448 => Some(448),
            KeyKind::MlDsa(_) | KeyKind::Other(_) => None,
        }
    }

    /// For people: `RSA 2048`, `EC P-256`.
    pub fn title(&self) -> String {
        match self {
            KeyKind::Rsa(bits) | KeyKind::RsaPss(bits) | KeyKind::Dsa(bits) | KeyKind::Dh(bits) => format!("{self} {bits}"),
            _ => self.to_string(),
        }
    }

    /// RSA below 2048 bits: what webpki, OpenSSL's security level 2 and NIST SP 800-131A refuse.
    pub fn is_weak(&self) -> bool {
        matches!(self, KeyKind::Rsa(bits) | KeyKind::RsaPss(bits) if *bits < 2048)
            || matches!(self, KeyKind::Ec(curve) if curve == "P-192")
    }

    /// Whether the common TLS stacks sign handshakes with such a key (RFC 8446 section 4.2.3).
    pub fn signs_handshakes(&self) -> bool {
        match self {
            KeyKind::Rsa(_) | KeyKind::Ed25519 | KeyKind::MlDsa(_) => true,
            KeyKind::Ec(curve) => matches!(curve.as_str(), "P-256" | "P-384" | "P-521"),
            _ => false,
        }
    }

    /// The kind of the public key in a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    ///
    /// # Errors
    /// [`Fault`] if it is ill-formed.
    pub fn from_spki(spki: &[u8]) -> Result<KeyKind, Fault> {
        let mut inside = Reader::new(spki).sequence()?;
        let mut algorithm = inside.sequence()?;
        let (oid, parameters) = (algorithm.oid()?, algorithm.rest());
        let key = Reader::next(&mut inside)?.bit_string()?;
        Ok(match oid.as_str() {
            OID_RSA => KeyKind::Rsa(rsa_bits(key)?),
            OID_RSA_PSS => KeyKind::RsaPss(rsa_bits(key)?),
            _ => KeyKind::from_algorithm(&oid, parameters),
        })
    }

    /// The kind that an algorithm's number and parameters alone tell (all but RSA, whose length is in the key).
    pub fn from_algorithm(oid: &str, parameters: &[u8]) -> KeyKind {
        match oid {
            OID_EC => KeyKind::Ec(curve::name(parameters)),
            "1.3.101.112" => KeyKind::Ed25519,
            "1.3.101.113" => KeyKind::Ed448,
            "1.3.101.110" => KeyKind::X25519,
            "1.3.101.111" => KeyKind::X448,
            OID_DSA => KeyKind::Dsa(first_integer_bits(parameters)),
            OID_DH | OID_DHX => KeyKind::Dh(first_integer_bits(parameters)),
            _ => match ML_DSA.iter().find(|(known, _)| *known == oid) {
                Some((_, set)) => KeyKind::MlDsa(*set),
                None => KeyKind::Other(oid.to_owned()),
            },
        }
    }
}

fn rsa_bits(public_key: &[u8]) -> Result<u32, Fault> {
    let modulus = Reader::new(public_key).sequence()?.expect(asn1::INTEGER)?;
    Ok(bit_length(modulus.content))
}

fn first_integer_bits(parameters: &[u8]) -> u32 {
    let prime = Reader::new(parameters).sequence().and_then(|mut p| p.expect(asn1::INTEGER));
    prime.map_or(0, |p| bit_length(p.content))
}

fn bit_length(integer: &[u8]) -> u32 {
    let bytes = asn1::unsigned_bytes(integer);
    bytes.first().map_or(0, |top| bytes.len() as u32 * 8 - top.leading_zeros())
}
