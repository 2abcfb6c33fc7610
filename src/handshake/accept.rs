//! The server's half of a handshake, for a caller that goes on with the connection.

use super::failure::Failure;
use super::names;
use super::notes::Log;
use super::remote::Wares;
use super::step;
use super::stream::Stream;
use super::transcript::{Offer, Transcript};
use super::wire::LINGER;
use super::{ClientAuth, Peer};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Instant;

/// What a client of plain HTTP is told; nginx and Go answer alike.
const USE_HTTPS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 36\r\n\
    Connection: close\r\n\r\nthis port speaks TLS: use https://\r\n";

/// Shakes hands, as `server`, with the client at the other end of `tcp`; all of it within `server.timeout`. Returns what the
/// server saw, and the connection where the handshake completed.
///
/// A client may still refuse the server afterwards, without a word: Node does.
pub fn accept(server: &Peer, tcp: TcpStream) -> (Transcript, Option<Stream>) {
    let log = Arc::new(Log::default());
    let deadline = Instant::now() + server.timeout;
    let mut transcript = Transcript { client_is_remote: true, ..Transcript::default() };
    let stream = match server.server(&log) {
        Ok(tls) => {
            let mut stream = Stream::new(tls, tcp);
            let outcome = stream.shake_hands(&log, deadline);
            transcript.note_negotiated(stream.tls());
            match outcome {
                Ok(()) => Some(stream),
                Err(failure) => {
                    let linger = deadline.min(Instant::now() + LINGER);
                    match failure {
                        Failure::Closed | Failure::TimedOut => {}
                        // an alert would tell a browser nothing
                        Failure::NotTls if is_http(&log) => stream.say_plainly(USE_HTTPS, linger),
                        _ => stream.sign_off(linger),
                    }
                    log.notes().story.failure = Some(failure);
                    None
                }
            }
        }
        Err(failure) => {
            log.notes().story.failure = Some(failure);
            None
        }
    };
    transcript.conclude_as_server(&log, server, stream.is_some());
    (transcript, stream)
}

impl Transcript {
    /// Takes over what the server noted of a client that is another program.
    fn conclude_as_server(&mut self, log: &Log, server: &Peer, is_complete: bool) {
        let notes = log.notes().clone();
        (self.server, self.offer) = (notes.story, notes.offer);
        if let Some(Failure::NothingInCommon(what)) = &mut self.server.failure {
            *what = lacking(what, &self.server.first_bytes, self.offer.as_ref(), server);
        }
        // it had picked its certificate, and then had nothing to say
        if matches!(self.server.failure, Some(Failure::NothingInCommon(_))) {
            self.server.sent.clear();
        }
        self.server.completed = is_complete;
        self.asked = server.effective_client_auth() != ClientAuth::Skip && !self.server.sent.is_empty();
        if self.asked {
            self.asked_authorities = server.trust.iter().flatten().map(|anchor| anchor.subject.clone()).collect();
        }
        self.name = self.offer.as_ref().and_then(|offer| offer.server_name.clone()).unwrap_or_default();
        self.completed = is_complete;
        self.mutual = is_complete && self.server.verdict == Some(Ok(()));
        self.failed_step = step::failed_step(self);
    }

    /// Takes a handshake that completed for one that the client refused after all: it sent this alert instead of data.
    pub fn refuse_late(&mut self, alert: Failure) {
        self.server.failure = Some(alert);
        (self.completed, self.mutual) = (false, false);
        self.failed_step = Some(super::Step::ClientVerifiesServer);
    }
}

