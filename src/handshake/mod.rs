//! Two peers make a transcript: a real handshake with rustls on our end or on both. The door to rustls.

mod accept;
pub mod failure;
mod fixtures;
mod names;
mod notes;
mod old_lists;
mod onlooker;
pub mod peer;
pub mod presenter;
pub mod proof;
mod reason;
pub mod remote;
mod stack;
mod step;
pub mod stream;
pub mod transcript;
mod verifier;
mod wire;

pub use accept::{accept, client_version};
pub use failure::{CertRefusal, Failure};
pub use names::{alert_name, cipher_suite_name, group_name};
pub use peer::{ClientAuth, Peer, Versions};
pub use presenter::Selection;
pub use proof::{Strangers, refusals};
pub use remote::{Call, Caller, Errand, Manner};
pub use stream::Stream;
pub use transcript::{Offer, Side, Skipped, SkippedItem, Step, Story, Transcript, Withheld};
pub use verifier::verify;

use crate::error::Result;
use notes::Log;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use wire::{End, Talk};

/// Whether a client can ask for `name`: a DNS name, or an IP address with or without brackets.
pub fn is_host(name: &str) -> bool {
    stack::server_name(name).is_ok()
}

/// A handshake between `client` and `server` over TCP on 127.0.0.1. The client asks for `name`: a DNS name or an IP
/// address, with or without brackets.
///
/// # Errors
/// A usage error where `name` is neither; a network error where this machine forbids the connection. A handshake that
/// fails is no error: the transcript tells.
pub fn run(client: &Peer, server: &Peer, name: &str) -> Result<Transcript> {
    converse(client, server, name, |ours, theirs| wire::over_loopback(ours, theirs, [client.timeout, server.timeout]))
}

/// The same handshake in memory: for trying what would be, many times and fast.
///
/// # Errors
/// A usage error where `name` is no host name.
pub fn run_in_memory(client: &Peer, server: &Peer, name: &str) -> Result<Transcript> {
    converse(client, server, name, |ours, theirs| {
        wire::in_memory(ours, theirs);
        Ok(())
    })
}

/// A handshake between `client` and the program at `address`, which is asked for `name`. After it the client sends
/// `request` and waits for an answer, for a refusal or for the end of its patience, since a TLS 1.3 server judges the
/// client only then. Returns what it answered, at most 64 KiB, beside the transcript. Silence after a whole handshake
/// counts as no refusal.
///
/// # Errors
/// A usage error where `name` is no host name.
pub fn connect(client: &Peer, address: SocketAddr, name: &str, request: &[u8]) -> Result<(Transcript, Vec<u8>)> {
    let asked_name = stack::server_name(name)?;
    let request = request.to_vec();
    let log = Arc::new(Log::default());
    let end = client.client(&asked_name, &log).and_then(|tls| {
        let stream = wire::remote(address, client.timeout)?;
        let mut end = End::new(tls, Talk::Ask(&request), log.clone());
        wire::over_tcp(&mut end, stream, client.timeout);
        Ok(end)
    });
    let mut transcript = Transcript { name: name.to_owned(), server_is_remote: true, ..Transcript::default() };
    let heard = match end {
        Ok(end) => {
            transcript.note_client(&end);
            end.heard
        }
        Err(failure) => {
            transcript.client.failure = Some(failure);
            Vec::new()
        }
    };
    transcript.conclude_remotely();
    Ok((transcript, heard))
}

/// A handshake between `server` and the program that has connected to us on `stream`. After it the server says back, line
/// by line, what it hears, until the client says goodbye; a client that hangs up without one has not completed.
pub fn serve(server: &Peer, stream: TcpStream) -> Transcript {
    let log = Arc::new(Log::default());
    let asked = server.effective_client_auth() != ClientAuth::Skip;
    let mut transcript = Transcript { client_is_remote: true, asked, ..Transcript::default() };
    match server.server(&log) {
        Ok(tls) => {
            let mut end = End::new(tls, Talk::Echo, log);
            wire::over_tcp(&mut end, stream, server.timeout);
            transcript.note_server(&end);
            transcript.completed = end.is_over;
        }
        Err(failure) => transcript.server.failure = Some(failure),
    }
    transcript.mutual = transcript.completed && matches!(transcript.server.verdict, Some(Ok(())));
    transcript.failed_step = step::failed_step(&transcript);
    transcript
}

