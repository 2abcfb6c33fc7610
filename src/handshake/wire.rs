//! The ways between two ends: memory, loopback TCP, and TCP to another program.
//!
//! After the handshake data goes both ways, because in TLS 1.3 a client learns of a refusal only when it reads.

use super::failure::Failure;
use super::notes::{Log, Notes};
use crate::error::{Error, Kind, Result};
use rustls::Connection;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the client says first, and the server says back.
const GREETING: &[u8] = b"mtls: hello\n";
/// How much of what the peer says is kept.
const MAX_HEARD: usize = 64 << 10;
/// How long an end that broke off waits for the other to take notice, so that its alert is not lost to a reset.
pub(super) const LINGER: Duration = Duration::from_millis(500);

/// What a client asks of a server that is another program, once the handshake is done.
pub trait Errand: Send + Sync {
    /// Its words, given the application protocol that was agreed on. Nothing to say is nothing to send.
    fn words(&self, alpn: Option<&str>) -> Vec<u8>;
    /// Whether what was heard is all that we wanted to hear.
    fn is_answered(&self, heard: &[u8]) -> bool;
}

/// The same words whatever the protocol; any answer does.
impl Errand for Vec<u8> {
    fn words(&self, _: Option<&str>) -> Vec<u8> {
        self.clone()
    }

    fn is_answered(&self, heard: &[u8]) -> bool {
        !heard.is_empty()
    }
}

/// What an end says once the handshake is done.
pub(super) enum Talk<'a> {
    /// It greets, wants its greeting back, and says goodbye.
    Greet,
    /// It says back what it hears, and goodbye when the other does.
    Echo,
    /// It runs this errand and waits for an answer, for goodbye, or for the end of its patience.
    Ask(&'a dyn Errand),
}

/// A server that took this long for its part of the handshake may take this many times as long for its verdict.
const SLOWNESS: u32 = 8;

/// How long a client that asks waits after the handshake.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Waits {
    /// Before it speaks: what is said to a server that is about to refuse comes back as a reset, and takes its alert along.
    pub(super) pause: Duration,
    /// For an answer, beside [`SLOWNESS`] times what the handshake took; without it as long as everything may take.
    pub(super) silence: Option<Duration>,
}

/// One end of a conversation.
pub(super) struct End<'a> {
    /// The TLS state.
    pub(super) tls: Connection,
    /// What the peer said after the handshake.
    pub(super) heard: Vec<u8>,
    /// Whether the conversation came to its intended end.
    pub(super) is_over: bool,
    /// When the handshake was done.
    pub(super) shaken: Option<Instant>,
    /// Whether the peer said goodbye (close_notify).
    pub(super) peer_has_closed: bool,
    talk: Talk<'a>,
    begun: Instant,
    waits: Waits,
    spoken: Option<Instant>,
    log: Arc<Log>,
}

impl<'a> End<'a> {
    /// An end that has not begun.
    pub(super) fn new(tls: Connection, talk: Talk<'a>, log: Arc<Log>) -> Self {
        let (waits, begun) = (Waits::default(), Instant::now());
        End {
            tls,
            heard: Vec::new(),
            is_over: false,
            shaken: None,
            peer_has_closed: false,
            talk,
            begun,
            waits,
            spoken: None,
            log,
        }
    }

    /// The same end with other waits.
    pub(super) fn waiting(self, waits: Waits) -> Self {
        End { waits, ..self }
    }

    /// When it goes on by itself although the peer is silent.
    fn wakes(&self) -> Option<Instant> {
        match (&self.talk, self.shaken?, self.spoken) {
            (Talk::Ask(_), shaken, None) => Some(shaken + self.waits.pause),
            (Talk::Ask(_), shaken, Some(spoken)) => {
                self.waits.silence.map(|silence| spoken + silence + (shaken - self.begun) * SLOWNESS)
            }
            _ => None,
        }
    }

    /// Goes on by itself; whether it was time to.
    fn wake(&mut self) -> bool {
        if self.wakes().is_none_or(|at| Instant::now() < at) {
            return false;
        }
        if self.spoken.is_none() {
            self.speak();
        } else {
            self.leave();
        }
        true
    }

    fn leave(&mut self) {
        self.tls.send_close_notify();
        self.is_over = true;
    }

