//! What we write, read by others.

use super::{cert, line, open, pem_block};
use crate::peers;
use mtls::error::Kind;
use mtls::formats::pkcs12::{self, Profile};
use mtls::formats::store::{Entry, Item};
use mtls::formats::{Budget, pbe};
use mtls::pki::{Cert, Password, PrivateKey};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use time::OffsetDateTime;

const PROFILES: [Profile; 3] = [Profile::Modern, Profile::Legacy, Profile::Pbmac1];

fn key(name: &str) -> PrivateKey {
    let der = pem_block(&format!("{name}.key"));
    PrivateKey::from_pkcs8(&der).or_else(|_| PrivateKey::from_sec1(&der, None)).unwrap()
}

fn key_entry(alias: &str, name: &str, chain: &[&str]) -> Entry {
    let chain = std::iter::once(&name).chain(chain).map(|c| cert(c)).collect();
    Entry::new(Some(alias.to_owned()), Item::key(key(name), chain))
}

/// Two keys under one CA, one key of each other kind, two trusted certificates and one without a mark.
fn entries() -> Vec<Entry> {
    let mut server = key_entry("server", "server", &["sub", "root"]);
    server.created = Some(OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap());
    let mut client = key_entry("client", "client", &["sub", "root"]);
    client.created = server.created;
    vec![
        server,
        client,
        key_entry("rsa", "rsa", &["root"]),
        key_entry("p521", "p521", &["root"]),
        Entry::new(Some("other-ü".to_owned()), Item::Trusted(cert("other"))),
        Entry::new(Some("root".to_owned()), Item::Trusted(cert("root"))),
    ]
}

fn written(entries: &[Entry], password: &str, profile: Profile) -> Vec<u8> {
    pkcs12::write(entries, &Password::new(password), profile).unwrap()
}

/// A file in a folder of its own; both go when this is dropped.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new(bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("store.p12"), bytes).unwrap();
        Scratch(dir)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("store.p12")
    }

    /// Standard output of a peer, called with `FILE` and `DIR` put in; it must succeed. `None` where it may be missing.
    fn run(&self, command: &str) -> Option<String> {
        let put_in =
            |word: &str| word.replace("FILE", self.path().to_str().unwrap()).replace("DIR", self.0.path().to_str().unwrap());
        let mut words = command.split(' ').map(put_in);
        let program = match words.next().unwrap().as_str() {
            "python3" => peers::python()?,
            name => peers::peer(name)?,
        };
        let output = Command::new(&program).args(words).output().unwrap_or_else(|e| panic!("{}: {e}", program.display()));
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{command}\n{out}{err}");
        Some(out.into_owned())
    }
}

fn fingerprints(certs: &[Cert]) -> BTreeSet<String> {
    certs.iter().map(|c| mtls::safe::hex(&c.sha256())).collect()
}

fn all_certs() -> Vec<Cert> {
    ["server", "client", "rsa", "p521", "sub", "root", "other"].map(cert).to_vec()
}

#[test]
fn what_is_written_is_read_again() {
    let mut entries = entries();
    entries.push(Entry::new(None, Item::Key { key: Ok(key("ed25519")), chain: vec![], sent: vec![] }));
    entries.push(Entry::new(Some("🔑 beyond the BMP".to_owned()), Item::Certificate(cert("rsa"))));
    for profile in PROFILES {
        for password in ["changeit", "", "pässwörd🔑"] {
            let store = open(&written(&entries, password, profile), &["wrong", password], &[]).unwrap();
            assert_eq!(store.password.as_ref().unwrap().expose(), password);
            let read: BTreeSet<String> = store.entries.iter().map(line).collect();
            let mut expected: BTreeSet<String> = entries.iter().map(line).collect();
            // the leaf of a key is no entry of its own, under whatever other name; its own key keeps it
            expected.remove("🔑 beyond the BMP: certificate rsa");
            assert_eq!(read.into_iter().filter(|l| !l.starts_with('🔑')).collect::<BTreeSet<_>>(), expected, "{profile:?}");
            // equal times are told apart by a millisecond, or the keys would have each other's certificates
            let created: Vec<i64> = store.keys().filter_map(|e| e.created).map(|t| t.unix_timestamp()).collect();
            assert_eq!(created, [1_700_000_000; 2]);
        }
    }
}

