//! Verifiers that write down what they see and pass on webpki's verdict unchanged.

use super::failure::{CertRefusal, Failure};
use super::notes::Log;
use super::old_lists::OldLists;
use super::reason;
use super::stack;
use super::transcript::{Side, Skipped, SkippedItem};
use crate::pki::Cert;
use crate::pki::crl::Crl;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::sync::Arc;
use time::OffsetDateTime;

/// CA names longer than this together are left out of the server's wish, so that any is welcome: a handshake message
/// ends at 64 KiB (rustls and OpenSSL refuse larger ones).
const MAX_AUTHORITIES: usize = 48 << 10;

/// What a verifier judges with.
pub(super) struct Trust {
    roots: Arc<RootCertStore>,
    crls: Vec<CertificateRevocationListDer<'static>>,
    old_lists: OldLists,
    /// What webpki could not take.
    pub(super) skipped: Vec<Skipped>,
}

impl Trust {
    /// The anchors and CRLs that webpki can take, and notes on those that it cannot.
    pub(super) fn new(anchors: &[Cert], crls: &[Crl], provider: &Arc<CryptoProvider>) -> Self {
        let mut trust = Trust {
            roots: Arc::new(RootCertStore::empty()),
            crls: Vec::new(),
            old_lists: OldLists::default(),
            skipped: Vec::new(),
        };
        let mut roots = RootCertStore::empty();
        for anchor in anchors {
            if let Err(error) = roots.add(CertificateDer::from(&anchor.der[..])) {
                let why = reason::of(&error).to_string();
                trust.skipped.push(Skipped { item: SkippedItem::Anchor(anchor.clone()), why });
            }
        }
        trust.roots = Arc::new(roots);
        for crl in crls {
            let der = CertificateRevocationListDer::from(crl.der.clone());
            // the builder takes all lists or none: each is tried alone first. Without anchors none can matter
            let builder = WebPkiServerVerifier::builder_with_provider(trust.roots.clone(), provider.clone());
            match builder.with_crls([der.clone()]).build() {
                Err(VerifierBuilderError::InvalidCrl(error)) => {
                    trust.old_lists.lists.push(crl.clone());
                    trust.old_lists.anchors = anchors.to_vec();
                    let why = reason::crl_words(&error);
                    trust.skipped.push(Skipped { item: SkippedItem::Crl(crl.issuer.clone()), why });
                }
                _ => trust.crls.push(der),
            }
        }
        trust
    }

    /// The judge of servers; `None` without anchors.
    ///
    /// A CRL counts for the certificates of its issuer; where there is none for an issuer, its certificates pass. A CRL
    /// past its next update still tells who was revoked, and refuses nobody else: rules warn of it.
    fn of_servers(&self, provider: &Arc<CryptoProvider>) -> Option<Arc<WebPkiServerVerifier>> {
        let builder = WebPkiServerVerifier::builder_with_provider(self.roots.clone(), provider.clone());
        // it fails without anchors only: the CRLs were tried one by one
        builder.with_crls(self.crls.clone()).allow_unknown_revocation_status().build().ok()
    }

    /// The judge of clients; `None` without anchors.
    fn of_clients(&self, provider: &Arc<CryptoProvider>, mandatory: bool) -> Option<Arc<dyn ClientCertVerifier>> {
        let mut builder = WebPkiClientVerifier::builder_with_provider(self.roots.clone(), provider.clone())
            .with_crls(self.crls.clone())
            .allow_unknown_revocation_status();
        if self.roots.subjects().iter().map(|name| name.as_ref().len() + 2).sum::<usize>() > MAX_AUTHORITIES {
            builder = builder.clear_root_hint_subjects();
        }
        if !mandatory {
            builder = builder.allow_unauthenticated();
        }
        // as above
        builder.build().ok()
    }
}

/// Whether a peer with `anchors` in its truststore accepts `chain`, leaf first, as that of a server or a client: the same
/// verdict as in a handshake at the instant `at`, without one. A server's names are checked where a `name` is given.
///
/// # Errors
/// Why the chain is refused.
pub fn verify(
    chain: &[Cert],
    anchors: &[Cert],
    presenter: Side,
    name: Option<&str>,
    at: OffsetDateTime,
    crls: &[Crl],
) -> Result<(), Failure> {
    let provider = stack::provider();
    let trust = Trust::new(anchors, crls, &provider);
    let ders: Vec<CertificateDer<'_>> = chain.iter().map(|cert| CertificateDer::from(&cert.der[..])).collect();
    let (leaf, rest) = ders.split_first().ok_or(Failure::NoCertificateSent)?;
    let now = stack::unix_time(at);
    match presenter {
        Side::Client => {
            let judge = trust.of_clients(&provider, true);
            let verdict = judge.map(|judge| judge.verify_client_cert(leaf, rest, now));
            spoken(verdict.map(|verdict| trust.old_lists.judge(leaf, rest, verdict))).0
        }
        Side::Server => {
            let mismatch = Failure::CertificateRefused(CertRefusal::NameMismatch);
            let asked = name.map(|name| stack::server_name(name).map_err(|_| mismatch.clone())).transpose()?;
            // any name does where none was asked for: webpki looks at names last, so a mismatch means that all else is well
            let reference = asked.clone().unwrap_or(ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into()));
            let judge = trust.of_servers(&provider);
            let verdict = judge.map(|judge| judge.verify_server_cert(leaf, rest, &reference, &[], now));
            let verdict = verdict.map(|verdict| match verdict {
                Err(error) if asked.is_none() && reason::of(&error) == mismatch => Ok(ServerCertVerified::assertion()),
                other => other,
            });
            spoken(verdict.map(|verdict| trust.old_lists.judge(leaf, rest, verdict))).0
        }
    }
}

