//! Files that no tool at hand writes, made by hand from bags.

use super::attributes::{attribute, friendly_name, local_key_id};
use super::write::{bag, cert_bag, content_info, typed};
use super::*;
use crate::crypto::Digest;
use crate::error::{Error, Kind, Result};
use crate::formats::pbe::{Derivations, Scheme};
use crate::formats::store::{Entry, Item, Kept, Store};
use crate::formats::{Budget, Opening};
use crate::pki::{Cert, Password, Passwords, PrivateKey};

fn material(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/pkcs12/material/{name}", env!("CARGO_MANIFEST_DIR"));
    pem::parse(std::fs::read(path).unwrap()).unwrap().into_contents()
}

fn cert(name: &str) -> Cert {
    Cert::from_der(&material(&format!("{name}.pem"))).unwrap()
}

fn key(name: &str) -> Vec<u8> {
    material(&format!("{name}.key"))
}

fn safe(bags: &[Vec<u8>]) -> Vec<u8> {
    content_info(DATA, &asn1::der(asn1::OCTET_STRING, &asn1::sequence(bags)))
}

/// A file of `parts` without a MAC.
fn pfx(parts: &[Vec<u8>]) -> Vec<u8> {
    let content = asn1::der(asn1::OCTET_STRING, &asn1::sequence(parts));
    asn1::sequence(&[asn1::integer(3), content_info(DATA, &content)])
}

fn open_with(bytes: &[u8], passwords: &Passwords<'_>) -> Result<Store> {
    read(bytes, &Opening { name: "test.p12", passwords, budget: &Budget::default() })
}

fn open(bytes: &[u8]) -> Result<Store> {
    open_with(bytes, &Passwords::usual())
}

fn entries(bags: &[Vec<u8>]) -> Vec<Entry> {
    open(&pfx(&[safe(bags)])).unwrap().entries
}

/// An encryptedData with one certificate under `password`.
fn encrypted(password: &str, scheme: &Scheme) -> Vec<u8> {
    let bags = asn1::sequence(&[cert_bag(&cert("root"), vec![])]);
    let budget = Budget::default();
    let ciphertext = scheme.encrypt(&bags, &Password::new(password), &Derivations::new(&budget)).unwrap();
    // in two pieces, as BER may have it
    let (a, b) = ciphertext.split_at(5);
    let pieces = [a, b].map(|piece| asn1::der(asn1::OCTET_STRING, piece));
    let info = asn1::sequence(&[asn1::oid(DATA), scheme.to_der().unwrap(), asn1::nest(asn1::context(0, true), &pieces)]);
    content_info(ENCRYPTED_DATA, &asn1::sequence(&[asn1::integer(0), info]))
}

fn with_mac(parts: &[Vec<u8>], password: &str) -> Vec<u8> {
    let safe = asn1::sequence(parts);
    let budget = Budget::default();
    let mac = mac::write(&safe, &Password::new(password), Digest::Sha1, 1, false, &Derivations::new(&budget)).unwrap();
    asn1::sequence(&[asn1::integer(3), content_info(DATA, &asn1::der(asn1::OCTET_STRING, &safe)), mac])
}

#[test]
fn mac_and_encryption_may_have_two_passwords() {
    let bytes = with_mac(&[encrypted("for secrecy", &Scheme::legacy().unwrap())], "for integrity");
    let passwords = |store: &str, key: &str| Passwords::new(vec![Password::new(store)], vec![Password::new(key)]);
    let store = open_with(&bytes, &passwords("for integrity", "for secrecy")).unwrap();
    assert_eq!((store.entries.len(), store.password.unwrap().expose()), (1, "for integrity"));
    let e = open_with(&bytes, &passwords("for integrity", "wrong")).unwrap_err();
    assert_eq!(e.kind, Kind::WrongPassword);
    assert!(e.fix.contains("--key-password"), "{e}");
    assert_eq!(open_with(&bytes, &passwords("for secrecy", "for integrity")).unwrap_err().kind, Kind::WrongPassword);
}

