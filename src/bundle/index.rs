//! Entries that are found by alias and by content: among thousands, a search for each one would take minutes.

use super::part_from_chains;
use crate::crypto::Digest;
use crate::formats::{Entry, Item};
use crate::pki::{Cert, DistinguishedName};
use std::collections::HashMap;
use std::ops::Deref;

/// What an entry holds, whatever it is called: two with the same content are the same thing. A SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Content(Vec<u8>);

impl Content {
    /// That of `entry`; `None` where its content cannot be told from another's: a key that did not open, say.
    pub fn of(entry: &Entry) -> Option<Self> {
        if let Some(kept) = &entry.kept {
            let (kind, bytes) = kept.content();
            return Some(Content::from_parts(kind, &[bytes]));
        }
        match &entry.item {
            Item::Key { key: Ok(key), chain, .. } => {
                let parts: Vec<&[u8]> = std::iter::once(key.pkcs8()).chain(chain.iter().map(|cert| &cert.der[..])).collect();
                Some(Content::from_parts("key", &parts))
            }
            Item::Trusted(cert) | Item::Certificate(cert) => Some(Content::of_cert(cert)),
            Item::Crl(crl) => Some(Content::from_parts("crl", &[&crl.der])),
            Item::Request(request) => Some(Content::from_parts("request", &[&request.der])),
            _ => None,
        }
    }

    fn of_cert(cert: &Cert) -> Self {
        Content::from_parts("certificate", &[&cert.der])
    }

    /// The parts are DER, whose ends need no telling.
    fn from_parts(kind: &str, parts: &[&[u8]]) -> Self {
        let all: Vec<&[u8]> = [kind.as_bytes(), &[0]].into_iter().chain(parts.iter().copied()).collect();
        Content(Digest::Sha256.of(&all))
    }
}

/// Entries with an index. It is read as a slice of them.
#[derive(Debug, Default)]
pub struct Indexed {
    entries: Vec<Entry>,
    /// The content of each.
    contents: Vec<Option<Content>>,
    /// The first place of each alias, in lower case.
    by_alias: HashMap<String, usize>,
    by_content: HashMap<Content, Vec<usize>>,
    /// The places of the certificates that stand alone, by subject.
    by_subject: HashMap<DistinguishedName, Vec<usize>>,
    /// The number after the last one that an alias got, in lower case: the smaller ones are taken.
    next: HashMap<String, usize>,
}

impl Deref for Indexed {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        &self.entries
    }
}

