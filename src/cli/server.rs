//! `mtls server`

use super::Ui;
use super::args::NewPasswordArgs;
use super::making::{
    Access, DirArgs, IssuerArgs, KeyArgs, LifetimeArgs, ProfileArgs, SubjectArgs, filled, made, names, pasted, sole_subject,
    stem, subject_of,
};
use crate::error::Result;
use crate::files::Lock;
use crate::issue::Profile;
use crate::pki::San;
use crate::pki::san::Side;
use crate::provision::{self, LeafWanted};
use crate::report::{Body, Report};

/// Make a server's certificate, key and keystore
///
/// The files are named after the first name: NAME.crt (with the intermediates), NAME.key, NAME.p12. What is there and good
/// is kept, with its names; what lacks a name, or has less than 30 days and less than a third of its life left, is renewed.
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
    /// Make it anew, with a new key, though it is good: after it was revoked or its key was seen by others, or to have other
    /// --days now
    #[arg(long)]
    pub renew: bool,
    /// Its alias in the keystore; the files' name if not said
    #[arg(long, value_name = "ALIAS", value_parser = filled)]
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
    let subject = args.subject.name()?;
    let default_subject = match role {
        "client" if subject.is_none() && names.is_empty() => sole_subject(name)?,
        "client" => crate::issue::subject_for(name),
        _ => subject_of(names.first()),
    };
    let _lock = Lock::on(&args.dir.dir)?;
    let wanted = LeafWanted {
        role,
        dir: &args.dir.dir,
        stem: &stem,
        default_subject,
        profile,
        subject,
        names,
        defaults: vec![],
        key: args.key.key,
        lifetime: args.lifetime.lifetime(),
        alias: args.alias.as_deref(),
        is_forced: args.renew,
        // a server's files may be given a name of their own, and then take in one host after another
        goes_by: (role == "client" || args.out.is_none()).then_some(name),
    };
    args.key.announce(ui);
    let (plan, _) = provision::leaf(&wanted, &args.issuer.files(&args.dir), &access.store(), now)?;
    let steps = plan.steps.clone();
    let is_written = !plan.is_empty();
    let remarks = access.write(plan)?;
    let mut made = made(steps);
    made.remarks.extend(remarks);
    made.rows.extend(access.password_row().filter(|_| is_written));
    made.next.push(format!("mtls inspect {}{}", pasted(&args.dir.dir.join(format!("{stem}.p12"))), access.hint(ui)));
    Ok(Report::new(role, now, Body::Made(made)))
}
