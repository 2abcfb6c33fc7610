//! Writing: certificates encrypted together, each key in a shrouded bag of its own, a MAC over all.

use super::attributes::{attribute, friendly_name, local_key_id, renamed};
use super::{ANY_USAGE, DATA, ENCRYPTED_DATA, TRUSTED_KEY_USAGE};
use super::{X509_CERTIFICATE, X509_CRL, bag_type, mac};
use crate::asn1;
use crate::crypto::{self, Digest};
use crate::error::{Error, Kind, Result};
use crate::formats::Budget;
use crate::formats::Kept;
use crate::formats::pbe::{self, Derivations, Scheme};
use crate::formats::store::{Entry, Format, Item};
use crate::pki::{Cert, Password, PrivateKey};
use crate::safe::Safe;
use std::collections::HashSet;
use time::OffsetDateTime;

/// Which algorithms a file is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256, MAC with HMAC-SHA256, 10,000 iterations each: what Java 17 writes,
    /// and everything since OpenSSL 1.0, Java 8u301 and Windows Server 2019 reads.
    Modern,
    /// PBE-SHA1-3DES, MAC with HMAC-SHA1, 2,048 iterations each: for readers older than those.
    Legacy,
    /// As modern, with PBMAC1 (RFC 9579) for the MAC: OpenSSL 3.4, Java 26 and FIPS modules.
    Pbmac1,
}

impl Profile {
    fn scheme(self) -> Result<Scheme> {
        match self {
            Profile::Modern | Profile::Pbmac1 => Scheme::modern(),
            Profile::Legacy => Scheme::legacy(),
        }
    }
}

/// The PKCS#12 file of `entries` under `password`. The bags stand in the entries' order: certificates in one encrypted part,
/// keys in the next.
///
/// # Errors
/// [`Kind::Refused`] for an entry that PKCS#12 cannot hold or that was not read; the error names it.
pub fn write(entries: &[Entry], password: &Password, profile: Profile) -> Result<Vec<u8>> {
    let unlimited = Budget::with_iterations(u64::MAX); // what we write ourselves needs no cap
    let derivations = Derivations::new(&unlimited);
    let mut bags = Bags::new(entries);
    for entry in entries {
        bags.add(entry, |key| {
            let (plain, password) = match key {
                Shrouded::Key(key) => (key.pkcs8(), key.password_in(password)),
                Shrouded::Secret(plain) => (plain, password),
            };
            let scheme = profile.scheme()?;
            let ciphertext = scheme.encrypt(plain, password, &derivations)?;
            Ok(asn1::sequence(&[scheme.to_der()?, asn1::der(asn1::OCTET_STRING, &ciphertext)]))
        })?;
    }
    let mut parts = Vec::new();
    if !bags.certificates.is_empty() {
        let scheme = profile.scheme()?;
        let ciphertext = scheme.encrypt(&asn1::sequence(&bags.certificates), password, &derivations)?;
        let content = asn1::der(asn1::context(0, false), &ciphertext);
        let info = asn1::sequence(&[asn1::oid(DATA), scheme.to_der()?, content]);
        let encrypted = asn1::sequence(&[asn1::integer(0), info]);
        parts.push(content_info(ENCRYPTED_DATA, &encrypted));
    }
    if !bags.keys.is_empty() {
        parts.push(content_info(DATA, &asn1::der(asn1::OCTET_STRING, &asn1::sequence(&bags.keys))));
    }
    let safe = asn1::sequence(&parts);
    let (digest, iterations) = match profile {
        Profile::Modern | Profile::Pbmac1 => (Digest::Sha256, pbe::MODERN_ITERATIONS),
        Profile::Legacy => (Digest::Sha1, pbe::LEGACY_ITERATIONS),
    };
    let mac = mac::write(&safe, password, digest, iterations, profile == Profile::Pbmac1, &derivations)?;
    Ok(asn1::sequence(&[asn1::integer(3), content_info(DATA, &asn1::der(asn1::OCTET_STRING, &safe)), mac]))
}

