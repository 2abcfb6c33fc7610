//! JKS, the keystore that Java made by default before version 9.

use super::java::input::to_modified_utf8;
use super::java::protector::protect;
use super::java::{sun, utf16};
use super::{Entry, Format, Item, Kept, Opening, Store};
use crate::crypto::java::jks_digest;
use crate::error::{Error, Kind, Result};
use crate::pki::{Cert, Password};
use crate::safe::Safe;
use std::collections::HashSet;
use time::OffsetDateTime;

const MAGIC: u32 = 0xfeed_feed;

/// Whether `bytes` begin as a JKS does.
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC.to_be_bytes())
}

/// Opens a JKS.
///
/// # Errors
/// As [`sun::read`].
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    sun::read(Format::Jks, MAGIC, bytes, opening)
}

/// A JKS of version 2 of `entries`, its keys and its digest under `password`. Entries without a creation date get `now`.
///
/// JKS has lower-case aliases and only two kinds of entries: a bare certificate becomes a trusted one, and an entry
/// without an alias is called by its number, as Java calls the nameless entries of a PKCS#12.
///
/// # Errors
/// [`Kind::Refused`] for an entry that JKS cannot hold (a secret key, a request, a key that did not open), and where two
/// aliases are one in lower case.
pub fn write(entries: &[Entry], password: &Password, now: OffsetDateTime) -> Result<Vec<u8>> {
    let mut out = [MAGIC.to_be_bytes(), 2u32.to_be_bytes()].concat();
    out.extend(counted(entries.len())?);
    let mut aliases = HashSet::new();
    for (place, entry) in entries.iter().enumerate() {
        let alias = entry.alias.clone().unwrap_or_else(|| (place + 1).to_string()).to_lowercase();
        write_entry(&mut out, &alias, entry, password, now)?;
        if let Some(twice) = aliases.replace(alias) {
            return Err(Error::new(
                Kind::Refused,
                format!("two entries are called \"{}\", and JKS has no capital letters to tell them apart", Safe(&twice)),
                "rename one of them, or write a PKCS#12",
            ));
        }
    }
    let digest = jks_digest(&utf16(password), &out);
    out.extend(digest);
    Ok(out)
}

fn write_entry(out: &mut Vec<u8>, alias: &str, entry: &Entry, password: &Password, now: OffsetDateTime) -> Result<()> {
    let milliseconds = entry.created.unwrap_or(now).unix_timestamp_nanos() / 1_000_000;
    let label = [text(alias)?, (milliseconds as i64).to_be_bytes().to_vec()].concat();
    match &entry.item {
        Item::Key { key: Ok(key), sent, .. } => write_key(out, label, protect(key.pkcs8(), key.password_in(password))?, sent),
        Item::Key { key: Err(why), sent, .. } => match &entry.kept {
            Some(Kept::Sealed { der, .. }) if entry.is_kept_in(Format::Jks) => write_key(out, label, der.clone(), sent),
            _ => Err(why.clone()),
        },
        Item::Trusted(cert) | Item::Certificate(cert) => {
            out.extend([2u32.to_be_bytes().to_vec(), label].concat());
            write_cert(out, cert)
        }
        other => Err(Error::new(
            Kind::Refused,
            format!("JKS cannot hold \"{}\" ({})", Safe(alias), other.kind().replace('-', " ")),
            "leave this entry out, or write a PKCS#12",
        )),
    }
}

fn write_key(out: &mut Vec<u8>, label: Vec<u8>, protected: Vec<u8>, sent: &[Cert]) -> Result<()> {
    out.extend([1u32.to_be_bytes().to_vec(), label, counted(protected.len())?, protected, counted(sent.len())?].concat());
    sent.iter().try_for_each(|cert| write_cert(out, cert))
}

fn write_cert(out: &mut Vec<u8>, cert: &Cert) -> Result<()> {
    out.extend([text("X.509")?, counted(cert.der.len())?].concat());
    out.extend_from_slice(&cert.der);
    Ok(())
}

/// A text with its length before it.
fn text(text: &str) -> Result<Vec<u8>> {
    let bytes = to_modified_utf8(text);
    let length = u16::try_from(bytes.len()).map_err(|_| {
        Error::new(Kind::Refused, "an alias is longer than the 65535 bytes that JKS allows", "give the entry a shorter alias")
    })?;
    Ok([&length.to_be_bytes()[..], &bytes].concat())
}

fn counted(n: usize) -> Result<Vec<u8>> {
    let n = u32::try_from(n).map_err(|_| {
        Error::new(Kind::Refused, "this is more than the 4 GiB that JKS can hold", "split it into several stores")
    })?;
    Ok(n.to_be_bytes().to_vec())
}
