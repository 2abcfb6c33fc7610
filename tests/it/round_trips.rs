//! Random stores: what is written reads back as far as the format can hold it, and then stays as it is.

use mtls::error::Kind;
use mtls::formats::pkcs12::Profile;
use mtls::formats::target::{Target, write};
use mtls::formats::{Budget, Entry, Item, Opening, Store, open};
use mtls::pki::crl::Crl;
use mtls::pki::{Cert, NewKey, Password, Passwords, PrivateKey};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use time::OffsetDateTime;

/// What the stores are made of: made once, for making keys takes longer than storing them.
struct Pool {
    /// Each key with its chain: leaf, intermediate, root.
    identities: Vec<(PrivateKey, Vec<Cert>)>,
    roots: Vec<Cert>,
    crl: Crl,
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn ca(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

static POOL: LazyLock<Pool> = LazyLock::new(|| {
    let cert = |certificate: rcgen::Certificate| Cert::from_der(certificate.der()).unwrap();
    let (root_key, sub_key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let root = ca("Root").self_signed(&root_key).unwrap();
    let sub = ca("Sub").signed_by(&sub_key, &Issuer::new(ca("Root"), &root_key)).unwrap();
    let kinds = [NewKey::EcP256, NewKey::EcP384, NewKey::Ed25519, NewKey::Rsa2048, NewKey::EcP256];
    let identities = kinds.iter().enumerate().map(|(number, kind)| {
        let key = kind.generate().unwrap();
        let pair = KeyPair::try_from(key.pkcs8()).unwrap();
        let leaf = params(&format!("leaf {number}")).signed_by(&pair, &Issuer::new(ca("Sub"), &sub_key)).unwrap();
        (key, vec![cert(leaf), cert(sub.clone()), cert(root.clone())])
    });
    let crl = rcgen::CertificateRevocationListParams {
        this_update: OffsetDateTime::UNIX_EPOCH,
        next_update: OffsetDateTime::UNIX_EPOCH + time::Duration::days(1),
        crl_number: 1u64.into(),
        issuing_distribution_point: None,
        revoked_certs: vec![],
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    let crl = crl.signed_by(&Issuer::new(ca("Root"), &root_key)).unwrap();
    Pool {
        identities: identities.collect(),
        roots: (0..4).map(|n| cert(ca(&format!("CA {n}")).self_signed(&KeyPair::generate().unwrap()).unwrap())).collect(),
        crl: Crl::from_der(crl.der()).unwrap(),
    }
});

fn alias() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        2 => Just(None),
        1 => Just(Some(String::new())),
        // these collide, as they are and in lower case
        3 => prop_oneof![Just("server"), Just("Server"), Just("1"), Just("2"), Just("ſ"), Just("İ")].prop_map(|a| Some(a.to_owned())),
        4 => any::<String>().prop_map(Some),
        1 => Just(Some("a".repeat(3_000))),
        1 => Just(Some("😀\u{202e}\0\n\"'=".to_owned())),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    prop_oneof![
        4 => (0..POOL.identities.len(), 0..=3usize).prop_map(|(which, length)| {
            let (key, chain) = &POOL.identities[which];
            Item::key(key.clone(), chain[..length].to_vec())
        }),
        3 => (0..POOL.roots.len()).prop_map(|which| Item::Trusted(POOL.roots[which].clone())),
        2 => (0..POOL.roots.len()).prop_map(|which| Item::Certificate(POOL.roots[which].clone())),
        1 => (0..POOL.identities.len(), 0..3usize).prop_map(|(which, at)| Item::Certificate(POOL.identities[which].1[at].clone())),
        1 => Just(Item::Crl(POOL.crl.clone())),
    ]
}

fn entries(most: usize) -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((alias(), item()).prop_map(|(alias, item)| Entry::new(alias, item)), 0..=most)
}

fn password() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("changeit".to_owned()),
        Just("pässwörd€😀".to_owned()),
        any::<String>(),
        Just("p".repeat(500)),
    ]
}

fn read(bytes: &[u8], password: &Password) -> mtls::error::Result<Store> {
    let passwords = Passwords::new(vec![password.clone()], vec![]);
    open(bytes, &Opening { name: "random", passwords: &passwords, budget: &Budget::default() })
}

