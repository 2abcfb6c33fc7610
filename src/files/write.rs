//! Writing a set of files so that either all of them are new or all of them are as before.
//!
//! Every file is staged beside its target under its final mode, flushed to the disk where it replaces another, and only then
//! renamed over the target. A full disk, a quota or a missing right thus shows before anything is changed.

use super::folders::NewFolders;
use super::lock::Lock;
use super::rights::{self, Secrecy};
use super::{not_written, parent, shown};
use crate::error::{Error, Kind, Result};
use crate::safe::shell_path;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};
use zeroize::Zeroizing;

/// What to do about a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Nothing is written; the command can be told to replace it (`--force`).
    Refuse,
    /// Nothing is written: there was none when the work began.
    Absent,
    /// It is replaced.
    Replace,
    /// It is kept as `NAME.bak` (`NAME.bak2` …) and replaced.
    Backup,
}

/// Files to be written together. Nothing is touched before [`WriteSet::commit`].
#[derive(Default)]
pub struct WriteSet {
    files: Vec<Planned>,
}

struct Planned {
    path: PathBuf,
    secrecy: Secrecy,
    existing: Existing,
    bytes: Zeroizing<Vec<u8>>,
}

/// What came of writing a set.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The backups that were made.
    pub backups: Vec<PathBuf>,
    /// What became otherwise than it was, in sentences: rights that were not kept.
    pub remarks: Vec<String>,
}

impl Written {
    /// All that there is to say, in sentences.
    pub fn remarks(self) -> Vec<String> {
        let backups = self.backups.iter().map(|b| format!("the file that was there is kept as {}", shown(b)));
        backups.chain(self.remarks).collect()
    }
}

/// Where a planned file goes to.
enum Target {
    /// `-`.
    Stdout,
    /// A device, a pipe: written in place, as it cannot be replaced.
    Special(PathBuf),
    /// A file that is there, links resolved.
    Present(PathBuf),
    /// A new file.
    New(PathBuf),
}

/// A file that is on the disk under a temporary name.
struct Staged {
    content: TempPath,
    target: PathBuf,
    is_new: bool,
    existing: Existing,
    remark: Option<String>,
}

/// What undoes one rename.
enum Undo {
    Remove(PathBuf),
    Restore { old: PathBuf, target: PathBuf },
}

impl WriteSet {
    /// An empty set.
    pub fn new() -> Self {
        WriteSet::default()
    }

