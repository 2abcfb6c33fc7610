//! The list of the keys that were made here.

use super::Plan;
use crate::error::Result;
use crate::files::{self, Secrecy};
use crate::pki::PrivateKey;
use crate::safe::{from_hex, hex};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Its name in the directory.
pub const FILE: &str = ".made-by-mtls";

const HEAD: &str = "\
# The private keys that mtls made in this directory: the SHA-256 of each public key, and the file it was first written to.
# mtls renews these and leaves all others alone. Without this list it goes by the certificates that the CA here signed.
";

/// The most that is read of it: some ten thousand keys.
const CAP: u64 = 1 << 20;

/// The keys that were made in one directory.
pub struct Manifest {
    path: PathBuf,
    keys: BTreeMap<Vec<u8>, String>,
    is_changed: bool,
}

impl Manifest {
    /// The list of `dir`; empty where there is none.
    ///
    /// # Errors
    /// [`crate::error::Kind::Unreadable`] where it is there and may not be read.
    pub fn read(dir: &Path) -> Result<Manifest> {
        let path = dir.join(FILE);
        let bytes = if files::exists(&path) { files::read(&path, CAP)?.to_vec() } else { Vec::new() };
        let text = String::from_utf8_lossy(&bytes);
        let line = |line: &str| {
            let (print, file) = line.split_once("  ")?;
            Some((from_hex(print).filter(|p| p.len() == 32)?, file.to_owned()))
        };
        Ok(Manifest { path, keys: text.lines().filter_map(line).collect(), is_changed: false })
    }

    /// Whether `key` was made here.
    pub fn has(&self, key: &PrivateKey) -> bool {
        key.spki().is_some_and(|spki| self.keys.contains_key(&crate::crypto::sha256(spki)))
    }

    /// Notes that `key` was made here, for the file at `path`.
    pub fn note(&mut self, key: &PrivateKey, path: &Path) {
        if let Some(spki) = key.spki() {
            // a name that would break the line is of no use in it
            let name = files::name(path).replace(['\n', '\r'], " ");
            self.is_changed |= self.keys.insert(crate::crypto::sha256(spki), name).is_none();
        }
    }

    /// Has the list written, where it changed.
    pub(super) fn plan(self, plan: &mut Plan) {
        if self.is_changed {
            let lines = self.keys.iter().map(|(print, file)| format!("{}  {file}\n", hex(print)));
            let text: String = std::iter::once(HEAD.to_owned()).chain(lines).collect();
            plan.file(self.path, Secrecy::Public, text.into_bytes().into());
        }
    }
}