#[test]
fn pieces_of_a_ciphertext_are_put_together() {
    let bytes = pfx(&[encrypted("changeit", &Scheme::modern().unwrap())]);
    let store = open(&bytes).unwrap();
    assert!(matches!(&store.entries[..], [Entry { item: Item::Certificate(c), .. }] if *c == cert("root")));
}

#[test]
fn an_altered_ciphertext_whose_password_is_right_is_damage() {
    let scheme = Scheme::modern().unwrap();
    let budget = Budget::default();
    let seal = |plaintext: &[u8]| {
        let ciphertext = scheme.encrypt(plaintext, &Password::new("changeit"), &Derivations::new(&budget)).unwrap();
        let info = asn1::sequence(&[asn1::oid(DATA), scheme.to_der().unwrap(), asn1::der(asn1::context(0, false), &ciphertext)]);
        pfx(&[content_info(ENCRYPTED_DATA, &asn1::sequence(&[asn1::integer(0), info]))])
    };
    // a SEQUENCE from end to end, but none of bags
    assert_eq!(open(&seal(&asn1::sequence(&[[9, 9, 9, 9]]))).unwrap_err().kind, Kind::Damaged);
    // nothing of the kind: another key was meant
    assert_eq!(open(&seal(b"0123456789")).unwrap_err().kind, Kind::WrongPassword);
}

#[test]
fn nested_bags_are_found_to_a_depth() {
    let nested = |depth| {
        let inner = cert_bag(&cert("root"), vec![]);
        (0..depth).fold(inner, |bags, _| bag(bag_type::SAFE_CONTENTS, &asn1::sequence(&[bags]), vec![]))
    };
    assert_eq!(entries(&[nested(8)]).len(), 1);
    assert_eq!(open(&pfx(&[safe(&[nested(9)])])).unwrap_err().kind, Kind::TooCostly);
}

#[test]
fn a_local_key_id_ties_even_what_does_not_fit() {
    let id = vec![local_key_id(b"1")];
    let bags = [bag(bag_type::KEY, &key("server"), id.clone()), cert_bag(&cert("server"), vec![]), cert_bag(&cert("client"), id)];
    let [Entry { item: Item::Key { key, chain, sent }, .. }, Entry { item: Item::Certificate(alone), .. }] = &entries(&bags)[..]
    else {
        panic!("a key and a certificate")
    };
    assert_eq!(chain[0], cert("client"));
    assert_eq!(key.as_ref().unwrap().belongs_to(&chain[0]), Some(false));
    assert_eq!((*alone == cert("server"), sent.len()), (true, 2));
}

#[test]
fn keys_find_their_certificates_without_ids_or_with_the_same_id() {
    for id in [vec![], vec![local_key_id(&[1])]] {
        let bags = [
            bag(bag_type::KEY, &key("client"), id.clone()),
            bag(bag_type::KEY, &key("server"), id.clone()),
            cert_bag(&cert("sub"), vec![]),
            cert_bag(&cert("server"), id.clone()),
            cert_bag(&cert("client"), id.clone()),
            cert_bag(&cert("other"), vec![]),
        ];
        let leaves: Vec<(Vec<Cert>, Vec<Cert>)> = entries(&bags)
            .into_iter()
            .filter_map(|e| match e.item {
                Item::Key { chain, sent, .. } => Some((chain, sent)),
                _ => None,
            })
            .collect();
        let of = |names: &[&str]| names.iter().map(|n| cert(n)).collect::<Vec<_>>();
        // the shared issuer is sent with both, the stranger too, the other key's leaf with neither
        assert_eq!(leaves[0], (of(&["client", "sub"]), of(&["client", "sub", "other"])));
        assert_eq!(leaves[1], (of(&["server", "sub"]), of(&["server", "sub", "other"])));
    }
}