/// A few letters for some bytes.
fn mark(bytes: &[u8]) -> String {
    mtls::safe::hex(&mtls::crypto::sha256(bytes)[..4])
}

/// An entry in comparable words: a key's chain in its order, and what is sent with it.
fn told(entry: &Entry) -> (Option<String>, String, Vec<String>) {
    let parts = match &entry.item {
        Item::Key { key: Ok(key), chain, sent } => {
            // certificates that are no part of the chain may be sent before or behind it
            let sent: BTreeSet<String> = sent.iter().map(|cert| format!("sends {}", mark(&cert.der))).collect();
            let certs = chain.iter().map(|cert| mark(&cert.der)).chain(sent);
            std::iter::once(mark(key.pkcs8())).chain(certs).collect()
        }
        Item::Trusted(cert) | Item::Certificate(cert) => vec![mark(&cert.der)],
        Item::Crl(crl) => vec![mark(&crl.der)],
        other => panic!("never written: {other:?}"),
    };
    (entry.alias.clone(), entry.item.kind().to_owned(), parts)
}

/// How often each key is there with which leaf.
fn keys(entries: &[Entry]) -> BTreeMap<(String, Option<String>), usize> {
    let mut all = BTreeMap::new();
    for entry in entries {
        if let Item::Key { key: Ok(key), chain, .. } = &entry.item {
            *all.entry((mark(key.pkcs8()), chain.first().map(|leaf| mark(&leaf.der)))).or_default() += 1;
        }
    }
    all
}

/// All certificates, whosever they are.
fn certificates(entries: &[Entry]) -> BTreeSet<String> {
    let each = entries.iter().flat_map(|e| match &e.item {
        Item::Key { chain, sent, .. } => chain.iter().chain(sent).cloned().collect(),
        item => item.certificates().to_vec(),
    });
    each.map(|cert| mark(&cert.der)).collect()
}

/// Aliases and certificates of the trusted entries, in their order.
fn trusted(entries: &[Entry]) -> Vec<(Option<String>, String)> {
    let each = entries.iter().filter_map(|entry| match &entry.item {
        Item::Trusted(cert) => Some((entry.alias.clone(), mark(&cert.der))),
        _ => None,
    });
    each.collect()
}

fn fail(why: String) -> Result<(), TestCaseError> {
    Err(TestCaseError::fail(why))
}

/// What a target makes of aliases: JKS and BCFKS number what has none, JKS has no capitals, PKCS#12 knows no empty ones.
fn aliases(target: Target, entries: &[Entry]) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    for (place, entry) in entries.iter_mut().enumerate() {
        entry.alias = match target {
            Target::Jks => Some(entry.alias.clone().unwrap_or((place + 1).to_string()).to_lowercase()),
            Target::Bcfks => Some(entry.alias.clone().unwrap_or((place + 1).to_string())),
            Target::Pkcs12(_) => entry.alias.clone().filter(|alias| !alias.is_empty()),
            _ => None,
        };
        if matches!(target, Target::Jks | Target::Bcfks)
            && let Item::Certificate(cert) = &entry.item
        {
            entry.item = Item::Trusted(cert.clone());
        }
    }
    entries
}

