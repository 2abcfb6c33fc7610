//! Key kinds, and private keys with the public key that belongs to them.

use super::{Cert, Password, curve};
use crate::asn1::{self, Fault, Reader};
use crate::error::{Error, Result};
use crate::safe::one_of;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

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

/// The kinds of key that `mtls` makes, by the word that `--key` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewKey {
    /// EC P-256, the default: everything takes it.
    EcP256,
    /// EC P-384.
    EcP384,
    /// EC P-521.
    EcP521,
    /// Ed25519.
    Ed25519,
    /// RSA with 2048 bits.
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits.
    Rsa4096,
    /// ML-DSA-44 (FIPS 204).
    MlDsa44,
    /// ML-DSA-65 (FIPS 204).
    MlDsa65,
    /// ML-DSA-87 (FIPS 204).
    MlDsa87,
}

impl NewKey {
    /// Every kind with its word.
    pub const ALL: [(&str, NewKey); 10] = [
        ("ec-p256", NewKey::EcP256),
        ("ec-p384", NewKey::EcP384),
        ("ec-p521", NewKey::EcP521),
        ("ed25519", NewKey::Ed25519),
        ("rsa-2048", NewKey::Rsa2048),
        ("rsa-3072", NewKey::Rsa3072),
        ("rsa-4096", NewKey::Rsa4096),
        ("ml-dsa-44", NewKey::MlDsa44),
        ("ml-dsa-65", NewKey::MlDsa65),
        ("ml-dsa-87", NewKey::MlDsa87),
    ];
}

impl FromStr for NewKey {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let words = NewKey::ALL.map(|(word, _)| word);
        NewKey::ALL
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
            .map(|(_, k)| *k)
            .ok_or(format!("want {}", one_of(&words)))
    }
}

/// A private key as PKCS#8 (RFC 5958): wiped when dropped, never shown.
#[derive(Clone)]
pub struct PrivateKey {
    pkcs8: Zeroizing<Vec<u8>>,
    kind: KeyKind,
    public: Option<Vec<u8>>,
    own_password: Option<Password>,
    keeps_password: bool,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({}, …)", self.kind.title())
    }
}

impl PrivateKey {
    /// A key from the DER of its PKCS#8 PrivateKeyInfo.
    ///
    /// # Errors
    /// A damaged-store error where that is ill-formed. A key of an unknown algorithm is no error: its kind says so.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let (pkcs8, _) = asn1::to_der(der).map_err(not_pkcs8)?;
        let pkcs8 = Zeroizing::new(pkcs8);
        let (kind, public) = super::public::of_pkcs8(&pkcs8).map_err(not_pkcs8)?;
        Ok(PrivateKey { pkcs8, kind, public, own_password: None, keeps_password: false })
    }

    /// The same key, found under `password` in a store that opened with `store`.
    #[must_use]
    pub fn found_under(self, password: Password, store: &Password) -> Self {
        PrivateKey { own_password: (password != *store).then_some(password), ..self }
    }

    /// Has it written under the password of its own that it was found under, where there is one. Without this it gets that of
    /// the store: most programs know one password only.
    pub fn keep_own_password(&mut self) {
        self.keeps_password = true;
    }

    /// The password to write it under in a store under `store`.
    pub fn password_in<'a>(&'a self, store: &'a Password) -> &'a Password {
        self.own_password.as_ref().filter(|_| self.keeps_password).unwrap_or(store)
    }

    /// A key from PKCS#1 RSAPrivateKey (RFC 8017 appendix A.1.2).
    ///
    /// # Errors
    /// As [`PrivateKey::from_pkcs8`].
    pub fn from_pkcs1(der: &[u8]) -> Result<Self> {
        PrivateKey::wrapped(&asn1::sequence(&[asn1::oid(OID_RSA), asn1::der(asn1::NULL, &[])]), der)
    }

    /// A key from SEC1 ECPrivateKey (RFC 5915); `curve` is the DER of its parameters, where they stood outside of it.
    ///
    /// # Errors
    /// As [`PrivateKey::from_pkcs8`]; also where no curve is named anywhere.
    pub fn from_sec1(der: &[u8], curve: Option<&[u8]>) -> Result<Self> {
        let inside = super::public::sec1_parameters(der).map_err(not_pkcs8)?;
        let parameters = inside
            .or(curve.map(<[u8]>::to_vec))
            .ok_or_else(|| Error::damaged("an EC private key that does not name its curve"))?;
        PrivateKey::wrapped(&asn1::sequence(&[asn1::oid(OID_EC), parameters]), der)
    }

    /// A key from its algorithm identifier and the private key that goes into PKCS#8's OCTET STRING.
    ///
    /// # Errors
    /// As [`PrivateKey::from_pkcs8`].
    pub fn wrapped(algorithm: &[u8], private_key: &[u8]) -> Result<Self> {
        let whole =
            asn1::sequence(&[&asn1::integer(0)[..], algorithm, &Zeroizing::new(asn1::der(asn1::OCTET_STRING, private_key))]);
        PrivateKey::from_pkcs8(&Zeroizing::new(whole))
    }

    /// The DER of its PKCS#8 PrivateKeyInfo. Secret: only for writing stores and for signing.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// What kind of key it is.
    pub fn kind(&self) -> &KeyKind {
        &self.kind
    }

    /// Its public key as a SubjectPublicKeyInfo, where the private key tells it.
    pub fn spki(&self) -> Option<&[u8]> {
        self.public.as_deref()
    }

    /// Whether `cert` certifies this key; `None` where the public key cannot be told from the private one.
    pub fn belongs_to(&self, cert: &Cert) -> Option<bool> {
        if std::mem::discriminant(&self.kind) != std::mem::discriminant(&cert.key) && !(self.is_rsa() && cert_is_rsa(cert)) {
            return Some(false);
        }
        self.public.as_ref().map(|spki| super::public::same_key(spki, &cert.spki))
    }

    fn is_rsa(&self) -> bool {
        matches!(self.kind, KeyKind::Rsa(_) | KeyKind::RsaPss(_))
    }
}

/// A SubjectPublicKeyInfo's key in a form that is equal for equal keys: curve points compressed, others as they are.
/// `None` where it is ill-formed. For finding the certificate of a key among many; [`PrivateKey::belongs_to`] decides.
pub fn public_point(spki: &[u8]) -> Option<Vec<u8>> {
    super::public::comparable(spki)
}

fn cert_is_rsa(cert: &Cert) -> bool {
    matches!(cert.key, KeyKind::Rsa(_) | KeyKind::RsaPss(_))
}

fn not_pkcs8(fault: Fault) -> Error {
    fault.damages("the private key is ill-formed")
}
