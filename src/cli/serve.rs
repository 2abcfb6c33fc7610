//! `mtls serve`

use super::Ui;
use super::args::{HandshakeArgs, OpenArgs};
use super::output::OutputArgs;
use crate::diagnose::store::{self, Part};
use crate::diagnose::{self, Finding, Place, Severity, catalogue};
use crate::error::{Error, Kind, Result};
use crate::formats::Store;
use crate::handshake::{ClientAuth, Peer};
use crate::pki::Cert;
use crate::report::{self, Body, Report, Served};
use crate::serve::{Address, Host, Limits, Server, Stopper};
use crate::stores;
use std::ffi::{OsStr, OsString};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use time::OffsetDateTime;

/// Serve mutual TLS to any client, and say of each who it is, or why it was refused
///
/// Listens, requires a client certificate, and tells of each connection: the client's subject, names and fingerprint, what was
/// negotiated, or which side's file is at fault and how to mend it. HTTP (curl, browsers) is answered with the same as JSON;
/// anything else is echoed line by line.
///
/// ADDR is HOST:PORT, [::1]:PORT, PORT (this machine only) or :PORT (every interface); port 0 takes a free one, which is said.
/// "--server KEYSTORE none" asks for no client certificate (one-way TLS).
///
/// Ends on Ctrl-C or SIGTERM with status 0. With --count it ends after that many clients: status 0 if all were accepted, 1 if
/// one was refused or it was stopped before. A connection on which nothing arrives (a port check) is told of, but does not
/// count. --timeout bounds the whole handshake; 64 clients are served at once, and of more, the silent make room.
///
/// With --json the first line says where it listens, and each further line is one client: "left" is how one went that said
/// nothing after the handshake, "politely" (with TLS's goodbye) or "abruptly".
#[allow(rustdoc::broken_intra_doc_links, reason = "the brackets are those of an address, in the help")]
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Where to listen
    #[arg(value_name = "ADDR")]
    pub address: Address,
    /// What the server shows, and whom it trusts
    #[arg(long, num_args = 2, value_names = ["KEYSTORE", "TRUSTSTORE"], required = true)]
    pub server: Vec<OsString>,
    /// Which entry of the keystore to use
    #[arg(long, value_name = "ALIAS")]
    pub alias: Option<String>,
    /// Ask for a client certificate, but serve clients without one too
    #[arg(long)]
    pub optional: bool,
    /// End after the first client
    #[arg(long, conflicts_with = "count")]
    pub once: bool,
    /// End after this many clients
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
    /// What all handshake commands take.
    #[command(flatten)]
    pub handshake: HandshakeArgs,
    /// How the stores are opened.
    #[command(flatten)]
    pub open: OpenArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls serve localhost:8443 --server server.p12 truststore.p12
  mtls serve :8443 --server server.crt,server.key ca.crt --optional
  mtls serve 0 --server server.p12 truststore.p12 --once --json";

/// Opens the two stores, listens, and serves.
pub fn run(args: &Args, output: &OutputArgs, ui: &Ui) -> Result<Report> {
    let now = args.handshake.time.now(ui);
    let failed = |findings| Ok(Report { findings, ..Report::new("serve", now, Body::None) });
    let stores = match args.stores(ui)? {
        Ok(stores) => stores,
        Err(findings) => return failed(findings),
    };
    let (peer, findings) = match stores.peer(args, now) {
        Ok(made) => made,
        Err(findings) => return failed(findings),
    };
    if output.strict && !findings.is_empty() {
        return failed(findings); // which count as errors then
    }
    let peer = Peer { crls: stores.crls.clone(), ..peer };
    let count = if args.once { Some(1) } else { args.count };
    let server = Server::listen(&args.address, Limits { count, ..Limits::new() })?;
    stop_on_signals(ui, server.stopper())?;
    if output.json {
        ui.print(&report::json::listening(server.address(), &findings))?;
    } else {
        ui.tell(&report::text::findings(&findings, ui.message_style()))?;
        ui.tell(&format!("listening on {}\n", server.address()))?;
    }
    let (at, time) = (args.handshake.time.at, ui.running_clock());
    let clock = move || at.unwrap_or_else(&time);
    let host = Host { peer, files: stores.files(), known: stores.known(), clock: &clock, is_strict: output.strict };
    let tally = server.run(&host, &report::json::page, &mut |visit| {
        ui.print(&if output.json { report::json::visit(visit) } else { report::text::visit(visit, ui.style()) })
    })?;
    Ok(Report::new("serve", now, Body::Served(Served { tally, count })))
}

