//! Reports made by hand, as text and as JSON.

use super::text::{Charset, Style};
use super::*;
use crate::diagnose::Place;
use crate::error::Error;
use crate::formats::{Entry, Format, Item, Store};
use crate::handshake::Step;
use crate::inspect::Inspection;
use crate::pki::{Cert, PrivateKey};
use crate::safe::hex;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-21 0:00 UTC);

/// A CA, the key and certificate of a server that it issued, and a client's.
struct Family {
    ca: Cert,
    server: Cert,
    client: Cert,
    server_key: PrivateKey,
    client_key: PrivateKey,
}

fn family() -> Family {
    use rcgen::{
        BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose as Use, IsCa, Issuer, KeyPair, SerialNumber,
    };
    let params = |cn: &str, serial: u64, names: &[&str], until: OffsetDateTime| {
        let mut p = CertificateParams::new(names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).unwrap();
        p.distinguished_name = rcgen::DistinguishedName::new();
        p.distinguished_name.push(DnType::CommonName, cn);
        p.serial_number = Some(SerialNumber::from(serial));
        p.not_before = datetime!(2026-11-20 0:00 UTC);
        p.not_after = until;
        p
    };
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = params("Dev CA", 1, &[], datetime!(2036-11-18 0:00 UTC));
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let ca_cert = ca.self_signed(&ca_key).unwrap();
    let issuer = Issuer::new(ca, ca_key);
    let issue = |cn: &str, serial: u64, names: &[&str], purpose: Use| {
        let key = KeyPair::generate().unwrap();
        let mut p = params(cn, serial, names, datetime!(2027-02-19 0:00 UTC));
        p.extended_key_usages = vec![purpose];
        p.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
        let cert = p.signed_by(&key, &issuer).unwrap();
        (Cert::from_der(cert.der()).unwrap(), PrivateKey::from_pkcs8(&key.serialize_der()).unwrap())
    };
    let (server, server_key) = issue("api.example", 0xa1b2, &["api.example", "localhost", "127.0.0.1", "::1"], Use::ServerAuth);
    let (client, client_key) = issue("billing", 3, &["billing.example"], Use::ClientAuth);
    Family { ca: Cert::from_der(ca_cert.der()).unwrap(), server, client, server_key, client_key }
}

/// As on a terminal without colour.
fn plain() -> Style {
    Style { charset: Charset::Symbols, ..Style::default() }
}

fn inspection(target: &str, entries: Vec<Entry>) -> Report {
    let mut store = Store::plain(Format::Pkcs12, entries);
    store.encryption = Some("PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000".to_owned());
    store.mac = Some("HMAC-SHA256 x10000".to_owned());
    let items = vec![Inspection { target: target.to_owned(), store }];
    Report::new("inspect", NOW, Body::Inspection(items))
}

fn keystore(f: &Family) -> Report {
    let item = Item::key(f.server_key.clone(), vec![f.server.clone(), f.ca.clone()]);
    inspection("server.p12", vec![Entry::new(Some("server".to_owned()), item)])
}

fn finding(severity: Severity) -> Finding {
    let mut finding = Finding::from_error(&Error::damaged("client.p12: it is cut off"), Place::ClientKeystore).unwrap();
    finding.severity = severity;
    finding
}

fn shake(f: &Family) -> Handshake {
    let mut t = Transcript { name: "api.example".to_owned(), asked: true, ..Transcript::default() };
    t.client.peer_chain = vec![f.server.clone()];
    t.server.peer_chain = vec![f.client.clone()];
    t.asked_authorities = vec![f.ca.subject.clone()];
    (t.completed, t.mutual) = (true, true);
    t.version = Some("TLSv1.3".to_owned());
    t.group = Some("X25519MLKEM768".to_owned());
    t.cipher = Some("TLS_AES_256_GCM_SHA384".to_owned());
    let stores = ["server.p12", "server-trust.p12", "client.p12", "client-trust.p12"].map(str::to_owned);
    let refusals = vec![("a client without a certificate".to_owned(), true), ("another host name".to_owned(), true)];
    Handshake { transcript: t, stores, refusals }
}

#[test]
fn a_keystore_is_drawn_from_the_leaf_to_the_root() {
    assert_eq!(
        text::result(&keystore(&family()), &plain()),
        "\
server.p12 · PKCS#12 · AES-256-CBC, PBKDF2-HMAC-SHA256 ×10000 · MAC HMAC-SHA256 ×10000 ✓
  server · private key EC P-256 ✓ belongs to the certificate
    api.example   until 2027-02-19 (in 90 days)    serverAuth      DNS api.example, localhost · IP 127.0.0.1, ::1
    └─ Dev CA     until 2036-11-18 (in 10 years)   CA, pathlen 0
  opened by     OpenSSL 3 (curl, Python, Node 17 and later) · Java 8u301, 11, 17 and later · Windows Server 2019, Windows 10 1709 and later
  not opened by Java 8 before update 301 · Windows before Server 2019 · the macOS keychain · Go's x/crypto/pkcs12 (Terraform)
"
    );
}

