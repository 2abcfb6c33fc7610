//! Certificates, judged by their facts here and by the real `openssl verify`.

use super::*;
use crate::pki::cert::Subtree;
use crate::pki::{KeyKind, san, signature};
use std::path::Path;
use std::process::Command;

fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

fn names(words: &[&str]) -> Vec<San> {
    words.iter().map(|w| san::parse(w, san::Side::Client).unwrap()).collect()
}

fn request(cn: &str, words: &[&str], key: NewKey, profile: Profile, days: u32) -> Request {
    let (not_before, not_after) = validity(now(), days).unwrap();
    Request { subject: subject_for(cn), sans: names(words), key: KeySource::New(key), not_before, not_after, profile }
}

fn ca(key: NewKey, path_len: Option<u8>) -> Issued {
    issue(&request("Test CA", &[], key, Profile::Ca { path_len, name_constraints: None }, CA_DAYS), None, now()).unwrap()
}

fn issuer(ca: &Issued) -> Issuer {
    Issuer::new(ca.cert.clone(), &ca.key, ca.chain[1..].to_vec()).unwrap()
}

fn write_pem(path: &Path, certs: &[&Cert]) {
    let text: String = certs.iter().map(|c| pem::encode(&pem::Pem::new("CERTIFICATE", c.der.clone()))).collect();
    std::fs::write(path, text).unwrap();
}

/// What `openssl verify` says of the chain; it runs on every machine that runs these tests.
fn openssl_verify(root: &Cert, chain: &[Cert], purpose: &str, strict: bool) -> String {
    let dir = tempfile::tempdir().unwrap();
    let [ca, between, leaf] = ["ca.pem", "between.pem", "leaf.pem"].map(|f| dir.path().join(f));
    write_pem(&ca, &[root]);
    write_pem(&between, &chain[1..].iter().collect::<Vec<_>>());
    write_pem(&leaf, &[&chain[0]]);
    let mut command = Command::new("openssl");
    command.args(["verify", "-purpose", purpose]).arg("-CAfile").arg(&ca);
    if strict {
        command.arg("-x509_strict");
    }
    if chain.len() > 1 {
        command.arg("-untrusted").arg(&between);
    }
    let output = command.arg(&leaf).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&text).replace(&leaf.display().to_string(), "leaf")
}

#[test]
fn every_kind_of_key_makes_every_profile_and_each_verifies() {
    let cas: Vec<(NewKey, Issued)> = NewKey::ALL.map(|(_, key)| (key, ca(key, Some(0)))).into();
    for (key, ca) in &cas {
        assert_eq!(signature::verifies(&ca.cert, &ca.cert), Some(true), "{key:?}");
        assert_eq!(ca.cert.basic.map(|b| (b.ca, b.path_len)), Some((true, Some(0))));
        assert_eq!(ca.cert.key_usage, Some(vec!["keyCertSign", "cRLSign"]));
        let issuer = issuer(ca);
        let profiles: [(_, &[&str], _); 3] = [
            (Profile::Server, &["serverAuth"], "sslserver"),
            (Profile::Client, &["clientAuth"], "sslclient"),
            (Profile::Both, &["serverAuth", "clientAuth"], "sslserver"),
        ];
        for (profile, eku, purpose) in profiles {
            let mut request = request("api.example", &["api.example", "::1"], *key, profile, 90);
            if matches!(ca.key.kind(), KeyKind::Rsa(_)) {
                request.key = KeySource::Existing(ca.key.clone()); // a new one takes a second where nothing is optimised
            }
            let made = issue(&request, Some(&issuer), now()).unwrap();
            assert_eq!(signature::verifies(&made.cert, &ca.cert), Some(true), "{key:?}");
            assert_eq!(made.key.belongs_to(&made.cert), Some(true), "{key:?}");
            assert_eq!(made.cert.authority_key_id, ca.cert.subject_key_id);
            assert_eq!(made.cert.subject_key_id.as_ref().map(Vec::len), Some(20));
            assert_eq!(made.cert.serial.len(), 16);
            assert_eq!(made.cert.eku.as_deref(), Some(&eku.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>()[..]));
            let usage: &[&str] = if matches!(made.cert.key, KeyKind::Rsa(_)) {
                &["digitalSignature", "keyEncipherment"]
            } else {
                &["digitalSignature"]
            };
            assert_eq!(made.cert.key_usage.as_deref(), Some(usage), "{key:?}");
            // OpenSSL 3.0 knows no ML-DSA
            if !matches!(made.cert.key, KeyKind::MlDsa(_)) {
                assert_eq!(openssl_verify(&ca.cert, &made.chain, purpose, true), "leaf: OK\n", "{key:?}");
            }
        }
    }
}

