//! A directory of CA, server and client: made, kept while it is good, and renewed.
//!
//! Nothing is written while planning: a [`Plan`] holds what would be, so that a handshake can prove it first, and then goes
//! to the disk all or nothing.
//!
//! **Whose key is it?** A file that is there is replaced only where its key is one that `mtls` made. It knows so by a list
//! beside the keys ([`manifest`]), or, where that list was lost, by the certificate beside the key: one that this
//! directory's CA signed for that very key. Everything else is left as it is, and the command ends before it changes anything.

mod ca;
mod held;
mod leaf;
pub mod manifest;
mod stem;
#[cfg(test)]
mod tests;
mod truststore;

pub use ca::{Ca, CaWanted, IssuerFiles};
pub use leaf::LeafWanted;
pub use stem::stem;

use crate::error::{Error, Kind, Result};
use crate::files::{self, Existing, Secrecy, WriteSet};
use crate::formats::{Entry, pkcs12};
use crate::issue::{Profile, subject_for, validity};
use crate::pki::san::{self, Side};
use crate::pki::{Cert, Identity, NewKey, Password, Passwords, San};
use crate::safe::Safe;
use manifest::Manifest;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// How a store that is written is protected, and with what one that is there is opened.
pub struct StoreAccess<'a> {
    /// The password of the stores that are written.
    pub password: Password,
    /// Whether the user chose it; a store under another password is then written anew.
    pub is_chosen: bool,
    /// What to try on the files that are there.
    pub passwords: Passwords<'a>,
    /// The profile of the stores that are written.
    pub profile: pkcs12::Profile,
}

/// When a certificate ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// So many days from now.
    Days(u32),
    /// At this instant.
    Until(OffsetDateTime),
}

impl Lifetime {
    /// Start and end, from `now`.
    fn validity(self, now: OffsetDateTime) -> Result<(OffsetDateTime, OffsetDateTime)> {
        match self {
            Lifetime::Days(days) => validity(now, days),
            Lifetime::Until(end) if end > now => Ok((validity(now, 1)?.0, end)),
            Lifetime::Until(end) => Err(Error::new(
                Kind::Usage,
                format!("the certificate would have ended already, on {}", crate::safe::date(end)),
                "give a time to come with --not-after, or a number of days with --days",
            )),
        }
    }
}

/// What was, or would be, done about a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was not there.
    Made,
    /// It is as it was.
    Kept,
    /// It is new in place of one that was made here earlier.
    Renewed,
}

impl Action {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Action::Made => "made",
            Action::Kept => "kept",
            Action::Renewed => "renewed",
        }
    }
}

/// One thing of the directory and what becomes of it.
#[derive(Debug, Clone)]
pub struct Step {
    /// `ca`, `server`, `client` or `truststore`.
    pub role: String,
    /// What is done.
    pub action: Action,
    /// Its files, the most useful first.
    pub files: Vec<PathBuf>,
    /// What it is in a few words, and why it is kept or renewed.
    pub says: String,
    /// Its certificate.
    pub cert: Option<Cert>,
    /// What the user should know about it, in sentences.
    pub remarks: Vec<String>,
}

/// What would be written, and what came of each thing.
#[derive(Default)]
pub struct Plan {
    /// Each thing, in the order in which to tell of them.
    pub steps: Vec<Step>,
    writes: Vec<Write>,
}

struct Write {
    path: PathBuf,
    secrecy: Secrecy,
    content: Content,
}

enum Content {
    Bytes(zeroize::Zeroizing<Vec<u8>>),
    Store(Vec<Entry>),
}

impl Plan {
    fn file(&mut self, path: PathBuf, secrecy: Secrecy, bytes: zeroize::Zeroizing<Vec<u8>>) {
        self.writes.push(Write { path, secrecy, content: Content::Bytes(bytes) });
    }

