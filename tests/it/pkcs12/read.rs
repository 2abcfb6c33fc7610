//! What foreign tools wrote.

use super::{cert, file, fixtures, line, names, open};
use mtls::error::Kind;
use mtls::formats::pkcs12::{self, Profile};
use mtls::formats::store::{Entry, Format, Item, Store};
use mtls::formats::{Budget, Opening, pbe};
use mtls::pki::{Cert, Password, Passwords, PrivateKey};

/// An entry list that most files share.
const CHAIN: &str = "server: key [server sub root]";

/// Each file (without `.p12`), the password that opens it (`-` for none), its encryption and its MAC (`-` for none), and
/// its entries.
#[rustfmt::skip]
const OPENED: &[(&str, &str, &str, &str, &str)] = &[
    ("bouncycastle-PKCS12-3DES-3DES", "changeit", "PBE-SHA1-3DES x51200", "HMAC-SHA1 x102400", "server: key [server sub root] sent [server root sub]"),
    ("bouncycastle-PKCS12", "changeit", "certificates: PBE-SHA1-RC2-40 x51200; keys: PBE-SHA1-3DES x51200", "HMAC-SHA1 x102400", "server: key [server sub root] sent [server root sub]"),
    ("gnutls-3des-pkcs12", "changeit", "PBE-SHA1-3DES x600000", "HMAC-SHA256 x600000", "server: key [server]"),
    ("gnutls-3des", "changeit", "PBES2 3DES-CBC, PBKDF2-HMAC-SHA256 x600000", "HMAC-SHA256 x600000", "server: key [server]"),
    ("gnutls-aes-256", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x600000", "HMAC-SHA512 x600000", CHAIN),
    ("gnutls-arcfour", "changeit", "PBE-SHA1-RC4-128 x600000", "HMAC-SHA256 x600000", "server: key [server]"),
    ("gnutls-empty-password", "", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA256 x600000", "HMAC-SHA256 x600000", "server: key [server]"),
    ("gnutls-null-password", "", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA256 x600000", "HMAC-SHA256 x600000", "server: key [server]"),
    ("keytool-default", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000", "HMAC-SHA256 x10000", CHAIN),
    ("keytool-legacy", "changeit", "certificates: PBE-SHA1-RC2-40 x50000; keys: PBE-SHA1-3DES x50000", "HMAC-SHA1 x100000", CHAIN),
    ("keytool-mixed", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000", "HMAC-SHA256 x10000", "server: key [server sub root]; client: key [client sub root]; aes: secret AES 256; hmac: secret HmacSHA256 128; text: secret password 0; other: trusted other; root: trusted root"),
    ("keytool-no-certificate-encryption", "changeit", "certificates: not encrypted; keys: PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000", "-", CHAIN),
    ("keytool-passwordless", "-", "-", "-", "root: trusted root"),
    ("keytool-sha224", "changeit", "certificates: PBES2 AES-128-CBC, PBKDF2-HMAC-SHA224 x10000; keys: PBES2 AES-256-CBC, PBKDF2-HMAC-SHA1 x10000", "HMAC-SHA384 x10000", CHAIN),
    ("keytool-sha512", "changeit", "certificates: PBES2 AES-128-CBC, PBKDF2-HMAC-SHA512 x10000; keys: PBES2 AES-256-CBC, PBKDF2-HMAC-SHA384 x1000", "HMAC-SHA512 x10000", CHAIN),
    ("keytool-trusted", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000", "HMAC-SHA256 x10000", "root: trusted root; other: trusted other"),
    ("nss-3des", "changeit", "certificates: PBE-SHA1-RC2-40 x600000; keys: PBE-SHA1-3DES x600000", "HMAC-SHA256 x600000", CHAIN),
    ("nss-default", "changeit", "certificates: PBES2 AES-128-CBC, PBKDF2-HMAC-SHA256 x600000; keys: PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x600000", "HMAC-SHA256 x600000", CHAIN),
    ("openssl-AES-128-CBC", "changeit", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-AES-192-CBC", "changeit", "PBES2 AES-192-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-DES-CBC", "changeit", "PBES2 DES-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-DES-EDE3-CBC", "changeit", "PBES2 3DES-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-RC2-40-CBC", "changeit", "PBES2 RC2-40-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-RC2-CBC", "changeit", "PBES2 RC2-128-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-certificates", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", "server: certificate server; sub: certificate sub; -: certificate root"),
    ("openssl-csp", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", CHAIN),
    ("openssl-default", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", CHAIN),
    ("openssl-ed25519", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", "-: key [ed25519 root]"),
    ("openssl-empty-password-legacy", "", "certificates: PBE-SHA1-RC2-40 x2048; keys: PBE-SHA1-3DES x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-empty-password", "", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", CHAIN),
    ("openssl-key-alone", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", "server: key alone []"),
    ("openssl-keys-only-encrypted", "changeit", "certificates: not encrypted; keys: PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "-", CHAIN),
    ("openssl-latin1-password", "pässwörd", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", CHAIN),
    ("openssl-legacy", "changeit", "certificates: PBE-SHA1-RC2-40 x2048; keys: PBE-SHA1-3DES x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-ARIA-256-CBC", "changeit", "PBES2 ARIA-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-CAMELLIA-256-CBC", "changeit", "PBES2 Camellia-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-mac-sha3", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA3-256 x2048", CHAIN),
    ("openssl-mac-md5", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-MD5 x2048", CHAIN),
    ("openssl-mac-sha1", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-mac-sha224", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA224 x2048", CHAIN),
    ("openssl-mac-sha384", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA384 x2048", CHAIN),
    ("openssl-mac-sha512-256", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA512/256 x2048", CHAIN),
    ("openssl-mac-sha512", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA512 x2048", CHAIN),
    ("openssl-mixed-schemes", "changeit", "certificates: PBES2 AES-128-CBC, PBKDF2-HMAC-SHA256 x2048; keys: PBE-SHA1-3DES x2048", "HMAC-SHA256 x2048", CHAIN),
    ("openssl-nomac-aes", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "-", CHAIN),
    ("openssl-nomac-rc4", "changeit", "certificates: PBE-SHA1-RC4-128 x2048; keys: PBE-SHA1-RC4-40 x2048", "-", CHAIN),
    ("openssl-nomac", "changeit", "certificates: not encrypted; keys: PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "-", CHAIN),
    ("openssl-old-unicode-password", "pässwörd", "PBE-SHA1-3DES x2048", "HMAC-SHA256 x2048", CHAIN),
    ("openssl-one-iteration", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x1", "HMAC-SHA256 x1", CHAIN),
    ("openssl-p521", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", "-: key [p521 root]"),
    ("openssl-pbes1-MD5-DES", "changeit", "PBE-MD5-DES x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-pbes1-MD5-RC2-64", "changeit", "PBE-MD5-RC2-64 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-pbes1-SHA1-DES", "changeit", "PBE-SHA1-DES x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-pbes1-SHA1-RC2-64", "changeit", "PBE-SHA1-RC2-64 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-plain-mac", "changeit", "-", "HMAC-SHA256 x2048", CHAIN),
    ("openssl-plain", "-", "-", "-", CHAIN),
    ("openssl-rsa", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", "-: key [rsa root]"),
    ("openssl-sha1-2DES", "changeit", "PBE-SHA1-2DES x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-sha1-3DES", "changeit", "PBE-SHA1-3DES x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-sha1-RC2-128", "changeit", "PBE-SHA1-RC2-128 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-sha1-RC2-40", "changeit", "PBE-SHA1-RC2-40 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-sha1-RC4-128", "changeit", "PBE-SHA1-RC4-128 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-sha1-RC4-40", "changeit", "PBE-SHA1-RC4-40 x2048", "HMAC-SHA1 x2048", CHAIN),
    ("openssl-stranger", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", "-: certificate other; server: key [server] sent [server other]"),
    ("openssl-trailing", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", CHAIN),
    ("openssl-unicode-password", "pässwörd🔑", "certificates: PBE-SHA1-3DES x2048; keys: PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x2048", "HMAC-SHA256 x2048", CHAIN),
    ("python-another-leaf", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x20000", "HMAC-SHA256 x2048", "-: certificate client; -: key [server] sent [server client]"),
    ("python-best", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x20000", "HMAC-SHA256 x2048", "server-ü: key [server sub root]"),
    ("python-java-truststore", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x20000", "HMAC-SHA256 x2048", "root: trusted root; -: trusted other"),
    ("python-pbesv1", "changeit", "PBE-SHA1-3DES x1000", "HMAC-SHA1 x2048", "server-ü: key [server sub root]"),
    ("python-pbesv2", "changeit", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x1000", "HMAC-SHA512 x2048", "server-ü: key [server sub root]"),
    ("python-plain", "", "-", "HMAC-SHA256 x2048", "-: key [server sub root]"),
    ("python-unicode-password", "pässwörd🔑", "PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x1000", "HMAC-SHA256 x2048", "server-ü: key [server sub root]"),
];

#[test]
fn foreign_stores_open_to_what_they_were_given() {
    for (name, password, encryption, mac, entries) in OPENED {
        let bytes = file(&format!("{name}.p12"));
        assert!(pkcs12::looks_like(&bytes), "{name}");
        let store = open(&bytes, &["changeit", password], &[]).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(store.format, Format::Pkcs12);
        assert_eq!(store.password.as_ref().map_or("-", Password::expose), *password, "{name}");
        assert_eq!(store.encryption.as_deref().unwrap_or("-"), *encryption, "{name}");
        assert_eq!(store.mac.as_deref().unwrap_or("-"), *mac, "{name}");
        assert_eq!(store.entries.iter().map(line).collect::<Vec<_>>().join("; "), *entries, "{name}");
        let by_java = name.starts_with("keytool");
        let dated = store.entries.iter().filter(|e| e.created.is_some()).count();
        assert_eq!(dated > 0, by_java && store.keys().count() > 0, "{name}: Java dates its keys, others do not");
        assert_eq!(*mac == "-", store.remarks.iter().any(|r| r.starts_with("no MAC")), "{name}");
    }
}

#[test]
fn every_fixture_is_in_a_test() {
    let elsewhere = ["java-key-password", "openssl-SEED-CBC", "openssl-mac-ripemd160"];
    for found in std::fs::read_dir(fixtures()).unwrap() {
        let name = found.unwrap().file_name().into_string().unwrap();
        let Some(name) = name.strip_suffix(".p12") else { continue };
        let is_tested = OPENED.iter().any(|row| row.0 == name) || elsewhere.contains(&name) || name.starts_with("rfc9579-");
        assert!(is_tested, "{name}");
    }
}

#[test]
fn wrong_passwords_are_called_so() {
    // the files of GnuTLS and NSS ask for 600,000 iterations; two of them stand for all
    let slow = |name: &str| name.starts_with("nss-") || name.starts_with("gnutls-");
    for (name, password, encryption, mac, _) in OPENED.iter().filter(|row| !slow(row.0) || row.0.ends_with("-3des")) {
        let bytes = file(&format!("{name}.p12"));
        match open(&bytes, &["wrong", "wröng 🔑"], &["also wrong"]) {
            Err(e) => assert_eq!(e.kind, Kind::WrongPassword, "{name}: {e}"),
            Ok(_) if *password == "-" => {}
            // nothing but the keys is locked
            Ok(store) => {
                assert!(*mac == "-" && encryption.starts_with("certificates: not encrypted"), "{name}");
                let Item::Key { key: Err(e), chain, .. } = &store.entries[0].item else { panic!("{name}") };
                assert_eq!((e.kind, store.password.is_none()), (Kind::WrongPassword, true), "{name}");
                assert_eq!(names(chain), "server sub root", "{name}: a key that did not open is still a key with a chain");
            }
        }
    }
}

#[test]
fn unknown_algorithms_are_named_whatever_the_password() {
    for (name, word) in [("openssl-SEED-CBC", "SEED-CBC"), ("openssl-mac-ripemd160", "RIPEMD-160")] {
        for password in ["changeit", "wrong"] {
            let e = open(&file(&format!("{name}.p12")), &[password], &[]).unwrap_err();
            assert_eq!(e.kind, Kind::Unsupported, "{name}");
            assert!(e.what.contains(word), "{e}");
        }
    }
}

#[test]
fn a_key_with_a_password_of_its_own_is_told_apart() {
    let bytes = file("java-key-password.p12");
    let store = open(&bytes, &["changeit"], &[]).unwrap();
    assert_eq!(line(&store.entries[0]), "server: key KeyPasswordDiffers [server sub root]");
    let Item::Key { key: Err(e), .. } = &store.entries[0].item else { panic!("the key opened") };
    assert_eq!(e.what, "the store opens, but the key \"server\" in it needs another password");
    let store = open(&bytes, &["changeit"], &["its own"]).unwrap();
    assert_eq!(line(&store.entries[0]), CHAIN);
    assert_eq!(store.password.unwrap().expose(), "changeit");
    assert_eq!(open(&bytes, &["its own"], &[]).unwrap_err().kind, Kind::WrongPassword);
}

/// The files of RFC 9579 appendix A.
#[test]
fn pbmac1_test_vectors_do_as_the_rfc_says() {
    let read = |n: u8| open(&file(&format!("rfc9579-a{n}.p12")), &["1234"], &[]);
    for (n, mac) in [
        (1, "PBMAC1 HMAC-SHA256, PBKDF2-HMAC-SHA256 x2048"),
        (2, "PBMAC1 HMAC-SHA256, PBKDF2-HMAC-SHA512 x2048"),
        (3, "PBMAC1 HMAC-SHA512, PBKDF2-HMAC-SHA512 x2048"),
    ] {
        let store = read(n).unwrap();
        assert_eq!(store.mac.as_deref(), Some(mac));
        let Item::Key { key: Ok(key), chain, .. } = &store.entries[0].item else { panic!("A.{n}: no key") };
        assert_eq!(key.belongs_to(&chain[0]), Some(true));
    }
    assert_eq!(read(4).unwrap_err().kind, Kind::WrongPassword, "A.4: incorrect iteration count");
    assert_eq!(read(5).unwrap_err().kind, Kind::WrongPassword, "A.5: incorrect salt");
    let e = read(6).unwrap_err();
    assert_eq!(e.kind, Kind::Damaged, "A.6: missing key length");
    assert!(e.to_string().contains("length of its key"), "{e}");
}

#[test]
fn encrypted_pkcs8_keys_open() {
    let plain = PrivateKey::from_pkcs8(&file("pkcs8/plain.der")).unwrap();
    for (name, scheme) in [
        ("MD5-DES", "PBE-MD5-DES x2048"),
        ("SHA1-DES", "PBE-SHA1-DES x2048"),
        ("MD5-RC2-64", "PBE-MD5-RC2-64 x2048"),
        ("SHA1-RC2-64", "PBE-SHA1-RC2-64 x2048"),
        ("SHA1-3DES", "PBE-SHA1-3DES x2048"),
        ("SHA1-RC4-128", "PBE-SHA1-RC4-128 x2048"),
        ("SHA1-RC2-40", "PBE-SHA1-RC2-40 x2048"),
        ("prf-MD5", "PBES2 AES-128-CBC, PBKDF2-HMAC-MD5 x2048"),
        ("prf-SHA1", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA1 x2048"),
        ("prf-SHA224", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA224 x2048"),
        ("prf-SHA256", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA256 x2048"),
        ("prf-SHA384", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA384 x2048"),
        ("prf-SHA512", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA512 x2048"),
        ("prf-SHA512-256", "PBES2 AES-128-CBC, PBKDF2-HMAC-SHA512/256 x2048"),
        ("aes-192", "PBES2 AES-192-CBC, PBKDF2-HMAC-SHA256 x1"),
        ("des3", "PBES2 3DES-CBC, PBKDF2-HMAC-SHA256 x2048"),
        ("des", "PBES2 DES-CBC, PBKDF2-HMAC-SHA256 x2048"),
        ("rc2-64", "PBES2 RC2-64-CBC, PBKDF2-HMAC-SHA256 x2048"),
        ("bc-sha1-aes-128", "PBE-SHA1-AES-128 x1000"),
        ("bc-sha256-aes-256", "PBE-SHA256-AES-256 x1000"),
        ("aes-256-gcm", "PBES2 AES-256-GCM, PBKDF2-HMAC-SHA256 x1000"),
        ("camellia", "PBES2 Camellia-128-CBC, PBKDF2-HMAC-SHA256 x2048"),
        ("aria", "PBES2 ARIA-192-CBC, PBKDF2-HMAC-SHA256 x2048"),
        ("scrypt", "PBES2 AES-256-CBC, scrypt N=1024 r=8 p=1"),
    ] {
        let der = file(&format!("pkcs8/{name}.der"));
        let open = |password: &str| pbe::decrypt_pkcs8(&der, &Password::new(password), &Budget::default());
        assert_eq!(pbe::EncryptedKey::from_der(&der).unwrap().scheme.to_string(), scheme);
        assert_eq!(open("changeit").unwrap().pkcs8(), plain.pkcs8(), "{name}");
        assert_eq!(open("wrong").unwrap_err().kind, Kind::WrongPassword, "{name}");
        let cut = pbe::decrypt_pkcs8(&der[..der.len() - 1], &Password::new("changeit"), &Budget::default());
        assert_eq!(cut.unwrap_err().kind, Kind::Damaged, "{name}");
    }
    let seed = pbe::decrypt_pkcs8(&file("pkcs8/seed.der"), &Password::new("changeit"), &Budget::default());
    assert_eq!(seed.unwrap_err().kind, Kind::Unsupported);
}

/// What may be said of an altered file, and nothing else.
fn is_fair(kind: Kind) -> bool {
    matches!(kind, Kind::WrongPassword | Kind::Damaged | Kind::Unsupported | Kind::TooCostly | Kind::NotAStore)
}

#[test]
fn every_cut_is_damage() {
    for name in ["openssl-one-iteration", "bouncycastle-PKCS12", "nss-default", "keytool-mixed", "openssl-plain"] {
        let bytes = file(&format!("{name}.p12"));
        for end in 0..bytes.len() {
            let e = open(&bytes[..end], &["changeit"], &[]).expect_err("a whole store");
            assert_eq!(e.kind, Kind::Damaged, "{name} cut at {end}: {e}");
            assert!(end < 12 || pkcs12::looks_like(&bytes[..end]), "{name} cut at {end}");
        }
    }
}

#[test]
fn every_flipped_byte_is_told_fairly() {
    // one iteration a derivation, so that each byte can be tried
    let bytes = file("openssl-one-iteration.p12");
    let whole = open(&bytes, &["changeit"], &[]).unwrap();
    let lines = |store: &Store| store.entries.iter().map(line).collect::<Vec<_>>();
    let mut kinds = std::collections::HashMap::new();
    for at in 0..bytes.len() {
        for bit in [0x01, 0x80 >> (at % 7)] {
            let mut altered = bytes.clone();
            altered[at] ^= bit;
            match open(&altered, &["changeit"], &[]) {
                Err(e) if is_fair(e.kind) => *kinds.entry(format!("{:?}", e.kind)).or_insert(0) += 1,
                Err(e) => panic!("byte {at}: {e:?}"),
                Ok(store) => assert_eq!(lines(&store), lines(&whole), "byte {at}: the MAC let a change through"),
            }
        }
    }
    assert!(kinds["WrongPassword"] > 1000 && kinds["Damaged"] > 50, "{kinds:?}");
}

#[test]
fn flips_without_a_mac_never_panic() {
    for name in ["openssl-plain", "openssl-nomac-rc4", "keytool-passwordless", "rfc9579-a1"] {
        let bytes = file(&format!("{name}.p12"));
        // a fixed walk over the bytes: 600 of them, each with another bit
        for step in 0..600usize {
            let mut altered = bytes.clone();
            altered[step * 37 % bytes.len()] ^= 1 << (step % 8);
            match open(&altered, &["changeit", "1234"], &[]) {
                Err(e) => assert!(is_fair(e.kind), "{name}, step {step}: {e:?}"),
                Ok(store) => {
                    for entry in &store.entries {
                        if let Item::Key { key: Err(e), .. } | Item::Unread { why: e, .. } = &entry.item {
                            assert!(is_fair(e.kind) || e.kind == Kind::KeyPasswordDiffers, "{name}, step {step}: {e:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn costs_are_capped_before_the_work() {
    let bytes = file("nss-default.p12"); // 600,000 iterations for each of four derivations
    let passwords = Passwords::usual();
    let read = |limit: u64| {
        let budget = Budget::with_iterations(limit);
        pkcs12::read(&bytes, &Opening { name: "x", passwords: &passwords, budget: &budget })
    };
    let e = read(500_000).unwrap_err();
    assert_eq!(e.kind, Kind::TooCostly);
    assert!(e.what.contains("600000") && e.what.contains("500000") && e.fix.contains("--max-iterations"), "{e}");
}

#[test]
fn ten_thousand_entries_open_quickly() {
    let root = cert("root");
    let entries: Vec<Entry> = (0..10_000u32)
        .map(|n| {
            // another serial number makes another certificate; nobody checks its signature here
            let at = root.der.windows(root.serial.len()).position(|w| w == root.serial).unwrap();
            let mut der = root.der.clone();
            der[at + 1..at + 5].copy_from_slice(&n.to_be_bytes());
            Entry::new(Some(format!("ca {n}")), Item::Trusted(Cert::from_der(&der).unwrap()))
        })
        .collect();
    let bytes = pkcs12::write(&entries, &Password::new("changeit"), Profile::Modern).unwrap();
    let started = std::time::Instant::now();
    let store = open(&bytes, &["changeit"], &[]).unwrap();
    assert_eq!(store.entries.len(), 10_000);
    assert!(store.entries.iter().zip(&entries).all(|(read, written)| read.alias == written.alias));
    // a debug build on a busy machine; quadratic work would take minutes
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
