//! `mtls entry`

use super::Ui;
use super::args::OpenArgs;
use super::making::filled;
use super::writing::{self, WriteArgs};
use crate::bundle::Indexed;
use crate::edit::{self, Put, Taken};
use crate::error::{Error, Kind, Result};
use crate::files::{self, Lock};
use crate::formats::target::Target;
use crate::formats::{Entry, Item, Kept, Store};
use crate::pki::Cert;
use crate::report::{Body, Made, Report, Row};
use crate::safe::{all_of, shell_path};
use crate::{bundle, stores};
use clap::Subcommand;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Add, remove, rename and extract the entries of a keystore or truststore
///
/// The store is written again in its own format (PKCS#12, JKS, BCFKS or PEM), all or nothing. An entry is named by its alias,
/// or by its certificate's SHA-256 or SHA-1 fingerprint. A key under a password of its own stays under it, and is not opened
/// for what changes another entry; mtls password brings all under one (--key-password). Secret keys of a PKCS#12 stay in it.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with entries.
#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// Put the entries of other files into a store; it is made if it is not there
    Add {
        /// The store
        #[arg(value_name = "STORE")]
        store: PathBuf,
        /// Files with keys and certificates
        #[arg(value_name = "IN", required = true)]
        inputs: Vec<OsString>,
        /// The alias of the one entry that is added
        #[arg(long, value_name = "ALIAS", value_parser = filled)]
        alias: Option<String>,
        /// Replace the entry that has the same alias
        #[arg(long)]
        replace: bool,
        /// What all actions take.
        #[command(flatten)]
        args: EditArgs,
    },
    /// Take entries out of a store
    Remove {
        /// The store
        #[arg(value_name = "STORE")]
        store: PathBuf,
        /// Which entries
        #[arg(value_name = "ALIAS|FINGERPRINT", required = true)]
        which: Vec<String>,
        /// What all actions take.
        #[command(flatten)]
        args: EditArgs,
    },
    /// Give an entry another alias
    Rename {
        /// The store
        #[arg(value_name = "STORE")]
        store: PathBuf,
        /// Which entry
        #[arg(value_name = "ALIAS|FINGERPRINT")]
        which: String,
        /// Its new alias
        #[arg(value_name = "NEW-ALIAS", value_parser = filled)]
        alias: String,
        /// What all actions take.
        #[command(flatten)]
        args: EditArgs,
    },
    /// Write one entry to a file of its own
    Extract {
        /// The store
        #[arg(value_name = "STORE")]
        store: PathBuf,
        /// Which entry
        #[arg(value_name = "ALIAS|FINGERPRINT")]
        which: String,
        /// The file to write: PEM, or what its ending says; - for standard output
        #[arg(value_name = "OUT", default_value = "-")]
        out: PathBuf,
        /// Replace OUT where it exists
        #[arg(short, long)]
        force: bool,
        /// What all actions take.
        #[command(flatten)]
        args: EditArgs,
    },
}

/// What all actions take.
#[derive(Debug, Clone, clap::Args)]
pub struct EditArgs {
    /// How it is written.
    #[command(flatten)]
    pub write: WriteArgs,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls entry add keystore.p12 client.crt,client.key --alias client
  mtls entry rename keystore.jks 1 server --backup
  mtls entry extract keystore.p12 server server.pem";

/// Opens, changes, writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let made = match &args.action {
        Action::Add { store, inputs, alias, replace, args } => {
            let taken = if *replace { Taken::Replace } else { Taken::Refuse };
            change(store, args, ui, |entries, made, _| add(entries, made, inputs, alias.as_deref(), taken, args, ui))?
        }
        Action::Remove { store, which, args } => change(store, args, ui, |entries, made, _| {
            for which in which {
                let gone = bundle::remove(entries, which)?;
                made.rows.extend(gone.iter().map(|e| row("removed", store, e)));
            }
            Ok(())
        })?,
        Action::Rename { store, which, alias, args } => change(store, args, ui, |entries, made, target| {
            if target == Target::Pem {
                let fix =
                    format!("convert it to a store that has them: mtls convert {} NEW.p12", shell_path(&store.to_string_lossy()));
                return Err(Error::new(Kind::Refused, "PEM has no aliases; nothing was changed", fix));
            }
            edit::rename(entries, which, alias)?;
            let place = edit::find(entries, alias)?;
            made.rows.push(row("renamed", store, &entries[place]));
            Ok(())
        })?,
        Action::Extract { store, which, out, force, args } => extract(store, which, out, *force, args, ui)?,
    };
    Ok(Report::new("entry", ui.now(), Body::Made(made)))
}

fn row(action: &'static str, store: &Path, entry: &Entry) -> Row {
    let cert: Option<Cert> = entry.item.certificates().first().cloned();
    Row { role: entry.item.kind().to_owned(), action, files: vec![store.to_path_buf()], says: bundle::label(entry), cert }
}