#[test]
fn names_may_collide_be_missing_or_be_of_another_type() {
    let named = |value: Vec<u8>| cert_bag(&cert("root"), vec![attribute(FRIENDLY_NAME, &value)]);
    let bags = [
        cert_bag(&cert("other"), vec![friendly_name("same")]),
        cert_bag(&cert("sub"), vec![friendly_name("same")]),
        cert_bag(&cert("server"), vec![friendly_name("")]),
        cert_bag(&cert("client"), vec![]),
        named(asn1::der(asn1::UTF8_STRING, "ü".as_bytes())),
        named(asn1::der(0x01, &[0xff])), // a BOOLEAN, as in a test vector of OpenSSL's
        named(asn1::der(asn1::BMP_STRING, &[0, b'a', 0, 0])),
    ];
    let aliases: Vec<Option<String>> = entries(&bags).into_iter().map(|e| e.alias).collect();
    let expected = [Some("same"), Some("same"), None, None, Some("ü"), None, Some("a")];
    assert_eq!(aliases, expected.map(|a| a.map(str::to_owned)));
}

#[test]
fn what_cannot_be_read_is_listed() {
    let bags = [
        bag(bag_type::CERT, &typed(SDSI_CERTIFICATE, b"x"), vec![friendly_name("old")]),
        bag(bag_type::CERT, &typed(X509_CERTIFICATE, b"not a certificate"), vec![]),
        bag(bag_type::CRL, &typed(X509_CRL, b"not a list"), vec![]),
        bag("1.2.840.113549.1.12.10.1.99", &asn1::integer(1), vec![]),
        bag(bag_type::SECRET, &typed("1.2.3", b"x"), vec![friendly_name("s")]),
        bag(bag_type::KEY, &asn1::sequence(&[asn1::integer(0)]), vec![]),
    ];
    let kinds: Vec<(&str, Option<Kind>)> = entries(&bags)
        .iter()
        .map(|e| match &e.item {
            Item::Unread { why, .. } => ("unread", Some(why.kind)),
            Item::Key { key, .. } => ("key", key.as_ref().err().map(|e| e.kind)),
            item => (item.kind(), None),
        })
        .collect();
    let (unsupported, damaged) = (Some(Kind::Unsupported), Some(Kind::Damaged));
    let unread = "unread";
    assert_eq!(
        kinds,
        [
            (unread, unsupported),
            (unread, damaged),
            (unread, damaged),
            (unread, unsupported),
            ("secret-key", None),
            ("key", damaged)
        ]
    );
}

#[test]
fn what_is_not_known_is_handed_on_as_it_is() {
    let bags = [
        bag(bag_type::CERT, &typed(SDSI_CERTIFICATE, b"x"), vec![friendly_name("old")]),
        bag(bag_type::CERT, &typed(X509_CERTIFICATE, b"not a certificate"), vec![]),
        bag(bag_type::CRL, &typed(X509_CRL, b"not a list"), vec![]),
        bag("1.2.840.113549.1.12.10.1.99", &asn1::integer(1), vec![]),
        bag(bag_type::SECRET, &typed("1.2.3", b"x"), vec![friendly_name("s")]),
    ];
    let first = entries(&bags);
    let again = open(&write(&first, &Password::new("changeit"), Profile::Modern).unwrap()).unwrap().entries;
    assert_eq!(again.len(), bags.len());
    for (a, b) in first.iter().zip(&again) {
        assert_eq!((&a.alias, a.item.kind()), (&b.alias, b.item.kind()));
        assert_eq!(a.kept.as_ref().unwrap().content(), b.kept.as_ref().unwrap().content());
    }
}

/// A bag with an AES key, as Java writes it, under `password`.
fn secret_bag(alias: &str, password: &str) -> Vec<u8> {
    let aes = asn1::sequence(&[asn1::oid("2.16.840.1.101.3.4.1")]);
    let plain = asn1::sequence(&[asn1::integer(0), aes, asn1::der(asn1::OCTET_STRING, &[7; 16])]);
    let (scheme, budget) = (Scheme::legacy().unwrap(), Budget::default());
    let ciphertext = scheme.encrypt(&plain, &Password::new(password), &Derivations::new(&budget)).unwrap();
    let shrouded = asn1::sequence(&[scheme.to_der().unwrap(), asn1::der(asn1::OCTET_STRING, &ciphertext)]);
    bag(bag_type::SECRET, &typed(bag_type::SHROUDED_KEY, &shrouded), vec![friendly_name(alias)])
}

