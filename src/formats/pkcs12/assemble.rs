//! Bags become entries: which certificate is a key's, what its chain is, and what stands alone.

use crate::error::Result;
use crate::formats::store::{Entry, Item};
use crate::pki::chain::Pool;
use crate::pki::{Cert, PrivateKey, signature};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use time::OffsetDateTime;

/// How many comparisons of keys with certificates one file may cause where neither ids nor equal public keys tell.
const MAX_COMPARISONS: usize = 1_000_000;
/// How many certificates that belong to no chain are listed with keys, over all keys of a file.
const MAX_STRANGERS: usize = 100_000;

/// A bag, opened, with what its attributes say.
pub(super) struct Thing {
    pub content: Opened,
    pub name: Option<String>,
    pub id: Option<Vec<u8>>,
    pub is_trusted: bool,
}

/// What an opened bag holds.
pub(super) enum Opened {
    Key(Result<PrivateKey>),
    Cert(Cert),
    Other(Item),
}

/// The entries of a file, in the order of its bags.
///
/// A certificate is a key's when their localKeyId is the same, even if it does not certify that key; else when it
/// certifies it; else, for a key that did not open, when they have the same name.
pub(super) fn entries(things: Vec<Thing>) -> Vec<Entry> {
    let certs = Certs::new(&things);
    let pool = Pool::new(certs.all.iter().map(|(_, cert)| *cert));
    let leaves: Vec<Option<&Cert>> = things.iter().map(|thing| certs.leaf_of(thing)).collect();
    let mut chains: Vec<Vec<Cert>> = leaves.iter().map(|leaf| leaf.map_or_else(Vec::new, |leaf| pool.chain_of(leaf))).collect();
    certs.part_namesakes(&mut chains);
    let used: HashSet<&[u8]> = chains.iter().flatten().map(|cert| &cert.der[..]).collect();
    let strangers: Vec<usize> = certs.untrusted.iter().copied().filter(|at| !used.contains(certs.der(*at))).collect();
    let keys = leaves.iter().flatten().count();
    let strangers = if keys.saturating_mul(strangers.len()) > MAX_STRANGERS { Vec::new() } else { strangers };
    let sent: Vec<Vec<Cert>> = chains.iter().map(|chain| certs.sent(chain, &strangers)).collect();
    let is_in_chain: Vec<bool> = things
        .iter()
        .map(|t| matches!(&t.content, Opened::Cert(cert) if !t.is_trusted && used.contains(&cert.der[..])))
        .collect();
    let aliases: Vec<Option<String>> = leaves.iter().map(|leaf| leaf.and_then(|leaf| certs.name_of(leaf))).collect();
    drop((certs, pool, used));

    let mut entries = Vec::with_capacity(things.len());
    let parts = things.into_iter().zip(chains).zip(sent).zip(aliases).zip(is_in_chain);
    for ((((thing, chain), sent), leaf_alias), is_in_chain) in parts {
        let created = thing.id.as_deref().and_then(java_time);
        let (alias, item) = match thing.content {
            Opened::Cert(_) if is_in_chain => continue,
            Opened::Cert(cert) if thing.is_trusted => (thing.name, Item::Trusted(cert)),
            Opened::Cert(cert) => (thing.name, Item::Certificate(cert)),
            Opened::Key(key) => (thing.name.or(leaf_alias), Item::Key { key, chain, sent }),
            Opened::Other(item) => (thing.name, item),
        };
        entries.push(Entry { alias: alias.filter(|a| !a.is_empty()), created, item });
    }
    entries
}

/// Java's localKeyId, `Time 1700000000000`: milliseconds since 1970.
fn java_time(id: &[u8]) -> Option<OffsetDateTime> {
    let millis: i64 = std::str::from_utf8(id).ok()?.strip_prefix("Time ")?.parse().ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok()
}

/// The certificates of a file, found by what ties them to keys. Numbers are positions among the bags.
struct Certs<'a> {
    things: &'a [Thing],
    all: Vec<(usize, &'a Cert)>,
    by_id: HashMap<&'a [u8], Vec<&'a Cert>>,
    by_key: HashMap<&'a [u8], &'a Cert>,
    by_name: HashMap<&'a str, &'a Cert>,
    /// The first place of each certificate without the mark of trust: in order, and by its DER.
    untrusted: Vec<usize>,
    place: HashMap<&'a [u8], usize>,
    names: HashMap<&'a [u8], &'a str>,
    comparisons: Cell<usize>,
}

