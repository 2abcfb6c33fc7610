//! Certificates put in order from the leaf to the root, and the identity that a peer shows.

use super::{Cert, PrivateKey};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};

/// How long a chain may get; real ones stay below 6.
const MAX_LENGTH: usize = 32;
/// How many certificates of one name are tried as an issuer: a hostile file may hold any number, and each costs a
/// signature check. Real PKIs with regenerated and cross-signed CAs stay below 10.
const MAX_CANDIDATES: usize = 64;

/// Signatures that are checked for all chains of a pool together; then names and key identifiers have to do.
const MAX_SIGNATURES: usize = 5_000;

/// What a peer shows: its key, and the certificates that it sends, as it sends them.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The private key.
    pub key: PrivateKey,
    /// The certificates in the order in which they are sent; the first one is taken for the leaf.
    pub chain: Vec<Cert>,
}

/// Loose certificates, found by the name of their subject.
pub struct Pool<'a> {
    by_subject: HashMap<&'a [u8], Vec<&'a Cert>>,
    /// How many signatures may still be checked.
    signatures: Cell<usize>,
}

impl<'a> Pool<'a> {
    /// A pool of `certs`.
    pub fn new(certs: impl IntoIterator<Item = &'a Cert>) -> Self {
        let mut by_subject: HashMap<&[u8], Vec<&Cert>> = HashMap::new();
        for cert in certs {
            by_subject.entry(cert.subject.der()).or_default().push(cert);
        }
        Pool { by_subject, signatures: Cell::new(MAX_SIGNATURES) }
    }

    /// The same, with so many signature checks at most.
    #[must_use]
    pub fn checking(self, signatures: usize) -> Self {
        self.signatures.set(signatures);
        self
    }

    /// How many signatures may still be checked.
    pub fn signatures_left(&self) -> usize {
        self.signatures.get()
    }

    /// The chain of `leaf`: it, its issuer, that one's issuer … as far as the pool reaches. Where several certificates
    /// carry an issuer's name, the one whose key identifier fits, whose key verifies the signature, and which is valid
    /// longest comes first. Two CAs that signed each other end the walk.
    pub fn chain_of(&self, leaf: &Cert) -> Vec<Cert> {
        let mut chain = vec![leaf.clone()];
        let mut seen: HashSet<&[u8]> = HashSet::from([&leaf.der[..]]);
        let mut last = leaf;
        while !last.is_self_issued() && chain.len() < MAX_LENGTH {
            let candidates = self.by_subject.get(last.issuer.der()).into_iter().flatten().take(MAX_CANDIDATES);
            let candidates: Vec<&Cert> = candidates.filter(|c| !seen.contains(&c.der[..])).copied().collect();
            let issuer = match candidates.as_slice() {
                [] => break,
                [only] => *only,
                several => match several.iter().max_by_key(|c| self.likelihood(last, c)) {
                    Some(likeliest) => *likeliest,
                    None => break,
                },
            };
            seen.insert(&issuer.der);
            chain.push(issuer.clone());
            last = issuer;
        }
        chain
    }

    /// How likely `issuer`, which has the right name, signed `cert`.
    fn likelihood(&self, cert: &Cert, issuer: &Cert) -> (bool, bool, bool, time::OffsetDateTime) {
        let fits = key_id_fits(cert, issuer) != Some(false);
        let signed = match self.signatures.get().checked_sub(1) {
            Some(left) => {
                self.signatures.set(left);
                super::signature::verifies(cert, issuer) == Some(true)
            }
            None => false,
        };
        (signed, fits, issuer.is_ca(), issuer.not_after)
    }
}

/// Whether `cert`'s authority key identifier is `issuer`'s subject key identifier; `None` where one of them is absent.
pub fn key_id_fits(cert: &Cert, issuer: &Cert) -> Option<bool> {
    Some(cert.authority_key_id.as_ref()? == issuer.subject_key_id.as_ref()?)
}
