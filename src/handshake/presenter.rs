//! What a side presents: its identity as it is stored, whether it fits or not, and notes on what it was asked for.

use super::failure::Failure;
use super::names;
use super::notes::{Asked, Log};
use super::transcript::{Offer, Withheld};
use crate::pki::{Cert, DistinguishedName, Identity, KeyKind};
use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::sync::Arc;

/// How a client decides whether to send its certificate to a server that names the CAs it accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Selection {
    /// It sends what it has: OpenSSL and what is built on it (curl, Python, Node, nginx as a proxy), GnuTLS.
    #[default]
    Always,
    /// Java's SunX509 key manager: only where an issuer of its chain is among the CAs.
    Java,
    /// Go's `SupportsCertificate`: only where an issuer of its chain is among the CAs.
    Go,
    /// .NET's SslStream: as Java, and the leaf's extendedKeyUsage must allow clientAuth. (.NET completes the chain from
    /// the machine's stores, which are not known here.)
    DotNet,
}

impl Selection {
    /// Each, with the word for it on the command line.
    pub const ALL: [(&str, Selection); 4] =
        [("openssl", Selection::Always), ("java", Selection::Java), ("go", Selection::Go), ("dotnet", Selection::DotNet)];

    /// Why a client of this kind keeps `chain` back from a server that accepts `authorities`; `None` if it sends it.
    /// A server that names no CA accepts any (RFC 8446 section 4.2.4, RFC 5246 section 7.4.4).
    pub fn withholds(self, chain: &[Cert], authorities: &[DistinguishedName]) -> Option<Withheld> {
        let is_among = || authorities.is_empty() || chain.iter().any(|cert| authorities.contains(&cert.issuer));
        let is_for_clients = || chain.first().is_none_or(|leaf| leaf.allows("clientAuth"));
        match self {
            Selection::Always => None,
            Selection::DotNet if !is_for_clients() => Some(Withheld::NotForClients),
            Selection::Java | Selection::Go | Selection::DotNet if !is_among() => Some(Withheld::NotAmongAuthorities),
            Selection::Java | Selection::Go | Selection::DotNet => None,
        }
    }
}

/// The identity in rustls's form. The key need not belong to the certificate: a real stack sends such a pair too, and its
/// peer finds out.
///
/// # Errors
/// [`Failure::NothingToPresent`] without a certificate, [`Failure::KeyUnusable`] with a key that cannot sign in TLS.
pub(super) fn certified(identity: &Identity, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, Failure> {
    if identity.chain.is_empty() {
        return Err(Failure::NothingToPresent);
    }
    let pkcs8 = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.pkcs8().to_vec()));
    let key = provider.key_provider.load_private_key(pkcs8).map_err(|_| Failure::KeyUnusable(unusable(identity.key.kind())))?;
    let chain = identity.chain.iter().map(|cert| CertificateDer::from(cert.der.clone())).collect();
    Ok(Arc::new(CertifiedKey::new(chain, key)))
}

/// Why a key of this kind does not serve.
fn unusable(kind: &KeyKind) -> String {
    let title = kind.title();
    match kind {
        KeyKind::Rsa(bits) if *bits < 2048 => format!("{title} is too short; TLS stacks of today want 2048 bits or more"),
        KeyKind::Rsa(bits) if *bits > 8192 => format!("{title} is longer than the 8192 bits that this stack takes"),
        KeyKind::RsaPss(_) => format!("{title}: this stack takes RSA keys only where they are not restricted to PSS"),
        KeyKind::Ec(_) => format!("{title} is no curve of TLS 1.3 signatures, or the key is damaged; P-256, P-384 and P-521 are"),
        KeyKind::Dsa(_) => format!("{title}: TLS 1.3 has no DSA signatures, and TLS stacks of today take none"),
        KeyKind::Ed448 => format!("{title}: this stack does not sign with Ed448; Ed25519 works"),
        KeyKind::X25519 | KeyKind::X448 => format!("{title} is for key agreement and cannot sign"),
        _ => format!("{title}: this stack cannot sign with it, or the key is damaged"),
    }
}

/// Answers a server's wish for a certificate.
#[derive(Debug)]
pub(super) struct ClientPresenter {
    pub(super) log: Arc<Log>,
    pub(super) selection: Selection,
    pub(super) identity: Option<(Arc<CertifiedKey>, Vec<Cert>)>,
}

impl ResolvesClientCert for ClientPresenter {
    fn resolve(&self, authorities: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let mut notes = self.log.notes();
        let authorities: Vec<DistinguishedName> = authorities.iter().map(|der| DistinguishedName::from_der(*der)).collect();
        let choice = self.identity.as_ref().map(|(certified, chain)| {
            if certified.key.choose_scheme(schemes).is_none() {
                return Err(Withheld::NoCommonScheme);
            }
            self.selection.withholds(chain, &authorities).map_or(Ok((certified, chain)), Err)
        });
        notes.asked = Some(Asked { authorities, schemes: schemes.iter().copied().map(names::signature_scheme).collect() });
        match choice? {
            Ok((certified, chain)) => {
                notes.story.sent = chain.clone();
                Some(certified.clone())
            }
            Err(why) => {
                notes.story.withheld = Some(why);
                None
            }
        }
    }

    /// Always true, so that rustls asks and the wish is noted even where there is nothing to send.
    fn has_certs(&self) -> bool {
        true
    }
}

/// Presents the server's identity to every client, whatever name it asks for, and notes what it offers.
#[derive(Debug)]
pub(super) struct ServerPresenter {
    pub(super) log: Arc<Log>,
    pub(super) identity: (Arc<CertifiedKey>, Vec<Cert>),
}

impl ResolvesServerCert for ServerPresenter {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let mut notes = self.log.notes();
        notes.offer = Some(Offer {
            server_name: hello.server_name().map(str::to_owned),
            signature_schemes: hello.signature_schemes().iter().copied().map(names::signature_scheme).collect(),
            cipher_suites: hello.cipher_suites().iter().copied().map(names::cipher_suite).collect(),
            groups: hello.named_groups().unwrap_or_default().iter().copied().map(names::group).collect(),
            alpn: hello.alpn().into_iter().flatten().map(|protocol| String::from_utf8_lossy(protocol).into_owned()).collect(),
        });
        let (certified, chain) = &self.identity;
        notes.story.sent = chain.clone();
        Some(certified.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::fixtures::Ca;

    #[test]
    fn stacks_withhold_by_issuer_and_usage() {
        let root = Ca::new("Root CA");
        let sub = root.below("Sub CA", |_| ());
        let (mut client, server) = sub.identities();
        let asks = |ca: &Ca| vec![ca.cert.subject.clone()];
        for stack in [Selection::Java, Selection::Go, Selection::DotNet] {
            assert_eq!(stack.withholds(&client.chain, &[]), None);
            assert_eq!(stack.withholds(&client.chain, &asks(&sub)), None);
            // without the intermediate nothing links the leaf to the root
            assert_eq!(stack.withholds(&client.chain, &asks(&root)), Some(Withheld::NotAmongAuthorities));
        }
        assert_eq!(Selection::Always.withholds(&client.chain, &asks(&root)), None);
        client.chain.push(sub.cert.clone());
        assert_eq!(Selection::Java.withholds(&client.chain, &asks(&root)), None);
        assert_eq!(Selection::DotNet.withholds(&server.chain, &asks(&sub)), Some(Withheld::NotForClients));
        assert_eq!(Selection::Java.withholds(&server.chain, &asks(&sub)), None);
    }
}
