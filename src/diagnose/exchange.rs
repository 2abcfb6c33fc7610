//! What the exchange itself shows: was a certificate asked for, was one sent, did the two find common ground?

use super::catalogue as code;
use super::direction::shell_word;
use super::refusal::broken_off;
use super::{Finding, Place, Severity, Situation};
use crate::handshake::{Failure, Side, Transcript};

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
        Some((side, failure)) => vec![cause(s, side, failure)],
    }
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
        Failure::AlertReceived(..) => broken_off(failure, if side == Side::Client { Place::Server } else { Place::Client }),
        _ => broken_off(failure, if s.transcript.server_is_remote { Place::Server } else { Place::Protocol }),
    }
}

fn nothing_to_send(s: &Situation<'_>) -> Finding {
    Finding::new(code::CLIENT_CERTIFICATE_MISSING, Severity::Error, Place::ClientKeystore, "the server requires a client certificate, and the client has none to send")
        .fact("the server asks for", authorities(s.transcript))
        .because("The server demands a certificate (TLS 1.3: alert certificate_required, TLS 1.2: handshake_failure), and no keystore was given to the client.")
        .fix("give the client a keystore: --client KEYSTORE TRUSTSTORE    (make one: mtls client NAME)")
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