#[test]
fn a_pipe_gets_ascii_symbols_and_the_names_as_they_are() {
    let f = family();
    let mut report = keystore(&f);
    let Body::Inspection(items) = &mut report.body else { unreachable!() };
    items[0].target = "grün.p12".to_owned();
    let text = text::result(&report, &Style::default());
    assert!(
        text.starts_with("grün.p12 - PKCS#12 - AES-256-CBC, PBKDF2-HMAC-SHA256 x10000 - MAC HMAC-SHA256 x10000 [ok]\n"),
        "{text}"
    );
    assert!(text.contains("\n    `- Dev CA     until"), "{text}");
    let text = text::result(&report, &Style { charset: Charset::Ascii, ..Style::default() });
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn what_does_not_belong_together_is_shown() {
    let f = family();
    let wrong = Item::key(f.client_key.clone(), vec![f.server.clone()]);
    let lone = Item::key(f.client_key.clone(), vec![]);
    let shut = Item::Key { key: Err(Error::wrong_password()), chain: vec![], sent: vec![] };
    let unread = Item::Unread { what: "private key".to_owned(), why: Error::unsupported("encrypted with CAST5") };
    let secret = Item::Secret { algorithm: "AES".to_owned(), bits: Some(256) };
    let entries = [wrong, lone, shut, unread, secret].into_iter().map(|item| Entry::new(None, item)).collect();
    let text = text::result(&inspection("x.p12", entries), &plain());
    let lines: Vec<&str> = text.lines().skip(1).filter(|l| !l.contains("opened by")).collect();
    assert_eq!(
        lines,
        [
            "  private key EC P-256 ✗ does not belong to the certificate",
            "    api.example   until 2027-02-19 (in 90 days)   serverAuth   DNS api.example, localhost · IP 127.0.0.1, ::1",
            "    └─ Dev CA (not in this file)",
            "  private key EC P-256 ! without a certificate",
            "  private key ✗ wrong password",
            "  ✗ private key: encrypted with CAST5",
            "  secret key AES, 256 bits",
            "  ! Java sees 2 of 5 entries",
        ]
    );
}

#[test]
fn a_truststore_is_a_list() {
    let f = family();
    let entries = vec![Entry::new(Some("dev-ca".to_owned()), Item::Trusted(f.ca.clone()))];
    let text = text::result(&inspection("trust.p12", entries), &plain());
    let lines: Vec<&str> = text.lines().skip(1).filter(|l| !l.contains("opened by")).collect();
    assert_eq!(lines, ["  1 trusted certificate", "    dev-ca: Dev CA   until 2036-11-18 (in 10 years)   CA, pathlen 0"]);
}

#[test]
fn verbose_shows_every_field() {
    let f = family();
    let text = text::result(&keystore(&f), &Style { is_verbose: true, ..plain() });
    for line in [
        "      subject                  CN=api.example",
        "      issuer                   CN=Dev CA",
        "      serial number            a1b2",
        "      valid until              2027-02-19T00:00:00Z (in 90 days)",
        "      public key               EC P-256",
        "      signature                ECDSA-SHA256",
        "      alternative names        DNS:api.example, DNS:localhost, IP:127.0.0.1, IP:::1",
        "      key usage                digitalSignature (critical)",
        "      extended key usage       serverAuth",
        "         basic constraints        CA, path length 0 (critical)",
        &format!("      SHA-256 fingerprint      {}", hex(&f.server.sha256())),
        &format!("      SHA-256 of public key    {}", hex(&f.server.spki_sha256())),
    ] {
        assert!(text.lines().any(|l| l == line), "no line {line:?} in\n{text}");
    }
}

#[test]
fn strangers_cannot_write_over_the_terminal() {
    let f = family();
    let entry = Entry::new(Some("\x1b[2Jserver\n✓ all is well\u{202e}".to_owned()), Item::Trusted(f.ca.clone()));
    let report = inspection("a\x1bb.p12", vec![entry]);
    for text in [text::result(&report, &plain()), json::report(&report)] {
        assert!(!text.contains(['\x1b', '\u{202e}']), "{text}");
    }
    let parsed: serde_json::Value = serde_json::from_str(&json::report(&report)).unwrap();
    assert_eq!(parsed["items"][0]["entries"][0]["alias"], "\x1b[2Jserver\n✓ all is well\u{202e}");
}

#[test]
fn a_good_handshake_is_drawn_in_seven_steps() {
    let report = Report::new("handshake", NOW, Body::Handshake(shake(&family())));
    assert_eq!(
        text::result(&report, &plain()),
        "\
\x20 client                                               server
  1 connects, asking for api.example          ──────▶
                                              ◀──────  2 presents CN=api.example, and asks for a certificate of: Dev CA
  3 checks it with client-trust.p12 ✓ trusted ✓ name
  4 presents CN=billing                       ──────▶
                                                       5 checks it with server-trust.p12 ✓ trusted
  6 session keys                                       TLS 1.3, X25519MLKEM768, TLS_AES_256_GCM_SHA384 ✓
  7 data                                               both ways ✓

  ✓ mutual TLS proven: TLS 1.3, X25519MLKEM768, TLS_AES_256_GCM_SHA384
  ✓ refused, as they must be: a client without a certificate · another host name
"
    );
}

#[test]
fn a_failed_handshake_says_where_and_why() {
    let mut shake = shake(&family());
    (shake.transcript.completed, shake.transcript.mutual) = (false, false);
    shake.transcript.failed_step = Some(Step::ServerVerifiesClient);
    shake.refusals.clear();
    let mut report = Report::new("handshake", NOW, Body::Handshake(shake));
    let finding = Finding {
        headline: "the server trusts a \"Dev CA\", but not the one that signed the client's certificate".to_owned(),
        facts: vec![
            ("client.p12".to_owned(), "CN=billing, signed by Dev CA, key 3f:a1:…:07".to_owned()),
            ("server-trust.p12".to_owned(), "Dev CA, key 9c:02:…:e4".to_owned()),
        ],
        explain: "The CA was made anew after server-trust.p12 was written; the name stayed, the key changed.".to_owned(),
        fix: "mtls truststore server-trust.p12 ca.crt".to_owned(),
        code: crate::diagnose::Code::for_tests("same-name-other-key"),
        ..finding(Severity::Error)
    };
    report.findings.push(finding);
    let text = text::result(&report, &plain());
    let (drawing, finding) = text.split_once("\n\n").unwrap();
    assert_eq!(
        drawing.lines().skip(5).collect::<Vec<_>>(),
        [
            "                                                       5 checks it with server-trust.p12 ✗",
            "  6 session keys                                       not reached",
            "  7 data                                               not reached",
        ]
    );
    assert_eq!(
        finding,
        "\
error[same-name-other-key]: the server trusts a \"Dev CA\", but not the one that signed the client's certificate
  client.p12         CN=billing, signed by Dev CA, key 3f:a1:…:07
  server-trust.p12   Dev CA, key 9c:02:…:e4
  The CA was made anew after server-trust.p12 was written; the name stayed, the key changed.
  fix: mtls truststore server-trust.p12 ca.crt
"
    );
    assert_eq!(report.exit_status(), 1);
    assert_eq!(text::complaints(&report, &plain()), "");
}

#[test]
fn what_was_made_is_a_line_a_thing() {
    let f = family();
    let row = |role: &str, action, files: &[&str], says: &str, cert: Option<&Cert>| Row {
        role: role.to_owned(),
        action,
        files: files.iter().map(Into::into).collect(),
        says: says.to_owned(),
        cert: cert.cloned(),
    };
    let made = Made {
        rows: vec![
            row("ca", "kept", &["pki/ca.crt", "pki/ca.key"], "Dev CA", Some(&f.ca)),
            row("server", "made", &["pki/server.p12", "pki/server.crt", "pki/server.key"], "api.example", Some(&f.server)),
            row("truststore", "made", &["pki/truststore.p12"], "1 CA; give it to both sides", None),
            row("password", "made", &[], "changeit", None),
        ],
        proof: Some(shake(&f)),
        remarks: vec!["ends on 2036-11-18, when Dev CA ends".to_owned()],
        next: vec!["mtls serve localhost:8443".to_owned(), "mtls inspect pki/server.p12".to_owned()],
        beside_output: false,
    };
    let text = text::result(&Report::new("init", NOW, Body::Made(made)), &plain());
    assert_eq!(
        text.lines().take(6).collect::<Vec<_>>(),
        [
            "  ca          pki/ca.crt (+ .key)           kept: Dev CA · until 2036-11-18 (in 10 years)",
            "  server      pki/server.p12 (+ .crt .key)  api.example · until 2027-02-19 (in 90 days)",
            "  truststore  pki/truststore.p12            1 CA; give it to both sides",
            "  password                                  changeit",
            "",
            "  ✓ mutual TLS proven: TLS 1.3, X25519MLKEM768, TLS_AES_256_GCM_SHA384",
        ]
    );
    assert!(text.contains("\n  ! ends on 2036-11-18, when Dev CA ends\n"), "{text}");
    assert!(text.ends_with("\n  next: mtls serve localhost:8443\n        mtls inspect pki/server.p12\n"), "{text}");
}

#[test]
fn complaints_about_files_go_apart_and_decide_the_status() {
    let mut report = keystore(&family());
    report.findings.push(finding(Severity::Error));
    assert_eq!(
        text::complaints(&report, &plain()),
        "\
error[damaged-store]: client.p12: it is cut off
  fix: get the file again from where it came from, byte for byte (copy it in binary mode)
"
    );
    assert!(!text::result(&report, &plain()).contains("damaged-store"));
    assert_eq!(report.exit_status(), 3);
}

#[test]
fn strictness_turns_warnings_into_errors() {
    let mut report = Report::new("inspect", NOW, Body::None);
    report.findings = vec![finding(Severity::Warning), finding(Severity::Info)];
    assert_eq!((report.is_ok(), report.exit_status()), (true, 0));
    report.make_strict();
    assert_eq!((report.is_ok(), report.exit_status()), (false, 3));
    assert_eq!(report.findings[1].severity, Severity::Info);
}

mod for_programs;
