//! Keys that OpenSSL before 1.0 encrypted inside of the armour: `Proc-Type: 4,ENCRYPTED` and `DEK-Info`.
//!
//! The header is RFC 1421's (section 4.6.1.3); how the key is derived is OpenSSL's own: EVP_BytesToKey with MD5 and one
//! round, the first eight bytes of the initialisation vector being the salt (OpenSSL's PEM_bytes_read_bio(3)).

use crate::crypto::{Cipher, Digest, NotDecrypted};
use crate::error::{Error, Kind, Result};
use crate::formats::der::Shape;
use crate::pki::{Password, PrivateKey};
use crate::safe::{Safe, from_hex};
use std::fmt;
use zeroize::Zeroizing;

/// OpenSSL's names: cipher, length of its key in bytes.
const CIPHERS: &[(&str, Cipher, usize)] = &[
    ("AES-128-CBC", Cipher::AesCbc(128), 16),
    ("AES-192-CBC", Cipher::AesCbc(192), 24),
    ("AES-256-CBC", Cipher::AesCbc(256), 32),
    ("DES-EDE3-CBC", Cipher::TripleDes, 24),
    ("DES-EDE-CBC", Cipher::TripleDesTwoKeys, 16),
    ("DES-CBC", Cipher::Des, 8),
    ("RC2-CBC", Cipher::Rc2(128), 16),
    ("RC2-64-CBC", Cipher::Rc2(64), 8),
    ("RC2-40-CBC", Cipher::Rc2(40), 5),
    ("CAMELLIA-128-CBC", Cipher::CamelliaCbc(128), 16),
    ("CAMELLIA-192-CBC", Cipher::CamelliaCbc(192), 24),
    ("CAMELLIA-256-CBC", Cipher::CamelliaCbc(256), 32),
    ("ARIA-128-CBC", Cipher::AriaCbc(128), 16),
    ("ARIA-192-CBC", Cipher::AriaCbc(192), 24),
    ("ARIA-256-CBC", Cipher::AriaCbc(256), 32),
];

/// What a `DEK-Info` header says.
#[derive(Debug)]
pub struct Scheme {
    cipher: Cipher,
    key_length: usize,
    iv: Vec<u8>,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, one round of MD5 (traditional PEM encryption)", self.cipher)
    }
}

impl Scheme {
    /// Reads the header's value: `AES-256-CBC,0A1B…`.
    ///
    /// # Errors
    /// Unsupported for another cipher, damaged where the initialisation vector does not fit.
    pub fn parse(dek: &str) -> Result<Self> {
        let (name, iv) = dek.split_once(',').unwrap_or((dek, ""));
        let name = name.trim();
        let Some((_, cipher, key_length)) = CIPHERS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name)) else {
            return Err(Error::new(
                Kind::Unsupported,
                format!("the key is encrypted with {}, which mtls does not know", Safe(name)),
                "write it anew: openssl pkcs8 -topk8 -in FILE -out FILE.pkcs8",
            ));
        };
        let iv = from_hex(iv.trim()).filter(|iv| iv.len() == cipher.iv_length());
        let iv = iv.ok_or_else(|| Error::damaged("the key's DEK-Info header is altered"))?;
        Ok(Scheme { cipher: *cipher, key_length: *key_length, iv })
    }

    /// The key inside; `curve` is the DER of an EC key's parameters that stood before it.
    ///
    /// # Errors
    /// Wrong-password, also where the plaintext is no key: there is no checksum that could tell the two apart.
    /// Damaged where the ciphertext has a length that it cannot have.
    pub fn decrypt(&self, ciphertext: &[u8], password: &Password, curve: Option<&[u8]>) -> Result<PrivateKey> {
        let plain = self.cipher.decrypt(&self.key(password), &self.iv, ciphertext).map_err(|e| match e {
            NotDecrypted::Length => Error::damaged("the encrypted key is cut off: it is not whole cipher blocks"),
            NotDecrypted::Padding => Error::wrong_password(),
        })?;
        let key = match Shape::of(&plain) {
            Shape::Pkcs1 => PrivateKey::from_pkcs1(&plain),
            Shape::Sec1 => PrivateKey::from_sec1(&plain, curve),
            Shape::DsaKey => crate::formats::der::dsa(&plain),
            Shape::Pkcs8 => PrivateKey::from_pkcs8(&plain),
            _ => return Err(Error::wrong_password()),
        };
        key.map_err(|_| Error::wrong_password())
    }

    /// EVP_BytesToKey: each digest is over the one before, the password and the salt.
    fn key(&self, password: &Password) -> Zeroizing<Vec<u8>> {
        let salt = &self.iv[..8];
        let mut key = Zeroizing::new(Vec::with_capacity(self.key_length + 16));
        let mut last = Zeroizing::new(Vec::new());
        while key.len() < self.key_length {
            last = Zeroizing::new(Digest::Md5.of(&[&last, password.expose().as_bytes(), salt]));
            key.extend_from_slice(&last);
        }
        key.truncate(self.key_length);
        key
    }
}
