//! `mtls handshake`

use super::Ui;
use super::args::{BudgetArgs, HandshakeArgs, PasswordArgs};
use super::sides::{Opened, first_name};
use crate::diagnose::{self, Severity, Situation};
use crate::error::Result;
use crate::handshake;
use crate::report::{self, Body, Report};
use std::ffi::OsString;

/// Shake hands between two pairs of stores, and say from both sides what happened
///
/// A real TLS handshake over a loopback connection, with a server that uses one keystore and truststore and a client
/// that uses another. Both stories are kept, and when it fails you learn which file is at fault and how to mend it. When it
/// succeeds, what must be refused is tried too: a client without a certificate, a client and a server of another CA, another
/// host name.
///
/// A KEYSTORE or TRUSTSTORE is PKCS#12, PEM, DER or PKCS#7, found from its content; "cert.pem,key.pem" names an identity in
/// two files. "none" stands for a store that a side does not have: "--server KEYSTORE none" asks for no client certificate
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
    /// What all handshake commands take.
    #[command(flatten)]
    pub handshake: HandshakeArgs,
    /// What to try on the stores.
    #[command(flatten)]
    pub passwords: PasswordArgs,
    /// How much work a file may ask for.
    #[command(flatten)]
    pub budget: BudgetArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls handshake --server server.p12 trust.p12 --client client.p12 trust.p12
  mtls handshake --server s.p12 ca.pem --client c.pem,c.key ca.pem --tls 1.2
  mtls handshake --server server.p12 none --client none trust.p12 --json";

/// Opens the four stores, shakes hands, and judges.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = args.handshake.time.now(ui);
    let keyring = args.passwords.keyring(ui)?;
    let passwords = keyring.passwords();
    let crls = super::crls(&args.handshake.crls, &passwords, args.budget)?;
    let report = |findings, body| Ok(Report { findings: diagnose::ranked(findings), ..Report::new("handshake", now, body) });
    let opened = match Opened::new(args.server.iter().chain(&args.client), &passwords, args.budget)? {
        Ok(opened) => opened,
        Err(findings) => return report(findings, Body::None),
    };
    let sides = opened.sides([args.server_alias.as_deref(), args.client_alias.as_deref()]);
    let host = args.name.clone().unwrap_or_else(|| first_name(sides.server.as_ref()));
    let server = args.handshake.peer(sides.server.clone(), sides.server_trusts.clone(), &crls, now);
    let client = args.handshake.peer(sides.client.clone(), sides.client_trusts.clone(), &crls, now);
    let transcript = handshake::run(&client, &server, &host)?;
    let mut findings = sides.findings;
    // a store that is not what it was given as explains the failure: the rest would only follow from it
    let explained = findings.iter().any(|f| f.severity == Severity::Error);
    if let Some(identity) = sides.server.as_ref().filter(|_| !explained) {
        findings.extend(diagnose::judge(&Situation {
            transcript: &transcript,
            files: opened.names.each_ref().map(String::as_str),
            server: identity,
            client: sides.client.as_ref(),
            client_trusts: sides.client_trusts.as_deref().unwrap_or_default(),
            server_trusts: sides.server_trusts.as_deref().unwrap_or_default(),
            server_asks: sides.server_trusts.is_some(),
            known: &opened.known(),
            host: &host,
            now,
            crls: &crls,
        }));
    }
    let refusals = Vec::new();
    report(findings, Body::Handshake(report::Handshake { transcript, stores: opened.names.clone(), refusals }))
}
