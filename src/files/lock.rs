//! One writer at a time: a lock on the folder, held from reading a file until it was replaced.
//!
//! The lock is advisory: it keeps two runs of `mtls` apart. That another program changed the file meanwhile is seen by its
//! content, which is compared just before it would be replaced. Nothing is left behind, not even after a crash.

use super::folders::NewFolders;
use super::rights::Secrecy;
use super::{parent, shown};
use crate::error::{Error, Kind, Result};
use crate::safe::shell_path;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long another writer is waited for: it may be making RSA keys, or deriving those of a slow store.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// A folder that is ours to write into until this is dropped.
pub struct Lock {
    /// What was made for it goes again where nothing came to lie in it: before the lock, as fields are dropped in order.
    _made: NewFolders,
    held: Option<Held>,
    /// The file that is about to be changed, as it was when the lock was had.
    before: Option<(PathBuf, Option<Zeroizing<Vec<u8>>>)>,
}

impl Lock {
    /// Waits until no other `mtls` writes into `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// [`Kind::Output`] where the folder cannot be made, or another writer does not come to an end.
    pub fn on(folder: &Path) -> Result<Lock> {
        Lock::within(folder, PATIENCE)
    }

    fn within(folder: &Path, patience: Duration) -> Result<Lock> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let deadline = Instant::now() + patience;
        let mut made = NewFolders::default();
        loop {
            made.make(folder, Secrecy::Public)?;
            match Held::attempt(folder) {
                Ok(Some(held)) => return Ok(Lock { _made: made, held: Some(held), before: None }),
                Ok(None) if Instant::now() < deadline => std::thread::sleep(PAUSE),
                Ok(None) => return Err(busy(folder, patience)),
                // a folder that may be written and not read, a file system without locks: what is left is to look whether
                // the content changed
                Err(_) => return Ok(Lock { _made: made, held: None, before: None }),
            }
        }
    }

    /// The same for the folder of `file`, and remembers what is in the file: [`super::WriteSet::commit_under`] refuses where
    /// that is another by then. Links are followed. A folder that is missing is not made: a new file replaces nothing.
    ///
    /// # Errors
    /// As [`Lock::on`].
    pub fn beside(file: &Path) -> Result<Lock> {
        if super::is_stdin(file) {
            return Ok(Lock { _made: NewFolders::default(), held: None, before: None });
        }
        let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        let mut lock = match parent(&file).is_dir() {
            true => Lock::on(parent(&file))?,
            false => Lock { _made: NewFolders::default(), held: None, before: None },
        };
        let content = content(&file);
        lock.before = Some((file, content));
        Ok(lock)
    }

    /// Refuses where the file is not any more what it was when the lock was had.
    pub(super) fn unchanged(&self) -> Result<()> {
        let Some((file, before)) = &self.before else { return Ok(()) };
        if content(file) == *before {
            return Ok(());
        }
        Err(Error::new(
            Kind::Output,
            "was changed by another program meanwhile, and is left as that wrote it",
            "run the same command again",
        )
        .in_file(shown(file)))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // there the lock is a file, in a folder that has to be empty to be removed
        if cfg!(windows) {
            self.held = None;
        }
    }
}

/// What is in a regular file; `None` where there is none (what is there and cannot be read is told by whoever reads it next).
fn content(file: &Path) -> Option<Zeroizing<Vec<u8>>> {
    file.is_file().then(|| super::read(file, super::CAP).ok()).flatten()
}

fn busy(folder: &Path, patience: Duration) -> Error {
    let place = shown(folder);
    Error::new(
        Kind::Output,
        format!(
            "another mtls is writing into this folder, and did not end within {} seconds; nothing was changed",
            patience.as_secs()
        ),
        format!("see which one it is with fuser -v {}, and run the same command again when it has ended", shell_path(&place)),
    )
    .in_file(place)
}

/// What keeps others out.
struct Held {
    _file: File,
}

#[cfg(unix)]
impl Held {
    /// `None` where another holds it, or the folder was removed and made anew meanwhile.
    fn attempt(folder: &Path) -> io::Result<Option<Held>> {
        use std::os::unix::fs::MetadataExt;
        let file = File::open(folder)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
            Err(fs::TryLockError::Error(e)) => return Err(e),
        }
        let (held, there) = (file.metadata()?, folder.metadata());
        let is_same = there.is_ok_and(|there| (there.dev(), there.ino()) == (held.dev(), held.ino()));
        Ok(is_same.then_some(Held { _file: file }))
    }
}

#[cfg(windows)]
impl Held {
    /// Folders cannot be locked here: a file stands for it, which the system removes as soon as its handle is closed.
    fn attempt(folder: &Path) -> io::Result<Option<Held>> {
        use std::os::windows::fs::OpenOptionsExt;
        const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
        let mut options = File::options();
        options.write(true).create_new(true).share_mode(0).custom_flags(FILE_FLAG_DELETE_ON_CLOSE);
        match options.open(folder.join(".mtls-lock")) {
            Ok(file) => Ok(Some(Held { _file: file })),
            // one that is just being removed answers "access denied"
            Err(e) if matches!(e.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::PermissionDenied) => Ok(None),
            Err(e) => Err(e),
        }
    }
}

#[cfg(not(any(unix, windows)))]
impl Held {
    fn attempt(_: &Path) -> io::Result<Option<Held>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_waits_and_gives_up_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::on(dir.path()).unwrap();
        let e = Lock::within(dir.path(), Duration::from_millis(50)).err().unwrap();
        assert!(e.kind == Kind::Output && e.what.contains("another mtls is writing into this folder"), "{e}");
        drop(first);
        Lock::within(dir.path(), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_folder_that_was_made_for_the_lock_goes_unless_it_is_used() {
        let dir = tempfile::tempdir().unwrap();
        let (empty, used) = (dir.path().join("a/b"), dir.path().join("c"));
        drop(Lock::on(&empty).unwrap());
        assert!(!dir.path().join("a").exists());
        let lock = Lock::on(&used).unwrap();
        fs::write(used.join("x"), "x").unwrap();
        drop(lock);
        assert!(used.join("x").exists());
        assert_eq!(fs::read_dir(&used).unwrap().count(), 1);
    }
}
