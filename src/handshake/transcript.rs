//! What a handshake did, from both sides: data, no judgement.

use crate::pki::{Cert, DistinguishedName};

/// One of the two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Why one side broke off, in a form that rules can match on without knowing rustls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// This side's verifier refused the peer's certificate; the word is webpki's (`UnknownIssuer`, `CertExpired` …).
    CertificateRefused(String),
    /// This side wanted a certificate, and the peer sent none.
    NoCertificateSent,
    /// The peer sent this alert (RFC 8446 section 6: number and name).
    AlertReceived(u8, String),
    /// The peer's signature does not fit the certificate it sent.
    SignatureRefused(String),
    /// Nothing in common of this kind: `version`, `cipher suite`, `group`, `signature scheme`, `application protocol`.
    NothingInCommon(&'static str),
    /// This side's own key cannot be used by the stack, with the stack's reason.
    KeyUnusable(String),
    /// The connection was closed without an alert.
    Closed,
    /// The time allowed ran out.
    TimedOut,
    /// Another fault, in the stack's words.
    Other(String),
}

/// What one side saw.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// The certificates the peer sent, in their order.
    pub peer_chain: Vec<Cert>,
    /// What this side's verifier said of them: `None` if it was never asked.
    pub verdict: Option<Result<(), Failure>>,
    /// Why this side broke off; `None` if it did not.
    pub failure: Option<Failure>,
    /// Whether the handshake completed from this side's point of view.
    pub completed: bool,
}

/// What a handshake did.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    /// The client's story.
    pub client: Story,
    /// The server's story.
    pub server: Story,
    /// Whether the server asked for a client certificate, as far as the client saw.
    pub asked: bool,
    /// The CA names that the server asked for.
    pub asked_authorities: Vec<DistinguishedName>,
    /// Whether both sides finished and data went both ways.
    pub completed: bool,
    /// Whether both certificates were presented and verified by the other side.
    pub mutual: bool,
    /// `TLSv1.3`, once negotiated.
    pub version: Option<String>,
    /// `TLS13_AES_256_GCM_SHA384` as IANA writes it (`TLS_AES_256_GCM_SHA384`), once negotiated.
    pub cipher: Option<String>,
    /// The key exchange group (`X25519MLKEM768`), once negotiated.
    pub group: Option<String>,
    /// The application protocol, once negotiated.
    pub alpn: Option<String>,
    /// The name that the client checked.
    pub name: String,
    /// The step at which it broke off; `None` if it did not.
    pub failed_step: Option<Step>,
}