#[test]
fn schemes_are_those_of_the_profile() {
    let told = |profile| {
        let store = open(&written(&entries(), "changeit", profile), &["changeit"], &[]).unwrap();
        (store.encryption.unwrap(), store.mac.unwrap())
    };
    let modern = "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000".to_owned();
    assert_eq!(told(Profile::Modern), (modern.clone(), "HMAC-SHA256 x10000".to_owned()));
    assert_eq!(told(Profile::Legacy), ("PBE-SHA1-3DES x2048".to_owned(), "HMAC-SHA1 x2048".to_owned()));
    assert_eq!(told(Profile::Pbmac1), (modern, "PBMAC1 HMAC-SHA256, PBKDF2-HMAC-SHA256 x10000".to_owned()));
}

#[test]
fn no_two_files_share_a_salt() {
    let (one, two) = (written(&entries(), "changeit", Profile::Modern), written(&entries(), "changeit", Profile::Modern));
    assert_eq!(one.len(), two.len());
    assert_ne!(one, two);
}

#[test]
fn openssl_reads_what_we_write() {
    for profile in [Profile::Modern, Profile::Legacy] {
        for password in ["changeit", "", "pässwörd🔑"] {
            let scratch = Scratch::new(&written(&entries(), password, profile));
            let Some(out) = scratch.run(&format!("openssl pkcs12 -in FILE -passin pass:{password} -nodes")) else { return };
            let blocks = pem::parse_many(&out).unwrap();
            let certs: Vec<Cert> =
                blocks.iter().filter(|b| b.tag() == "CERTIFICATE").map(|b| Cert::from_der(b.contents()).unwrap()).collect();
            assert_eq!(fingerprints(&certs), fingerprints(&all_certs()), "{profile:?}");
            let keys: Vec<PrivateKey> = blocks
                .iter()
                .filter(|b| b.tag() == "PRIVATE KEY")
                .map(|b| PrivateKey::from_pkcs8(b.contents()).unwrap())
                .collect();
            assert!(keys.iter().zip(["server", "client", "rsa", "p521"]).all(|(k, n)| k.belongs_to(&cert(n)) == Some(true)));
            assert_eq!(keys.len(), 4);
            assert!(out.contains("friendlyName: server"), "{out}");
        }
    }
}

#[test]
fn keytool_lists_what_we_write() {
    for profile in [Profile::Modern, Profile::Legacy] {
        let scratch = Scratch::new(&written(&entries(), "changeit", profile));
        let Some(out) = scratch.run("keytool -list -v -keystore FILE -storepass changeit") else { return };
        assert_eq!(out.matches("Entry type: PrivateKeyEntry").count(), 4, "{out}");
        assert_eq!(out.matches("Entry type: trustedCertEntry").count(), 2, "{out}");
        let printed: BTreeSet<String> =
            out.lines().filter_map(|l| l.trim().strip_prefix("SHA256: ")).map(|l| l.replace(':', "").to_lowercase()).collect();
        assert_eq!(printed, fingerprints(&all_certs()));
        assert!(out.contains("Certificate chain length: 3"), "{out}");
        assert!(out.contains("Creation date: Nov 14, 2023"), "a key keeps its date: {out}");
    }
}

#[test]
fn gnutls_reads_what_we_write() {
    for profile in [Profile::Modern, Profile::Legacy] {
        // certtool stops at two keys
        let one = [key_entry("server", "server", &["sub", "root"])];
        let scratch = Scratch::new(&written(&one, "changeit", profile));
        let Some(out) = scratch.run("certtool --p12-info --inder --password changeit --infile FILE") else { return };
        let blocks = pem::parse_many(&out).unwrap();
        let certs: Vec<Cert> =
            blocks.iter().filter(|b| b.tag() == "CERTIFICATE").map(|b| Cert::from_der(b.contents()).unwrap()).collect();
        assert_eq!(certs, ["server", "sub", "root"].map(cert), "{profile:?}");
        assert!(out.contains("Friendly name: server"), "{out}");
    }
}

#[test]
fn nss_reads_what_we_write() {
    for profile in [Profile::Modern, Profile::Legacy] {
        let scratch = Scratch::new(&written(&entries(), "changeit", profile));
        let made = scratch.run("certutil -N -d DIR --empty-password");
        if made.and_then(|_| scratch.run("pk12util -i FILE -d DIR -W changeit")).is_none() {
            return;
        }
        let Some(keys) = scratch.run("certutil -K -d DIR") else { return };
        assert!(["server", "client", "rsa", "p521"].iter().all(|name| keys.contains(name)), "{keys}");
    }
}

