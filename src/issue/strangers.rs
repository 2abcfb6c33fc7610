//! Identities that nobody should accept: for proving that a pair of peers really checks.

use super::{Issued, Issuer, KeySource, Profile, Request, issue, subject_for, validity};
use crate::error::Result;
use crate::pki::{Identity, NewKey, San};
use time::OffsetDateTime;

/// A client's and a server's identity (with `names`) of a CA that nobody trusts. Their keys are EC: every peer can check
/// those, so that the CA is all that there is to object to.
///
/// # Errors
/// As [`issue`].
pub fn strangers(names: &[San], now: OffsetDateTime) -> Result<(Identity, Identity)> {
    let (not_before, not_after) = validity(now, 1)?;
    let request = |name: &str, sans: &[San], key, profile| Request {
        subject: subject_for(name),
        sans: sans.to_vec(),
        key,
        not_before,
        not_after,
        profile,
    };
    let profile = Profile::Ca { path_len: Some(0), name_constraints: None };
    let other = issue(&request("Another CA", &[], KeySource::New(NewKey::EcP256), profile), None, now)?;
    let issuer = Issuer::new(other.cert, &other.key, vec![])?;
    // one key serves all three: who holds it makes no difference here
    let leaf = |name: &str, sans: &[San], profile| -> Result<Identity> {
        let key = KeySource::Existing(other.key.clone());
        let Issued { key, chain, .. } = issue(&request(name, sans, key, profile), Some(&issuer), now)?;
        Ok(Identity { key, chain })
    };
    Ok((leaf("client", &[], Profile::Client)?, leaf("server", names, Profile::Server)?))
}
