//! AlgorithmIdentifiers of encryption, to schemes and back.

use super::names::{self, Named};
use super::{Family, Kdf, Scheme};
use crate::asn1::{self, Fault, Reader, Value};
use crate::crypto::Cipher;
use crate::error::{Error, Result};

/// The longest key that a file may ask for; RC2 takes 128 bytes at most, HMAC no more than its block of 128.
const MAX_KEY_LENGTH: u64 = 128;

pub(super) fn scheme(algorithm: &[u8]) -> Result<Scheme> {
    let mut inside = Reader::new(algorithm).sequence()?;
    let oid = inside.oid()?;
    if oid == names::PBES2 {
        return pbes2(inside.sequence()?);
    }
    let Some(known) = names::NAMED.iter().find(|n| n.oid == oid) else {
        return Err(unknown("is encrypted with", &oid));
    };
    let mut parameters = inside.sequence()?;
    let salt = parameters.expect(asn1::OCTET_STRING)?.content.to_vec();
    named(known, salt, iterations(&mut parameters)?)
}

fn named(known: &'static Named, salt: Vec<u8>, iterations: u64) -> Result<Scheme> {
    let Named { oid, name, digest, cipher, key_length, .. } = *known;
    let kdf = match known.is_pkcs12 {
        true => Kdf::Pkcs12 { digest, salt, iterations },
        false => Kdf::Pbkdf1 { digest, salt, iterations },
    };
    Ok(Scheme { family: Family::Named { name, oid }, cipher, kdf, key_length })
}

pub(super) fn legacy_triple_des(salt: Vec<u8>, iterations: u64) -> Result<Scheme> {
    let known = names::NAMED.iter().find(|n| n.oid == names::PBE_SHA1_3DES);
    named(known.ok_or_else(|| Error::internal("triple DES is not in the table of schemes"))?, salt, iterations)
}

fn unknown(how: &str, oid: &str) -> Error {
    Error::unsupported(format!("the content {how} {}, which mtls does not know", names::title(oid)))
}

/// An iteration count: zero and negative ones make no sense.
fn iterations(parameters: &mut Reader<'_>) -> Result<u64, Fault> {
    match parameters.expect(asn1::INTEGER)?.unsigned()? {
        0 => Err(Fault("a key derivation of zero iterations")),
        n => Ok(n),
    }
}

/// PBES2-params (RFC 8018 appendix A.4).
fn pbes2(mut parameters: Reader<'_>) -> Result<Scheme> {
    let derivation = parameters.expect(asn1::SEQUENCE)?;
    let encryption = parameters.expect(asn1::SEQUENCE)?;
    let (cipher, iv) = pbes2_cipher(encryption)?;
    let (kdf, asked) = pbes2_kdf(derivation)?;
    let key_length = match (cipher.key_length(), asked, cipher) {
        (Some(fixed), None, _) => fixed,
        (Some(fixed), Some(asked), _) if asked == fixed => fixed,
        (Some(fixed), Some(asked), _) => {
            return Err(Error::damaged(format!("a key of {asked} bytes is derived for {cipher}, which takes {fixed}")));
        }
        (None, Some(asked), _) => asked,
        (None, None, Cipher::Rc2(bits)) => usize::from(bits.div_ceil(8)),
        (None, None, _) => return Err(Error::damaged(format!("the length of the key for {cipher} is missing"))),
    };
    Ok(Scheme { family: Family::Pbes2 { iv }, cipher, kdf, key_length })
}

/// The derivation that an AlgorithmIdentifier names (RFC 8018 appendix A.2, RFC 7914 section 7), and the length of the key
/// where it is given.
///
/// # Errors
/// A damaged-store error where it is ill-formed, an unsupported-algorithm error for one that we do not know.
pub fn pbes2_kdf(algorithm: Value<'_>) -> Result<(Kdf, Option<usize>)> {
    let mut inside = algorithm.reader();
    match inside.oid()?.as_str() {
        names::PBKDF2 => pbkdf2_parameters(inside.sequence()?),
        names::SCRYPT => {
            let mut parameters = inside.sequence()?;
            let salt = parameters.expect(asn1::OCTET_STRING)?.content.to_vec();
            let n = parameters.expect(asn1::INTEGER)?.unsigned()?;
            let mut small = || -> Result<u32, Fault> {
                let value = parameters.expect(asn1::INTEGER)?.unsigned()?;
                u32::try_from(value).map_err(|_| Fault("a scrypt parameter over 32 bits"))
            };
            let (r, p) = (small()?, small()?);
            Ok((Kdf::Scrypt { n, r, p, salt }, key_length(&mut parameters)?))
        }
        other => Err(unknown("is encrypted with a key from", other)),
    }
}

/// PBKDF2-params (RFC 8018 appendix A.2): the derivation, and the length of the key where it is given.
///
/// # Errors
/// A damaged-store error where they are ill-formed, an unsupported-algorithm error for an unknown PRF.
pub fn pbkdf2_parameters(mut parameters: Reader<'_>) -> Result<(Kdf, Option<usize>)> {
    let salt = match parameters.peek() {
        Some(asn1::SEQUENCE) => {
            return Err(Error::unsupported("the salt of a PBKDF2 derivation comes from another source than the file"));
        }
        _ => parameters.expect(asn1::OCTET_STRING)?.content.to_vec(),
    };
    let iterations = iterations(&mut parameters)?;
    let length = key_length(&mut parameters)?;
    let prf = match parameters.optional(asn1::SEQUENCE)? {
        Some(prf) => prf.reader().oid()?,
        None => names::HMAC_SHA1.to_owned(),
    };
    let prf = names::hmac(&prf).ok_or_else(|| unknown("is protected with a PBKDF2 key from", &prf))?;
    Ok((Kdf::Pbkdf2 { prf, salt, iterations }, length))
}

