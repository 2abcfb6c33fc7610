//! Loose parts become a keystore's entry, and certificates a truststore's; aliases are chosen here.

mod index;

pub use index::{Content, Indexed};

use crate::error::{Error, Kind, Result};
use crate::formats::{Entry, Item};
use crate::pki::chain::Pool;
use crate::pki::{Cert, Identity, PrivateKey};
use crate::safe::{Safe, count, from_hex, hex, one_of};
use time::OffsetDateTime;

/// An identity that was put together, and what was not taken into it.
#[derive(Debug, Clone)]
pub struct Bundled {
    /// The key, its certificate and the intermediates above it. A root is left out: peers need it in their truststore,
    /// where alone they believe it, and Java's and OpenSSL's key managers do without.
    pub identity: Identity,
    /// The alias that the key had where it came from.
    pub alias: Option<String>,
    /// The root that was left out.
    pub root: Option<Cert>,
    /// Certificates that belong to no chain of the leaf.
    pub strangers: Vec<Cert>,
}

/// Puts together the identity that is in `parts`: one private key, its certificate and the intermediates, in any order and
/// from any number of files. Where several certificates are of the key, the one that is valid longest is taken.
///
/// # Errors
/// [`Kind::Refused`] where there is no key, no certificate for it, or several keys; the key's own error where it did not open.
pub fn identity(parts: &[Entry]) -> Result<Bundled> {
    let (key, alias) = only_key(parts)?;
    let mut certs: Vec<&Cert> = Vec::new();
    for cert in parts.iter().flat_map(|e| e.item.certificates()) {
        if !certs.contains(&cert) {
            certs.push(cert);
        }
    }
    let own = certs.iter().filter(|c| key.belongs_to(c) == Some(true));
    let Some(leaf) = own.max_by_key(|c| (!c.is_ca(), c.not_after)).copied() else {
        let fix = "add the file of its certificate: CERT.pem";
        let error = Error::new(Kind::Refused, format!("no certificate belongs to the private key ({})", key.kind().title()), fix);
        return Err(match certs.len() {
            0 => error,
            n => error.because(format!("none of the {} that were given has its public key", count(n, "certificate"))),
        });
    };
    let mut chain = Pool::new(certs.iter().copied()).chain_of(leaf);
    // a self-signed leaf is its own root, and has to be sent
    let root = if chain.len() > 1 { chain.pop_if(|last| last.is_self_issued()) } else { None };
    let strangers = certs.into_iter().filter(|c| !chain.contains(c) && Some(*c) != root.as_ref()).cloned().collect();
    Ok(Bundled { identity: Identity { key: key.clone(), chain }, alias: alias.cloned(), root, strangers })
}

fn only_key(parts: &[Entry]) -> Result<(&PrivateKey, Option<&String>)> {
    let mut found: Option<(&PrivateKey, Option<&String>)> = None;
    let mut refusal = None;
    for entry in parts {
        let Item::Key { key, .. } = &entry.item else { continue };
        match (key, found) {
            (Err(why), _) => refusal = Some(why),
            (Ok(key), Some((first, _))) if key.pkcs8() == first.pkcs8() => {}
            (Ok(_), Some(_)) => {
                let aliases: Vec<_> = parts
                    .iter()
                    .filter(|e| matches!(e.item, Item::Key { .. }))
                    .filter_map(|e| e.alias.as_ref())
                    .map(Safe)
                    .collect();
                let error = Error::new(
                    Kind::Refused,
                    "several private keys, and a keystore here holds one",
                    "name one of them with --alias, or give its file alone",
                );
                return Err(if aliases.is_empty() {
                    error
                } else {
                    error.because(format!("the keys are {}", crate::safe::all_of(&aliases)))
                });
            }
            (Ok(key), None) => found = Some((key, entry.alias.as_ref())),
        }
    }
    match (found, refusal) {
        (Some(found), _) => Ok(found),
        (None, Some(why)) => Err(why.clone()),
        (None, None) => {
            Err(Error::new(Kind::Refused, "no private key in what was given", "add the file of the private key: KEY.pem"))
        }
    }
}

/// The entry of a keystore for `identity`.
///
/// # Errors
/// [`Kind::Refused`] where the key does not belong to the leaf.
pub fn keystore_entry(identity: &Identity, alias: &str, now: OffsetDateTime) -> Result<Entry> {
    let Some(leaf) = identity.chain.first() else { return Err(Error::internal("an identity without a certificate")) };
    if identity.key.belongs_to(leaf) == Some(false) {
        return Err(Error::new(
            Kind::Refused,
            format!("the private key does not belong to the certificate of {}", Safe(leaf.subject.short())),
            "give the key that the certificate was made for",
        ));
    }
    let item = Item::key(identity.key.clone(), identity.chain.clone());
    Ok(Entry { created: Some(now), ..Entry::new(Some(alias.to_owned()), item) })
}