fn survives(target: Target, entries: &[Entry], password: &str) -> Result<(), TestCaseError> {
    let (password, now) = (Password::new(password), OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000));
    let lost: Vec<usize> = target.cannot_hold(entries).into_iter().map(|(place, _)| place).collect();
    if !lost.is_empty() {
        let refused = write(target, entries, &password, now).map(|_| ()).unwrap_err();
        prop_assert_eq!(refused.kind, Kind::Refused, "{}", refused);
    }
    let kept = entries.iter().enumerate().filter(|(place, _)| !lost.contains(place)).map(|(_, entry)| entry.clone());
    let kept: Vec<Entry> = kept.collect();
    let wanted = aliases(target, &kept);
    let bytes = match write(target, &kept, &password, now) {
        Ok(bytes) => bytes,
        Err(e) => {
            let unique: BTreeSet<_> = wanted.iter().map(|entry| &entry.alias).collect();
            let collide = matches!(target, Target::Jks | Target::Bcfks) && unique.len() < wanted.len();
            let is_single = target == Target::Der && kept.len() != 1;
            let has_chain =
                target == Target::Der && matches!(&kept[..], [Entry { item: Item::Key { chain, .. }, .. }] if !chain.is_empty());
            prop_assert!(e.kind == Kind::Refused && (collide || is_single || has_chain), "{}", e);
            return Ok(());
        }
    };
    let first = match read(&bytes, &password) {
        Ok(store) => store,
        // a text or a list of nothing is no store
        Err(e) => {
            let is_loose = matches!(target, Target::Pem | Target::Pkcs7);
            prop_assert!(is_loose && kept.is_empty() && e.kind == Kind::NotAStore, "{}", e);
            return Ok(());
        }
    };
    let format = if first.format == mtls::formats::Format::Crl { target.format() } else { first.format };
    prop_assert_eq!(format, target.format());
    prop_assert!(first.remarks.is_empty(), "{:?}", first.remarks);
    let found = &first.entries;
    if let Some(unread) = found.iter().find(|e| matches!(&e.item, Item::Unread { .. } | Item::Key { key: Err(_), .. })) {
        return fail(format!("{unread:?}"));
    }
    prop_assert_eq!(certificates(found), certificates(&wanted));
    if target != Target::Pkcs7 {
        let pkcs8 = |all: BTreeMap<(String, Option<String>), usize>| {
            all.into_iter().flat_map(|((key, _), times)| vec![key; times]).collect::<Vec<_>>()
        };
        prop_assert_eq!(pkcs8(keys(found)), pkcs8(keys(&wanted)));
    }
    match target {
        Target::Jks | Target::Bcfks => {
            let all = |entries: &[Entry]| entries.iter().map(told).collect::<Vec<_>>();
            prop_assert_eq!(all(found), all(&wanted));
        }
        Target::Pkcs12(_) => {
            prop_assert_eq!(trusted(found), trusted(&wanted));
            let crls = |entries: &[Entry]| entries.iter().filter(|e| matches!(e.item, Item::Crl(_))).count();
            prop_assert_eq!(crls(found), crls(&wanted));
            for ((key, leaf), times) in keys(&wanted) {
                // a key without a certificate may find its own among those of the others
                if leaf.is_some() {
                    prop_assert!(keys(found).get(&(key, leaf)).is_some_and(|there| *there >= times));
                }
            }
        }
        _ => {}
    }
    // PEM and PKCS#12 find a certificate for a key that has none, and which one depends on what else is there
    // and what a key without an alias is called, where the same key is there twice
    let is_moot = keys(&wanted).iter().any(|((_, leaf), times)| leaf.is_none() || *times > 1);
    if matches!(target, Target::Pem | Target::Pkcs12(_)) && is_moot {
        return Ok(());
    }
    // what was read is what will be read for ever
    let again = write(target, found, &password, now);
    let again = again.map_err(|e| TestCaseError::fail(format!("what was read cannot be written: {e}")))?;
    let second = read(&again, &password).map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert_eq!(found.iter().map(told).collect::<Vec<_>>(), second.entries.iter().map(told).collect::<Vec<_>>());
    prop_assert_eq!((&first.encryption, &first.mac), (&second.encryption, &second.mac));
    Ok(())
}

/// Runs so many random stores of at most so many entries through `target`.
fn all_survive(target: Target, cases: u32, most: usize) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new(config);
    if let Err(e) = runner.run(&(entries(most), password()), |(entries, password)| survives(target, &entries, &password)) {
        panic!("{target:?}: {e}");
    }
}

#[test]
fn random_stores_survive_pkcs12() {
    all_survive(Target::Pkcs12(Profile::Modern), 30, 8);
    all_survive(Target::Pkcs12(Profile::Pbmac1), 10, 4);
    all_survive(Target::Pkcs12(Profile::Legacy), 15, 6);
}

#[test]
fn random_stores_survive_jks() {
    all_survive(Target::Jks, 100, 8);
}

#[test]
fn random_stores_survive_bcfks() {
    // 51,200 iterations for each key, as BouncyCastle asks for
    all_survive(Target::Bcfks, 10, 3);
}

#[test]
fn random_stores_survive_pem_der_and_pkcs7() {
    all_survive(Target::Pem, 30, 8);
    all_survive(Target::Pkcs7, 60, 8);
    all_survive(Target::Der, 60, 1);
}
