//! The MAC over the authenticated safe (RFC 7292 section 4, PBMAC1 of RFC 9579).

use crate::asn1::{self, Fault, Reader, Value};
use crate::crypto::kdf::Purpose;
use crate::crypto::{self, Digest};
use crate::error::{Error, Result};
use crate::formats::pbe::{self, Derivations, Kdf, Spellings, names};
use crate::pki::Password;
use std::fmt;

/// The shortest key of a PBMAC1 that we take, in bytes: a file that asks for a key of one byte would have a MAC that
/// anybody can make. OpenSSL draws the same line.
const SHORTEST_KEY: usize = 20;

/// How a file is authenticated.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mac {
    hmac: Digest,
    kdf: Kdf,
    key_length: usize,
    value: Vec<u8>,
}

impl fmt::Display for Mac {
    /// `HMAC-SHA256 x10000`, `PBMAC1 HMAC-SHA256, PBKDF2-HMAC-SHA256 x2048`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kdf {
            Kdf::Pkcs12 { iterations, .. } => write!(f, "HMAC-{} x{iterations}", self.hmac),
            kdf => write!(f, "PBMAC1 HMAC-{}, {kdf}", self.hmac),
        }
    }
}

impl Mac {
    /// A MAC from its MacData.
    ///
    /// # Errors
    /// A damaged-store error where it is ill-formed, an unsupported-algorithm error for a digest that we do not know.
    pub fn parse(mac_data: Value<'_>) -> Result<Mac> {
        let mut inside = mac_data.reader();
        let mut digest_info = inside.sequence()?;
        let mut algorithm = digest_info.sequence()?;
        let oid = algorithm.oid()?;
        let value = digest_info.expect(asn1::OCTET_STRING)?.content.to_vec();
        let salt = inside.expect(asn1::OCTET_STRING)?.content.to_vec();
        let iterations = match inside.optional(asn1::INTEGER)? {
            Some(n) => n.unsigned()?,
            None => 1,
        };
        let mac = if oid == names::PBMAC1 {
            let (hmac, kdf, key_length) = pbmac1(algorithm.sequence()?)?; // which has a salt and a count of its own
            Mac { hmac, kdf, key_length, value }
        } else {
            let hmac = names::digest(&oid).ok_or_else(|| unknown(&oid))?;
            if iterations == 0 {
                return Err(Fault("a MAC of zero iterations").into());
            }
            Mac { hmac, kdf: Kdf::Pkcs12 { digest: hmac, salt, iterations }, key_length: hmac.length(), value }
        };
        if mac.value.len() != mac.hmac.length() {
            return Err(Fault("a MAC of the wrong length").into());
        }
        Ok(mac)
    }

    /// Whether it is `content`'s under the password; the spelling that fits comes first in `spellings` from then on.
    ///
    /// # Errors
    /// [`crate::error::Kind::TooCostly`].
    pub fn verifies(&self, content: &[u8], spellings: &mut Spellings, derivations: &Derivations<'_>) -> Result<bool> {
        for at in 0..spellings.of(&self.kdf).len() {
            let password = &spellings.of(&self.kdf)[at];
            let key = derivations.derive(&format!("the MAC ({self})"), &self.kdf, Purpose::Mac, password, self.key_length)?;
            if crypto::equal(&self.hmac.hmac(&key, content), &self.value) {
                spellings.prefer(&self.kdf, at);
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// PBMAC1-params (RFC 8018 appendix A.5) as RFC 9579 section 4 has them.
fn pbmac1(mut parameters: Reader<'_>) -> Result<(Digest, Kdf, usize)> {
    let mut derivation = parameters.sequence()?;
    let hmac = parameters.sequence()?.oid()?;
    let hmac = names::hmac(&hmac).ok_or_else(|| unknown(&hmac))?;
    let oid = derivation.oid()?;
    if oid != names::PBKDF2 {
        return Err(unknown(&oid));
    }
    let (kdf, key_length) = pbe::pbkdf2_parameters(derivation.sequence()?)?;
    // RFC 9579 section 4: a file without the key's length must be refused
    let key_length = key_length.ok_or(Fault("a PBMAC1 that does not tell the length of its key"))?;
    if key_length < SHORTEST_KEY {
        return Err(Fault("a PBMAC1 with a key too short to protect anything").into());
    }
    Ok((hmac, kdf, key_length))
}

fn unknown(oid: &str) -> Error {
    Error::unsupported(format!("the file is authenticated with {}, which mtls does not know", names::title(oid)))
}

/// MacData for `content`: the classic MAC with `digest`, or PBMAC1 with HMAC-SHA-256.
///
/// # Errors
/// Where the system gives no random bytes.
pub(super) fn write(
    content: &[u8],
    password: &Password,
    digest: Digest,
    iterations: u64,
    is_pbmac1: bool,
    derivations: &Derivations<'_>,
) -> Result<Vec<u8>> {
    let salt = crypto::random(pbe::SALT_LENGTH)?;
    let kdf = match is_pbmac1 {
        true => Kdf::Pbkdf2 { prf: digest, salt: salt.clone(), iterations },
        false => Kdf::Pkcs12 { digest, salt: salt.clone(), iterations },
    };
    let spelling = Spellings::new(password);
    let key = derivations.derive(&"the MAC", &kdf, Purpose::Mac, spelling.standard(&kdf), digest.length())?;
    let null = asn1::der(asn1::NULL, &[]);
    let algorithm = if is_pbmac1 {
        let derivation = pbe::pbkdf2_identifier(&kdf, Some(digest.length() as u64))?;
        let hmac = asn1::sequence(&[asn1::oid(names::HMAC_SHA256), null]);
        asn1::sequence(&[asn1::oid(names::PBMAC1), asn1::sequence(&[derivation, hmac])])
    } else {
        asn1::sequence(&[asn1::oid(names::digest_oid(digest)), null])
    };
    let digest_info = asn1::sequence(&[algorithm, asn1::der(asn1::OCTET_STRING, &digest.hmac(&key, content))]);
    // with PBMAC1, salt and count outside of the algorithm mean nothing (RFC 9579 section 4): the count is left at its
    // default, and DER leaves out defaults
    let count = if is_pbmac1 { Vec::new() } else { asn1::integer(iterations) };
    Ok(asn1::sequence(&[digest_info, asn1::der(asn1::OCTET_STRING, &salt), count]))
}