const PYTHON: &str = r#"
import sys, warnings
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12
if sys.argv[3] == "Pbmac1" and backend.openssl_version_number() < 0x30400000:
    sys.exit(print("too old"))
warnings.filterwarnings("error", message=".*could not be parsed as DER")
p12 = pkcs12.load_pkcs12(open(sys.argv[1], "rb").read(), sys.argv[2].encode())
assert p12.key.public_key() == p12.cert.certificate.public_key()
for c in [p12.cert, *p12.additional_certs]:
    print(c.certificate.fingerprint(hashes.SHA256()).hex(), c.friendly_name)
"#;

#[test]
fn python_reads_what_we_write() {
    for profile in PROFILES {
        let one = [key_entry("server-ü", "server", &["sub", "root"])];
        let scratch = Scratch::new(&written(&one, "pässwörd", profile));
        std::fs::write(scratch.0.path().join("read.py"), PYTHON).unwrap();
        let Some(out) = scratch.run(&format!("python3 DIR/read.py FILE pässwörd {profile:?}")) else { return };
        if out == "too old\n" {
            // PBMAC1 is tested with the RFC's own files in any case
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "NOT TESTED: PBMAC1 by python3, whose cryptography is older than OpenSSL 3.4");
            continue;
        }
        let printed: BTreeSet<String> = out.lines().filter_map(|l| l.split(' ').next()).map(str::to_owned).collect();
        assert_eq!(printed, fingerprints(&["server", "sub", "root"].map(cert)), "{out}");
        assert!(out.contains(r"b'server-\xc3\xbc'"), "{out}");
    }
}

/// The crate `p12` knows only what the legacy profile writes: another pair of eyes for that.
#[test]
fn the_crate_p12_reads_the_legacy_profile() {
    let pfx = p12::PFX::parse(&written(&entries(), "changeit", Profile::Legacy)).unwrap();
    assert!(pfx.verify_mac("changeit"));
    assert!(!pfx.verify_mac("wrong"));
    let certs: Vec<Cert> = pfx.cert_x509_bags("changeit").unwrap().iter().map(|der| Cert::from_der(der).unwrap()).collect();
    assert_eq!(fingerprints(&certs), fingerprints(&all_certs()));
    let keys = pfx.key_bags("changeit").unwrap();
    assert_eq!(keys.len(), 4);
    assert_eq!(keys[0], key("server").pkcs8());
}

#[test]
fn encrypted_pkcs8_is_read_by_openssl_and_by_us() {
    for scheme in [pbe::Scheme::modern().unwrap(), pbe::Scheme::legacy().unwrap()] {
        let password = Password::new("pässwörd");
        let der = pbe::encrypt_pkcs8(&key("server"), &password, &scheme).unwrap();
        assert_eq!(pbe::decrypt_pkcs8(&der, &password, &Budget::default()).unwrap().pkcs8(), key("server").pkcs8());
        let scratch = Scratch::new(&der);
        let Some(out) = scratch.run("openssl pkcs8 -in FILE -inform DER -passin pass:pässwörd") else { return };
        assert_eq!(pem::parse(out).unwrap().contents(), key("server").pkcs8());
    }
}

#[test]
fn what_pkcs12_cannot_hold_is_refused_by_name() {
    let secret = Entry::new(Some("aes".to_owned()), Item::Secret { algorithm: "AES".to_owned(), bits: Some(256) });
    let e = pkcs12::write(&[secret], &Password::empty(), Profile::Modern).unwrap_err();
    assert_eq!(e.kind, Kind::Refused);
    assert!(e.what.contains("\"aes\""), "{e}");
}

#[test]
fn an_empty_store_is_written_and_read() {
    let store = open(&written(&[], "changeit", Profile::Modern), &["changeit"], &[]).unwrap();
    assert!(store.entries.is_empty() && store.encryption.is_none());
    let scratch = Scratch::new(&written(&[], "changeit", Profile::Modern));
    let Some(out) = scratch.run("keytool -list -keystore FILE -storepass changeit") else { return };
    assert!(out.contains("contains 0 entries"), "{out}");
}
