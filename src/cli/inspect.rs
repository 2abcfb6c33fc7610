//! `mtls inspect`

use super::Ui;
use super::args::{BudgetArgs, PasswordArgs, TimeArgs};
use crate::error::Result;
use crate::report::{Body, Report};
use clap::ValueEnum;
use std::ffi::OsString;
use std::path::PathBuf;

/// Look into keystores, truststores, certificates, keys, requests and CRLs
///
/// Shows the entries, the chain from the leaf to the root, names, usages, validity, fingerprints, how the file is
/// protected, and whether each private key belongs to its certificate. The format is found from the content, never
/// from the name: PKCS#12, PEM, DER, PKCS#7. Private keys and passwords are never shown.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to look into: a file, a folder of PEM files, "cert.pem,key.pem", or - for standard input
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
    /// What to try on the stores.
    #[command(flatten)]
    pub passwords: PasswordArgs,
    /// How much work a file may ask for.
    #[command(flatten)]
    pub budget: BudgetArgs,
}

/// Which side of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Purpose {
    /// extendedKeyUsage serverAuth
    Server,
    /// extendedKeyUsage clientAuth
    Client,
}

const EXAMPLES: &str = "\
Examples:
  mtls inspect server.p12
  mtls inspect -v --password env:STORE_PASSWORD server.p12 truststore.p12
  mtls inspect --json client.crt,client.key";

/// Looks into each target.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    Ok(Report::new("inspect", args.time.now(ui), Body::None))
}
