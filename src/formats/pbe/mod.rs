//! Password-based encryption: PKCS#12's own schemes (RFC 7292 appendix C), PBES1 and PBES2 (RFC 8018), as PKCS#12 bags
//! and encrypted PKCS#8 keys use them.
//!
//! A [`Scheme`] is read from an AlgorithmIdentifier before any password is asked for, so that an algorithm that we do
//! not know is never taken for a wrong password. Work is charged to the file's budget by [`Derivations`] before it is
//! done.

mod derive;
pub mod names;
mod parse;
mod pkcs8;
mod spelling;

pub use derive::{Derivations, Kdf};
pub use parse::{pbes2_kdf, pbkdf2_identifier, pbkdf2_parameters};
pub use pkcs8::{EncryptedKey, decrypt_pkcs8, encrypt_pkcs8};
pub use spelling::Spellings;

use crate::asn1;
use crate::crypto::kdf::{Purpose, Secret};
use crate::crypto::{self, Cipher, Digest, NotDecrypted};
use crate::error::{Error, Result};
use crate::pki::Password;
use std::fmt;

/// Iterations that we write in the modern profile: what Java 17 writes, five times what OpenSSL 3 does.
pub const MODERN_ITERATIONS: u64 = 10_000;
/// Iterations that we write in the legacy profile, as OpenSSL does.
pub const LEGACY_ITERATIONS: u64 = 2_048;
/// The length of the salts that we write, in bytes (RFC 8018 section 4.1 wants 8 or more).
pub const SALT_LENGTH: usize = 16;

/// How something is encrypted with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    family: Family,
    cipher: Cipher,
    kdf: Kdf,
    key_length: usize,
}

/// Which standard's scheme it is, and where the initialisation vector comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Family {
    /// One number for all; key and initialisation vector are derived. By its usual name and number.
    Named { name: &'static str, oid: &'static str },
    /// PBES2: derivation and cipher are named separately, and the initialisation vector stands beside the cipher.
    Pbes2 { iv: Vec<u8> },
}

impl fmt::Display for Scheme {
    /// `PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000`, `PBE-SHA1-3DES x2048`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.family, &self.kdf) {
            (Family::Named { name, .. }, Kdf::Pkcs12 { iterations, .. } | Kdf::Pbkdf1 { iterations, .. }) => {
                write!(f, "{name} x{iterations}")
            }
            (Family::Named { name, .. }, kdf) => write!(f, "{name}, {kdf}"),
            (Family::Pbes2 { .. }, kdf) => write!(f, "PBES2 {}, {kdf}", self.cipher),
        }
    }
}

impl Scheme {
    /// The scheme that an AlgorithmIdentifier (DER, the whole of it) names.
    ///
    /// # Errors
    /// A damaged-store error where it is ill-formed, an unsupported-algorithm error that names what we do not know.
    pub fn from_der(algorithm: &[u8]) -> Result<Scheme> {
        parse::scheme(algorithm)
    }

    /// What we write by default: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256, with fresh salt and initialisation vector.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn modern() -> Result<Scheme> {
        let salt = crypto::random(SALT_LENGTH)?;
        let kdf = Kdf::Pbkdf2 { prf: Digest::Sha256, salt, iterations: MODERN_ITERATIONS };
        Ok(Scheme { family: Family::Pbes2 { iv: crypto::random(16)? }, cipher: Cipher::AesCbc(256), kdf, key_length: 32 })
    }

    /// What we write for old readers: PKCS#12's triple DES with SHA-1, with a fresh salt.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn legacy() -> Result<Scheme> {
        parse::legacy_triple_des(crypto::random(SALT_LENGTH)?, LEGACY_ITERATIONS)
    }

    /// Its AlgorithmIdentifier, of the schemes that we write.
    ///
    /// # Errors
    /// An internal error for a scheme that we only read.
    pub fn to_der(&self) -> Result<Vec<u8>> {
        parse::algorithm_identifier(self)
    }

    /// Decrypts with each spelling of the password in turn, and gives the first plaintext that is one whole ASN.1
    /// SEQUENCE to `read`, whose word is final.
    ///
    /// # Errors
    /// A wrong-password error where no spelling gives a SEQUENCE, a damaged-store error where the ciphertext has a
    /// length that no key can explain, `too-costly` where the budget does not allow the derivation, or `read`'s own.
    pub fn open<T>(
        &self,
        ciphertext: &[u8],
        spellings: &Spellings,
        derivations: &Derivations<'_>,
        read: impl FnOnce(&[u8]) -> Result<T>,
    ) -> Result<T> {
        for password in spellings.of(&self.kdf) {
            let (key, iv) = self.key_and_iv(password, derivations)?;
            match self.cipher.decrypt(&key, &iv, ciphertext) {
                Ok(plaintext) if is_whole_sequence(&plaintext) => return read(&plaintext),
                Ok(_) | Err(NotDecrypted::Padding) => {}
                Err(NotDecrypted::Length) => {
                    return Err(Error::damaged(format!(
                        "{} bytes encrypted with {self} are cut off or altered: they cannot have this length",
                        ciphertext.len()
                    )));
                }
            }
        }
        Err(Error::wrong_password())
    }

    /// The ciphertext of `plaintext` under `password`.
    ///
    /// # Errors
    /// An internal error for a scheme that we only read.
    pub fn encrypt(&self, plaintext: &[u8], password: &Password, derivations: &Derivations<'_>) -> Result<Vec<u8>> {
        let (key, iv) = self.key_and_iv(Spellings::new(password).standard(&self.kdf), derivations)?;
        self.cipher.encrypt(&key, &iv, plaintext).map_err(|_| Error::internal(format!("{self} cannot be written")))
    }

    fn key_and_iv(&self, password: &[u8], derivations: &Derivations<'_>) -> Result<(Secret, Secret)> {
        let derive = |purpose, length| derivations.derive(self, &self.kdf, purpose, password, length);
        match (&self.family, &self.kdf) {
            (Family::Pbes2 { iv }, _) => Ok((derive(Purpose::Key, self.key_length)?, iv.clone().into())),
            // PBES1 takes key and initialisation vector from one derivation (RFC 8018 section 6.1)
            (Family::Named { .. }, Kdf::Pbkdf1 { .. }) => {
                let both = derive(Purpose::Key, self.key_length + self.cipher.iv_length())?;
                let (key, iv) = both.split_at(self.key_length.min(both.len()));
                Ok((key.to_vec().into(), iv.to_vec().into()))
            }
            (Family::Named { .. }, _) => {
                let key = derive(Purpose::Key, self.key_length)?;
                let iv = match self.cipher.iv_length() {
                    0 => Secret::default(),
                    length => derive(Purpose::Iv, length)?,
                };
                Ok((key, iv))
            }
        }
    }
}

/// Whether `bytes` are one SEQUENCE from the first byte to the last. What a wrong key makes of a ciphertext is so
/// about once in sixteen million times.
fn is_whole_sequence(bytes: &[u8]) -> bool {
    let mut reader = asn1::Reader::new(bytes);
    let definite = reader.expect(asn1::SEQUENCE).is_ok() && reader.is_empty();
    definite || (bytes.starts_with(&[asn1::SEQUENCE, 0x80]) && bytes.ends_with(&[0, 0]))
}
