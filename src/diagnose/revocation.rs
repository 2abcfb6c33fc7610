//! Are the revocation lists that were given fit to tell who is revoked?

use super::catalogue as code;
use super::direction::Direction;
use super::{Finding, Severity};
use crate::pki::crl::Crl;
use crate::safe::{Safe, date, distance};

/// Warnings for lists of an issuer in the chain whose next update is over: this verifier still believes them, OpenSSL,
/// Java and nginx then refuse everybody.
pub fn outdated(d: &Direction<'_>) -> Vec<Finding> {
    let concerns = |crl: &&Crl| d.sent.iter().any(|cert| cert.issuer == crl.issuer);
    d.crls.iter().filter(concerns).filter_map(|crl| stale(d, crl)).collect()
}

fn stale(d: &Direction<'_>, crl: &Crl) -> Option<Finding> {
    let end = crl.next_update.filter(|end| d.now > *end)?;
    // a newer list of the same issuer takes its place
    let renewed = |other: &Crl| other.issuer == crl.issuer && other.next_update.is_none_or(|next| d.now <= next);
    if d.crls.iter().any(renewed) {
        return None;
    }
    let issuer = Safe(crl.issuer.short()).to_string();
    let finding = Finding::new(
        code::CRL_UNUSABLE,
        Severity::Warning,
        d.truststore_place(),
        format!("the revocation list of \"{issuer}\" is out of date since {} ({})", date(end), distance(end, d.now)),
    )
    .fact("made", date(crl.this_update))
    .fact("next update", date(end))
    .because(format!(
        "The list of \"{issuer}\" was to be replaced by {}; it is {} now. Here it still counts; OpenSSL, nginx, HAProxy and Java refuse every certificate of that issuer until they get a newer list.",
        date(end),
        date(d.now)
    ))
    .fix(format!("get the present revocation list of \"{issuer}\" from that CA, and give it with --crl"));
    Some(Finding { subject: Some(crl.issuer.to_string()), ..finding })
}
