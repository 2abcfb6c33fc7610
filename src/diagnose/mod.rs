//! Evidence becomes findings: what is wrong, where, and how to mend it.
//!
//! The verdict is the real handshake's: where it completed there is no error, where it failed there is one for each
//! independent cause. The rules here only say *why*; [`judge`] holds them to that verdict.

mod altered;
pub mod catalogue;
mod client;
pub mod damage;
pub mod direction;
mod elsewhere;
mod exchange;
mod fault;
pub mod finding;
pub mod inspection;
mod key;
mod kinship;
pub mod material;
mod name;
pub mod network;
mod order;
pub mod path;
mod refusal;
pub mod remote;
mod revocation;
pub mod store;
mod suspects;
mod time;
mod trust;
mod usage;
pub mod visit;

pub use direction::Direction;
pub use finding::{Code, Finding, Place, Severity};

use crate::formats::Store;
use crate::handshake::{self, CertRefusal, Failure, Side, Transcript};
use crate::pki::crl::Crl;
use crate::pki::{Cert, Identity};
use ::time::{Duration, OffsetDateTime};

/// What is left less than this is worth a warning, unless another span was asked for.
pub const SOON: Duration = Duration::days(30);

/// Everything that is known of one handshake.
pub struct Situation<'a> {
    /// What happened.
    pub transcript: &'a Transcript,
    /// What the four stores are called: server keystore, server truststore, client keystore, client truststore.
    pub files: [&'a str; 4],
    /// What the server shows.
    pub server: &'a Identity,
    /// What the client can show.
    pub client: Option<&'a Identity>,
    /// What the client trusts.
    pub client_trusts: &'a [Cert],
    /// What the server trusts; not used where it does not ask.
    pub server_trusts: &'a [Cert],
    /// Whether the server asks for a client certificate.
    pub server_asks: bool,
    /// Certificates that lie in any of the files, with the file.
    pub known: &'a [(&'a str, Cert)],
    /// The name that the client checks.
    pub host: &'a str,
    /// The instant of judgement.
    pub now: OffsetDateTime,
    /// Revocation lists that were given.
    pub crls: &'a [Crl],
}

/// The findings of a handshake between two known sides, the root cause first.
pub fn judge(s: &Situation<'_>) -> Vec<Finding> {
    let mut found = judge_direction(&s.direction(Side::Client), s.transcript);
    if s.server_asks && s.client.is_some() {
        found.extend(judge_direction(&s.direction(Side::Server), s.transcript));
    }
    // both sides were given the same revocation lists: told once
    let mut told: Vec<Option<String>> = Vec::new();
    found.retain(|f| {
        f.code != catalogue::CRL_UNUSABLE || {
            let is_new = !told.contains(&f.subject);
            told.push(f.subject.clone());
            is_new
        }
    });
    let exchange = exchange::findings(s);
    if exchange.iter().any(|f| f.code == catalogue::CLIENT_CERTIFICATE_WITHHELD) {
        // what is not sent is not judged: that the server does not trust it is why it was not sent
        let is_distrust = |f: &Finding| f.at == Place::ServerTruststore && DISTRUST.contains(&f.code);
        found.retain(|f| !is_distrust(f));
    }
    let has_error = found.iter().any(is_error);
    // an alert or a closed connection is the echo of a cause that was already found
    found.extend(exchange.into_iter().filter(|f| !has_error || f.code != catalogue::PEER_REJECTED && !explains_less(f, s)));
    let shown: Vec<&Cert> = s.server.chain.iter().chain(s.client.iter().flat_map(|client| &client.chain)).collect();
    found.extend(revocation::of_others(&shown, s.crls, Place::ServerTruststore));
    if s.transcript.completed {
        let sides = [Side::Client, Side::Server].into_iter().filter(|judge| *judge == Side::Client || s.server_asks);
        found.extend(sides.filter_map(|judge| order::root_sent_along(&s.direction(judge))));
        for f in found.iter_mut().filter(|f| f.code != catalogue::CLIENT_NOT_ASKED) {
            f.severity = f.severity.max(Severity::Warning);
        }
    }
    ranked(found)
}

