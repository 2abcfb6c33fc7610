//! What a store that is looked at on its own says against itself, and whether its chain would be accepted.

use super::direction::Direction;
use super::store::{self, Part};
use super::{Code, Finding, Place, Severity, catalogue, damage, key, order, ranked, reconcile, revocation, time, verdict};
use crate::formats::{Entry, Item, Store};
use crate::handshake::Side;
use crate::pki::crl::Crl;
use crate::pki::{Cert, PrivateKey, san};
use ::time::{Duration, OffsetDateTime};
use std::collections::HashSet;

/// What was asked beside the store.
#[derive(Clone, Default)]
pub struct Question<'a> {
    /// The truststore to judge the chain with: its file name and what it trusts.
    pub trust: Option<(&'a str, &'a Store)>,
    /// The name that a client would ask for.
    pub host: Option<&'a str>,
    /// Whose certificate it shall be; without it, what the leaf's usage says.
    pub role: Option<Side>,
    /// Revocation lists.
    pub crls: &'a [Crl],
    /// What is left less than this is worth a warning; [`super::SOON`] where it is not set.
    pub soon: Option<Duration>,
}

/// Whose keystore a file is that could not be looked into: as was asked.
pub fn keystore_of(question: &Question<'_>) -> Place {
    match question.role {
        Some(Side::Server) => Place::ServerKeystore,
        Some(Side::Client) => Place::ClientKeystore,
        None => Place::Store,
    }
}

/// A leaf to judge: what would be sent, and the key that goes with it.
struct Shown<'a> {
    sent: &'a [Cert],
    key: Option<&'a PrivateKey>,
}

/// The findings about one store as of `now`, the root cause first.
pub fn findings(part: Part<'_>, question: &Question<'_>, now: OffsetDateTime) -> Vec<Finding> {
    let host = question.host.map(san::ascii_host);
    let question = &Question { host: host.as_deref(), ..question.clone() };
    let asks_for_chain = question.trust.is_some() || question.host.is_some() || question.role.is_some();
    let mut found = store::on_its_own(part);
    if !asks_for_chain {
        // a key on its way to its certificate is no fault as long as nobody wants to use it
        found = found
            .into_iter()
            .map(|f| if f.code == catalogue::NO_CERTIFICATE_FOR_KEY { f.at_most(Severity::Warning) } else { f })
            .collect();
    }
    let (anchors, no_trust) = trusted(question);
    found.extend(no_trust);
    let loose: Vec<Cert> = part
        .store
        .entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Certificate(cert) => Some(cert.clone()),
            _ => None,
        })
        .collect();
    let keys: Vec<&Entry> = part.store.keys().collect();
    // asked for a server's or client's certificate, a CA's key that lies beside is not meant
    let candidates = if asks_for_chain { store::candidates(&keys) } else { keys };
    let mut shown: Vec<Shown<'_>> = candidates
        .iter()
        .filter_map(|e| match &e.item {
            Item::Key { key, sent, .. } if !sent.is_empty() => Some(Shown { sent, key: key.as_ref().ok() }),
            _ => None,
        })
        .collect();
    if shown.is_empty() && asks_for_chain && !loose.is_empty() {
        shown.push(Shown { sent: &loose, key: None });
    }
    if shown.len() > MOST_JUDGED {
        found.push(not_all_judged(part, shown.len()));
    }
    for shown in shown.iter().take(MOST_JUDGED) {
        let d = Direction { anchors: &anchors, ..direction(part, question, shown, now) };
        found.extend(if anchors.is_empty() { unjudged(&d, question) } else { judged(&d) });
    }
    found.extend(lifetimes(part, &shown, question, now));
    let certs: Vec<Cert> = super::known_in(part.file, part.store).into_iter().map(|(_, cert)| cert).collect();
    if anchors.is_empty() {
        found.extend(revocation::named(&certs, question.crls, part.file, part.place));
    }
    if !certs.is_empty() {
        found.extend(revocation::of_others(&certs.iter().collect::<Vec<_>>(), question.crls, part.place));
    }
    let mut found = damage::told(found, &[part]);
    if let Some(place) = place(part, question, &shown) {
        found.iter_mut().filter(|f| f.at == Place::Store).for_each(|f| f.at = place);
    }
    ranked(without_repeats(found))
}

/// How many keys of one file have their chains judged: each may cost a thousand signatures.
const MOST_JUDGED: usize = 100;

