//! A server for any client: it tells who came, or why not, and answers with that. The loop, its limits and its end.

mod address;
mod conversation;
mod floor;
pub mod http;

pub use address::Address;
pub use floor::Stopper;

use crate::diagnose::{self, Finding, Severity, visit::Departure};
use crate::error::{Error, Kind, Result};
use crate::handshake::{self, Failure, Peer, Transcript};
use crate::pki::Cert;
use conversation::Opening;
use floor::{Admission, Floor, Place};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// What a server may spend on its clients.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at once. One more takes the place of the one that has been at its handshake longest.
    pub at_once: usize,
    /// How long a client may keep still after the handshake.
    pub idle: Duration,
    /// How long it may stay after the handshake.
    pub stay: Duration,
    /// How many bytes it may send after the handshake.
    pub bytes: usize,
    /// How many clients may come; without it, any number.
    pub count: Option<u64>,
}

impl Limits {
    /// 64 at once, half a minute of silence, ten minutes, 1 MiB; any number of clients.
    pub fn new() -> Self {
        Limits { at_once: 64, idle: Duration::from_secs(30), stay: Duration::from_secs(600), bytes: 1 << 20, count: None }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::new()
    }
}

/// Who serves. Its peer's `timeout` bounds the handshake, and the head of an HTTP request after it.
pub struct Host<'a> {
    /// What it has and speaks; `at` is set anew for each client.
    pub peer: Peer,
    /// What its keystore and truststore are called.
    pub files: [&'a str; 2],
    /// Certificates that lie in either file, with the file.
    pub known: Vec<(&'a str, Cert)>,
    /// The instant as of which a client is judged that comes now.
    pub clock: &'a (dyn Fn() -> OffsetDateTime + Sync),
    /// Whether warnings count as errors.
    pub is_strict: bool,
}

/// A client that came.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Its address.
    pub peer: SocketAddr,
    /// When it came, or as of when it was judged.
    pub at: OffsetDateTime,
    /// What happened, as the server saw it.
    pub transcript: Transcript,
    /// How it left where it said nothing after the handshake: a health check does so, and so do clients that judge the
    /// server only then (curl its name, Node all of it).
    pub departure: Option<Departure>,
    /// What is wrong, the root cause first.
    pub findings: Vec<Finding>,
}

impl Visit {
    /// Whether the client was accepted.
    pub fn is_ok(&self) -> bool {
        self.findings.iter().all(|f| f.severity != Severity::Error)
    }

    /// Whether the client said anything at all. A port scanner or health check connects and says nothing: it is told of, but
    /// it does not count.
    pub fn counts(&self) -> bool {
        !self.transcript.server.first_bytes.is_empty()
    }
}

/// How many came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Clients that were accepted.
    pub accepted: u64,
    /// Clients that were refused, or that refused us.
    pub refused: u64,
}

impl Tally {
    /// All that count.
    pub fn total(self) -> u64 {
        self.accepted + self.refused
    }
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    floor: Arc<Floor>,
}

/// How long open connections have to end by themselves after the server was asked to stop.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long an accepted client is waited for to speak before it is told of: one that trusts us not may leave only now.
const HEARING: Duration = Duration::from_millis(500);
/// How long a connection is kept for the peer's own goodbye.
const LINGER: Duration = Duration::from_secs(1);
/// How many clients wait to be told of.
const UNTOLD: usize = 16;
/// How often in a row accepting a connection may fail, with a pause each time.
const MAX_FAILURES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

