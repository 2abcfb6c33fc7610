//! The only file access: reading with a cap, and writing all or nothing.

mod folders;
mod lock;
mod rights;
mod write;

pub use lock::Lock;
pub use rights::{Secrecy, open_to_others};
pub use write::{Existing, WriteSet, Written};

use crate::error::{Error, Kind, Result};
use crate::safe::{Safe, shell_path};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use zeroize::Zeroizing;

/// How much of one file is read, in bytes: 256 MiB, far above the largest real store.
pub const CAP: u64 = 256 << 20;

/// The whole content of the file at `path`, or of standard input for `-`, if it is at most `cap` bytes.
///
/// # Errors
/// [`Kind::Unreadable`] where the file is missing, a directory or closed to this user; [`Kind::TooCostly`] above the
/// cap; [`Kind::Usage`] where standard input was read before. The message names the file.
pub fn read(path: &Path, cap: u64) -> Result<Zeroizing<Vec<u8>>> {
    if is_stdin(path) {
        claim_stdin()?;
        return read_capped(io::stdin().lock(), 0, cap).map_err(|e| e.in_file("standard input"));
    }
    let open = || -> io::Result<(File, Metadata)> {
        let file = File::open(path)?;
        let facts = file.metadata()?;
        Ok((file, facts))
    };
    let (file, facts) = open().map_err(|e| not_opened(path, &e))?;
    if facts.is_dir() {
        return Err(directory(path));
    }
    read_capped(file, facts.len(), cap).map_err(|e| e.in_file(shown(path)))
}

/// Whether `path` stands for standard input (or output): `-`.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path as messages show it; `-` in words.
pub fn shown(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { Safe(path.display()).to_string() }
}

static STDIN_CLAIMED: AtomicBool = AtomicBool::new(false);

/// Takes standard input for one use; it can be read only once.
///
/// # Errors
/// [`Kind::Usage`] where something else took it before.
pub fn claim_stdin() -> Result<()> {
    if STDIN_CLAIMED.swap(true, Ordering::SeqCst) {
        return Err(Error::new(
            Kind::Usage,
            "standard input is asked for twice, and can be read only once",
            "name a file in place of one - (or of --password stdin)",
        ));
    }
    Ok(())
}

fn read_capped(source: impl Read, expected: u64, cap: u64) -> Result<Zeroizing<Vec<u8>>> {
    // one byte over the expected size, so that the end is met without growing (growing leaves copies of secrets behind)
    let room = usize::try_from(expected.min(cap)).unwrap_or(0) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    source.take(cap.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| {
        Error::new(Kind::Unreadable, "cannot be read", "copy the file to a local disk, and name the copy").because(words(&e))
    })?;
    if bytes.len() as u64 > cap {
        return Err(Error::new(
            Kind::TooCostly,
            format!("larger than {}, the cap for one file", size(cap)),
            "check that this is the right file; split a larger bundle",
        ));
    }
    Ok(bytes)
}

fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}

/// The files of a folder in the order of their names, without hidden ones and sub-folders.
///
/// # Errors
/// [`Kind::Unreadable`] where the folder cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| not_opened(folder, &e))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| not_opened(folder, &e))?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        // a pipe or socket would block or never end; a symbolic link counts as what it points to
        if !hidden && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether `path` is there as a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Whether there is anything at `path`.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The file's name without its folder, for messages about a file inside a folder that was named.
pub fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| shown(path), |name| shown(Path::new(name)))
}

fn directory(path: &Path) -> Error {
    Error::new(Kind::Unreadable, "is a directory", format!("name one of its files: ls {}", shell_path(&shown(path))))
        .in_file(shown(path))
}

/// Why a file could not be opened, and what to do.
fn not_opened(path: &Path, e: &io::Error) -> Error {
    let place = shown(path);
    let error = match e.kind() {
        io::ErrorKind::NotFound => missing(path),
        io::ErrorKind::NotADirectory => Error::new(
            Kind::Unreadable,
            "no such file: a part of its path is a file, not a folder",
            "check the path for a slip of the keyboard",
        ),
        io::ErrorKind::PermissionDenied => forbidden(path),
        _ => Error::new(Kind::Unreadable, "cannot be opened", format!("ls -l {} shows what it is", shell_path(&place)))
            .because(words(e)),
    };
    error.in_file(place)
}

fn missing(path: &Path) -> Error {
    let folder = parent(path);
    if path.symlink_metadata().is_ok() {
        let target = std::fs::read_link(path).map(|t| shown(&t)).unwrap_or_default();
        return Error::new(
            Kind::Unreadable,
            format!("a symbolic link to {target}, which does not exist"),
            format!("put the file there, or mend the link: ls -l {}", shell_path(&shown(path))),
        );
    }
    let fix = if folder.is_dir() {
        format!("ls {} shows what is there", shell_path(&shown(folder)))
    } else {
        format!("the folder {} does not exist either: check the path", shown(folder))
    };
    Error::new(Kind::Unreadable, "no such file", fix)
}

