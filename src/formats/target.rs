//! What a store can be written as, and what each of these cannot hold.

use super::{Entry, Format, Item, bcfks, der, jks, pbe, pem, pkcs7, pkcs12};
use crate::error::{Error, Kind, Result};
use crate::pki::{Cert, Password, PrivateKey};
use crate::safe::{Safe, count};
use std::collections::HashSet;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// A format to write, with the choice that it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// PKCS#12 with these algorithms.
    Pkcs12(pkcs12::Profile),
    /// Java's old keystore.
    Jks,
    /// BouncyCastle's FIPS keystore.
    Bcfks,
    /// PEM blocks: keys as PKCS#8, encrypted where a password is given.
    Pem,
    /// One bare certificate or key.
    Der,
    /// Certificates only.
    Pkcs7,
}

impl Target {
    /// The words of `--to`.
    pub const WORDS: [&str; 6] = ["pkcs12", "jks", "bcfks", "pem", "der", "pkcs7"];

    /// The target that a word of [`Target::WORDS`] names.
    pub fn from_word(word: &str) -> Option<Target> {
        Some(match word.to_ascii_lowercase().as_str() {
            "pkcs12" | "p12" | "pfx" => Target::Pkcs12(pkcs12::Profile::Modern),
            "jks" => Target::Jks,
            "bcfks" => Target::Bcfks,
            "pem" => Target::Pem,
            "der" => Target::Der,
            "pkcs7" | "p7b" | "p7c" => Target::Pkcs7,
            _ => return None,
        })
    }

    /// What a file of this ending usually is.
    pub fn from_ending(ending: &str) -> Option<Target> {
        match ending.to_ascii_lowercase().as_str() {
            "crt" | "cer" | "key" | "ca-bundle" => Some(Target::Pem),
            ending => Target::from_word(ending),
        }
    }

    /// The target that writes a store of `format` anew; `None` for formats that are read only.
    pub fn like(format: Format) -> Option<Target> {
        Some(match format {
            Format::Pkcs12 => Target::Pkcs12(pkcs12::Profile::Modern),
            Format::Jks => Target::Jks,
            Format::Bcfks => Target::Bcfks,
            Format::Pem => Target::Pem,
            _ => return None,
        })
    }

    /// The format that a reader will find.
    pub fn format(self) -> Format {
        match self {
            Target::Pkcs12(_) => Format::Pkcs12,
            Target::Jks => Format::Jks,
            Target::Bcfks => Format::Bcfks,
            Target::Pem => Format::Pem,
            Target::Der => Format::Der,
            Target::Pkcs7 => Format::Pkcs7,
        }
    }

    /// Whether its keys are always under a password.
    pub fn needs_password(self) -> bool {
        matches!(self, Target::Pkcs12(_) | Target::Jks | Target::Bcfks)
    }

    /// Which of `entries` it cannot hold, each with the reason; they are what a conversion would lose.
    pub fn cannot_hold(self, entries: &[Entry]) -> Vec<(usize, String)> {
        entries.iter().enumerate().filter_map(|(i, entry)| Some((i, self.objection(entry)?))).collect()
    }

    fn objection(self, entry: &Entry) -> Option<String> {
        let name = entry.alias.as_ref().map_or_else(|| "an entry".to_owned(), |a| format!("\"{}\"", Safe(a)));
        let refused = |what: &str| Some(format!("{name} is {what}, which {} cannot hold", self.format()));
        match (&entry.item, self) {
            (Item::Key { key: Err(_), .. } | Item::Secret { .. } | Item::Unread { .. }, _) if entry.is_kept_in(self.format()) => {
                None
            }
            (Item::Key { key: Err(why), .. }, _) => Some(format!("the key of {name} did not open: {}", why.what)),
            (Item::Unread { what, why }, _) => Some(format!("{name}: {what} could not be read: {}", why.what)),
            (Item::Secret { .. }, _) => Some(format!("{name} is a secret key, which only PKCS#12 files hand on to each other")),
            (Item::Request(_), Target::Pem | Target::Der) | (Item::Crl(_), Target::Pem | Target::Der | Target::Pkcs12(_)) => None,
            (Item::Request(_), _) => refused("a certification request"),
            (Item::Crl(_), _) => refused("a revocation list"),
            (Item::Key { .. }, Target::Pkcs7) => refused("a private key"),
            (Item::Key { chain, .. }, Target::Jks | Target::Bcfks) if chain.is_empty() => {
                refused("a private key without a certificate")
            }
            _ => None,
        }
    }