/// What all verifiers share.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) log: Arc<Log>,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
    old_lists: OldLists,
}

impl Judge {
    /// One that notes signatures, and chains without a verdict.
    pub(super) fn of_nothing(provider: &CryptoProvider, log: Arc<Log>) -> Judge {
        Judge { log, algorithms: provider.signature_verification_algorithms, old_lists: OldLists::default() }
    }

    /// Notes webpki's verdict on a chain; `None` stands for a side without anchors.
    fn note<T>(
        &self,
        leaf: &CertificateDer<'_>,
        rest: &[CertificateDer<'_>],
        verdict: Option<Result<T, Error>>,
    ) -> Result<T, Error> {
        let (noted, verdict) = spoken(verdict.map(|verdict| self.old_lists.judge(leaf, rest, verdict)));
        self.log.judged(leaf, rest, noted);
        verdict
    }

    /// Notes a signature over the handshake that does not verify with the certificate's key.
    pub(super) fn signed(&self, verdict: Result<HandshakeSignatureValid, Error>) -> Result<HandshakeSignatureValid, Error> {
        if let Err(error) = &verdict {
            self.log.notes().signature = Some(Failure::SignatureRefused(match reason::of(error) {
                Failure::CertificateRefused(CertRefusal::BadSignature) => {
                    "the signature was not made with the key in the certificate".to_owned()
                }
                Failure::CertificateRefused(CertRefusal::UnsupportedSignatureForKey { .. }) => reason::ANOTHER_KIND.to_owned(),
                other => other.to_string(),
            }));
        }
        verdict
    }
}

/// The verdict in our words, and the one for rustls, which turns it into an alert.
fn spoken<T>(verdict: Option<Result<T, Error>>) -> (Result<(), Failure>, Result<T, Error>) {
    match verdict {
        Some(verdict) => (verdict.as_ref().map(|_| ()).map_err(reason::of), verdict),
        None => (
            Err(Failure::CertificateRefused(CertRefusal::NoAnchors)),
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)),
        ),
    }
}

/// The rest of either verifier trait: signatures of handshakes are checked by rustls and noted by `self.judge`.
macro_rules! signatures_are_the_judges {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            cert: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            self.judge.signed(verify_tls12_signature(message, cert, signed, &self.judge.algorithms))
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            cert: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            self.judge.signed(verify_tls13_signature(message, cert, signed, &self.judge.algorithms))
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.judge.algorithms.supported_schemes()
        }
    };
}
pub(super) use signatures_are_the_judges;

/// The client's verifier.
#[derive(Debug)]
pub(super) struct ServerJudge {
    judge: Judge,
    webpki: Option<Arc<WebPkiServerVerifier>>,
    expected: Option<ServerName<'static>>,
}

impl ServerJudge {
    /// A verifier that notes into `log`, and checks for the name `expected` rather than for the one that was asked for.
    pub(super) fn new(
        trust: &Trust,
        provider: &Arc<CryptoProvider>,
        log: Arc<Log>,
        expected: Option<ServerName<'static>>,
    ) -> Self {
        let algorithms = provider.signature_verification_algorithms;
        ServerJudge {
            judge: Judge { log, algorithms, old_lists: trust.old_lists.clone() },
            webpki: trust.of_servers(provider),
            expected,
        }
    }
}

impl ServerCertVerifier for ServerJudge {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        rest: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let name = self.expected.as_ref().unwrap_or(name);
        let verdict = self.webpki.as_ref().map(|webpki| webpki.verify_server_cert(leaf, rest, name, ocsp, now));
        self.judge.note(leaf, rest, verdict)
    }

    signatures_are_the_judges!();
}

/// The server's verifier.
#[derive(Debug)]
pub(super) struct ClientJudge {
    judge: Judge,
    webpki: Option<Arc<dyn ClientCertVerifier>>,
    mandatory: bool,
}

