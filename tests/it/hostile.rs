//! Files that want to hurt: each ends with a clear error or with findings, in time and in little memory.
//!
//! The real program runs under limits of the system, so that what grows without end is killed, and fails its test. They
//! are detectors of hangs and floods, not measurements: those are in `benches/`.
#![cfg(target_os = "linux")]

use crate::program::{Ran, run};
use mtls::asn1::{self, context, der, integer, oid, sequence};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Address space, in KiB: 500 MiB.
const MEMORY: u64 = 500 << 10;
/// Processor time, in seconds: a debug build takes a tenth of it for the worst of these files.
const SECONDS: u64 = 60;

/// `mtls` with these words in `folder`, under the limits.
#[track_caller]
fn limited(folder: &Path, words: &str) -> Ran {
    let mut command = Command::new("sh");
    let script = format!("ulimit -v {MEMORY}; ulimit -t {SECONDS}; exec {:?} {words}", env!("CARGO_BIN_EXE_mtls"));
    command.args(["-c", &script]).current_dir(folder);
    let ran = run(command, b"");
    assert!(!ran.stderr.contains("panicked at"), "{}", ran.story());
    ran
}

/// What `mtls inspect` says of a file with this content: the code of its error, and the whole of its words.
#[track_caller]
fn refused(name: &str, content: &[u8]) -> (String, String) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("given"), content).unwrap();
    let ran = limited(folder.path(), "inspect given --json --password pass:changeit");
    assert_eq!(ran.status, 3, "{name}: {}", &ran.story()[..ran.story().len().min(2000)]);
    let error = ran.json()["findings"][0].clone();
    (error["code"].as_str().unwrap().to_owned(), error.to_string())
}

/// The file is too costly, and the words name the figure, the cap and how it is lifted.
#[track_caller]
fn too_costly(name: &str, content: &[u8], figures: &[&str]) {
    let (code, words) = refused(name, content);
    assert_eq!(code, "too-costly", "{name}: {words}");
    for figure in figures {
        assert!(words.contains(figure), "{name}: `{figure}` is not in {words}");
    }
}

#[track_caller]
fn damaged(name: &str, content: &[u8]) {
    let (code, words) = refused(name, content);
    assert_eq!(code, "damaged-store", "{name}: {words}");
}

const LIFTED: [&str; 3] = ["2147483647", "20000000", "--max-iterations"];
const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
const PBES2: &str = "1.2.840.113549.1.5.13";
const PBKDF2: &str = "1.2.840.113549.1.5.12";
const SCRYPT: &str = "1.3.6.1.4.1.11591.4.11";
const AES_256_CBC: &str = "2.16.840.1.101.3.4.1.42";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";

fn octets(content: &[u8]) -> Vec<u8> {
    der(asn1::OCTET_STRING, content)
}

fn pbes2(derivation: &[u8]) -> Vec<u8> {
    sequence(&[oid(PBES2), sequence(&[derivation, &sequence(&[oid(AES_256_CBC), octets(&[0; 16])])])])
}

fn pbkdf2(salt: &[u8], iterations: u64) -> Vec<u8> {
    sequence(&[oid(PBKDF2), sequence(&[octets(salt), integer(iterations)])])
}

fn scrypt(n: u64, r: u64, p: u64) -> Vec<u8> {
    sequence(&[oid(SCRYPT), sequence(&[octets(b"salt"), integer(n), integer(r), integer(p)])])
}

/// An EncryptedPrivateKeyInfo.
fn key(derivation: &[u8]) -> Vec<u8> {
    sequence(&[pbes2(derivation), octets(&[0; 64])])
}

fn data(content: &[u8]) -> Vec<u8> {
    sequence(&[oid(DATA), der(context(0, true), &octets(content))])
}

/// An encrypted part of a PKCS#12.
fn encrypted_part(derivation: &[u8]) -> Vec<u8> {
    let info = sequence(&[oid(DATA), pbes2(derivation), der(context(0, false), &[0; 32])]);
    sequence(&[oid(ENCRYPTED_DATA), der(context(0, true), &sequence(&[integer(0), info]))])
}