/// No way to a trusted CA, whatever the way there looks like.
const DISTRUST: [Code; 2] = [catalogue::UNTRUSTED_ISSUER, catalogue::SELF_SIGNED_UNTRUSTED];

/// Whether the finding only repeats that the connection ended.
fn explains_less(f: &Finding, s: &Situation<'_>) -> bool {
    let repeats = [
        catalogue::KEY_MISMATCH,
        catalogue::UNSUPPORTED_KEY,
        catalogue::NO_COMMON_SIGNATURE,
        catalogue::CLIENT_CERTIFICATE_WITHHELD,
    ];
    repeats.contains(&f.code) || f.at == Place::Network || (f.code == catalogue::CLIENT_CERTIFICATE_MISSING && s.client.is_some())
}

impl<'a> Situation<'a> {
    /// One direction of it: how `judge` checks the other side.
    pub fn direction(&self, judge: Side) -> Direction<'a> {
        let (keystore, truststore, identity, anchors, host) = match judge {
            Side::Client => (self.files[0], self.files[3], Some(self.server), self.client_trusts, Some(self.host)),
            Side::Server => (self.files[2], self.files[1], self.client, self.server_trusts, None),
        };
        Direction {
            judge,
            keystore,
            truststore,
            sent: identity.map_or(&[], |i| i.chain.as_slice()),
            key: identity.map(|i| &i.key),
            anchors,
            known: self.known,
            host,
            now: self.now,
            soon: SOON,
            crls: self.crls,
        }
    }
}

/// One direction, held to what the judging side's verifier said, or would have said had it got that far.
fn judge_direction(d: &Direction<'_>, transcript: &Transcript) -> Vec<Finding> {
    let verdict = match &transcript.story(d.judge).verdict {
        Some(Ok(())) => Ok(()),
        Some(Err(Failure::CertificateRefused(refusal))) => Err(refusal.clone()),
        _ => verdict(d),
    };
    reconcile(d, chain(d), verdict, transcript.completed)
}

/// What the real verifier says of a chain, asked for itself.
pub fn verdict(d: &Direction<'_>) -> Result<(), CertRefusal> {
    match handshake::verify(d.sent, d.anchors, d.judge.other(), d.host, d.now, d.crls) {
        Err(Failure::CertificateRefused(refusal)) => Err(refusal),
        Err(other) => Err(CertRefusal::Other(other.to_string())),
        Ok(()) => Ok(()),
    }
}

/// All that the rules say of one direction, without regard to the real verdict.
pub fn chain(d: &Direction<'_>) -> Vec<Finding> {
    let Some(first) = d.sent.first() else { return vec![] };
    let misplaced = order::misplaced_leaf(d);
    let leaf = misplaced.unwrap_or(first);
    let mut found: Vec<Finding> = misplaced.map(|leaf| order::leaf_not_first(d, leaf)).into_iter().collect();
    found.extend(key::findings(d, leaf));
    // of several expired certificates the leaf comes first, as verifiers look at it first
    found.extend(time::findings(d, leaf));
    let (about_trust, path) = trust::findings(d, leaf);
    found.extend(about_trust);
    found.extend(name::findings(d, leaf));
    found.extend(usage::findings(d, leaf));
    found.extend(revocation::outdated(d));
    let mut found = folded(found);
    if !found.iter().any(is_error) {
        found.extend(time::soon(d, &used(leaf, path)));
        found.extend(order::untidy(d, leaf));
    }
    found
}

/// The certificates that this handshake rests on: those of the path, with its anchor.
fn used(leaf: &Cert, path: Option<path::Path>) -> Vec<Cert> {
    match path {
        Some(path) if path.is_leaf_itself() => path.certs,
        Some(path) => path.certs.into_iter().chain([path.anchor]).collect(),
        None => vec![leaf.clone()],
    }
}