    /// Plans `bytes` for `path`; `-` is standard output.
    pub fn add(&mut self, path: impl Into<PathBuf>, secrecy: Secrecy, existing: Existing, bytes: impl Into<Vec<u8>>) {
        self.files.push(Planned { path: path.into(), secrecy, existing, bytes: Zeroizing::new(bytes.into()) });
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Writes all files, or none. A file that is replaced keeps its mode (a secret one without any right for others), and
    /// its owner and group as far as we may give files away.
    ///
    /// # Errors
    /// [`Kind::Output`], naming the file and what to do; then everything is as it was before.
    pub fn commit(self) -> Result<Written> {
        self.commit_if(|| Ok(()))
    }

    /// The same, where the file that `lock` remembers is still as it was then.
    ///
    /// # Errors
    /// As [`WriteSet::commit`]; also where it is not.
    pub fn commit_under(self, lock: &Lock) -> Result<Written> {
        self.commit_if(|| lock.unchanged())
    }

    fn commit_if(self, may_go_on: impl FnOnce() -> Result<()>) -> Result<Written> {
        let targets = self.files.iter().map(target).collect::<Result<Vec<_>>>()?;
        self.refuse_doubles(&targets)?;
        let mut folders = NewFolders::default();
        let mut staged = Vec::new();
        for (file, target) in self.files.iter().zip(&targets) {
            if let Target::Present(path) | Target::New(path) = target {
                folders.make(parent(path), self.secrecy_below(parent(path), &targets))?;
                staged.push(stage(file, path, matches!(target, Target::New(_)))?);
            }
        }
        let remarks = staged.iter_mut().filter_map(|s: &mut Staged| s.remark.take()).collect();
        may_go_on()?;
        // what cannot be taken back comes before the renames, which nearly always succeed, and after all that may fail
        for (file, target) in self.files.iter().zip(&targets) {
            match target {
                Target::Stdout => {
                    write_through(&mut io::stdout().lock(), &file.bytes).map_err(|e| not_written(Path::new("-"), &e))?
                }
                Target::Special(path) => File::options()
                    .write(true)
                    .open(path)
                    .and_then(|mut f| write_through(&mut f, &file.bytes))
                    .map_err(|e| not_written(path, &e))?,
                _ => {}
            }
        }
        let backups = rename_all(staged)?;
        folders.keep();
        Ok(Written { backups, remarks })
    }

    fn refuse_doubles(&self, targets: &[Target]) -> Result<()> {
        let mut seen = HashSet::new();
        for (file, target) in self.files.iter().zip(targets) {
            if let Target::Present(path) | Target::New(path) = target
                && !seen.insert(path)
            {
                return Err(Error::new(
                    Kind::Usage,
                    format!("{}: two results would be written to this one file", shown(&file.path)),
                    "give each result a file name of its own",
                ));
            }
        }
        Ok(())
    }

    /// A folder that is made for secrets alone is closed to others; one with a certificate or truststore beside them is
    /// not, since those are there to be handed on.
    fn secrecy_below(&self, folder: &Path, targets: &[Target]) -> Secrecy {
        let mut within = self
            .files
            .iter()
            .zip(targets)
            .filter(|(_, target)| matches!(target, Target::New(path) | Target::Present(path) if parent(path) == folder));
        if within.all(|(file, _)| file.secrecy == Secrecy::Secret) { Secrecy::Secret } else { Secrecy::Public }
    }
}

fn write_through(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(bytes)?;
    out.flush()
}

/// Follows links to the file that is really meant, so that a link stays a link.
fn target(file: &Planned) -> Result<Target> {
    if file.path.as_os_str() == "-" {
        return Ok(Target::Stdout);
    }
    let mut path = file.path.clone();
    for _ in 0..40 {
        match path.symlink_metadata() {
            Ok(facts) if facts.is_symlink() => {
                let next = fs::read_link(&path).map_err(|e| not_written(&file.path, &e))?;
                path = parent(&path).join(next);
            }
            Ok(facts) if facts.is_dir() => {
                return Err(
                    Error::new(Kind::Output, "is a directory, not a file", "name a file inside of it").in_file(shown(&file.path))
                );
            }
            Ok(facts) if !facts.is_file() => return Ok(Target::Special(path)),
            Ok(_) if matches!(file.existing, Existing::Refuse | Existing::Absent) => {
                return Err(occupied(&file.path, file.existing));
            }
            Ok(_) => return Ok(Target::Present(path)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Target::New(path)),
            Err(e) => return Err(not_written(&file.path, &e)),
        }
    }
    Err(Error::new(Kind::Output, "a circle of symbolic links", format!("remove the link: rm {}", shell_path(&shown(&file.path))))
        .in_file(shown(&file.path)))
}

fn occupied(path: &Path, existing: Existing) -> Error {
    let (what, fix) = match existing {
        Existing::Absent => ("was made by another program meanwhile, and is left as it is", "run the same command again"),
        _ => ("exists already, and is left as it is", "choose another name, or add --force to replace it"),
    };
    Error::new(Kind::Output, what, fix).in_file(shown(path))
}

fn stage(file: &Planned, target: &Path, is_new: bool) -> Result<Staged> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mtls-").suffix(".part");
    // from the first moment on: a mode that is set later leaves a gap for others to open the file in
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(match file.secrecy {
        Secrecy::Secret => 0o600,
        Secrecy::Public => 0o644,
    }));
    let staged = || -> io::Result<(NamedTempFile, Option<String>)> {
        let mut content = builder.tempfile_in(parent(target))?;
        content.write_all(&file.bytes)?;
        let remark = if is_new {
            None
        } else {
            rights::pass_on(content.as_file(), target, file.secrecy)?.map(|lost| format!("{}: {lost}", shown(&file.path)))
        };
        // before it takes the place of another: a power cut must not leave neither. A new file has nothing to lose, and
        // eleven of these waits would be most of what `mtls init` takes
        if !is_new {
            content.as_file().sync_all()?;
        }
        Ok((content, remark))
    };
    let (content, remark) = staged().map_err(|e| not_written(&file.path, &e))?;
    Ok(Staged { content: content.into_temp_path(), target: target.to_owned(), is_new, existing: file.existing, remark })
}

