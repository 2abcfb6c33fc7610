//! `mtls init`

use super::Ui;
use super::args::NewPasswordArgs;
use super::making::{Access, DirArgs, KeyArgs, LifetimeArgs, ProfileArgs, filled, made, names, pasted, sole_subject};
use super::passwords::Source;
use crate::diagnose::Severity;
use crate::error::{Error, Kind, Result};
use crate::files::{Lock, WriteSet};
use crate::formats::{Entry, Format, Item, Store};
use crate::handshake::{Selection, Versions};
use crate::pki::{Cert, Identity, san::Side};
use crate::provision::{self, Init, InitWanted};
use crate::report::{self, Body, Report};
use crate::trial::{Given, Outcome, SideStores, Trial};
use clap::ArgAction;
use std::time::Duration;
use time::OffsetDateTime;

/// Make a CA, a server, a client, their keystores and a truststore, and prove them by a handshake
///
/// Everything for mutual TLS at once, as PEM and as PKCS#12: ca.crt and ca.key; server.crt, .key and .p12; client.crt, .key
/// and .p12; truststore.p12 (ca.crt is the truststore as PEM). Before anything is written, server and client shake hands for
/// real, and what must be refused is tried too.
///
/// Run it again at any time: what is good is kept; what has less than 30 days and less than a third of its life left, lacks a
/// name that you give or was altered is made anew, and each line says which and why. Names that are there stay. A key that mtls did not make is never replaced,
/// and the CA never.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The server's host names and IP addresses; localhost, 127.0.0.1 and ::1 are added to them
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Where.
    #[command(flatten)]
    pub dir: DirArgs,
    /// Which kind of keys.
    #[command(flatten)]
    pub key: KeyArgs,
    /// How long server and client last; 90 days if not said.
    #[command(flatten)]
    pub lifetime: LifetimeArgs,
    /// The name of the CA, when it is made
    #[arg(long, value_name = "NAME", default_value = "Dev CA", value_parser = filled)]
    pub ca_name: String,
    /// Make server and client anew though they are good, with new keys; the CA stays
    #[arg(long)]
    pub renew: bool,
    /// How stores are written.
    #[command(flatten)]
    pub profile: ProfileArgs,
    /// Their password.
    #[command(flatten)]
    pub password: NewPasswordArgs,
    /// Try this password on the key of a CA that is there already: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    #[arg(long, value_name = "SOURCE", value_parser = Source::parse, action = ArgAction::Append, help_heading = "Passwords")]
    pub issuer_password: Vec<Source>,
}

const EXAMPLES: &str = "\
Examples:
  mtls init
  mtls init api.example '*.api.example' 10.0.0.7
  mtls init --dir certs --key ml-dsa-65 --password env:STORE_PASSWORD";

/// Plans, proves, writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = ui.now();
    sole_subject(&args.ca_name)?;
    let access = Access::new(&args.password, &args.issuer_password, args.profile, ui)?;
    let names = names(&args.names, Side::Server)?;
    let _lock = Lock::on(&args.dir.dir)?;
    let wanted = InitWanted {
        dir: &args.dir.dir,
        names,
        key: args.key.key,
        lifetime: args.lifetime.lifetime(),
        ca_name: &args.ca_name,
        is_forced: args.renew,
    };
    args.key.announce(ui);
    let Init { plan, server, client, anchors } = provision::init(&wanted, &access.store(), now)?;
    let steps = plan.steps.clone();
    // deriving the stores' keys and shaking hands are the two halves of the work, on a core each
    let encoding = access.encoding();
    let (files, outcome) = std::thread::scope(|threads| {
        let files = threads.spawn(|| plan.encode(&encoding));
        let outcome = prove(&server, &client, &anchors, now);
        (files.join(), outcome)
    });
    let files: WriteSet = files.unwrap_or_else(|_| Err(Error::internal("writing the stores ended early")))?;
    let Outcome { transcript, refusals, findings } = outcome?;
    let written = files.commit()?;

    let mut made = made(steps);
    made.remarks.extend(written.remarks());
    made.rows.extend(access.password_row());
    let hint = access.hint(ui);
    let path = |name: &str| pasted(&args.dir.dir.join(name));
    let stores = ["server.p12", "truststore.p12", "client.p12", "truststore.p12"].map(path);
    made.next.push(format!("mtls handshake --server {} {} --client {} {}{hint}", stores[0], stores[1], stores[2], stores[3]));
    made.next.push(format!("mtls inspect {}{hint}", stores[0]));
    made.proof = Some(report::Handshake { transcript, stores, refusals });
    Ok(Report { findings, ..Report::new("init", now, Body::Made(made)) })
}

/// Shakes hands with what is about to be written.
///
/// # Errors
/// [`Kind::Refused`] where the two do not come together: then nothing may be written.
fn prove(server: &Identity, client: &Identity, anchors: &[Cert], now: OffsetDateTime) -> Result<Outcome> {
    let keystore = |identity: &Identity| {
        Store::plain(Format::Pkcs12, vec![Entry::new(None, Item::key(identity.key.clone(), identity.chain.clone()))])
    };
    let (server, client) = (keystore(server), keystore(client));
    let trusted = anchors.iter().map(|cert| Entry::new(None, Item::Trusted(cert.clone()))).collect();
    let trusted = Store::plain(Format::Pkcs12, trusted);
    let side = |file, keystore| SideStores {
        keystore: Given { file, store: Some(keystore) },
        truststore: Given { file: "truststore.p12", store: Some(&trusted) },
        alias: None,
    };
    let trial = Trial {
        server: side("server.p12", &server),
        client: side("client.p12", &client),
        name: None,
        versions: Versions::Both,
        alpn: &[],
        crls: &[],
        selection: Selection::default(),
        now,
        timeout: Duration::from_secs(10),
    };
    let outcome = trial.run()?;
    let is_proven = outcome.transcript.mutual && outcome.refusals.iter().all(|(_, refused)| *refused);
    if is_proven && outcome.findings.iter().all(|f| f.severity != Severity::Error) {
        return Ok(outcome);
    }
    let e = Error::new(
        Kind::Refused,
        "server and client would not come together; nothing was written",
        "start anew in another directory: --dir NEW",
    );
    Err(match outcome.findings.first() {
        Some(finding) => e.because(&finding.headline).because(&finding.explain).with_fix(&finding.fix),
        None => e,
    })
}