    fn store(&mut self, path: PathBuf, secrecy: Secrecy, entries: Vec<Entry>) {
        self.writes.push(Write { path, secrecy, content: Content::Store(entries) });
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// The files in their final form. The stores' key derivations are nearly all of its work; they run side by side, and the
    /// caller may prove the identities meanwhile.
    ///
    /// # Errors
    /// Where a store cannot be written as asked.
    pub fn encode(self, access: &Encoding<'_>) -> Result<WriteSet> {
        let encoded: Vec<Result<zeroize::Zeroizing<Vec<u8>>>> = std::thread::scope(|threads| {
            let running: Vec<_> = self
                .writes
                .iter()
                .map(|w| match &w.content {
                    Content::Bytes(bytes) => Err(bytes.clone()),
                    Content::Store(entries) => {
                        Ok(threads.spawn(|| pkcs12::write(entries, access.password, access.profile).map(Into::into)))
                    }
                })
                .collect();
            let ended = |_| Err(Error::internal("writing a store ended early"));
            running.into_iter().map(|r| r.map_or_else(Ok, |thread| thread.join().unwrap_or_else(ended))).collect()
        });
        let mut set = WriteSet::new();
        for (write, bytes) in self.writes.iter().zip(encoded) {
            // what was not there while planning must not be replaced if it has come up since
            let existing = if files::exists(&write.path) { Existing::Replace } else { Existing::Absent };
            set.add(write.path.clone(), write.secrecy, existing, bytes?.to_vec());
        }
        Ok(set)
    }
}

/// How the stores of a [`Plan`] are written.
pub struct Encoding<'a> {
    /// Their password.
    pub password: &'a Password,
    /// Their profile.
    pub profile: pkcs12::Profile,
}

/// Everything that `mtls init` makes.
pub struct InitWanted<'a> {
    /// Where.
    pub dir: &'a Path,
    /// The names that the server must have, beside [`DEFAULT_NAMES`].
    pub names: Vec<San>,
    /// The kind of all keys, where one was asked for.
    pub key: Option<NewKey>,
    /// How long server and client last, where that was asked for.
    pub lifetime: Option<Lifetime>,
    /// The common name of a new CA.
    pub ca_name: &'a str,
    /// Whether server and client are made anew though they are good.
    pub is_forced: bool,
}

/// The names by which a server is reached on its own machine.
pub const DEFAULT_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What `mtls init` would do, and the identities to prove it with.
pub struct Init {
    /// What would be written.
    pub plan: Plan,
    /// The server's key and certificates.
    pub server: Identity,
    /// The client's key and certificates.
    pub client: Identity,
    /// What both sides trust.
    pub anchors: Vec<Cert>,
}

/// Plans a directory with a CA, a server, a client and a truststore: makes what is missing, keeps what is good.
///
/// # Errors
/// [`Kind::Output`] where a file is in the way that `mtls` did not make; an error that says what to do where the CA is there
/// in part only, or cannot sign what has to be renewed; and those of reading the files.
pub fn init(wanted: &InitWanted<'_>, access: &StoreAccess<'_>, now: OffsetDateTime) -> Result<Init> {
    let dir = wanted.dir;
    let mut manifest = Manifest::read(dir)?;
    let mut plan = Plan::default();
    let files = IssuerFiles::in_folder(dir);
    let ca = match Ca::find(&files, &access.passwords)? {
        Some(ca) => ca,
        None => {
            refuse_orphans(dir)?;
            let wanted_ca = CaWanted {
                subject: subject_for(wanted.ca_name),
                key: wanted.key.unwrap_or(NewKey::EcP256),
                lifetime: Lifetime::Days(crate::issue::CA_DAYS),
                path_len: Some(0),
                name_constraints: None,
            };
            ca::make(&wanted_ca, None, &files, now, &mut plan, &mut manifest)?
        }
    };
    plan.steps.push(ca.step(&files, wanted.key, now));
    let mut defaults = Vec::new();
    for name in DEFAULT_NAMES {
        defaults.push(san::parse(name, Side::Server)?);
    }
    let first = wanted.names.first().or(defaults.first()).map(San::value).unwrap_or_default();
    let server = LeafWanted {
        role: "server",
        dir,
        stem: "server",
        profile: Profile::Server,
        subject: None,
        default_subject: subject_for(&first),
        names: wanted.names.clone(),
        defaults,
        key: wanted.key,
        lifetime: wanted.lifetime,
        alias: None,
        is_forced: wanted.is_forced,
        goes_by: None,
    };
    let client = LeafWanted {
        role: "client",
        stem: "client",
        profile: Profile::Client,
        default_subject: subject_for("client"),
        names: vec![],
        defaults: vec![],
        ..server.clone()
    };
    let server = leaf::plan(&server, &ca, access, now, &mut plan, &mut manifest)?;
    let client = leaf::plan(&client, &ca, access, now, &mut plan, &mut manifest)?;
    let anchors = vec![ca.root().clone()];
    truststore::plan(dir, &anchors, access, now, &mut plan)?;
    manifest.plan(&mut plan);
    Ok(Init { plan, server, client, anchors })
}

