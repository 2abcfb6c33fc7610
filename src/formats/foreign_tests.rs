//! What other tools wrote (fixtures/make-pem), read whole: one line a file.

use super::*;
use crate::error::Kind;
use crate::pki::Password;
use std::path::PathBuf;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pem")).join(name)).unwrap()
}

fn open_with(bytes: &[u8], name: &str, password: &str) -> Result<Store> {
    let passwords = Passwords::new(vec![Password::empty(), Password::new(password)], vec![]);
    open(bytes, &Opening { name, passwords: &passwords, budget: &Budget::default() })
}

fn cn(name: &crate::pki::DistinguishedName) -> String {
    name.to_string().trim_start_matches("CN=").to_owned()
}

fn line(certs: &[crate::pki::Cert]) -> String {
    certs.iter().map(|c| cn(&c.subject)).collect::<Vec<_>>().join(" ")
}

fn summary(store: &Store) -> String {
    let entry = |e: &Entry| {
        let item = match &e.item {
            Item::Key { key, chain, sent } => {
                let key_words = match key {
                    Ok(key) => key.kind().title(),
                    Err(e) => e.kind.code().unwrap().to_owned(),
                };
                let owner = match (key, chain.first()) {
                    (_, None) => "alone".to_owned(),
                    (Ok(key), Some(leaf)) if key.belongs_to(leaf) == Some(false) => format!("not of {}", line(chain)),
                    _ => format!("of {}", line(chain)),
                };
                let sent = if sent == chain { String::new() } else { format!(", sends {}", line(sent)) };
                format!("key {key_words} {owner}{sent}")
            }
            Item::Certificate(cert) => format!("cert {}", cn(&cert.subject)),
            Item::Trusted(cert) => format!("trusted {}", cn(&cert.subject)),
            Item::Request(request) => format!("request {}", cn(&request.subject)),
            Item::Crl(crl) => format!("crl of {}", cn(&crl.issuer)),
            Item::Secret { .. } => "secret".to_owned(),
            Item::Unread { what, why } => format!("unread {what}: {}", why.kind.code().unwrap()),
        };
        e.alias.as_ref().map_or(item.clone(), |alias| format!("[{alias}] {item}"))
    };
    let mut entries: Vec<String> = store.entries.iter().map(entry).collect();
    if store.format == Format::Pkcs7 {
        entries.sort(); // a set: each writer has an order of its own
    }
    format!("{}: {}", store.format.name(), entries.join("; "))
}