/// Begins both ends, lets them talk over `wire`, and writes up what they noted.
fn converse(
    client: &Peer,
    server: &Peer,
    name: &str,
    wire: impl FnOnce(&mut End<'_>, &mut End<'_>) -> Result<()>,
) -> Result<Transcript> {
    let asked_name = stack::server_name(name)?;
    let (client_log, server_log) = (Arc::new(Log::default()), Arc::new(Log::default()));
    let ours = client.client(&asked_name, &client_log).map(|tls| End::new(tls, Talk::Greet, client_log));
    let theirs = server.server(&server_log).map(|tls| End::new(tls, Talk::Echo, server_log));
    let mut transcript = Transcript { name: name.to_owned(), ..Transcript::default() };
    match (ours, theirs) {
        (Ok(mut ours), Ok(mut theirs)) => {
            wire(&mut ours, &mut theirs)?;
            transcript.note_server(&theirs);
            transcript.note_client(&ours);
            transcript.completed = ours.is_over && theirs.is_over;
        }
        // who cannot begin keeps the other from beginning: both are told of
        (ours, theirs) => {
            transcript.client.failure = ours.err();
            transcript.server.failure = theirs.err();
        }
    }
    let is_accepted = |story: &Story| matches!(story.verdict, Some(Ok(())));
    transcript.mutual = transcript.completed && is_accepted(&transcript.client) && is_accepted(&transcript.server);
    transcript.failed_step = step::failed_step(&transcript);
    Ok(transcript)
}

impl Transcript {
    /// What came of it, where the server is another program: silence after a whole handshake is no refusal.
    fn conclude_remotely(&mut self) {
        if self.client.completed && self.client.failure == Some(Failure::TimedOut) {
            self.client.failure = None;
        }
        self.completed = self.client.completed && self.client.failure.is_none();
        self.mutual = self.completed && self.asked && !self.client.sent.is_empty();
        self.failed_step = step::failed_step(self);
    }

    /// Takes over what the client saw.
    fn note_client(&mut self, end: &End<'_>) {
        let notes = end.notes();
        self.client = notes.story;
        self.asked = notes.asked.is_some();
        let asked = notes.asked.unwrap_or_default();
        self.asked_authorities = asked.authorities;
        self.asked_schemes = asked.schemes;
        self.note_negotiated(&end.tls);
    }

    /// Takes over what the server saw.
    fn note_server(&mut self, end: &End<'_>) {
        let notes = end.notes();
        self.server = notes.story;
        self.offer = notes.offer;
        self.note_negotiated(&end.tls);
    }