impl Server {
    /// Listens at `address`.
    ///
    /// # Errors
    /// A network error that says why not: the port is taken or privileged, the address is no address of this machine.
    pub fn listen(address: &Address, limits: Limits) -> Result<Server> {
        let (listener, address) = address.listen()?;
        Ok(Server { listener, address, floor: Arc::new(Floor::new(limits, address)) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What ends it, from any thread.
    pub fn stopper(&self) -> Stopper {
        Stopper::new(self.floor.clone())
    }

    /// Serves until it is stopped or its count is reached. Each client is given to `tell`, in this thread; `page` is what an HTTP
    /// client is answered, as JSON.
    ///
    /// # Errors
    /// That of `tell`, which ends it; a network error where no connection can be accepted any more.
    pub fn run(
        &self,
        host: &Host<'_>,
        page: &(dyn Fn(&Visit) -> String + Sync),
        tell: &mut dyn FnMut(&Visit) -> Result<()>,
    ) -> Result<Tally> {
        let (visits, untold) = sync_channel::<Arc<Visit>>(UNTOLD);
        let (told, accepted) = thread::scope(|scope| {
            let attendant = Attendant { host, page, floor: &self.floor };
            let accepting = thread::Builder::new().spawn_scoped(scope, move || self.accept(scope, attendant, visits));
            let mut told = Ok(());
            for visit in untold {
                if told.is_ok() {
                    told = tell(&visit);
                    if told.is_err() {
                        self.stopper().stop();
                    }
                }
            }
            let accepted = match accepting.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(accepted)) => accepted,
                _ => Err(Error::internal("the thread that accepts connections broke down")),
            };
            (told, accepted)
        });
        told.and(accepted).map(|()| self.floor.tally())
    }

    /// Lets clients in until it is to stop, and sees the last ones off.
    fn accept<'s>(&'s self, scope: &'s Scope<'s, '_>, attendant: Attendant<'s>, visits: SyncSender<Arc<Visit>>) -> Result<()> {
        let mut failures = 0;
        let ended = loop {
            let accepted = self.listener.accept();
            if self.floor.is_closing() {
                break Ok(());
            }
            match accepted {
                Ok((tcp, from)) => {
                    failures = 0;
                    let Some(place) = self.floor.enter(&tcp) else { continue };
                    let visits = visits.clone();
                    // without a thread for it the client is let go, and its place with it
                    let _ = thread::Builder::new().spawn_scoped(scope, move || attendant.attend(tcp, from, place, &visits));
                }
                // the client is gone already, or this process has no descriptor left until one of them goes
                Err(_) if failures < MAX_FAILURES => {
                    failures += 1;
                    self.floor.pause(PAUSE);
                }
                Err(e) => {
                    self.stopper().stop();
                    break Err(Error::new(
                        Kind::Network,
                        format!("{} accepts no more connections", self.address),
                        "see how many files this process may open (ulimit -n), then start it again",
                    )
                    .because(e));
                }
            }
        };
        self.floor.see_off(FAREWELL);
        ended
    }
}

/// Attends to one client.
#[derive(Clone, Copy)]
struct Attendant<'a> {
    host: &'a Host<'a>,
    page: &'a (dyn Fn(&Visit) -> String + Sync),
    floor: &'a Arc<Floor>,
}

impl Attendant<'_> {
    fn attend(&self, tcp: TcpStream, from: SocketAddr, place: Place, visits: &SyncSender<Arc<Visit>>) {
        let at = (self.host.clock)();
        let peer = Peer { at, ..self.host.peer.clone() };
        let local = tcp.local_addr().map_or(from.ip(), |a| a.ip()).to_canonical();
        let (mut transcript, mut stream) = handshake::accept(&peer, tcp);
        place.has_shaken_hands(stream.is_some());
        let opening = stream.as_mut().map(|stream| conversation::opening(stream, Instant::now() + HEARING));
        let mut departure = None;
        match &opening {
            Some(Opening::Left) => departure = Some(Departure::Polite),
            Some(Opening::Ended(Failure::Closed)) => departure = Some(Departure::Abrupt),
            Some(Opening::Ended(alert @ Failure::AlertReceived(..))) => transcript.refuse_late(alert.clone()),
            _ => {}
        }
        if place.was_displaced() && transcript.server.failure.is_some() {
            transcript.server.failure = Some(Failure::TimedOut);
        }
        let findings = self.judge(&peer, &mut transcript, departure, local);
        let from = SocketAddr::new(from.ip().to_canonical(), from.port());
        let visit = Arc::new(Visit { peer: from, at, transcript, departure, findings });
        if place.admit(visit.counts(), visit.is_ok()) == Admission::TooLate || visits.send(visit.clone()).is_err() {
            return;
        }
        if let (Some(mut stream), Some(Opening::Said(said))) = (stream, opening) {
            let limits = conversation::Limits::new(self.floor.limits(), peer.timeout);
            conversation::hold(&mut stream, said, &limits, &|| (self.page)(&visit));
            stream.close(Instant::now() + LINGER);
        }
    }

    fn judge(
        &self,
        peer: &Peer,
        transcript: &mut Transcript,
        departure: Option<Departure>,
        local: std::net::IpAddr,
    ) -> Vec<Finding> {
        // a peer without an identity serves nobody
        let Some(server) = &peer.identity else { return vec![] };
        let mut findings = diagnose::visit::judge(&diagnose::visit::Visit {
            transcript,
            departure,
            files: self.host.files,
            server,
            trusts: peer.trust.as_deref().unwrap_or_default(),
            known: &self.host.known,
            local,
            now: peer.at,
            crls: &peer.crls,
        });
        if transcript.completed && findings.iter().any(|f| f.severity == Severity::Error) {
            // the handshake was whole, and the client did not like what it saw
            transcript.refuse_late(Failure::Closed);
        }
        if self.host.is_strict {
            for finding in findings.iter_mut().filter(|f| f.severity == Severity::Warning) {
                finding.severity = Severity::Error;
            }
        }
        findings
    }
}
