//! `mtls client`

use super::Ui;
use super::making::{filled, names};
use super::server::{LeafArgs, make};
use crate::error::Result;
use crate::issue::Profile;
use crate::pki::San;
use crate::pki::san::{self, Side};
use crate::report::Report;

/// Make a client's certificate, key and keystore
///
/// The files are named after it: NAME.crt (with the intermediates), NAME.key, NAME.p12. What is there and good is kept, with
/// its names; what lacks a name, or has less than 30 days and less than a third of its life left, is renewed.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Who it is: the common name; a mail address or a URI becomes a subjectAltName as well
    #[arg(value_name = "NAME", value_parser = filled)]
    pub name: String,
    /// Add this name (repeatable): a host name, an IP address, a URI such as spiffe://example/billing, a mail address
    #[arg(long, value_name = "NAME")]
    pub san: Vec<String>,
    /// Let it serve as a server's certificate too
    #[arg(long)]
    pub both: bool,
    /// What servers and clients have in common.
    #[command(flatten)]
    pub leaf: LeafArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls client billing
  mtls client ops@example.com --days 30
  mtls client billing --san spiffe://example/billing --subject 'CN=billing,O=Example'";

/// Plans and writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let mut words = args.san.clone();
    if matches!(san::parse(&args.name, Side::Client), Ok(San::Email(_) | San::Uri(_))) {
        words.insert(0, args.name.clone());
    }
    let profile = if args.both { Profile::Both } else { Profile::Client };
    make("client", profile, &args.name, names(&words, Side::Client)?, &args.leaf, ui)
}