/// What an edit writes again under `password`.
fn edited(mut entries: Vec<Entry>, password: &str) -> Vec<u8> {
    entries.iter_mut().for_each(Entry::keep_own_password);
    write(&entries, &Password::new(password), Profile::Modern).unwrap()
}

#[test]
fn a_secret_under_the_only_password_takes_the_new_one() {
    let read = open(&pfx(&[safe(&[secret_bag("aes", "changeit")])])).unwrap();
    assert_eq!(read.password.as_ref().map(Password::expose), Some("changeit"));
    let again = open_with(&edited(read.entries, "another1"), &Passwords::new(vec![Password::new("another1")], vec![])).unwrap();
    assert!(matches!(again.entries[0].item, Item::Secret { bits: Some(128), .. }), "{:?}", again.entries);
}

#[test]
fn a_secret_under_a_password_of_its_own_stays_under_it() {
    let bytes = with_mac(&[safe(&[secret_bag("aes", "its own")])], "changeit");
    let both = Passwords::new(vec![Password::new("changeit")], vec![Password::new("its own")]);
    let read = open_with(&bytes, &both).unwrap();
    assert!(matches!(read.entries[0].item, Item::Secret { .. }), "{:?}", read.entries);
    let again = open(&edited(read.entries, "changeit")).unwrap();
    assert!(matches!(&again.entries[0].item, Item::Unread { why, .. } if why.kind == Kind::KeyPasswordDiffers));
}

#[test]
fn the_attributes_of_what_is_not_known_are_handed_on() {
    let mark = attribute(TRUSTED_KEY_USAGE, &asn1::oid(ANY_USAGE));
    let foreign = attribute("1.3.6.1.4.1.311.17.1", &asn1::der(asn1::BMP_STRING, &[0, b'x']));
    let others = [mark, foreign, local_key_id(b"Time 1700000000000")];
    let named = |alias: &str| others.iter().cloned().chain([friendly_name(alias)]).collect::<Vec<_>>();
    let made = |alias: &str, kind: &str, content: &[u8]| bag(kind, content, named(alias));
    let kinds = [
        (bag_type::CERT, typed(X509_CERTIFICATE, b"not a certificate")),
        (bag_type::CERT, typed(SDSI_CERTIFICATE, b"x")),
        (bag_type::CRL, typed(X509_CRL, b"not a list")),
        ("1.2.840.113549.1.12.10.1.99", asn1::integer(1)),
        (bag_type::SECRET, typed("1.2.3", b"x")),
    ];
    for (kind, content) in kinds {
        let first = entries(&[made("old", kind, &content)]);
        let kept = |entries: &[Entry]| match &entries[0].kept {
            Some(Kept::Bag { attributes, .. }) => attributes.clone(),
            other => panic!("{other:?}"),
        };
        let again = open(&edited(first.clone(), "changeit")).unwrap().entries;
        assert_eq!(kept(&again), kept(&first));
        let renamed = vec![Entry { alias: Some("new".to_owned()), ..first[0].clone() }];
        let again = open(&edited(renamed, "changeit")).unwrap().entries;
        let mut expected = named("new");
        expected.sort();
        assert_eq!((kept(&again), again[0].alias.as_deref()), (expected, Some("new")));
    }
}

#[test]
fn a_key_stays_tied_to_a_certificate_that_is_not_read() {
    let id = vec![local_key_id(b"Time 1700000000000")];
    let bags =
        [bag(bag_type::KEY, &key("server"), id.clone()), bag(bag_type::CERT, &typed(X509_CERTIFICATE, b"not a certificate"), id)];
    let again = open(&edited(entries(&bags), "changeit")).unwrap().entries;
    let dates: Vec<_> = again.iter().map(|e| e.created.map(|c| c.unix_timestamp())).collect();
    assert_eq!(dates, [Some(1_700_000_000); 2], "both have the same id");
}

