//! Our half of a handshake over TCP, by the library, with a foreign program at the other end.

use crate::program::PASSWORD;
use mtls::diagnose::store::identities;
use mtls::formats::Budget;
use mtls::handshake::{self, Peer, Transcript};
use mtls::pki::{Password, Passwords};
use mtls::stores;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;
use time::OffsetDateTime;

/// A peer that presents the only identity of `keystore` and trusts what is in `truststore`.
fn peer(keystore: &Path, truststore: &Path) -> Peer {
    let passwords = Passwords::new(vec![Password::new(PASSWORD)], vec![]);
    let budget = Budget::default();
    let open = |path: &Path| stores::load(path.as_os_str(), &passwords, &budget).unwrap();
    let mut identities = identities(&open(keystore));
    assert_eq!(identities.len(), 1, "{}", keystore.display());
    let trust = open(truststore).anchors().cloned().collect();
    let mut peer = Peer::new(identities.pop().map(|(_, identity)| identity), Some(trust), OffsetDateTime::now_utc());
    peer.timeout = Duration::from_secs(20);
    peer
}

/// Our server, waiting for one client that must have a certificate. It says back what it hears.
pub struct Server {
    pub port: u16,
    thread: JoinHandle<Transcript>,
}

pub fn serve(keystore: &Path, truststore: &Path) -> Server {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let peer = peer(keystore, truststore);
    let thread = std::thread::spawn(move || handshake::serve(&peer, listener.accept().unwrap().0));
    Server { port, thread }
}

impl Server {
    /// The client came, showed a certificate that we trust, and said goodbye.
    #[track_caller]
    pub fn was_mutual(self) {
        let transcript = self.thread.join().unwrap();
        assert!(transcript.mutual, "{:?} at {:?}", transcript.server.failure, transcript.failed_step);
    }
}

/// Our client against the server at `port` of this machine, which must take it and answer.
#[track_caller]
pub fn connect(port: u16, name: &str, keystore: &Path, truststore: &Path) {
    let (transcript, heard) =
        handshake::connect(&peer(keystore, truststore), (Ipv4Addr::LOCALHOST, port).into(), name, b"ping\n").unwrap();
    assert!(transcript.mutual, "{:?} at {:?}", transcript.client.failure, transcript.failed_step);
    assert!(heard.starts_with(b"p"), "{heard:?}");
}
