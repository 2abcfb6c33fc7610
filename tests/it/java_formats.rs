//! Java's and BouncyCastle's keystores: what keytool lists in them is what we read, what we write is what Java opens, and
//! wrong passwords, damage and unknown algorithms are told apart.

use mtls::crypto::Digest;
use mtls::crypto::java::jks_digest;
use mtls::crypto::kdf::{self, Purpose};
use mtls::error::{Error, Kind, Result};
use mtls::formats::java::{bmp, utf16};
use mtls::formats::{Budget, Entry, Format, Item, Opening, Store, bcfks, bks, jceks, jks, uber};
use mtls::pki::{Cert, Password, Passwords};
use mtls::safe::from_hex;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Instant;
use time::OffsetDateTime;
use time::macros::datetime;

type Read = fn(&[u8], &Opening<'_>) -> Result<Store>;
type LooksLike = fn(&[u8]) -> bool;

/// The readers by the names' endings.
const READERS: [(&str, Format, LooksLike, Read); 5] = [
    ("jks", Format::Jks, jks::looks_like, jks::read),
    ("jceks", Format::Jceks, jceks::looks_like, jceks::read),
    ("bks", Format::Bks, bks::looks_like, bks::read),
    ("uber", Format::Uber, uber::looks_like, uber::read),
    ("bcfks", Format::Bcfks, bcfks::looks_like, bcfks::read),
];

/// Stores that open whole, with their passwords.
const STORES: [(&str, &str); 13] = [
    ("server.jks", "changeit"),
    ("trust.jks", "changeit"),
    ("unicode-password.jks", "pässwörd€😀"),
    ("server.jceks", "changeit"),
    ("server.bks", "changeit"),
    ("secrets.bks", "changeit"),
    ("version1.bks", "changeit"),
    ("server.uber", "changeit"),
    ("server.bcfks", "changeit"),
    ("key-wrap.bcfks", "changeit"),
    ("scrypt.bcfks", "changeit"),
    ("sha3.bcfks", "changeit"),
    ("signed.bcfks", ""), // no password but for its key
];

const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/java")
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn reader(name: &str) -> Read {
    READERS.iter().find(|(ending, ..)| name.rsplit('.').next() == Some(ending)).unwrap().3
}

fn open_with(name: &str, bytes: &[u8], store: &[&str], key: &[&str]) -> Result<Store> {
    let words = |list: &[&str]| list.iter().map(|p| Password::new(*p)).collect();
    let passwords = Passwords::new(words(store), words(key));
    reader(name)(bytes, &Opening { name, passwords: &passwords, budget: &Budget::default() })
}

/// A fixture, opened with every password that it needs; once for all tests.
fn open(name: &str) -> &'static Store {
    static OPENED: LazyLock<HashMap<&str, Store>> = LazyLock::new(|| {
        let open = |(name, password)| {
            let store = open_with(name, &fixture(name), &[password], &["another", "changeit"]);
            (name, store.unwrap_or_else(|e| panic!("{name}: {e}")))
        };
        STORES.into_iter().map(open).collect()
    });
    &OPENED[name]
}

fn refusal(name: &str, bytes: &[u8], password: &str) -> Error {
    open_with(name, bytes, &[password], &[]).map(|_| ()).unwrap_err()
}

/// Alias, kind and certificates of an entry, as keytool lists it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    alias: String,
    kind: String,
    sha256: Vec<Vec<u8>>,
}

fn listed(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in text.lines() {
        if let Some(alias) = row.strip_prefix("Alias name: ") {
            lines.push(Line { alias: alias.to_owned(), kind: String::new(), sha256: vec![] });
        }
        let Some(last) = lines.last_mut() else { continue };
        if let Some(kind) = row.strip_prefix("Entry type: ") {
            last.kind = kind.to_owned();
        }
        if let Some(digest) = row.strip_prefix("\t SHA256: ") {
            last.sha256.push(from_hex(digest).unwrap());
        }
    }
    lines.sort();
    lines
}

