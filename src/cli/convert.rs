//! `mtls convert`

use super::Ui;
use super::args::OpenArgs;
use super::writing::{self, TargetArgs, WriteArgs};
use crate::bundle::Indexed;
use crate::edit::{self, Put, Taken};
use crate::error::{Error, Kind, Result};
use crate::formats::target::Target;
use crate::formats::{Entry, Format, Item};
use crate::pki::Password;
use crate::report::{Body, Made, Report, Row};
use crate::safe::{Safe, count};
use crate::stores;
use std::ffi::OsString;
use std::path::PathBuf;

/// Turn stores into what another program wants; several inputs are merged
///
/// Every input that mtls reads will do: PKCS#12, JKS, JCEKS, BKS, UBER, BCFKS, PEM, DER, PKCS#7. Aliases, chains and kinds of
/// entries are kept; what the target cannot hold is said before anything is written; secret keys go
/// from PKCS#12 to PKCS#12 only. In PEM and DER a key is written
/// without encryption unless --out-password is given; files with keys are readable by you alone (one that is
/// replaced keeps the rights of its group).
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The stores to read, and last the file to write
    #[arg(value_name = "IN… OUT", num_args = 2.., required = true)]
    pub files: Vec<OsString>,
    /// Which format, or for whom.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Write one PEM file for each part into the folder OUT: ALIAS.crt, ALIAS.key
    #[arg(long, help_heading = "Writing", conflicts_with_all = ["to", "consumer", "legacy", "pbmac1"])]
    pub split: bool,
    /// Leave out what the target cannot hold
    #[arg(long, help_heading = "Writing")]
    pub drop: bool,
    /// Replace OUT where it exists
    #[arg(short, long, help_heading = "Writing")]
    pub force: bool,
    /// How it is written.
    #[command(flatten)]
    pub write: WriteArgs,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls convert partner.jks partner.p12 --password env:STORE_PASSWORD
  mtls convert server.p12 old-windows.p12 --for windows
  mtls convert server.p12 server.pem";

/// Reads, merges, writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = ui.now();
    let keyring = args.open.keyring(ui)?;
    let (out, inputs) = args.files.split_last().ok_or_else(|| Error::internal("no file, though two are required"))?;
    let out = PathBuf::from(out);
    let target = if args.split { Target::Pem } else { args.target.target(&out)? };
    let (mut read, mut opened_with) = (Vec::new(), None);
    let mut made = Made { beside_output: writing::is_stdout(&out, ui)?, ..Made::default() };
    for (number, input) in inputs.iter().enumerate() {
        let store = stores::load(input, &keyring.passwords(), &args.open.budget())?;
        if !args.drop {
            writing::all_keys_open(&store.entries, input, target)?;
        }
        opened_with = opened_with.or(store.password);
        read.extend(store.entries.into_iter().map(|entry| (entry, number)));
    }
    let mut entries = merged(read, inputs, &mut made)?;
    args.leave_out(&mut entries, target, &mut made)?;
    let password = writing::password(target, args.write.out_password.as_ref(), opened_with, &keyring, ui)?;
    if args.split {
        super::split::write(&out, &entries, &password, args.write.existing(args.force), &mut made)?;
        return Ok(Report::new("convert", now, Body::Made(made)));
    }
    made.remarks.extend(seen_by_java(&mut entries, target, args.target.consumer.as_deref(), &password));
    made.remarks.extend(target.forgets(&entries));
    made.remarks.extend(writing::misnamed(&out, target));
    made.remarks.extend(writing::write(None, &out, &entries, target, &password, args.write.existing(args.force), now)?);
    let says = format!("{} · {}", target.format(), count(entries.len(), "entry"));
    made.rows.insert(0, Row { role: "store".to_owned(), action: "made", files: vec![out.clone()], says, cert: None });
    let sources = args.write.out_password.iter().chain(&args.open.passwords.passwords);
    made.next.extend(writing::look_into(&out, &password, sources, ui));
    Ok(Report::new("convert", now, Body::Made(made)))
}