    /// What gets lost though every entry is held, in words.
    pub fn forgets(self, entries: &[Entry]) -> Vec<String> {
        let mut lost = Vec::new();
        let plain = matches!(self, Target::Pem | Target::Der | Target::Pkcs7);
        if plain && entries.iter().any(|e| e.alias.is_some()) {
            lost.push(format!("{} has no aliases", self.format()));
        }
        let bare = entries.iter().filter(|e| matches!(e.item, Item::Certificate(_))).count();
        if bare > 0 && matches!(self, Target::Jks | Target::Bcfks) {
            lost.push(format!("{} became trusted: {} knows no others", count(bare, "certificate"), self.format()));
        }
        lost
    }
}

/// The file of `entries`. In PEM and DER keys are encrypted (PKCS#8, AES-256) where `password` is not empty.
///
/// # Errors
/// [`Kind::Refused`] for what the target cannot hold ([`Target::cannot_hold`] tells beforehand).
pub fn write(target: Target, entries: &[Entry], password: &Password, now: OffsetDateTime) -> Result<Zeroizing<Vec<u8>>> {
    if let Some(first) = entries.iter().find(|entry| target.objection(entry).is_some()) {
        return Err(refused(target, first));
    }
    Ok(Zeroizing::new(match target {
        Target::Pkcs12(profile) => pkcs12::write(entries, password, profile)?,
        Target::Jks => jks::write(entries, password, now)?,
        Target::Bcfks => bcfks::write(entries, password, now)?,
        Target::Pem => return pem_text(entries, password),
        Target::Der => return single(entries, password),
        Target::Pkcs7 => pkcs7::write(&certificates(entries)),
    }))
}

/// Every certificate once, in the entries' order.
pub fn certificates(entries: &[Entry]) -> Vec<Cert> {
    let mut seen = HashSet::new();
    entries.iter().flat_map(|e| e.item.certificates()).filter(|c| seen.insert((*c).clone())).cloned().collect()
}

fn pem_text(entries: &[Entry], password: &Password) -> Result<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(Vec::new());
    for entry in entries {
        match &entry.item {
            Item::Key { key, .. } => {
                out.extend_from_slice(pem_key(key.as_ref().map_err(Clone::clone)?, password)?.as_bytes());
                out.extend_from_slice(pem::certificates(entry.item.certificates()).as_bytes());
            }
            Item::Trusted(cert) | Item::Certificate(cert) => {
                out.extend_from_slice(pem::certificates(std::slice::from_ref(cert)).as_bytes())
            }
            Item::Request(request) => out.extend_from_slice(pem::request(&request.der).as_bytes()),
            Item::Crl(crl) => out.extend_from_slice(pem::crl(&crl.der).as_bytes()),
            Item::Secret { .. } | Item::Unread { .. } => return Err(refused(Target::Pem, entry)),
        }
    }
    Ok(out)
}

/// A private key as PEM: PKCS#8, encrypted where there is a password.
///
/// # Errors
/// Those of the encryption.
pub fn pem_key(key: &PrivateKey, password: &Password) -> Result<Zeroizing<String>> {
    if password.is_empty() {
        return Ok(pem::private_key(key));
    }
    Ok(Zeroizing::new(pem::encrypted_private_key(&pbe::encrypt_pkcs8(key, password, &pbe::Scheme::modern()?)?)))
}

fn single(entries: &[Entry], password: &Password) -> Result<Zeroizing<Vec<u8>>> {
    let bytes = match entries {
        [Entry { item: Item::Key { key: Ok(key), chain, .. }, .. }] if chain.is_empty() && password.is_empty() => {
            key.pkcs8().to_vec()
        }
        [Entry { item: Item::Key { key: Ok(key), chain, .. }, .. }] if chain.is_empty() => {
            pbe::encrypt_pkcs8(key, password, &pbe::Scheme::modern()?)?
        }
        [Entry { item: Item::Trusted(cert) | Item::Certificate(cert), .. }] => der::write(std::slice::from_ref(cert)),
        [Entry { item: Item::Request(request), .. }] => request.der.clone(),
        [Entry { item: Item::Crl(crl), .. }] => crl.der.clone(),
        [Entry { item: Item::Key { chain, .. }, .. }] => {
            let what =
                format!("DER holds one certificate or one key, and this is a key with {}", count(chain.len(), "certificate"));
            return Err(Error::new(Kind::Refused, what, "give OUT the ending .pem: PEM holds both"));
        }
        _ => {
            return Err(Error::new(
                Kind::Refused,
                format!("DER holds one certificate or one key, and this is {}", count(entries.len(), "entry")),
                "write PEM or PKCS#7, or take one entry out first: mtls entry extract STORE ALIAS OUT",
            ));
        }
    };
    Ok(Zeroizing::new(bytes))
}

fn refused(target: Target, entry: &Entry) -> Error {
    let what = target.objection(entry).unwrap_or_else(|| format!("an entry that {} cannot hold", target.format()));
    Error::new(Kind::Refused, what, "leave it out, as mtls convert does with --drop")
}