fn seen(store: &Store) -> Vec<Line> {
    let prints = |certs: &[Cert]| certs.iter().map(Cert::sha256).collect();
    let line = |entry: &Entry| {
        let (kind, sha256) = match &entry.item {
            Item::Key { sent, .. } => ("PrivateKeyEntry", prints(sent)),
            Item::Trusted(cert) => ("trustedCertEntry", prints(std::slice::from_ref(cert))),
            // keytool calls everything a secret key that is neither of the others
            _ => ("SecretKeyEntry", vec![]),
        };
        Line { alias: entry.alias.clone().unwrap(), kind: kind.to_owned(), sha256 }
    };
    let mut lines: Vec<Line> = store.entries.iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn each_store_is_what_keytool_lists() {
    for (name, _) in STORES.iter().filter(|(name, _)| *name != "signed.bcfks") {
        let text = String::from_utf8(fixture(&format!("{name}.txt"))).unwrap();
        let expected = listed(&text);
        assert!(!expected.is_empty());
        assert_eq!(seen(open(name)), expected, "{name}");
    }
}

#[test]
fn each_key_opens_and_belongs_to_its_certificate() {
    let mut kinds = std::collections::BTreeSet::new();
    for (name, _) in STORES {
        for entry in &open(name).entries {
            let Item::Key { key, chain, sent } = &entry.item else { continue };
            let key = key.as_ref().unwrap_or_else(|e| panic!("{name}: {:?}: {e}", entry.alias));
            let expected = Some(true);
            assert_eq!(key.belongs_to(&sent[0]), expected, "{name}: {:?}", entry.alias);
            assert_eq!(chain, sent, "{name}: {:?}", entry.alias);
            assert!(entry.created.is_some_and(|t| t.year() >= 2026), "{name}: {:?}", entry.created);
            kinds.insert(key.kind().title());
        }
    }
    for kind in ["DSA 1024", "EC P-256", "EC P-384", "EC P-521", "Ed25519", "RSA 2048"] {
        assert!(kinds.contains(kind), "{kind} in {kinds:?}");
    }
}

#[test]
fn protections_are_told_in_words() {
    let words = |name: &str| {
        let store = open(name);
        (store.encryption.clone().unwrap_or_default(), store.mac.clone().unwrap_or_default())
    };
    let digest = "SHA-1 digest with the password".to_owned();
    assert_eq!(words("server.jks"), ("Sun JKS key protection (SHA-1)".to_owned(), digest.clone()));
    assert_eq!(words("trust.jks"), (String::new(), digest.clone()));
    assert_eq!(words("server.jceks"), ("PBEWithMD5AndTripleDES x200000".to_owned(), digest));
    let (encryption, mac) = words("server.bks");
    assert!(encryption.starts_with("PBE-SHA1-3DES x1") && mac.starts_with("HMAC-SHA1 x"), "{encryption}, {mac}");
    assert!(words("server.uber").0.starts_with("PBE-SHA1-Twofish x"));
    let bcfks = ("PBES2 AES-256-CCM, PBKDF2-HMAC-SHA512 x51200".to_owned(), "HMAC-SHA512 x51200".to_owned());
    assert_eq!(words("server.bcfks"), bcfks);
    assert!(words("key-wrap.bcfks").0.starts_with("PBES2 AES-256 key wrap, PBKDF2-HMAC-SHA512 x"));
    assert_eq!(words("scrypt.bcfks").1, "HMAC-SHA512, scrypt N=1024 r=8 p=1");
    assert!(open("version1.bks").remarks[0].contains("16 bits"));
    assert!(open("signed.bcfks").remarks[0].contains("signature was not verified"));
}

#[test]
fn secret_keys_are_listed_by_algorithm_and_length() {
    let secrets = |name: &str| {
        let mut found: Vec<String> = open(name)
            .entries
            .iter()
            .filter_map(|e| match &e.item {
                Item::Secret { algorithm, bits } => Some(format!("{} {algorithm} {bits:?}", e.alias.as_ref().unwrap())),
                Item::Unread { what, .. } => Some(format!("{} {what}", e.alias.as_ref().unwrap())),
                _ => None,
            })
            .collect();
        found.sort();
        found
    };
    let jceks = ["aes AES Some(256)", "hmac HmacSHA256 Some(256)", "tripledes DESede Some(192)"];
    assert_eq!(secrets("server.jceks"), jceks);
    for name in ["server.bks", "version1.bks", "server.uber", "server.bcfks"] {
        assert_eq!(secrets(name), ["aes AES Some(256)", "hmac HmacSHA256 Some(256)"], "{name}");
    }
    let odd = ["aes AES Some(128)", "own-bytes 3 bytes that a program put in as a key", "public a public key (RSA)"];
    assert_eq!(secrets("secrets.bks"), odd);
}

#[test]
fn a_key_under_another_password_is_told_and_the_rest_is_there() {
    for name in ["server.jks", "server.jceks", "server.bks", "server.uber", "server.bcfks"] {
        let store = open_with(name, &fixture(name), &["changeit"], &["wrong"]).unwrap();
        let locked: Vec<&Entry> = store.keys().filter(|e| matches!(&e.item, Item::Key { key: Err(_), .. })).collect();
        let [Entry { alias, item: Item::Key { key: Err(e), sent, .. }, .. }] = locked.as_slice() else {
            panic!("{name}: {locked:?}");
        };
        assert_eq!((alias.as_deref(), e.kind, sent.len()), (Some("other-password"), Kind::KeyPasswordDiffers, 1), "{name}");
        if name == "server.jceks" {
            let sealed = store.entries.iter().find(|e| e.alias.as_deref() == Some("tripledes")).unwrap();
            assert!(matches!(&sealed.item, Item::Secret { algorithm, bits: None } if algorithm.contains("another password")));
        }
    }
}

#[test]
fn each_store_is_told_by_its_bytes_alone() {
    for (name, _) in STORES {
        let bytes = fixture(name);
        let found: Vec<&str> = READERS.iter().filter(|(_, _, looks_like, _)| looks_like(&bytes)).map(|r| r.0).collect();
        assert_eq!(found, [name.rsplit('.').next().unwrap()], "{name}");
        // and still when most of it is missing
        assert!(READERS.iter().any(|(ending, _, looks_like, _)| name.ends_with(ending) && looks_like(&bytes[..120])), "{name}");
    }
    for other in [&b""[..], b"-----BEGIN CERTIFICATE-----", &[0; 100], &[0x30; 100], b"<html>", &[0xff; 64]] {
        assert!(READERS.iter().all(|(_, _, looks_like, _)| !looks_like(other)), "{other:?}");
    }
}

#[test]
fn a_wrong_password_is_told_from_damage() {
    for (name, password) in STORES {
        for wrong in ["wrong", "", "changei", "changeit "].iter().filter(|wrong| **wrong != password) {
            assert_eq!(refusal(name, &fixture(name), wrong).kind, Kind::WrongPassword, "{name}");
        }
    }
}

#[test]
fn a_store_that_is_cut_off_is_damaged() {
    for (name, password) in STORES {
        let whole = fixture(name);
        let step = if name.ends_with("jks") { 5 } else { 37 };
        for end in (13..whole.len()).step_by(step).chain([whole.len() - 1]) {
            let e = refusal(name, &whole[..end], password);
            // an UBER is opened to see what is left of it, and its first block tells the password
            let may_be = if name == "server.uber" && end < 60 { Kind::WrongPassword } else { Kind::Damaged };
            assert!([Kind::Damaged, may_be].contains(&e.kind), "{name} cut at {end}: {e:?}");
        }
    }
}

#[test]
fn a_flipped_bit_is_never_a_panic_and_never_passes_where_it_counts() {
    for (name, password) in STORES {
        let whole = fixture(name);
        let step = match name.rsplit('.').next() {
            Some("jks") => 3,
            Some("bcfks") if whole.len() > 5000 => 397,
            Some("bcfks") => 97,
            _ => 29,
        };
        for at in (0..whole.len()).step_by(step) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            // a signature is not verified, so what it covers may differ
            match open_with(name, &bytes, &[password], &[]) {
                Ok(_) => assert_eq!(name, "signed.bcfks", "{name} opened with byte {at} flipped"),
                Err(e) => assert!(
                    matches!(e.kind, Kind::WrongPassword | Kind::Damaged | Kind::Unsupported | Kind::TooCostly),
                    "{name} with byte {at} flipped: {e:?}"
                ),
            }
        }
    }
    let mut altered = fixture("server.jks");
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    assert_eq!(refusal("server.jks", &altered, "changeit").kind, Kind::WrongPassword);
    let mut altered = fixture("server.uber");
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    assert_eq!(refusal("server.uber", &altered, "changeit").kind, Kind::Damaged);
}

