//! What this verifier accepts and OpenSSL does not: trust that ends below a root, and CAs that cannot be told apart.

use super::catalogue as code;
use super::direction::{Direction, called, key_of};
use super::path::{Path, Search, is_self_signed};
use super::{Finding, Severity};
use crate::pki::chain::key_id_fits;
use crate::pki::{Cert, signature};
use crate::safe::{Safe, count, shell_word};

/// The truststore holds an intermediate without the root above it.
pub fn no_root(d: &Direction<'_>, leaf: &Cert, path: &Path) -> Option<Finding> {
    if path.anchor.is_self_issued() {
        return None;
    }
    let roots: Vec<Cert> = d.anchors.iter().filter(|a| is_self_signed(a)).cloned().collect();
    let all: Vec<Cert> = d.sent.iter().chain(d.anchors).cloned().collect();
    if (Search { sent: &all, anchors: &roots, ..d.search() }).best_path(leaf).is_some() {
        return None;
    }
    let (anchor, root) = (called(&path.anchor), Safe(path.anchor.issuer.short()).to_string());
    let file =
        d.known.iter().find(|(_, c)| c.subject == path.anchor.issuer && signature::verifies(&path.anchor, c) == Some(true));
    Some(
        Finding::new(
            code::UNTRUSTED_ISSUER,
            Severity::Warning,
            d.truststore_place(),
            format!("the {} trusts the intermediate {anchor}, but not the root \"{root}\" above it", d.judging()),
        )
        .about(&path.anchor)
        .fact(d.truststore, format!("{anchor} signed by \"{root}\", no root"))
        .because(format!(
            "{} holds {anchor} and no root above it. rustls, Java and Go end the chain there; OpenSSL, curl, nginx and HAProxy want a self-signed root, unless partial chains are allowed (-partial_chain).",
            d.truststore
        ))
        .fix(match file {
            Some((file, _)) if *file != d.truststore => d.trust(&shell_word(file)),
            _ => format!("get the root certificate \"{root}\", then: {}", d.trust("ROOT.crt")),
        }),
    )
}

/// Several trusted CAs of one name and different keys, and no key identifier says which is meant.
pub fn cannot_tell(d: &Direction<'_>, path: &Path) -> Option<Finding> {
    let top = path.certs.last()?;
    let rivals: Vec<&Cert> =
        d.anchors.iter().filter(|a| a.subject == path.anchor.subject && a.spki != path.anchor.spki).collect();
    let rival = rivals.iter().find(|rival| key_id_fits(top, rival).is_none())?;
    let name = called(&path.anchor);
    Some(
        Finding::new(
            code::SAME_NAME_OTHER_KEY,
            Severity::Warning,
            d.truststore_place(),
            format!("the {} trusts {} named {name}, and nothing tells which one is meant", d.judging(), count(rivals.len() + 1, "CA")),
        )
        .about(&path.anchor)
        .fact(d.truststore, format!("{name} with {} and with {}", key_of(&path.anchor), key_of(rival)))
        .because(format!(
            "{} holds {} named {name} with different keys, and {} carries no authority key identifier. Here each is tried; OpenSSL takes the first of that name and may say \"certificate signature failure\".",
            d.truststore,
            count(rivals.len() + 1, "CA"),
            called(top)
        ))
        .fix(format!("remove the CAs that are no longer used: mtls truststore {} --remove FINGERPRINT", shell_word(d.truststore))),
    )
}
