//! What every keystore format comes to: entries.

use crate::error::{Error, Kind, Result};
use crate::pki::{Cert, Password, PrivateKey};
use std::fmt;
use time::OffsetDateTime;

/// The formats that a file can have, by the names that the JSON uses (contract.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// PKCS#12 (RFC 7292).
    Pkcs12,
    /// Java's own keystore.
    Jks,
    /// The keystore of Java's JCE.
    Jceks,
    /// BouncyCastle's BKS, versions 1 and 2.
    Bks,
    /// BouncyCastle's UBER.
    Uber,
    /// BouncyCastle's FIPS keystore.
    Bcfks,
    /// PEM armour (RFC 7468 and older).
    Pem,
    /// One bare DER certificate or key.
    Der,
    /// PKCS#7 certificates-only SignedData (RFC 2315, RFC 5652).
    Pkcs7,
    /// A certification request (RFC 2986).
    Csr,
    /// A certificate revocation list (RFC 5280 section 5).
    Crl,
    /// No file: what a server presents.
    Live,
}

impl Format {
    /// Its name in the JSON and as an option value.
    pub fn name(self) -> &'static str {
        match self {
            Format::Pkcs12 => "pkcs12",
            Format::Jks => "jks",
            Format::Jceks => "jceks",
            Format::Bks => "bks",
            Format::Uber => "uber",
            Format::Bcfks => "bcfks",
            Format::Pem => "pem",
            Format::Der => "der",
            Format::Pkcs7 => "pkcs7",
            Format::Csr => "csr",
            Format::Crl => "crl",
            Format::Live => "live",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Format::Pkcs12 => "PKCS#12",
            Format::Jks => "JKS",
            Format::Jceks => "JCEKS",
            Format::Bks => "BKS",
            Format::Uber => "UBER",
            Format::Bcfks => "BCFKS",
            Format::Pem => "PEM",
            Format::Der => "DER",
            Format::Pkcs7 => "PKCS#7",
            Format::Csr => "certification request",
            Format::Crl => "certificate revocation list",
            Format::Live => "live server",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// A file's content, opened.
#[derive(Debug)]
pub struct Store {
    /// Which format it is in.
    pub format: Format,
    /// How the content is encrypted, in words; `None` where it is not.
    pub encryption: Option<String>,
    /// How the content is protected against change, in words; `None` where it is not.
    pub mac: Option<String>,
    /// The password that opened it; `None` where none was needed.
    pub password: Option<Password>,
    /// What is in it, in the file's order.
    pub entries: Vec<Entry>,
    /// What a reader should know of the file beyond its entries, in words (trailing bytes, a missing MAC …).
    pub remarks: Vec<String>,
}

impl Store {
    /// An unprotected store of `entries`.
    pub fn plain(format: Format, entries: Vec<Entry>) -> Self {
        Store { format, encryption: None, mac: None, password: None, entries, remarks: Vec::new() }
    }

    /// The certificates that a truststore trusts: trusted entries, and bare certificates.
    pub fn anchors(&self) -> impl Iterator<Item = &Cert> {
        self.entries.iter().filter_map(|e| match &e.item {
            Item::Trusted(cert) | Item::Certificate(cert) => Some(cert),
            _ => None,
        })
    }

    /// The private-key entries.
    pub fn keys(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|e| matches!(e.item, Item::Key { .. }))
    }
}

/// One entry of a store.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its alias or friendly name; `None` where the format or the file gives none.
    pub alias: Option<String>,
    /// When it was put in, where the format says.
    pub created: Option<OffsetDateTime>,
    /// What it is.
    pub item: Item,
}

impl Entry {
    /// An entry without a creation date.
    pub fn new(alias: Option<String>, item: Item) -> Self {
        Entry { alias, created: None, item }
    }
}

/// What an entry holds. Nothing is skipped silently: what could not be read is there as [`Item::Unread`].
#[derive(Debug, Clone)]
pub enum Item {
    /// A private key and its certificates.
    Key {
        /// The key, or why it did not open.
        key: Result<PrivateKey, Error>,
        /// Leaf first, each next one the issuer of the one before.
        chain: Vec<Cert>,
        /// The certificates that a peer with this file sends, in the order in which it would send them.
        sent: Vec<Cert>,
    },
    /// A certificate that is marked as trusted.
    Trusted(Cert),
    /// A certificate without such a mark.
    Certificate(Cert),
    /// A secret key, or another secret: listed, never shown.
    Secret {
        /// `AES`, `HmacSHA256` …; or what the format says of it.
        algorithm: String,
        /// Its length in bits, where it is known.
        bits: Option<u32>,
    },
    /// A certification request.
    Request(crate::pki::csr::Request),
    /// A certificate revocation list.
    Crl(crate::pki::crl::Crl),
    /// What is there but could not be read.
    Unread {
        /// What it seems to be.
        what: String,
        /// Why it could not be read.
        why: Error,
    },
}

impl Item {
    /// A key whose certificates are stored leaf first and sent as they are stored.
    pub fn key(key: PrivateKey, chain: Vec<Cert>) -> Self {
        Item::Key { key: Ok(key), sent: chain.clone(), chain }
    }

    /// Its certificates: a key's chain, or the one that it is.
    pub fn certificates(&self) -> &[Cert] {
        match self {
            Item::Key { chain, .. } => chain,
            Item::Trusted(cert) | Item::Certificate(cert) => std::slice::from_ref(cert),
            _ => &[],
        }
    }

    /// The `kind` that the JSON names (contract.md).
    pub fn kind(&self) -> &'static str {
        match self {
            Item::Key { .. } => "private-key",
            Item::Trusted(_) => "trusted-cert",
            Item::Certificate(_) => "certificate",
            Item::Secret { .. } => "secret-key",
            Item::Request(_) => "request",
            Item::Crl(_) => "crl",
            Item::Unread { .. } => "unread",
        }
    }
}

/// A file that holds nothing that could be read is an error: damage first, as it may hide a certificate.
///
/// # Errors
/// The reason why the most telling entry was not read.
pub fn refuse_unread(entries: &[Entry]) -> Result<()> {
    let mut reasons = entries.iter().map(|e| match &e.item {
        Item::Unread { why, .. } => Some(why),
        _ => None,
    });
    if entries.is_empty() || reasons.clone().any(|why| why.is_none()) {
        return Ok(());
    }
    let damaged = reasons.clone().flatten().find(|why| why.kind != Kind::NotAStore);
    match damaged.or(reasons.next().flatten()) {
        Some(why) => Err(why.clone()),
        None => Ok(()),
    }
}