    /// What was agreed on, as far as an end got; the end that is noted last decides, and they do not differ.
    fn note_negotiated(&mut self, tls: &rustls::Connection) {
        let alpn = tls.alpn_protocol().map(|protocol| String::from_utf8_lossy(protocol).into_owned());
        self.version = tls.protocol_version().map(names::version).or(self.version.take());
        self.cipher = tls.negotiated_cipher_suite().map(|suite| names::cipher_suite(suite.suite())).or(self.cipher.take());
        self.group = tls.negotiated_key_exchange_group().map(|group| names::group(group.name())).or(self.group.take());
        self.alpn = alpn.or(self.alpn.take());
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::{AT, Ca, bad_cert, good};
    use super::*;
    use rcgen::{ExtendedKeyUsagePurpose, IsCa, KeyPair};
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Duration;

    /// A pair that works, changed, over both wires, which must tell the same.
    fn meet(client: &Peer, server: &Peer, name: &str) -> Transcript {
        let tcp = run(client, server, name).unwrap();
        let memory = run_in_memory(client, server, name).unwrap();
        assert_eq!(told(&tcp), told(&memory));
        tcp
    }

    type Told = (Option<Failure>, Option<Failure>, [bool; 4], Option<Step>, Option<String>);

    fn told(t: &Transcript) -> Told {
        let flags = [t.client.completed, t.server.completed, t.completed, t.mutual];
        (t.client.failure.clone(), t.server.failure.clone(), flags, t.failed_step, t.version.clone())
    }

    fn alert(number: u8) -> Option<Failure> {
        Some(Failure::AlertReceived(number, alert_name(number)))
    }

    fn refused(why: CertRefusal) -> Option<Failure> {
        Some(Failure::CertificateRefused(why))
    }

    /// Both stories, and where it broke off.
    fn assert_ends(t: &Transcript, client: Option<Failure>, server: Option<Failure>, step: Step) {
        assert_eq!((&t.client.failure, &t.server.failure, t.failed_step), (&client, &server, Some(step)));
        assert!(!t.completed && !t.mutual);
    }

    fn each_version(mut peers: (Peer, Peer), check: impl Fn(&Transcript, Versions)) {
        for versions in [Versions::Tls12, Versions::Tls13] {
            peers.0.versions = versions;
            check(&meet(&peers.0, &peers.1, "localhost"), versions);
        }
    }

    #[test]
    fn a_good_pair_completes_in_both_versions() {
        let (mut client, server) = good();
        let t = meet(&client, &server, "localhost");
        assert!(t.completed && t.mutual && t.failed_step.is_none() && t.asked);
        let agreed = [t.version.as_deref(), t.cipher.as_deref(), t.group.as_deref()];
        assert_eq!(agreed, [Some("TLSv1.3"), Some("TLS_AES_256_GCM_SHA384"), Some("X25519MLKEM768")]);
        assert_eq!(t.server_identity().unwrap().to_string(), "CN=server");
        assert_eq!(t.client_identity().unwrap().to_string(), "CN=client");
        assert_eq!(t.asked_authorities.iter().map(ToString::to_string).collect::<Vec<_>>(), ["CN=Dev CA"]);
        assert_eq!(t.client.sent, t.server.peer_chain);
        assert_eq!(t.server.sent, t.client.peer_chain);
        let offer = t.offer.unwrap();
        assert_eq!((offer.server_name.as_deref(), offer.groups[0].as_str()), (Some("localhost"), "X25519MLKEM768"));
        assert!(offer.signature_schemes.contains(&"mldsa65".to_owned()));

        client.versions = Versions::Tls12;
        let t = meet(&client, &server, "localhost");
        assert!(t.mutual);
        let agreed = [t.version.as_deref(), t.cipher.as_deref(), t.group.as_deref()];
        assert_eq!(agreed, [Some("TLSv1.2"), Some("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"), Some("x25519")]);
    }

    #[test]
    fn every_kind_of_key_serves_on_both_sides() {
        let rsa = || KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
        let of = |algorithm| KeyPair::generate_for(algorithm).unwrap();
        let keys = [
            of(&rcgen::PKCS_ECDSA_P256_SHA256),
            of(&rcgen::PKCS_ECDSA_P384_SHA384),
            of(&rcgen::PKCS_ECDSA_P521_SHA512),
            of(&rcgen::PKCS_ED25519),
            rsa(),
        ];
        for key in keys {
            let ca = Ca::with_key("Dev CA", key);
            each_version(ca.pair(), |t, _| assert!(t.mutual, "{:?} {:?}", t.client, t.server));
        }
    }

    #[test]
    fn ml_dsa_serves_on_both_sides_in_tls_1_3() {
        for algorithm in [&rcgen::PKCS_ML_DSA_44, &rcgen::PKCS_ML_DSA_65, &rcgen::PKCS_ML_DSA_87] {
            let ca = Ca::with_key("Dev CA", KeyPair::generate_for(algorithm).unwrap());
            let (mut client, server) = ca.pair();
            let t = meet(&client, &server, "localhost");
            assert!(t.mutual, "{:?} {:?}", t.client, t.server);
            assert_eq!(t.group.as_deref(), Some("X25519MLKEM768"));
            client.versions = Versions::Tls12;
            let t = meet(&client, &server, "localhost");
            assert_ends(&t, alert(40), Some(Failure::NothingInCommon("signature scheme")), Step::ServerPresents);
            assert!(t.server.sent.is_empty());
            let (_, classical) = Ca::new("Classical CA").pair();
            let trust = vec![ca.cert.clone(), classical.trust.clone().unwrap().remove(0)];
            let server = Peer { trust: Some(trust.clone()), ..classical };
            let t = meet(&Peer { trust: Some(trust), ..client }, &server, "localhost");
            assert_ends(&t, alert(116), Some(Failure::NoCertificateSent), Step::ClientPresents);
            assert_eq!(t.client.withheld, Some(Withheld::NoCommonScheme));
        }
    }

    #[test]
    fn a_client_without_a_certificate_is_refused() {
        let (client, server) = good();
        each_version((Peer { identity: None, ..client }, server), |t, versions| {
            assert_ends(t, alert(116), Some(Failure::NoCertificateSent), Step::ClientPresents);
            // in TLS 1.3 the client believes that it is done
            assert_eq!((t.asked, t.client.completed), (true, versions == Versions::Tls13));
        });
    }

    #[test]
    fn a_server_that_only_asks_serves_a_client_without_a_certificate() {
        let (client, mut server) = good();
        server.client_auth = ClientAuth::Ask;
        let client = Peer { identity: None, ..client };
        each_version((client, server), |t, _| assert!(t.completed && !t.mutual && t.asked));
    }

    #[test]
    fn one_way_tls_completes_and_is_not_mutual() {
        let (client, server) = good();
        each_version((client, Peer { trust: None, ..server }), |t, _| {
            assert!(t.completed && !t.mutual && !t.asked);
            assert!(t.server.peer_chain.is_empty() && t.client.sent.is_empty());
        });
    }

    #[test]
    fn strangers_are_refused_in_both_directions() {
        let (client, server) = good();
        let stranger = Ca::new("Other CA").pair();
        each_version((client.clone(), Peer { identity: stranger.1.identity, ..server.clone() }), |t, _| {
            assert_ends(t, refused(CertRefusal::UnknownIssuer), alert(48), Step::ClientVerifiesServer);
            assert_eq!(t.client.peer_chain.len(), 1);
        });
        each_version((Peer { identity: stranger.0.identity, ..client }, server), |t, _| {
            assert_ends(t, alert(48), refused(CertRefusal::UnknownIssuer), Step::ServerVerifiesClient);
            assert_eq!(t.client_identity().unwrap().to_string(), "CN=client");
        });
    }

    #[test]
    fn a_regenerated_ca_of_the_same_name_is_a_bad_signature() {
        let (client, server) = good();
        let again = Ca::new("Dev CA").pair();
        each_version((client, Peer { identity: again.1.identity, ..server }), |t, _| {
            assert_ends(t, refused(CertRefusal::BadSignature), alert(51), Step::ClientVerifiesServer);
        });
    }

    #[test]
    fn an_empty_truststore_refuses_everybody() {
        let (client, server) = good();
        let none = Some(Vec::new());
        each_version((Peer { trust: none.clone(), ..client.clone() }, server.clone()), |t, _| {
            assert_ends(t, refused(CertRefusal::NoAnchors), alert(48), Step::ClientVerifiesServer);
        });
        each_version((client, Peer { trust: none, ..server }), |t, _| {
            assert_ends(t, alert(48), refused(CertRefusal::NoAnchors), Step::ServerVerifiesClient);
            assert!(t.asked && t.asked_authorities.is_empty());
        });
    }

    #[test]
    fn time_is_that_of_the_peer() {
        let ca = Ca::new("Dev CA");
        let day = time::Duration::days(1);
        let leaf = |names: &[&str], usage| {
            ca.leaf("leaf", names, |params| {
                params.extended_key_usages = vec![usage];
                (params.not_before, params.not_after) = (AT - day, AT + day);
            })
        };
        let (client, server) = ca.pair();
        let server = Peer { identity: Some(leaf(&["localhost"], ExtendedKeyUsagePurpose::ServerAuth)), ..server };
        assert!(meet(&client, &server, "localhost").mutual);
        let late = Peer { at: AT + day * 2, ..client.clone() };
        each_version((late, server.clone()), |t, _| {
            assert_ends(t, refused(CertRefusal::Expired { not_after: Some(AT + day) }), alert(45), Step::ClientVerifiesServer);
        });
        let early = Peer { at: AT - day * 2, ..client.clone() };
        each_version((early, server.clone()), |t, _| {
            let why = refused(CertRefusal::NotYetValid { not_before: Some(AT - day) });
            assert_ends(t, why, alert(45), Step::ClientVerifiesServer);
        });
        let client = Peer { identity: Some(leaf(&[], ExtendedKeyUsagePurpose::ClientAuth)), ..client };
        each_version((client, Peer { at: AT + day * 2, ..server }), |t, _| {
            assert_ends(t, alert(45), refused(CertRefusal::Expired { not_after: Some(AT + day) }), Step::ServerVerifiesClient);
        });
    }

    #[test]
    fn names_may_be_dns_or_ip() {
        let (client, server) = good();
        for name in ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "::1", "[::1]"] {
            assert!(run_in_memory(&client, &server, name).unwrap().mutual, "{name}");
        }
        for name in ["api.example", "127.0.0.2", "::2"] {
            let t = run_in_memory(&client, &server, name).unwrap();
            assert_ends(&t, refused(CertRefusal::NameMismatch), alert(42), Step::ClientVerifiesServer);
        }
        for name in ["", "*.example", "a b", "grün.example", "host:443", "[::1", "\u{1b}[31m"] {
            let error = run_in_memory(&client, &server, name).unwrap_err();
            assert_eq!(error.kind, crate::error::Kind::Usage, "{name}");
            assert!(!error.to_string().contains('\u{1b}'));
        }
    }

