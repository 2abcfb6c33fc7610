//! A client of ours and a server that is another program: one configuration, as many calls as it takes.

use super::failure::Failure;
use super::notes::Log;
use super::onlooker::Onlooker;
use super::peer::Peer;
use super::presenter::ClientPresenter;
use super::reason;
use super::stack;
use super::transcript::Transcript;
use super::wire::{self, End, Talk, Waits};
use crate::error::Result;
use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, Connection, HandshakeKind};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use super::wire::Errand;

/// How to call.
#[derive(Debug, Clone)]
pub struct Manner {
    /// The name that the server's certificate must carry.
    pub name: String,
    /// The name to ask for (SNI), if any. An IP address is never sent (RFC 6066 section 3).
    pub asks_for: Option<String>,
    /// Whether a later call may resume the session of an earlier one.
    pub resumes: bool,
}

/// A client that can call several times.
pub struct Caller {
    config: Arc<ClientConfig>,
    asks_for: ServerName<'static>,
    name: String,
    log: Arc<Log>,
    timeout: Duration,
}

/// What came of one call.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// What happened.
    pub transcript: Transcript,
    /// What the server answered, at most 64 KiB.
    pub heard: Vec<u8>,
    /// Whether the session was resumed.
    pub is_resumed: bool,
    /// Whether the server said goodbye in TLS's own form (close_notify).
    pub said_goodbye: bool,
    /// How long the handshake took; `None` where it did not complete.
    pub took: Option<Duration>,
}

/// How long a caller waits once the handshake is done.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Before it speaks.
    pub pause: Duration,
    /// For an answer; slow servers get more, in proportion to their handshake.
    pub silence: Duration,
}

impl Caller {
    /// A caller that is `client`, judges the server and shows its certificate if it is asked for one.
    ///
    /// # Errors
    /// Usage errors where a name is no host name; the inner error says why this client cannot even begin.
    pub fn new(client: &Peer, manner: &Manner) -> Result<Result<Caller, Failure>> {
        let names = Names::of(manner)?;
        let log = Arc::new(Log::default());
        let config = client.client_config(&log, Some(names.expected.clone()));
        Ok(config.map(|config| Caller::with(config, names, manner, log, client.timeout)))
    }

    /// A caller that shows nothing and takes any server: to learn what it presents and asks for. Its verdict is missing
    /// from the transcripts, for it makes none.
    ///
    /// # Errors
    /// As [`Caller::new`].
    pub fn onlooker(client: &Peer, manner: &Manner) -> Result<Result<Caller, Failure>> {
        let names = Names::of(manner)?;
        let log = Arc::new(Log::default());
        let provider = stack::provider();
        let config = ClientConfig::builder_with_details(provider.clone(), client.clock())
            .with_protocol_versions(client.versions.supported())
            .map_err(|e| reason::of(&e));
        Ok(config.map(|builder| {
            let presenter = ClientPresenter { log: log.clone(), selection: client.selection, identity: None };
            let mut config = builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Onlooker::new(&provider, log.clone())))
                .with_client_cert_resolver(Arc::new(presenter));
            config.alpn_protocols = client.protocols();
            Caller::with(config, names, manner, log, client.timeout)
        }))
    }

    fn with(mut config: ClientConfig, names: Names, manner: &Manner, log: Arc<Log>, timeout: Duration) -> Caller {
        config.enable_sni = manner.asks_for.is_some();
        if !manner.resumes {
            config.resumption = Resumption::disabled();
        }
        Caller { config: Arc::new(config), asks_for: names.asks_for, name: manner.name.clone(), log, timeout }
    }

    /// Shakes hands over `stream`, then runs `errand`. Silence after a whole handshake counts as no refusal.
    pub fn call(&self, stream: TcpStream, errand: &dyn Errand, patience: Patience) -> Call {
        self.log.restart();
        let mut call = Call {
            transcript: Transcript { name: self.name.clone(), server_is_remote: true, ..Transcript::default() },
            ..Call::default()
        };
        match ClientConnection::new(self.config.clone(), self.asks_for.clone()) {
            Ok(tls) => {
                let waits = Waits { pause: patience.pause, silence: Some(patience.silence) };
                let mut end = End::new(Connection::Client(tls), Talk::Ask(errand), self.log.clone()).waiting(waits);
                let begun = Instant::now();
                wire::over_tcp(&mut end, stream, self.timeout);
                call.transcript.note_client(&end);
                call.is_resumed = end.tls.handshake_kind() == Some(HandshakeKind::Resumed);
                call.said_goodbye = end.peer_has_closed;
                call.took = end.shaken.map(|at| at - begun);
                call.heard = end.heard;
            }
            Err(error) => call.transcript.client.failure = Some(reason::of(&error)),
        }
        call.transcript.conclude_remotely();
        call
    }
}

/// The two names of a call.
struct Names {
    expected: ServerName<'static>,
    asks_for: ServerName<'static>,
}

impl Names {
    fn of(manner: &Manner) -> Result<Names> {
        let expected = stack::server_name(&manner.name)?;
        let asks_for = manner.asks_for.as_deref().map_or(Ok(expected.clone()), stack::server_name)?;
        Ok(Names { expected, asks_for })
    }
}

impl Call {
    /// Takes the call for refused after all: what the server answered says so.
    pub fn refuse(&mut self, words: String) {
        self.transcript.client.failure = Some(Failure::RefusedInWords(words));
        self.transcript.conclude_remotely();
    }
}

/// What our own stack offers, as the numbers of IANA's registries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wares {
    /// The cipher suites of the versions that `client` speaks.
    pub suites: Vec<u16>,
    /// The key exchange groups.
    pub groups: Vec<u16>,
    /// The signature schemes.
    pub schemes: Vec<u16>,
    /// The versions, the highest first (0x0304 is TLS 1.3).
    pub versions: Vec<u16>,
}

impl Wares {
    /// What `client` offers.
    pub fn of(client: &Peer) -> Wares {
        let provider = stack::provider();
        let versions: Vec<u16> = client.versions.supported().iter().map(|v| u16::from(v.version)).collect();
        let suites = provider.cipher_suites.iter().filter(|s| versions.contains(&u16::from(s.version().version)));
        Wares {
            suites: suites.map(|s| u16::from(s.suite())).collect(),
            groups: provider.kx_groups.iter().map(|g| u16::from(g.name())).collect(),
            schemes: provider.signature_verification_algorithms.supported_schemes().iter().map(|s| u16::from(*s)).collect(),
            versions,
        }
    }
}
