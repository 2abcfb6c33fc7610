//! Brings loose keys and certificates together: which certificate belongs to which key, and what its chain is.
//!
//! PEM, DER and PKCS#7 only line things up; which of them make an identity is for the reader to find.

use super::{Entry, Item};
use crate::pki::chain::Pool;
use crate::pki::key::public_point;
use crate::pki::{Cert, PrivateKey};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Above this many keys, a key whose public half cannot be told is not given a certificate by its kind alone: the
/// search would take keys × certificates steps.
const FEW_KEYS: usize = 64;
/// How many certificates of one key are looked at; a renewed certificate with its old key makes two.
const FEW_COPIES: usize = 64;

/// The entries of files that are one store together (mostly: one file), with every key at its certificate.
///
/// - A key gets the first certificate that certifies it; `chain` is what leads from there towards a root.
/// - `sent` is what a peer with these files sends: all certificates of the leaf's file in that file's order, as
///   OpenSSL and nginx do, or the chain where several keys share the file.
/// - A key that fits no certificate gets the first one if there is no other key, so that the mismatch can be told.
/// - The other certificates stay entries of their own, in order, each once where there are several files.
pub fn assemble(files: Vec<Vec<Entry>>) -> Vec<Entry> {
    let several_files = files.len() > 1;
    let certs = Certificates::of(&files);
    let leaves = certs.leaves(&files);
    let mut keys_in_file: HashMap<usize, usize> = HashMap::new();
    for leaf in leaves.values() {
        *keys_in_file.entry(certs.all[*leaf].file).or_default() += 1;
    }
    let pool = Pool::new(certs.all.iter().map(|c| c.cert));
    let mut identities: HashMap<usize, Found> = HashMap::new();
    for (&entry, &leaf) in &leaves {
        let chain = pool.chain_of(certs.all[leaf].cert);
        let sent = certs.sent(leaf, &keys_in_file).unwrap_or_else(|| chain.clone());
        identities.insert(entry, Found { chain, sent, alias: certs.all[leaf].alias.clone() });
    }
    let mut used: HashSet<Cert> = identities.values().flat_map(|found| found.chain.iter().cloned()).collect();
    let mut entries = Vec::new();
    for (number, mut entry) in files.into_iter().flatten().enumerate() {
        match &mut entry.item {
            Item::Key { chain, sent, .. } => {
                if let Some(found) = identities.remove(&number) {
                    (*chain, *sent) = (found.chain, found.sent);
                    entry.alias = entry.alias.or(found.alias);
                }
            }
            Item::Certificate(cert) | Item::Trusted(cert) => {
                if used.contains(cert) {
                    continue;
                }
                if several_files {
                    used.insert(cert.clone());
                }
            }
            _ => {}
        }
        entries.push(entry);
    }
    entries
}

/// What was found for a key.
struct Found {
    chain: Vec<Cert>,
    sent: Vec<Cert>,
    /// The name of its certificate.
    alias: Option<String>,
}

/// A certificate and where it stands.
struct Placed<'a> {
    cert: &'a Cert,
    file: usize,
    alias: Option<String>,
}

/// The certificates of all files, and where they stand.
struct Certificates<'a> {
    all: Vec<Placed<'a>>,
    /// Which of `all` stand in which file.
    files: Vec<Range<usize>>,
    by_key: HashMap<Vec<u8>, Vec<usize>>,
}

impl<'a> Certificates<'a> {
    fn of(files: &'a [Vec<Entry>]) -> Self {
        let mut all = Vec::new();
        let mut by_key: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        let mut ranges = Vec::with_capacity(files.len());
        for (file, entries) in files.iter().enumerate() {
            let start = all.len();
            for entry in entries {
                let (Item::Certificate(cert) | Item::Trusted(cert)) = &entry.item else { continue };
                if let Some(point) = public_point(&cert.spki) {
                    by_key.entry(point).or_default().push(all.len());
                }
                all.push(Placed { cert, file, alias: entry.alias.clone() });
            }
            ranges.push(start..all.len());
        }
        Certificates { all, files: ranges, by_key }
    }

