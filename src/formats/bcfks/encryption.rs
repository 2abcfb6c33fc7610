//! How BCFKS encrypts: PBES2 in form, with a key derived from the password and a word for the purpose.

use crate::asn1::{self, Reader, Value};
use crate::crypto::NotDecrypted;
use crate::crypto::bouncycastle::{CCM_TAGS, aes_ccm_decrypt, aes_ccm_encrypt, aes_key_unwrap};
use crate::crypto::kdf::{Purpose, Secret};
use crate::crypto::{self, Digest};
use crate::error::{Error, Result};
use crate::formats::java::bmp;
use crate::formats::pbe::{Derivations, Kdf, names, pbes2_kdf};
use crate::pki::Password;
use crate::safe::count;
use std::fmt;

/// AES-256 in CCM mode (RFC 5084).
const AES_256_CCM: &str = "2.16.840.1.101.3.4.1.47";
/// AES-256 key wrap with padding (RFC 5649).
const AES_256_WRAP: &str = "2.16.840.1.101.3.4.1.48";
/// hmacWithSHA512 (RFC 8018 appendix B.1.2).
pub(super) const HMAC_SHA512: &str = "1.2.840.113549.2.11";
/// The length of the keys of AES-256.
const KEY: usize = 32;
/// What BouncyCastle writes since 1.56.
const ITERATIONS: u64 = 51_200;
const SALT: usize = 64;

/// A cipher with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sealing {
    Ccm { nonce: Vec<u8>, tag: usize },
    Wrap,
}

/// Something encrypted with a password.
#[derive(Debug)]
pub(super) struct Encrypted<'a> {
    kdf: Kdf,
    length: usize,
    sealing: Sealing,
    ciphertext: &'a [u8],
}

impl fmt::Display for Encrypted<'_> {
    /// `PBES2 AES-256-CCM, PBKDF2-HMAC-SHA512 x51200`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cipher = if self.sealing == Sealing::Wrap { "AES-256 key wrap" } else { "AES-256-CCM" };
        write!(f, "PBES2 {cipher}, {}", self.kdf)
    }
}

impl<'a> Encrypted<'a> {
    /// From a SEQUENCE of algorithm and ciphertext.
    ///
    /// # Errors
    /// A damaged-store error where it is ill-formed, an unsupported-algorithm error that names what we do not know.
    pub fn read(value: Value<'a>) -> Result<Self> {
        let mut inside = value.expect(asn1::SEQUENCE)?.reader();
        let mut algorithm = inside.sequence()?;
        let ciphertext = inside.expect(asn1::OCTET_STRING)?.content;
        match algorithm.oid()?.as_str() {
            names::PBES2 => {}
            other => return Err(unknown(other)),
        }
        let mut parameters = algorithm.sequence()?;
        let (kdf, length) = pbes2_kdf(parameters.expect(asn1::SEQUENCE)?)?;
        let mut scheme = parameters.sequence()?;
        let sealing = match scheme.oid()?.as_str() {
            AES_256_CCM => ccm(scheme.sequence()?)?,
            AES_256_WRAP => Sealing::Wrap,
            other => return Err(unknown(other)),
        };
        match length {
            None | Some(KEY) => Ok(Encrypted { kdf, length: KEY, sealing, ciphertext }),
            Some(other) => Err(Error::damaged(format!("a key of {} is derived for AES-256", count(other, "byte")))),
        }
    }

    /// What is hidden, with the key that `password` gives for `purpose`.
    ///
    /// # Errors
    /// A wrong-password error, a damaged-store error where no password would help, `too-costly`.
    pub fn open(&self, password: &Password, purpose: &str, derivations: &Derivations<'_>) -> Result<Secret> {
        for kdf in spellings(&self.kdf) {
            let key = derive(&kdf, password, purpose, self.length, derivations)?;
            let opened = match &self.sealing {
                Sealing::Ccm { nonce, tag } => aes_ccm_decrypt(&key, nonce, *tag, self.ciphertext),
                Sealing::Wrap => aes_key_unwrap(&key, self.ciphertext),
            };
            match opened {
                Ok(plain) => return Ok(plain),
                Err(NotDecrypted::Padding) => {}
                Err(NotDecrypted::Length) => {
                    return Err(Error::damaged(format!(
                        "{} under {self} are cut off or altered: they cannot have this length",
                        count(self.ciphertext.len(), "byte")
                    )));
                }
            }
        }
        Err(Error::wrong_password())
    }
}