/// `content` with the digest of JKS and JCEKS behind it.
fn digested(content: &[u8]) -> Vec<u8> {
    [content, &jks_digest(&utf16(&Password::new("changeit")), content)].concat()
}

#[test]
fn altered_content_under_a_right_check_value_is_never_a_panic() {
    let passwords = Passwords::new(vec![Password::new("changeit")], vec![]);
    for name in ["server.jks", "server.jceks", "secrets.bks", "server.bks"] {
        let whole = fixture(name);
        let content = &whole[..whole.len() - 20];
        let mac_key = name.ends_with("bks").then(|| bks_mac_key(&whole));
        let step = if name == "secrets.bks" { 1 } else { 23 };
        for at in (if mac_key.is_some() { BKS_HEADER } else { 0 }..content.len()).step_by(step) {
            let mut altered = content.to_vec();
            altered[at] = [0, 0xff, altered[at] ^ 1, altered[at].wrapping_add(1)][at % 4];
            let bytes = match &mac_key {
                Some(key) => [&altered[..], &Digest::Sha1.hmac(key, &altered[BKS_HEADER..])].concat(),
                None => digested(&altered),
            };
            let budget = Budget::with_iterations(4_000); // enough for the MAC of a BKS and a key or two
            if let Err(e) = reader(name)(&bytes, &Opening { name, passwords: &passwords, budget: &budget }) {
                let may_be = [Kind::Damaged, Kind::TooCostly, Kind::WrongPassword];
                assert!(may_be.contains(&e.kind), "{name} with byte {at} altered: {e:?}");
            }
        }
    }
}

