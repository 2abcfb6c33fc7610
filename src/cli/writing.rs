//! What the commands that write a store share: which format and algorithms, under which password, over which file.

use super::Ui;
use super::passwords::{self, Keyring, Source};
use crate::error::{Error, Kind, Result};
use crate::files::{Existing, Lock, Secrecy, WriteSet};
use crate::formats::consumer::Consumer;
use crate::formats::target::{self, Target};
use crate::formats::{Entry, Format, Item, pkcs12};
use crate::pki::Password;
use crate::safe::Safe;
use clap::Args;
use std::ffi::OsStr;
use std::path::Path;
use time::OffsetDateTime;

/// How a store is written.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Writing")]
pub struct WriteArgs {
    /// The password of what is written; the one that opened the input, or the first --password, if not said
    #[arg(long, value_name = "SOURCE", value_parser = Source::parse)]
    pub out_password: Option<Source>,
    /// Keep the file that was there as FILE.bak
    #[arg(long)]
    pub backup: bool,
}

/// Which format, or for whom.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Writing")]
pub struct TargetArgs {
    /// Write this format; what the ending of OUT says, if not said
    #[arg(long, value_name = "FORMAT", value_parser = ["pkcs12", "jks", "bcfks", "pem", "der", "pkcs7"])]
    pub to: Option<String>,
    /// Write PKCS#12 as this consumer takes it
    #[arg(long = "for", value_name = "CONSUMER", value_parser = consumer_words(), conflicts_with_all = ["to", "legacy", "pbmac1"], long_help = consumer_help())]
    pub consumer: Option<String>,
    /// Write PKCS#12 with triple DES and SHA-1, which everything reads
    #[arg(long, conflicts_with = "pbmac1")]
    pub legacy: bool,
    /// Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules
    #[arg(long)]
    pub pbmac1: bool,
}

fn consumer_words() -> Vec<&'static str> {
    Consumer::ALL.iter().map(|(word, ..)| *word).collect()
}

fn consumer_help() -> String {
    let rows: Vec<String> = Consumer::ALL.iter().map(|(word, _, why)| format!("  {word:<8} {why}")).collect();
    format!("Write PKCS#12 as this consumer takes it:\n{}", rows.join("\n"))
}

impl TargetArgs {
    /// Whether the user said how to write.
    pub fn is_chosen(&self) -> bool {
        self.to.is_some() || self.consumer.is_some() || self.legacy || self.pbmac1
    }

    /// What to write to `out`; `otherwise` where nothing says it.
    ///
    /// # Errors
    /// As [`TargetArgs::target`], but for a name that says nothing.
    pub fn target_or(&self, out: &Path, otherwise: Target) -> Result<Target> {
        let says = out.extension().is_some_and(|e| Target::from_ending(&e.to_string_lossy()).is_some());
        if self.is_chosen() || says { self.target(out) } else { Ok(otherwise) }
    }

    /// What to write to `out`.
    ///
    /// # Errors
    /// A usage error where neither an option nor the file's ending says it.
    pub fn target(&self, out: &Path) -> Result<Target> {
        if let Some(word) = &self.consumer {
            let consumer = Consumer::ALL.iter().find(|(known, ..)| known == word).map(|(_, consumer, _)| *consumer);
            return consumer.map(Consumer::target).ok_or_else(|| Error::internal("a consumer without a row"));
        }
        if self.legacy {
            return Ok(Target::Pkcs12(pkcs12::Profile::Legacy));
        }
        if self.pbmac1 {
            return Ok(Target::Pkcs12(pkcs12::Profile::Pbmac1));
        }
        let ending = out.extension().map(|e| e.to_string_lossy().into_owned());
        let target = match &self.to {
            Some(word) => Target::from_word(word),
            None => ending.as_deref().and_then(Target::from_ending),
        };
        target.ok_or_else(|| {
            Error::new(
                Kind::Usage,
                format!("the name {} does not say which format to write", out.display()),
                format!(
                    "say it with --to {}, or end the name in .p12, .jks, .pem, .der or .p7b",
                    crate::safe::one_of(&Target::WORDS)
                ),
            )
        })
    }
}

impl WriteArgs {
    /// Whether the file that is there goes, and how.
    pub fn existing(&self, may_replace: bool) -> Existing {
        match (self.backup, may_replace) {
            (true, _) => Existing::Backup,
            (false, true) => Existing::Replace,
            (false, false) => Existing::Refuse,
        }
    }
}

/// What is done about the file of a store that is changed: it was there when it was read, or was not.
pub fn changed(keeps_backup: bool, was_there: bool) -> Existing {
    match (keeps_backup, was_there) {
        (true, _) => Existing::Backup,
        (false, true) => Existing::Replace,
        (false, false) => Existing::Absent,
    }
}