/// Java sees only those certificates of a PKCS#12 that are marked as trusted, and reads passwords in ASCII: for Java they are
/// marked, and what it will not see is said.
fn seen_by_java(entries: &mut [Entry], target: Target, consumer: Option<&str>, password: &Password) -> Vec<String> {
    let mut remarks = Vec::new();
    if !matches!(target, Target::Pkcs12(_)) {
        return remarks;
    }
    let is_for_java = consumer.is_some_and(|consumer| consumer.starts_with("java"));
    let bare = entries.iter().filter(|e| matches!(e.item, Item::Certificate(_))).count();
    if bare > 0 && is_for_java {
        crate::bundle::mark_trusted(entries);
        remarks.push(format!("{} marked as trusted: Java sees no others", count(bare, "certificate")));
    } else if bare > 0 && bare == entries.len() {
        remarks.push(
            "Java sees nothing in it, as no certificate is marked as trusted; mtls truststore makes a truststore".to_owned(),
        );
    }
    if is_for_java && !password.expose().is_ascii() {
        remarks.push("Java before 19 reads such stores with passwords in ASCII only, and will call this one wrong".to_owned());
    }
    remarks
}

/// Brings the entries of all inputs together: keys to their certificates, what is in already is not doubled, aliases are kept
/// apart. The number beside each entry is that of its input.
fn merged(mut read: Vec<(Entry, usize)>, inputs: &[OsString], made: &mut Made) -> Result<Vec<Entry>> {
    edit::join_loose(&mut read);
    let had: Vec<(Option<String>, usize)> = read.iter().map(|(entry, input)| (entry.alias.clone(), *input)).collect();
    let mut entries = Indexed::default();
    let puts = edit::bring_together(&mut entries, read, Taken::Number)?;
    for (put, (had, input)) in puts.into_iter().zip(had) {
        let input = inputs[input].to_string_lossy();
        match put {
            Put::AlreadyThere(alias) => {
                let had = had.unwrap_or_else(|| alias.clone());
                let by = if had == alias { String::new() } else { format!(", as {}", Safe(alias)) };
                made.remarks.push(format!("{} of {} was in already{by}", Safe(had), Safe(input)));
            }
            Put::Added(alias) => {
                if let Some(had) = had.filter(|had| *had != alias) {
                    made.remarks.push(format!("{} of {} is called {}: the alias was taken", Safe(had), Safe(input), Safe(alias)));
                }
            }
            Put::Replaced(_) => {}
        }
    }
    Ok(entries.into_entries())
}

impl Args {
    /// Says what the target cannot hold: with `--drop` it is left out, else nothing is written.
    fn leave_out(&self, entries: &mut Vec<Entry>, target: Target, made: &mut Made) -> Result<()> {
        let lost = target.cannot_hold(entries);
        let Some((_, first)) = lost.first() else { return Ok(()) };
        if !self.drop {
            // no format takes what mtls does not read
            let is_unread = |(i, _): &(usize, String)| {
                let entry = &entries[*i];
                !entry.is_kept_in(Format::Pkcs12) && matches!(entry.item, Item::Secret { .. } | Item::Unread { .. })
            };
            let fix = match lost.iter().all(is_unread) {
                true => "leave it out with --drop",
                false => "leave it out with --drop, or choose another format with --to",
            };
            let e = Error::new(Kind::Refused, first.clone(), fix);
            return Err(lost.iter().skip(1).fold(e, |e, (_, why)| e.because(why)));
        }
        made.remarks.extend(lost.iter().map(|(_, why)| format!("left out: {why}")));
        for (place, _) in lost.iter().rev() {
            let left_out = entries.remove(*place);
            // of a key that PKCS#7 cannot hold, its certificates stay
            let stay = if target == Target::Pkcs7 { left_out.item.certificates() } else { &[] };
            let stay = stay.iter().map(|cert| Entry::new(None, Item::Certificate(cert.clone())));
            entries.splice(*place..*place, stay);
        }
        if entries.is_empty() {
            return Err(Error::new(Kind::Refused, "nothing would be left to write", "choose another format with --to"));
        }
        Ok(())
    }
}
