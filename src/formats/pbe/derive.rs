//! Derivations: which they are, what they cost, and each one done once only.

use crate::crypto::kdf::{self, Purpose, Secret};
use crate::crypto::{Digest, sha256};
use crate::error::Result;
use crate::formats::Budget;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

/// A derivation of keys from a password, with its salt and its cost.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Kdf {
    /// PKCS#12's own (RFC 7292 appendix B.2).
    Pkcs12 {
        /// The digest it turns over.
        digest: Digest,
        /// The salt.
        salt: Vec<u8>,
        /// How often.
        iterations: u64,
    },
    /// PBKDF1 (RFC 8018 section 5.1).
    Pbkdf1 {
        /// The digest it turns over.
        digest: Digest,
        /// The salt.
        salt: Vec<u8>,
        /// How often.
        iterations: u64,
    },
    /// PBKDF2 with HMAC (RFC 8018 section 5.2).
    Pbkdf2 {
        /// The digest of its HMAC.
        prf: Digest,
        /// The salt.
        salt: Vec<u8>,
        /// How often.
        iterations: u64,
    },
    /// scrypt (RFC 7914).
    Scrypt {
        /// Cost: a power of two.
        n: u64,
        /// Block size.
        r: u32,
        /// Parallelisation.
        p: u32,
        /// The salt.
        salt: Vec<u8>,
    },
}

impl fmt::Display for Kdf {
    /// `PBKDF2-HMAC-SHA256 x10000`, `scrypt N=16384 r=8 p=1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kdf::Pkcs12 { digest, iterations, .. } => write!(f, "PKCS12-{digest} x{iterations}"),
            Kdf::Pbkdf1 { digest, iterations, .. } => write!(f, "PBKDF1-{digest} x{iterations}"),
            Kdf::Pbkdf2 { prf, iterations, .. } => write!(f, "PBKDF2-HMAC-{prf} x{iterations}"),
            Kdf::Scrypt { n, r, p, .. } => write!(f, "scrypt N={n} r={r} p={p}"),
        }
    }
}

/// What tells one derived key from another; the password stands in it as a digest only.
type Fingerprint = (Kdf, Purpose, usize, Vec<u8>);

/// Derives keys for one file, each one once, and charges the file's budget before it works.
///
/// Each password that is tried costs its own derivation, and is charged for it: a file that no password opens must not
/// take longer than one that opens.
pub struct Derivations<'a> {
    budget: &'a Budget,
    keys: RefCell<HashMap<Fingerprint, Secret>>,
}

impl<'a> Derivations<'a> {
    /// Derivations at the cost of `budget`.
    pub fn new(budget: &'a Budget) -> Self {
        Derivations { budget, keys: RefCell::default() }
    }

    /// `length` bytes for `purpose` from `password`; `scheme` is what an error names. Only PKCS#12's own derivation
    /// gives other bytes for other purposes.
    ///
    /// # Errors
    /// [`crate::error::Kind::TooCostly`], or a damaged-store error for parameters that make no sense.
    pub fn derive(
        &self,
        scheme: &dyn fmt::Display,
        kdf: &Kdf,
        purpose: Purpose,
        password: &[u8],
        length: usize,
    ) -> Result<Secret> {
        let fingerprint = (kdf.clone(), purpose, length, sha256(password));
        if let Some(key) = self.keys.borrow().get(&fingerprint) {
            return Ok(key.clone());
        }
        match kdf {
            // each further digest's length of key costs the iterations once more
            Kdf::Pkcs12 { digest, iterations, .. } | Kdf::Pbkdf2 { prf: digest, iterations, .. } => {
                let blocks = length.div_ceil(digest.length()).max(1) as u64;
                self.budget.charge(&scheme.to_string(), iterations.saturating_mul(blocks))?;
            }
            Kdf::Pbkdf1 { iterations, .. } => self.budget.charge(&scheme.to_string(), *iterations)?,
            Kdf::Scrypt { n, r, p, .. } => self.budget.charge_scrypt(*n, u64::from(*r), u64::from(*p))?,
        }
        let key = match kdf {
            Kdf::Pkcs12 { digest, salt, iterations } => kdf::pkcs12(*digest, purpose, password, salt, *iterations, length)?,
            Kdf::Pbkdf1 { digest, salt, iterations } => {
                let mut key = kdf::pbkdf1(*digest, password, salt, *iterations)?;
                key.truncate(length);
                key
            }
            Kdf::Pbkdf2 { prf, salt, iterations } => kdf::pbkdf2(*prf, password, salt, *iterations, length)?,
            Kdf::Scrypt { n, r, p, salt } => kdf::scrypt(password, salt, *n, *r, *p, length)?,
        };
        self.keys.borrow_mut().insert(fingerprint, key.clone());
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn what_is_done_is_charged_and_nothing_is_done_twice() {
        let budget = Budget::with_iterations(200);
        let derivations = Derivations::new(&budget);
        let kdf = |salt: u8| Kdf::Pbkdf2 { prf: Digest::Sha256, salt: vec![salt], iterations: 60 };
        let derive = |salt, password: &[u8], length| derivations.derive(&"it", &kdf(salt), Purpose::Key, password, length);
        assert_ne!(derive(1, b"a", 16).unwrap(), derive(1, b"b", 16).unwrap());
        for _ in 0..100 {
            assert_eq!(derive(1, b"a", 16).unwrap(), derive(1, b"a", 16).unwrap());
        }
        // 80 are left: a key of two digests' length would take 120
        assert_eq!(derive(2, b"a", 64).unwrap_err().kind, Kind::TooCostly);
        derive(2, b"a", 32).unwrap();
        let refused = derive(3, b"a", 16).unwrap_err();
        assert_eq!(refused.kind, Kind::TooCostly);
        assert!(refused.what.contains("it asks for 60 iterations"), "{refused}");
    }

    #[test]
    fn scrypt_is_charged_by_memory_of_both_its_tables() {
        let budget = Budget::default();
        let derivations = Derivations::new(&budget);
        for (n, r, p) in [(1 << 22, 8, 1), (2, 8, 1 << 19), (1 << 14, 8, 1 << 10)] {
            let kdf = Kdf::Scrypt { n, r, p, salt: vec![] };
            let refused = derivations.derive(&"scrypt", &kdf, Purpose::Key, b"", 16).unwrap_err();
            assert_eq!(refused.kind, Kind::TooCostly, "{kdf}");
        }
    }
}