/// Version, salt and iteration count of a BKS.
const BKS_HEADER: usize = 32;

/// The key of a BKS's MAC, of version 2 and under `changeit`.
fn bks_mac_key(bytes: &[u8]) -> Vec<u8> {
    let iterations = u32::from_be_bytes(bytes[28..BKS_HEADER].try_into().unwrap());
    let password = bmp(&Password::new("changeit"));
    kdf::pkcs12(Digest::Sha1, Purpose::Mac, &password, &bytes[8..28], u64::from(iterations), 20).unwrap().to_vec()
}

#[test]
fn version_1_names_no_types_and_opens_all_the_same() {
    let v2 = jks::write(&to_write(), &Password::new("changeit"), NOW).unwrap();
    let mut v1 = v2[..v2.len() - 20].to_vec();
    v1[7] = 1;
    while let Some(at) = v1.windows(7).position(|w| w == b"\0\x05X.509") {
        v1.drain(at..at + 7);
    }
    let store = open_with("x.jks", &digested(&v1), &["changeit"], &[]).unwrap();
    assert_eq!(kept(&store.entries), kept(&to_write()));
    v1[7] = 3;
    assert_eq!(refusal("x.jks", &digested(&v1), "changeit").kind, Kind::Damaged);
}

#[test]
fn a_jceks_may_hold_keys_as_a_jks_does() {
    let mut bytes = jks::write(&to_write(), &Password::new("changeit"), NOW).unwrap();
    bytes.truncate(bytes.len() - 20);
    bytes[..4].copy_from_slice(&[0xce; 4]);
    let store = open_with("x.jceks", &digested(&bytes), &["changeit"], &[]).unwrap();
    assert_eq!(kept(&store.entries), kept(&to_write()));
}

#[test]
fn what_is_no_x509_certificate_is_listed_and_not_skipped() {
    let whole = jks::write(&to_write(), &Password::new("changeit"), NOW).unwrap();
    let mut bytes = whole[..whole.len() - 20].to_vec();
    while let Some(at) = bytes.windows(7).position(|w| w == b"\0\x05X.509") {
        bytes[at + 2..at + 7].copy_from_slice(b"P\x1b[31");
    }
    let store = open_with("x.jks", &digested(&bytes), &["changeit"], &[]).unwrap();
    let unread: Vec<String> = store
        .entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Unread { what, why } if why.kind == Kind::Unsupported => Some(what.clone()),
            _ => None,
        })
        .collect();
    assert_eq!((unread.len(), store.keys().count()), (6, 3), "{unread:?}");
    assert!(unread.iter().all(|what| what.starts_with("a certificate (P\\u{1b}[31)")), "{unread:?}");
}