fn unknown(oid: &str) -> Error {
    Error::unsupported(format!("the content is encrypted with {}, which mtls does not know in a BCFKS", names::title(oid)))
}

/// CCMParameters (RFC 5084 section 3.1).
fn ccm(mut parameters: Reader<'_>) -> Result<Sealing> {
    let nonce = parameters.expect(asn1::OCTET_STRING)?.content.to_vec();
    let tag = match parameters.optional(asn1::INTEGER)? {
        Some(length) => length.unsigned()?,
        None => 12,
    };
    match CCM_TAGS.iter().find(|known| **known as u64 == tag) {
        Some(tag) if (7..=13).contains(&nonce.len()) => Ok(Sealing::Ccm { nonce, tag: *tag }),
        _ => {
            let nonce = nonce.len();
            Err(Error::unsupported(format!("AES-256-CCM with a nonce of {nonce} and a tag of {tag} bytes")))
        }
    }
}

/// The derivation as it is done: BouncyCastle gives scrypt the block size where the parallelisation is wanted, so that
/// is tried before what is written.
pub(super) fn spellings(kdf: &Kdf) -> Vec<Kdf> {
    match kdf {
        Kdf::Scrypt { n, r, p, salt } if r != p => {
            vec![Kdf::Scrypt { n: *n, r: *r, p: *r, salt: salt.clone() }, kdf.clone()]
        }
        _ => vec![kdf.clone()],
    }
}

/// A key of `length` bytes from the password with the purpose behind it, both as BMPString with two zero bytes.
///
/// # Errors
/// As [`Derivations::derive`].
pub(super) fn derive(
    kdf: &Kdf,
    password: &Password,
    purpose: &str,
    length: usize,
    derivations: &Derivations<'_>,
) -> Result<Secret> {
    let spelled = Secret::new([&bmp(password)[..], &bmp(&Password::new(purpose))].concat());
    derivations.derive(kdf, kdf, Purpose::Key, &spelled, length)
}

/// The derivation that we write, with a fresh salt.
///
/// # Errors
/// Where the system gives no random bytes.
pub(super) fn fresh_kdf() -> Result<Kdf> {
    Ok(Kdf::Pbkdf2 { prf: Digest::Sha512, salt: crypto::random(SALT)?, iterations: ITERATIONS })
}

/// The AlgorithmIdentifier of a derivation from [`fresh_kdf`].
pub(super) fn kdf_identifier(kdf: &Kdf, length: usize) -> Result<Vec<u8>> {
    let Kdf::Pbkdf2 { prf: Digest::Sha512, salt, iterations } = kdf else {
        return Err(Error::internal(format!("{kdf} cannot be written")));
    };
    let parameters = asn1::sequence(&[
        asn1::der(asn1::OCTET_STRING, salt),
        asn1::integer(*iterations),
        asn1::integer(length as u64),
        hmac_identifier(),
    ]);
    Ok(asn1::sequence(&[asn1::oid(names::PBKDF2), parameters]))
}

/// The AlgorithmIdentifier of HMAC-SHA-512.
pub(super) fn hmac_identifier() -> Vec<u8> {
    asn1::sequence(&[asn1::oid(HMAC_SHA512), asn1::der(asn1::NULL, &[])])
}

/// DER of algorithm and ciphertext, with a fresh salt and nonce.
///
/// # Errors
/// Where the system gives no random bytes.
pub(super) fn encrypt(plain: &[u8], password: &Password, purpose: &str, derivations: &Derivations<'_>) -> Result<Vec<u8>> {
    let (kdf, nonce) = (fresh_kdf()?, crypto::random(12)?);
    let key = derive(&kdf, password, purpose, KEY, derivations)?;
    let ciphertext =
        aes_ccm_encrypt(&key, &nonce, plain).map_err(|_| Error::internal("AES-256-CCM took no key of its own length"))?;
    let ccm = asn1::sequence(&[asn1::der(asn1::OCTET_STRING, &nonce), asn1::integer(8)]);
    let scheme = asn1::sequence(&[asn1::oid(AES_256_CCM), ccm]);
    let parameters = asn1::sequence(&[kdf_identifier(&kdf, KEY)?, scheme]);
    let algorithm = asn1::sequence(&[asn1::oid(names::PBES2), parameters]);
    Ok(asn1::sequence(&[algorithm, asn1::der(asn1::OCTET_STRING, &ciphertext)]))
}
