//! A store becomes an inspection: facts only, no judgement.

mod names;

pub use names::{extension_name, usage_name};

use crate::formats::Store;
use crate::pki::{Cert, PrivateKey};

/// A file that was looked into.
#[derive(Debug)]
pub struct Inspection {
    /// The file, as the user named it.
    pub target: String,
    /// What is in it.
    pub store: Store,
}

/// Whether a private key and the first certificate of its chain belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The certificate certifies this key.
    Belongs,
    /// It certifies another key.
    Differs,
    /// The public key cannot be told from the private one.
    Unknown,
    /// There is no certificate.
    NoCertificate,
}

impl Match {
    /// Compares `key` with the leaf of `chain`.
    pub fn of(key: &PrivateKey, chain: &[Cert]) -> Match {
        match chain.first().map(|leaf| key.belongs_to(leaf)) {
            None => Match::NoCertificate,
            Some(Some(true)) => Match::Belongs,
            Some(Some(false)) => Match::Differs,
            Some(None) => Match::Unknown,
        }
    }
}

/// How deep to draw each of `certs`, which stay in their order: one that is named as the issuer of the one before stands
/// below it, any other begins anew.
pub fn depths(certs: &[&Cert]) -> Vec<usize> {
    let mut depths: Vec<usize> = Vec::with_capacity(certs.len());
    for (i, cert) in certs.iter().enumerate() {
        let below = i.checked_sub(1).filter(|b| !certs[*b].is_self_issued() && certs[*b].issuer == cert.subject);
        depths.push(below.map_or(0, |b| depths[b] + 1));
    }
    depths
}