    /// For every key that has a certificate: the key's number among all entries, and the certificate's in `all`.
    fn leaves(&self, files: &[Vec<Entry>]) -> HashMap<usize, usize> {
        let keys: Vec<(usize, Option<&PrivateKey>)> = files
            .iter()
            .flatten()
            .enumerate()
            .filter_map(|(number, entry)| match &entry.item {
                Item::Key { key, .. } => Some((number, key.as_ref().ok())),
                _ => None,
            })
            .collect();
        let mut leaves = HashMap::new();
        let mut taken = HashSet::new();
        for (number, key) in &keys {
            if let Some(cert) = key.and_then(|key| self.certifying(key)) {
                leaves.insert(*number, cert);
                taken.insert(cert);
            }
        }
        if keys.len() <= FEW_KEYS {
            for (number, key) in &keys {
                let Some(key) = key else { continue };
                let may_fit = |n: &usize| !taken.contains(n) && key.belongs_to(self.all[*n].cert).is_none();
                if !leaves.contains_key(number)
                    && let Some(cert) = (0..self.all.len()).find(may_fit)
                {
                    leaves.insert(*number, cert);
                    taken.insert(cert);
                }
            }
        }
        match keys.as_slice() {
            [(number, _)] => {
                if let Some(cert) = self.first_leaf() {
                    leaves.entry(*number).or_insert(cert);
                }
            }
            _ => self.pair_the_closed_one(&keys, &mut leaves, &taken),
        }
        leaves
    }

    fn certifying(&self, key: &PrivateKey) -> Option<usize> {
        let candidates = self.by_key.get(&public_point(key.spki()?)?)?;
        candidates.iter().copied().take(FEW_COPIES).find(|n| key.belongs_to(self.all[*n].cert) == Some(true))
    }

    /// The certificate that a lone key is taken to be meant for: the first one of the first file that starts with an
    /// end entity's, else the very first.
    fn first_leaf(&self) -> Option<usize> {
        let mut starts = self.files.iter().filter(|range| !range.is_empty()).map(|range| range.start);
        starts.clone().find(|n| !self.all[*n].cert.is_ca()).or_else(|| starts.next())
    }

    /// One key that no password opened, among others that found theirs: it goes with the one end entity that is left.
    fn pair_the_closed_one(
        &self,
        keys: &[(usize, Option<&PrivateKey>)],
        leaves: &mut HashMap<usize, usize>,
        taken: &HashSet<usize>,
    ) {
        let mut closed = keys.iter().filter(|(_, key)| key.is_none());
        let mut free = (0..self.all.len()).filter(|n| !taken.contains(n) && !self.all[*n].cert.is_ca());
        if let (Some((number, _)), None, Some(cert), None) = (closed.next(), closed.next(), free.next(), free.next()) {
            leaves.insert(*number, cert);
        }
    }

    /// What is sent with `leaf`: its whole file where that is one key's, `None` where several keys share it.
    fn sent(&self, leaf: usize, keys_in_file: &HashMap<usize, usize>) -> Option<Vec<Cert>> {
        let leaf = &self.all[leaf];
        // a folder may hold a certificate twice: alone, and in a file with its whole chain; that one is meant for sending
        let copies = self.by_key.get(&public_point(&leaf.cert.spki)?).into_iter().flatten();
        let files = copies.map(|n| &self.all[*n]).filter(|c| c.cert == leaf.cert).map(|c| c.file).take(FEW_COPIES);
        // where it stands first: a CA's certificate in the bundle of a leaf is there for that leaf
        let is_first = |file: usize| self.all[self.files[file].start].cert == leaf.cert;
        let file = files.max_by_key(|file| (is_first(*file), self.files[*file].len(), std::cmp::Reverse(*file)))?;
        let shared = keys_in_file.get(&leaf.file).is_some_and(|keys| *keys > 1);
        (!shared).then(|| self.all[self.files[file].clone()].iter().map(|c| c.cert.clone()).collect())
    }
}
