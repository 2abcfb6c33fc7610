//! PKCS#12 against foreign tools: what they wrote opens to what they were given, and what we write they read.

mod read;
mod write;

use mtls::formats::store::{Entry, Item, Store};
use mtls::formats::{Budget, Opening, pkcs12};
use mtls::pki::{Cert, Password, Passwords};
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pkcs12")
}

fn file(name: &str) -> Vec<u8> {
    let path = fixtures().join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn pem_block(name: &str) -> Vec<u8> {
    let text = file(&format!("material/{name}"));
    let blocks = pem::parse_many(text).unwrap();
    blocks.into_iter().find(|b| !b.tag().ends_with("PARAMETERS")).unwrap().into_contents()
}

const CERTS: [&str; 8] = ["root", "sub", "server", "client", "rsa", "ed25519", "p521", "other"];

fn cert(name: &str) -> Cert {
    Cert::from_der(&pem_block(&format!("{name}.pem"))).unwrap()
}

/// The name of a certificate of fixtures/pkcs12/material, found by the SHA-256 that openssl printed.
fn name_of(cert: &Cert) -> &'static str {
    let table = String::from_utf8(file("material/sha256.txt")).unwrap();
    let sha256 = mtls::safe::hex(&cert.sha256());
    let line = table.lines().find(|line| line.ends_with(&sha256)).expect("a certificate of the material");
    CERTS.into_iter().find(|name| line.starts_with(&format!("{name} "))).unwrap()
}

fn names(certs: &[Cert]) -> String {
    certs.iter().map(name_of).collect::<Vec<_>>().join(" ")
}

/// An entry in one line: `server: key [server sub root] sent [server sub root]`.
fn line(entry: &Entry) -> String {
    let what = match &entry.item {
        Item::Key { key, chain, sent } => {
            let fits = match (key, chain.first()) {
                (Err(e), _) => format!(" {:?}", e.kind),
                (Ok(_), None) => " alone".to_owned(),
                (Ok(key), Some(leaf)) if key.belongs_to(leaf) == Some(true) => String::new(),
                _ => " of another".to_owned(),
            };
            let sent = if sent == chain { String::new() } else { format!(" sent [{}]", names(sent)) };
            format!("key{fits} [{}]{sent}", names(chain))
        }
        Item::Trusted(cert) => format!("trusted {}", name_of(cert)),
        Item::Certificate(cert) => format!("certificate {}", name_of(cert)),
        Item::Secret { algorithm, bits } => format!("secret {algorithm} {}", bits.unwrap_or(0)),
        other => format!("{other:?}"),
    };
    format!("{}: {what}", entry.alias.as_deref().unwrap_or("-"))
}

fn open(bytes: &[u8], passwords: &[&str], key_passwords: &[&str]) -> mtls::error::Result<Store> {
    let list = |texts: &[&str]| texts.iter().map(|t| Password::new(*t)).collect();
    let passwords = Passwords::new(list(passwords), list(key_passwords));
    pkcs12::read(bytes, &Opening { name: "test.p12", passwords: &passwords, budget: &Budget::default() })
}