pub(super) fn content_info(kind: &str, content: &[u8]) -> Vec<u8> {
    asn1::sequence(&[asn1::oid(kind), explicit(content)])
}

fn explicit(content: &[u8]) -> Vec<u8> {
    asn1::der(asn1::context(0, true), content)
}

/// What is encrypted on its own.
enum Shrouded<'a> {
    Key(&'a PrivateKey),
    /// A secret key's PrivateKeyInfo.
    Secret(&'a [u8]),
}

/// The bags so far, and what must not be written twice.
struct Bags<'a> {
    certificates: Vec<Vec<u8>>,
    keys: Vec<Vec<u8>>,
    /// Certificates that are entries of their own, and those of chains that are written already.
    written: HashSet<&'a [u8]>,
    trusted: HashSet<&'a [u8]>,
    ids: HashSet<Vec<u8>>,
}

impl<'a> Bags<'a> {
    fn new(entries: &'a [Entry]) -> Self {
        let own = entries.iter().filter_map(|entry| match &entry.item {
            Item::Certificate(cert) => Some(&cert.der[..]),
            _ => None,
        });
        let trusted = entries.iter().filter_map(|entry| match &entry.item {
            Item::Trusted(cert) => Some(&cert.der[..]),
            _ => None,
        });
        let (written, trusted) = (own.collect(), trusted.collect());
        Bags { certificates: Vec::new(), keys: Vec::new(), written, trusted, ids: HashSet::new() }
    }

