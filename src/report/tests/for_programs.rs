//! Reports as JSON: the contract with scripts.

use super::*;

#[test]
fn the_json_of_a_keystore_is_the_contract() {
    let f = family();
    let chain = |cert: &Cert| {
        let ca = cert == &f.ca;
        serde_json::json!({
            "subject": if ca { "CN=Dev CA" } else { "CN=api.example" },
            "issuer": "CN=Dev CA",
            "serial": if ca { "01" } else { "a1b2" },
            "not_before": "2026-11-20T00:00:00Z",
            "not_after": if ca { "2036-11-18T00:00:00Z" } else { "2027-02-19T00:00:00Z" },
            "sha256": hex(&cert.sha256()),
            "spki_sha256": hex(&cert.spki_sha256()),
            "is_ca": ca,
            "san": if ca { vec![] } else { vec!["DNS:api.example", "DNS:localhost", "IP:127.0.0.1", "IP:::1"] },
            "eku": if ca { vec![] } else { vec!["serverAuth"] },
            "key_usage": if ca { vec![] } else { vec!["digitalSignature"] },
            "signature": "ECDSA-SHA256",
            "key": "EC P-256",
            "key_bits": 256,
            "path_len": if ca { Some(0) } else { None },
            "subject_key_id": cert.subject_key_id.as_deref().map(hex),
            "authority_key_id": cert.authority_key_id.as_deref().map(hex),
            "sha1": hex(&cert.sha1()),
            "version": 3,
        })
    };
    let unknown = "it knows no AES and no SHA-256 in PKCS#12, and calls the password wrong";
    let readable_by: serde_json::Value = [
        ("OpenSSL 3 (curl, Python, Node 17 and later)", None),
        ("Java 8u301, 11, 17 and later", None),
        ("Java 8 before update 301", Some(unknown)),
        ("Windows Server 2019, Windows 10 1709 and later", None),
        ("Windows before Server 2019", Some(unknown)),
        ("the macOS keychain", Some("many versions know 3DES and SHA-1 only, and call the password wrong")),
        ("Go's x/crypto/pkcs12 (Terraform)", Some("it knows 3DES and RC2-40 with a SHA-1 MAC only")),
    ]
    .into_iter()
    .map(|(consumer, why)| serde_json::json!({ "consumer": consumer, "opens": why.is_none(), "why": why }))
    .collect();
    let expected = serde_json::json!({
        "schema": 1,
        "command": "inspect",
        "ok": true,
        "findings": [],
        "items": [{
            "target": "server.p12",
            "format": "pkcs12",
            "encryption": "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000",
            "mac": "HMAC-SHA256 x10000",
            "remarks": [],
            "java_entries": 1,
            "readable_by": readable_by,
            "entries": [{
                "alias": "server",
                "kind": "private-key",
                "key": {
                    "algorithm": "EC P-256",
                    "bits": 256,
                    "matches_certificate": true,
                    "spki_sha256": hex(&f.server.spki_sha256()),
                },
                "chain": [chain(&f.server), chain(&f.ca)],
                "sent": [hex(&f.server.sha256()), hex(&f.ca.sha256())],
            }],
        }],
    });
    // as text, so that the order of the fields is kept too
    assert_eq!(json::report(&keystore(&f)), format!("{expected:#}\n"));
}

#[test]
fn the_json_of_a_handshake_is_the_contract() {
    let mut shake = shake(&family());
    shake.transcript.failed_step = Some(Step::ClientVerifiesServer);
    shake.transcript.server.peer_chain.clear();
    let mut report = Report::new("handshake", NOW, Body::Handshake(shake));
    report.findings.push(finding(Severity::Error));
    let parsed: serde_json::Value = serde_json::from_str(&json::report(&report)).unwrap();
    assert_eq!(
        parsed["findings"],
        serde_json::json!([{
            "code": "damaged-store",
            "severity": "error",
            "at": "client-keystore",
            "subject": null,
            "explain": "client.p12: it is cut off",
            "fix": "get the file again from where it came from, byte for byte (copy it in binary mode)",
        }])
    );
    assert_eq!((&parsed["schema"], &parsed["ok"]), (&1.into(), &false.into()));
    let shown = &parsed["handshake"];
    assert_eq!(shown["server_identity"], "CN=api.example");
    assert_eq!(shown["client_identity"], serde_json::Value::Null);
    assert_eq!(shown["failed_step"], "client-verifies-server");
    assert_eq!((&shown["version"], &shown["group"]), (&"TLSv1.3".into(), &"X25519MLKEM768".into()));
}

#[test]
fn an_error_is_an_object_too() {
    let parsed: serde_json::Value =
        serde_json::from_str(&json::error("truststore", &Error::wrong_password().in_file("t.p12"))).unwrap();
    assert_eq!((&parsed["command"], &parsed["ok"]), (&"truststore".into(), &false.into()));
    assert_eq!(parsed["findings"][0]["code"], "wrong-password");
    assert_eq!(parsed["error"]["what"], "t.p12: wrong password");
    let usage = Error::new(crate::error::Kind::Usage, "no", "yes");
    let parsed: serde_json::Value = serde_json::from_str(&json::error("ca", &usage)).unwrap();
    assert_eq!((&parsed["findings"][0]["code"], &parsed["ok"]), (&"wrong-usage".into(), &false.into()));
}