/// The folder that holds `path`.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn forbidden(path: &Path) -> Error {
    use std::os::unix::fs::MetadataExt;
    let quoted_path = shell_path(&shown(path));
    match path.metadata() {
        Ok(facts) => {
            let owner = user_name(facts.uid());
            Error::new(
                Kind::Unreadable,
                format!("not readable by this user: it belongs to {owner}, mode {:04o}", facts.mode() & 0o7777),
                format!("run the command as {owner}, or let yourself read it: sudo setfacl -m u:$USER:r {quoted_path}"),
            )
        }
        Err(_) => Error::new(
            Kind::Unreadable,
            format!("the folder {} may not be entered by this user", shown(parent(path))),
            format!("ask its owner for access: ls -ld {}", shell_path(&shown(parent(path)))),
        ),
    }
}

#[cfg(not(unix))]
fn forbidden(path: &Path) -> Error {
    let place = shell_path(&shown(path));
    Error::new(Kind::Unreadable, "not readable by this user", format!("icacls {place} shows who may read it"))
}

/// The login name of a user number, from the system's list; the number itself where that has none.
#[cfg(unix)]
fn user_name(uid: u32) -> String {
    let list = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let wanted = uid.to_string();
    let name = list.lines().map(|l| l.split(':').collect::<Vec<_>>()).find(|f| f.get(2) == Some(&wanted.as_str()));
    name.and_then(|f| f.first().map(|n| Safe(*n).to_string())).unwrap_or_else(|| format!("user {uid}"))
}

/// An operating system's error in its own words, in our style: without the number, lower case.
fn words(e: &io::Error) -> String {
    let text = e.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Why a file could not be written, and what to do.
fn not_written(path: &Path, e: &io::Error) -> Error {
    let place = if path.as_os_str() == "-" { "standard output".to_owned() } else { shown(path) };
    let folder = shell_path(&shown(parent(path)));
    let fix = match e.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!("make room, then run it again: df -h {folder}"),
        io::ErrorKind::FileTooLarge => "lift the limit on the size of files, then run it again: ulimit -f unlimited".to_owned(),
        io::ErrorKind::PermissionDenied => format!("write to a folder of your own, or ask for access: ls -ld {folder}"),
        io::ErrorKind::ReadOnlyFilesystem => "write to another place: this file system is mounted read-only".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "choose a path whose folders are folders".to_owned(),
        io::ErrorKind::BrokenPipe => "let the program that reads from the pipe run to its end".to_owned(),
        io::ErrorKind::InvalidFilename => "choose a shorter name".to_owned(),
        _ => "write to another place, on a local disk".to_owned(),
    };
    Error::new(Kind::Output, "cannot be written, nothing was changed", fix).because(words(e)).in_file(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_files_and_folders_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let e = read(&dir.path().join("no.pem"), CAP).unwrap_err();
        assert!(e.what.ends_with("no.pem: no such file") && e.fix.starts_with("ls "), "{e}");
        let e = read(&dir.path().join("no/such.pem"), CAP).unwrap_err();
        assert!(e.fix.contains("does not exist either"), "{e}");
        let e = read(dir.path(), CAP).unwrap_err();
        assert!(e.what.ends_with("is a directory"), "{e}");
        assert_eq!(e.kind, Kind::Unreadable);
    }

    #[test]
    fn cap_is_kept_for_files_without_an_end() {
        let e = read(Path::new("/dev/zero"), 1000).unwrap_err();
        assert_eq!(e.kind, Kind::TooCostly);
        assert!(e.what.contains("1000 bytes"), "{e}");
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, [7; 1000]).unwrap();
        assert_eq!(read(file.path(), 1000).unwrap().len(), 1000);
        assert_eq!(read(file.path(), 999).unwrap_err().kind, Kind::TooCostly);
    }

    #[cfg(unix)]
    #[test]
    fn dangling_link_says_where_it_points() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("server.pem");
        std::os::unix::fs::symlink("gone.pem", &link).unwrap();
        let e = read(&link, CAP).unwrap_err();
        assert!(e.what.contains("link to gone.pem, which does not exist"), "{e}");
    }

    #[cfg(unix)]
    #[test]
    fn forbidden_file_names_owner_and_mode() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("k.pem");
        std::fs::write(&path, "x").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let e = not_opened(&path, &io::Error::from(io::ErrorKind::PermissionDenied));
        assert!(e.what.contains("mode 0600") && e.what.contains("it belongs to "), "{e}");
        assert_eq!(user_name(0), "root");
        assert_eq!(user_name(3_999_999_999), "user 3999999999");
    }

    #[test]
    fn folder_is_listed_in_order_without_hidden_files() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.pem", "a.pem", ".hidden"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(dir.path().join("sub")).unwrap();
        let names: Vec<String> = list(dir.path()).unwrap().iter().map(|p| name(p)).collect();
        assert_eq!(names, ["a.pem", "b.pem"]);
    }

    #[test]
    fn system_errors_read_as_ours() {
        assert_eq!(words(&io::Error::from_raw_os_error(28)), "no space left on device");
    }
}