    #[test]
    fn a_key_of_another_pair_is_found_out_by_the_other_side() {
        let of = |algorithm| KeyPair::generate_for(algorithm).unwrap();
        let kinds = || {
            let rsa = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
            [of(&rcgen::PKCS_ECDSA_P256_SHA256), of(&rcgen::PKCS_ECDSA_P384_SHA384), of(&rcgen::PKCS_ED25519), rsa]
        };
        let keys = kinds().map(|key| crate::pki::PrivateKey::from_pkcs8(&key.serialize_der()).unwrap());
        for (ca, key) in kinds().into_iter().flat_map(|kind| {
            let ca = std::rc::Rc::new(Ca::with_key("Dev CA", kind));
            keys.iter().map(move |key| (ca.clone(), key))
        }) {
            let swap = |peer: &Peer| {
                let chain = peer.identity.as_ref().unwrap().chain.clone();
                Peer { identity: Some(crate::pki::Identity { key: key.clone(), chain }), ..peer.clone() }
            };
            let (client, server) = ca.pair();
            let what = format!("{key:?} for {}", ca.cert.key);
            each_version((client.clone(), swap(&server)), |t, _| {
                assert!(matches!(t.client.failure, Some(Failure::SignatureRefused(_))), "{what} {:?} {:?}", t.client, t.server);
                assert_eq!((t.client.verdict.clone(), t.server.failure.clone()), (Some(Ok(())), alert(51)), "{what}");
                assert_eq!(t.failed_step, Some(Step::ClientVerifiesServer));
            });
            each_version((swap(&client), server), |t, _| {
                assert!(matches!(t.server.failure, Some(Failure::SignatureRefused(_))), "{what} {:?} {:?}", t.client, t.server);
                assert_eq!((t.server.verdict.clone(), t.client.failure.clone()), (Some(Ok(())), alert(51)), "{what}");
                assert_eq!(t.failed_step, Some(Step::ServerVerifiesClient));
            });
        }
    }

