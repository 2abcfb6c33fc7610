//! `mtls password`

use super::Ui;
use super::args::OpenArgs;
use super::making::pasted;
use super::passwords::{self, Source};
use super::writing::{self, TargetArgs};
use crate::error::{Error, Kind, Result};
use crate::files::Lock;
use crate::report::{Body, Made, Report, Row};
use crate::stores;
use std::path::PathBuf;

/// Change the password of a store, and lift it to today's encryption
///
/// The store is opened with --password (or the usual ones) and written again in its own format, all or nothing; keys that had a
/// password of their own get the new one too. PKCS#12 comes out with AES-256 and SHA-256, or as --for and --legacy say.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The store
    #[arg(value_name = "STORE")]
    pub store: PathBuf,
    /// The new password; you are asked if it is not said
    #[arg(long = "new", value_name = "SOURCE", value_parser = Source::parse, default_value = "prompt", help_heading = "Passwords")]
    pub new: Source,
    /// Keep the file that was there as STORE.bak
    #[arg(long)]
    pub backup: bool,
    /// Which algorithms.
    #[command(flatten)]
    pub target: TargetArgs,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls password keystore.p12
  mtls password old.p12 --password pass:changeit --new env:NEW_PASSWORD --backup";

/// Opens with the old, writes with the new.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let keyring = args.open.keyring(ui)?;
    let lock = Lock::beside(&args.store)?;
    let store = stores::load(args.store.as_os_str(), &keyring.passwords(), &args.open.budget())?;
    let own = writing::same_format(store.format, &args.store)?;
    let target = if args.target.is_chosen() { args.target.target(&args.store)? } else { own };
    if target.format() != own.format() {
        let fix = format!("write another file: mtls convert {} NEW.p12", pasted(&args.store));
        return Err(Error::new(Kind::Refused, format!("is {}, and keeps its format here", store.format), fix)
            .in_file(args.store.display()));
    }
    writing::all_keys_open(&store.entries, args.store.as_os_str(), target)?;
    if let Some((_, why)) = target.cannot_hold(&store.entries).first() {
        let fix = "edit the store with the tool that wrote it";
        return Err(Error::new(Kind::Refused, format!("{why}; nothing was changed"), fix).in_file(args.store.display()));
    }
    if !target.needs_password() && store.keys().next().is_none() {
        return Err(Error::new(
            Kind::Refused,
            format!("holds no private key, and nothing else in {} can be under a password; nothing was changed", store.format),
            format!("convert it to a store that has one: mtls convert {} NEW.p12", pasted(&args.store)),
        )
        .in_file(args.store.display()));
    }
    let password = passwords::to_write(Some(&args.new), "--new", ui)?;
    let remarks = writing::write(
        Some(&lock),
        &args.store,
        &store.entries,
        target,
        &password,
        writing::changed(args.backup, true),
        ui.now(),
    )?;
    let rows = vec![Row {
        role: "store".to_owned(),
        action: "changed",
        files: vec![args.store.clone()],
        says: format!("{} under the new password", store.format),
        cert: None,
    }];
    let next = writing::look_into(&args.store, &password, [&args.new], ui).into_iter().collect();
    Ok(Report::new("password", ui.now(), Body::Made(Made { rows, remarks, next, ..Made::default() })))
}