#[test]
fn a_foreign_issuer_name_is_kept_byte_for_byte() {
    // repeated and multi-valued attributes, in string types that we would not choose
    let dir = tempfile::tempdir().unwrap();
    let [key, cert, config] = ["k.pem", "c.pem", "c.cnf"].map(|f| dir.path().join(f));
    std::fs::write(
        &config,
        "string_mask = pkix\n[req]\nprompt = no\ndistinguished_name = dn\nx509_extensions = v3\n[dn]\n0.DC = com\n1.DC = example\n\
         C = DE\n0.OU = one\n1.OU = two\nCN = Foreign CA\n+UID = 7\n[v3]\nbasicConstraints = critical,CA:true\nsubjectKeyIdentifier = none\n",
    )
    .unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-utf8", "-config"])
        .arg(&config)
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let read = |path: &Path| pem::parse(std::fs::read(path).unwrap()).unwrap().into_contents();
    let ca = Cert::from_der(&read(&cert)).unwrap();
    let key = PrivateKey::from_pkcs8(&read(&key)).unwrap();
    assert_eq!(ca.subject_key_id, None);
    let issuer = Issuer::new(ca.clone(), &key, vec![]).unwrap();
    let mut request = request("x", &["api.example"], NewKey::EcP256, Profile::Server, 20);
    request.subject = DistinguishedName::from_rfc4514("CN=api+UID=9,OU=b,OU=a,DC=example,DC=com").unwrap();
    let made = issue(&request, Some(&issuer), now()).unwrap();
    assert_eq!(made.cert.issuer.der(), ca.subject.der());
    assert_eq!(made.cert.subject, request.subject);
    assert_eq!(openssl_verify(&ca, &made.chain, "sslserver", false), "leaf: OK\n");
}

#[test]
fn an_intermediate_stands_between_and_is_sent_along() {
    let root = ca(NewKey::EcP384, None);
    let below = Profile::Ca { path_len: Some(0), name_constraints: None };
    let middle = issue(&request("Middle CA", &[], NewKey::EcP256, below.clone(), 1000), Some(&issuer(&root)), now()).unwrap();
    let leaf =
        issue(&request("api.example", &["api.example"], NewKey::Ed25519, Profile::Server, 90), Some(&issuer(&middle)), now())
            .unwrap();
    assert_eq!(leaf.chain, [leaf.cert.clone(), middle.cert.clone()]);
    assert_eq!(openssl_verify(&root.cert, &leaf.chain, "sslserver", true), "leaf: OK\n");
    let e = issue(&request("Third CA", &[], NewKey::EcP256, below, 30), Some(&issuer(&middle)), now()).unwrap_err();
    assert_eq!((e.kind, e.what.as_str()), (Kind::Refused, "Middle CA allows no CA below it (path length 0)"));
}

#[test]
fn path_lengths_are_cut_to_the_room_that_is_there() {
    let root = ca(NewKey::EcP256, Some(2));
    let below = |path_len| {
        let profile = Profile::Ca { path_len, name_constraints: None };
        issue(&request("Middle CA", &[], NewKey::EcP256, profile, 30), Some(&issuer(&root)), now()).unwrap()
    };
    assert_eq!((below(Some(1)).cert.basic.unwrap().path_len, below(Some(1)).remarks.len()), (Some(1), 0));
    assert_eq!((below(Some(5)).cert.basic.unwrap().path_len, below(Some(5)).remarks.len()), (Some(1), 1));
    assert_eq!((below(None).cert.basic.unwrap().path_len, below(None).remarks.len()), (Some(1), 0));
}

#[test]
fn no_certificate_outlives_its_issuer() {
    let ca = ca(NewKey::EcP256, Some(0));
    let made = issue(&request("x", &["x.example"], NewKey::EcP256, Profile::Server, 9000), Some(&issuer(&ca)), now()).unwrap();
    assert_eq!(made.cert.not_after, ca.cert.not_after);
    assert_eq!(made.remarks, [format!("ends on {}, when Test CA ends", date(ca.cert.not_after))]);
    let later = ca.cert.not_after + Duration::DAY;
    let e = issue(&request("x", &["x.example"], NewKey::EcP256, Profile::Server, 90), Some(&issuer(&ca)), later).unwrap_err();
    assert_eq!(e.kind, Kind::Refused);
}

