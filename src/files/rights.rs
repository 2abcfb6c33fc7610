//! Who may read a file: what a file that is replaced passes on, and whether a secret one is open to everyone.

use std::fs::File;
use std::io;
use std::path::Path;

/// Who may read a file that we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// Its owner alone: private keys and keystores (mode 0600).
    Secret,
    /// Everyone whom the umask allows: certificates and truststores (mode 0644).
    Public,
}

/// The rights of others than owner and group.
#[cfg(unix)]
const OTHERS: u32 = 0o007;

/// Gives `staged` the mode, owner and group of `target`, whose place it takes: the service that reads the file has to go on
/// reading it. Says what was not kept.
///
/// A secret file loses the rights of others, and those of a group that is not the same any more.
#[cfg(unix)]
pub(super) fn pass_on(staged: &File, target: &Path, secrecy: Secrecy) -> io::Result<Option<String>> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let (old, new) = (target.metadata()?, staged.metadata()?);
    let had = old.mode() & 0o777;
    let mut mode = had;
    let mut lost = Vec::new();
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        // only root gives files away; the group can be chosen among one's own
        let is_kept = fchown(staged, Some(old.uid()), Some(old.gid())).is_ok();
        let keeps_group = is_kept || fchown(staged, None, Some(old.gid())).is_ok();
        if !is_kept && old.uid() != new.uid() {
            lost.push(format!("its owner is {} now, and was {}", super::user_name(new.uid()), super::user_name(old.uid())));
        }
        if !keeps_group {
            lost.push(format!("its group is {} now, and was {}", new.gid(), old.gid()));
            if secrecy == Secrecy::Secret {
                mode &= 0o700;
            }
        }
    }
    if secrecy == Secrecy::Secret {
        mode &= !OTHERS;
    }
    if mode != had {
        lost.push(format!("its mode is {mode:04o} now, and was {had:04o}: it holds private keys"));
    }
    staged.set_permissions(std::fs::Permissions::from_mode(mode))?;
    Ok((!lost.is_empty()).then(|| crate::safe::all_of(&lost)))
}

#[cfg(not(unix))]
pub(super) fn pass_on(_: &File, _: &Path, _: Secrecy) -> io::Result<Option<String>> {
    Ok(None)
}

/// Says so where every user of this machine may read or write the file at `path`, and what to do; for files with private keys.
#[cfg(unix)]
pub fn open_to_others(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let facts = path.metadata().ok().filter(|facts| facts.is_file())?;
    let (mode, place) = (facts.mode() & 0o777, super::shown(path));
    let may = if mode & 0o002 == 0 { "read" } else { "change" };
    (mode & OTHERS != 0).then(|| {
        format!(
            "{place} holds a private key, and every user of this machine may {may} it (mode {mode:04o}): chmod o= {}",
            crate::safe::shell_path(&place)
        )
    })
}

/// Who may read a file is not ours to tell here.
#[cfg(not(unix))]
pub fn open_to_others(_: &Path) -> Option<String> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn keys_that_everyone_reads_are_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let told = |mode| {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            open_to_others(file.path()).unwrap_or_default()
        };
        assert_eq!((told(0o600), told(0o640)), (String::new(), String::new()));
        assert!(told(0o644).contains("may read it (mode 0644): chmod o= "));
        assert!(told(0o666).contains("may change it"));
    }
}