impl<'a> Certs<'a> {
    fn new(things: &'a [Thing]) -> Self {
        let all: Vec<(usize, &Cert)> = things
            .iter()
            .enumerate()
            .filter_map(|(at, thing)| match &thing.content {
                Opened::Cert(cert) => Some((at, cert)),
                _ => None,
            })
            .collect();
        let mut certs = Certs {
            things,
            by_id: HashMap::new(),
            by_key: HashMap::with_capacity(all.len()),
            by_name: HashMap::new(),
            untrusted: Vec::new(),
            place: HashMap::with_capacity(all.len()),
            names: HashMap::new(),
            comparisons: Cell::new(0),
            all: Vec::new(),
        };
        for (at, cert) in &all {
            let thing = &things[*at];
            if let Some(id) = &thing.id {
                certs.by_id.entry(id).or_default().push(cert);
            }
            if let Some(name) = &thing.name {
                certs.by_name.entry(name).or_insert(cert);
                certs.names.entry(&cert.der).or_insert(name);
            }
            if !thing.is_trusted && !certs.place.contains_key(&cert.der[..]) {
                certs.place.insert(&cert.der, *at);
                certs.untrusted.push(*at);
            }
        }
        // a certificate that is marked as trusted is a key's only where no other one is
        let (trusted, own): (Vec<_>, Vec<_>) = all.iter().partition(|(at, _)| things[*at].is_trusted);
        for (_, cert) in own.into_iter().chain(trusted) {
            certs.by_key.entry(&cert.spki).or_insert(cert);
        }
        certs.all = all;
        certs
    }

    fn der(&self, at: usize) -> &'a [u8] {
        match &self.things[at].content {
            Opened::Cert(cert) => &cert.der,
            _ => &[],
        }
    }

    /// Ends each chain before another CA of the issuer's name that is there for its own sake: to be trusted, or because it
    /// signed for another key. One that is there for nothing else was meant to be sent with this key, though it did not sign
    /// (a re-keyed CA's old certificate), and stays.
    fn part_namesakes(&self, chains: &mut [Vec<Cert>]) {
        let signed = |pair: &[Cert]| signature::verifies(&pair[0], &pair[1]) != Some(false);
        let is_alone = chains.len() < 2;
        let needed: HashSet<Vec<u8>> = match is_alone {
            true => HashSet::new(),
            false => chains.iter().flat_map(|c| c.windows(2)).filter(|p| signed(p)).map(|p| p[1].der.to_vec()).collect(),
        };
        for chain in chains {
            let is_namesake = |pair: &[Cert]| {
                let der = &pair[1].der[..];
                (needed.contains(der) || !self.place.contains_key(der)) && !signed(pair)
            };
            if let Some(end) = chain.windows(2).position(is_namesake) {
                chain.truncate(end + 1);
            }
        }
    }

    fn name_of(&self, cert: &Cert) -> Option<String> {
        self.names.get(&cert.der[..]).map(|name| (*name).to_owned())
    }

    /// The certificate that belongs to `thing`, where that is a key.
    fn leaf_of(&self, thing: &Thing) -> Option<&'a Cert> {
        let Opened::Key(key) = &thing.content else { return None };
        let tied = thing.id.as_ref().and_then(|id| self.by_id.get(&id[..]));
        if let Some(tied) = tied {
            return tied.iter().find(|cert| certifies(cert, key)).or(tied.first()).copied();
        }
        match key {
            Ok(key) => key.spki().and_then(|spki| self.by_key.get(spki).copied()).or_else(|| self.certifying(key)),
            Err(_) => thing.name.as_ref().and_then(|name| self.by_name.get(&name[..]).copied()),
        }
    }

    /// Key algorithms and points may be written in more than one way, so that only a comparison tells.
    fn certifying(&self, key: &PrivateKey) -> Option<&'a Cert> {
        let compared = self.comparisons.get() + self.all.len();
        if compared > MAX_COMPARISONS {
            return None;
        }
        self.comparisons.set(compared);
        self.all.iter().map(|(_, cert)| *cert).find(|cert| key.belongs_to(cert) == Some(true))
    }

    /// What a peer with this file sends: the leaf, then the file's other certificates without the mark of trust that
    /// belong to no other key, in the file's order.
    fn sent(&self, chain: &[Cert], strangers: &[usize]) -> Vec<Cert> {
        let Some((leaf, rest)) = chain.split_first() else { return Vec::new() };
        let own = rest.iter().filter_map(|cert| self.place.get(&cert.der[..]).copied());
        let mut places: Vec<usize> = own.chain(strangers.iter().copied()).collect();
        places.sort_unstable();
        let others = places.into_iter().filter_map(|at| match &self.things[at].content {
            Opened::Cert(cert) => Some(cert.clone()),
            _ => None,
        });
        std::iter::once(leaf.clone()).chain(others).collect()
    }
}

fn certifies(cert: &Cert, key: &Result<PrivateKey>) -> bool {
    key.as_ref().is_ok_and(|key| key.belongs_to(cert) == Some(true))
}