impl ClientJudge {
    /// A verifier that notes into `log`; without a certificate a client is refused if it is `mandatory`.
    pub(super) fn new(trust: &Trust, provider: &Arc<CryptoProvider>, mandatory: bool, log: Arc<Log>) -> Self {
        let algorithms = provider.signature_verification_algorithms;
        ClientJudge {
            judge: Judge { log, algorithms, old_lists: trust.old_lists.clone() },
            webpki: trust.of_clients(provider, mandatory),
            mandatory,
        }
    }
}

impl ClientCertVerifier for ClientJudge {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[rustls::DistinguishedName] {
        self.webpki.as_ref().map_or(&[], |webpki| webpki.root_hint_subjects())
    }

    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        rest: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verdict = self.webpki.as_ref().map(|webpki| webpki.verify_client_cert(leaf, rest, now));
        self.judge.note(leaf, rest, verdict)
    }

    signatures_are_the_judges!();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::fixtures::{AT, Ca, bad_cert, openssl};
    use crate::pki::Identity;
    use rcgen::{
        BasicConstraints, CertificateRevocationListParams, CustomExtension, GeneralSubtree, IsCa, NameConstraints,
        RevokedCertParams, SerialNumber,
    };
    use std::slice::from_ref;
    use time::Duration;

    fn chain(leaf: &Identity, above: &[&Ca]) -> Vec<Cert> {
        leaf.chain.iter().chain(above.iter().map(|ca| &ca.cert)).cloned().collect()
    }

    fn as_server(chain: &[Cert], anchor: &Ca, name: Option<&str>) -> Result<(), Failure> {
        verify(chain, from_ref(&anchor.cert), Side::Server, name, AT, &[])
    }

    fn refused<T>(why: CertRefusal) -> Result<T, Failure> {
        Err(Failure::CertificateRefused(why))
    }

    #[test]
    fn an_offline_verdict_needs_no_name() {
        let ca = Ca::new("Dev CA");
        let (client, server) = ca.identities();
        assert_eq!(as_server(&server.chain, &ca, None), Ok(()));
        assert_eq!(as_server(&server.chain, &ca, Some("[::1]")), Ok(()));
        assert_eq!(as_server(&server.chain, &ca, Some("api.example")), refused(CertRefusal::NameMismatch));
        assert_eq!(as_server(&server.chain, &ca, Some("no name")), refused(CertRefusal::NameMismatch));
        assert_eq!(as_server(&client.chain, &ca, None), refused(CertRefusal::WrongUsage));
        assert_eq!(as_server(&[], &ca, None), Err(Failure::NoCertificateSent));
        let trust = [ca.cert.clone()];
        assert_eq!(verify(&client.chain, &trust, Side::Client, None, AT, &[]), Ok(()));
        assert_eq!(verify(&server.chain, &trust, Side::Client, None, AT, &[]), refused(CertRefusal::WrongUsage));
        assert_eq!(verify(&client.chain, &[], Side::Client, None, AT, &[]), refused(CertRefusal::NoAnchors));
        assert_eq!(verify(&server.chain, &[], Side::Server, None, AT, &[]), refused(CertRefusal::NoAnchors));
        // an anchor that cannot be taken is none
        assert_eq!(verify(&server.chain, &[bad_cert()], Side::Server, None, AT, &[]), refused(CertRefusal::NoAnchors));
    }

    #[test]
    fn intermediates_are_needed_and_checked() {
        let root = Ca::new("Root CA");
        let sub = root.below("Sub CA", |_| ());
        let (_, server) = sub.identities();
        assert_eq!(as_server(&chain(&server, &[&sub]), &root, Some("localhost")), Ok(()));
        assert_eq!(as_server(&chain(&server, &[&root, &sub]), &root, None), Ok(()));
        assert_eq!(as_server(&server.chain, &root, None), refused(CertRefusal::UnknownIssuer));
        // an intermediate as anchor is enough for webpki
        assert_eq!(as_server(&server.chain, &sub, None), Ok(()));

        let old = root.below("Old CA", |params| params.not_after = AT - Duration::days(1));
        let (_, server) = old.identities();
        let expired = CertRefusal::Expired { not_after: Some(old.cert.not_after) };
        assert_eq!(as_server(&chain(&server, &[&old]), &root, None), refused(expired));

        let no_ca = root.below("No CA", |params| params.is_ca = IsCa::NoCa);
        let (_, server) = no_ca.identities();
        assert_eq!(as_server(&chain(&server, &[&no_ca]), &root, None), refused(CertRefusal::EndEntityUsedAsCa));

        let last = root.below("Last CA", |params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)));
        let more = last.below("One more CA", |_| ());
        let (_, server) = more.identities();
        assert_eq!(as_server(&chain(&server, &[&more, &last]), &root, None), refused(CertRefusal::PathLenExceeded));

        let only_example = root.below("Example CA", |params| {
            let permitted_subtrees = vec![GeneralSubtree::DnsName("example".to_owned())];
            params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
        });
        let (_, server) = only_example.identities();
        assert_eq!(as_server(&chain(&server, &[&only_example]), &root, None), refused(CertRefusal::NameConstraint));
    }

    #[test]
    fn what_only_webpki_minds_is_named() {
        let ca = Ca::new("Dev CA");
        let odd = ca.leaf("odd", &["localhost"], |params| {
            let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
            extension.set_criticality(true);
            params.custom_extensions.push(extension);
        });
        assert_eq!(as_server(&odd.chain, &ca, None), refused(CertRefusal::UnknownCriticalExtension));

        let no_san = ca.leaf("localhost", &[], |_| ());
        assert_eq!(as_server(&no_san.chain, &ca, None), Ok(()));
        assert_eq!(as_server(&no_san.chain, &ca, Some("localhost")), refused(CertRefusal::NameMismatch));
    }

    #[test]
    fn what_openssl_makes_of_old_habits_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        openssl(
            &[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=Old CA",
                "-keyout",
                &at("ca.key"),
                "-out",
                &at("ca.crt"),
            ],
            b"",
        );
        let request =
            openssl(&["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", &at("key")], b"");
        let sign = |more: &[&str]| {
            let ca = ["x509", "-req", "-CA", &at("ca.crt"), "-CAkey", &at("ca.key"), "-outform", "DER"];
            Cert::from_der(&openssl(&[&ca[..], more].concat(), &request)).unwrap()
        };
        let anchor = Cert::from_der(&openssl(&["x509", "-in", &at("ca.crt"), "-outform", "DER"], b"")).unwrap();
        let judged = |leaf: Cert| verify(from_ref(&leaf), from_ref(&anchor), Side::Server, None, leaf.not_before, &[]);
        // without extensions OpenSSL 3.0 writes version 1
        assert_eq!(judged(sign(&["-sha256"])), refused(CertRefusal::UnsupportedVersion));
        std::fs::write(at("ext"), "subjectAltName=DNS:localhost").unwrap();
        assert_eq!(judged(sign(&["-sha256", "-extfile", &at("ext")])), Ok(()));
        let sha1 = CertRefusal::UnsupportedSignatureAlgorithm("RSA-SHA1".to_owned());
        assert_eq!(judged(sign(&["-sha1", "-extfile", &at("ext")])), refused(sha1));
    }

    /// A CRL of `ca` that revokes `serials`, due for renewal at `next_update`.
    fn crl(ca: &Ca, serials: &[&[u8]], next_update: OffsetDateTime) -> Crl {
        let revoked_certs = serials
            .iter()
            .map(|serial| RevokedCertParams {
                serial_number: SerialNumber::from_slice(serial),
                revocation_time: AT - Duration::days(3),
                reason_code: None,
                invalidity_date: None,
            })
            .collect();
        let list = CertificateRevocationListParams {
            this_update: AT - Duration::days(2),
            next_update,
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        Crl::from_der(list.signed_by(&ca.issuer).unwrap().der()).unwrap()
    }

    #[test]
    fn a_crl_counts_for_its_issuer() {
        let (ca, other) = (Ca::new("Dev CA"), Ca::new("Other CA"));
        let (client, server) = ca.identities();
        let judged = |leaf: &Identity, side, lists: &[Crl]| verify(&leaf.chain, from_ref(&ca.cert), side, None, AT, lists);
        let (soon, past) = (AT + Duration::days(1), AT - Duration::days(1));
        let list = crl(&ca, &[&server.chain[0].serial], soon);
        assert_eq!(judged(&server, Side::Server, from_ref(&list)), refused(CertRefusal::Revoked));
        assert_eq!(judged(&client, Side::Client, from_ref(&list)), Ok(()));
        let foreign = crl(&other, &[&server.chain[0].serial], soon);
        assert_eq!(judged(&server, Side::Server, from_ref(&foreign)), Ok(()));
        assert_eq!(judged(&server, Side::Server, &[foreign, list]), refused(CertRefusal::Revoked));
        // out of date, it still tells who was revoked, and refuses nobody else
        let stale = crl(&ca, &[&server.chain[0].serial], past);
        assert_eq!(judged(&server, Side::Server, from_ref(&stale)), refused(CertRefusal::Revoked));
        assert_eq!(judged(&client, Side::Client, &[stale]), Ok(()));
        // one that somebody else signed in this CA's name says nothing, loudly
        let forged = crl(&Ca::new("Dev CA"), &[], soon);
        let why = "its signature does not verify with its issuer's key".to_owned();
        assert_eq!(judged(&server, Side::Server, &[forged]), refused(CertRefusal::CrlUnusable(why)));
    }
}
