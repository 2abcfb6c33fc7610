//! What a store that is looked at on its own says against itself, and whether its chain would be accepted.

use super::direction::Direction;
use super::store::{self, Part};
use super::{Code, Finding, Place, Severity, catalogue, key, order, ranked, reconcile, time, verdict};
use crate::formats::Item;
use crate::handshake::Side;
use crate::pki::crl::Crl;
use crate::pki::{Cert, PrivateKey};
use ::time::{Duration, OffsetDateTime};
use std::collections::HashSet;

/// What was asked beside the store.
#[derive(Clone, Default)]
pub struct Question<'a> {
    /// The truststore to judge the chain with: its file name and what it trusts.
    pub trust: Option<(&'a str, &'a [Cert])>,
    /// The name that a client would ask for.
    pub host: Option<&'a str>,
    /// Whose certificate it shall be; without it, what the leaf's usage says.
    pub role: Option<Side>,
    /// Revocation lists.
    pub crls: &'a [Crl],
    /// What is left less than this is worth a warning; [`super::SOON`] where it is not set.
    pub soon: Option<Duration>,
}

/// A leaf to judge: what would be sent, and the key that goes with it.
struct Shown<'a> {
    sent: &'a [Cert],
    key: Option<&'a PrivateKey>,
}

/// The findings about one store as of `now`, the root cause first.
pub fn findings(part: Part<'_>, question: &Question<'_>, now: OffsetDateTime) -> Vec<Finding> {
    let mut found = store::on_its_own(part);
    let loose: Vec<Cert> = part
        .store
        .entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Certificate(cert) => Some(cert.clone()),
            _ => None,
        })
        .collect();
    let mut shown: Vec<Shown<'_>> = part
        .store
        .entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Key { key, sent, .. } if !sent.is_empty() => Some(Shown { sent, key: key.as_ref().ok() }),
            _ => None,
        })
        .collect();
    let asks_for_chain = question.trust.is_some() || question.host.is_some() || question.role.is_some();
    if shown.is_empty() && asks_for_chain && !loose.is_empty() {
        shown.push(Shown { sent: &loose, key: None });
    }
    for shown in &shown {
        let d = direction(part, question, shown, now);
        found.extend(if question.trust.is_some() { judged(&d) } else { unjudged(&d, question) });
    }
    found.extend(lifetimes(part, &shown, question, now));
    if let Some(role) = question.role {
        let place = if role == Side::Server { Place::ServerKeystore } else { Place::ClientKeystore };
        found.iter_mut().filter(|f| f.at == Place::Store).for_each(|f| f.at = place);
    }
    ranked(found)
}

fn direction<'a>(part: Part<'a>, question: &Question<'a>, shown: &Shown<'a>, now: OffsetDateTime) -> Direction<'a> {
    let for_clients = shown.sent.first().is_some_and(|leaf| leaf.allows("clientAuth") && !leaf.allows("serverAuth"));
    let judge = match question.role {
        Some(Side::Client) => Side::Server,
        Some(Side::Server) => Side::Client,
        None if for_clients && question.host.is_none() => Side::Server,
        None => Side::Client,
    };
    let (truststore, anchors) = question.trust.unwrap_or(("the truststore", &[]));
    Direction {
        judge,
        keystore: part.file,
        truststore,
        sent: shown.sent,
        key: shown.key,
        anchors,
        known: &[],
        host: question.host,
        now,
        soon: question.soon.unwrap_or(super::SOON),
        crls: question.crls,
    }
}

/// With a truststore: what the handshake's own verifier would say.
fn judged(d: &Direction<'_>) -> Vec<Finding> {
    let found = super::chain(d);
    let about_key = found.iter().any(|f| f.code == catalogue::KEY_MISMATCH);
    reconcile(d, found, verdict(d), !about_key)
}

/// Without one: what the certificates say of themselves.
fn unjudged(d: &Direction<'_>, question: &Question<'_>) -> Vec<Finding> {
    let misplaced = order::misplaced_leaf(d);
    let Some(leaf) = misplaced.or(d.sent.first()) else { return vec![] };
    let mut found: Vec<Finding> = misplaced.map(|leaf| order::leaf_not_first(d, leaf)).into_iter().collect();
    found.extend(
        key::findings(d, leaf)
            .into_iter()
            .map(|f| if f.code == catalogue::KEY_MISMATCH { f } else { f.at_most(Severity::Warning) }),
    );
    if question.role.is_some() {
        found.extend(super::usage::findings(d, leaf));
    }
    found.extend(super::name::findings(d, leaf));
    found.extend(order::untidy(d, leaf));
    found.iter_mut().filter(|f| f.at == d.keystore_place()).for_each(|f| f.at = Place::Store);
    found
}

/// Every certificate's time: an error for what is shown, and for a truststore of which nothing is good any more.
fn lifetimes(part: Part<'_>, shown: &[Shown<'_>], question: &Question<'_>, now: OffsetDateTime) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut note = |certs: &[Cert], severity: Severity| {
        let d = direction(part, question, &Shown { sent: certs, key: None }, now);
        for cert in certs {
            found.extend(time::findings(&d, cert).into_iter().map(|f| f.at_most(severity)));
        }
        found.extend(time::soon(&d, certs));
    };
    for shown in shown.iter().filter(|_| question.trust.is_none()) {
        note(shown.sent, Severity::Error);
    }
    let trusted: Vec<Cert> = part.store.anchors().filter(|c| !shown.iter().any(|s| s.sent.contains(c))).cloned().collect();
    let usable = trusted.iter().any(|c| c.not_before <= now && now <= c.not_after);
    note(&trusted, if usable { Severity::Warning } else { Severity::Error });
    found.iter_mut().for_each(|f| f.at = Place::Store);
    without_repeats(found)
}

fn without_repeats(found: Vec<Finding>) -> Vec<Finding> {
    let mut seen: HashSet<(Code, Option<String>)> = HashSet::new();
    found.into_iter().filter(|f| seen.insert((f.code, f.subject.clone()))).collect()
}
