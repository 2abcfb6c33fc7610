//! A server's or client's key, certificate and keystore: made, kept or renewed.

mod whose;

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
use whose::usages;

/// A certificate with less than this left is renewed, where that is less than a third of its life: one that was made to last
/// ten days would be renewed on every run otherwise.
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
    /// How long it lasts when it is made, where that was asked for; else the default for leaves.
    pub lifetime: Option<Lifetime>,
    /// Its alias in the keystore; the stem where there is none.
    pub alias: Option<&'a str>,
    /// Whether it is made anew though it is good.
    pub is_forced: bool,
    /// Whose it is: a name that a certificate in its files has to have, as its common name or among the others. Different
    /// names can make one file name; `None` where the files go by their own name alone.
    pub goes_by: Option<&'a str>,
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

    /// The identity to be used from now on, kept or made, and what to say of it.
    fn identity(&self, now: OffsetDateTime) -> Result<(Identity, Step)> {
        let wanted = self.wanted;
        let key = self.present_key();
        let own = |c: &&Cert| key.is_some_and(|k| k.belongs_to(c) == Some(true));
        let judged: Vec<(&Cert, Vec<String>)> = self.present_certs().filter(own).map(|c| (c, self.reasons(c, now))).collect();
        if let (Some(key), Some((leaf, _))) = (key, judged.iter().find(|(_, reasons)| reasons.is_empty())) {
            let chain = std::iter::once(*leaf).chain(self.ca.intermediates()).cloned().collect();
            let step = self.step(Action::Kept, leaf, "still good", self.unmet_lifetime(leaf).into_iter().collect());
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

    /// What to say where `leaf` is kept though it does not last as long as was asked for.
    fn unmet_lifetime(&self, leaf: &Cert) -> Option<String> {
        let is_met = match self.wanted.lifetime? {
            Lifetime::Days(days) => {
                let lasts = leaf.not_after - leaf.not_before - issue::BACKDATED;
                (lasts - Duration::days(i64::from(days))).abs() < Duration::DAY
            }
            Lifetime::Until(end) => (leaf.not_after - end).abs() < Duration::DAY,
        };
        let is_cut = leaf.not_after >= self.ca.cert().not_after;
        (!is_met && !is_cut).then(|| {
            format!(
                "the {}'s certificate is good and keeps its end: another one counts when it is renewed (at once with --renew)",
                self.wanted.role
            )
        })
    }

    fn request(&self, believed: Option<&Cert>, former: Option<&Cert>, now: OffsetDateTime) -> Result<Request> {
        let wanted = self.wanted;
        let (not_before, not_after) = wanted.lifetime.unwrap_or(Lifetime::Days(issue::LEAF_DAYS)).validity(now)?;
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
        if let Some(why) = amiss(&self.certs, |certs| (*certs != identity.chain).then_some("it held other certificates")) {
            if let Ok(Slot::Present(_)) = held::key(&self.paths.cert, &access.passwords) {
                return Err(in_the_way(&self.paths.cert, "it holds a private key too"));
            }
            plan.file(self.paths.cert.clone(), Secrecy::Public, pem::certificates(&identity.chain).into_bytes().into());
            mended.push((&self.paths.cert, why));
        }
        let has_other_key = |key: &PrivateKey| (key.spki() != identity.key.spki()).then_some("it held another key");
        if let Some(why) = amiss(&self.key, has_other_key) {
            plan.file(self.paths.key.clone(), Secrecy::Secret, pem::private_key(&identity.key).as_bytes().to_vec().into());
            mended.push((&self.paths.key, why));
        }
        if let Some(why) = amiss(&self.store, |store| store_lacks(store, identity, access)) {
            plan.store(self.paths.store.clone(), Secrecy::Secret, self.store_with(identity, now)?);
            mended.push((&self.paths.store, why));
        }
        for secret in [&self.paths.key, &self.paths.store] {
            if mended.iter().all(|(path, _)| *path != secret) {
                step.remarks.extend(files::open_to_others(secret));
            }
        }
        if step.action == Action::Kept && !mended.is_empty() {
            let words: Vec<String> = mended.iter().map(|(path, why)| format!("{} ({why})", files::name(path))).collect();
            step.says.push_str(&format!("; written anew: {}", all_of(&words)));
        }
        Ok(())
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

/// Why a file has to be written, if it has to: it is not there as it should be, or `lacks` something.
fn amiss<T>(slot: &Slot<T>, lacks: impl FnOnce(&T) -> Option<&'static str>) -> Option<&'static str> {
    match slot {
        Slot::Absent => Some("it was missing"),
        Slot::Broken(_) => Some("it was damaged"),
        Slot::Present(content) => lacks(content),
    }
}

fn store_lacks(store: &Store, identity: &Identity, access: &StoreAccess<'_>) -> Option<&'static str> {
    let holds = |e: &Entry| matches!(&e.item, Item::Key { key: Ok(key), chain, .. } if key.spki() == identity.key.spki() && *chain == identity.chain);
    match store.format == Format::Pkcs12 && store.entries.iter().any(holds) {
        true => held::protection(store, access),
        false => Some("it lacked this identity; what else it holds stays"),
    }
}

/// Whether we write names of this kind.
fn is_writable(name: &San) -> bool {
    matches!(name, San::Dns(_) | San::Ip(_) | San::Uri(_) | San::Email(_))
}
