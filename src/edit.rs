//! Entries of a store put in, taken out and renamed; stores brought together.

use crate::bundle::{alias_of, label, named, part_from_chains, same_alias};
use crate::error::{Error, Kind, Result};
use crate::formats::{Entry, Item};
use crate::pki::Cert;
use crate::pki::chain::Pool;
use crate::safe::Safe;
use std::collections::HashSet;

/// What became of an entry that was put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// It is in, under this alias.
    Added(String),
    /// It stands in the place of the one that had this alias.
    Replaced(String),
    /// The same is in already, under this alias.
    AlreadyThere(String),
}

/// What to do where an alias is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Refuse.
    Refuse,
    /// Put the new entry in the old one's place.
    Replace,
    /// Give the new one another alias: `server-2`.
    Number,
}

/// Puts `new` into `entries`, under its alias or one made of its certificate.
///
/// # Errors
/// [`Kind::Refused`] where its alias is taken and `taken` says so.
pub fn put(entries: &mut Vec<Entry>, new: Entry, taken: Taken) -> Result<Put> {
    match entries.iter().find(|e| is_same(e, &new)) {
        Some(there) => Ok(Put::AlreadyThere(label(there))),
        None => put_anew(entries, new, taken),
    }
}

/// The same, though what `new` holds may be in already under another alias.
///
/// # Errors
/// As [`put`].
pub fn put_anew(entries: &mut Vec<Entry>, new: Entry, taken: Taken) -> Result<Put> {
    let wanted =
        new.alias.clone().or_else(|| new.item.certificates().first().map(alias_of)).unwrap_or_else(|| "entry".to_owned());
    let place = entries.iter().position(|e| has_alias(e, &wanted));
    match (place, taken) {
        (None, _) => entries.push(Entry { alias: Some(wanted.clone()), ..new }),
        (Some(place), Taken::Replace) => {
            let old = std::mem::replace(&mut entries[place], Entry { alias: Some(wanted.clone()), ..new });
            old.item.certificates().iter().for_each(|cert| part_from_chains(entries, cert));
            return Ok(Put::Replaced(wanted));
        }
        (Some(_), Taken::Refuse) => {
            return Err(Error::new(
                Kind::Refused,
                format!("the alias {} is taken by another entry", Safe(&wanted)),
                "choose another one with --alias, or replace that entry with --replace",
            ));
        }
        (Some(_), Taken::Number) => {
            // one more candidate than there are entries: one of them is free
            let free = (2..entries.len() + 3).map(|n| format!("{wanted}-{n}")).find(|a| !entries.iter().any(|e| has_alias(e, a)));
            let alias = free.unwrap_or(wanted);
            entries.push(Entry { alias: Some(alias.clone()), ..new });
            return Ok(Put::Added(alias));
        }
    }
    Ok(Put::Added(wanted))
}

/// Brings keys that came without a certificate together with theirs, which came in another file: the key gets its chain, and the
/// loose certificates of that chain are no entries of their own any more. `T` says of each entry where it came from.
pub fn join_loose<T>(entries: &mut Vec<(Entry, T)>) {
    let certs: Vec<(Cert, Option<String>)> = entries
        .iter()
        .filter_map(|(e, _)| match &e.item {
            Item::Certificate(cert) | Item::Trusted(cert) => Some((cert.clone(), e.alias.clone())),
            _ => None,
        })
        .collect();
    let pool = Pool::new(certs.iter().map(|(cert, _)| cert));
    let mut used: HashSet<Cert> = HashSet::new();
    for (entry, _) in entries.iter_mut() {
        let Item::Key { key: Ok(key), chain, sent } = &mut entry.item else { continue };
        let own = certs.iter().find(|(cert, _)| chain.is_empty() && key.belongs_to(cert) == Some(true));
        let Some((leaf, name)) = own else { continue };
        *chain = pool.chain_of(leaf);
        sent.clone_from(chain);
        entry.alias = entry.alias.take().or_else(|| name.clone());
        used.extend(chain.iter().cloned());
    }
    entries.retain(|(e, _)| !matches!(&e.item, Item::Certificate(cert) if used.contains(cert)));
}

/// Gives the entry that `which` names (an alias or a fingerprint) the alias `alias`.
///
/// # Errors
/// [`Kind::Refused`] where nothing has that name, or the new alias is taken.
pub fn rename(entries: &mut [Entry], which: &str, alias: &str) -> Result<()> {
    let place = find(entries, which)?;
    if entries.iter().enumerate().any(|(i, e)| i != place && has_alias(e, alias)) {
        return Err(Error::new(
            Kind::Refused,
            format!("the alias {} is taken by another entry", Safe(alias)),
            "choose another alias",
        ));
    }
    entries[place].alias = Some(alias.to_owned());
    Ok(())
}

/// The place of the one entry that `which` names: an alias or a certificate's fingerprint.
///
/// # Errors
/// [`Kind::Refused`] where nothing has that name; says which there are.
pub fn find(entries: &[Entry], which: &str) -> Result<usize> {
    let is_meant = named(entries, which);
    entries.iter().position(is_meant).ok_or_else(|| crate::bundle::no_such_entry(entries, which))
}

fn has_alias(entry: &Entry, alias: &str) -> bool {
    entry.alias.as_ref().is_some_and(|a| same_alias(a, alias))
}

/// Whether one store holds the same thing under two aliases: both are meant.
pub fn is_twin(a: &Entry, b: &Entry) -> bool {
    matches!((&a.alias, &b.alias), (Some(x), Some(y)) if x != y) && is_same(a, b)
}

/// Whether two entries are the same thing: the same kind, and the same certificates or list.
fn is_same(a: &Entry, b: &Entry) -> bool {
    if let (Some(a), Some(b)) = (&a.kept, &b.kept) {
        return a.is_same(b);
    }
    match (&a.item, &b.item) {
        (Item::Key { key: Ok(x), chain: left, .. }, Item::Key { key: Ok(y), chain: right, .. }) => {
            x.pkcs8() == y.pkcs8() && left == right
        }
        (Item::Trusted(x) | Item::Certificate(x), Item::Trusted(y) | Item::Certificate(y)) => x == y,
        (Item::Crl(x), Item::Crl(y)) => x == y,
        (Item::Request(x), Item::Request(y)) => x == y,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Item;
    use crate::formats::store::Entry;

    fn secret(alias: &str) -> Entry {
        Entry::new(Some(alias.to_owned()), Item::Secret { algorithm: "AES".to_owned(), bits: Some(128) })
    }

    #[test]
    fn an_alias_that_is_taken_is_refused_replaced_or_numbered() {
        let mut entries = vec![secret("Server")];
        assert_eq!(put(&mut entries, secret("server"), Taken::Refuse).unwrap_err().kind, Kind::Refused);
        assert_eq!(put(&mut entries, secret("server"), Taken::Number), Ok(Put::Added("server-2".into())));
        assert_eq!(put(&mut entries, secret("SERVER-2"), Taken::Number), Ok(Put::Added("SERVER-2-2".into())));
        assert_eq!(put(&mut entries, secret("server"), Taken::Replace), Ok(Put::Replaced("server".into())));
        assert_eq!(entries.len(), 3);
    }

    #[test]
    fn renaming_keeps_aliases_apart() {
        let mut entries = vec![secret("a"), secret("b")];
        assert_eq!(rename(&mut entries, "a", "B").unwrap_err().kind, Kind::Refused);
        rename(&mut entries, "a", "A").unwrap();
        assert_eq!(entries[0].alias.as_deref(), Some("A"));
        assert!(find(&entries, "c").unwrap_err().fix.contains("A or b"));
    }
}
