//! Sun's two ways to encrypt a private key inside a JKS or JCEKS.

use super::utf16;
use crate::asn1::{self, Reader};
use crate::crypto::java::{jks_apply, jks_key_check, pbe_md5_triple_des};
use crate::crypto::kdf::Secret;
use crate::crypto::{self, Cipher, NotDecrypted};
use crate::error::{Error, Result};
use crate::formats::Budget;
use crate::pki::Password;
use std::fmt;
use zeroize::Zeroizing;

/// The number of Sun's key protector (`sun.security.provider.KeyProtector`).
const JKS_PROTECTOR: &str = "1.3.6.1.4.1.42.2.17.1.1";
/// The number of PBEWithMD5AndTripleDES (`com.sun.crypto.provider.KeyProtector`).
const JCEKS_PROTECTOR: &str = "1.3.6.1.4.1.42.2.19.1";
/// Salt before, check value behind the hidden key.
const JKS_SALT: usize = 20;
const JKS_CHECK: usize = 20;

/// How something in a JKS or JCEKS is encrypted with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protector {
    /// A key stream from SHA-1, with a check value.
    Jks,
    /// Triple DES with a key from MD5.
    TripleDes {
        /// The salt: 8 bytes.
        salt: Vec<u8>,
        /// How often MD5 is turned over.
        iterations: u64,
    },
}

impl fmt::Display for Protector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Protector::Jks => f.write_str("Sun JKS key protection (SHA-1)"),
            Protector::TripleDes { iterations, .. } => write!(f, "PBEWithMD5AndTripleDES x{iterations}"),
        }
    }
}

impl Protector {
    /// Triple DES with the parameters in `der`: SEQUENCE of salt and iteration count.
    ///
    /// # Errors
    /// A damaged-store error where they are ill-formed.
    pub fn triple_des(der: &[u8]) -> Result<Self> {
        let mut parameters = Reader::new(der).sequence()?;
        let salt = parameters.expect(asn1::OCTET_STRING)?.content.to_vec();
        let iterations = parameters.expect(asn1::INTEGER)?.unsigned()?;
        Ok(Protector::TripleDes { salt, iterations })
    }

    /// Takes the work of trying one password off the budget.
    ///
    /// # Errors
    /// [`crate::error::Kind::TooCostly`].
    pub fn charge(&self, budget: &Budget) -> Result<()> {
        match self {
            Protector::Jks => Ok(()),
            Protector::TripleDes { iterations, .. } => budget.charge("PBEWithMD5AndTripleDES", *iterations),
        }
    }

    /// What is hidden in `ciphertext`; where the protection itself cannot tell a right key, `is_sound` does.
    ///
    /// # Errors
    /// A wrong-password error, or a damaged-store error where no password would help.
    pub fn open(&self, ciphertext: &[u8], password: &Password, is_sound: impl Fn(&[u8]) -> bool) -> Result<Secret> {
        match self {
            Protector::Jks => open_jks(ciphertext, password),
            Protector::TripleDes { salt, iterations } => {
                for password in spellings(password) {
                    let (key, iv) = pbe_md5_triple_des(&password, salt, *iterations)?;
                    match Cipher::TripleDes.decrypt(&key, &iv, ciphertext) {
                        Ok(plain) if is_sound(&plain) => return Ok(plain),
                        Ok(_) | Err(NotDecrypted::Padding) => {}
                        Err(NotDecrypted::Length) => return Err(cut(ciphertext.len(), self)),
                    }
                }
                Err(Error::wrong_password())
            }
        }
    }
}

/// A password as Sun's PBE takes it: in UTF-8 since Java 19; before, the low seven bits of each character, and most of these
/// releases refuse to write under another than ASCII.
fn spellings(password: &Password) -> Vec<Secret> {
    let text = password.expose();
    let mut spellings = vec![Zeroizing::new(text.as_bytes().to_vec())];
    if !text.is_ascii() {
        spellings.push(Zeroizing::new(text.encode_utf16().map(|unit| (unit & 0x7f) as u8).collect()));
    }
    spellings
}

fn cut(length: usize, how: &Protector) -> Error {
    Error::damaged(format!("{length} bytes under {how} are cut off or altered: they cannot have this length"))
}

