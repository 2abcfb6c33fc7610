//! `mtls ca`

use super::Ui;
use super::args::NewPasswordArgs;
use super::making::{Access, DirArgs, IssuerArgs, KeyArgs, LifetimeArgs, ProfileArgs, SubjectArgs, made, pasted, stem};
use crate::error::Result;
use crate::issue::{CA_DAYS, constraints, subject_for};
use crate::pki::NewKey;
use crate::pki::cert::{NameConstraints, Subtree};
use crate::provision::{self, CaWanted, IssuerFiles, Lifetime};
use crate::report::{Body, Report};

/// Make a CA: a root, or with --issuer an intermediate
///
/// A root becomes ca.crt and ca.key in the directory; an intermediate gets its own name as file name, and its file holds the
/// intermediates above it too, so that servers and clients below it send the whole chain. A CA that is there already is
/// kept; it is never replaced.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The CA's name
    #[arg(value_name = "NAME", default_value = "Dev CA")]
    pub name: String,
    /// The CA above it.
    #[command(flatten)]
    pub issuer: IssuerArgs,
    /// Where.
    #[command(flatten)]
    pub dir: DirArgs,
    /// Name its files so, without extension
    #[arg(short, long, value_name = "NAME")]
    pub out: Option<String>,
    /// Which kind of key.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Its whole name.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// How long it lasts; ten years if not said.
    #[command(flatten)]
    pub lifetime: LifetimeArgs,
    /// Allow so many CAs between it and a server or client (a root: any number, an intermediate: 0)
    #[arg(long, value_name = "N")]
    pub path_length: Option<u8>,
    /// Limit it to these names (repeatable): example.com, 10.0.0.0/8, ops@example.com, email:example.com
    #[arg(long, value_name = "NAME", value_parser = constraints::parse)]
    pub permit: Vec<Subtree>,
    /// Forbid it these names (repeatable; the same forms)
    #[arg(long, value_name = "NAME", value_parser = constraints::parse)]
    pub exclude: Vec<Subtree>,
}

const EXAMPLES: &str = "\
Examples:
  mtls ca
  mtls ca --subject CN=Root,O=Example --key ec-p384 --permit example.com --permit 10.0.0.0/8
  mtls ca issuing --issuer pki --days 1000";

/// Plans and writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = ui.now();
    let access = Access::new(&NewPasswordArgs::default(), &args.issuer.issuer_password, ProfileArgs { legacy: false }, ui)?;
    let issuer = args.issuer.issuer.as_ref().map(|word| IssuerFiles::from_word(word));
    let subject = args.subject.name()?.unwrap_or_else(|| subject_for(&args.name));
    let file = |stem: &str, ending| args.dir.dir.join(format!("{stem}.{ending}"));
    let stem = match (&issuer, &args.out) {
        (None, None) => "ca".to_owned(),
        (_, out) => stem(out.as_deref(), &subject.short())?,
    };
    let files = IssuerFiles { cert: file(&stem, "crt"), key: file(&stem, "key") };
    let limits = NameConstraints { permitted: args.permit.clone(), excluded: args.exclude.clone() };
    let wanted = CaWanted {
        subject,
        key: args.key.key.unwrap_or(NewKey::EcP256),
        lifetime: args.lifetime.lifetime().unwrap_or(Lifetime::Days(CA_DAYS)),
        path_len: args.path_length.or(issuer.as_ref().map(|_| 0)),
        name_constraints: (limits != NameConstraints::default()).then_some(limits),
    };
    args.key.announce(ui);
    let plan = provision::authority(&wanted, issuer.as_ref(), &files, &access.store(), now)?;
    let steps = plan.steps.clone();
    access.write(plan)?;
    let mut made = made(steps);
    let name = match issuer {
        Some(_) => format!("--issuer {},{}", pasted(&files.cert), pasted(&files.key)),
        None => format!("--dir {}", pasted(&args.dir.dir)),
    };
    made.next.push(format!("mtls server api.example {name}"));
    made.next.push(format!("mtls client billing {name}"));
    Ok(Report::new("ca", now, Body::Made(made)))
}