/// An alias for `cert`: its common name (else its first name, else its fingerprint) as keytool would keep it, in lower case.
pub fn alias_of(cert: &Cert) -> String {
    let name = cert.subject.common_name().or_else(|| cert.names().first().map(crate::pki::San::value));
    let name: String = name.unwrap_or_default().chars().filter(|c| !c.is_control()).take(64).collect();
    let name = name.trim().to_lowercase();
    if name.is_empty() { hex(&cert.sha256()[..8]) } else { name }
}

/// What became of a certificate that was to be added to a truststore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addition {
    /// It is in, under `alias`.
    Added {
        /// Its alias.
        alias: String,
        /// The aliases of CAs with the same name and another key: former or foreign ones, which stay trusted; the first
        /// [`SAME_NAMES`] of them.
        same_name: Vec<String>,
    },
    /// It was in already, under this alias; nothing changed.
    AlreadyThere(String),
}

/// How many former or foreign CAs of one name are told.
pub const SAME_NAMES: usize = 10;

/// Adds `cert` to the truststore `entries`, under `alias` or one of its own; what is in already is left alone.
///
/// # Errors
/// [`Kind::Usage`] where `alias` is taken by another certificate.
pub fn trust(entries: &mut Indexed, cert: &Cert, alias: Option<&str>, now: OffsetDateTime) -> Result<Addition> {
    if let Some(there) = entries.alone(cert) {
        return Ok(Addition::AlreadyThere(label(there)));
    }
    let alias = match alias {
        Some(alias) if entries.place_of(alias).is_some() => {
            return Err(Error::new(
                Kind::Usage,
                format!("the alias {} is taken by another entry", Safe(alias)),
                format!("choose another alias, or remove that entry first: --remove '{}'", Safe(alias)),
            ));
        }
        Some(alias) => alias.to_owned(),
        None => entries.free_alias(&alias_of(cert)),
    };
    let others = entries.namesakes(cert).filter(|e| anchor(e).is_some_and(|c| c.spki != cert.spki));
    let same_name = others.take(SAME_NAMES).map(label).collect();
    entries.push(Entry { created: Some(now), ..Entry::new(Some(alias.clone()), Item::Trusted(cert.clone())) });
    Ok(Addition::Added { alias, same_name })
}

/// What of `entries` a truststore should hold, and what not: of each key's chain the topmost certificate; of the other
/// certificates those that are CAs or self-signed, or all where none is.
pub fn anchors_of(entries: &[Entry]) -> (Vec<Cert>, Vec<Cert>) {
    let mut tops: Vec<Cert> = Vec::new();
    let mut loose: Vec<Cert> = Vec::new();
    for entry in entries {
        match &entry.item {
            Item::Key { chain, .. } => tops.extend(chain.last().cloned()),
            Item::Trusted(cert) | Item::Certificate(cert) => loose.push(cert.clone()),
            _ => {}
        }
    }
    let is_anchor = |c: &Cert| c.is_ca() || c.is_self_issued();
    let (anchors, others): (Vec<Cert>, Vec<Cert>) = loose.into_iter().partition(is_anchor);
    tops.extend(anchors);
    if tops.is_empty() { (others, vec![]) } else { (tops, others) }
}

/// Marks every bare certificate as trusted: without the mark Java does not see it. Says how many there were.
pub fn mark_trusted(entries: &mut [Entry]) -> usize {
    let mut marked = 0;
    for entry in entries {
        if let Item::Certificate(cert) = &entry.item {
            entry.item = Item::Trusted(cert.clone());
            marked += 1;
        }
    }
    marked
}

/// Takes out the entries that `which` names ([`named`]). Gives back what was taken out.
///
/// # Errors
/// [`Kind::Refused`] where nothing has that name; says which there are.
pub fn remove(entries: &mut Vec<Entry>, which: &str) -> Result<Vec<Entry>> {
    let is_meant = named(entries, which);
    let removed: Vec<Entry> = entries.extract_if(.., |e| is_meant(e)).collect();
    if removed.is_empty() {
        return Err(no_such_entry(entries, which));
    }
    let certs: Vec<Cert> = removed.iter().filter_map(anchor).cloned().collect();
    for cert in &certs {
        part_from_chains(entries, cert);
    }
    Ok(removed)
}

