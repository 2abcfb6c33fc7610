//! Writing a BCFKS as BouncyCastle does by default: AES-256-CCM, PBKDF2 and HMAC with SHA-512.

use super::encryption::{derive, encrypt, fresh_kdf, hmac_identifier, kdf_identifier};
use super::{kind, purpose};
use crate::asn1;
use crate::crypto::Digest;
use crate::error::{Error, Kind, Result};
use crate::formats::pbe::Derivations;
use crate::formats::{Budget, Entry, Format, Item, Kept};
use crate::pki::Password;
use crate::safe::Safe;
use std::collections::HashSet;
use time::OffsetDateTime;

/// The length of the MAC's key: the digest's own.
const MAC_KEY: usize = 64;

/// A BCFKS of `entries`, its keys under `password` too. Entries without a creation date get `now`; one without an alias
/// is called by its number; a bare certificate becomes a trusted one, for BCFKS has no other kind.
///
/// # Errors
/// [`Kind::Refused`] for an entry that we cannot write (a secret key, a request, a key that did not open), and where two
/// have the same alias.
pub fn write(entries: &[Entry], password: &Password, now: OffsetDateTime) -> Result<Vec<u8>> {
    let budget = Budget::with_iterations(u64::MAX); // the work is ours
    let derivations = Derivations::new(&budget);
    let mut aliases = HashSet::new();
    let mut objects = Vec::with_capacity(entries.len());
    for (place, entry) in entries.iter().enumerate() {
        let alias = entry.alias.clone().unwrap_or_else(|| (place + 1).to_string());
        objects.push(object(entry, &alias, password, now, &derivations)?);
        if let Some(twice) = aliases.replace(alias) {
            return Err(Error::new(Kind::Refused, format!("two entries are called \"{}\"", Safe(&twice)), "rename one of them"));
        }
    }
    let content = asn1::sequence(&[
        asn1::integer(1),
        hmac_identifier(),
        generalized_time(now),
        generalized_time(now),
        asn1::sequence(&objects),
    ]);
    let content = encrypt(&content, password, purpose::STORE, &derivations)?;
    let kdf = fresh_kdf()?;
    let key = derive(&kdf, password, purpose::INTEGRITY, MAC_KEY, &derivations)?;
    let mac = asn1::der(asn1::OCTET_STRING, &Digest::Sha512.hmac(&key, &content));
    let check = asn1::sequence(&[hmac_identifier(), kdf_identifier(&kdf, MAC_KEY)?, mac]);
    Ok(asn1::sequence(&[content, check]))
}

fn object(
    entry: &Entry,
    alias: &str,
    password: &Password,
    now: OffsetDateTime,
    derivations: &Derivations<'_>,
) -> Result<Vec<u8>> {
    let (kind, content) = match &entry.item {
        Item::Key { key: Ok(key), sent, .. } => {
            let encrypted = encrypt(key.pkcs8(), key.password_in(password), purpose::PRIVATE_KEY, derivations)?;
            let chain: Vec<&[u8]> = sent.iter().map(|cert| &cert.der[..]).collect();
            (kind::PRIVATE_KEY, asn1::sequence(&[encrypted, asn1::sequence(&chain)]))
        }
        Item::Key { key: Err(why), .. } => match &entry.kept {
            Some(Kept::Sealed { der, .. }) if entry.is_kept_in(Format::Bcfks) => (kind::PRIVATE_KEY, der.clone()),
            _ => return Err(why.clone()),
        },
        Item::Trusted(cert) | Item::Certificate(cert) => (kind::CERTIFICATE, cert.der.clone()),
        other => {
            return Err(Error::new(
                Kind::Refused,
                format!("mtls cannot write \"{}\" ({}) to a BCFKS", Safe(alias), other.kind().replace('-', " ")),
                "leave this entry out",
            ));
        }
    };
    let date = generalized_time(entry.created.unwrap_or(now));
    Ok(asn1::sequence(&[
        asn1::integer(kind),
        asn1::der(asn1::UTF8_STRING, alias.as_bytes()),
        date.clone(),
        date,
        asn1::der(asn1::OCTET_STRING, &content),
    ]))
}

/// GeneralizedTime in UTC, to the second.
fn generalized_time(t: OffsetDateTime) -> Vec<u8> {
    let t = t.to_offset(time::UtcOffset::UTC);
    let (month, day) = (u8::from(t.month()), t.day());
    let text = format!("{:04}{month:02}{day:02}{:02}{:02}{:02}Z", t.year(), t.hour(), t.minute(), t.second());
    asn1::der(0x18, text.as_bytes())
}