fn key_length(parameters: &mut Reader<'_>) -> Result<Option<usize>, Fault> {
    let Some(length) = parameters.optional(asn1::INTEGER)? else { return Ok(None) };
    match length.unsigned()? {
        0 => Err(Fault("a key of no bytes")),
        length if length > MAX_KEY_LENGTH => Err(Fault("a key longer than any cipher takes")),
        length => Ok(Some(length as usize)),
    }
}

fn pbes2_cipher(algorithm: Value<'_>) -> Result<(Cipher, Vec<u8>)> {
    let mut inside = algorithm.reader();
    let oid = inside.oid()?;
    let (cipher, iv) = if oid == names::RC2_CBC {
        let mut parameters = inside.sequence()?;
        let bits = match parameters.optional(asn1::INTEGER)? {
            Some(version) => rc2_bits(version.unsigned()?)?,
            None => 32, // RFC 8018 appendix B.2.3
        };
        (Cipher::Rc2(bits), parameters.expect(asn1::OCTET_STRING)?.content.to_vec())
    } else {
        let cipher = names::cipher(&oid).ok_or_else(|| unknown("is encrypted with", &oid))?;
        let iv = match cipher {
            Cipher::AesGcm(_) => gcm_nonce(inside.sequence()?)?,
            _ => inside.expect(asn1::OCTET_STRING)?.content.to_vec(),
        };
        (cipher, iv)
    };
    if iv.len() != cipher.iv_length() {
        let (is, wanted) = (iv.len(), cipher.iv_length());
        return Err(Error::damaged(format!("an initialisation vector of {is} bytes for {cipher}, which takes {wanted}")));
    }
    Ok((cipher, iv))
}

/// Effective bits from RC2's "version", which is a table for small numbers (RFC 2268 section 6).
fn rc2_bits(version: u64) -> Result<u16, Fault> {
    match version {
        160 => Ok(40),
        120 => Ok(64),
        58 => Ok(128),
        256..=1024 => Ok(version as u16),
        _ => Err(Fault("an RC2 version that stands for no number of bits")),
    }
}

/// GCMParameters (RFC 5084 section 3.2).
fn gcm_nonce(mut parameters: Reader<'_>) -> Result<Vec<u8>> {
    let nonce = parameters.expect(asn1::OCTET_STRING)?.content.to_vec();
    let tag = match parameters.optional(asn1::INTEGER)? {
        Some(length) => length.unsigned()?,
        None => 12,
    };
    if tag != 16 || nonce.len() != 12 {
        let nonce = nonce.len();
        return Err(Error::unsupported(format!(
            "AES-GCM with a nonce of {nonce} and a tag of {tag} bytes; mtls reads 12 and 16"
        )));
    }
    Ok(nonce)
}

pub(super) fn algorithm_identifier(scheme: &Scheme) -> Result<Vec<u8>> {
    let octets = |bytes: &[u8]| asn1::der(asn1::OCTET_STRING, bytes);
    match (&scheme.family, &scheme.kdf, scheme.cipher) {
        (Family::Named { oid, .. }, Kdf::Pkcs12 { salt, iterations, .. } | Kdf::Pbkdf1 { salt, iterations, .. }, _) => {
            let parameters = asn1::sequence(&[octets(salt), asn1::integer(*iterations)]);
            Ok(asn1::sequence(&[asn1::oid(oid), parameters]))
        }
        (Family::Pbes2 { iv }, Kdf::Pbkdf2 { .. }, Cipher::AesCbc(256)) => {
            let cipher = asn1::sequence(&[asn1::oid(names::AES_256_CBC), octets(iv)]);
            let parameters = asn1::sequence(&[pbkdf2_identifier(&scheme.kdf, None)?, cipher]);
            Ok(asn1::sequence(&[asn1::oid(names::PBES2), parameters]))
        }
        _ => Err(Error::internal(format!("{scheme} cannot be written"))),
    }
}

/// The AlgorithmIdentifier of PBKDF2 with HMAC-SHA-256, the one that we write; `key_length` where it has to be told.
///
/// # Errors
/// An internal error for another derivation.
pub fn pbkdf2_identifier(kdf: &Kdf, key_length: Option<u64>) -> Result<Vec<u8>> {
    let Kdf::Pbkdf2 { prf: crate::crypto::Digest::Sha256, salt, iterations } = kdf else {
        return Err(Error::internal(format!("{kdf} cannot be written")));
    };
    let prf = asn1::sequence(&[asn1::oid(names::HMAC_SHA256), asn1::der(asn1::NULL, &[])]);
    let parts =
        [asn1::der(asn1::OCTET_STRING, salt), asn1::integer(*iterations), key_length.map(asn1::integer).unwrap_or_default(), prf];
    Ok(asn1::sequence(&[asn1::oid(names::PBKDF2), asn1::sequence(&parts)]))
}