/// Lets go of `cert`, an entry that was taken out: chains that only it completed end before it, so that it does not stay in
/// the store by way of them. Says whether there were any.
fn part_from_chains(entries: &mut [Entry], cert: &Cert) -> bool {
    let mut changed = false;
    if entries.iter().any(|e| anchor(e) == Some(cert)) {
        return changed;
    }
    for entry in entries {
        let Item::Key { chain, sent, .. } = &mut entry.item else { continue };
        if let Some(end) = chain.iter().skip(1).position(|c| c == cert).filter(|_| !sent.contains(cert)) {
            chain.truncate(end + 1);
            changed = true;
        }
    }
    changed
}

/// Tells the entries that `which` names: those of that alias, else those whose first certificate has that SHA-256 or SHA-1
/// fingerprint (hex, with or without colons), else the one without an alias whose first certificate has that common name.
pub fn named<'w>(entries: &[Entry], which: &'w str) -> impl Fn(&Entry) -> bool + use<'w> {
    let has_alias = |e: &Entry, alias: &str| e.alias.as_ref().is_some_and(|a| same_alias(a, alias));
    let by_alias = entries.iter().any(|e| has_alias(e, which));
    let fingerprint = from_hex(which).filter(|f| matches!(f.len(), 20 | 32));
    let has_name = move |e: &Entry| {
        let own = e.item.certificates().first().and_then(|c| c.subject.common_name());
        e.alias.is_none() && own.is_some_and(|own| own == which)
    };
    let by_name = !by_alias && fingerprint.is_none() && entries.iter().filter(|e| has_name(e)).count() == 1;
    move |e| {
        if by_alias {
            return has_alias(e, which);
        }
        if by_name {
            return has_name(e);
        }
        let prints = |c: &Cert, f: &Vec<u8>| if f.len() == 32 { c.sha256() == *f } else { c.sha1() == *f };
        fingerprint.as_ref().is_some_and(|f| e.item.certificates().first().is_some_and(|c| prints(c, f)))
    }
}

/// Nothing in the store is called that; says what there is. Where a format has no aliases, the subject says which is which.
pub fn no_such_entry(entries: &[Entry], which: &str) -> Error {
    let title = |entry: &Entry| match (&entry.alias, entry.item.certificates().first()) {
        (None, Some(cert)) => format!("{} ({})", label(entry), Safe(cert.subject.short())),
        _ => label(entry),
    };
    let known: Vec<String> = entries.iter().take(10).map(title).collect();
    let more = if entries.len() > known.len() { format!(" (and {} more)", entries.len() - known.len()) } else { String::new() };
    let fix = if known.is_empty() { "the store is empty".to_owned() } else { format!("name {}{more}", one_of(&known)) };
    Error::new(Kind::Refused, format!("no entry is called {}", Safe(which)), fix)
}

fn anchor(entry: &Entry) -> Option<&Cert> {
    match &entry.item {
        Item::Trusted(cert) | Item::Certificate(cert) => Some(cert),
        _ => None,
    }
}

