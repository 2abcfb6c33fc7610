//! What lies in a directory already.

use super::StoreAccess;
use crate::error::{Error, Kind, Result};
use crate::files;
use crate::formats::{self, Budget, Item, Opening, Store, pkcs12};
use crate::pki::{Cert, Passwords, PrivateKey};
use std::path::Path;

/// A file that may be there.
pub(super) enum Slot<T> {
    /// It is not.
    Absent,
    /// It is, and this is in it.
    Present(T),
    /// It is, and it is not what it should be.
    Broken(Error),
}

impl<T> Slot<T> {
    /// What is in it.
    pub fn content(&self) -> Option<&T> {
        match self {
            Slot::Present(content) => Some(content),
            _ => None,
        }
    }

    fn and_then<U>(self, next: impl FnOnce(T) -> Result<U>) -> Slot<U> {
        match self {
            Slot::Absent => Slot::Absent,
            Slot::Present(content) => next(content).map_or_else(Slot::Broken, Slot::Present),
            Slot::Broken(e) => Slot::Broken(e),
        }
    }
}

/// Why a store has to be written again though it holds what it should: it is protected otherwise than was asked for.
pub(super) fn protection(store: &Store, access: &StoreAccess<'_>) -> Option<&'static str> {
    let has_other_password = access.is_chosen && store.password.as_ref() != Some(&access.password);
    // old algorithms are only used where they are asked for; without that, what is there stays as it is
    let is_too_new =
        access.profile == pkcs12::Profile::Legacy && !store.mac.as_ref().is_some_and(|mac| mac.starts_with("HMAC-SHA1 "));
    match (has_other_password, is_too_new) {
        (true, true) => Some("another password and --legacy"),
        (true, false) => Some("another password"),
        (false, true) => Some("--legacy"),
        (false, false) => None,
    }
}

/// The store at `path`.
///
/// # Errors
/// Where the file may not be read, or no password opens it: then we cannot know what it is.
pub(super) fn store(path: &Path, passwords: &Passwords<'_>) -> Result<Slot<Store>> {
    if !files::exists(path) {
        return Ok(Slot::Absent);
    }
    let place = files::shown(path);
    let bytes = files::read(path, files::CAP)?;
    match formats::open(&bytes, &Opening { name: &place, passwords, budget: &Budget::default() }) {
        Ok(store) => Ok(Slot::Present(store)),
        Err(e) if matches!(e.kind, Kind::Damaged | Kind::NotAStore) => Ok(Slot::Broken(e.in_file(place))),
        Err(e) => Err(e.in_file(place)),
    }
}

/// The certificates at `path`, in the file's order.
///
/// # Errors
/// As [`store`].
pub(super) fn certificates(path: &Path, passwords: &Passwords<'_>) -> Result<Slot<Vec<Cert>>> {
    let slot = store(path, passwords)?;
    Ok(slot.and_then(|store| {
        let certs: Vec<Cert> = store.entries.iter().flat_map(|e| e.item.certificates()).cloned().collect();
        match certs.is_empty() {
            false => Ok(certs),
            true => Err(Error::new(Kind::NotAStore, "holds no certificate", "move it away").in_file(files::shown(path))),
        }
    }))
}

/// The private key at `path`.
///
/// # Errors
/// As [`store`]; also where the key is there and does not open.
pub(super) fn key(path: &Path, passwords: &Passwords<'_>) -> Result<Slot<PrivateKey>> {
    let place = files::shown(path);
    match store(path, passwords)? {
        Slot::Present(store) => {
            let mut keys = store.entries.into_iter().filter_map(|e| match e.item {
                Item::Key { key, .. } => Some(key),
                _ => None,
            });
            match keys.next() {
                Some(key) => Ok(Slot::Present(key.map_err(|e| e.in_file(place))?)),
                None => Ok(Slot::Broken(Error::new(Kind::NotAStore, "holds no private key", "move it away").in_file(place))),
            }
        }
        Slot::Absent => Ok(Slot::Absent),
        Slot::Broken(e) => Ok(Slot::Broken(e)),
    }
}

/// Refuses to replace what is at `path`.
pub(super) fn in_the_way(path: &Path, why: impl std::fmt::Display) -> Error {
    let place = crate::safe::shell_path(&files::shown(path));
    Error::new(
        Kind::Output,
        "is there already and was not made by mtls here; nothing was changed",
        format!("move it away (mv {place} {place}.old), or work in another directory: --dir NEW"),
    )
    .in_file(files::shown(path))
    .because(why)
}
