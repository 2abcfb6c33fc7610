//! A client's verifier that takes every server.

use super::notes::Log;
use super::verifier::{Judge, signatures_are_the_judges};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;

/// One that looks, and takes whatever it sees. It is for clients that show nothing and believe nothing: they want to know
/// what a server asks for.
#[derive(Debug)]
pub(super) struct Onlooker {
    judge: Judge,
}

impl Onlooker {
    /// An onlooker that notes into `log`.
    pub(super) fn new(provider: &CryptoProvider, log: Arc<Log>) -> Self {
        Onlooker { judge: Judge::of_nothing(provider, log) }
    }
}

impl ServerCertVerifier for Onlooker {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        rest: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.judge.log.seen(leaf, rest);
        Ok(ServerCertVerified::assertion())
    }

    signatures_are_the_judges!();
}
