//! What a handshake did, from both sides: data, no judgement.

use super::failure::Failure;
use crate::pki::{Cert, DistinguishedName};

/// One of the two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one that connects.
    Client,
    /// The one that listens.
    Server,
}

/// The seven steps in which mutual TLS is commonly explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// 1: the client connects and says what it can speak.
    ClientConnects,
    /// 2: the server presents its certificate.
    ServerPresents,
    /// 3: the client checks it against its truststore, and the host name.
    ClientVerifiesServer,
    /// 4: the client presents its certificate.
    ClientPresents,
    /// 5: the server checks it against its truststore.
    ServerVerifiesClient,
    /// 6: session keys are made.
    SessionKeys,
    /// 7: data flows, both ways.
    Data,
}

impl Side {
    /// The other end.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }
}

impl Step {
    /// All seven in order.
    pub const ALL: [Step; 7] = [
        Step::ClientConnects,
        Step::ServerPresents,
        Step::ClientVerifiesServer,
        Step::ClientPresents,
        Step::ServerVerifiesClient,
        Step::SessionKeys,
        Step::Data,
    ];

    /// The word in the JSON (`failed_step`).
    pub fn word(self) -> &'static str {
        match self {
            Step::ClientConnects => "client-connects",
            Step::ServerPresents => "server-presents",
            Step::ClientVerifiesServer => "client-verifies-server",
            Step::ClientPresents => "client-presents",
            Step::ServerVerifiesClient => "server-verifies-client",
            Step::SessionKeys => "session-keys",
            Step::Data => "data",
        }
    }
}

/// A certificate or list that this side was given and whose stack could not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What it is: a trust anchor, or a CRL by its issuer.
    pub item: SkippedItem,
    /// Why, in words.
    pub why: String,
}

/// What was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkippedItem {
    /// A certificate of the truststore.
    Anchor(Cert),
    /// A CRL of this issuer.
    Crl(DistinguishedName),
}

/// Why a client that was asked for a certificate, and has one, sent none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// None of the signature schemes that the server takes goes with its key.
    NoCommonScheme,
    /// None of the chain's issuers is among the CAs that the server asked for, and such a client keeps it back then.
    NotAmongAuthorities,
    /// Its extendedKeyUsage leaves out clientAuth, and such a client keeps it back then.
    NotForClients,
}

/// What one side saw.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// The certificates that this side sent, in their order; empty where it sent none, or got no chance to.
    pub sent: Vec<Cert>,
    /// Why it sent none although it was asked and has one.
    pub withheld: Option<Withheld>,
    /// The certificates the peer sent, in their order.
    pub peer_chain: Vec<Cert>,
    /// How many of the certificates that the peer sent could not be read at all; they are not in `peer_chain`.
    pub peer_unread: usize,
    /// What this side's verifier said of them: `None` if it was never asked.
    pub verdict: Option<Result<(), Failure>>,
    /// Why this side broke off; `None` if it did not.
    pub failure: Option<Failure>,
    /// Whether the handshake completed from this side's point of view. In TLS 1.3 the client is done before the server
    /// has judged its certificate.
    pub completed: bool,
    /// What of its truststore and CRLs this side's stack could not take.
    pub skipped: Vec<Skipped>,
    /// The first bytes that the peer sent, at most 64.
    pub first_bytes: Vec<u8>,
}

impl Story {
    /// The alert that this side received: number and name.
    pub fn alert(&self) -> Option<(u8, &str)> {
        match &self.failure {
            Some(Failure::AlertReceived(number, name)) => Some((*number, name)),
            _ => None,
        }
    }
}

/// What the client offered in its ClientHello, as the server saw it. Names as IANA writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// The server name that the client asked for; `None` for IP addresses (RFC 6066 section 3).
    pub server_name: Option<String>,
    /// Signature schemes (`ecdsa_secp256r1_sha256`).
    pub signature_schemes: Vec<String>,
    /// Cipher suites (`TLS_AES_256_GCM_SHA384`).
    pub cipher_suites: Vec<String>,
    /// Key exchange groups (`X25519MLKEM768`).
    pub groups: Vec<String>,
    /// Application protocols (`h2`).
    pub alpn: Vec<String>,
}

/// What a handshake did.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    /// The client's story; empty where [`Transcript::client_is_remote`].
    pub client: Story,
    /// The server's story; empty where [`Transcript::server_is_remote`].
    pub server: Story,
    /// Whether the server is another program, whose story is not known.
    pub server_is_remote: bool,
    /// Whether the client is another program, whose story is not known.
    pub client_is_remote: bool,
    /// What the client offered; `None` where the server did not get to see it, or is remote.
    pub offer: Option<Offer>,
    /// Whether the server asked for a client certificate, as far as the client saw.
    pub asked: bool,
    /// The CA names that the server asked for; empty means any.
    pub asked_authorities: Vec<DistinguishedName>,
    /// The signature schemes that the server takes from the client, as IANA writes them.
    pub asked_schemes: Vec<String>,
    /// Whether both sides finished and data went both ways.
    pub completed: bool,
    /// Whether both certificates were presented and verified by the other side.
    pub mutual: bool,
    /// `TLSv1.3`, once negotiated.
    pub version: Option<String>,
    /// The cipher suite as IANA writes it (`TLS_AES_256_GCM_SHA384`), once negotiated.
    pub cipher: Option<String>,
    /// The key exchange group as IANA writes it (`X25519MLKEM768`, `x25519`), once negotiated.
    pub group: Option<String>,
    /// The application protocol, once negotiated.
    pub alpn: Option<String>,
    /// The name that the client checked.
    pub name: String,
    /// The step at which it broke off; `None` if it did not.
    pub failed_step: Option<Step>,
}

impl Transcript {
    /// The story of `side`.
    pub fn story(&self, side: Side) -> &Story {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// Whom the server presented itself as: the subject of the first certificate that the client received, or, where the
    /// client is remote, that the server sent.
    pub fn server_identity(&self) -> Option<&DistinguishedName> {
        let received = if self.client_is_remote { &self.server.sent } else { &self.client.peer_chain };
        received.first().map(|leaf| &leaf.subject)
    }

    /// Whom the client presented itself as: the subject of the first certificate that the server received, or, where
    /// the server is remote, that the client sent.
    pub fn client_identity(&self) -> Option<&DistinguishedName> {
        let received = if self.server_is_remote { &self.client.sent } else { &self.server.peer_chain };
        received.first().map(|leaf| &leaf.subject)
    }

    /// The first refusal that was a decision of one of the two ends, not the echo of the other's: which end, and why.
    pub fn root(&self) -> Option<(Side, &Failure)> {
        let echo = |f: &&Failure| matches!(f, Failure::AlertReceived(..) | Failure::Closed | Failure::TimedOut);
        let failures = [Side::Client, Side::Server].map(|side| self.story(side).failure.as_ref().map(|f| (side, f)));
        let mut known = failures.into_iter().flatten();
        known.clone().find(|(_, f)| !echo(f)).or_else(|| known.next())
    }
}
