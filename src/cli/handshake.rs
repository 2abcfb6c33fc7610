//! `mtls handshake`

use super::Ui;
use super::args::{BudgetArgs, HandshakeArgs, OpenArgs};
use crate::diagnose::{self, Finding, Place};
use crate::error::{Error, Kind, Result};
use crate::formats::Store;
use crate::handshake::Selection;
use crate::pki::Passwords;
use crate::report::{self, Body, Report};
use crate::stores;
use crate::trial::{Given, Outcome, SideStores, Trial};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::collections::HashMap;
use std::ffi::OsString;
use std::rc::Rc;

/// Shake hands between two pairs of stores, and say from both sides what happened
///
/// A real TLS handshake over a loopback connection, with a server that uses one keystore and truststore and a client
/// that uses another. Both stories are kept, and when it fails you learn which file is at fault and how to mend it. When it
/// succeeds, what must be refused is tried too: a client without a certificate, a client and a server of another CA, another
/// host name.
///
/// A KEYSTORE or TRUSTSTORE is any store that mtls reads, found from its content; "cert.pem,key.pem" names an identity in two
/// files, and files behind these are sent as its chain. "none" stands for a store that a side does not have: "--server KEYSTORE none" asks for no client certificate
/// (one-way TLS), "--client none TRUSTSTORE" is a client without one.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The server's two stores
    #[arg(long, num_args = 2, value_names = ["KEYSTORE", "TRUSTSTORE"], required = true)]
    pub server: Vec<OsString>,
    /// The client's two stores
    #[arg(long, num_args = 2, value_names = ["KEYSTORE", "TRUSTSTORE"], required = true)]
    pub client: Vec<OsString>,
    /// The name that the client asks for and checks; without it, the first name in the server's certificate
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Which entry of the server's keystore to use
    #[arg(long, value_name = "ALIAS")]
    pub server_alias: Option<String>,
    /// Which entry of the client's keystore to use
    #[arg(long, value_name = "ALIAS")]
    pub client_alias: Option<String>,
    /// Let the client's stack decide as this one does whether its certificate is sent to a server that names other CAs
    #[arg(long, value_name = "STACK", value_parser = stack(), default_value = "openssl")]
    pub stack: Selection,
    /// What all handshake commands take.
    #[command(flatten)]
    pub handshake: HandshakeArgs,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls handshake --server server.p12 trust.p12 --client client.p12 trust.p12
  mtls handshake --server s.p12 ca.pem --client c.pem,c.key ca.pem --tls 1.2
  mtls handshake --server server.p12 none --client none trust.p12 --json";

/// Reads a stack's word.
fn stack() -> impl TypedValueParser<Value = Selection> {
    PossibleValuesParser::new(Selection::ALL.map(|(word, _)| word)).try_map(|word| {
        Selection::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, selection)| selection).ok_or("no such stack")
    })
}

/// Opens the four stores, shakes hands, and judges.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = args.handshake.time.now(ui);
    let keyring = args.open.keyring(ui)?;
    let passwords = keyring.passwords();
    let crls = super::crls(&args.handshake.crls, &passwords, args.open.budget)?;
    let files = args.files()?;
    let mut opened = Opened { passwords, budget: args.open.budget, stores: HashMap::new(), findings: Vec::new() };
    let stores = opened.all(&files)?;
    let names = files.map(|file| file.map_or("none".to_owned(), |f| f.to_string_lossy().into_owned()));
    let outcome = if opened.findings.is_empty() {
        let given = |i: usize| Given { file: &names[i], store: stores[i].as_deref() };
        let trial = Trial {
            server: SideStores { keystore: given(0), truststore: given(1), alias: args.server_alias.as_deref() },
            client: SideStores { keystore: given(2), truststore: given(3), alias: args.client_alias.as_deref() },
            name: args.name.as_deref(),
            versions: args.handshake.versions(),
            alpn: &args.handshake.alpn,
            crls: &crls,
            selection: args.stack,
            now,
            timeout: args.handshake.timeout,
        };
        trial.run()?
    } else {
        Outcome { findings: diagnose::ranked(opened.findings), ..Outcome::default() }
    };
    let Outcome { transcript, refusals, findings } = outcome;
    let body = Body::Handshake(report::Handshake { transcript, stores: names, refusals });
    Ok(Report { findings, ..Report::new("handshake", now, body) })
}

/// Whose the four stores are, in the order of the command line.
const PLACES: [Place; 4] = [Place::ServerKeystore, Place::ServerTruststore, Place::ClientKeystore, Place::ClientTruststore];

impl Args {
    /// The four stores; `None` for one that a side does not have.
    ///
    /// # Errors
    /// A usage error where a side lacks what it cannot do without.
    fn files(&self) -> Result<[Option<OsString>; 4]> {
        let file = |side: &[OsString], i: usize| side.get(i).filter(|f| *f != "none").cloned();
        let files = [file(&self.server, 0), file(&self.server, 1), file(&self.client, 0), file(&self.client, 1)];
        let missing = |what: &str, fix: &str| Err(Error::new(Kind::Usage, what, fix));
        match &files {
            [None, ..] => missing("a server cannot do without a keystore", "give its keystore: --server KEYSTORE TRUSTSTORE"),
            [.., None] => {
                missing("a client without a truststore trusts nobody", "give its truststore: --client KEYSTORE TRUSTSTORE")
            }
            _ => Ok(files),
        }
    }
}

/// Stores as they are opened; one that is named several times is opened once.
struct Opened<'a> {
    passwords: Passwords<'a>,
    budget: BudgetArgs,
    stores: HashMap<OsString, Option<Rc<Store>>>,
    findings: Vec<Finding>,
}

impl Opened<'_> {
    /// Opens `files`; what cannot be read becomes a finding, told once.
    fn all(&mut self, files: &[Option<OsString>; 4]) -> Result<[Option<Rc<Store>>; 4]> {
        let mut opened = [const { None }; 4];
        for ((file, place), slot) in files.iter().zip(PLACES).zip(&mut opened) {
            if let Some(file) = file {
                *slot = self.open(file, place)?;
            }
        }
        Ok(opened)
    }

    fn open(&mut self, file: &OsString, place: Place) -> Result<Option<Rc<Store>>> {
        if let Some(store) = self.stores.get(file) {
            return Ok(store.clone());
        }
        let store = match stores::load(file, &self.passwords, &self.budget.budget()) {
            Ok(store) => Some(Rc::new(store)),
            Err(e) => {
                self.findings.push(Finding::from_error(&e, place).ok_or(e)?);
                None
            }
        };
        self.stores.insert(file.clone(), store.clone());
        Ok(store)
    }
}
