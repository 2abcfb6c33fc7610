//! What the exchange itself shows: was a certificate asked for, was one sent, did the two find common ground?

use super::catalogue as code;
use super::direction::add_to_truststore;
use super::refusal::broken_off;
use super::{Finding, Place, Severity, Situation};
use crate::handshake::{Failure, Side, Transcript, Withheld};
use crate::pki::{Cert, KeyKind, signature};
use crate::safe::{Safe, one_of, shell_word};
use std::collections::BTreeSet;

/// The findings about the exchange, beside those about the certificates.
pub fn findings(s: &Situation<'_>) -> Vec<Finding> {
    let t = s.transcript;
    if s.server_asks && s.client.is_none() {
        return vec![nothing_to_send(s)];
    }
    if t.completed {
        return if !s.server_asks && s.client.is_some() { vec![not_asked(s)] } else { vec![] };
    }
    match t.root() {
        Some((_, Failure::CertificateRefused(_))) | None => vec![],
        // the echo of something that the certificates explain; alone it is told as it is
        Some((side, failure)) => vec![too_large(s, failure).unwrap_or_else(|| cause(s, side, failure))],
    }
}

/// Peers refuse handshake messages above 64 KiB (rustls, and OpenSSL at 100 KiB).
const MAX_MESSAGE: usize = 60 << 10;

/// A side that sends more certificates than fit into a message.
fn too_large(s: &Situation<'_>, failure: &Failure) -> Option<Finding> {
    if !matches!(failure, Failure::Other(_) | Failure::Closed | Failure::AlertReceived(..)) {
        return None;
    }
    let (side, file, sent) = [(Side::Server, s.files[0], Some(s.server)), (Side::Client, s.files[2], s.client)]
        .into_iter()
        .filter_map(|(side, file, identity)| Some((side, file, &identity?.chain)))
        .find(|(_, _, sent)| sent.iter().map(|c| c.der.len()).sum::<usize>() > MAX_MESSAGE)?;
    let (place, size) = match side {
        Side::Server => (Place::ServerKeystore, sent.iter().map(|c| c.der.len()).sum::<usize>() >> 10),
        Side::Client => (Place::ClientKeystore, sent.iter().map(|c| c.der.len()).sum::<usize>() >> 10),
    };
    Some(
        Finding::new(code::CHAIN_HAS_STRANGERS, Severity::Error, place, format!("{file} holds so many certificates that peers refuse the message with them"))
            .about(&sent[0])
            .fact(file, format!("{}, {size} KiB", crate::safe::count(sent.len(), "certificate")))
            .because(format!("Every certificate in {file} is sent in each handshake: {} in {size} KiB, where peers take 64 KiB at most. A chain has two or three.", sent.len()))
            .fix(format!("mtls keystore NEW.p12 {}  # keeps the leaf and its own chain", shell_word(file))),
    )
}

fn cause(s: &Situation<'_>, side: Side, failure: &Failure) -> Finding {
    let (own, other) = match side {
        Side::Client => (Place::ClientKeystore, Place::ServerKeystore),
        Side::Server => (Place::ServerKeystore, Place::ClientKeystore),
    };
    match failure {
        // the peer's signature did not fit: the peer's key is wrong
        Failure::SignatureRefused(_) => broken_off(failure, other),
        Failure::KeyUnusable(_) | Failure::NothingToPresent => broken_off(failure, own),
        Failure::NoCertificateSent if s.transcript.client.withheld == Some(Withheld::NoCommonScheme) => no_common_scheme(s),
        Failure::NoCertificateSent if s.transcript.client.withheld == Some(Withheld::NotAmongAuthorities) => withheld(s),
        // both sides of a trial know ML-DSA: it is the version that leaves it out
        Failure::NothingInCommon("signature scheme") => {
            let leaf = s.server.chain.first().filter(|leaf| matches!(leaf.key, KeyKind::MlDsa(_)));
            leaf.map_or_else(|| broken_off(failure, Place::Protocol), |leaf| too_new(s, leaf))
        }
        Failure::AlertReceived(..) => broken_off(failure, if side == Side::Client { Place::Server } else { Place::Client }),
        _ => broken_off(failure, if s.transcript.server_is_remote { Place::Server } else { Place::Protocol }),
    }
}