#[test]
fn a_bks_may_hold_keys_in_the_clear() {
    let from = fixture("secrets.bks");
    let server = to_write().into_iter().find(|e| e.alias.as_deref() == Some("server")).unwrap();
    let Item::Key { key: Ok(key), sent, .. } = &server.item else { panic!() };
    let text = |t: &str| [&(t.len() as u16).to_be_bytes()[..], t.as_bytes()].concat();
    let block = |b: &[u8]| [&(b.len() as u32).to_be_bytes()[..], b].concat();
    let certs: Vec<u8> = sent.iter().flat_map(|cert| [text("X.509"), block(&cert.der)].concat()).collect();
    let entry = [
        [2].to_vec(),
        text("clear"),
        1_000u64.to_be_bytes().to_vec(),
        (sent.len() as u32).to_be_bytes().to_vec(),
        certs,
        [0].to_vec(),
        text("PKCS#8"),
        text("EC"),
        block(key.pkcs8()),
        [0].to_vec(),
    ];
    let content = entry.concat();
    let bytes = [&from[..BKS_HEADER], &content, &Digest::Sha1.hmac(&bks_mac_key(&from), &content)].concat();
    let store = open_with("x.bks", &bytes, &["changeit"], &[]).unwrap();
    let [Entry { item: Item::Key { key: Ok(read), chain, .. }, .. }] = &store.entries[..] else { panic!("{store:?}") };
    assert_eq!((read.pkcs8(), chain), (key.pkcs8(), sent));
    assert_eq!(store.encryption, None);
}

#[test]
fn the_jdks_own_truststore_opens() {
    // Debian's is a JKS under the usual password
    let bytes = std::fs::read("/etc/ssl/certs/java/cacerts").expect("a JDK is wanted for this test");
    assert!(jks::looks_like(&bytes));
    let opening = Opening { name: "cacerts", passwords: &Passwords::usual(), budget: &Budget::default() };
    assert!(jks::read(&bytes, &opening).unwrap().anchors().count() > 50);
}

#[test]
fn costs_that_a_file_chooses_are_capped() {
    let costly = |name: &str, at: usize| {
        let mut bytes = fixture(name);
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_be_bytes());
        let e = refusal(name, &bytes, "changeit");
        assert_eq!(e.kind, Kind::TooCostly, "{name}: {e}");
        assert!(e.to_string().contains("4294967295") && e.to_string().contains("--max-iterations"), "{e}");
    };
    costly("server.bks", 28);
    let mut bytes = fixture("server.jks");
    bytes[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(refusal("server.jks", &bytes, "changeit").kind, Kind::Damaged);

    // the JCEKS's keys ask for 200000 iterations each: with less than that its certificates are listed all the same
    let passwords = Passwords::new(vec![Password::new("changeit")], vec![]);
    let budget = Budget::with_iterations(300_000);
    let bytes = fixture("server.jceks");
    let store = jceks::read(&bytes, &Opening { name: "x", passwords: &passwords, budget: &budget }).unwrap();
    let too_costly = store.entries.iter().filter(|e| match &e.item {
        Item::Key { key: Err(e), .. } | Item::Unread { why: e, .. } => e.kind == Kind::TooCostly,
        _ => false,
    });
    assert_eq!((store.entries.len(), too_costly.count()), (6, 4));
}

/// `server` and its chain, an RSA key, and a trusted root.
fn to_write() -> Vec<Entry> {
    let from = open("server.jks");
    let wanted = ["server", "rsa", "grün-証明", "trusted-root"];
    from.entries.iter().filter(|e| e.alias.as_deref().is_some_and(|a| wanted.contains(&a))).cloned().collect()
}

fn kept(entries: &[Entry]) -> Vec<String> {
    let mut kept: Vec<String> = entries.iter().map(|e| format!("{e:?}")).collect();
    kept.sort();
    kept
}