    fn add(&mut self, entry: &'a Entry, shroud: impl FnOnce(Shrouded<'_>) -> Result<Vec<u8>>) -> Result<()> {
        let name = entry.alias.as_deref().map(friendly_name);
        match &entry.item {
            Item::Key { key, chain, sent } => {
                let shrouded = match (key, &entry.kept) {
                    (Ok(key), _) => shroud(Shrouded::Key(key))?,
                    (Err(_), Some(Kept::Sealed { der, .. })) if entry.is_kept_in(Format::Pkcs12) => der.clone(),
                    (Err(why), _) => return Err(why.clone()),
                };
                let leaf = chain.first().or(sent.first());
                // without a certificate that we read, the date may still tie it to one that another program reads
                let of = leaf.map(|leaf| &leaf.der[..]).or(entry.created.map(|_| &[][..]));
                let id = of.map(|of| local_key_id(&self.new_id(of, entry.created)));
                let attributes: Vec<Vec<u8>> = name.into_iter().chain(id).collect();
                self.keys.push(bag(bag_type::SHROUDED_KEY, &shrouded, attributes.clone()));
                let Some(leaf) = leaf else { return Ok(()) };
                self.certificates.push(cert_bag(leaf, attributes));
                // as keytool does: the rest of a chain has neither name nor id
                for cert in chain.iter().chain(sent).filter(|cert| *cert != leaf) {
                    // what only a trusted entry adds to the chain is not sent, and must not be from now on
                    let is_added = self.trusted.contains(&cert.der[..]) && !sent.contains(cert);
                    if !is_added && self.written.insert(&cert.der) {
                        self.certificates.push(cert_bag(cert, Vec::new()));
                    }
                }
            }
            Item::Trusted(cert) => {
                let mark = attribute(TRUSTED_KEY_USAGE, &asn1::oid(ANY_USAGE));
                self.certificates.push(cert_bag(cert, name.into_iter().chain([mark]).collect()));
            }
            Item::Certificate(cert) => self.certificates.push(cert_bag(cert, name.into_iter().collect())),
            Item::Crl(crl) => {
                self.certificates.push(bag(bag_type::CRL, &typed(X509_CRL, &crl.der), name.into_iter().collect()));
            }
            Item::Secret { .. } | Item::Unread { .. } if entry.is_kept_in(Format::Pkcs12) => {
                self.take_over(entry, name, shroud)?;
            }
            Item::Unread { why, .. } => return Err(why.clone()),
            Item::Secret { .. } => return Err(refused(entry, "a secret key, which only PKCS#12 files hand on to each other")),
            Item::Request(_) => return Err(refused(entry, "a certification request, which PKCS#12 cannot hold")),
        }
        Ok(())
    }

    /// A secret key, encrypted with `shroud` or as it was, and what we do not know, as it was. Java takes a secret key for one
    /// that has an id (`sun.security.pkcs12.PKCS12KeyStore`), and keeps its date there.
    fn take_over(
        &mut self,
        entry: &Entry,
        name: Option<Vec<u8>>,
        shroud: impl FnOnce(Shrouded<'_>) -> Result<Vec<u8>>,
    ) -> Result<()> {
        let alias = entry.alias.as_deref().unwrap_or_default();
        let mut id = || Some(local_key_id(&self.new_id(alias.as_bytes(), entry.created)));
        match &entry.kept {
            Some(kept @ Kept::Secret { plain, .. }) => {
                let attributes = name.into_iter().chain(id()).collect();
                let content = match kept.sealed_secret() {
                    Some(der) => der.to_vec(),
                    None => typed(bag_type::SHROUDED_KEY, &shroud(Shrouded::Secret(plain))?),
                };
                self.keys.push(bag(bag_type::SECRET, &content, attributes));
            }
            Some(Kept::Sealed { der, .. }) => {
                let attributes = name.into_iter().chain(id()).collect();
                self.keys.push(bag(bag_type::SECRET, der, attributes));
            }
            // it may have been encrypted with the certificates
            Some(Kept::Bag { kind, content, attributes }) => {
                let attributes = renamed(attributes, entry.alias.as_deref());
                self.certificates.push(bag(kind, content, attributes));
            }
            None => {}
        }
        Ok(())
    }

    /// What ties a key to its certificate: Java's time where the entry has one, so that it keeps its date, else the
    /// SHA-1 of `leaf`, the certificate, as OpenSSL has it; a later time or another digest where an entry before has the same.
    fn new_id(&mut self, leaf: &[u8], created: Option<OffsetDateTime>) -> Vec<u8> {
        if let Some(created) = created {
            let mut millis = created.unix_timestamp_nanos() / 1_000_000;
            loop {
                let id = format!("Time {millis}").into_bytes();
                if self.ids.insert(id.clone()) {
                    return id;
                }
                millis += 1;
            }
        }
        let mut id = crypto::sha1(leaf);
        while !self.ids.insert(id.clone()) {
            id = crypto::sha1(&id);
        }
        id
    }
}

fn refused(entry: &Entry, what: &str) -> Error {
    let name = entry.alias.as_deref().map_or_else(|| "an entry".to_owned(), |alias| format!("the entry \"{}\"", Safe(alias)));
    Error::new(Kind::Refused, format!("{name} is {what}"), "leave this entry out")
}

pub(super) fn bag(kind: &str, content: &[u8], mut attributes: Vec<Vec<u8>>) -> Vec<u8> {
    let mut parts = vec![asn1::oid(kind), explicit(content)];
    if !attributes.is_empty() {
        attributes.sort(); // DER orders the members of a SET OF (X.690 11.6)
        parts.push(asn1::nest(asn1::SET, &attributes));
    }
    asn1::sequence(&parts)
}

pub(super) fn cert_bag(cert: &Cert, attributes: Vec<Vec<u8>>) -> Vec<u8> {
    bag(bag_type::CERT, &typed(X509_CERTIFICATE, &cert.der), attributes)
}

/// A type, and the DER in an OCTET STRING inside of `[0] EXPLICIT`, as certificates and CRLs stand in their bags.
pub(super) fn typed(kind: &str, der: &[u8]) -> Vec<u8> {
    asn1::sequence(&[asn1::oid(kind), explicit(&asn1::der(asn1::OCTET_STRING, der))])
}