/// What `mtls server` and `mtls client` would do.
///
/// # Errors
/// As [`init`]; also where `issuer` names no CA.
pub fn leaf(
    wanted: &LeafWanted<'_>,
    issuer: &IssuerFiles,
    access: &StoreAccess<'_>,
    now: OffsetDateTime,
) -> Result<(Plan, Identity)> {
    let mut manifest = Manifest::read(wanted.dir)?;
    let mut plan = Plan::default();
    let ca = Ca::find(issuer, &access.passwords)?.ok_or_else(|| issuer.nothing_there())?;
    let identity = leaf::plan(wanted, &ca, access, now, &mut plan, &mut manifest)?;
    manifest.plan(&mut plan);
    Ok((plan, identity))
}

/// What `mtls ca` would do: a root, or an intermediate below `issuer`, in the files `into`.
///
/// # Errors
/// As [`init`]; also where another CA is there already.
pub fn authority(
    wanted: &CaWanted,
    issuer: Option<&IssuerFiles>,
    into: &IssuerFiles,
    access: &StoreAccess<'_>,
    now: OffsetDateTime,
) -> Result<Plan> {
    let mut plan = Plan::default();
    let above = match issuer {
        Some(files) => Some(Ca::find(files, &access.passwords)?.ok_or_else(|| files.nothing_there())?),
        None => None,
    };
    if let Some(there) = Ca::find(into, &access.passwords)? {
        there.must_be(wanted, above.as_ref(), into)?;
        plan.steps.push(there.step(into, Some(wanted.key), now));
        return Ok(plan);
    }
    let dir = into.cert.parent().unwrap_or(Path::new(""));
    let mut manifest = Manifest::read(dir)?;
    let made = ca::make(wanted, above.as_ref(), into, now, &mut plan, &mut manifest)?;
    plan.steps.push(made.step(into, None, now));
    manifest.plan(&mut plan);
    Ok(plan)
}

/// A directory without a CA in which there is something that a CA made: a new one would not fit to it.
fn refuse_orphans(dir: &Path) -> Result<()> {
    let names = ["server.crt", "server.key", "server.p12", "client.crt", "client.key", "client.p12"];
    let Some(orphan) = names.iter().map(|name| dir.join(name)).find(|path| files::exists(path)) else { return Ok(()) };
    let (ca, key) = (dir.join("ca.crt"), dir.join("ca.key"));
    Err(Error::new(
        Kind::Output,
        format!("{} is there, but no CA ({}, {})", files::shown(&orphan), files::shown(&ca), files::shown(&key)),
        "put the CA's two files back; or start anew in another directory: mtls init --dir NEW",
    )
    .because("a new CA would not fit to what the former one signed, nor to the truststores that were handed out"))
}

/// The list of names as it is shown: `api.example, localhost, 127.0.0.1`.
fn listed(names: &[San]) -> String {
    names.iter().map(|n| Safe(san::shown(n)).to_string()).collect::<Vec<_>>().join(", ")
}