/// A PKCS#12 of these parts, with a MAC of so many iterations where it is asked for.
fn pkcs12(parts: &[Vec<u8>], mac: Option<u64>) -> Vec<u8> {
    let mac = mac.map(|iterations| {
        let digest = sequence(&[sequence(&[oid(SHA256), der(asn1::NULL, &[])]), octets(&[0; 32])]);
        sequence(&[digest, octets(b"salt"), integer(iterations)])
    });
    sequence(&[integer(3), data(&sequence(parts)), mac.unwrap_or_default()])
}

#[test]
fn absurd_iteration_counts_are_refused_before_the_work() {
    let absurd = 0x7fff_ffff;
    too_costly("MAC", &pkcs12(&[data(&sequence::<&[u8]>(&[]))], Some(absurd)), &LIFTED);
    too_costly("part", &pkcs12(&[encrypted_part(&pbkdf2(b"salt", absurd))], None), &LIFTED);
    too_costly("key", &key(&pbkdf2(b"salt", absurd)), &LIFTED);
    let in_64_bits = key(&pbkdf2(b"salt", u64::MAX >> 1));
    too_costly("64 bits", &in_64_bits, &["9223372036854775807", "20000000", "--max-iterations"]);
    let bks = [&[0, 0, 0, 2, 0, 0, 0, 4, 1, 2, 3, 4][..], &0x7fff_ffff_u32.to_be_bytes(), &[0; 21]].concat();
    too_costly("BKS", &bks, &LIFTED);
    // BCFKS: content and MAC
    let hmac = sequence(&[oid("1.2.840.113549.2.11")]);
    let derivation = sequence(&[oid(PBKDF2), sequence(&[octets(b"s"), integer(absurd), integer(32), hmac.clone()])]);
    let ccm = sequence(&[oid("2.16.840.1.101.3.4.1.47"), sequence(&[octets(&[7; 12]), integer(8)])]);
    let cipher = sequence(&[oid(PBES2), sequence(&[derivation.clone(), ccm])]);
    let store = sequence(&[sequence(&[cipher, octets(&[0; 64])]), sequence(&[hmac, derivation, octets(&[0; 64])])]);
    let (code, words) = refused("BCFKS", &store);
    assert!(code == "too-costly" && LIFTED.iter().all(|figure| words.contains(figure)), "{words}");
}

#[test]
fn many_affordable_derivations_are_refused_together() {
    let parts: Vec<_> = (0..1_000u32).map(|n| encrypted_part(&pbkdf2(&n.to_be_bytes(), 1_000_000))).collect();
    too_costly("parts", &pkcs12(&parts, None), &["1000000", "20000000", "--max-iterations"]);
    let keys: String = (0..1_000u32).map(|n| pem("ENCRYPTED PRIVATE KEY", &key(&pbkdf2(&n.to_be_bytes(), 1_000_000)))).collect();
    too_costly("keys", keys.as_bytes(), &["1000000", "20000000", "--max-iterations"]);
}

#[test]
fn a_file_that_just_fits_the_budget_ends_in_time_whatever_is_tried_on_it() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("given"), pkcs12(&[data(&sequence::<&[u8]>(&[]))], Some(19_999_999))).unwrap();
    let words = "inspect given --json -p pass:a -p pass:b -p pass:c -p pass:d -p pass:e -p pass:f";
    let ran = limited(folder.path(), words).exits(3);
    assert_eq!(ran.json()["findings"][0]["code"], "too-costly", "{}", ran.story());
}

#[test]
fn absurd_scrypt_parameters_are_refused_before_the_memory_is_taken() {
    let cap = ["256 MiB", "16384"];
    for (n, r, p) in [(1 << 30, 8, 1), (1 << 62, 8, 1), (2, 1 << 31, 1), (2, 8, 1 << 31), (1 << 14, 0xffff_ffff, 0xffff_ffff)] {
        too_costly(&format!("scrypt {n} {r} {p}"), &key(&scrypt(n, r, p)), &cap);
    }
    // little memory, much work
    too_costly("scrypt p", &key(&scrypt(1 << 10, 1, 20_000)), &["20480000", "20000000", "--max-iterations"]);
}