    /// Takes in what arrived, and reacts.
    fn feed(&mut self, mut bytes: &[u8]) {
        self.log.note_first(bytes);
        while !bytes.is_empty() && !self.is_finished() {
            match self.tls.read_tls(&mut bytes) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => return self.fail(Failure::Other(error.to_string())),
            }
            match self.tls.process_new_packets() {
                Ok(state) => {
                    self.peer_has_closed |= state.peer_has_closed();
                    self.speak();
                }
                Err(error) => {
                    let failure = self.log.failure(&error);
                    self.fail(failure);
                }
            }
        }
    }

    /// Goes on with the conversation as far as the handshake and the peer allow.
    fn speak(&mut self) {
        self.listen();
        if self.tls.is_handshaking() {
            return;
        }
        let now = Instant::now();
        let shaken = *self.shaken.get_or_insert(now);
        let answer = match &self.talk {
            Talk::Greet => GREETING.to_vec(),
            Talk::Echo if self.heard.ends_with(b"\n") => self.heard.clone(),
            Talk::Echo => Vec::new(),
            Talk::Ask(errand) => errand.words(self.tls.alpn_protocol().and_then(|p| std::str::from_utf8(p).ok())),
        };
        let is_asking = matches!(self.talk, Talk::Ask(_));
        let is_time = if is_asking { now >= shaken + self.waits.pause } else { !answer.is_empty() };
        // writing to rustls's own buffer does not fail for so few bytes
        if self.spoken.is_none() && is_time && self.tls.writer().write_all(&answer).is_ok() {
            self.spoken = Some(now);
        }
        let is_content = match self.talk {
            Talk::Greet => self.heard.starts_with(GREETING),
            Talk::Echo => self.peer_has_closed && self.spoken.is_some(),
            Talk::Ask(errand) => self.peer_has_closed || (self.spoken.is_some() && errand.is_answered(&self.heard)),
        };
        if is_content {
            self.leave();
        }
    }

    /// Reads what the peer said.
    fn listen(&mut self) {
        let mut buffer = [0; 4096];
        // ends at what has arrived so far: rustls says `WouldBlock` there, and 0 or an error after the peer's goodbye
        while let Ok(n @ 1..) = self.tls.reader().read(&mut buffer) {
            let room = MAX_HEARD.saturating_sub(self.heard.len());
            self.heard.extend_from_slice(&buffer[..n.min(room)]);
        }
    }

    /// Breaks off; what comes first stays.
    fn fail(&mut self, failure: Failure) {
        self.log.notes().story.failure.get_or_insert(failure);
    }

    fn has_failed(&self) -> bool {
        self.log.notes().story.failure.is_some()
    }

    fn is_finished(&self) -> bool {
        self.is_over || self.has_failed()
    }

    /// The peer is gone: a failure, unless all was said.
    fn abandoned(&mut self, failure: Failure) {
        if !self.is_over {
            self.fail(failure);
        }
    }

    /// What it noted in the end.
    pub(super) fn notes(&self) -> Notes {
        let mut notes = self.log.notes().clone();
        notes.story.completed = !self.tls.is_handshaking();
        // it had picked its certificate, and then had nothing to say, or nobody whom it would have said it to
        let is_refusing_server = matches!(self.tls, Connection::Client(_)) && matches!(notes.story.verdict, Some(Err(_)));
        if is_refusing_server || matches!(notes.story.failure, Some(Failure::NothingInCommon(_) | Failure::SignatureRefused(_))) {
            notes.story.sent.clear();
        }
        notes
    }
}

/// Lets two ends talk in memory until neither has anything more to say.
pub(super) fn in_memory(client: &mut End<'_>, server: &mut End<'_>) {
    while carry(client, server) | carry(server, client) {}
    client.abandoned(Failure::Closed);
    server.abandoned(Failure::Closed);
}

/// Brings what `from` has to say to `to`; whether there was anything.
fn carry(from: &mut End<'_>, to: &mut End<'_>) -> bool {
    let mut bytes = Vec::new();
    // a Vec takes all that it is given
    while from.tls.wants_write() && from.tls.write_tls(&mut bytes).is_ok() {}
    to.feed(&bytes);
    !bytes.is_empty()
}

