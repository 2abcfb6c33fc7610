//! Entries of a store put in, taken out and renamed; stores brought together.

use crate::bundle::{Content, Indexed, alias_of, label, named, same_alias};
use crate::error::{Error, Kind, Result};
use crate::formats::{Entry, Item};
use crate::pki::Cert;
use crate::pki::chain::Pool;
use crate::safe::Safe;
use std::collections::{HashMap, HashSet};

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

/// Brings what was read into `entries`; the number beside each entry is that of the input that it came from, whose entries
/// stand together. What is in already is not doubled: of the same thing there are as many entries as in the input that has
/// most of them, so that what one store holds under two aliases stays under both, in whatever order the inputs come. Says what
/// became of each.
///
/// # Errors
/// [`Kind::Refused`] where an alias is taken and `taken` says so.
pub fn bring_together(entries: &mut Indexed, read: Vec<(Entry, usize)>, taken: Taken) -> Result<Vec<Put>> {
    let mut puts = Vec::with_capacity(read.len());
    let mut read = read.into_iter().peekable();
    while let Some(input) = read.peek().map(|(_, input)| *input) {
        let of_one = std::iter::from_fn(|| read.next_if(|(_, other)| *other == input)).map(|(entry, _)| entry);
        let of_one: Vec<(Entry, Option<Content>)> = of_one
            .map(|entry| {
                let content = Content::of(&entry);
                (entry, content)
            })
            .collect();
        let mut twins = Twins::new(entries, &of_one);
        for (entry, content) in of_one {
            let Some(content) = content else {
                puts.push(put(entries, entry, taken)?.0);
                continue;
            };
            if let Some(place) = twins.place_of(entries, entry.alias.as_deref(), &content) {
                puts.push(Put::AlreadyThere(label(&entries[place])));
                continue;
            }
            let alias = entry.alias.clone();
            let (put, place) = put(entries, entry, taken)?;
            twins.note(alias, content, place);
            puts.push(put);
        }
    }
    Ok(puts)
}

/// Where the things of one input are in already.
struct Twins {
    /// What has, or had in this input, this alias, in lower case.
    under: HashMap<(Content, String), usize>,
    /// What no alias of this input stands for yet, last place first.
    free: HashMap<Content, Vec<usize>>,
}

impl Twins {
    /// What is in `entries` before anything of `input` is.
    fn new(entries: &Indexed, input: &[(Entry, Option<Content>)]) -> Self {
        let mut under = HashMap::new();
        let mut free = HashMap::new();
        for (entry, content) in input {
            let (Some(alias), Some(content)) = (&entry.alias, content) else { continue };
            if let Some(place) = entries.place_of(alias).filter(|place| entries.content(*place) == Some(content)) {
                under.insert((content.clone(), alias.to_lowercase()), place);
            }
        }
        let named: HashSet<usize> = under.values().copied().collect();
        for content in input.iter().filter_map(|(_, content)| content.as_ref()) {
            if !free.contains_key(content) {
                let places = entries.places(content).iter().rev().copied().filter(|place| !named.contains(place)).collect();
                free.insert(content.clone(), places);
            }
        }
        Twins { under, free }
    }

    /// The entry that is the same as one with this alias and content. Without an alias any will do, with one that which no
    /// other alias of the input stands for.
    fn place_of(&mut self, entries: &Indexed, alias: Option<&str>, content: &Content) -> Option<usize> {
        let place = match alias {
            None => entries.places(content).first().copied(),
            Some(alias) => match self.under.get(&(content.clone(), alias.to_lowercase())) {
                Some(place) => Some(*place),
                None => self.free.get_mut(content).and_then(Vec::pop),
            },
        };
        // another entry of the input may have replaced it
        place.filter(|place| entries.content(*place) == Some(content))
    }

    /// What was put in at `place` for want of it.
    fn note(&mut self, alias: Option<String>, content: Content, place: usize) {
        match alias {
            Some(alias) => {
                self.under.insert((content, alias.to_lowercase()), place);
            }
            None => self.free.entry(content).or_default().push(place),
        }
    }
}

