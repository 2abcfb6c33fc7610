//! A server's or client's key, certificate and keystore: made, kept or renewed.

use super::ca::Ca;
use super::held::{self, Slot, in_the_way};
use super::manifest::Manifest;
use super::{Action, Lifetime, Plan, Step, StoreAccess, listed};
use crate::bundle;
use crate::error::Result;
use crate::files::{self, Secrecy};
use crate::formats::{Entry, Format, Item, Store, pem};
use crate::issue::{self, KeySource, Profile, Request, advice};
use crate::pki::chain::key_id_fits;
use crate::pki::{Cert, DistinguishedName, Identity, NewKey, PrivateKey, San};
use crate::safe::{Safe, all_of, distance};
use std::path::{Path, PathBuf};
use time::{Duration, OffsetDateTime};

/// A certificate with less than this left is renewed; a short-lived one with less than a third of its life.
const RENEWAL: Duration = Duration::days(30);

/// An identity that is wanted.
#[derive(Debug, Clone)]
pub struct LeafWanted<'a> {
    /// `server` or `client`.
    pub role: &'a str,
    /// Where.
    pub dir: &'a Path,
    /// Its files' name without extension.
    pub stem: &'a str,
    /// What it is for.
    pub profile: Profile,
    /// Its subject, where that was asked for.
    pub subject: Option<DistinguishedName>,
    /// Its subject where none was asked for and none is there to be kept.
    pub default_subject: DistinguishedName,
    /// The names that it must have. Those that it has are kept: others may have come to rely on them.
    pub names: Vec<San>,
    /// The names that are added whenever it is made.
    pub defaults: Vec<San>,
    /// The kind of its key, where that was asked for.
    pub key: Option<NewKey>,
    /// How long it lasts when it is made.
    pub lifetime: Lifetime,
    /// Its alias in the keystore; the stem where there is none.
    pub alias: Option<&'a str>,
    /// Whether it is made anew though it is good.
    pub is_forced: bool,
}

/// What is there already, and whose it is.
struct Held<'a> {
    wanted: &'a LeafWanted<'a>,
    ca: &'a Ca,
    manifest: &'a Manifest,
    paths: Paths,
    certs: Slot<Vec<Cert>>,
    key: Slot<PrivateKey>,
    store: Slot<Store>,
}

struct Paths {
    cert: PathBuf,
    key: PathBuf,
    store: PathBuf,
}

/// Sees to it that the identity is there.
pub(super) fn plan(
    wanted: &LeafWanted<'_>,
    ca: &Ca,
    access: &StoreAccess<'_>,
    now: OffsetDateTime,
    plan: &mut Plan,
    manifest: &mut Manifest,
) -> Result<Identity> {
    let paths = Paths {
        cert: wanted.dir.join(format!("{}.crt", wanted.stem)),
        key: wanted.dir.join(format!("{}.key", wanted.stem)),
        store: wanted.dir.join(format!("{}.p12", wanted.stem)),
    };
    let held = Held {
        certs: held::certificates(&paths.cert, &access.passwords)?,
        key: held::key(&paths.key, &access.passwords)?,
        store: held::store(&paths.store, &access.passwords)?,
        wanted,
        ca,
        manifest,
        paths,
    };
    held.refuse_what_is_not_ours()?;
    let (identity, mut step) = held.identity(now)?;
    held.plan_files(&identity, access, now, plan, &mut step)?;
    let key_path = held.paths.key;
    plan.steps.push(step);
    manifest.note(&identity.key, &key_path);
    Ok(identity)
}

