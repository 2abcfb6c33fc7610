//! `mtls ca`

use super::Ui;
use super::making::{Access, DirArgs, IssuerArgs, KeyArgs, LifetimeArgs, SubjectArgs, filled, made, pasted, sole_subject, stem};
use crate::error::Result;
use crate::files::Lock;
use crate::issue::{CA_DAYS, constraints};
use crate::pki::NewKey;
use crate::pki::cert::{NameConstraints, Subtree};
use crate::provision::{self, Action, CaWanted, IssuerFiles, Lifetime};
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
    #[arg(value_name = "NAME", default_value = "Dev CA", value_parser = filled)]
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
  mtls ca Root --dir root
  mtls ca --subject CN=Root,O=Example --key ec-p384 --permit example.com --permit 10.0.0.0/8
  mtls ca issuing --issuer root --dir root --days 1000";

impl Args {
    /// Whether anything was asked for that a CA has from its making.
    fn says_how(&self) -> bool {
        let has_limits = !self.permit.is_empty() || !self.exclude.is_empty();
        has_limits || self.path_length.is_some() || self.lifetime.lifetime().is_some()
    }
}

/// Plans and writes.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let now = ui.now();
    let access = Access::of_issuer(&args.issuer.issuer_password, ui)?;
    let issuer = args.issuer.issuer.as_ref().map(|word| IssuerFiles::from_word(word));
    let subject = args.subject.name()?.map_or_else(|| sole_subject(&args.name), Ok)?;
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
    let _lock = Lock::on(&args.dir.dir)?;
    let plan = provision::authority(&wanted, issuer.as_ref(), &files, &access.store(), now)?;
    let steps = plan.steps.clone();
    let is_kept = steps.iter().any(|step| step.action == Action::Kept);
    let remarks = access.write(plan)?;
    let mut made = made(steps);
    made.remarks.extend(remarks);
    if is_kept && args.says_how() {
        made.remarks.push(
            "the CA that is there is never replaced, and stays as it is: how long it lasts and what it may sign is said when it is \
             made; make another one in a directory of its own: --dir NEW"
                .to_owned(),
        );
    }
    let name = match issuer {
        Some(_) => format!("--issuer {},{}", pasted(&files.cert), pasted(&files.key)),
        None => format!("--dir {}", pasted(&args.dir.dir)),
    };
    made.next.push(format!("mtls server api.example {name}"));
    made.next.push(format!("mtls client billing {name}"));
    Ok(Report::new("ca", now, Body::Made(made)))
}
