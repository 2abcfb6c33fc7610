//! `mtls inspect`

use super::Ui;
use super::args::{OpenArgs, TimeArgs};
use crate::diagnose::inspection::Question;
use crate::diagnose::store::Part;
use crate::diagnose::{self, Finding, Place};
use crate::encounter;
use crate::error::Result;
use crate::formats::{self, Item, Store};
use crate::handshake::Side;
use crate::inspect::Inspection;
use crate::pki::{Cert, Password};
use crate::probe::Target;
use crate::report::{Body, Report};
use crate::stores;
use clap::ValueEnum;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Look into keystores, truststores, certificates, keys, requests and CRLs
///
/// Shows the entries, the chain from the leaf to the root, names, usages, validity, fingerprints, how the file is
/// protected, and whether each private key belongs to its certificate. The format is found from the content, never
/// from the name: PKCS#12, JKS, JCEKS, BKS, UBER, BCFKS, PEM, DER, PKCS#7. Private keys and passwords are never shown.
///
/// Of a PKCS#12 it tells who opens it, who does not and why, and how many of its entries Java sees ("readable_by" and
/// "java_entries" in the JSON; a "why" beside "opens": true is what that consumer does not see of it).
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to look into: a file, a folder of PEM files, "cert.pem,key.pem", - for standard input, or a live HOST:PORT
    #[arg(value_name = "TARGET", required = true)]
    pub targets: Vec<OsString>,
    /// Print the certificates as PEM, and nothing else
    #[arg(long, conflicts_with = "json")]
    pub pem: bool,
    /// Judge the chain by the trusted certificates of this store
    #[arg(long, value_name = "STORE", help_heading = "Judging")]
    pub trust: Option<OsString>,
    /// Judge whether the leaf is good for this host name or IP address
    #[arg(long, value_name = "NAME", help_heading = "Judging")]
    pub name: Option<String>,
    /// Judge whether the leaf may be used by this side
    #[arg(long = "for", value_name = "SIDE", value_enum, help_heading = "Judging")]
    pub purpose: Option<Purpose>,
    /// Judge by this CRL too (repeatable)
    #[arg(long = "crl", value_name = "FILE", help_heading = "Judging")]
    pub crls: Vec<PathBuf>,
    /// As of when to judge.
    #[command(flatten, next_help_heading = "Judging")]
    pub time: TimeArgs,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
}

/// Which side of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Purpose {
    /// extendedKeyUsage serverAuth
    Server,
    /// extendedKeyUsage clientAuth
    Client,
}

impl Purpose {
    fn side(self) -> Side {
        match self {
            Purpose::Server => Side::Server,
            Purpose::Client => Side::Client,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  mtls inspect server.p12
  mtls inspect -v --password env:STORE_PASSWORD server.p12 truststore.p12
  mtls inspect --json client.crt,client.key";

/// Looks into each target, and judges it as far as was asked.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let keyring = args.open.keyring(ui)?;
    let passwords = keyring.passwords();
    let load = |target: &OsStr| stores::load(target, &passwords, &args.open.budget());
    let now = args.time.now(ui);
    let trust = match &args.trust {
        Some(store) => match load(store) {
            Ok(opened) => Some((shown(store), opened)),
            Err(e) => {
                let finding = Finding::from_error(&e, truststore_of(args.purpose)).ok_or(e)?;
                return Ok(Report { findings: vec![finding], ..Report::new("inspect", now, Body::Inspection(vec![])) });
            }
        },
        None => None,
    };
    let crls = super::crls(&args.crls, &passwords, args.open.budget)?;
    let question = Question {
        trust: trust.as_ref().map(|(file, store)| (file.as_str(), store)),
        host: args.name.as_deref(),
        role: args.purpose.map(Purpose::side),
        crls: &crls,
        ..Question::default()
    };
    let (mut items, mut findings) = (Vec::new(), Vec::new());
    for target in &args.targets {
        let file = shown(target);
        if let Some(live) = live(target) {
            match encounter::presented(&live, now, PATIENCE)? {
                Ok(store) => {
                    let part = Part { file: &file, place: Place::Store, store: &store };
                    let question = Question { role: question.role.or(Some(Side::Server)), ..question.clone() };
                    findings.extend(diagnose::inspection::findings(part, &question, now));
                    items.push(Inspection { target: file, store });
                }
                Err(finding) => findings.push(*finding),
            }
            continue;
        }
        match load(target) {
            Ok(mut store) => {
                if is_unprotected(&store) {
                    store.remarks.extend(open_to_others(target, |part| load(part).is_ok_and(|s| s.keys().next().is_some())));
                }
                let part = Part { file: &file, place: Place::Store, store: &store };
                findings.extend(diagnose::inspection::findings(part, &question, now));
                items.push(Inspection { target: file, store });
            }
            Err(e) => findings.push(Finding::from_error(&e, diagnose::inspection::keystore_of(&question)).ok_or(e)?),
        }
    }
    let body = if args.pem { Body::Text(pem(&items)) } else { Body::Inspection(items) };
    Ok(Report { findings: diagnose::ranked(findings), ..Report::new("inspect", now, body) })
}

/// Whether it holds keys that nothing but the file's mode protects: no password, or one that everyone knows.
fn is_unprotected(store: &Store) -> bool {
    let known = |password: &Password| password.is_empty() || password.expose() == "changeit";
    store.keys().next().is_some() && store.password.as_ref().is_none_or(known)
}

/// What to say of the files of `target` that every user may read and that hold keys. Of a folder nothing is said: which of its
/// files the keys are in is not known any more.
fn open_to_others(target: &OsStr, holds_key: impl Fn(&OsStr) -> bool) -> Vec<String> {
    let text = target.to_string_lossy();
    let parts: Vec<&str> = if crate::files::exists(Path::new(target)) { vec![&text] } else { text.split(',').collect() };
    let told = parts.into_iter().filter_map(|part| Some((part, crate::files::open_to_others(Path::new(part))?)));
    told.filter(|(part, _)| holds_key(OsStr::new(part))).map(|(_, told)| told).collect()
}

/// How long a live target may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// `HOST:PORT`, where no file is called so.
fn live(target: &OsStr) -> Option<Target> {
    let text = target.to_str().filter(|_| !crate::files::exists(Path::new(target)))?;
    // a path of another system (C:\\store) or with folders is no host
    let is_path = text.contains(['/', '\\']) && !text.contains("://");
    Target::parse(text).ok().filter(|parsed| !is_path && parsed.port.is_some())
}

/// Whose truststore judges: the other side's.
fn truststore_of(purpose: Option<Purpose>) -> Place {
    match purpose {
        Some(Purpose::Client) => Place::ServerTruststore,
        _ => Place::ClientTruststore,
    }
}

/// A target as the user named it.
fn shown(target: &OsStr) -> String {
    target.to_string_lossy().into_owned()
}

/// Every certificate once, in the order of the files.
fn pem(items: &[Inspection]) -> String {
    let mut certs: Vec<Cert> = Vec::new();
    let mut seen = HashSet::new();
    for entry in items.iter().flat_map(|i| &i.store.entries) {
        let found = match &entry.item {
            Item::Key { chain, .. } => chain.as_slice(),
            Item::Trusted(cert) | Item::Certificate(cert) => std::slice::from_ref(cert),
            _ => &[],
        };
        certs.extend(found.iter().filter(|cert| seen.insert((*cert).clone())).cloned());
    }
    formats::pem::certificates(&certs)
}
