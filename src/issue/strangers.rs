//! Identities that nobody should accept: for proving that a pair of peers really checks.

use super::{Issued, Issuer, KeySource, Profile, Request, issue, subject_for, validity};
use crate::error::Result;
use crate::pki::{Cert, Identity, KeyKind, NewKey, San};
use time::OffsetDateTime;

/// A client's and a server's identity (with `names`) of a CA that has the name of `ca` but another key: a peer that went by
/// the CA's name alone would take them.
///
/// Under an RSA CA the strangers' CA has another name and an EC key instead: an RSA key would take longer to make than all
/// the rest of a proof.
///
/// # Errors
/// As [`issue`].
pub fn strangers(ca: &Cert, names: &[San], now: OffsetDateTime) -> Result<(Identity, Identity)> {
    let (subject, kind) = match (NewKey::like(&ca.key), &ca.key) {
        (Some(kind), key) if !matches!(key, KeyKind::Rsa(_)) => (ca.subject.clone(), kind),
        _ => (subject_for("Another CA"), NewKey::EcP256),
    };
    let (not_before, not_after) = validity(now, 1)?;
    let request =
        |subject, sans: &[San], key, profile| Request { subject, sans: sans.to_vec(), key, not_before, not_after, profile };
    let profile = Profile::Ca { path_len: Some(0), name_constraints: None };
    let other = issue(&request(subject, &[], KeySource::New(kind), profile), None, now)?;
    let issuer = Issuer::new(other.cert, &other.key, vec![])?;
    // one key serves all three: who holds it makes no difference here
    let leaf = |name: &str, sans: &[San], profile| -> Result<Identity> {
        let key = KeySource::Existing(other.key.clone());
        let Issued { key, chain, .. } = issue(&request(subject_for(name), sans, key, profile), Some(&issuer), now)?;
        Ok(Identity { key, chain })
    };
    Ok((leaf("client", &[], Profile::Client)?, leaf("server", names, Profile::Server)?))
}