/// Whether two aliases are one: Java tells no capital letters apart.
pub fn same_alias(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// What to call an entry: its alias, else its certificate's fingerprint.
pub fn label(entry: &Entry) -> String {
    match (&entry.alias, entry.item.certificates().first()) {
        (Some(alias), _) => Safe(alias).to_string(),
        (None, Some(cert)) => hex(&cert.sha256()),
        (None, None) => "(without a name)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::{self, Issued, Issuer, KeySource, Profile, Request};
    use crate::pki::{NewKey, San};

    fn now() -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn made(name: &str, profile: Profile, issuer: Option<&Issued>) -> Issued {
        let (not_before, not_after) = issue::validity(now(), 30).unwrap();
        let sans = if profile == Profile::Server { vec![San::Dns("api.example".to_owned())] } else { vec![] };
        let subject = issue::subject_for(name);
        let request = Request { subject, sans, key: KeySource::New(NewKey::EcP256), not_before, not_after, profile };
        let issuer = issuer.map(|i| Issuer::new(i.cert.clone(), &i.key, i.chain[1..].to_vec()).unwrap());
        issue::issue(&request, issuer.as_ref(), now()).unwrap()
    }

    fn ca(name: &str, issuer: Option<&Issued>) -> Issued {
        made(name, Profile::Ca { path_len: None, name_constraints: None }, issuer)
    }

    fn bare(cert: &Cert) -> Entry {
        Entry::new(None, Item::Certificate(cert.clone()))
    }

    #[test]
    fn loose_parts_in_any_order_become_one_identity_without_its_root() {
        let root = ca("Root", None);
        let middle = ca("Middle", Some(&root));
        let leaf = made("api.example", Profile::Server, Some(&middle));
        let other = ca("Other", None);
        let key = Entry::new(Some("mine".to_owned()), Item::key(leaf.key.clone(), vec![]));
        let parts = [bare(&root.cert), bare(&other.cert), key, bare(&middle.cert), bare(&leaf.cert), bare(&leaf.cert)];
        let bundled = identity(&parts).unwrap();
        assert_eq!(bundled.identity.chain, [leaf.cert, middle.cert]);
        assert_eq!(
            (bundled.root, bundled.strangers, bundled.alias.as_deref()),
            (Some(root.cert), vec![other.cert], Some("mine"))
        );
    }

    #[test]
    fn a_self_signed_leaf_is_kept() {
        let own = made("api.example", Profile::Server, None);
        let parts = [Entry::new(None, Item::key(own.key.clone(), vec![own.cert.clone()]))];
        assert_eq!(identity(&parts).unwrap().identity.chain, [own.cert]);
    }

    #[test]
    fn what_is_missing_or_too_much_is_said() {
        let (one, two) = (ca("One", None), ca("Two", None));
        let key = |i: &Issued| Entry::new(Some(i.cert.subject.short()), Item::key(i.key.clone(), vec![]));
        let what = |parts: &[Entry]| identity(parts).unwrap_err().what;
        assert_eq!(what(&[bare(&one.cert)]), "no private key in what was given");
        assert_eq!(what(&[key(&one), bare(&two.cert)]), "no certificate belongs to the private key (EC P-256)");
        assert_eq!(what(&[key(&one), key(&two), bare(&one.cert)]), "several private keys, and a keystore here holds one");
        let closed = Entry::new(None, Item::Key { key: Err(Error::wrong_password()), chain: vec![], sent: vec![] });
        assert_eq!(identity(&[closed, bare(&one.cert)]).unwrap_err().kind, Kind::WrongPassword);
        let mixed = Identity { key: one.key, chain: vec![two.cert] };
        assert_eq!(keystore_entry(&mixed, "x", now()).unwrap_err().kind, Kind::Refused);
    }

    #[test]
    fn trusting_twice_changes_nothing_and_aliases_stay_unique() {
        let (first, again) = (ca("Dev CA", None), ca("Dev CA", None));
        let mut store = Indexed::default();
        let added = |alias: &str, same: &[&str]| Addition::Added {
            alias: alias.to_owned(),
            same_name: same.iter().map(|s| (*s).to_owned()).collect(),
        };
        assert_eq!(trust(&mut store, &first.cert, None, now()).unwrap(), added("dev ca", &[]));
        assert_eq!(trust(&mut store, &first.cert, Some("x"), now()).unwrap(), Addition::AlreadyThere("dev ca".to_owned()));
        assert_eq!(trust(&mut store, &again.cert, None, now()).unwrap(), added("dev ca-2", &["dev ca"]));
        let other = ca("Other", None);
        assert_eq!(trust(&mut store, &other.cert, Some("DEV CA"), now()).unwrap_err().kind, Kind::Usage);
        assert_eq!(store.len(), 2);
    }

    #[test]
    fn entries_are_removed_by_alias_or_fingerprint() {
        let (a, b, c) = (ca("A", None), ca("B", None), ca("C", None));
        let mut all = Indexed::default();
        for made in [&a, &b, &c] {
            trust(&mut all, &made.cert, None, now()).unwrap();
        }
        let mut store = all.into_entries();
        assert_eq!(remove(&mut store, "nope").unwrap_err().fix, "name a, b or c");
        assert_eq!(remove(&mut store, "A").unwrap().len(), 1);
        let colons = hex(&b.cert.sha256())
            .to_uppercase()
            .as_bytes()
            .chunks(2)
            .map(|p| String::from_utf8_lossy(p).into_owned())
            .collect::<Vec<_>>();
        assert_eq!(remove(&mut store, &colons.join(":")).unwrap().len(), 1);
        assert_eq!(remove(&mut store, &hex(&c.cert.sha1())).unwrap().len(), 1);
        assert!(store.is_empty());
    }

    #[test]
    fn bare_certificates_get_the_mark_of_trust() {
        let mut store = vec![bare(&ca("A", None).cert)];
        assert_eq!((mark_trusted(&mut store), mark_trusted(&mut store)), (1, 0));
        assert!(matches!(store[0].item, Item::Trusted(_)));
    }
}