/// The server's key is for TLS 1.3 only, and the handshake was held to TLS 1.2.
fn too_new(s: &Situation<'_>, leaf: &Cert) -> Finding {
    let key = leaf.key.title();
    Finding::new(code::NO_COMMON_SIGNATURE, Severity::Error, Place::Protocol, format!("the server's {key} key is for TLS 1.3 only, and this handshake is TLS 1.2"))
        .about(leaf)
        .fact(s.files[0], format!("{} with a {key} key", super::direction::called(leaf)))
        .because(format!("TLS 1.2 has no signature scheme for {key}: such a key signs in TLS 1.3 only, so the server in {} has no certificate to show.", s.files[0]))
        .fix("allow TLS 1.3 on both sides (leave --tls 1.2 away), or use an EC P-256 or RSA key: mtls server NAME")
}

/// The client has a certificate, and the server takes no signature that its key can make.
fn no_common_scheme(s: &Situation<'_>) -> Finding {
    let leaf = s.client.and_then(|identity| identity.chain.first());
    let key = leaf.map_or("its".to_owned(), |leaf| leaf.key.title());
    let version = s.transcript.version.as_deref().map_or("TLS", |v| if v == "TLSv1.2" { "TLS 1.2" } else { "TLS 1.3" });
    let finding = Finding::new(code::NO_COMMON_SIGNATURE, Severity::Error, Place::Protocol, format!("the client's {key} key can make no signature that the server takes in {version}"))
        .fact(s.files[2], format!("a {key} key"))
        .fact("the server takes", s.transcript.asked_schemes.join(", "))
        .because(format!("The server asks for a certificate with one of the schemes that it knows in {version}, and a {key} key is for none of them, so the client sends no certificate (ML-DSA is for TLS 1.3 only)."))
        .fix("allow TLS 1.3 on both sides (leave --tls 1.2 away), or use an EC P-256 or RSA key: mtls client NAME");
    match leaf {
        Some(leaf) => finding.about(leaf),
        None => finding,
    }
}

/// The client has a certificate and keeps it back, since the server's list of CAs has none of its issuers.
fn withheld(s: &Situation<'_>) -> Finding {
    let chain = s.client.map_or(&[][..], |identity| identity.chain.as_slice());
    let issuers: BTreeSet<String> = chain.iter().map(|c| format!("\"{}\"", Safe(c.issuer.short()))).collect();
    let issuers = one_of(&issuers.into_iter().collect::<Vec<_>>());
    let top = chain.last().filter(|top| !top.is_self_issued());
    let ca =
        s.known.iter().find(|(_, c)| top.is_some_and(|top| c.subject == top.issuer && signature::verifies(top, c) == Some(true)));
    let finding = Finding::new(
        code::CLIENT_CERTIFICATE_WITHHELD,
        Severity::Error,
        Place::ServerTruststore,
        format!("the client does not send its certificate of {issuers}: the server asks for other CAs"),
    )
    .fact(s.files[2], format!("signed by {issuers}"))
    .fact("the server asks for", authorities(s.transcript))
    .because(format!("{} holds no CA of that name, so the server's list of CAs has none, and a client of this stack then sends an empty certificate instead.", s.files[1]))
    .fix(add_to_truststore(s.files[1], &ca.map_or("CA.crt".to_owned(), |(file, _)| shell_word(file))));
    match chain.first() {
        Some(leaf) => finding.about(leaf),
        None => finding,
    }
}

fn nothing_to_send(s: &Situation<'_>) -> Finding {
    Finding::new(code::CLIENT_CERTIFICATE_MISSING, Severity::Error, Place::ClientKeystore, "the server requires a client certificate, and the client has none to send")
        .fact("the server asks for", authorities(s.transcript))
        .because("The server demands a certificate (TLS 1.3: alert certificate_required, TLS 1.2: handshake_failure), and no keystore was given to the client.")
        .fix(format!("mtls client NAME  # makes a keystore; then: --client pki/NAME.p12 {}", shell_word(s.files[3])))
}

fn not_asked(s: &Situation<'_>) -> Finding {
    let keystore = s.files[2];
    Finding::new(code::CLIENT_NOT_ASKED, Severity::Error, Place::Server, "the server never asked for a client certificate: this is one-way TLS")
        .fact("the client has", keystore)
        .because(format!("The handshake completed, but the server did not ask who the client is, so {keystore} was not used: anyone may connect."))
        .fix(format!("switch client authentication on at the server and give it a truststore with the client's CA; here: --server {} TRUSTSTORE", shell_word(s.files[0])))
}

/// The CAs that the server asks for, in words.
pub(super) fn authorities(t: &Transcript) -> String {
    match t.asked_authorities.as_slice() {
        [] => "a certificate of any CA".to_owned(),
        names => format!(
            "a certificate of {}",
            crate::safe::one_of(
                &names.iter().take(4).map(|n| format!("\"{}\"", crate::safe::Safe(n.short()))).collect::<Vec<_>>()
            )
        ),
    }
}