/// The two stores as they were opened.
struct Stores {
    names: [String; 2],
    keystore: Rc<Store>,
    truststore: Option<Rc<Store>>,
    crls: Vec<crate::pki::crl::Crl>,
}

impl Args {
    /// Opens the stores; what cannot be read becomes findings.
    fn stores(&self, ui: &Ui) -> Result<Result<Stores, Vec<Finding>>> {
        let keyring = self.open.keyring(ui)?;
        let passwords = keyring.passwords();
        let crls = super::crls(&self.handshake.crls, &passwords, self.open.budget)?;
        // clap sees to it that there are two
        let [keystore, truststore] = [0, 1].map(|i| self.server.get(i).map_or(OsStr::new("none"), OsString::as_os_str));
        if keystore == "none" {
            return Err(Error::new(
                Kind::Usage,
                "a server cannot do without a keystore",
                "give its keystore: --server KEYSTORE TRUSTSTORE",
            ));
        }
        let mut findings = Vec::new();
        let mut open = |file: &OsStr, place| match stores::load(file, &passwords, &self.open.budget()) {
            Ok(store) => Ok(Some(Rc::new(store))),
            Err(e) => Finding::from_error(&e, place).ok_or(e).map(|finding| {
                findings.push(finding);
                None
            }),
        };
        let opened_keystore = open(keystore, Place::ServerKeystore)?;
        let opened_truststore = match truststore {
            none if none == "none" => None,
            same if same == keystore => opened_keystore.clone(),
            file => open(file, Place::ServerTruststore)?,
        };
        let names = [keystore, truststore].map(|file| file.to_string_lossy().into_owned());
        Ok(match opened_keystore {
            Some(keystore) if findings.is_empty() => Ok(Stores { names, keystore, truststore: opened_truststore, crls }),
            _ => Err(diagnose::ranked(findings)),
        })
    }
}

impl Stores {
    fn files(&self) -> [&str; 2] {
        [&self.names[0], &self.names[1]]
    }

    /// Every certificate in either store.
    fn known(&self) -> Vec<(&str, Cert)> {
        let truststore = self.truststore.iter().flat_map(|store| diagnose::known_in(&self.names[1], store));
        diagnose::known_in(&self.names[0], &self.keystore).into_iter().chain(truststore).collect()
    }

    /// Who serves, with warnings about it.
    ///
    /// # Errors
    /// The findings that say why it cannot.
    fn peer(&self, args: &Args, now: OffsetDateTime) -> Result<(Peer, Vec<Finding>), Vec<Finding>> {
        let part = Part { file: &self.names[0], place: Place::ServerKeystore, store: &self.keystore };
        let (trust, swapped) = match &self.truststore {
            None => (None, None),
            Some(store) => {
                let (anchors, finding) = store::anchors(Part { file: &self.names[1], place: Place::ServerTruststore, store });
                (Some(anchors), finding)
            }
        };
        if let Some(finding) = swapped {
            return Err(vec![finding]);
        }
        let (identity, mut findings) = store::identity(part, args.alias.as_deref()).map_err(|finding| vec![*finding])?;
        findings.extend(diagnose::visit::own(&self.names[0], &identity, now));
        if findings.iter().any(|f| f.severity == Severity::Error && f.code == catalogue::KEY_MISMATCH) {
            return Err(diagnose::ranked(findings)); // no client whatsoever takes it
        }
        let peer = Peer {
            versions: args.handshake.versions(),
            alpn: args.handshake.alpn.clone(),
            client_auth: if args.optional { ClientAuth::Ask } else { ClientAuth::Require },
            timeout: args.handshake.timeout,
            ..Peer::new(Some(identity), trust, now)
        };
        match peer.can_serve() {
            Ok(()) => {
                let warnings = findings.into_iter().map(|f| f.at_most(Severity::Warning));
                Ok((peer, diagnose::ranked(warnings.collect())))
            }
            Err(failure) => Err(vec![diagnose::visit::cannot_serve(&failure)]),
        }
    }
}

/// How often a user presses Ctrl-C before we stop waiting for anything, such as a reader of our output that does not read.
const PATIENCE: u32 = 2;

/// Ends the server on SIGINT and SIGTERM.
fn stop_on_signals(ui: &Ui, stopper: Stopper) -> Result<()> {
    let asked = AtomicU32::new(0);
    ui.on_signal(Box::new(move || {
        if asked.fetch_add(1, Ordering::Relaxed) >= PATIENCE {
            std::process::exit(130);
        }
        stopper.stop();
    }))
}
