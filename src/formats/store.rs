//! What every keystore format comes to: entries.

use crate::error::{Error, Kind, Result};
use crate::pki::{Cert, Password, PrivateKey};
use std::fmt;
use time::OffsetDateTime;
use zeroize::Zeroizing;

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
    /// What a store of the same format takes over where the item alone does not do: it is sealed, or not known.
    pub kept: Option<Kept>,
}

impl Entry {
    /// An entry without a creation date.
    pub fn new(alias: Option<String>, item: Item) -> Self {
        Entry { alias, created: None, item, kept: None }
    }

    /// Has its key written under the password of its own, where it has one; and as it is, where no password opened it.
    pub fn keep_own_password(&mut self) {
        if let Item::Key { key: Ok(key), .. } = &mut self.item {
            key.keep_own_password();
        }
        if let Some(kept) = &mut self.kept {
            kept.stay();
        }
    }

    /// Whether a writer of `format` takes its content over as it is.
    pub fn is_kept_in(&self, format: Format) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.fits(format))
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

/// The content of an entry, for a writer of the format that it came from: what no password opened, and what only that format
/// can hold.
#[derive(Clone)]
pub enum Kept {
    /// A private or secret key as it lies in a store of `format`: encrypted on its own, so that another password of the store
    /// does not touch it.
    Sealed {
        /// Where it lies.
        format: Format,
        /// Its DER there: in a JKS an EncryptedPrivateKeyInfo (RFC 5958 section 3), in a PKCS#12 what its bag holds.
        der: Vec<u8>,
        /// Whether it is to stay as it is ([`Entry::keep_own_password`]); otherwise a writer wants it opened.
        stays: bool,
    },
    /// A secret key of a PKCS#12 file, opened.
    Secret {
        /// Its PrivateKeyInfo, as Java writes it: a cipher's number where a private key's algorithm stands.
        plain: Zeroizing<Vec<u8>>,
        /// What its bag holds, where its password is not the store's.
        own: Option<Zeroizing<Vec<u8>>>,
        /// Whether it is to stay under that password ([`Entry::keep_own_password`]).
        stays: bool,
    },
    /// A bag of a PKCS#12 file whose kind is not known here.
    Bag {
        /// The number of its type.
        kind: String,
        /// The DER inside of its `[0] EXPLICIT`; it may be a secret of another program's.
        content: Zeroizing<Vec<u8>>,
        /// Its attributes (RFC 7292 section 4.2) in DER, one by one: what is not known here may mean something to who wrote
        /// them, as Java's mark of trust does.
        attributes: Vec<Vec<u8>>,
    },
}

impl Kept {
    /// A key that no password opened.
    pub fn sealed(format: Format, der: &[u8]) -> Self {
        Kept::Sealed { format, der: der.to_vec(), stays: false }
    }

    /// Has it written as it is where it has a password of its own.
    pub fn stay(&mut self) {
        match self {
            Kept::Sealed { stays, .. } | Kept::Secret { stays, .. } => *stays = true,
            Kept::Bag { .. } => {}
        }
    }

    /// What the bag of an opened secret key holds, where it is to be written as it was.
    pub fn sealed_secret(&self) -> Option<&[u8]> {
        match self {
            Kept::Secret { own: Some(der), stays: true, .. } => Some(der),
            _ => None,
        }
    }

    /// Whether a writer of `format` takes it over.
    pub fn fits(&self, format: Format) -> bool {
        match self {
            Kept::Sealed { format: own, stays, .. } => *stays && *own == format,
            Kept::Secret { .. } | Kept::Bag { .. } => format == Format::Pkcs12,
        }
    }

    /// What makes it the same thing as another one: its kind and its bytes.
    pub fn content(&self) -> (&'static str, &[u8]) {
        match self {
            Kept::Sealed { der, .. } => ("sealed", der),
            Kept::Secret { plain, .. } => ("secret", plain),
            Kept::Bag { content, .. } => ("bag", content),
        }
    }
}

impl fmt::Debug for Kept {
    /// Its kind alone: the content is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kept::Sealed { .. } => "Kept::Sealed",
            Kept::Secret { .. } => "Kept::Secret",
            Kept::Bag { .. } => "Kept::Bag",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_fits_its_own_format_and_only_where_it_is_to_stay() {
        let mut sealed = Kept::sealed(Format::Jks, &[1]);
        assert!(!sealed.fits(Format::Jks));
        sealed.stay();
        assert!(sealed.fits(Format::Jks) && !sealed.fits(Format::Pkcs12));
    }

    #[test]
    fn a_secret_under_its_own_password_stays_under_it() {
        let own = Some(Zeroizing::new(vec![3]));
        let mut secret = Kept::Secret { plain: Zeroizing::new(vec![2]), own, stays: false };
        assert_eq!(secret.sealed_secret(), None);
        secret.stay();
        assert_eq!(secret.sealed_secret(), Some(&[3][..]));
        assert!(secret.fits(Format::Pkcs12) && !secret.fits(Format::Jks));
        assert_eq!(format!("{secret:?}"), "Kept::Secret");
        let of_the_stores = Kept::Secret { plain: Zeroizing::new(vec![2]), own: None, stays: true };
        assert_eq!(of_the_stores.sealed_secret(), None);
        assert_eq!(secret.content(), of_the_stores.content(), "under whatever password");
    }
}
