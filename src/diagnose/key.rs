//! Does the key belong to the certificate, and does TLS take it?

use super::catalogue as code;
use super::direction::{Direction, called};
use super::{Finding, Severity};
use crate::pki::Cert;

/// The findings about the sender's key and leaf; `leaf` is the certificate that the key belongs to, where one does.
pub fn findings(d: &Direction<'_>, leaf: &Cert) -> Vec<Finding> {
    let mut found = Vec::new();
    if d.key.is_some_and(|key| key.belongs_to(leaf) == Some(false)) {
        found.push(mismatch(d, leaf));
    }
    if leaf.key.is_weak() {
        found.push(weak(d, leaf));
    } else if !leaf.key.signs_handshakes() {
        found.push(unsupported(d, leaf));
    }
    found
}

fn mismatch(d: &Direction<'_>, leaf: &Cert) -> Finding {
    let key = d.key.map_or(String::new(), |k| match k.spki() {
        Some(spki) => format!("{}, {}", k.kind().title(), crate::safe::short_fingerprint(&crate::crypto::sha256(spki))),
        None => k.kind().title(),
    });
    Finding::new(code::KEY_MISMATCH, Severity::Error, d.keystore_place(), format!("the private key in {} does not belong to {}", d.keystore, called(leaf)))
        .about(leaf)
        .fact("private key", key)
        .fact("certificate", format!("{}, {}", leaf.key.title(), crate::safe::short_fingerprint(&leaf.spki_sha256())))
        .because(format!("The public key of the private key in {} is not the one that {} certifies: the certificate was renewed with another key, or files were mixed up.", d.keystore, called(leaf)))
        .fix(format!("find the key that {} was issued for, then: {}", called(leaf), d.rewrite("KEY CERT")))
}

fn weak(d: &Direction<'_>, leaf: &Cert) -> Finding {
    Finding::new(
        code::WEAK_KEY,
        Severity::Error,
        d.keystore_place(),
        format!("{} has a weak key: {}", called(leaf), leaf.key.title()),
    )
    .about(leaf)
    .fact(d.keystore, format!("{} with {}", called(leaf), leaf.key.title()))
    .because(format!(
        "The key of {} is {}; 2048 bits is the least that TLS stacks accept for RSA.",
        called(leaf),
        leaf.key.title()
    ))
    .fix(d.reissue_fix())
}

fn unsupported(d: &Direction<'_>, leaf: &Cert) -> Finding {
    Finding::new(code::UNSUPPORTED_KEY, Severity::Error, d.keystore_place(), format!("{} has a {} key, which TLS peers do not take", called(leaf), leaf.key.title()))
        .about(leaf)
        .fact(d.keystore, format!("{} with {}", called(leaf), leaf.key.title()))
        .because(format!("TLS peers authenticate with RSA, EC P-256, P-384, P-521 or Ed25519 keys (and ML-DSA, the newest of them); {} is none of these.", leaf.key.title()))
        .fix(d.reissue_fix())
}