#[test]
fn counts_and_lengths_that_the_file_cannot_hold_are_damage() {
    let count = 0x7fff_ffff_u32.to_be_bytes();
    damaged("JKS", &[&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2][..], &count, &[0; 20]].concat());
    damaged("JCEKS", &[&[0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2][..], &count, &[0; 20]].concat());
    let entry = [&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, b'a'][..], &[0; 8]].concat();
    damaged("JKS key", &[&entry[..], &count, &[0; 20]].concat());
    damaged("JKS chain", &[&entry[..], &[0; 4], &count, &[0; 20]].concat());
    damaged("BKS", &[&[0, 0, 0, 2, 0, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 1, 1, 0, 1, b'a'][..], &[0; 8], &count].concat());
    for length in [&[0x84, 0x7f, 0xff, 0xff, 0xff][..], &[0x84, 0xff, 0xff, 0xff, 0xff], &[0x83, 0xff, 0xff, 0xff]] {
        damaged("DER", &[&[0x30][..], length, &integer(3)].concat());
        let in_it = [&[0x30][..], length, &oid(DATA)].concat();
        damaged("PKCS#12", &[&[0x30, 0x82, 1, 0][..], &integer(3), &in_it].concat());
    }
}

#[test]
fn values_that_nest_without_end_are_too_costly() {
    let indefinite = |start: &[u8], levels: usize| [start, &[0x30, 0x80].repeat(levels)].concat();
    let definite = (0..2_000).fold(integer(1), |inner, _| sequence(&[inner]));
    too_costly("indefinite", &indefinite(&[], 1_000_000), &["48"]);
    too_costly("in a PKCS#12", &indefinite(&[0x30, 0x80, 2, 1, 3], 1_000_000), &["48"]);
    too_costly("definite", &definite, &["48"]);
    let start = [&[0x30, 0x80, 2, 1, 3, 0x30, 0x80][..], &oid(DATA), &[0xa0, 0x80]].concat();
    too_costly("strings in pieces", &[start, [0x24, 0x80].repeat(500_000)].concat(), &["48"]);
    let inside = pkcs12(&[data(&definite)], None);
    assert!(matches!(refused("bags", &inside).0.as_str(), "damaged-store" | "too-costly"));
    // safe contents bags within safe contents bags
    let bag = |inner: Vec<u8>| sequence(&[oid("1.2.840.113549.1.12.10.1.6"), der(context(0, true), &sequence(&[inner]))]);
    let bags = (0..1_000).fold(sequence::<&[u8]>(&[]), |inner, _| bag(inner));
    assert!(matches!(
        refused("nested bags", &pkcs12(&[data(&sequence(&[bags]))], None)).0.as_str(),
        "damaged-store" | "too-costly"
    ));
}

#[test]
fn armour_within_armour_comes_to_an_end() {
    let mut inner = b"nothing".to_vec();
    while inner.len() < 4 << 20 {
        inner = pem("PKCS12", &inner).into_bytes();
    }
    refused("PEM in PEM", &inner);
    let mut inner = vec![b'A'; 32];
    while inner.len() < 4 << 20 {
        inner = base64(&inner).into_bytes();
    }
    assert_eq!(refused("base64 of base64", &inner).0, "not-a-store");
}

#[test]
fn floods_of_nothing_are_refused() {
    assert_eq!(refused("zeros", &vec![0; 100 << 20]).0, "not-a-store");
    assert_eq!(refused("spaces", &vec![b' '; 10 << 20]).0, "not-a-store");
    let begins = "-----BEGIN CERTIFICATE-----\n".repeat(1_000_000);
    too_costly("BEGIN lines", begins.as_bytes(), &["500000"]);
    damaged("fewer BEGIN lines", &begins.as_bytes()[..28 * 400_000]);
    too_costly("empty blocks", "-----BEGIN X-----\n-----END X-----\n".repeat(1_000_000).as_bytes(), &["500000"]);
    let headers = format!("-----BEGIN CERTIFICATE-----\n{}", "a:\n".repeat(3_000_000));
    damaged("headers", headers.as_bytes());
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for i in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(der))
}

trait Armoured {
    fn armoured(&self) -> String;
}

impl Armoured for rcgen::Certificate {
    fn armoured(&self) -> String {
        pem("CERTIFICATE", self.der())
    }
}

fn private(key: &KeyPair) -> String {
    pem("PRIVATE KEY", &key.serialize_der())
}

