//! Is the leaf for this: a server's or a client's own certificate, of a kind that TLS takes?

use super::catalogue as code;
use super::direction::{Direction, called, facts_of};
use super::fault::{critical, old_version, purpose_code};
use super::path::{lacks_purpose, unknown_critical};
use super::{Finding, Severity};
use crate::pki::Cert;

/// What the leaf's version, extensions and usages forbid.
pub fn findings(d: &Direction<'_>, leaf: &Cert) -> Vec<Finding> {
    let mut found = Vec::new();
    if leaf.version < 3 {
        found.push(old_version(d, leaf));
    }
    found.extend(unknown_critical(leaf).map(|oid| critical(d, leaf, &oid)));
    if lacks_purpose(leaf, d.purpose()) {
        found.push(wrong_purpose(d, leaf));
    }
    if leaf.key_usage.as_ref().is_some_and(|usage| !usage.contains(&"digitalSignature")) {
        found.push(cannot_sign_handshake(d, leaf));
    }
    if leaf.is_ca() {
        found.push(ca_as_leaf(d, leaf));
    }
    found
}

fn wrong_purpose(d: &Direction<'_>, leaf: &Cert) -> Finding {
    let has = leaf.eku.clone().unwrap_or_default();
    let any = has.iter().any(|u| u == "anyExtendedKeyUsage");
    let note = if any {
        " It has anyExtendedKeyUsage, which Java, Go and GnuTLS take for all purposes; OpenSSL and this program do not."
    } else {
        ""
    };
    Finding::new(
        purpose_code(d),
        Severity::Error,
        d.keystore_place(),
        format!("{} is not for {}s: its extendedKeyUsage lacks {}", called(leaf), d.sender(), d.purpose()),
    )
    .about(leaf)
    .fact(d.keystore, format!("{} is for {}", called(leaf), if has.is_empty() { "nothing".to_owned() } else { has.join(", ") }))
    .because(format!(
        "{} may be used for {} only; the {} must show a certificate with {}.{note}",
        called(leaf),
        if has.is_empty() { "nothing".to_owned() } else { has.join(", ") },
        d.sender(),
        d.purpose()
    ))
    // beside it: the present one may be in use for what it is for
    .fix(format!("{}{}", d.issue(&d.names_for_reissue(None)), d.signer_note()))
}

/// The verifier here ignores keyUsage, as the handshake itself works: a warning.
fn cannot_sign_handshake(d: &Direction<'_>, leaf: &Cert) -> Finding {
    let has = leaf.key_usage.clone().unwrap_or_default().join(", ");
    Finding::new(code::KEY_USAGE_FORBIDS_TLS, Severity::Warning, d.keystore_place(), format!("{} may not sign handshakes: its keyUsage lacks digitalSignature", called(leaf)))
        .about(leaf)
        .fact("keyUsage", has.clone())
        .because(format!("The keyUsage of {} ({has}) lacks digitalSignature, which TLS 1.3 and every ECDHE suite need; OpenSSL, Java and Envoy refuse it.", called(leaf)))
        .fix(d.reissue_fix())
}

fn ca_as_leaf(d: &Direction<'_>, leaf: &Cert) -> Finding {
    Finding::new(code::CA_AS_LEAF, Severity::Error, d.keystore_place(), format!("the {} shows a CA certificate as its own", d.sender()))
        .about(leaf)
        .fact(d.keystore, facts_of(leaf))
        .because(format!(
            "{} is marked as a CA (basicConstraints CA:true), which \"openssl req -x509\" does by default. OpenSSL and Java take such a certificate as a {}'s own, rustls and others do not.",
            called(leaf),
            d.sender()
        ))
        .fix(d.reissue_fix())
}
