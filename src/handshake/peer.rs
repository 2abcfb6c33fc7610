//! A peer as its owner describes it, and the rustls configuration that it comes to.

use super::failure::Failure;
use super::notes::Log;
use super::presenter::{ClientPresenter, Selection, ServerPresenter, certified};
use super::reason;
use super::stack;
use super::verifier::{ClientJudge, ServerJudge, Trust};
use crate::pki::crl::Crl;
use crate::pki::{Cert, Identity};
use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{ServerName, UnixTime};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, Connection, ServerConfig, ServerConnection, SupportedProtocolVersion, version};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// The TLS versions that a peer speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Versions {
    /// TLS 1.3, and 1.2 where the other side knows no better.
    #[default]
    Both,
    /// TLS 1.2 only.
    Tls12,
    /// TLS 1.3 only.
    Tls13,
}

impl Versions {
    pub(super) fn supported(self) -> &'static [&'static SupportedProtocolVersion] {
        static BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS13, &version::TLS12];
        match self {
            Versions::Both => &BOTH,
            Versions::Tls13 => &BOTH[..1],
            Versions::Tls12 => &BOTH[1..],
        }
    }
}

/// What a server does about client certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientAuth {
    /// It asks for one and refuses clients without.
    #[default]
    Require,
    /// It asks for one and serves clients without, too.
    Ask,
    /// It does not ask: one-way TLS. So does every server that has no truststore.
    Skip,
}

/// One side of a handshake: what it has, and what it speaks.
#[derive(Debug, Clone)]
pub struct Peer {
    /// What it presents, sent as it is stored.
    pub identity: Option<Identity>,
    /// The certificates in its truststore. A client without one trusts nobody; a server without one does not ask for a
    /// client certificate.
    pub trust: Option<Vec<Cert>>,
    /// Revocation lists; a list counts for the certificates of its issuer only.
    pub crls: Vec<Crl>,
    /// The TLS versions it speaks.
    pub versions: Versions,
    /// The application protocols it speaks, the best first; none means that it does not care.
    pub alpn: Vec<String>,
    /// As a server: what it does about client certificates.
    pub client_auth: ClientAuth,
    /// As a client: when it sends its certificate.
    pub selection: Selection,
    /// The instant as of which it judges certificates.
    pub at: OffsetDateTime,
    /// How long the whole conversation may take.
    pub timeout: Duration,
}

impl Peer {
    /// A peer with the usual habits: TLS 1.3 or 1.2, client certificates required, five seconds' patience.
    pub fn new(identity: Option<Identity>, trust: Option<Vec<Cert>>, at: OffsetDateTime) -> Self {
        Peer {
            identity,
            trust,
            crls: Vec::new(),
            versions: Versions::Both,
            alpn: Vec::new(),
            client_auth: ClientAuth::Require,
            selection: Selection::Always,
            at,
            timeout: Duration::from_secs(5),
        }
    }

    /// What this peer does about client certificates when it serves: [`ClientAuth::Skip`] without a truststore.
    pub fn effective_client_auth(&self) -> ClientAuth {
        if self.trust.is_some() { self.client_auth } else { ClientAuth::Skip }
    }

    /// Whether this peer can serve at all.
    ///
    /// # Errors
    /// Why not: it has no identity, or one whose key cannot sign in TLS.
    pub fn can_serve(&self) -> Result<(), Failure> {
        self.server(&Arc::default()).map(|_| ())
    }

    /// This peer's end of a connection to `name`.
    ///
    /// # Errors
    /// Why it cannot even begin: its identity cannot be used.
    pub(super) fn client(&self, name: &ServerName<'static>, log: &Arc<Log>) -> Result<Connection, Failure> {
        let mut config = self.client_config(log, None)?;
        config.resumption = Resumption::disabled();
        ClientConnection::new(Arc::new(config), name.clone()).map(Connection::Client).map_err(|e| reason::of(&e))
    }

    /// What this peer's ends have in common when it connects. It checks the server for the name `expected` where that is
    /// another one than it asks for.
    ///
    /// # Errors
    /// As for [`Peer::client`].
    pub(super) fn client_config(&self, log: &Arc<Log>, expected: Option<ServerName<'static>>) -> Result<ClientConfig, Failure> {
        let provider = stack::provider();
        let identity = match &self.identity {
            Some(identity) => Some((certified(identity, &provider)?, identity.chain.clone())),
            None => None,
        };
        let trust = self.trust(&provider, log);
        let mut config = ClientConfig::builder_with_details(provider.clone(), self.clock())
            .with_protocol_versions(self.versions.supported())
            .map_err(|e| reason::of(&e))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(ServerJudge::new(&trust, &provider, log.clone(), expected)))
            .with_client_cert_resolver(Arc::new(ClientPresenter { log: log.clone(), selection: self.selection, identity }));
        config.alpn_protocols = self.protocols();
        Ok(config)
    }

    /// This peer's end of a connection that a client makes to it.
    ///
    /// # Errors
    /// As for a client; also without an identity.
    pub(super) fn server(&self, log: &Arc<Log>) -> Result<Connection, Failure> {
        let provider = stack::provider();
        let identity = self.identity.as_ref().ok_or(Failure::NothingToPresent)?;
        let identity = (certified(identity, &provider)?, identity.chain.clone());
        let judge = |mandatory| {
            let trust = self.trust(&provider, log);
            Arc::new(ClientJudge::new(&trust, &provider, mandatory, log.clone()))
        };
        let verifier = match self.effective_client_auth() {
            ClientAuth::Require => judge(true),
            ClientAuth::Ask => judge(false),
            ClientAuth::Skip => WebPkiClientVerifier::no_client_auth(),
        };
        let mut config = ServerConfig::builder_with_details(provider.clone(), self.clock())
            .with_protocol_versions(self.versions.supported())
            .map_err(|e| reason::of(&e))?
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(Arc::new(ServerPresenter { log: log.clone(), identity }));
        config.alpn_protocols = self.protocols();
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        ServerConnection::new(Arc::new(config)).map(Connection::Server).map_err(|e| reason::of(&e))
    }

    fn trust(&self, provider: &Arc<CryptoProvider>, log: &Log) -> Trust {
        let mut trust = Trust::new(self.trust.as_deref().unwrap_or_default(), &self.crls, provider);
        log.notes().story.skipped = std::mem::take(&mut trust.skipped);
        trust
    }

    pub(super) fn protocols(&self) -> Vec<Vec<u8>> {
        self.alpn.iter().map(|protocol| protocol.clone().into_bytes()).collect()
    }

    pub(super) fn clock(&self) -> Arc<Fixed> {
        Arc::new(Fixed(stack::unix_time(self.at)))
    }
}

/// A clock that stands still.
#[derive(Debug)]
pub(super) struct Fixed(UnixTime);

impl TimeProvider for Fixed {
    fn current_time(&self) -> Option<UnixTime> {
        Some(self.0)
    }
}