/// Opens the store, lets `edit` change its entries, and writes it again in its format; a store that is not there begins empty.
fn change(
    file: &Path,
    args: &EditArgs,
    ui: &Ui,
    edit: impl FnOnce(&mut Vec<Entry>, &mut Made, Target) -> Result<()>,
) -> Result<Made> {
    let keyring = args.open.keyring(ui)?;
    let lock = Lock::beside(file)?;
    let there = files::exists(file);
    let (mut entries, opened_with, target) = if there {
        let Store { mut entries, password, format, .. } =
            stores::load(file.as_os_str(), &keyring.passwords(), &args.open.budget())?;
        entries.iter_mut().for_each(Entry::keep_own_password);
        (entries, password, writing::same_format(format, file)?)
    } else {
        let ending = file.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
        (vec![], None, Target::from_ending(&ending).unwrap_or(Target::Pkcs12(crate::formats::pkcs12::Profile::Modern)))
    };
    let mut made = Made::default();
    edit(&mut entries, &mut made, target).map_err(|e| if e.kind == Kind::Refused { e.in_file(file.display()) } else { e })?;
    writing::all_keys_open(&entries, file.as_os_str(), target)?;
    made.remarks.extend(left_as_they_are(&entries));
    if let Some((_, why)) = target.cannot_hold(&entries).first() {
        let fix = "convert it with mtls convert --drop, or edit it with the tool that wrote it";
        return Err(Error::new(Kind::Refused, format!("{why}; nothing was changed"), fix).in_file(file.display()));
    }
    let password = match (target, args.write.out_password.as_ref(), opened_with) {
        // keys that were encrypted in the PEM file stay so
        (Target::Pem, None, Some(password)) => password,
        (_, asked, opened_with) => writing::password(target, asked, opened_with, &keyring, ui)?,
    };
    let existing = writing::changed(args.write.backup, there);
    made.remarks.extend(writing::write(Some(&lock), file, &entries, target, &password, existing, ui.now())?);
    let sources = args.write.out_password.iter().chain(&args.open.passwords.passwords);
    made.next.extend(writing::look_into(file, &password, sources, ui));
    Ok(made)
}

/// The keys that no password opened: they are written as they were.
fn left_as_they_are(entries: &[Entry]) -> Option<String> {
    let sealed: Vec<String> = entries.iter().filter(|e| matches!(e.kept, Some(Kept::Sealed { .. }))).map(bundle::label).collect();
    let stays = if sealed.len() == 1 { "was not opened, and stays as it was" } else { "were not opened, and stay as they were" };
    (!sealed.is_empty()).then(|| format!("{} {stays}", all_of(&sealed)))
}

fn add(
    entries: &mut Vec<Entry>,
    made: &mut Made,
    inputs: &[OsString],
    alias: Option<&str>,
    taken: Taken,
    args: &EditArgs,
    ui: &Ui,
) -> Result<()> {
    let keyring = args.open.keyring(ui)?;
    let mut new = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        let store = stores::load(input, &keyring.passwords(), &args.open.budget())?;
        new.extend(store.entries.into_iter().map(|entry| (entry, number)));
    }
    edit::join_loose(&mut new);
    if let (Some(_), true) = (alias, new.len() > 1) {
        return Err(Error::new(
            Kind::Usage,
            format!("one alias for {} entries", new.len()),
            "leave --alias out, or add them one by one",
        ));
    }
    for (entry, _) in &mut new {
        entry.alias = alias.map(str::to_owned).or(entry.alias.take());
        // a certificate on its own is put in to be trusted
        if let Item::Certificate(cert) = &entry.item {
            entry.item = Item::Trusted(cert.clone());
        }
    }
    let shown: Vec<(&str, Option<Cert>)> =
        new.iter().map(|(entry, _)| (entry.item.kind(), entry.item.certificates().first().cloned())).collect();
    let mut all = Indexed::new(std::mem::take(entries));
    let puts = edit::bring_together(&mut all, new, taken)?;
    *entries = all.into_entries();
    for (put, (kind, cert)) in puts.into_iter().zip(shown) {
        let (action, alias) = match put {
            Put::Added(alias) => ("added", alias),
            Put::Replaced(alias) => ("replaced", alias),
            Put::AlreadyThere(alias) => ("already there", alias),
        };
        made.rows.push(Row { role: kind.to_owned(), action, files: vec![], says: alias, cert });
    }
    Ok(())
}

fn extract(file: &Path, which: &str, out: &Path, force: bool, args: &EditArgs, ui: &Ui) -> Result<Made> {
    let keyring = args.open.keyring(ui)?;
    let store = stores::load(file.as_os_str(), &keyring.passwords(), &args.open.budget())?;
    let place = edit::find(&store.entries, which).map_err(|e| e.in_file(file.display()))?;
    let entry = &store.entries[place];
    let ending = out.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
    let target = Target::from_ending(&ending).unwrap_or(Target::Pem);
    let password = writing::password(target, args.write.out_password.as_ref(), store.password.clone(), &keyring, ui)?;
    let mut made = Made { beside_output: writing::is_stdout(out, ui)?, ..Made::default() };
    let one = std::slice::from_ref(entry);
    writing::all_keys_open(one, file.as_os_str(), target)?;
    if let Some((_, why)) = target.cannot_hold(one).first() {
        return Err(Error::new(Kind::Refused, why.clone(), "choose another format for OUT").in_file(file.display()));
    }
    made.remarks.extend(writing::write(None, out, one, target, &password, args.write.existing(force), ui.now())?);
    if out.as_os_str() != "-" {
        made.rows.push(row("made", out, entry));
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format;

    #[test]
    fn what_was_opened_is_not_called_unopened() {
        let secret = Item::Secret { algorithm: "AES".to_owned(), bits: Some(128) };
        let own = Some(vec![2].into());
        let opened = Kept::Secret { plain: vec![1].into(), own, stays: false };
        let unread = Item::Unread { what: "secret key".to_owned(), why: Error::wrong_password() };
        let mut entries = vec![
            Entry { kept: Some(opened), ..Entry::new(Some("opened".to_owned()), secret) },
            Entry { kept: Some(Kept::sealed(Format::Pkcs12, &[3])), ..Entry::new(Some("sealed".to_owned()), unread) },
        ];
        entries.iter_mut().for_each(Entry::keep_own_password);
        assert_eq!(left_as_they_are(&entries).as_deref(), Some("sealed was not opened, and stays as it was"));
        assert_eq!(left_as_they_are(&entries[..1]), None);
    }
}
