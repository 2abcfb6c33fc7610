//! `mtls server`

use super::Ui;
use super::args::NewPasswordArgs;
use super::making::{
    Access, DirArgs, IssuerArgs, KeyArgs, LifetimeArgs, ProfileArgs, SubjectArgs, made, names, pasted, stem, subject_of,
};
use crate::error::Result;
use crate::issue::{LEAF_DAYS, Profile};
use crate::pki::San;
use crate::pki::san::Side;
use crate::provision::{self, LeafWanted, Lifetime};
use crate::report::{Body, Report};

/// Make a server's certificate, key and keystore
///
/// The files are named after the first name: NAME.crt (with the intermediates), NAME.key, NAME.p12. What is there and good
/// is kept, with its names; what expires within 30 days or lacks a name is renewed.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What clients connect to: host names (also *.example.com), IP addresses, URIs such as spiffe://example/api
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Let it serve as a client's certificate too
    #[arg(long)]
    pub both: bool,
    /// What servers and clients have in common.
    #[command(flatten)]
    pub leaf: LeafArgs,
}

/// The options of a server's or client's certificate.
#[derive(Debug, Clone, clap::Args)]
pub struct LeafArgs {
    /// Which CA signs; the one in the directory if not said.
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
    /// How long it lasts; 90 days if not said.
    #[command(flatten)]
    pub lifetime: LifetimeArgs,
    /// Make it anew though it is good
    #[arg(long)]
    pub renew: bool,
    /// Its alias in the keystore; the files' name if not said
    #[arg(long, value_name = "ALIAS")]
    pub alias: Option<String>,
    /// How stores are written.
    #[command(flatten)]
    pub profile: ProfileArgs,
    /// Their password.
    #[command(flatten)]
    pub password: NewPasswordArgs,
}

const EXAMPLES: &str = "\
Examples:
  mtls server api.example 10.0.0.7
  mtls server '*.example.com' example.com --days 30 --key rsa-2048
  mtls server spiffe://example/ns/api --both --issuer ca.crt,ca.key --dir out";

/// Plans and writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let names = names(&args.names, Side::Server)?;
    let profile = if args.both { Profile::Both } else { Profile::Server };
    let first = args.names.first().map_or("", String::as_str);
    make("server", profile, names.first().map(San::value).as_deref().unwrap_or(first), names.clone(), &args.leaf, ui)
}

/// Sees to it that the certificate called `name` is there, and reports as the command `role`.
pub(super) fn make(
    role: &'static str,
    profile: Profile,
    name: &str,
    names: Vec<San>,
    args: &LeafArgs,
    ui: &Ui,
) -> Result<Report> {
    let now = ui.now();
    let access = Access::new(&args.password, &args.issuer.issuer_password, args.profile, ui)?;
    let stem = stem(args.out.as_deref(), name)?;
    let wanted = LeafWanted {
        role,
        dir: &args.dir.dir,
        stem: &stem,
        default_subject: if role == "client" { crate::issue::subject_for(name) } else { subject_of(names.first()) },
        profile,
        subject: args.subject.name()?,
        names,
        defaults: vec![],
        key: args.key.key,
        lifetime: args.lifetime.lifetime().unwrap_or(Lifetime::Days(LEAF_DAYS)),
        alias: args.alias.as_deref(),
        is_forced: args.renew,
    };
    args.key.announce(ui);
    let (plan, _) = provision::leaf(&wanted, &args.issuer.files(&args.dir), &access.store(), now)?;
    let steps = plan.steps.clone();
    let is_written = !plan.is_empty();
    access.write(plan)?;
    let mut made = made(steps);
    made.rows.extend(access.password_row().filter(|_| is_written));
    made.next.push(format!("mtls inspect {}", pasted(&args.dir.dir.join(format!("{stem}.p12")))));
    Ok(Report::new(role, now, Body::Made(made)))
}