#[test]
fn every_foreign_file_is_read_as_what_it_is() {
    let rows = [
        ("server.pem", "pem: cert server"),
        ("server.key", "pem: key EC P-256 alone"),
        ("rsa-pkcs1.pem", "pem: key RSA 2048 alone"),
        ("rsa-traditional-des.pem", "pem: key RSA 2048 alone"),
        ("rsa-traditional-des3.pem", "pem: key RSA 2048 alone"),
        ("rsa-traditional-aes128.pem", "pem: key RSA 2048 alone"),
        ("rsa-traditional-aes192.pem", "pem: key RSA 2048 alone"),
        ("rsa-traditional-aes256.pem", "pem: key RSA 2048 alone"),
        ("ec-traditional-aes256.pem", "pem: key EC P-256 alone"),
        ("ec-sec1.pem", "pem: key EC P-256 alone"),
        ("ec-sec1-no-public.pem", "pem: key EC P-256 alone"),
        ("ec-parameters.pem", "pem: key EC P-256 alone"),
        ("dsa-traditional.pem", "pem: key DSA 2048 alone"),
        ("rsa-pkcs8-v1-3des.pem", "pem: key RSA 2048 alone"),
        ("rsa-pkcs8-v1-md5-des.pem", "pem: key RSA 2048 alone"),
        ("rsa-pkcs8-v2-aes256.pem", "pem: key RSA 2048 alone"),
        ("rsa-pkcs8-v2-des3.pem", "pem: key RSA 2048 alone"),
        ("ec-pkcs8-scrypt.pem", "pem: key EC P-256 alone"),
        ("python-pkcs8.pem", "pem: key RSA 2048 alone"),
        ("python-traditional.pem", "pem: key RSA 2048 alone"),
        ("ed448.key", "pem: key Ed448 alone"),
        ("x25519.key", "pem: key X25519 alone"),
        ("rsa-pss.key", "pem: key RSA-PSS 2048 alone"),
        ("ec-pkcs8.der", "der: key EC P-256 alone"),
        ("ec-pkcs8-encrypted.der", "der: key EC P-256 alone"),
        ("ec-sec1.der", "der: key EC P-256 alone"),
        ("rsa-pkcs1.der", "der: key RSA 2048 alone"),
        ("server.der", "der: cert server"),
        ("two.der", "der: cert server; cert sub"),
        ("trusted.pem", "pem: [our root] trusted root"),
        ("rejected.pem", "pem: cert root"),
        ("request.pem", "csr: request server"),
        ("request-new.pem", "csr: request server"),
        ("request.der", "csr: request server"),
        ("crl.pem", "crl: crl of sub"),
        ("crl.der", "crl: crl of sub"),
        ("bundle.p7b", "pkcs7: cert server; cert sub"),
        ("bundle-der.p7b", "pkcs7: cert server; cert sub; crl of sub"),
        ("ber.p7b", "pkcs7: cert server; cert sub"),
        ("python-pkcs7.pem", "pkcs7: cert root; cert server; cert sub"),
        ("python-pkcs7.der", "pkcs7: cert root; cert server; cert sub"),
        ("fullchain.pem", "pem: cert server; cert sub; cert root"),
        ("haproxy.pem", "pem: key EC P-256 of server sub"),
        ("leaf-last.pem", "pem: key EC P-256 of server sub root, sends root sub server"),
        ("stranger.pem", "pem: cert other; key EC P-256 of server sub, sends server other sub"),
        ("mismatch.pem", "pem: cert sub; key EC P-256 not of other, sends other sub"),
        ("two-keys.pem", "pem: key EC P-256 of server sub root; key RSA 2048 of rsa root"),
        ("text.pem", "pem: cert server"),
        ("bag-attributes.pem", "pem: [my server] key EC P-256 of server sub"),
        ("bag-attributes-encrypted.pem", "pem: [my server] key EC P-256 of server sub"),
        ("keytool-export.pem", "pem: cert server"),
        ("certtool-p12.pem", "pkcs12: [server] key EC P-256 of server"),
        ("bare-base64.txt", "der: cert server"),
        ("bare-base64-p7b.txt", "pkcs7: cert server; cert sub; crl of sub"),
        ("bare-base64-key.txt", "der: key EC P-256 alone"),
        ("damaged-one-of-three.pem", "pem: cert server; unread CERTIFICATE: damaged-store; cert root"),
    ];
    let read = |name: &str| open_with(&fixture(name), name, "secret").map_or_else(|e| format!("{e:?}"), |s| summary(&s));
    let wrong: Vec<String> = rows
        .iter()
        .map(|(name, expected)| (name, expected, read(name)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(name, expected, found)| format!("{name}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn however_the_text_was_carried_the_pair_is_whole() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pem")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("odd-") {
            let store = open_with(&fixture(&name), &name, "secret").unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(summary(&store), "pem: key EC P-256 of server", "{name}");
        }
    }
}

#[test]
fn every_kind_of_key_finds_its_certificate_and_fingerprints_are_openssls() {
    let fingerprints = String::from_utf8(fixture("sha256.txt")).unwrap();
    for line in fingerprints.lines() {
        let (name, sha256) = line.split_once(' ').unwrap();
        let key = fixture(&format!("{name}.key"));
        // the stranger stands first, so that nothing but the key itself can tell
        let stranger = if name == "other" { "server" } else { "other" };
        let both = [fixture(&format!("{stranger}.pem")), fixture(&format!("{name}.pem")), key].concat();
        let store = open_with(&both, name, "").unwrap();
        let entry = store.keys().next().unwrap();
        let Item::Key { key, chain, .. } = &entry.item else { unreachable!() };
        assert_eq!(crate::safe::hex(&chain[0].sha256()), sha256, "{name}");
        assert_ne!(key.as_ref().unwrap().belongs_to(&chain[0]), Some(false), "{name}");
    }
}

#[test]
fn key_that_no_password_opens_says_so_in_its_entry() {
    for name in
        ["rsa-traditional-aes256.pem", "rsa-pkcs8-v2-aes256.pem", "ec-pkcs8-encrypted.der", "bag-attributes-encrypted.pem"]
    {
        let store = open_with(&fixture(name), name, "not it").unwrap();
        let Item::Key { key, chain, .. } = &store.keys().next().unwrap().item else { unreachable!() };
        assert_eq!(key.as_ref().unwrap_err().kind, Kind::WrongPassword, "{name}");
        assert_eq!(line(chain), if name.starts_with("bag") { "server sub" } else { "" });
    }
}

#[test]
fn files_that_hold_no_store_are_named() {
    for (name, kind, what, fix) in [
        ("public.pem", Kind::NotAStore, "a public key", "certificate"),
        ("public.der", Kind::NotAStore, "a public key", "certificate"),
        ("rsa-public.pem", Kind::NotAStore, "a public key", "certificate"),
        ("dh.pem", Kind::NotAStore, "Diffie-Hellman", "ssl_dhparam"),
        ("ec-parameters-alone.pem", Kind::NotAStore, "elliptic curve parameters", "BEGIN EC PRIVATE KEY"),
        ("openssh.key", Kind::NotAStore, "an OpenSSH private key", "ssh-keygen -p -m PKCS8 -f openssh.key.pem"),
        ("python-openssh.pem", Kind::NotAStore, "an OpenSSH private key", "cp python-openssh.pem "),
        ("openssh.pub", Kind::NotAStore, "an SSH public key", "certificate"),
        ("enveloped.pem", Kind::NotAStore, "S/MIME", "openssl cms -decrypt -inform DER -in enveloped.pem"),
        ("base64-of-pem.txt", Kind::NotAStore, "base64 of PEM", "base64 -d base64-of-pem.txt > base64-of-pem.txt.pem"),
        ("damaged-all.pem", Kind::Damaged, "line 1 (CERTIFICATE)", "get the file again"),
        ("sha256.txt", Kind::NotAStore, "a text without", "keystore"),
    ] {
        let e = open_with(&fixture(name), name, "secret").unwrap_err();
        assert_eq!(e.kind, kind, "{name}: {e}");
        assert!(e.what.contains(what) && e.fix.contains(fix), "{name}: {e}");
    }
}

#[test]
fn cut_files_are_damaged_and_never_another_fault() {
    for name in ["server.der", "two.der", "bundle-der.p7b", "ber.p7b", "rsa-pkcs1.der", "ec-pkcs8.der", "crl.der"] {
        let whole = fixture(name);
        for end in (8..whole.len() - 1).step_by(37) {
            if let Err(e) = open_with(&whole[..end], name, "secret") {
                assert_eq!(e.kind, Kind::Damaged, "{name} cut at {end}: {e}");
            } else {
                assert_eq!(name, "two.der", "cut at {end} it still opens");
            }
        }
    }
}

#[test]
fn no_flip_of_a_byte_ends_in_a_panic() {
    for name in ["server.der", "ber.p7b", "bag-attributes-encrypted.pem", "rsa-traditional-aes256.pem", "trusted.pem"] {
        let whole = fixture(name);
        for at in (0..whole.len()).step_by(7) {
            let mut altered = whole.clone();
            altered[at] ^= 0x15;
            let _ = open_with(&altered, name, "not it");
        }
    }
}

#[test]
fn systems_bundle_is_read_whole_as_openssl_does() {
    let path = "/etc/ssl/certs/ca-certificates.crt";
    let bytes = std::fs::read(path).expect("the package ca-certificates is a peer of the tests");
    let store = open_with(&bytes, path, "").unwrap();
    let script = format!(
        "cd \"$0\" && awk '/-----BEGIN/{{n++}} {{print > sprintf(\"%05d\", n)}}' {path}; \
         for f in *; do openssl x509 -in $f -noout -fingerprint -sha256; done"
    );
    let dir = tempfile::tempdir().unwrap();
    let run = std::process::Command::new("sh").args(["-c", &script]).arg(dir.path()).output().unwrap();
    let theirs: Vec<String> = String::from_utf8(run.stdout)
        .unwrap()
        .lines()
        .map(|l| l.rsplit('=').next().unwrap().replace(':', "").to_lowercase())
        .collect();
    let ours: Vec<String> = store.anchors().map(|c| crate::safe::hex(&c.sha256())).collect();
    assert!(ours.len() > 50 && store.entries.len() == ours.len(), "{} certificates", ours.len());
    assert_eq!(ours, theirs);
}

#[test]
fn certificates_are_read_in_linear_time() {
    let one = fixture("server.pem");
    let started = std::time::Instant::now();
    let store = open_with(&one.repeat(20_000), "many.pem", "").unwrap();
    assert_eq!(store.entries.len(), 20_000);
    // unoptimised, on a machine with other work; optimised, 100,000 take some 3 s of one core and 370 MB
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn certificates_we_write_are_read_back_the_same() {
    let store = open_with(&fixture("fullchain.pem"), "x", "").unwrap();
    let certs: Vec<_> = store.anchors().cloned().collect();
    let key = open_with(&fixture("server.key"), "x", "").unwrap();
    let Item::Key { key: Ok(key), .. } = &key.entries[0].item else { unreachable!() };
    let mut p7 = certs.clone();
    p7.sort_by(|a, b| a.der.cmp(&b.der));
    for (bytes, expected, format) in [
        (pem::certificates(&certs).into_bytes(), &certs, "pem"),
        (pem::pkcs7(&pkcs7::write(&certs)).into_bytes(), &p7, "pkcs7"),
        (pkcs7::write(&certs), &p7, "pkcs7"),
        (der::write(&certs), &certs, "der"),
    ] {
        let read = open_with(&bytes, "x", "").unwrap();
        assert_eq!((read.anchors().cloned().collect::<Vec<_>>(), read.format.name()), (expected.clone(), format));
    }
    let read = open_with(pem::private_key(key).as_bytes(), "x", "").unwrap();
    let Item::Key { key: Ok(back), .. } = &read.entries[0].item else { unreachable!() };
    assert_eq!(back.pkcs8(), key.pkcs8());
}
