//! Wrong password, unknown algorithm and damage are three things, and a reader never takes one for another: stores of
//! foreign tools, cut off and altered at many places, and opened with the right password and with a wrong one.

use mtls::error::{Kind, Result};
use mtls::formats::{Budget, Entry, Item, Opening, Store, open};
use mtls::pki::{Password, Passwords};
use std::path::Path;

/// A fixture, and what its protection can tell.
struct Given {
    file: &'static str,
    password: &'static str,
    protection: Protection,
    /// How many alterations are tried: fewer where each costs many iterations.
    tries: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Protection {
    /// A MAC or keyed digest over everything.
    Mac,
    /// Encryption alone.
    Cipher,
    /// Nothing; no password either.
    None,
}

const fn given(file: &'static str, password: &'static str, protection: Protection, tries: usize) -> Given {
    Given { file, password, protection, tries }
}

/// One of each format, by the tools that make them.
const STORES: &[Given] = &[
    given("pkcs12/openssl-default.p12", "changeit", Protection::Mac, 75),
    given("pkcs12/openssl-legacy.p12", "changeit", Protection::Mac, 40),
    given("pkcs12/openssl-certificates.p12", "changeit", Protection::Mac, 40),
    given("pkcs12/keytool-default.p12", "changeit", Protection::Mac, 30),
    given("pkcs12/nss-default.p12", "changeit", Protection::Mac, 30),
    given("pkcs12/bouncycastle-PKCS12.p12", "changeit", Protection::Mac, 30),
    given("pkcs12/rfc9579-a1.p12", "1234", Protection::Mac, 40),
    given("pkcs12/openssl-nomac.p12", "changeit", Protection::Cipher, 40),
    given("pkcs12/openssl-plain.p12", "", Protection::None, 40),
    given("java/server.jks", "changeit", Protection::Mac, 75),
    given("java/server.jceks", "changeit", Protection::Mac, 75),
    given("java/server.bks", "changeit", Protection::Mac, 50),
    given("java/version1.bks", "changeit", Protection::Mac, 50),
    given("java/server.uber", "changeit", Protection::Cipher, 30),
    given("java/server.bcfks", "changeit", Protection::Mac, 20),
    given("pem/ec-pkcs8-encrypted.der", "secret", Protection::Cipher, 30),
    given("pem/rsa-pkcs8-v2-aes256.pem", "secret", Protection::Cipher, 30),
    given("pem/rsa-traditional-aes256.pem", "secret", Protection::Cipher, 30),
    given("pem/server.pem", "", Protection::None, 75),
    given("pem/server.der", "", Protection::None, 75),
    given("pem/ec-pkcs8.der", "", Protection::None, 30),
    given("pem/bundle-der.p7b", "", Protection::None, 50),
    given("pem/crl.der", "", Protection::None, 40),
    given("pem/request.der", "", Protection::None, 40),
];

fn content(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")).join(file)).unwrap()
}

fn opened(bytes: &[u8], password: &str) -> Result<Store> {
    let passwords = Passwords::new(vec![Password::new(password)], vec![]);
    open(bytes, &Opening { name: "given", passwords: &passwords, budget: &Budget::default() })
}

/// What went wrong with the store, or with everything in it; `None` where something was read.
fn kind(opened: &Result<Store>) -> Option<Kind> {
    let store = match opened {
        Err(e) => return Some(e.kind),
        Ok(store) => store,
    };
    let why = |entry: &Entry| match &entry.item {
        Item::Key { key: Err(e), .. } => Some(if e.kind == Kind::KeyPasswordDiffers { Kind::WrongPassword } else { e.kind }),
        Item::Unread { why, .. } => Some(why.kind),
        _ => None,
    };
    let kinds: Option<Vec<Kind>> = store.entries.iter().map(why).collect();
    kinds.and_then(|kinds| kinds.first().copied())
}

/// The entries in comparable words.
fn told(store: &Store) -> Vec<String> {
    let each = store.entries.iter().map(|entry| match &entry.item {
        Item::Key { key, chain, .. } => {
            let key = key.as_ref().map_or(format!("{:?}", entry.alias), |key| format!("{:?} {:x?}", entry.alias, key.pkcs8()));
            format!("{key} {chain:?}")
        }
        item => format!("{:?} {} {:?}", entry.alias, item.kind(), item.certificates()),
    });
    each.collect()
}

/// The bytes by which a format is recognised: without them a file is of no known kind.
const HEAD: usize = 48;

#[test]
fn a_wrong_password_on_a_whole_store_is_called_one() {
    for given in STORES.iter().filter(|g| g.protection != Protection::None) {
        let bytes = content(given.file);
        assert_eq!(kind(&opened(&bytes, given.password)), None, "{}", given.file);
        let wrong = opened(&bytes, "not the password");
        assert_eq!(kind(&wrong), Some(Kind::WrongPassword), "{}: {wrong:?}", given.file);
    }
}

#[test]
fn a_cut_store_is_damaged_wherever_it_is_cut() {
    for given in STORES {
        let bytes = content(given.file);
        let is_text = bytes.starts_with(b"-----");
        let end = if is_text { bytes.windows(8).rposition(|w| w == b"-----END").unwrap() } else { bytes.len() };
        let step = (end / given.tries).max(1);
        let places = (0..end).step_by(step).chain(end.saturating_sub(24)..end);
        for at in places {
            let cut = opened(&bytes[..at], given.password);
            match kind(&cut) {
                Some(Kind::Damaged) => {}
                Some(Kind::NotAStore) if at < HEAD => {}
                other => panic!("{} cut at {at} of {}: {other:?}: {cut:?}", given.file, bytes.len()),
            }
        }
    }
}

#[test]
fn an_altered_store_is_never_taken_for_a_good_one_nor_for_locked_without_reason() {
    for given in STORES {
        let bytes = content(given.file);
        let whole = told(&opened(&bytes, given.password).unwrap());
        let step = (bytes.len() / given.tries).max(1);
        for (turn, at) in (0..bytes.len()).step_by(step).chain(0..HEAD.min(bytes.len())).enumerate() {
            let mut altered = bytes.clone();
            altered[at] ^= [0x01, 0x80, 0x20, 0xff][turn % 4];
            let read = opened(&altered, given.password);
            let story = || format!("{} altered at {at}: {read:?}", given.file);
            match kind(&read) {
                // a MAC lets nothing through but what means the same
                None if given.protection == Protection::Mac => {
                    assert_eq!(told(read.as_ref().unwrap()), whole, "{}", story());
                }
                None | Some(Kind::Damaged | Kind::Unsupported | Kind::TooCostly) => {}
                // altered content under a MAC or a cipher cannot be told from a wrong password
                Some(Kind::WrongPassword) => assert!(given.protection != Protection::None, "{}", story()),
                Some(Kind::NotAStore) => {
                    let is_text = bytes.starts_with(b"-----");
                    assert!(at < HEAD || is_text, "{}", story());
                }
                other => panic!("{other:?}: {}", story()),
            }
        }
    }
}

#[test]
fn a_broken_structure_is_damage_and_not_a_wrong_password() {
    for given in STORES.iter().filter(|g| g.protection == Protection::Mac) {
        let bytes = content(given.file);
        // the outermost lengths, and what announces how much follows
        let places: &[usize] = match &bytes[..4] {
            [0x30, 0x82, ..] => &[2, 8, 9],
            [0x30, 0x80, ..] => &[],
            [0xfe, 0xed, ..] | [0xce, 0xce, ..] => &[8, 9, 12, 16],
            _ => &[4, 5],
        };
        for at in places {
            let mut altered = bytes.clone();
            altered[*at] ^= 0x40;
            let read = opened(&altered, given.password);
            let told = kind(&read);
            assert!(matches!(told, Some(Kind::Damaged | Kind::NotAStore)), "{} altered at {at}: {read:?}", given.file);
        }
    }
}