/// Two ends of a TCP connection over 127.0.0.1: the client's and the server's.
///
/// # Errors
/// A network error where this machine does not let us.
pub(super) fn loopback() -> Result<(TcpStream, TcpStream)> {
    let refused = |error: io::Error| {
        Error::new(
            Kind::Network,
            "no TCP connection within this machine (127.0.0.1)",
            "allow this program to use the loopback interface, then run it again",
        )
        .because(error)
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(refused)?;
    let client = TcpStream::connect(listener.local_addr().map_err(refused)?).map_err(refused)?;
    let ours = client.local_addr().map_err(refused)?;
    // the kernel has queued our connection already; another program's may have come before it, but not for ever
    for _ in 0..64 {
        let (server, from) = listener.accept().map_err(refused)?;
        if from == ours {
            return Ok((client, server));
        }
    }
    Err(Error::internal("another program took every connection on a loopback port"))
}

/// A TCP connection to another program, or why there is none.
pub(super) fn remote(address: SocketAddr, timeout: Duration) -> Result<TcpStream, Failure> {
    TcpStream::connect_timeout(&address, timeout).map_err(|error| match error.kind() {
        ErrorKind::ConnectionRefused => Failure::ConnectionRefused,
        _ => io_failure(&error),
    })
}

/// Lets both ends talk over loopback TCP, the server in a thread of its own.
///
/// # Errors
/// As [`loopback`].
pub(super) fn over_loopback(client: &mut End<'_>, server: &mut End<'_>, patience: [Duration; 2]) -> Result<()> {
    let (client_stream, server_stream) = loopback()?;
    std::thread::scope(|scope| {
        let serving = std::thread::Builder::new()
            .spawn_scoped(scope, || over_tcp(server, server_stream, patience[1]))
            .map_err(|e| Error::internal("the server's thread does not start").because(e))?;
        over_tcp(client, client_stream, patience[0]);
        serving.join().map_err(|_| Error::internal("the server's thread broke down"))
    })
}

/// Lets one end talk over a TCP connection for at most `patience`.
pub(super) fn over_tcp(end: &mut End<'_>, mut stream: TcpStream, patience: Duration) {
    let deadline = Instant::now() + patience;
    // a delayed small write would only cost time
    let _ = stream.set_nodelay(true);
    let mut buffer = [0; 16 << 10];
    let mut is_deaf = false;
    loop {
        while end.tls.wants_write() && !is_deaf {
            let written = left(deadline).and_then(|left| stream.set_write_timeout(Some(left)));
            match written.and_then(|()| end.tls.write_tls(&mut stream)) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_timeout(&error) => return end.abandoned(Failure::TimedOut),
                // the peer takes nothing more, but the reason may lie in what it sent before
                Err(_) => is_deaf = true,
            }
        }
        if end.is_finished() {
            break;
        }
        let until = end.wakes().map_or(deadline, |at| at.min(deadline));
        let readable = left(until).and_then(|left| stream.set_read_timeout(Some(left)));
        match readable.and_then(|()| stream.read(&mut buffer)) {
            Ok(0) => return end.abandoned(Failure::Closed),
            Ok(n) => end.feed(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if is_timeout(&error) && end.wake() => {}
            Err(error) => return end.abandoned(io_failure(&error)),
        }
    }
    linger(&mut stream, deadline.min(Instant::now() + LINGER));
}

/// Waits for the peer to close, dropping what it still sends: closing with unread bytes would reset the connection and
/// take back the alert that was just sent.
pub(super) fn linger(stream: &mut TcpStream, deadline: Instant) {
    let mut buffer = [0; 16 << 10];
    if stream.shutdown(Shutdown::Write).is_err() {
        return;
    }
    while let Ok(left) = left(deadline) {
        if stream.set_read_timeout(Some(left)).is_err() || !matches!(stream.read(&mut buffer), Ok(1..)) {
            return;
        }
    }
}

/// What is left of the time: never zero, which would mean for ever.
pub(super) fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// Unix says `WouldBlock` where Windows says `TimedOut`.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

pub(super) fn io_failure(error: &io::Error) -> Failure {
    match error.kind() {
        _ if is_timeout(error) => Failure::TimedOut,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
            Failure::Closed
        }
        _ => Failure::Other(error.to_string()),
    }
}