fn open_jks(hidden: &[u8], password: &Password) -> Result<Secret> {
    let body = hidden.len().checked_sub(JKS_SALT + JKS_CHECK).ok_or_else(|| cut(hidden.len(), &Protector::Jks))?;
    let (salt, rest) = hidden.split_at(JKS_SALT);
    let (text, check) = rest.split_at(body);
    let password = utf16(password);
    let key = jks_apply(&password, salt, text);
    if crypto::equal(&jks_key_check(&password, &key), check) { Ok(key) } else { Err(Error::wrong_password()) }
}

/// A private key as it lies in a JKS or JCEKS: an EncryptedPrivateKeyInfo (RFC 5958 section 3) with a scheme of Sun's.
#[derive(Debug)]
pub struct Protected<'a> {
    /// How it is encrypted.
    pub by: Protector,
    ciphertext: &'a [u8],
}

impl<'a> Protected<'a> {
    /// The encrypted key in `der`.
    ///
    /// # Errors
    /// A damaged-store error where it is ill-formed, an unsupported-algorithm error for a scheme that is not Sun's.
    pub fn from_der(der: &'a [u8]) -> Result<Self> {
        let mut inside = Reader::new(der).sequence()?;
        let mut algorithm = inside.sequence()?;
        let by = match algorithm.oid()?.as_str() {
            JKS_PROTECTOR => Protector::Jks,
            JCEKS_PROTECTOR => Protector::triple_des(algorithm.rest())?,
            other => {
                return Err(Error::unsupported(format!(
                    "the private key is encrypted with an algorithm that Java's keystores do not have ({other})"
                )));
            }
        };
        Ok(Protected { by, ciphertext: inside.expect(asn1::OCTET_STRING)?.content })
    }

    /// The key as PKCS#8.
    ///
    /// # Errors
    /// As [`Protector::open`].
    pub fn open(&self, password: &Password) -> Result<Secret> {
        self.by.open(self.ciphertext, password, is_whole_sequence)
    }
}

fn is_whole_sequence(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.expect(asn1::SEQUENCE).is_ok() && reader.is_empty()
}

/// `pkcs8` as JKS protects it.
///
/// # Errors
/// Where the system gives no random bytes.
pub fn protect(pkcs8: &[u8], password: &Password) -> Result<Vec<u8>> {
    let password = utf16(password);
    let salt = crypto::random(JKS_SALT)?;
    let hidden = [&salt[..], &jks_apply(&password, &salt, pkcs8), &jks_key_check(&password, pkcs8)].concat();
    let algorithm = asn1::sequence(&[asn1::oid(JKS_PROTECTOR), asn1::der(asn1::NULL, &[])]);
    Ok(asn1::sequence(&[algorithm, asn1::der(asn1::OCTET_STRING, &hidden)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn what_is_protected_opens_with_its_password_only() {
        let password = Password::new("pässword€");
        let hidden = protect(b"\x30\x03abc", &password).unwrap();
        let read = Protected::from_der(&hidden).unwrap();
        assert_eq!(&read.open(&password).unwrap()[..], b"\x30\x03abc");
        assert_eq!(read.open(&Password::new("other")).unwrap_err().kind, Kind::WrongPassword);
        assert_eq!(open_jks(&[0; 39], &password).unwrap_err().kind, Kind::Damaged);
        assert_eq!(open_jks(&[0; 40], &password).unwrap_err().kind, Kind::WrongPassword);
    }

    #[test]
    fn triple_des_tells_length_from_password() {
        let by = Protector::TripleDes { salt: vec![1; 8], iterations: 2 };
        assert_eq!(by.open(&[0; 15], &Password::new("x"), |_| true).unwrap_err().kind, Kind::Damaged);
        assert_eq!(by.open(&[0; 16], &Password::new("x"), |_| false).unwrap_err().kind, Kind::WrongPassword);
        assert_eq!(by.charge(&Budget::with_iterations(1)).unwrap_err().kind, Kind::TooCostly);
    }

    #[test]
    fn other_schemes_are_unsupported() {
        let der = asn1::sequence(&[asn1::sequence(&[asn1::oid("1.2.3.4")]), asn1::der(asn1::OCTET_STRING, &[0; 40])]);
        assert_eq!(Protected::from_der(&der).unwrap_err().kind, Kind::Unsupported);
    }
}
