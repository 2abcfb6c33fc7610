//! `mtls connect`

use super::Ui;
use super::args::{OpenArgs, TimeArgs, TlsVersion, parse_duration, parse_protocol};
use crate::diagnose::{self, Finding, Place};
use crate::encounter::{Encounter, NO_NAME, Outcome, SYSTEM};
use crate::error::{Error, Kind, Result};
use crate::formats::Store;
use crate::pki::san::ascii_host;
use crate::probe::{DEFAULT_PORT, Proxy, Route, StartTls, Target};
use crate::report::{self, Body, Report};
use crate::stores;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Connect to a server, with or without a client certificate, and say what it presents, asks for and refuses
///
/// Every address behind the name is tried. The server's chain is judged by your truststore (else by the system's roots),
/// and for the name. Whether it requires a client certificate is tried, not guessed: once with your certificate, once without
/// any, each time with a request after the handshake, since many servers refuse only then. A refusal is explained by judging
/// your own certificate against what the server asks for. Old versions and suites that no client of today speaks are found
/// out with first messages made by hand.
///
/// The request is "GET /" (after STARTTLS: a harmless command of that protocol). Nothing is sent to a server that is not
/// trusted, except that request, without your certificate.
#[allow(rustdoc::broken_intra_doc_links, reason = "the brackets are those of an address, in the help")]
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// HOST:PORT; HOST is a name, an IPv4 address or an IPv6 address in brackets. Without a port: 443, or that of --starttls
    #[arg(value_name = "HOST:PORT", value_parser = Target::parse)]
    pub target: Target,
    /// The client's two stores; "none" stands for no keystore, or for the system's roots
    #[arg(long, num_args = 2, value_names = ["KEYSTORE", "TRUSTSTORE"])]
    pub client: Vec<OsString>,
    /// Trust the certificates of this store, where no truststore is given with --client
    #[arg(long, value_name = "STORE")]
    pub trust: Option<OsString>,
    /// The name that the server's certificate must carry, and that is asked for; without it, HOST
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The name to ask for (SNI) where it is another one; "none" asks for no name
    #[arg(long, value_name = "NAME")]
    pub servername: Option<String>,
    /// Which entry of the keystore to use
    #[arg(long, value_name = "ALIAS")]
    pub alias: Option<String>,
    /// Begin in plain text with this protocol, and ask for TLS there
    #[arg(long, value_name = "PROTOCOL", value_parser = starttls(), help_heading = "The way")]
    pub starttls: Option<StartTls>,
    /// Go through this HTTP proxy: http://[USER:PASSWORD@]HOST:PORT
    #[arg(long, value_name = "URL", value_parser = Proxy::parse, help_heading = "The way")]
    pub proxy: Option<Proxy>,
    /// Give up each connection after this time: 500ms, 3s, 2m
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = parse_duration, help_heading = "The way")]
    pub timeout: Duration,
    /// Call each address N times, some at a time, and tell how long it takes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000), help_heading = "The way")]
    pub repeat: u16,
    /// Refuse the certificates on this CRL (repeatable)
    #[arg(long = "crl", value_name = "FILE", help_heading = "Handshake")]
    pub crls: Vec<PathBuf>,
    /// Speak this TLS version only
    #[arg(long, value_name = "VERSION", value_enum, help_heading = "Handshake")]
    pub tls: Option<TlsVersion>,
    /// Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)
    #[arg(long, value_name = "NAME", value_parser = parse_protocol, help_heading = "Handshake")]
    pub alpn: Vec<String>,
    /// As of when to judge.
    #[command(flatten, next_help_heading = "Handshake")]
    pub time: TimeArgs,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls connect api.example:8443 --client client.p12 truststore.p12
  mtls connect localhost:8443 --trust ca.crt --name api.example --repeat 20
  mtls connect mail.example --starttls smtp --json";

/// Reads a protocol's word.
fn starttls() -> impl TypedValueParser<Value = StartTls> {
    PossibleValuesParser::new(StartTls::ALL.map(StartTls::word))
        .try_map(|word| StartTls::ALL.into_iter().find(|p| p.word() == word).ok_or("no such protocol"))
}

/// Opens the stores, connects, and judges.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = args.time.now(ui);
    let keyring = args.open.keyring(ui)?;
    let passwords = keyring.passwords();
    let crls = super::crls(&args.crls, &passwords, args.open.budget)?;
    let [keystore, truststore] = args.files()?;
    let mut findings = Vec::new();
    let mut open = |file: &Option<OsString>, place: Place| -> Result<Option<(String, Store)>> {
        let Some(file) = file else { return Ok(None) };
        match stores::load(file, &passwords, &args.open.budget()) {
            Ok(store) => Ok(Some((file.to_string_lossy().into_owned(), store))),
            Err(e) => {
                findings.push(Finding::from_error(&e, place).ok_or(e)?);
                Ok(None)
            }
        }
    };
    let keystore = open(&keystore, Place::ClientKeystore)?;
    let truststore = open(&truststore, Place::ClientTruststore)?;
    let starttls = args.starttls;
    let port = args.target.port.unwrap_or_else(|| starttls.map_or(DEFAULT_PORT, StartTls::port));
    let target = Target { host: args.target.host.clone(), port: Some(port) };
    let name = args.name.as_deref().map(ascii_host);
    let mut outcome = if findings.is_empty() {
        fn given(store: &Option<(String, Store)>) -> Option<(&str, &Store)> {
            store.as_ref().map(|(file, store)| (file.as_str(), store))
        }
        let encounter = Encounter {
            target: &target,
            route: &Route { host: target.host.clone(), port, proxy: args.proxy.clone(), starttls, timeout: args.timeout },
            keystore: given(&keystore),
            truststore: given(&truststore),
            alias: args.alias.as_deref(),
            name: name.as_deref(),
            server_name: args.servername.as_deref().map(|name| if name.is_empty() { NO_NAME } else { name }),
            versions: TlsVersion::versions(args.tls),
            alpn: &args.alpn,
            crls: &crls,
            now,
            timeout: args.timeout,
            repeat: usize::from(args.repeat),
        };
        encounter.run()?
    } else {
        Outcome { findings: diagnose::ranked(findings), ..Outcome::default() }
    };
    let findings = std::mem::take(&mut outcome.findings);
    let called = |store: Option<(String, Store)>, without: &str| store.map_or(without.to_owned(), |(file, _)| file);
    let body = Body::Encounter(Box::new(report::Encounter {
        target: target.to_string(),
        proxy: args.proxy.as_ref().map(Proxy::name),
        stores: [called(keystore, ""), called(truststore, SYSTEM)],
        outcome,
    }));
    Ok(Report { findings, ..Report::new("connect", now, body) })
}

impl Args {
    /// The keystore and the truststore, where they were given.
    ///
    /// # Errors
    /// A usage error where two truststores were.
    fn files(&self) -> Result<[Option<OsString>; 2]> {
        let file = |i: usize| self.client.get(i).filter(|f| *f != "none").cloned();
        match (file(1), &self.trust) {
            (Some(_), Some(_)) => Err(Error::new(
                Kind::Usage,
                "two truststores were given, with --client and with --trust",
                "leave --trust away, or write: --client KEYSTORE none --trust STORE",
            )),
            (given, trust) => Ok([file(0), given.or(trust.clone())]),
        }
    }
}