/// A CA's frame: its name.
fn ca(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn leaf() -> CertificateParams {
    let mut params = CertificateParams::new(vec!["api.example".to_owned()]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "api.example");
    params
}

/// Judging this chain by this truststore ends, with a finding.
#[track_caller]
fn judged(name: &str, chain: &str, trusted: &str) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("chain.pem"), chain).unwrap();
    std::fs::write(folder.path().join("trusted.pem"), trusted).unwrap();
    for words in [
        "inspect chain.pem --trust trusted.pem --for server --json",
        "inspect trusted.pem --json",
        "handshake --server chain.pem trusted.pem --client chain.pem trusted.pem --json",
    ] {
        let ran = limited(folder.path(), words);
        assert!(matches!(ran.status, 0 | 1), "{name}: {words}: exit status {}: {}", ran.status, ran.stderr);
        ran.json();
    }
}

#[test]
fn cas_that_signed_each_other_with_many_keys_are_judged_in_time() {
    let keys: Vec<KeyPair> = (0..24).map(|_| KeyPair::generate().unwrap()).collect();
    let (ones, others) = keys.split_at(12);
    let mut chain = String::new();
    let leaf_key = KeyPair::generate().unwrap();
    chain += &private(&leaf_key);
    chain += &leaf().signed_by(&leaf_key, &Issuer::new(ca("One"), &ones[0])).unwrap().armoured();
    for one in ones {
        for other in others {
            chain += &ca("One").signed_by(one, &Issuer::new(ca("Other"), other)).unwrap().armoured();
            chain += &ca("Other").signed_by(other, &Issuer::new(ca("One"), one)).unwrap().armoured();
        }
    }
    // roots of the same names and other keys, and one of another name
    let trusted: String = ["One", "Other", "Stranger"]
        .iter()
        .map(|name| ca(name).self_signed(&KeyPair::generate().unwrap()).unwrap().armoured())
        .collect();
    judged("cross-signed", &chain, &trusted);
}

#[test]
fn thousands_of_certificates_of_one_name_are_judged_in_time() {
    let keys: Vec<KeyPair> = (0..5_000).map(|_| KeyPair::generate().unwrap()).collect();
    let trusted: String = keys.iter().map(|key| ca("One").self_signed(key).unwrap().armoured()).collect();
    let leaf_key = KeyPair::generate().unwrap();
    let leaf = leaf().signed_by(&leaf_key, &Issuer::new(ca("One"), &keys[4_999])).unwrap().armoured();
    judged("truststore", &[private(&leaf_key), leaf.clone()].concat(), &trusted);
    // a chain of thousands, each signed by the next one of the same name
    let mut chain = [private(&leaf_key), leaf].concat();
    for pair in keys.windows(2).rev().take(3_000) {
        chain += &ca("One").signed_by(&pair[1], &Issuer::new(ca("One"), &pair[0])).unwrap().armoured();
    }
    judged("chain", &chain, &ca("Stranger").self_signed(&keys[0]).unwrap().armoured());
}

#[test]
fn certificates_with_floods_of_names_are_judged_in_time() {
    let key = KeyPair::generate().unwrap();
    let mut root = ca("One");
    root.name_constraints = Some(rcgen::NameConstraints {
        permitted_subtrees: (0..8_000).map(|n| rcgen::GeneralSubtree::DnsName(format!("permitted{n}.example"))).collect(),
        excluded_subtrees: (0..8_000).map(|n| rcgen::GeneralSubtree::DnsName(format!("excluded{n}.example"))).collect(),
    });
    let trusted = root.self_signed(&key).unwrap().armoured();
    let leaf_key = KeyPair::generate().unwrap();
    let mut leaf = leaf();
    leaf.subject_alt_names = (0..8_000)
        .map(|n| rcgen::SanType::DnsName(format!("www.permitted{}.example", 7_999 - n % 10).try_into().unwrap()))
        .collect();
    let leaf = leaf.signed_by(&leaf_key, &Issuer::new(root, &key)).unwrap().armoured();
    judged("names", &[private(&leaf_key), leaf].concat(), &trusted);
}

#[test]
fn a_certificate_of_millions_of_names_is_too_costly() {
    // two bytes for each empty name
    let names = sequence(&[[0x82, 0].repeat(2_000_000)]);
    let mut params = leaf();
    params.subject_alt_names.clear();
    params.custom_extensions.push(rcgen::CustomExtension::from_oid_content(&[2, 5, 29, 17], names));
    let cert = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    too_costly("certificate", cert.der(), &["4 MiB", "1 MiB"]);
}
