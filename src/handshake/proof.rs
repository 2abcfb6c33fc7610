//! That mutual TLS is mutual: what must be refused is tried.

use super::failure::{CertRefusal, Failure};
use super::peer::Peer;
use super::run_in_memory;
use super::transcript::Transcript;
use crate::error::Result;
use crate::pki::Identity;

/// Identities of a CA that neither side trusts, in all else like the real ones.
#[derive(Debug, Clone)]
pub struct Strangers {
    /// A client's.
    pub client: Identity,
    /// A server's, with the real server's names.
    pub server: Identity,
}

/// A name that no certificate carries (RFC 6761 section 6.4).
const ANOTHER_NAME: &str = "another-host.invalid";

/// Tries, in memory, what must be refused between `client` and `server`: a client without a certificate, a client of
/// another CA, a server of another CA, another host name. Each comes with whether it was refused, and by the right side
/// for the right reason.
///
/// # Errors
/// A usage error where `name` is no host name.
pub fn refusals(client: &Peer, server: &Peer, name: &str, strangers: &Strangers) -> Result<Vec<(String, bool)>> {
    let without = Peer { identity: None, ..client.clone() };
    let foreign_client = Peer { identity: Some(strangers.client.clone()), ..client.clone() };
    let foreign_server = Peer { identity: Some(strangers.server.clone()), ..server.clone() };
    let is_foreign = |f: &Option<Failure>| {
        matches!(f, Some(Failure::CertificateRefused(CertRefusal::UnknownIssuer | CertRefusal::BadSignature)))
    };
    let outcome =
        |what: &str, t: Transcript, is_refused: &dyn Fn(&Transcript) -> bool| (what.to_owned(), !t.completed && is_refused(&t));
    Ok(vec![
        outcome("a client without a certificate", run_in_memory(&without, server, name)?, &|t| {
            t.server.failure == Some(Failure::NoCertificateSent)
        }),
        outcome("a client of another CA", run_in_memory(&foreign_client, server, name)?, &|t| is_foreign(&t.server.failure)),
        outcome("a server of another CA", run_in_memory(client, &foreign_server, name)?, &|t| is_foreign(&t.client.failure)),
        outcome("another host name", run_in_memory(client, server, ANOTHER_NAME)?, &|t| {
            t.client.failure == Some(Failure::CertificateRefused(CertRefusal::NameMismatch))
        }),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::fixtures::{Ca, good};
    use crate::handshake::{ClientAuth, Versions};

    fn strangers() -> Strangers {
        let (client, server) = Ca::new("Other CA").identities();
        Strangers { client, server }
    }

    #[test]
    fn a_good_pair_refuses_all_four() {
        let (mut client, server) = good();
        for versions in [Versions::Tls12, Versions::Tls13] {
            client.versions = versions;
            let tried = refusals(&client, &server, "localhost", &strangers()).unwrap();
            assert_eq!(tried.len(), 4);
            assert!(tried.iter().all(|(_, is_refused)| *is_refused), "{tried:?}");
        }
    }

    #[test]
    fn a_lax_server_is_found_out() {
        let (client, server) = good();
        let server = Peer { client_auth: ClientAuth::Ask, ..server };
        let tried = refusals(&client, &server, "localhost", &strangers()).unwrap();
        assert_eq!(tried.iter().map(|(_, is_refused)| *is_refused).collect::<Vec<_>>(), [false, true, true, true]);
        let server = Peer { client_auth: ClientAuth::Skip, ..server };
        let tried = refusals(&client, &server, "localhost", &strangers()).unwrap();
        assert_eq!(tried.iter().map(|(_, is_refused)| *is_refused).collect::<Vec<_>>(), [false, false, true, true]);
    }

    #[test]
    fn a_failure_for_another_reason_proves_nothing() {
        let (client, server) = good();
        let client = Peer { trust: Some(Vec::new()), ..client };
        let tried = refusals(&client, &server, "localhost", &strangers()).unwrap();
        assert!(tried.iter().all(|(_, is_refused)| !is_refused), "{tried:?}");
    }
}