impl Indexed {
    /// Indexes `entries`.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut indexed = Indexed { entries: Vec::with_capacity(entries.len()), ..Indexed::default() };
        for entry in entries {
            indexed.push(entry);
        }
        indexed
    }

    /// The entries, in their order.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// The first place of an entry with this alias; capital letters make no difference.
    pub fn place_of(&self, alias: &str) -> Option<usize> {
        self.by_alias.get(&alias.to_lowercase()).copied()
    }

    /// The content of the entry at `place`.
    pub fn content(&self, place: usize) -> Option<&Content> {
        self.contents.get(place)?.as_ref()
    }

    /// The places of the entries with this content, in their order.
    pub fn places(&self, content: &Content) -> &[usize] {
        self.by_content.get(content).map_or(&[], |places| places)
    }

    /// The first entry that is `cert` and nothing else.
    pub fn alone(&self, cert: &Cert) -> Option<&Entry> {
        self.places(&Content::of_cert(cert)).first().map(|place| &self.entries[*place])
    }

    /// The certificates that stand alone and have the subject of `cert`.
    pub fn namesakes(&self, cert: &Cert) -> impl Iterator<Item = &Entry> {
        self.by_subject.get(&cert.subject).into_iter().flatten().map(|place| &self.entries[*place])
    }

    /// `wanted`, or where that is taken, it with the next free number: `server-2`.
    pub fn free_alias(&mut self, wanted: &str) -> String {
        if self.place_of(wanted).is_none() {
            return wanted.to_owned();
        }
        let base = wanted.to_lowercase();
        let first = self.next.get(&base).copied().unwrap_or(2);
        // one more candidate than there are entries: one of them is free
        let mut numbers = first..=first + self.entries.len();
        let free = numbers.find(|n| self.place_of(&format!("{wanted}-{n}")).is_none()).unwrap_or(first);
        self.next.insert(base, free + 1);
        format!("{wanted}-{free}")
    }

    /// Puts `entry` last. Gives its place.
    pub fn push(&mut self, entry: Entry) -> usize {
        let place = self.entries.len();
        self.entries.push(entry);
        self.contents.push(None);
        self.note(place);
        place
    }

    /// Puts `entry` in the place of another one with the same alias, and parts that one's certificates from the chains that
    /// only they completed.
    pub fn replace(&mut self, place: usize, entry: Entry) {
        self.forget(place);
        let old = std::mem::replace(&mut self.entries[place], entry);
        self.note(place);
        let mut changed = false;
        for cert in old.item.certificates() {
            changed |= part_from_chains(&mut self.entries, cert);
        }
        if changed {
            *self = Indexed::new(std::mem::take(&mut self.entries));
        }
    }

    fn note(&mut self, place: usize) {
        let entry = &self.entries[place];
        if let Some(alias) = &entry.alias {
            self.by_alias.entry(alias.to_lowercase()).or_insert(place);
        }
        if let Item::Trusted(cert) | Item::Certificate(cert) = &entry.item {
            self.by_subject.entry(cert.subject.clone()).or_default().push(place);
        }
        let content = Content::of(entry);
        if let Some(content) = &content {
            let places = self.by_content.entry(content.clone()).or_default();
            places.insert(places.partition_point(|other| *other < place), place);
        }
        self.contents[place] = content;
    }

    fn forget(&mut self, place: usize) {
        if let Item::Trusted(cert) | Item::Certificate(cert) = &self.entries[place].item
            && let Some(places) = self.by_subject.get_mut(&cert.subject)
        {
            places.retain(|other| *other != place);
        }
        if let Some(places) = self.contents[place].take().and_then(|content| self.by_content.get_mut(&content)) {
            places.retain(|other| *other != place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cert(name: &str) -> Cert {
        let path = format!("{}/fixtures/pkcs12/material/{name}.pem", env!("CARGO_MANIFEST_DIR"));
        Cert::from_der(pem::parse(std::fs::read(path).unwrap()).unwrap().contents()).unwrap()
    }

    fn trusted(alias: &str, name: &str) -> Entry {
        Entry::new(Some(alias.to_owned()), Item::Trusted(cert(name)))
    }

    #[test]
    fn free_aliases_go_on_where_they_ended_and_pass_over_what_is_taken() {
        let mut all = Indexed::new(vec![trusted("CA", "root"), trusted("ca-3", "root")]);
        for expected in ["ca-2", "ca-4", "ca-5"] {
            let alias = all.free_alias("ca");
            assert_eq!(alias, expected);
            all.push(trusted(&alias, "root"));
        }
        assert_eq!((all.free_alias("cA-3").as_str(), all.free_alias("other").as_str()), ("cA-3-2", "other"));
    }

    #[test]
    fn thousands_of_the_same_name_get_a_number_each() {
        let mut all = Indexed::default();
        for _ in 0..5_000 {
            let alias = all.free_alias("ca");
            all.push(Entry::new(Some(alias), Item::Secret { algorithm: "AES".to_owned(), bits: None }));
        }
        assert_eq!(all.last().unwrap().alias.as_deref(), Some("ca-5000"));
        assert_eq!(all.place_of("CA-4711"), Some(4710));
    }

    #[test]
    fn the_same_thing_is_found_under_all_of_its_aliases() {
        let bare = Entry::new(None, Item::Certificate(cert("root")));
        let mut all = Indexed::new(vec![trusted("a", "root"), trusted("b", "sub"), trusted("c", "root"), bare]);
        let root = Content::of(&all[0]).unwrap();
        assert_eq!(all.places(&root), [0, 2, 3]);
        all.replace(0, trusted("A", "sub"));
        assert_eq!((all.places(&root), all.place_of("a")), (&[2, 3][..], Some(0)));
        assert_eq!(all.places(&Content::of(&all[1]).unwrap()), [0, 1]);
        assert_eq!(all.alone(&cert("root")).unwrap().alias.as_deref(), Some("c"));
        assert_eq!(all.namesakes(&cert("sub")).count(), 2);
        assert!(all.alone(&cert("other")).is_none());
    }
}