fn not_all_judged(part: Part<'_>, keys: usize) -> Finding {
    let headline = format!("{} holds {keys} private keys, and the chains of the first {MOST_JUDGED} were judged", part.file);
    Finding::new(catalogue::SEVERAL_KEYS, Severity::Info, part.place, headline)
        .because(format!(
            "Each chain may cost many signature checks; the other {} keys are listed, but nothing is said of them.",
            keys - MOST_JUDGED
        ))
        .fix(store::ONE_KEY)
}

/// What is trusted, and the finding if that is nothing.
fn trusted(question: &Question<'_>) -> (Vec<Cert>, Option<Finding>) {
    let Some((file, store)) = question.trust else { return (vec![], None) };
    let place = if question.role == Some(Side::Client) { Place::ServerTruststore } else { Place::ClientTruststore };
    store::anchors(Part { file, place, store })
}

/// Whose file it seems to be: as was asked, else as the leaf's usage says; `None` where nothing tells.
fn place(part: Part<'_>, question: &Question<'_>, shown: &[Shown<'_>]) -> Option<Place> {
    let usages = shown.first().and_then(|s| s.sent.first()).and_then(|leaf| leaf.eku.as_ref());
    let has = |usage: &str| usages.is_some_and(|eku| eku.iter().any(|u| u == usage));
    let side = question.role.or(match (has("serverAuth"), has("clientAuth")) {
        (true, false) => Some(Side::Server),
        (false, true) => Some(Side::Client),
        _ => None,
    })?;
    let is_keystore = !shown.is_empty() || part.store.keys().next().is_some();
    Some(match (side, is_keystore) {
        (Side::Server, true) => Place::ServerKeystore,
        (Side::Server, false) => Place::ServerTruststore,
        (Side::Client, true) => Place::ClientKeystore,
        (Side::Client, false) => Place::ClientTruststore,
    })
}

fn direction<'a>(part: Part<'a>, question: &Question<'a>, shown: &Shown<'a>, now: OffsetDateTime) -> Direction<'a> {
    let for_clients = shown.sent.first().is_some_and(|leaf| leaf.allows("clientAuth") && !leaf.allows("serverAuth"));
    let judge = match question.role {
        Some(Side::Client) => Side::Server,
        Some(Side::Server) => Side::Client,
        None if for_clients && question.host.is_none() => Side::Server,
        None => Side::Client,
    };
    Direction {
        judge,
        keystore: part.file,
        truststore: question.trust.map_or("the truststore", |(file, _)| file),
        sent: shown.sent,
        key: shown.key,
        anchors: &[],
        known: &[],
        host: question.host,
        now,
        soon: question.soon.unwrap_or(super::SOON),
        crls: question.crls,
    }
}

/// With a truststore: what the handshake's own verifier would say.
fn judged(d: &Direction<'_>) -> Vec<Finding> {
    // a key that does not fit, or that TLS does not take, would break the handshake, whatever the verifier says of the chain
    reconcile(d, super::chain(d), verdict(d), false)
}

/// Without one: what the certificates say of themselves.
fn unjudged(d: &Direction<'_>, question: &Question<'_>) -> Vec<Finding> {
    let misplaced = order::misplaced_leaf(d);
    let Some(leaf) = misplaced.or(d.sent.first()) else { return vec![] };
    let is_asked = question.role.is_some() || question.host.is_some();
    let mut found: Vec<Finding> = misplaced.map(|leaf| order::leaf_not_first(d, leaf)).into_iter().collect();
    found.extend(
        key::findings(d, leaf)
            .into_iter()
            .map(|f| if is_asked || f.code == catalogue::KEY_MISMATCH { f } else { f.at_most(Severity::Warning) }),
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
    let sent: HashSet<&Cert> = shown.iter().flat_map(|s| s.sent).collect();
    let trusted: Vec<Cert> = part.store.anchors().filter(|c| !sent.contains(c)).cloned().collect();
    let usable = trusted.iter().any(|c| c.not_before <= now && now <= c.not_after);
    note(&trusted, if usable { Severity::Warning } else { Severity::Error });
    found.iter_mut().for_each(|f| f.at = Place::Store);
    found
}

fn without_repeats(found: Vec<Finding>) -> Vec<Finding> {
    let mut seen: HashSet<(Code, Option<String>)> = HashSet::new();
    found.into_iter().filter(|f| seen.insert((f.code, f.subject.clone()))).collect()
}