/// Renames every staged file over its target; takes all back if one does not go.
fn rename_all(staged: Vec<Staged>) -> Result<Vec<PathBuf>> {
    let (mut undo, mut backups) = (Vec::new(), Vec::new());
    let mut touched = HashSet::new();
    for file in staged {
        if !file.is_new {
            touched.insert(parent(&file.target).to_owned());
        }
        let (target, existing) = (file.target.clone(), file.existing);
        match rename(file) {
            Ok((step, backup)) => {
                undo.push(step);
                backups.extend(backup);
            }
            Err(e) => {
                undo.into_iter().rev().for_each(take_back);
                return Err(if e.kind() == io::ErrorKind::AlreadyExists {
                    occupied(&target, existing)
                } else {
                    not_written(&target, &e)
                });
            }
        }
    }
    for step in undo {
        if let Undo::Restore { old, .. } = step
            && !backups.contains(&old)
        {
            let _ = fs::remove_file(old); // a second name of content that was replaced
        }
    }
    for folder in touched {
        let _ = File::open(folder).and_then(|f| f.sync_all()); // not every file system can flush a folder
    }
    Ok(backups)
}

fn rename(file: Staged) -> io::Result<(Undo, Option<PathBuf>)> {
    let target = file.target;
    if file.is_new {
        if matches!(file.existing, Existing::Refuse | Existing::Absent) {
            file.content.persist_noclobber(&target).map_err(|e| e.error)?;
        } else {
            file.content.persist(&target).map_err(|e| e.error)?;
        }
        return Ok((Undo::Remove(target), None));
    }
    let old = set_aside(&target, file.existing)?;
    if let Err(e) = file.content.persist(&target) {
        let _ = fs::remove_file(&old);
        return Err(e.error);
    }
    let backup = (file.existing == Existing::Backup).then(|| old.clone());
    Ok((Undo::Restore { old, target }, backup))
}

/// Gives the present content of `target` a second name: the backup's, or one for the time until all is renamed.
fn set_aside(target: &Path, existing: Existing) -> io::Result<PathBuf> {
    let beside = |suffix: &str| {
        let mut name = target.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    for n in 1..10_000 {
        let old = match (existing, n) {
            (Existing::Backup, 1) => beside(".bak"),
            (Existing::Backup, n) => beside(&format!(".bak{n}")),
            (_, n) => beside(&format!(".mtls-old{n}")),
        };
        match fs::hard_link(target, &old) {
            Ok(()) => return Ok(old),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
            // file systems without hard links: a copy, which keeps the mode
            Err(_) if old.symlink_metadata().is_ok() => continue,
            Err(_) => return fs::copy(target, &old).map(|_| old),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "too many backups are there"))
}

fn take_back(step: Undo) {
    // the best that can be done on the way out of an error, which is what gets reported
    let _ = match step {
        Undo::Remove(path) => fs::remove_file(path),
        Undo::Restore { old, target } => fs::rename(old, target),
    };
}

#[cfg(all(test, unix))]
#[path = "write_tests.rs"]
mod tests;
