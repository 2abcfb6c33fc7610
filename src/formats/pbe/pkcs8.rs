//! Encrypted PKCS#8 (EncryptedPrivateKeyInfo, RFC 5958 section 3).

use super::{Derivations, Scheme, Spellings};
use crate::asn1::{self, Reader, Value};
use crate::crypto::kdf::Secret;
use crate::error::Result;
use crate::formats::Budget;
use crate::pki::{Password, PrivateKey};

/// An encrypted key, parsed but not opened.
#[derive(Debug, Clone)]
pub struct EncryptedKey {
    /// How it is encrypted.
    pub scheme: Scheme,
    ciphertext: Vec<u8>,
}

impl EncryptedKey {
    /// An encrypted key from the DER of its EncryptedPrivateKeyInfo.
    ///
    /// # Errors
    /// As [`Scheme::from_der`].
    pub fn from_der(der: &[u8]) -> Result<Self> {
        EncryptedKey::from_value(Reader::new(der).expect(asn1::SEQUENCE)?)
    }

    /// The same, from a value that was read already.
    ///
    /// # Errors
    /// As [`Scheme::from_der`].
    pub fn from_value(value: Value<'_>) -> Result<Self> {
        let mut inside = value.expect(asn1::SEQUENCE)?.reader();
        let algorithm = inside.expect(asn1::SEQUENCE)?;
        let ciphertext = inside.expect(asn1::OCTET_STRING)?.content.to_vec();
        Ok(EncryptedKey { scheme: Scheme::from_der(algorithm.whole)?, ciphertext })
    }

    /// The PrivateKeyInfo inside, as DER: a private key's, or a secret key's as Java keeps them.
    ///
    /// # Errors
    /// As [`Scheme::open`].
    pub fn plaintext(&self, spellings: &Spellings, derivations: &Derivations<'_>) -> Result<Secret> {
        self.scheme.open(&self.ciphertext, spellings, derivations, |plaintext| {
            let (der, _) =
                asn1::to_der(plaintext).map_err(|fault| fault.damages("an encrypted key opens, but its content is altered"))?;
            Ok(Secret::new(der))
        })
    }

    /// The private key inside.
    ///
    /// # Errors
    /// As [`Scheme::open`] and [`PrivateKey::from_pkcs8`].
    pub fn open(&self, spellings: &Spellings, derivations: &Derivations<'_>) -> Result<PrivateKey> {
        PrivateKey::from_pkcs8(&self.plaintext(spellings, derivations)?)
    }
}

/// The private key in an EncryptedPrivateKeyInfo (DER or BER), as PEM and DER files hold it.
///
/// # Errors
/// Unsupported algorithm, damage, cost and a wrong password are told apart by [`crate::error::Kind`].
pub fn decrypt_pkcs8(der: &[u8], password: &Password, budget: &Budget) -> Result<PrivateKey> {
    let (der, _) = asn1::to_der(der)?;
    EncryptedKey::from_der(&der)?.open(&Spellings::new(password), &Derivations::new(budget))
}

/// `key` as the DER of an EncryptedPrivateKeyInfo under `password`; `scheme` is [`Scheme::modern`] or
/// [`Scheme::legacy`], and must be a fresh one for each key.
///
/// # Errors
/// An internal error where the scheme is one that we only read.
pub fn encrypt_pkcs8(key: &PrivateKey, password: &Password, scheme: &Scheme) -> Result<Vec<u8>> {
    let unlimited = Budget::with_iterations(u64::MAX); // what we write ourselves needs no cap
    let ciphertext = scheme.encrypt(key.pkcs8(), password, &Derivations::new(&unlimited))?;
    Ok(asn1::sequence(&[scheme.to_der()?, asn1::der(asn1::OCTET_STRING, &ciphertext)]))
}