    #[test]
    fn the_wrong_usage_is_refused_on_both_sides() {
        let (client, server) = good();
        let swapped = |peer: &Peer, other: &Peer| Peer { identity: other.identity.clone(), ..peer.clone() };
        each_version((client.clone(), swapped(&server, &client)), |t, _| {
            assert_ends(t, refused(CertRefusal::WrongUsage), alert(43), Step::ClientVerifiesServer);
        });
        each_version((swapped(&client, &server), server), |t, _| {
            assert_ends(t, alert(43), refused(CertRefusal::WrongUsage), Step::ServerVerifiesClient);
        });
    }

    #[test]
    fn a_ca_as_leaf_is_refused() {
        let ca = Ca::new("Dev CA");
        let (client, server) = ca.pair();
        let leaf = ca.leaf("sub", &["localhost"], |params| params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained));
        each_version((client, Peer { identity: Some(leaf), ..server }), |t, _| {
            assert_ends(t, refused(CertRefusal::CaUsedAsEndEntity), alert(46), Step::ClientVerifiesServer);
        });
    }

    #[test]
    fn what_is_not_in_common_is_named() {
        let (mut client, mut server) = good();
        (client.versions, server.versions) = (Versions::Tls13, Versions::Tls12);
        let t = meet(&client, &server, "localhost");
        assert_ends(&t, alert(70), Some(Failure::NothingInCommon("version")), Step::ClientConnects);
        (client.versions, server.versions) = (Versions::Tls12, Versions::Tls13);
        let t = meet(&client, &server, "localhost");
        assert_ends(&t, alert(70), Some(Failure::NothingInCommon("version")), Step::ClientConnects);

        (client.alpn, server.alpn) = (vec!["h2".to_owned()], vec!["http/1.1".to_owned()]);
        server.versions = Versions::Both;
        each_version((client.clone(), server.clone()), |t, _| {
            assert_ends(t, alert(120), Some(Failure::NothingInCommon("application protocol")), Step::ClientConnects);
            assert_eq!(t.offer.as_ref().unwrap().alpn, ["h2"]);
        });
        server.alpn.push("h2".to_owned());
        each_version((client, server), |t, _| assert_eq!((t.alpn.as_deref(), t.mutual), (Some("h2"), true)));
    }

    #[test]
    fn keys_that_tls_cannot_use_end_it_before_it_begins() {
        let (client, server) = good();
        let secp256k1 = super::fixtures::openssl_key(&["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"]);
        let rsa_1024 = super::fixtures::openssl_key(&["RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
        let ed448 = super::fixtures::openssl_key(&["ED448"]);
        for (key, word) in [(secp256k1, "secp256k1"), (rsa_1024, "RSA 1024"), (ed448, "Ed448")] {
            let with = |peer: &Peer| {
                let chain = peer.identity.as_ref().unwrap().chain.clone();
                Peer { identity: Some(crate::pki::Identity { key: key.clone(), chain }), ..peer.clone() }
            };
            let t = meet(&with(&client), &server, "localhost");
            assert!(matches!(&t.client.failure, Some(Failure::KeyUnusable(why)) if why.contains(word)), "{:?}", t.client);
            assert_eq!((t.failed_step, t.server.failure), (Some(Step::ClientPresents), None));
            let t = meet(&client, &with(&server), "localhost");
            assert!(matches!(&t.server.failure, Some(Failure::KeyUnusable(why)) if why.contains(word)), "{:?}", t.server);
            assert_eq!(t.failed_step, Some(Step::ServerPresents));
        }
        let t = meet(&client, &Peer { identity: None, ..server }, "localhost");
        assert_ends(&t, None, Some(Failure::NothingToPresent), Step::ServerPresents);
    }

    #[test]
    fn anchors_that_the_stack_cannot_take_are_told() {
        let (mut client, server) = good();
        let bad = bad_cert();
        client.trust.as_mut().unwrap().push(bad.clone());
        let t = meet(&client, &server, "localhost");
        assert!(t.mutual);
        assert_eq!(t.client.skipped.len(), 1);
        assert_eq!(t.client.skipped[0].item, SkippedItem::Anchor(bad));
    }

    #[test]
    fn more_ca_names_than_a_message_holds_are_left_out() {
        let (client, mut server) = good();
        let organisation = "a name as long as some certification authorities really give themselves ".repeat(20);
        let anchors = server.trust.as_mut().unwrap();
        anchors.extend((0..60).map(|n| Ca::new(&format!("{organisation}{n}")).cert));
        each_version((client, server), |t, _| assert!(t.mutual && t.asked && t.asked_authorities.is_empty()));
    }

    #[test]
    fn a_chain_too_long_for_a_message_is_an_end_not_a_hang() {
        let (client, mut server) = good();
        let chain = &mut server.identity.as_mut().unwrap().chain;
        chain.extend(vec![chain[0].clone(); 400]);
        each_version((client, server), |t, _| {
            assert!(matches!(t.client.failure, Some(Failure::Other(_))), "{:?} {:?}", t.client.failure, t.server.failure);
            assert_eq!(t.failed_step, Some(Step::ServerPresents), "{:?} {:?}", t.client.failure, t.server.failure);
        });
    }

    /// What our server and another program that is `client` tell of a handshake over TCP, told by each half alone.
    fn apart(client: &Peer, server: &Peer) -> (Transcript, Transcript) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = server.clone();
        let serving = std::thread::spawn(move || serve(&server, listener.accept().unwrap().0));
        let (theirs, heard) = connect(client, address, "localhost", b"hello\n").unwrap();
        assert!(!theirs.mutual || heard == b"hello\n");
        (theirs, serving.join().unwrap())
    }

    #[test]
    fn a_server_tells_of_clients_whose_story_it_does_not_know() {
        let (client, server) = good();
        let stranger = Ca::new("Other CA").pair();
        each_version((client, server), |t, versions| {
            assert!(t.mutual);
            let (mut client, server) = good();
            client.versions = versions;
            let (theirs, ours) = apart(&client, &server);
            assert!(theirs.mutual && ours.mutual && ours.failed_step.is_none(), "{ours:?}");
            assert_eq!(ours.client_identity().unwrap().to_string(), "CN=client");

            let unknown = Peer { identity: stranger.0.identity.clone(), ..client.clone() };
            let (_, ours) = apart(&unknown, &server);
            assert_eq!(ours.server.failure, refused(CertRefusal::UnknownIssuer));
            assert_eq!((ours.failed_step, ours.completed), (Some(Step::ServerVerifiesClient), false));

            let (_, ours) = apart(&Peer { identity: None, ..client.clone() }, &server);
            assert_eq!(ours.server.failure, Some(Failure::NoCertificateSent));
            assert_eq!(ours.failed_step, Some(Step::ClientPresents));

            let (_, ours) = apart(&Peer { trust: stranger.0.trust.clone(), ..client.clone() }, &server);
            assert_eq!((ours.server.failure, ours.failed_step), (alert(48), Some(Step::ClientVerifiesServer)));
        });
    }

    #[test]
    fn a_silent_peer_times_out() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = Peer { timeout: Duration::from_millis(50), ..good().0 };
        let (t, _) = connect(&client, listener.local_addr().unwrap(), "localhost", b"").unwrap();
        assert_eq!((t.client.failure, t.failed_step), (Some(Failure::TimedOut), Some(Step::ClientConnects)));
    }

    /// What a client makes of a program that says `answer` to whoever connects, and hangs up.
    fn against(answer: &'static [u8]) -> Transcript {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let program = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            stream.write_all(answer).unwrap();
        });
        let (t, _) = connect(&good().0, address, "localhost", b"").unwrap();
        program.join().unwrap();
        t
    }

    #[test]
    fn what_is_no_tls_is_told_apart() {
        for answer in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"SSH-2.0-OpenSSH_9.2\r\n", b"220 mail ESMTP\r\n"] {
            let t = against(answer);
            assert_eq!((t.client.failure, t.failed_step), (Some(Failure::NotTls), Some(Step::ClientConnects)));
            assert_eq!(t.client.first_bytes, answer);
        }
        assert_eq!(against(b"").client.failure, Some(Failure::Closed));
        assert_eq!(against(b"\x15\x03\x03\x00\x02\x02\x28").client.failure, alert(40));
    }

    #[test]
    fn a_closed_port_is_told() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (t, _) = connect(&good().0, address, "localhost", b"").unwrap();
        assert_eq!((t.client.failure, t.failed_step), (Some(Failure::ConnectionRefused), Some(Step::ClientConnects)));
    }

    #[test]
    fn a_java_client_withholds_what_the_server_did_not_ask_for() {
        let (client, mut server) = good();
        server.trust = Some(vec![Ca::new("Other CA").cert]);
        let client = Peer { selection: Selection::Java, ..client };
        each_version((client, server), |t, _| {
            assert_eq!(t.server.failure, Some(Failure::NoCertificateSent));
            assert_eq!(t.client.withheld, Some(Withheld::NotAmongAuthorities));
        });
    }

    #[test]
    fn an_ec_key_without_its_public_half_serves() {
        // Java writes such keys into PKCS#12 and JKS
        let key = super::fixtures::openssl(&["ecparam", "-genkey", "-name", "prime256v1", "-noout"], b"");
        let bare = super::fixtures::openssl(&["ec", "-no_public", "-outform", "DER"], &key);
        let key = crate::pki::PrivateKey::from_sec1(&bare, None).unwrap();
        let chain = good().0.identity.unwrap().chain;
        assert!(presenter::certified(&crate::pki::Identity { key, chain }, &stack::provider()).is_ok());
    }

    #[test]
    fn an_openssl_server_is_met_and_its_refusals_are_heard() {
        let (client, server) = good();
        let openssl = super::fixtures::OpensslServer::new(&server);
        let meet = |change: &dyn Fn(&mut Peer)| {
            let mut client = client.clone();
            change(&mut client);
            connect(&client, openssl.address, "localhost", b"GET / HTTP/1.0\r\n\r\n").unwrap()
        };
        let stranger = Ca::new("Other CA").pair().0.identity;
        for (versions, no_certificate) in [(Versions::Tls12, alert(40)), (Versions::Tls13, alert(116))] {
            let (t, heard) = meet(&|client| client.versions = versions);
            assert!(t.completed && t.mutual, "{t:?}");
            assert!(heard.starts_with(b"HTTP/1.0 200"));
            assert_eq!(t.client_identity().unwrap().to_string(), "CN=client");
            assert_eq!(t.asked_authorities.len(), 1);
            let (t, _) = meet(&|client| (client.versions, client.identity) = (versions, None));
            assert_eq!((t.client.failure, t.failed_step), (no_certificate, Some(Step::ClientPresents)));
            let (t, _) = meet(&|client| (client.versions, client.identity) = (versions, stranger.clone()));
            assert_eq!((t.client.failure, t.failed_step), (alert(48), Some(Step::ServerVerifiesClient)));
            assert!(!t.mutual);
        }
    }
}