/// Without what merely follows from another finding.
fn folded(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(|f| f.severity);
    let has = |code: Code| found.iter().any(|f| f.code == code);
    // (the consequence, the causes that it follows from)
    let follows: [(Code, &[Code]); 6] = [
        // a client's certificate in a server's hands has no names either
        (catalogue::NO_SAN, &[catalogue::OLD_CERTIFICATE_VERSION, catalogue::NOT_FOR_SERVER]),
        (
            catalogue::CA_AS_LEAF,
            &[catalogue::SELF_SIGNED_UNTRUSTED, catalogue::TRUSTSTORE_HAS_LEAF, catalogue::OLD_CERTIFICATE_VERSION],
        ),
        (
            catalogue::KEY_USAGE_FORBIDS_TLS,
            &[catalogue::CA_AS_LEAF, catalogue::SELF_SIGNED_UNTRUSTED, catalogue::TRUSTSTORE_HAS_LEAF],
        ),
        (catalogue::TRUSTSTORE_HAS_LEAF, &[catalogue::OLD_CERTIFICATE_VERSION]),
        (catalogue::WEAK_KEY, &[catalogue::KEY_MISMATCH]),
        // what a leaf issued is one level deeper than its CA allows
        (catalogue::PATH_TOO_LONG, &[catalogue::NOT_A_CA]),
    ];
    let consequence = |code: Code| follows.iter().any(|(c, causes)| *c == code && causes.iter().any(|cause| has(*cause)));
    let drop: Vec<Code> = found.iter().map(|f| f.code).filter(|c| consequence(*c)).collect();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        // a PKI of one age has the same weakness everywhere: one cause, the leaf's first
        let of_an_age = [catalogue::UNSUPPORTED_KEY, catalogue::WEAK_KEY, catalogue::WEAK_SIGNATURE].contains(&finding.code);
        let again = kept.iter().any(|k| k.code == finding.code && (k.subject == finding.subject || of_an_age));
        if !drop.contains(&finding.code) && !again {
            kept.push(finding);
        }
    }
    kept
}

/// The rules' findings, held to the verifier's verdict: no error about a certificate that it accepted, and at least one
/// about a certificate that it refused.
pub fn reconcile(d: &Direction<'_>, mut found: Vec<Finding>, verdict: Result<(), CertRefusal>, completed: bool) -> Vec<Finding> {
    // the verifier sees certificates; whether the key fits shows only in the handshake itself
    let about_key = |f: &Finding| {
        [catalogue::KEY_MISMATCH, catalogue::WEAK_KEY, catalogue::UNSUPPORTED_KEY, catalogue::CHAIN_OUT_OF_ORDER]
            .contains(&f.code)
    };
    match verdict {
        Ok(()) => {
            for f in found.iter_mut().filter(|f| completed || !about_key(f)) {
                f.severity = f.severity.max(Severity::Warning);
            }
        }
        Err(refusal) if !found.iter().any(is_error) => found.push(refusal::refused(d, &refusal)),
        Err(_) => {}
    }
    found
}

/// Errors first, each severity by the catalogue's order of root causes.
pub fn ranked(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(|f| (f.severity, catalogue::rank(f.code)));
    found
}

/// The findings of a handshake that was tried: as [`ranked`], but what is wrong with the server's certificate comes before
/// what is wrong with the client's, as in the handshake itself, so that the first one tells of the step that failed.
pub fn in_order(mut found: Vec<Finding>) -> Vec<Finding> {
    let is_later = |f: &Finding| matches!(f.at, Place::ClientKeystore | Place::ServerTruststore | Place::Client);
    found.sort_by_key(|f| (f.severity, is_later(f), catalogue::rank(f.code)));
    found
}

fn is_error(f: &Finding) -> bool {
    f.severity == Severity::Error
}

/// The certificates of a store with the file's name, for [`Situation::known`].
pub fn known_in<'a>(file: &'a str, store: &Store) -> Vec<(&'a str, Cert)> {
    use crate::formats::Item;
    let mut known: Vec<Cert> = Vec::new();
    for entry in &store.entries {
        match &entry.item {
            Item::Key { chain, sent, .. } => known.extend(sent.iter().chain(chain).cloned()),
            Item::Trusted(cert) | Item::Certificate(cert) => known.push(cert.clone()),
            _ => {}
        }
    }
    known.into_iter().map(|cert| (file, cert)).collect()
}
