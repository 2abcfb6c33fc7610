//! `mtls keystore`

use super::Ui;
use super::args::OpenArgs;
use super::making::filled;
use super::passwords::Source;
use super::writing::{self, TargetArgs};
use crate::bundle;
use crate::error::Result;
use crate::files::{self, Existing};
use crate::formats::pkcs12;
use crate::formats::target::{Target, certificates};
use crate::formats::{Entry, Item};
use crate::report::{Body, Made, Report, Row};
use crate::safe::{Safe, all_of, count};
use crate::stores;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Bundle a private key, its certificate and the intermediates into a keystore
///
/// It is written as PKCS#12, or as the ending of its name says (.jks, .bcfks, .pem). The parts may come in any order and from
/// any files that mtls reads: PEM, DER, PKCS#7, another keystore. The leaf is the certificate of the key; the intermediates are put in order behind it, under one alias. A root is left out: it belongs into
/// truststores.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The keystore to write
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// The parts: files with the key, the certificate and the intermediates
    #[arg(value_name = "IN", required = true)]
    pub parts: Vec<OsString>,
    /// The alias of the entry; the one it had, or the certificate's common name, if not said
    #[arg(long, value_name = "ALIAS", value_parser = filled)]
    pub alias: Option<String>,
    /// Replace OUT where it exists
    #[arg(short, long)]
    pub force: bool,
    /// Which format the keystore has.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Take the intermediates from this store too; a key in it is left alone (repeatable)
    #[arg(long, value_name = "STORE")]
    pub chain: Vec<OsString>,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
    /// The password of OUT; the one that opened a part, or the first --password, if not said
    #[arg(long, value_name = "SOURCE", value_parser = Source::parse, help_heading = "Passwords")]
    pub out_password: Option<Source>,
}

const EXAMPLES: &str = "\
Examples:
  mtls keystore server.p12 server.crt server.key intermediate.crt
  mtls keystore billing.p12 billing.pem --alias billing --password env:STORE_PASSWORD
  mtls keystore old-windows.p12 server.p12 --legacy";

/// Bundles and writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = ui.now();
    let beside_output = writing::is_stdout(&args.out, ui)?;
    let keyring = args.open.keyring(ui)?;
    let (mut parts, mut opened_with) = (Vec::new(), None);
    for part in &args.parts {
        let store = stores::load(part, &keyring.passwords(), &args.open.budget())?;
        opened_with = opened_with.or(store.password);
        let mut entries = store.entries;
        // of a pair or a folder, the one of its files is named already
        if files::exists(Path::new(part)) && !files::is_folder(Path::new(part)) {
            for entry in &mut entries {
                if let Item::Key { key: Err(why), .. } = &mut entry.item {
                    *why = why.clone().in_file(Safe(part.to_string_lossy()));
                }
            }
        }
        parts.extend(entries);
    }
    for store in &args.chain {
        let store = stores::load(store, &keyring.passwords(), &args.open.budget())?;
        let certs = certificates(&store.entries);
        parts.extend(certs.into_iter().map(|cert| Entry::new(None, Item::Certificate(cert))));
    }
    let bundled = bundle::identity(&parts)?;
    let leaf = bundled.identity.chain[0].clone();
    let alias = args.alias.clone().or(bundled.alias).unwrap_or_else(|| bundle::alias_of(&leaf));
    let entry = bundle::keystore_entry(&bundled.identity, &alias, now)?;
    let existing = if args.force { Existing::Replace } else { Existing::Refuse };
    let target = args.target.target_or(&args.out, Target::Pkcs12(pkcs12::Profile::Modern))?;
    let password = writing::password(target, args.out_password.as_ref(), opened_with, &keyring, ui)?;
    let written = writing::write(None, &args.out, &[entry], target, &password, existing, now)?;

    let others = bundled.identity.chain.len() - 1;
    let says = format!("{} · key, certificate and {}", Safe(&alias), count(others, "intermediate"));
    let mut made = Made { remarks: written, beside_output, ..Made::default() };
    made.rows.push(Row { role: "keystore".to_owned(), action: "made", files: vec![args.out.clone()], says, cert: Some(leaf) });
    if let Some(root) = bundled.root {
        made.remarks.push(format!(
            "the root {} was left out: it belongs into the truststores of the other side",
            Safe(root.subject.short())
        ));
    }
    if !bundled.strangers.is_empty() {
        let names: Vec<String> = bundled.strangers.iter().map(|c| Safe(c.subject.short()).to_string()).collect();
        made.remarks.push(format!("left out, as they are not in the certificate's chain: {}", all_of(&names)));
    }
    let sources = args.out_password.iter().chain(&args.open.passwords.passwords);
    made.next.extend(writing::look_into(&args.out, &password, sources, ui));
    Ok(Report::new("keystore", now, Body::Made(made)))
}