impl Held<'_> {
    /// The private key that is there: in its own file, else in the keystore.
    fn present_key(&self) -> Option<&PrivateKey> {
        self.key.content().or_else(|| self.stored_keys().find(|key| self.made(key)))
    }

    fn stored_keys(&self) -> impl Iterator<Item = &PrivateKey> {
        self.store.content().into_iter().flat_map(Store::keys).filter_map(|e| match &e.item {
            Item::Key { key, .. } => key.as_ref().ok(),
            _ => None,
        })
    }

    /// Every certificate in the files, those of the certificate file first.
    fn present_certs(&self) -> impl Iterator<Item = &Cert> {
        let in_store = self.store.content().into_iter().flat_map(|s| s.entries.iter().flat_map(|e| e.item.certificates()));
        self.certs.content().into_iter().flatten().chain(in_store)
    }

    /// Whether `key` was made here: it is in the list, or the CA certified it.
    fn made(&self, key: &PrivateKey) -> bool {
        self.manifest.has(key) || self.present_certs().any(|c| key.belongs_to(c) == Some(true) && self.ca.signed(c))
    }

    fn refuse_what_is_not_ours(&self) -> Result<()> {
        match &self.key {
            Slot::Broken(e) => return Err(in_the_way(&self.paths.key, &e.what)),
            Slot::Present(key) if !self.made(key) => {
                let ca = Safe(self.ca.cert().subject.short());
                return Err(in_the_way(&self.paths.key, format!("no certificate beside it says that {ca} certified this key")));
            }
            _ => {}
        }
        let key = self.present_key();
        match &self.certs {
            Slot::Broken(e) if key.is_none() => return Err(in_the_way(&self.paths.cert, &e.what)),
            Slot::Present(certs) => {
                let leaf = certs.iter().find(|c| key.is_some_and(|k| k.belongs_to(c) == Some(true)));
                let is_ours = leaf.is_some() || certs[0].issuer == self.ca.cert().subject;
                if !is_ours {
                    return Err(in_the_way(&self.paths.cert, format!("it was issued by {}", Safe(&certs[0].issuer))));
                }
                self.refuse_other_usage(leaf.unwrap_or(&certs[0]))?;
            }
            _ => {}
        }
        match &self.store {
            Slot::Broken(e) if key.is_none() => Err(in_the_way(&self.paths.store, &e.what)),
            Slot::Present(_) if key.is_none() && self.stored_keys().next().is_some() => {
                Err(in_the_way(&self.paths.store, "it holds a private key"))
            }
            _ => Ok(()),
        }
    }

    /// A client's certificate does not become a server's by being renewed: someone uses it.
    fn refuse_other_usage(&self, leaf: &Cert) -> Result<()> {
        let usages = usages(&self.wanted.profile);
        if leaf.eku.is_none() || usages.iter().any(|usage| leaf.allows(usage)) {
            return Ok(());
        }
        let other = if leaf.allows("clientAuth") { "a client's" } else { "another use's" };
        let other = if leaf.allows("serverAuth") { "a server's" } else { other };
        Err(in_the_way(&self.paths.cert, format!("it is {other} certificate"))
            .with_fix("choose another file name with --out NAME, or another directory with --dir"))
    }

    /// The identity to be used from now on, kept or made, and what to say of it.
    fn identity(&self, now: OffsetDateTime) -> Result<(Identity, Step)> {
        let wanted = self.wanted;
        let key = self.present_key();
        let own = |c: &&Cert| key.is_some_and(|k| k.belongs_to(c) == Some(true));
        let judged: Vec<(&Cert, Vec<String>)> = self.present_certs().filter(own).map(|c| (c, self.reasons(c, now))).collect();
        if let (Some(key), Some((leaf, _))) = (key, judged.iter().find(|(_, reasons)| reasons.is_empty())) {
            let chain = std::iter::once(*leaf).chain(self.ca.intermediates()).cloned().collect();
            let step = self.step(Action::Kept, leaf, "still good", vec![]);
            return Ok((Identity { key: key.clone(), chain }, step));
        }
        let is_new = matches!((&self.certs, &self.key, key), (Slot::Absent, Slot::Absent, None));
        let former = judged.first().map(|(leaf, _)| *leaf).or_else(|| self.present_certs().find(|c| self.ca.signed(c)));
        // what an altered certificate says is not to be certified
        let believed = former.filter(|c| self.ca.signed(c) || c.issuer != self.ca.cert().subject);
        let made = issue::issue(&self.request(believed, former, now)?, Some(self.ca.issuer()?), now)?;
        let why = match judged.first() {
            Some((_, reasons)) => all_of(reasons),
            None if key.is_none() => format!("{} was missing", files::name(&self.paths.key)),
            None => format!("{} was missing or damaged", files::name(&self.paths.cert)),
        };
        let remarks = made.remarks.iter().cloned().chain(advice::of(&made.cert, &wanted.profile)).collect();
        let action = if is_new { Action::Made } else { Action::Renewed };
        let step = self.step(action, &made.cert, if is_new { "" } else { &why }, remarks);
        Ok((Identity { key: made.key, chain: made.chain }, step))
    }

    fn request(&self, believed: Option<&Cert>, former: Option<&Cert>, now: OffsetDateTime) -> Result<Request> {
        let wanted = self.wanted;
        let (not_before, not_after) = wanted.lifetime.validity(now)?;
        let kept = believed.map(Cert::names).unwrap_or_default();
        let mut sans: Vec<San> = Vec::new();
        for name in kept.iter().filter(|n| is_writable(n)).chain(&wanted.names).chain(&wanted.defaults) {
            if !sans.contains(name) {
                sans.push(name.clone());
            }
        }
        let subject = wanted.subject.clone().or_else(|| believed.map(|c| c.subject.clone()));
        let like_former = || former.and_then(|c| NewKey::like(&c.key));
        Ok(Request {
            subject: subject.unwrap_or_else(|| wanted.default_subject.clone()),
            sans,
            key: KeySource::New(wanted.key.or_else(like_former).unwrap_or(NewKey::EcP256)),
            not_before,
            not_after,
            profile: wanted.profile.clone(),
        })
    }

    /// Why `leaf` has to be renewed; empty where it is good.
    fn reasons(&self, leaf: &Cert, now: OffsetDateTime) -> Vec<String> {
        let (wanted, ca) = (self.wanted, self.ca.cert());
        let mut reasons = Vec::new();
        if !self.ca.signed(leaf) {
            let (theirs, ours) = (Safe(leaf.issuer.to_string()), Safe(ca.subject.short()));
            reasons.push(match () {
                () if leaf.issuer != ca.subject => format!("it was signed by {theirs}, not by {ours}"),
                () if key_id_fits(leaf, ca) == Some(false) => format!("it was signed by another {ours}"),
                () => "it was altered".to_owned(),
            });
        }
        // nothing longer can be had than the CA itself lasts
        let can_last_longer = leaf.not_after < ca.not_after;
        let soon = RENEWAL.min((leaf.not_after - leaf.not_before) / 3);
        if leaf.not_after <= now {
            reasons.push(format!("it expired {}", distance(leaf.not_after, now)));
        } else if leaf.not_after - now < soon && can_last_longer {
            reasons.push(format!("it would have expired {}", distance(leaf.not_after, now)));
        } else if leaf.not_before > now {
            reasons.push(format!("it would have been valid only {}", distance(leaf.not_before, now)));
        }
        let lacking: Vec<San> = wanted.names.iter().filter(|n| !leaf.names().contains(n)).cloned().collect();
        if !lacking.is_empty() {
            reasons.push(format!("it lacked {}", listed(&lacking)));
        }
        if let Some(key) = wanted.key.filter(|key| key.kind() != leaf.key) {
            reasons.push(format!("its key was {}, not {}", leaf.key.title(), key.kind().title()));
        }
        if let Some(subject) = wanted.subject.as_ref().filter(|s| **s != leaf.subject) {
            reasons.push(format!("its subject was {}, not {}", Safe(&leaf.subject), Safe(subject)));
        }
        let lacking: Vec<_> = usages(&wanted.profile).iter().filter(|usage| !leaf.allows(usage)).collect();
        if !lacking.is_empty() {
            reasons.push(format!("it lacked the use {}", all_of(&lacking)));
        }
        if wanted.is_forced {
            reasons.push("that was asked for".to_owned());
        }
        reasons
    }

    fn step(&self, action: Action, cert: &Cert, why: &str, remarks: Vec<String>) -> Step {
        let subject = Safe(cert.subject.short()).to_string();
        let names = listed(cert.names());
        let what = match self.wanted.profile {
            Profile::Client if names.is_empty() || names == subject => subject,
            Profile::Client => format!("{subject}: {names}"),
            _ => names,
        };
        Step {
            role: self.wanted.role.to_owned(),
            action,
            files: vec![self.paths.store.clone(), self.paths.cert.clone(), self.paths.key.clone()],
            says: if why.is_empty() { what } else { format!("{what} · {why}") },
            cert: Some(cert.clone()),
            remarks,
        }
    }

    /// Has every file written that does not hold `identity` yet.
    fn plan_files(
        &self,
        identity: &Identity,
        access: &StoreAccess<'_>,
        now: OffsetDateTime,
        plan: &mut Plan,
        step: &mut Step,
    ) -> Result<()> {
        let mut mended = Vec::new();
        if self.certs.content() != Some(&identity.chain) {
            plan.file(self.paths.cert.clone(), Secrecy::Public, pem::certificates(&identity.chain).into_bytes().into());
            mended.push(files::name(&self.paths.cert));
        }
        if self.key.content().is_none_or(|key| key.spki() != identity.key.spki()) {
            plan.file(self.paths.key.clone(), Secrecy::Secret, pem::private_key(&identity.key).as_bytes().to_vec().into());
            mended.push(files::name(&self.paths.key));
        }
        if !self.store_holds(identity, access) {
            plan.store(self.paths.store.clone(), Secrecy::Secret, self.store_with(identity, now)?);
            mended.push(files::name(&self.paths.store));
        }
        if step.action == Action::Kept && !mended.is_empty() {
            step.says.push_str(&format!("; {} written anew", all_of(&mended)));
        }
        Ok(())
    }

    fn store_holds(&self, identity: &Identity, access: &StoreAccess<'_>) -> bool {
        let Some(store) = self.store.content() else { return false };
        let has_password = !access.is_chosen || store.password.as_ref() == Some(&access.password);
        let holds = |e: &Entry| matches!(&e.item, Item::Key { key: Ok(key), chain, .. } if key.spki() == identity.key.spki() && *chain == identity.chain);
        store.format == Format::Pkcs12 && has_password && store.entries.iter().any(holds)
    }

    /// The keystore's entries with `identity` in place of the one that was made here before; all others stay.
    fn store_with(&self, identity: &Identity, now: OffsetDateTime) -> Result<Vec<Entry>> {
        let alias = self.wanted.alias.unwrap_or(self.wanted.stem);
        let mut entries = vec![bundle::keystore_entry(identity, alias, now)?];
        let Some(store) = self.store.content() else { return Ok(entries) };
        if store.format != Format::Pkcs12 {
            return Err(in_the_way(&self.paths.store, format!("it is {}, not PKCS#12", store.format)));
        }
        let ours = |e: &Entry| matches!(&e.item, Item::Key { key: Ok(key), .. } if self.made(key));
        for entry in store.entries.iter().filter(|e| !ours(e)) {
            let is_whole = matches!(entry.item, Item::Key { key: Ok(_), .. } | Item::Trusted(_) | Item::Certificate(_));
            let has_our_alias = entry.alias.as_ref().is_some_and(|a| a.to_lowercase() == alias.to_lowercase());
            if !is_whole || has_our_alias {
                let what = entry.alias.as_ref().map_or("an entry".to_owned(), |a| format!("the entry {}", Safe(a)));
                return Err(in_the_way(&self.paths.store, format!("{what} in it was not made by mtls")));
            }
            entries.push(entry.clone());
        }
        Ok(entries)
    }
}

fn usages(profile: &Profile) -> &'static [&'static str] {
    match profile {
        Profile::Ca { .. } => &[],
        Profile::Server => &["serverAuth"],
        Profile::Client => &["clientAuth"],
        Profile::Both => &["serverAuth", "clientAuth"],
    }
}

/// Whether we write names of this kind.
fn is_writable(name: &San) -> bool {
    matches!(name, San::Dns(_) | San::Ip(_) | San::Uri(_) | San::Email(_))
}