#[test]
fn name_constraints_are_written_and_kept() {
    let list = |words: &[&str]| words.iter().map(|w| constraints::parse(w).unwrap()).collect::<Vec<Subtree>>();
    let limits = NameConstraints {
        permitted: list(&["example.com", "10.0.0.0/8", "2001:db8::/32", "email:example.com"]),
        excluded: list(&["secret.example.com", "ops@example.com"]),
    };
    let profile = Profile::Ca { path_len: Some(0), name_constraints: Some(limits.clone()) };
    let root = issue(&request("Limited CA", &[], NewKey::EcP256, profile, 100), None, now()).unwrap();
    assert_eq!(root.cert.name_constraints.as_ref(), Some(&limits));
    assert!(root.cert.extensions.iter().any(|e| e.oid == "2.5.29.30" && e.critical));
    let leaf = |name: &str| issue(&request("x", &[name], NewKey::EcP256, Profile::Both, 30), Some(&issuer(&root)), now());
    for name in ["api.example.com", "*.example.com", "10.1.2.3", "2001:db8::1"] {
        assert_eq!(openssl_verify(&root.cert, &leaf(name).unwrap().chain, "sslserver", true), "leaf: OK\n", "{name}");
    }
    for name in ["api.example.org", "a.secret.example.com", "192.0.2.1"] {
        let e = leaf(name).unwrap_err();
        assert_eq!((e.kind, e.because.len()), (Kind::Refused, 1), "{name}");
    }
}

#[test]
fn a_long_name_leaves_the_subject_empty_and_the_names_critical() {
    let ca = ca(NewKey::EcP256, Some(0));
    let long = format!("{}.{}.example", "a".repeat(40), "b".repeat(40));
    let made = issue(&request(&long, &[&long], NewKey::EcP256, Profile::Server, 90), Some(&issuer(&ca)), now()).unwrap();
    assert!(made.cert.subject.is_empty());
    assert!(made.cert.extensions.iter().any(|e| e.oid == "2.5.29.17" && e.critical));
    assert_eq!(openssl_verify(&ca.cert, &made.chain, "sslserver", true), "leaf: OK\n");
}

#[test]
fn an_existing_key_is_certified_again() {
    let ca = ca(NewKey::EcP256, Some(0));
    let mut request = request("x", &["x.example"], NewKey::EcP256, Profile::Server, 90);
    let first = issue(&request, Some(&issuer(&ca)), now()).unwrap();
    request.key = KeySource::Existing(first.key.clone());
    let second = issue(&request, Some(&issuer(&ca)), now()).unwrap();
    assert_eq!(first.cert.spki, second.cert.spki);
    assert_ne!(first.cert.serial, second.cert.serial);
}

#[test]
fn what_no_peer_could_use_is_refused() {
    let ca = ca(NewKey::EcP256, Some(0));
    let kind = |request: &Request| issue(request, Some(&issuer(&ca)), now()).unwrap_err().kind;
    assert_eq!(kind(&request("x", &[], NewKey::EcP256, Profile::Server, 90)), Kind::Usage);
    assert_eq!(kind(&request("x", &["a@b.example"], NewKey::EcP256, Profile::Both, 90)), Kind::Usage);
    assert_eq!(kind(&request(&"n".repeat(65), &[], NewKey::EcP256, Profile::Client, 90)), Kind::Usage);
    let mut backwards = request("x", &["x.example"], NewKey::EcP256, Profile::Server, 90);
    backwards.not_after = backwards.not_before - Duration::DAY;
    assert_eq!(kind(&backwards), Kind::Usage);
    assert!(validity(now(), 0).is_err() && validity(now(), u32::MAX).is_err());
}

#[test]
fn only_a_ca_with_its_own_key_issues() {
    let ca = ca(NewKey::EcP256, Some(0));
    let leaf = issue(&request("x", &["x.example"], NewKey::EcP256, Profile::Server, 90), Some(&issuer(&ca)), now()).unwrap();
    assert_eq!(Issuer::new(leaf.cert.clone(), &leaf.key, vec![]).err().map(|e| e.kind), Some(Kind::Refused));
    assert_eq!(Issuer::new(ca.cert.clone(), &leaf.key, vec![]).err().map(|e| e.kind), Some(Kind::Refused));
}

#[test]
fn ninety_days_are_ninety_days() {
    let made_at = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(1500);
    let (start, end) = validity(made_at, 90).unwrap();
    assert_eq!(crate::safe::distance(end, made_at), "in 90 days");
    assert_eq!(end - start, Duration::days(90) + BACKDATED);
}
