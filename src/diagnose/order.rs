//! Is what is sent in order: leaf first, each next one the issuer, nothing that does not belong?

use super::catalogue as code;
use super::direction::{Direction, called};
use super::{Finding, Severity};
use crate::pki::{Cert, DistinguishedName};
use crate::safe::{all_of, shell_word};
use std::collections::{HashMap, HashSet};

/// The certificate that the sender's key belongs to, where it was sent, though not first.
pub fn misplaced_leaf<'a>(d: &Direction<'a>) -> Option<&'a Cert> {
    let key = d.key?;
    let (first, rest) = d.sent.split_first()?;
    if key.belongs_to(first) != Some(false) {
        return None;
    }
    // the key of the CA that issued the first certificate is another one's key, not a sign that the order is wrong
    rest.iter().find(|c| key.belongs_to(c) == Some(true)).filter(|own| first.is_ca() || !own.is_ca())
}

/// The finding for a leaf that is not first.
pub fn leaf_not_first(d: &Direction<'_>, leaf: &Cert) -> Finding {
    let first = d.sent.first().map_or_else(String::new, called);
    Finding::new(code::CHAIN_OUT_OF_ORDER, Severity::Error, d.keystore_place(), format!("{} sends {first} first; its own certificate {} comes later", d.keystore, called(leaf)))
        .about(leaf)
        .fact("in the file", listed(d.sent))
        .because(format!("The first certificate is taken for the {}'s own (RFC 8446 section 4.4.2), and {first} does not belong to the private key; {} does.", d.sender(), called(leaf)))
        .fix(rewrite(d))
}

/// Warnings for what was accepted here, and is not everywhere: swapped intermediates, certificates of another chain.
pub fn untidy(d: &Direction<'_>, leaf: &Cert) -> Vec<Finding> {
    let chain = d.search().longest_chain(leaf);
    let kin = above(leaf, d.sent);
    let strangers: Vec<&Cert> = d.sent.iter().filter(|c| *c != leaf && !kin.contains(c)).collect();
    let mut found = Vec::new();
    let belonging: Vec<&Cert> = d.sent.iter().filter(|c| chain.contains(c)).collect();
    if belonging.iter().zip(&chain).any(|(sent, due)| **sent != *due) {
        found.push(
            Finding::new(code::CHAIN_OUT_OF_ORDER, Severity::Warning, d.keystore_place(), format!("the certificates in {} are not each followed by their issuer", d.keystore))
                .about(leaf)
                .fact("in the file", listed(belonging))
                .fact("in order", listed(&chain))
                .because("Most stacks sort the intermediates themselves; TLS 1.2 asks for them in order (RFC 5246 section 7.4.2), and strict ones refuse others.")
                .fix(rewrite(d)),
        );
    }
    if let Some(first) = strangers.first() {
        found.push(
            Finding::new(
                code::CHAIN_HAS_STRANGERS,
                Severity::Warning,
                d.keystore_place(),
                format!("{} sends certificates that do not belong to its chain", d.keystore),
            )
            .about(first)
            .fact("strangers", listed(strangers.iter().copied()))
            .because(format!(
                "{} did not issue {}, nor one of its issuers; they cost bytes in each handshake, and strict peers refuse them.",
                listed(strangers.iter().copied()),
                called(leaf)
            ))
            .fix(rewrite(d)),
        );
    }
    found
}

/// A warning for a root that is sent along: the other side must hold it already, or it would not trust it.
pub fn root_sent_along(d: &Direction<'_>) -> Option<Finding> {
    let kin = above(d.sent.first()?, d.sent);
    let root = kin.into_iter().find(|c| c.is_self_issued() && c.is_ca() && Some(*c) != d.sent.first())?;
    Some(
        Finding::new(
            code::ROOT_SENT_ALONG,
            Severity::Warning,
            d.keystore_place(),
            format!("{} sends its root {} along", d.keystore, called(root)),
        )
        .about(root)
        .fact(d.keystore, all_of(&d.sent.iter().map(called).collect::<Vec<_>>()))
        .because(format!(
            "{} is a root: the {} must hold it already, so sending it only costs bytes in each handshake (RFC 8446 section 4.4.2), and stacks that check all that they are sent trip over its old algorithms or its end.",
            called(root),
            d.judging()
        ))
        .fix(rewrite(d)),
    )
}

/// Every sent certificate whose name stands somewhere above `leaf`: cross-signed copies of one CA all belong.
fn above<'a>(leaf: &'a Cert, sent: &'a [Cert]) -> HashSet<&'a Cert> {
    let mut by_subject: HashMap<&DistinguishedName, Vec<&Cert>> = HashMap::new();
    for cert in sent {
        by_subject.entry(&cert.subject).or_default().push(cert);
    }
    let (mut kin, mut names) = (HashSet::new(), vec![&leaf.issuer]);
    while let Some(name) = names.pop() {
        // each name is followed once
        for cert in by_subject.remove(name).unwrap_or_default() {
            kin.insert(cert);
            names.push(&cert.issuer);
        }
    }
    kin
}

/// How many of a list of certificates are named: a hostile file may hold any number.
const MOST_NAMED: usize = 20;

/// The certificates by name, as one enumeration.
fn listed<'a>(certs: impl IntoIterator<Item = &'a Cert>) -> String {
    let mut certs = certs.into_iter();
    let mut names: Vec<String> = certs.by_ref().take(MOST_NAMED).map(called).collect();
    let rest = certs.count();
    if rest > 0 {
        names.push(format!("{rest} more"));
    }
    all_of(&names)
}

fn rewrite(d: &Direction<'_>) -> String {
    format!("mtls keystore NEW.p12 {}  # the leaf first, then each issuer", shell_word(d.keystore))
}
