//! `inspect` and `handshake` on files, from the words of the command line to the exit status.

use super::{Ui, run};
use crate::formats::pem;
use crate::pki::{Cert, PrivateKey};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose as Use, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde_json::Value;
use std::path::PathBuf;
use time::macros::datetime;

/// A folder with `ca.crt`, `other.crt`, and `server.pem`, `client.pem` (key and certificate).
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        let ca = folder.ca("ca", "Dev CA");
        folder.ca("other", "Other CA");
        folder.leaf("server", "api.example", Use::ServerAuth, &ca);
        folder.leaf("client", "billing", Use::ClientAuth, &ca);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn ca(&self, file: &str, cn: &str) -> Issuer<'static, KeyPair> {
        let key = KeyPair::generate().unwrap();
        let mut params = params(cn, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        std::fs::write(self.path(&format!("{file}.crt")), armoured(params.self_signed(&key).unwrap().der())).unwrap();
        Issuer::new(params, key)
    }

    fn leaf(&self, file: &str, cn: &str, purpose: Use, ca: &Issuer<'_, KeyPair>) {
        let key = KeyPair::generate().unwrap();
        let mut params = params(cn, &[cn]);
        params.extended_key_usages = vec![purpose];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let cert = params.signed_by(&key, ca).unwrap();
        let key = PrivateKey::from_pkcs8(&key.serialize_der()).unwrap();
        let text = pem::private_key(&key).to_string() + &armoured(cert.der());
        std::fs::write(self.path(&format!("{file}.pem")), text).unwrap();
    }

    /// Exit status, standard output and standard error of `words`, of which those in braces are files of this folder.
    fn said(&self, words: &str) -> (u8, String, String) {
        let (mut ui, captured) = Ui::captured(&[]);
        let words = words.split(' ').map(|w| match w.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
            Some(name) => self.path(name).into_os_string(),
            None => w.into(),
        });
        let outcome = run(std::iter::once("mtls".into()).chain(words), &mut ui).unwrap();
        let (out, err) = captured.text();
        (outcome.status(), out, err)
    }

    fn json(&self, words: &str) -> (u8, Value) {
        let (status, out, err) = self.said(&format!("{words} --json"));
        assert_eq!(err, "");
        (status, serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}")))
    }
}

fn armoured(der: &[u8]) -> String {
    pem::certificates(&[Cert::from_der(der).unwrap()])
}

fn params(cn: &str, names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, cn);
    params.use_authority_key_identifier_extension = true;
    // the clock of a captured `Ui` stands at 2026-11-21
    params.not_before = datetime!(2026-11-20 0:00 UTC);
    params.not_after = datetime!(2027-06-01 0:00 UTC);
    params
}

#[test]
fn several_targets_are_shown_though_one_cannot_be_read() {
    let folder = Folder::new();
    let (status, out, err) = folder.said("inspect {missing} {server.pem} {ca.crt}");
    assert_eq!(status, 3);
    assert!(out.contains("private key EC P-256 [ok] belongs to the certificate\n    api.example"), "{out}");
    assert!(out.contains("    Dev CA   until 2027-06-01 (in 6 months)   CA\n"), "{out}");
    assert!(err.starts_with("error[file-unreadable]: ") && err.contains("missing") && err.contains("\n  fix: "), "{err}");
}

#[test]
fn json_has_an_item_for_each_target_that_was_read() {
    let folder = Folder::new();
    let (status, report) = folder.json("inspect {server.pem} {missing} {ca.crt}");
    assert_eq!((status, &report["ok"]), (3, &false.into()));
    assert_eq!(report["findings"][0]["code"], "file-unreadable");
    assert_eq!(report["findings"][0]["at"], "store");
    let items = report["items"].as_array().unwrap();
    assert_eq!(items.iter().map(|i| &i["format"]).collect::<Vec<_>>(), ["pem", "pem"]);
    assert_eq!(items[0]["entries"][0]["key"]["matches_certificate"], true);
    assert_eq!(items[1]["entries"][0]["chain"][0]["is_ca"], true);
}

#[test]
fn pem_prints_each_certificate_once_and_no_key() {
    let folder = Folder::new();
    let (status, out, _) = folder.said("inspect --pem {server.pem} {server.pem} {ca.crt}");
    assert_eq!((status, out.matches("BEGIN CERTIFICATE").count(), out.matches("KEY").count()), (0, 2, 0));
}

#[test]
fn judging_needs_what_is_judged_by() {
    let folder = Folder::new();
    let judged = |words: &str| folder.json(&format!("inspect {{server.pem}} {words}"));
    assert_eq!(judged("--trust {ca.crt} --name api.example --for server").0, 0);
    for (words, code) in [
        ("--trust {other.crt}", "untrusted-issuer"),
        ("--name www.example", "name-mismatch"),
        ("--for client", "not-for-client"),
        ("--at 2028-01-01", "expired"),
    ] {
        let (status, report) = judged(words);
        assert_eq!((status, &report["findings"][0]["code"]), (1, &code.into()), "{words}");
    }
    assert_eq!(folder.said("inspect {server.pem} --trust {missing}").0, 3);
    assert_eq!(folder.said("inspect {server.pem} --crl {ca.crt}").0, 3);
}

#[test]
fn a_handshake_is_told_from_both_sides() {
    let folder = Folder::new();
    let (status, report) = folder.json("handshake --server {server.pem} {ca.crt} --client {client.pem} {ca.crt}");
    assert_eq!((status, &report["findings"]), (0, &Value::Array(vec![])));
    let told = &report["handshake"];
    assert_eq!((&told["completed"], &told["mutual"], &told["name"]), (&true.into(), &true.into(), &"api.example".into()));
    assert_eq!((&told["server_identity"], &told["client_identity"]), (&"CN=api.example".into(), &"CN=billing".into()));
}

