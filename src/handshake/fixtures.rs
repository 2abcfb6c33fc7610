//! Certificates made on the spot, for the tests of this room.
#![cfg(test)]

use super::Peer;
use crate::pki::{Cert, Identity, PrivateKey};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use time::OffsetDateTime;
use time::macros::datetime;

/// The instant as of which the tests judge.
pub(super) const AT: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

/// A CA with its key.
pub(super) struct Ca {
    pub(super) cert: Cert,
    pub(super) issuer: Issuer<'static, KeyPair>,
    algorithm: &'static rcgen::SignatureAlgorithm,
}

fn params(cn: &str, names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, cn);
    params
}

impl Ca {
    /// A CA with a P-256 key.
    pub(super) fn new(cn: &str) -> Ca {
        Ca::with_key(cn, KeyPair::generate().unwrap())
    }

    /// A CA with this key; its leaves get keys of the same kind.
    pub(super) fn with_key(cn: &str, key: KeyPair) -> Ca {
        let mut params = params(cn, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let cert = Cert::from_der(params.self_signed(&key).unwrap().der()).unwrap();
        let algorithm = key.algorithm();
        Ca { cert, issuer: Issuer::new(params, key), algorithm }
    }

    /// An intermediate below this one.
    pub(super) fn below(&self, cn: &str, change: impl FnOnce(&mut CertificateParams)) -> Ca {
        let (key, mut params) = (KeyPair::generate_for(self.algorithm).unwrap(), params(cn, &[]));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        let cert = Cert::from_der(params.signed_by(&key, &self.issuer).unwrap().der()).unwrap();
        Ca { cert, issuer: Issuer::new(params, key), algorithm: self.algorithm }
    }

    /// A leaf alone, changed before it is signed.
    pub(super) fn leaf(&self, cn: &str, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let key = KeyPair::generate_for(self.algorithm).unwrap();
        let mut params = params(cn, names);
        change(&mut params);
        let cert = Cert::from_der(params.signed_by(&key, &self.issuer).unwrap().der()).unwrap();
        Identity { key: PrivateKey::from_pkcs8(&key.serialize_der()).unwrap(), chain: vec![cert] }
    }

    /// A client's leaf and a server's, each for its use only.
    pub(super) fn identities(&self) -> (Identity, Identity) {
        let use_for = |usage| move |params: &mut CertificateParams| params.extended_key_usages = vec![usage];
        (
            self.leaf("client", &[], use_for(ExtendedKeyUsagePurpose::ClientAuth)),
            self.leaf("server", &["localhost", "127.0.0.1", "::1"], use_for(ExtendedKeyUsagePurpose::ServerAuth)),
        )
    }

    /// A client and a server that trust this CA.
    pub(super) fn pair(&self) -> (Peer, Peer) {
        let (client, server) = self.identities();
        let trust = Some(vec![self.cert.clone()]);
        (Peer::new(Some(client), trust.clone(), AT), Peer::new(Some(server), trust, AT))
    }
}

/// A client and a server for which all is well.
pub(super) fn good() -> (Peer, Peer) {
    Ca::new("Dev CA").pair()
}

/// A key from `openssl genpkey -algorithm …`.
pub(super) fn openssl_key(algorithm: &[&str]) -> PrivateKey {
    let pem = openssl(&[&["genpkey", "-algorithm"], algorithm].concat(), b"");
    // the DER that genpkey writes is not PKCS#8
    PrivateKey::from_pkcs8(&openssl(&["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"], &pem)).unwrap()
}

/// What `openssl` makes of its arguments and standard input.
pub(super) fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut openssl = Command::new("openssl");
    let mut child = openssl.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let made = child.wait_with_output().unwrap();
    assert!(made.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

/// A certificate that we can read and webpki cannot take: its two signature algorithms differ.
pub(super) fn bad_cert() -> Cert {
    let mut der = Ca::new("Odd CA").cert.der.clone();
    // ecdsa-with-SHA256 (1.2.840.10045.4.3.2) stands twice; the outer one becomes ecdsa-with-SHA384
    let oid = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    let last = der.windows(oid.len()).rposition(|w| w == oid).unwrap();
    der[last + oid.len() - 1] = 3;
    Cert::from_der(&der).unwrap()
}

/// A running `openssl s_server` that requires client certificates and answers HTTP; ends when dropped.
pub(super) struct OpensslServer {
    pub(super) address: SocketAddr,
    child: Child,
    _folder: tempfile::TempDir,
}

impl OpensslServer {
    /// A server with this peer's identity and truststore.
    pub(super) fn new(peer: &Peer) -> OpensslServer {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &[u8]| {
            let path = folder.path().join(name).to_str().unwrap().to_owned();
            std::fs::write(&path, content).unwrap();
            path
        };
        let identity = peer.identity.as_ref().unwrap();
        let pem = |cert: &Cert| openssl(&["x509", "-inform", "DER"], &cert.der);
        let anchors = file("trust.pem", &pem(&peer.trust.as_ref().unwrap()[0]));
        let cert = file("cert.pem", &pem(&identity.chain[0]));
        let key = file("key.pem", &openssl(&["pkey", "-inform", "DER"], identity.key.pkcs8()));
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-www", "-Verify", "2", "-verify_return_error"])
            .args(["-CAfile", &anchors, "-cert", &cert, "-key", &key])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // it says where it listens: ACCEPT 127.0.0.1:40123
        let address = lines.map(Result::unwrap).find_map(|line| line.strip_prefix("ACCEPT ")?.parse().ok()).unwrap();
        OpensslServer { address, child, _folder: folder }
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
