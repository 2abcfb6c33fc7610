//! Are the revocation lists that were given fit to tell who is revoked?

use super::catalogue as code;
use super::direction::{Direction, called};
use super::{Finding, Place, Severity};
use crate::pki::crl::Crl;
use crate::pki::{Cert, signature};
use crate::safe::{Safe, date, distance, hex};

/// Warnings for lists of an issuer in the chain whose next update is over: this verifier still believes them, OpenSSL,
/// Java and nginx then refuse everybody.
pub fn outdated(d: &Direction<'_>) -> Vec<Finding> {
    let concerns = |crl: &&Crl| d.sent.iter().any(|cert| cert.issuer == crl.issuer);
    d.crls.iter().filter(concerns).filter_map(|crl| stale(d, crl)).collect()
}

/// A warning for each list where none is of an issuer of `certs`: nobody's revocation was looked up. Beside one that counts,
/// others are the rule: who fetches the lists of many CAs hands over all of them.
pub fn of_others(certs: &[&Cert], crls: &[Crl], at: Place) -> Vec<Finding> {
    if crls.iter().any(|crl| certs.iter().any(|cert| cert.issuer == crl.issuer)) {
        return Vec::new();
    }
    let told = |crl: &Crl| {
        let issuer = Safe(crl.issuer.short()).to_string();
        let headline = format!("the revocation list of \"{issuer}\" says nothing here: that CA issued none of the certificates");
        let finding = Finding::new(code::CRL_UNUSABLE, Severity::Warning, at, headline)
            .because(format!("No certificate that is shown was issued by \"{issuer}\", so its list was not used, and who is revoked was not checked with it."))
            .fix("give the list of the CA that issued the certificates: --crl FILE");
        Finding { subject: Some(crl.issuer.to_string()), ..finding }
    };
    crls.iter().map(told).collect()
}

/// The certificates that a list names, told by issuer and number alone: without a truststore no chain is judged, and where the
/// issuer's certificate is not at hand the list's signature is not either.
pub fn named(certs: &[Cert], crls: &[Crl], file: &str, at: Place) -> Vec<Finding> {
    let line = |cert: &Cert| {
        let list = crls.iter().find(|crl| {
            let ca = certs.iter().find(|ca| ca.subject == crl.issuer);
            crl.issuer == cert.issuer && ca.is_none_or(|ca| signature::verify(&ca.spki, &crl.signature, &crl.tbs) != Some(false))
        })?;
        list.revoked.iter().find(|line| line.serial == cert.serial)
    };
    let told = |cert: &Cert| {
        let line = line(cert)?;
        let (who, since) = (called(cert), date(line.since));
        let reason = line.reason.as_ref().map_or(String::new(), |reason| format!(" ({reason})"));
        Some(
            Finding::new(code::REVOKED, Severity::Error, at, format!("{who} was revoked on {since}{reason}"))
                .about(cert)
                .fact(file, format!("{who}, serial number {}", hex(&cert.serial)))
                .because(format!(
                    "{who} in {file} is on the revocation list of its issuer \"{}\" since {since}{reason}.",
                    Safe(cert.issuer.short())
                ))
                .fix("have a new certificate issued, and use that one"),
        )
    };
    certs.iter().filter_map(told).collect()
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