#[test]
fn java_sees_a_secret_that_is_locked_and_no_key_that_is_not() {
    let id = vec![local_key_id(b"1")];
    let key = [bag(bag_type::KEY, &key("server"), id.clone()), cert_bag(&cert("server"), id)];
    let (encrypted, sealed) = (encrypted("changeit", &Scheme::legacy().unwrap()), secret_bag("aes", "its own"));
    let seen = |parts: &[Vec<u8>]| {
        let store = open(&with_mac(parts, "changeit")).unwrap();
        (crate::formats::consumer::java_entries(&store), store.entries.len())
    };
    assert_eq!(seen(&[safe(&[sealed])]), (Some(1), 1));
    assert_eq!(seen(&[encrypted, safe(&key)]), (Some(0), 2));
}

#[test]
fn a_certificate_in_ber_is_read() {
    let root = cert("root");
    let body = asn1::Reader::new(&root.der).sequence().unwrap().rest();
    let ber = [&[0x30, 0x80][..], body, &[0, 0]].concat();
    let read = entries(&[bag(bag_type::CERT, &typed(X509_CERTIFICATE, &ber), vec![])]);
    assert!(matches!(&read[0].item, Item::Certificate(read) if *read == root), "{:?}", read[0].item);
}

#[test]
fn an_unknown_cipher_of_one_key_is_that_keys_matter() {
    let camellia = asn1::sequence(&[asn1::oid("1.2.392.200011.61.1.1.1.4"), asn1::der(asn1::NULL, &[])]);
    let shrouded = asn1::sequence(&[camellia, asn1::der(asn1::OCTET_STRING, &[0; 16])]);
    let store = open(&pfx(&[safe(&[bag(bag_type::SHROUDED_KEY, &shrouded, vec![]), cert_bag(&cert("root"), vec![])])])).unwrap();
    let Item::Key { key: Err(e), .. } = &store.entries[0].item else { panic!("the key opened") };
    assert_eq!((e.kind, store.entries.len()), (Kind::Unsupported, 2));
    assert!(e.what.contains("Camellia-256-CBC"), "{e}");
}

#[test]
fn other_protections_are_named() {
    let refused = |bytes: &[u8]| -> Error { open(bytes).unwrap_err() };
    let enveloped = refused(&pfx(&[content_info(ENVELOPED_DATA, &asn1::sequence::<Vec<u8>>(&[]))]));
    assert_eq!(enveloped.kind, Kind::Unsupported);
    assert!(enveloped.what.contains("envelopedData"), "{enveloped}");
    let signed = refused(&asn1::sequence(&[asn1::integer(3), content_info(SIGNED_DATA, &asn1::sequence::<Vec<u8>>(&[]))]));
    assert_eq!(signed.kind, Kind::Unsupported);
    let version = refused(&asn1::sequence(&[asn1::integer(4), content_info(DATA, &asn1::der(asn1::OCTET_STRING, &[]))]));
    assert!(version.what.contains("version 4"), "{version}");
}

#[test]
fn keys_and_other_structures_do_not_look_like_it() {
    let pkcs8 = PrivateKey::from_pkcs8(&key("server")).unwrap();
    assert!(!looks_like(pkcs8.pkcs8()));
    assert!(!looks_like(&material("rsa.key")));
    assert!(!looks_like(&cert("root").der));
    assert!(!looks_like(b"<html>") && !looks_like(&[]) && !looks_like(&[0x30]) && !looks_like(&[0; 64]));
    assert!(looks_like(&pfx(&[])));
}

#[test]
fn crls_are_listed_and_written() {
    let path = format!("{}/fixtures/pkcs12/material/root.crl", env!("CARGO_MANIFEST_DIR"));
    let crl = pem::parse(std::fs::read(path).unwrap()).unwrap().into_contents();
    let crl = crate::pki::crl::Crl::from_der(&crl).unwrap();
    let entry = Entry::new(None, Item::Crl(crl.clone()));
    let store = open(&write(&[entry], &Password::empty(), Profile::Modern).unwrap()).unwrap();
    assert!(matches!(&store.entries[0].item, Item::Crl(read) if *read == crl));
}
