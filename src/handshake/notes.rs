//! What verifiers and resolvers write down while the handshake runs.

use super::failure::Failure;
use super::reason;
use super::transcript::{Offer, Story};
use crate::pki::{Cert, DistinguishedName, KeyKind};
use rustls::pki_types::CertificateDer;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How much of the raw bytes that arrive first is kept.
const FIRST_BYTES: usize = 64;

/// One side's notes. rustls calls the verifiers and resolvers through shared references, hence the lock.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Notes>);

/// What one side noted.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    /// Its story so far.
    pub story: Story,
    /// What the server asked the client for; on the client's side only.
    pub asked: Option<Asked>,
    /// What the client offered; on the server's side only.
    pub offer: Option<Offer>,
    /// Why the peer's signature over the handshake was refused.
    pub signature: Option<Failure>,
}

/// A server's wish for a client certificate.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// The CA names it accepts; empty means any.
    pub authorities: Vec<DistinguishedName>,
    /// The signature schemes it accepts.
    pub schemes: Vec<String>,
}

impl Log {
    /// The notes, to read or to add to.
    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        // notes are only ever added to: what a panicking thread left is still true
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the beginning of what arrives.
    pub(super) fn note_first(&self, bytes: &[u8]) {
        let first = &mut self.notes().story.first_bytes;
        let room = FIRST_BYTES.saturating_sub(first.len());
        first.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Notes what the peer presented and what the verifier said of it.
    pub(super) fn judged(&self, leaf: &CertificateDer<'_>, rest: &[CertificateDer<'_>], verdict: Result<(), Failure>) {
        self.seen(leaf, rest);
        self.notes().story.verdict = Some(verdict);
    }

    /// Notes what the peer presented.
    pub(super) fn seen(&self, leaf: &CertificateDer<'_>, rest: &[CertificateDer<'_>]) {
        let presented = || std::iter::once(leaf).chain(rest);
        let readable: Vec<Cert> = presented().filter_map(|der| Cert::from_der(der).ok()).collect();
        let story = &mut self.notes().story;
        story.peer_unread = presented().count() - readable.len();
        story.peer_chain = readable;
    }

    /// Begins anew; what the stack could not take of its own truststore stays.
    pub(super) fn restart(&self) {
        let mut notes = self.notes();
        let skipped = std::mem::take(&mut notes.story.skipped);
        *notes = Notes { story: Story { skipped, ..Story::default() }, ..Notes::default() };
    }

    /// Why this side broke off with `error`: the verifier's own reason where it was the verifier.
    pub(super) fn failure(&self, error: &rustls::Error) -> Failure {
        let notes = self.notes();
        match (&notes.signature, &notes.story.verdict) {
            (Some(refused), _) => refused.clone(),
            (None, Some(Err(refused))) => refused.clone(),
            _ => match reason::of(error) {
                // TLS 1.2 has no suite for such a key, whatever suites the client offers
                Failure::NothingInCommon("cipher suite") if notes.story.sent.first().is_some_and(is_for_tls13_only) => {
                    Failure::NothingInCommon("signature scheme")
                }
                other => other,
            },
        }
    }
}

/// Whether a certificate's key signs in TLS 1.3 only.
fn is_for_tls13_only(cert: &Cert) -> bool {
    matches!(cert.key, KeyKind::MlDsa(_))
}