/// What a client that this server cannot talk to lacks. rustls names the first thing that it misses: an old client's first
/// message lacks the extensions of a new one's, and that is not its fault.
fn lacking(what: &'static str, first_bytes: &[u8], offer: Option<&Offer>, server: &Peer) -> &'static str {
    if client_version(first_bytes).is_some_and(|version| version < TLS12) {
        return "version";
    }
    let ours: Vec<String> = Wares::of(server).suites.iter().map(|suite| names::cipher_suite_name(*suite)).collect();
    match offer {
        Some(offer) if what == "group" && !offer.cipher_suites.iter().any(|suite| ours.contains(suite)) => "cipher suite",
        _ => what,
    }
}

/// TLS 1.2, which a TLS 1.3 client names here too (RFC 8446 section 4.1.2).
const TLS12: u16 = 0x0303;

/// The version that a ClientHello names: the highest one that the client speaks, up to TLS 1.2. `None` where the bytes are no
/// beginning of a ClientHello.
pub fn client_version(first_bytes: &[u8]) -> Option<u16> {
    match first_bytes {
        // a record of handshake messages, its version and length; a ClientHello, its length and version
        [0x16, 3, _, _, _, 1, _, _, _, high, low, ..] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    }
}

/// Whether what came first is an HTTP request: `GET / HTTP/1.1`.
fn is_http(log: &Log) -> bool {
    let methods = ["GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "DELETE ", "PATCH "];
    methods.iter().any(|method| log.notes().story.first_bytes.starts_with(method.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::good;
    use super::super::{Versions, connect};
    use super::*;
    use std::io::Write;
    use std::net::TcpListener;
    use std::time::Duration;

    fn listener() -> (TcpListener, std::net::SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[test]
    fn a_client_is_accepted_and_talked_with() {
        let (mut client, server) = good();
        for versions in [Versions::Tls12, Versions::Tls13] {
            client.versions = versions;
            let (listener, address) = listener();
            let request = vec![b'x'; 40_000];
            let (theirs, (ours, said)) = std::thread::scope(|scope| {
                let serving = scope.spawn(|| {
                    let (transcript, stream) = accept(&server, listener.accept().unwrap().0);
                    let (mut stream, mut said) = (stream.unwrap(), Vec::new());
                    let deadline = Instant::now() + Duration::from_secs(20);
                    let mut buffer = [0; 1000];
                    while said.len() < 40_000 {
                        let n = stream.read(&mut buffer, deadline).unwrap();
                        said.extend_from_slice(&buffer[..n]);
                    }
                    stream.write_all(b"thanks", deadline).unwrap();
                    stream.close(deadline);
                    (transcript, said)
                });
                let client = Peer { timeout: Duration::from_secs(20), ..client.clone() };
                (connect(&client, address, "localhost", &request).unwrap(), serving.join().unwrap())
            });
            assert_eq!((theirs.1.as_slice(), said), (&b"thanks"[..], request));
            assert!(theirs.0.mutual && ours.mutual && ours.client_is_remote && ours.failed_step.is_none());
            assert_eq!(ours.client_identity().unwrap().to_string(), "CN=client");
            assert_eq!(ours.server_identity().unwrap().to_string(), "CN=server");
            assert_eq!((&ours.version, &ours.cipher, &ours.group), (&theirs.0.version, &theirs.0.cipher, &theirs.0.group));
            assert_eq!((ours.name.as_str(), ours.asked_authorities.len()), ("localhost", 1));
        }
    }

    #[test]
    fn a_handshake_has_one_deadline_however_busy_the_client_looks() {
        let (_, server) = good();
        let server = Peer { timeout: Duration::from_millis(300), ..server };
        let (listener, address) = listener();
        let mut client = TcpStream::connect(address).unwrap();
        let tcp = listener.accept().unwrap().0;
        let begun = Instant::now();
        let (t, _) = std::thread::scope(|scope| {
            let serving = scope.spawn(|| accept(&server, tcp));
            // a message of 16 KiB, a byte at a time
            client.write_all(&[22, 3, 1, 64, 0, 1, 0, 63, 252]).unwrap();
            while client.write_all(&[0]).is_ok() && !serving.is_finished() {
                std::thread::sleep(Duration::from_millis(20));
            }
            serving.join().unwrap()
        });
        assert_eq!((t.server.failure, t.failed_step), (Some(Failure::TimedOut), Some(super::super::Step::ClientConnects)));
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert!(!t.asked && t.server.first_bytes.starts_with(&[22, 3, 1]));
    }

    #[test]
    fn a_server_that_cannot_begin_says_why() {
        let (_, server) = good();
        let (listener, address) = listener();
        let _client = TcpStream::connect(address).unwrap();
        let (t, stream) = accept(&Peer { identity: None, ..server }, listener.accept().unwrap().0);
        assert!(stream.is_none());
        assert_eq!(t.server.failure, Some(Failure::NothingToPresent));
    }
}
