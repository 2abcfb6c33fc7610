//! `mtls truststore`

use super::Ui;
use super::args::OpenArgs;
use super::making::{filled, pasted};
use super::passwords::Source;
use super::writing::{self, TargetArgs};
use crate::bundle::{self, Addition, Indexed};
use crate::error::{Error, Kind, Result};
use crate::files::{self, Lock};
use crate::formats::target::Target;
use crate::formats::{Item, Store, pkcs12};
use crate::pki::{Cert, Passwords};
use crate::report::{Body, Made, Report, Row};
use crate::safe::{Safe, all_of, count};
use crate::stores;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::PathBuf;
use time::OffsetDateTime;

/// Make a truststore, add certificates to one, or remove them
///
/// It is written as PKCS#12, or as the ending of its name says (.jks, .pem, .bcfks). Every entry carries the mark without which Java sees an empty store. What is in the store already is reported and not
/// doubled. Of a file with a whole chain the CAs are taken, of a keystore the topmost certificate.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The truststore
    #[arg(value_name = "STORE")]
    pub store: PathBuf,
    /// Files with the certificates to trust
    ///
    /// Without any, the entries of a store that is there are marked as trusted for Java, and nothing else changes.
    #[arg(value_name = "CERT")]
    pub certs: Vec<OsString>,
    /// Remove this entry: an alias, or a certificate's SHA-256 or SHA-1 fingerprint (repeatable)
    #[arg(long, value_name = "ALIAS|FINGERPRINT")]
    pub remove: Vec<String>,
    /// The alias of the one certificate that is added; its common name if not said
    #[arg(long, value_name = "ALIAS", conflicts_with = "remove", value_parser = filled)]
    pub alias: Option<String>,
    /// Trust what this system trusts, too: a truststore that replaces a JVM's default still reaches public hosts
    #[arg(long)]
    pub with_system_roots: bool,
    /// Write the format that the ending of STORE says, or for whom; a store that is there keeps its own.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Keep the file that was there as STORE.bak
    #[arg(long, help_heading = "Writing")]
    pub backup: bool,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
    /// The password of STORE from now on; the one that opened it, or the first --password, if not said
    #[arg(long, value_name = "SOURCE", value_parser = Source::parse, help_heading = "Passwords")]
    pub out_password: Option<Source>,
}

const EXAMPLES: &str = "\
Examples:
  mtls truststore truststore.p12 ca.crt
  mtls truststore truststore.p12 partner-ca.pem --alias partner
  mtls truststore truststore.p12 --remove partner";

/// Opens, changes, writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = ui.now();
    let keyring = args.open.keyring(ui)?;
    let lock = Lock::beside(&args.store)?;
    let there = args.there(&keyring.passwords())?;
    let opened_with = there.as_ref().and_then(|store| store.password.clone());
    let mut entries = there.as_ref().map(|store| store.entries.clone()).unwrap_or_default();
    let mut made = Made::default();
    for which in &args.remove {
        let removed = bundle::remove(&mut entries, which).map_err(|e| e.in_file(files::shown(&args.store)))?;
        made.rows.extend(removed.iter().map(|e| args.row("removed", e.alias.clone(), e.item.certificates().first())));
    }
    if there.is_none() && args.certs.is_empty() && !args.with_system_roots {
        let fix = "name the certificates to trust: mtls truststore STORE CERT...";
        return Err(Error::new(
            Kind::Usage,
            format!("{} is not there, and no certificate to trust was given", files::shown(&args.store)),
            fix,
        ));
    }
    let certs = args.to_add(&keyring.passwords(), &mut made)?;
    let mut all = Indexed::new(entries);
    for cert in &certs {
        add(&mut all, cert, args, now, &mut made)?;
    }
    if args.with_system_roots {
        made.rows.push(args.add_system_roots(&mut all, now)?);
    }
    let mut entries = all.into_entries();
    let target = args.target(there.as_ref())?;
    // PEM has no such mark: what is in the file is trusted
    let marked = if target == Target::Pem { 0 } else { bundle::mark_trusted(&mut entries) };
    if marked > 0 {
        made.remarks.push(format!("{} marked as trusted: Java did not see them before", count(marked, "entry")));
    }
    let changed = made.rows.iter().any(|row| row.action != "already there") || marked > 0;
    let mut next = Some(format!("mtls inspect {}", pasted(&args.store)));
    if changed || args.out_password.is_some() || args.target.is_chosen() || there.is_none() {
        let password = writing::password(target, args.out_password.as_ref(), opened_with, &keyring, ui)?;
        let existing = writing::changed(args.backup, there.is_some());
        made.remarks.extend(writing::write(Some(&lock), &args.store, &entries, target, &password, existing, now)?);
        next = writing::look_into(&args.store, &password, args.out_password.iter().chain(&args.open.passwords.passwords), ui);
    }
    made.next.extend(next);
    Ok(Report::new("truststore", now, Body::Made(made)))
}

