//! `mtls convert --split`: a PEM file for each part, as nginx, Envoy and Kubernetes want them.

use crate::error::Result;
use crate::files::{Existing, Secrecy, WriteSet};
use crate::formats::target::pem_key;
use crate::formats::{Entry, Item, pem};
use crate::pki::Password;
use crate::report::{Made, Row};
use std::collections::HashSet;
use std::path::Path;

/// Writes ALIAS.crt (leaf first) and ALIAS.key for each key, ALIAS.crt for each certificate, ALIAS.crl, ALIAS.csr.
pub(super) fn write(folder: &Path, entries: &[Entry], password: &Password, existing: Existing, made: &mut Made) -> Result<()> {
    let mut set = WriteSet::new();
    let mut stems = HashSet::new();
    for entry in entries {
        let stem = unique(&mut stems, entry.alias.as_deref().unwrap_or("entry"));
        let mut files = Vec::new();
        let mut add = |ending: &str, secrecy: Secrecy, text: &str| {
            let path = folder.join(format!("{stem}.{ending}"));
            files.push(path.clone());
            set.add(&path, secrecy, existing, text.as_bytes().to_vec());
        };
        match &entry.item {
            Item::Key { key, chain, .. } => {
                if !chain.is_empty() {
                    add("crt", Secrecy::Public, &pem::certificates(chain));
                }
                add("key", Secrecy::Secret, &pem_key(key.as_ref().map_err(Clone::clone)?, password)?);
            }
            Item::Trusted(cert) | Item::Certificate(cert) => {
                add("crt", Secrecy::Public, &pem::certificates(std::slice::from_ref(cert)))
            }
            Item::Request(request) => add("csr", Secrecy::Public, &pem::request(&request.der)),
            Item::Crl(crl) => add("crl", Secrecy::Public, &pem::crl(&crl.der)),
            // `Target::cannot_hold` has kept these out
            Item::Secret { .. } | Item::Unread { .. } => {}
        }
        let cert = entry.item.certificates().first().cloned();
        made.rows.push(Row { role: entry.item.kind().to_owned(), action: "made", files, says: String::new(), cert });
    }
    made.remarks.extend(set.commit()?.remarks());
    Ok(())
}

/// A file's stem from an alias: no folder, no hidden file, none twice.
fn unique(taken: &mut HashSet<String>, alias: &str) -> String {
    let plain: String = alias.chars().map(|c| if c.is_alphanumeric() || "-_.@+".contains(c) { c } else { '_' }).collect();
    let plain = plain.trim_start_matches('.');
    let base = if plain.is_empty() { "entry".to_owned() } else { plain.to_owned() };
    let numbered = (2..).map(|n| format!("{base}-{n}"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|s| !taken.contains(&s.to_lowercase())).unwrap_or(base);
    taken.insert(free.to_lowercase());
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_stay_in_the_folder_and_apart() {
        let mut taken = HashSet::new();
        let stems: Vec<String> = ["../../etc/x", "a b", "A b", "", "..."].iter().map(|a| unique(&mut taken, a)).collect();
        assert_eq!(stems, ["_.._etc_x", "a_b", "A_b-2", "entry", "entry-2"]);
    }
}