#[test]
fn the_options_of_a_handshake_reach_it() {
    let folder = Folder::new();
    let shake = |words: &str| {
        let (status, report) =
            folder.json(&format!("handshake --server {{server.pem}} {{ca.crt}} --client {{client.pem}} {{ca.crt}} {words}"));
        (status, report["handshake"].clone(), report["findings"][0]["code"].clone())
    };
    assert_eq!(shake("--tls 1.2").1["version"], "TLSv1.2");
    assert_eq!(shake("--alpn h2 --alpn http/1.1").1["alpn"], "h2");
    let (status, told, code) = shake("--name www.example");
    assert_eq!((status, &told["failed_step"], code), (1, &"client-verifies-server".into(), "name-mismatch".into()));
    assert_eq!(shake("--at 2028-01-01").2, "expired");
}

#[test]
fn the_stack_decides_whether_a_certificate_of_another_ca_is_sent() {
    let folder = Folder::new();
    let shake = |server_trusts: &str, stack: &str| {
        let words =
            format!("handshake --server {{server.pem}} {{{server_trusts}}} --client {{client.pem}} {{ca.crt}} --stack {stack}");
        let (_, report) = folder.json(&words);
        let told: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{} {}", f["code"].as_str().unwrap(), f["at"].as_str().unwrap()))
            .collect();
        (told, report["handshake"]["failed_step"].clone())
    };
    assert_eq!(shake("other.crt", "openssl").0, ["untrusted-issuer server-truststore"]);
    for stack in ["java", "go", "dotnet"] {
        let (told, step) = shake("other.crt", stack);
        assert_eq!(
            (told.as_slice(), step),
            (&["client-certificate-withheld server-truststore".to_owned()][..], "client-presents".into())
        );
        assert_eq!(shake("ca.crt", stack), (vec![], Value::Null), "{stack}");
    }
}

#[test]
fn a_revocation_list_is_used_or_said_to_be_of_no_use() {
    use rcgen::{CertificateRevocationListParams, KeyIdMethod, RevokedCertParams, SerialNumber};
    let folder = Folder::new();
    let list = |file: &str, issuer: &Issuer<'_, KeyPair>, serial: SerialNumber| {
        let now = time::macros::datetime!(2026-11-20 0:00 UTC);
        let revoked = RevokedCertParams { serial_number: serial, revocation_time: now, reason_code: None, invalidity_date: None };
        let params = CertificateRevocationListParams {
            this_update: now,
            next_update: now + time::Duration::days(300),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: vec![revoked],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        std::fs::write(folder.path(file), params.signed_by(issuer).unwrap().der()).unwrap();
    };
    let ca = folder.ca("crl-ca", "Crl CA");
    folder.leaf("gone", "gone", Use::ClientAuth, &ca);
    let serial = folder.json("inspect {gone.pem}").1["items"][0]["entries"][0]["chain"][0]["serial"].clone();
    let serial: Vec<u8> = crate::safe::from_hex(serial.as_str().unwrap()).unwrap();
    list("gone.crl", &ca, SerialNumber::from_slice(&serial));
    // without a truststore too
    let (status, report) = folder.json("inspect {gone.pem} --crl {gone.crl}");
    assert_eq!((status, &report["findings"][0]["code"]), (1, &"revoked".into()), "{report:#}");
    // a list of another CA is of no use, and that is said
    let (status, report) = folder.json("inspect {client.pem} --crl {gone.crl}");
    assert_eq!((status, &report["findings"][0]["code"]), (0, &"crl-unusable".into()), "{report:#}");
    let (status, report) =
        folder.json("handshake --server {server.pem} {ca.crt} --client {client.pem} {ca.crt} --crl {gone.crl}");
    assert_eq!((status, &report["findings"][0]["code"]), (0, &"crl-unusable".into()), "{report:#}");
}

#[test]
fn stores_in_the_wrong_place_and_missing_ones_are_findings() {
    let folder = Folder::new();
    let (status, report) = folder.json("handshake --server {ca.crt} {server.pem} --client {client.pem} {ca.crt}");
    let told: Vec<_> = report["findings"].as_array().unwrap().iter().map(|f| (&f["code"], &f["at"])).collect();
    assert_eq!((status, told), (1, vec![(&"truststore-is-keystore".into(), &"server-truststore".into())]));
    assert_eq!(report["handshake"]["completed"], false);
    let (status, report) = folder.json("handshake --server {server.pem} {missing} --client {client.pem} {ca.crt}");
    assert_eq!((status, &report["findings"][0]["at"]), (3, &"server-truststore".into()));
    assert_eq!(folder.said("handshake --server none {ca.crt} --client {client.pem} {ca.crt}").0, 2);
}

#[test]
fn none_makes_it_one_way() {
    let folder = Folder::new();
    let (status, report) = folder.json("handshake --server {server.pem} none --client none {ca.crt}");
    assert_eq!(status, 0, "{report:#}");
    let told = &report["handshake"];
    assert_eq!((&told["completed"], &told["mutual"]), (&true.into(), &false.into()));
    let (status, report) = folder.json("handshake --server {server.pem} none --client {client.pem} {ca.crt}");
    assert_eq!((status, &report["findings"][0]["code"]), (1, &"client-not-asked".into()));
    let (status, report) = folder.json("handshake --server {server.pem} {ca.crt} --client none {ca.crt}");
    assert_eq!((status, &report["findings"][0]["code"]), (1, &"client-certificate-missing".into()));
}
