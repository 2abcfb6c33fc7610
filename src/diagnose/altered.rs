//! Altered, or signed by another key? Both show as a signature that does not verify; what the certificate says of its
//! issuer tells them apart.

use super::direction::Direction;
use super::kinship::authority_issuer_and_serial;
use crate::pki::chain::key_id_fits;
use crate::pki::{Cert, signature};

/// How many certificates of an issuer's name are looked at.
const MAX_ISSUERS: usize = 64;

/// A certificate of `chain` whose true issuer is known beyond doubt, and whose signature does not verify all the same: its
/// place, and that issuer.
pub fn find<'a>(d: &Direction<'a>, chain: &[Cert]) -> Option<(usize, &'a Cert)> {
    chain.iter().enumerate().find_map(|(at, cert)| {
        let issuers: Vec<&Cert> = known(d).filter(|i| i.subject == cert.issuer).take(MAX_ISSUERS).collect();
        if issuers.iter().any(|i| signature::verifies(cert, i) != Some(false)) {
            return None;
        }
        Some((at, issuers.into_iter().find(|issuer| is_issuer(cert, issuer))?))
    })
}

fn known<'a>(d: &Direction<'a>) -> impl Iterator<Item = &'a Cert> {
    d.sent.iter().chain(d.anchors).chain(d.known.iter().map(|(_, c)| c))
}

/// Whether `issuer`, which has the right name, is the one that `cert` was signed by: its identifiers say so, or the
/// signature itself, which only its key can have made.
fn is_issuer(cert: &Cert, issuer: &Cert) -> bool {
    match identifies(cert, issuer) {
        Some(fits) => fits,
        None => issuer == cert || signature::was_made_by(cert, issuer),
    }
}

/// Whether the authority key identifier of `cert` means `issuer`; `None` where it does not say.
fn identifies(cert: &Cert, issuer: &Cert) -> Option<bool> {
    key_id_fits(cert, issuer).or_else(|| {
        let (name, serial) = authority_issuer_and_serial(cert)?;
        Some(name == issuer.issuer && serial? == issuer.serial)
    })
}