/// The password for `target`: `asked`, else what [`passwords::of_target`] says; PEM and DER keys are encrypted only where one is
/// asked for.
///
/// # Errors
/// A usage error where the source has nothing to give.
pub fn password(
    target: Target,
    asked: Option<&Source>,
    opened_with: Option<Password>,
    keyring: &Keyring,
    ui: &Ui,
) -> Result<Password> {
    match (target.needs_password(), asked) {
        (false, None) => Ok(Password::empty()),
        _ => passwords::of_target(asked, opened_with, keyring, ui),
    }
}

/// Whether `out` is standard output, which then is for the file alone.
///
/// # Errors
/// A usage error where it is to carry a JSON object too.
pub fn is_stdout(out: &Path, ui: &Ui) -> Result<bool> {
    match out.as_os_str() == "-" {
        true if ui.is_json() => Err(Error::new(
            Kind::Usage,
            "standard output cannot carry both the file and the JSON object",
            "write to a file instead of -, or leave --json away",
        )),
        is_stdout => Ok(is_stdout),
    }
}

/// What to run on `out` next, which was written under `password` (see [`passwords::hint`]): nothing where that is standard output.
pub fn look_into<'s>(out: &Path, password: &Password, sources: impl IntoIterator<Item = &'s Source>, ui: &Ui) -> Option<String> {
    let line = || format!("mtls inspect {}{}", super::making::pasted(out), passwords::hint(password, sources, ui));
    (out.as_os_str() != "-").then(line)
}

/// Says so where the ending of `out` promises another format than `target`, as in `--for java8` with a name in .jks.
pub fn misnamed(out: &Path, target: Target) -> Option<String> {
    let promised = Target::from_ending(&out.extension()?.to_string_lossy())?.format();
    let is = target.format();
    (promised != is)
        .then(|| format!("{} is {is}, though its name says {promised}: some programs go by the name", Safe(out.display())))
}

/// Whether entries must not be readable by others.
pub fn secrecy(entries: &[Entry]) -> Secrecy {
    if entries.iter().any(|e| e.kept.is_some() || matches!(e.item, Item::Key { .. } | Item::Secret { .. })) {
        Secrecy::Secret
    } else {
        Secrecy::Public
    }
}

/// Writes `entries` to `out`, all or nothing; gives back what there is to say of it: backups, rights that were not kept. A
/// store that was read under `lock` must not have changed since.
///
/// # Errors
/// Those of the format and of the file.
pub fn write(
    lock: Option<&Lock>,
    out: &Path,
    entries: &[Entry],
    target: Target,
    password: &Password,
    existing: Existing,
    now: OffsetDateTime,
) -> Result<Vec<String>> {
    let bytes = target::write(target, entries, password, now)?;
    let mut set = WriteSet::new();
    set.add(out, secrecy(entries), existing, bytes.to_vec());
    let written = match lock {
        Some(lock) => set.commit_under(lock)?,
        None => set.commit()?,
    };
    Ok(written.remarks())
}

/// Refuses a store whose keys did not all open: what could not be read cannot be written again, unless `target` takes it over
/// as it is.
///
/// # Errors
/// Why the first of them did not open.
pub fn all_keys_open(entries: &[Entry], file: &OsStr, target: Target) -> Result<()> {
    let not_kept = entries.iter().filter(|e| !e.is_kept_in(target.format()));
    let closed = not_kept.into_iter().find_map(|e| match &e.item {
        Item::Key { key: Err(why), .. } => Some((why, e.alias.as_deref())),
        _ => None,
    });
    let Some((why, alias)) = closed else { return Ok(()) };
    let whose = alias.map_or_else(|| "a private key".to_owned(), |alias| format!("the private key \"{}\"", Safe(alias)));
    let what = format!("{}: {whose}: {}", Safe(file.to_string_lossy()), why.what);
    Err(Error { what, ..why.clone() }.because("nothing was written"))
}

/// How a store that is changed is written again: in its own format.
///
/// # Errors
/// [`Kind::Refused`] for formats that mtls reads only.
pub fn same_format(format: Format, file: &Path) -> Result<Target> {
    Target::like(format).ok_or_else(|| {
        let fix = format!("convert it first: mtls convert {} NEW.p12", crate::safe::shell_path(&file.to_string_lossy()));
        let what = match format {
            Format::Der | Format::Pkcs7 => format!("{format} is converted, not edited"),
            _ => format!("mtls reads {format}, and does not write it"),
        };
        Error::new(Kind::Refused, what, fix).in_file(file.display())
    })
}