fn add(entries: &mut Indexed, cert: &Cert, args: &Args, now: OffsetDateTime, made: &mut Made) -> Result<()> {
    match bundle::trust(entries, cert, args.alias.as_deref(), now)? {
        Addition::AlreadyThere(alias) => made.rows.push(args.row("already there", Some(alias), Some(cert))),
        Addition::Added { alias, same_name } => {
            if !same_name.is_empty() {
                let more = if same_name.len() == bundle::SAME_NAMES { ", or more," } else { "" };
                made.remarks.push(format!(
                    "{}{more} has the same name and another key, and stays trusted; if it was replaced: mtls truststore {} --remove '{}'",
                    all_of(&same_name.iter().map(Safe).collect::<Vec<_>>()),
                    pasted(&args.store),
                    Safe(&same_name[0])
                ));
            }
            if !cert.is_ca() {
                made.remarks.push(format!(
                    "{} is no CA: OpenSSL, Java and rustls take it as an anchor for itself at most, and it has to be replaced \
                     whenever it is renewed",
                    Safe(cert.subject.short())
                ));
            }
            made.rows.push(args.row("added", Some(alias), Some(cert)));
        }
    }
    Ok(())
}

impl Args {
    /// Adds what this system trusts: one line for all, as a line for each would bury the rest.
    fn add_system_roots(&self, entries: &mut Indexed, now: OffsetDateTime) -> Result<Row> {
        let mut added = 0;
        for root in stores::system_roots()? {
            added += usize::from(matches!(bundle::trust(entries, &root, None, now)?, Addition::Added { .. }));
        }
        let action = if added == 0 { "already there" } else { "added" };
        let says = format!("{} of this system", count(added, "root"));
        Ok(Row { role: "truststore".to_owned(), action, files: vec![self.store.clone()], says, cert: None })
    }

    /// How the store is written: as it was, or as the options and its name say.
    fn target(&self, there: Option<&Store>) -> Result<Target> {
        match there {
            Some(store) if !self.target.is_chosen() => writing::same_format(store.format, &self.store),
            _ => self.target.target_or(&self.store, Target::Pkcs12(pkcs12::Profile::Modern)),
        }
    }

    /// The truststore that is there, if one is.
    fn there(&self, passwords: &Passwords<'_>) -> Result<Option<Store>> {
        if !files::exists(&self.store) {
            let missing = |_: &String| {
                Error::new(Kind::Unreadable, "no such file", "name the truststore to remove from")
                    .in_file(files::shown(&self.store))
            };
            return self.remove.first().map(missing).map_or(Ok(None), Err);
        }
        let store = stores::load(self.store.as_os_str(), passwords, &self.open.budget())?;
        let refuse = |what: String, fix: &str| Err(Error::new(Kind::Output, what, fix).in_file(files::shown(&self.store)));
        writing::same_format(store.format, &self.store)?;
        if store.keys().next().is_some() {
            return refuse(
                "holds a private key: it is a keystore, and was left as it is".to_owned(),
                "name another file for the truststore",
            );
        }
        if let Some(Item::Unread { why, .. }) = store.entries.iter().map(|e| &e.item).find(|i| matches!(i, Item::Unread { .. })) {
            return Err(why.clone().in_file(files::shown(&self.store)));
        }
        Ok(Some(store))
    }

    /// The certificates to be added, each once.
    fn to_add(&self, passwords: &Passwords<'_>, made: &mut Made) -> Result<Vec<Cert>> {
        let (mut all, mut seen): (Vec<Cert>, HashSet<Cert>) = Default::default();
        for file in &self.certs {
            let store = stores::load(file, passwords, &self.open.budget())?;
            let (certs, left_out) = bundle::anchors_of(&store.entries);
            if certs.is_empty() {
                let e = Error::new(Kind::NotAStore, "no certificate is in it", "name the file with the CA's certificate");
                return Err(e.in_file(Safe(file.to_string_lossy())));
            }
            if !left_out.is_empty() {
                let names: Vec<String> = left_out.iter().map(|c| Safe(c.subject.short()).to_string()).collect();
                made.remarks.push(format!("left out, as a truststore holds CAs: {}", all_of(&names)));
            }
            all.extend(certs.into_iter().filter(|cert| seen.insert(cert.clone())));
        }
        if self.alias.is_some() && all.len() > 1 {
            return Err(Error::new(
                Kind::Usage,
                format!("one alias for {}", count(all.len(), "certificate")),
                "leave --alias out, or add them one by one",
            ));
        }
        Ok(all)
    }

    fn row(&self, action: &'static str, alias: Option<String>, cert: Option<&Cert>) -> Row {
        let says = alias.unwrap_or_default();
        Row { role: "truststore".to_owned(), action, files: vec![self.store.clone()], says, cert: cert.cloned() }
    }
}
