//! Is it valid now, and for how long still?

use super::catalogue as code;
use super::direction::{Direction, called, facts_of};
use super::path::is_same_identity;
use super::{Finding, Severity};
use crate::pki::Cert;
use crate::safe::{date, distance, shell_word};

/// The leaf's own validity.
pub fn findings(d: &Direction<'_>, leaf: &Cert) -> Vec<Finding> {
    if d.now > leaf.not_after {
        vec![expired(d, leaf)]
    } else if d.now < leaf.not_before {
        vec![not_yet_valid(d, leaf)]
    } else {
        vec![]
    }
}

/// A certificate past its end.
pub fn expired(d: &Direction<'_>, cert: &Cert) -> Finding {
    let (place, file) = d.holder(cert);
    Finding::new(
        code::EXPIRED,
        Severity::Error,
        place,
        format!("{} expired on {} ({})", called(cert), date(cert.not_after), distance(cert.not_after, d.now)),
    )
    .about(cert)
    .fact(file, facts_of(cert))
    .fact("judged as of", date(d.now))
    .because(format!("{} in {file} was valid until {}; it is {} now.", called(cert), date(cert.not_after), date(d.now)))
    .fix(renewal(d, cert))
}

/// A certificate before its start.
pub fn not_yet_valid(d: &Direction<'_>, cert: &Cert) -> Finding {
    let (place, file) = d.holder(cert);
    Finding::new(
        code::NOT_YET_VALID,
        Severity::Error,
        place,
        format!("{} is valid from {} only ({})", called(cert), date(cert.not_before), distance(cert.not_before, d.now)),
    )
    .about(cert)
    .fact(file, facts_of(cert))
    .fact("judged as of", crate::safe::rfc3339(d.now))
    .because(format!(
        "{} in {file} starts at {}; it is {} now. A clock that is behind looks the same: compare it on both sides.",
        called(cert),
        crate::safe::rfc3339(cert.not_before),
        crate::safe::rfc3339(d.now)
    ))
    .fix(format!("check the clock (date -u); if it is right: {}", renewal(d, cert)))
}

/// Warnings for what will expire soon: every certificate of `used` that is valid now.
pub fn soon(d: &Direction<'_>, used: &[Cert]) -> Vec<Finding> {
    let ending = used.iter().filter(|c| c.not_before <= d.now && d.now <= c.not_after && c.not_after - d.now < d.soon);
    ending.map(|cert| expires_soon(d, cert)).collect()
}

fn expires_soon(d: &Direction<'_>, cert: &Cert) -> Finding {
    let (place, file) = d.holder(cert);
    Finding::new(
        code::EXPIRES_SOON,
        Severity::Warning,
        place,
        format!("{} expires on {} ({})", called(cert), date(cert.not_after), distance(cert.not_after, d.now)),
    )
    .about(cert)
    .because(format!("{} in {file} is good until {} only.", called(cert), crate::safe::rfc3339(cert.not_after)))
    .fix(renewal(d, cert))
}

fn renewal(d: &Direction<'_>, cert: &Cert) -> String {
    if !cert.is_ca() {
        return d.reissue_fix();
    }
    let is_good = |c: &&Cert| is_same_identity(c, cert) && c.not_before <= d.now && d.now <= c.not_after;
    let in_keystore = d.holder(cert).0 == d.keystore_place();
    match d.known.iter().find(|(_, c)| is_good(&c)) {
        // another file at hand has the renewed one
        Some((file, _)) if in_keystore => d.rebundle(Some(file), ""),
        Some((file, _)) if *file != d.truststore => d.trust(&shell_word(file)),
        _ => format!(
            "renew the CA certificate {} with the same key and name, and put the new one in place of the old; or start from a new CA: {}",
            called(cert),
            d.start_anew()
        ),
    }
}
