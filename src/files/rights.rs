//! Who may read a file: what a file that is replaced passes on, and whether a secret one is open to everyone.

use super::write::Planned;
use std::fs::File;
use std::io;
use std::path::Path;

/// The rights of others than owner and group.
#[cfg(unix)]
const OTHERS: u32 = 0o007;

/// Gives `staged` the mode, owner and group of `target`, whose place it takes: the service that reads the file has to go on
/// reading it. Says what was not kept.
///
/// A secret file loses the rights of others, and those of a group that is not the same any more.
#[cfg(unix)]
pub(super) fn pass_on(staged: &File, target: &Path, planned: &Planned) -> io::Result<Option<String>> {
    use super::write::Secrecy;
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
            if planned.secrecy == Secrecy::Secret {
                mode &= 0o700;
            }
        }
    }
    if planned.secrecy == Secrecy::Secret {
        mode &= !OTHERS;
    }
    if mode != had {
        lost.push(format!("its mode is {mode:04o} now, and was {had:04o}: it holds private keys"));
    }
    staged.set_permissions(std::fs::Permissions::from_mode(mode))?;
    let place = super::shown(&planned.path);
    Ok((!lost.is_empty()).then(|| format!("{place}: {}", crate::safe::all_of(&lost))))
}

#[cfg(not(unix))]
pub(super) fn pass_on(_: &File, _: &Path, _: &Planned) -> io::Result<Option<String>> {
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
            super::quoted(&place)
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
    use crate::files::{Existing, Secrecy, WriteSet};
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    fn replaced(mode: u32, secrecy: Secrecy) -> (u32, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let mut set = WriteSet::new();
        set.add(&path, secrecy, Existing::Replace, "new");
        let written = set.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        (fs::metadata(&path).unwrap().mode() & 0o777, written.remarks)
    }

    #[test]
    fn a_replaced_file_keeps_its_mode_and_a_secret_is_closed_to_others() {
        assert_eq!(replaced(0o640, Secrecy::Secret), (0o640, vec![]));
        assert_eq!(replaced(0o400, Secrecy::Secret), (0o400, vec![]));
        assert_eq!(replaced(0o600, Secrecy::Public), (0o600, vec![]));
        assert_eq!(replaced(0o664, Secrecy::Public), (0o664, vec![]));
        let (mode, remarks) = replaced(0o644, Secrecy::Secret);
        assert_eq!(mode, 0o640);
        assert!(remarks[0].ends_with("its mode is 0640 now, and was 0644: it holds private keys"), "{remarks:?}");
    }

    #[test]
    fn a_replaced_file_keeps_owner_and_group_where_we_may_give_it_away() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.p12");
        fs::write(&path, "old").unwrap();
        if std::os::unix::fs::chown(&path, Some(65534), Some(65534)).is_err() {
            return; // only root can make the case
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let mut set = WriteSet::new();
        set.add(&path, Secrecy::Secret, Existing::Replace, "new");
        assert_eq!(set.commit().unwrap().remarks, Vec::<String>::new());
        let facts = fs::metadata(&path).unwrap();
        assert_eq!((facts.uid(), facts.gid(), facts.mode() & 0o777), (65534, 65534, 0o640));
    }

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