#[test]
fn what_is_written_reads_the_same() {
    let entries = to_write();
    for password in ["changeit", "", "pässwörd€😀"] {
        let secret = Password::new(password);
        let bytes = jks::write(&entries, &secret, NOW).unwrap();
        let again = open_with("x.jks", &bytes, &[password], &[]).unwrap();
        assert_eq!(kept(&again.entries), kept(&entries));
        assert_eq!(refusal("x.jks", &bytes, "other").kind, Kind::WrongPassword);
        let bytes = bcfks::write(&entries, &secret, NOW).unwrap();
        assert!(bcfks::looks_like(&bytes));
        let again = open_with("x.bcfks", &bytes, &[password], &[]).unwrap();
        let to_the_second = |mut e: Entry| {
            e.created = e.created.map(|t| t.replace_nanosecond(0).unwrap());
            e
        };
        assert_eq!(kept(&again.entries), kept(&entries.iter().cloned().map(to_the_second).collect::<Vec<_>>()));
    }
}

#[test]
fn what_a_jks_cannot_hold_is_refused() {
    let secret = Entry::new(Some("aes".to_owned()), Item::Secret { algorithm: "AES".to_owned(), bits: None });
    let password = Password::new("changeit");
    assert_eq!(jks::write(&[secret], &password, NOW).unwrap_err().kind, Kind::Refused);
    let trusted = |alias: &str| Entry { alias: Some(alias.to_owned()), ..to_write().pop().unwrap() };
    assert_eq!(jks::write(&[trusted("A"), trusted("a")], &password, NOW).unwrap_err().kind, Kind::Refused);
    assert_eq!(jks::write(&[trusted(&"a".repeat(70_000))], &password, NOW).unwrap_err().kind, Kind::Refused);
}

#[test]
fn ten_thousand_trusted_certificates_open_in_a_moment() {
    let [Entry { item: Item::Trusted(root), .. }] = &open("trust.jks").entries[..] else { panic!() };
    let many: Vec<Entry> = (0..10_000).map(|n| Entry::new(Some(format!("ca-{n}")), Item::Trusted(root.clone()))).collect();
    let bytes = jks::write(&many, &Password::new("changeit"), NOW).unwrap();
    let start = Instant::now();
    let store = open_with("x.jks", &bytes, &["changeit"], &[]).unwrap();
    assert_eq!(store.entries.len(), 10_000);
    // an unoptimised build on a busy machine; optimised it takes some hundredths of a second
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

/// Runs a tool of Java's and gives what it prints; `-J`-free programs run from source.
fn run(program: &str, arguments: &[&str]) -> String {
    let out = Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output();
    let out = out.unwrap_or_else(|e| panic!("{program} is wanted for this test: {e}"));
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{program} {arguments:?}: {text}{}", String::from_utf8_lossy(&out.stderr));
    text
}

#[test]
fn java_lists_and_loads_what_is_written() {
    let scratch = tempfile::tempdir().unwrap();
    let entries = to_write();
    let password = Password::new("changeit");
    let provider = "/usr/share/java/bcprov.jar";
    for (kind, bytes) in
        [("JKS", jks::write(&entries, &password, NOW).unwrap()), ("BCFKS", bcfks::write(&entries, &password, NOW).unwrap())]
    {
        let path = scratch.path().join(format!("written.{kind}"));
        std::fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        let bouncy = ["-providerpath", provider, "-provider", "org.bouncycastle.jce.provider.BouncyCastleProvider"];
        let mut list = vec!["-J-Duser.language=en", "-J-Dfile.encoding=UTF-8", "-list", "-v", "-keystore", path];
        list.extend(["-storetype", kind, "-storepass", "changeit"]);
        list.extend(bouncy);
        let expected = seen(&Store::plain(Format::Jks, entries.clone()));
        assert_eq!(listed(&run("keytool", &list)), expected, "{kind}");

        let program = folder().join("LoadKey.java");
        let loaded = run("java", &["-cp", provider, program.to_str().unwrap(), path, kind, "changeit"]);
        for line in ["EC server chain=3 fits=true", "RSA rsa chain=1 fits=true"] {
            assert!(loaded.contains(line), "{kind}: {line} in {loaded}");
        }
        assert!(!loaded.contains("trusted=0"), "{kind}: {loaded}");
    }
}
