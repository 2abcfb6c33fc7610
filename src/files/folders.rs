//! Folders that are made on the way to a file.

use super::rights::Secrecy;
use super::{not_written, parent};
use crate::error::Result;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders that were made for what is to be written; removed again unless kept.
#[derive(Default)]
pub(super) struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Makes `folder` and what is missing above it; closed to others where a secret goes into it.
    ///
    /// # Errors
    /// [`crate::error::Kind::Output`], naming the folder.
    pub(super) fn make(&mut self, folder: &Path, secrecy: Secrecy) -> Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        if folder.symlink_metadata().is_err() {
            self.make(parent(folder), secrecy)?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, if secrecy == Secrecy::Secret { 0o700 } else { 0o755 });
        match builder.create(folder) {
            Ok(()) => self.0.push(folder.to_owned()),
            // another run was faster
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(e) => return Err(not_written(folder, &e)),
        }
        Ok(())
    }

    /// Something lies in them now.
    pub(super) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder); // refuses where something else has come to lie in it
        }
    }
}