/// Puts `new` into `entries`, under its alias or one made of its certificate. Says where.
fn put(entries: &mut Indexed, new: Entry, taken: Taken) -> Result<(Put, usize)> {
    let wanted =
        new.alias.clone().or_else(|| new.item.certificates().first().map(alias_of)).unwrap_or_else(|| "entry".to_owned());
    match (entries.place_of(&wanted), taken) {
        (Some(place), Taken::Replace) => {
            entries.replace(place, Entry { alias: Some(wanted.clone()), ..new });
            Ok((Put::Replaced(wanted), place))
        }
        (Some(_), Taken::Refuse) => Err(Error::new(
            Kind::Refused,
            format!("the alias {} is taken by another entry", Safe(&wanted)),
            "choose another one with --alias, or replace that entry with --replace",
        )),
        _ => {
            let alias = entries.free_alias(&wanted);
            let place = entries.push(Entry { alias: Some(alias.clone()), ..new });
            Ok((Put::Added(alias), place))
        }
    }
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
        if !chain.is_empty() {
            continue;
        }
        let own = certs.iter().find(|(cert, _)| key.belongs_to(cert) == Some(true));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Item;
    use crate::formats::store::Entry;

    fn secret(alias: &str) -> Entry {
        Entry::new(Some(alias.to_owned()), Item::Secret { algorithm: "AES".to_owned(), bits: Some(128) })
    }

    fn trusted(alias: Option<&str>, name: &str) -> Entry {
        let path = format!("{}/fixtures/pkcs12/material/{name}.pem", env!("CARGO_MANIFEST_DIR"));
        let cert = Cert::from_der(pem::parse(std::fs::read(path).unwrap()).unwrap().contents()).unwrap();
        Entry::new(alias.map(str::to_owned), Item::Trusted(cert))
    }

    #[test]
    fn an_alias_that_is_taken_is_refused_replaced_or_numbered() {
        let mut entries = Indexed::new(vec![secret("Server")]);
        let mut put = |alias, taken| put(&mut entries, secret(alias), taken);
        assert_eq!(put("server", Taken::Refuse).unwrap_err().kind, Kind::Refused);
        assert_eq!(put("server", Taken::Number), Ok((Put::Added("server-2".into()), 1)));
        assert_eq!(put("SERVER-2", Taken::Number), Ok((Put::Added("SERVER-2-2".into()), 2)));
        assert_eq!(put("server", Taken::Replace), Ok((Put::Replaced("server".into()), 0)));
        assert_eq!(entries.len(), 3);
    }

    /// The aliases that inputs come to, all of which hold the same certificate.
    fn aliases(inputs: &[&[Option<&str>]]) -> Vec<String> {
        let of = |(i, aliases): (usize, &&[Option<&str>])| aliases.iter().map(|a| (trusted(*a, "root"), i)).collect::<Vec<_>>();
        let mut all = Indexed::default();
        bring_together(&mut all, inputs.iter().enumerate().flat_map(of).collect(), Taken::Number).unwrap();
        let mut aliases: Vec<String> = all.iter().map(|e| e.alias.clone().unwrap()).collect();
        aliases.sort();
        aliases
    }

    #[test]
    fn what_stays_does_not_depend_on_the_order_of_inputs() {
        let (x, y) = (Some("x"), Some("y"));
        for inputs in [[&[x][..], &[x, y]], [&[x, y], &[x]], [&[x], &[y, x]], [&[x, y], &[y, x]], [&[y], &[x, y]]] {
            assert_eq!(aliases(&inputs), ["x", "y"], "{inputs:?}");
        }
        // under other names there are as many, too
        assert_eq!(aliases(&[&[Some("z")], &[x, y]]), ["y", "z"]);
        assert_eq!(aliases(&[&[x, y], &[Some("z")]]), ["x", "y"]);
        assert_eq!(aliases(&[&[x], &[Some("z")], &[y]]), ["x"]);
    }

    #[test]
    fn what_one_input_holds_twice_is_not_two_things_unless_it_has_two_aliases() {
        let x = Some("x");
        assert_eq!(aliases(&[&[x, x]]), ["x"]);
        assert_eq!(aliases(&[&[x, Some("X")]]), ["x"]);
        assert_eq!(aliases(&[&[None, x]]).len(), 1);
        assert_eq!(aliases(&[&[x, None]]).len(), 1);
        assert_eq!(aliases(&[&[None, None], &[None]]).len(), 1);
    }

    #[test]
    fn what_a_replacement_took_away_is_not_called_there_already() {
        let mut all = Indexed::new(vec![trusted(Some("x"), "root")]);
        let read = vec![(trusted(Some("x"), "sub"), 0), (trusted(Some("X"), "root"), 0)];
        let put = bring_together(&mut all, read, Taken::Replace).unwrap();
        assert_eq!(put, [Put::Replaced("x".into()), Put::Replaced("X".into())]);
        assert_eq!(Content::of(&all[0]), Content::of(&trusted(None, "root")));
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
