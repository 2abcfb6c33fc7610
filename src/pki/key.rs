//! Private keys with the public key that belongs to them, and the kinds of key that are made.

use super::kind::{KeyKind, OID_EC, OID_RSA};
use super::{Cert, Password};
use crate::asn1::{self, Fault};
use crate::error::{Error, Result};
use crate::safe::one_of;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

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
