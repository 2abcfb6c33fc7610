//! Is the store what it was given as: a keystore with a key and its certificate, a truststore with trusted certificates?

use super::catalogue as code;
use super::direction::{called, last_above};
use super::{Code, Finding, Place, Severity};
use crate::error::Kind;
use crate::formats::{Entry, Format, Item, Store};
use crate::pki::{Cert, Identity};
use crate::safe::{Safe, count, one_of, shell_word};

/// A store that plays a part: what the user called it, and where it would be mended.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The file as the user named it.
    pub file: &'a str,
    /// Whose it is.
    pub place: Place,
    /// What is in it.
    pub store: &'a Store,
}

impl Part<'_> {
    fn error(&self, code: Code, headline: impl Into<String>) -> Finding {
        Finding::new(code, Severity::Error, self.place, headline)
    }

    fn owner(&self) -> &'static str {
        match self.place {
            Place::ClientKeystore | Place::ClientTruststore => "client",
            _ => "server",
        }
    }
}

/// The identity in a keystore: the entry called `alias`, else the first key, as most servers choose, and before it one
/// whose certificate is no CA's: a CA's key that lies beside is not meant. Several keys without a choice are a warning.
///
/// # Errors
/// The finding that says why there is none.
pub fn identity(part: Part<'_>, alias: Option<&str>) -> Result<(Identity, Vec<Finding>), Box<Finding>> {
    let keys: Vec<&Entry> = part.store.keys().collect();
    let entry = match alias {
        Some(alias) => keys
            .iter()
            .find(|e| e.alias.as_deref().is_some_and(|a| a.eq_ignore_ascii_case(alias)))
            .ok_or_else(|| no_such_alias(part, alias, &keys))?,
        None => candidates(&keys).first().copied().ok_or_else(|| no_private_key(part))?,
    };
    let Item::Key { key, sent, .. } = &entry.item else { return Err(no_private_key(part)) };
    let key = key.as_ref().map_err(|e| Box::new(locked_key(part, entry, e)))?;
    if sent.is_empty() {
        return Err(Box::new(no_certificate(part, entry)));
    }
    let candidates = candidates(&keys);
    let warnings = if alias.is_none() && candidates.len() > 1 {
        vec![several_keys(part, &candidates).at_most(Severity::Warning)]
    } else {
        vec![]
    };
    Ok((Identity { key: key.clone(), chain: sent.clone() }, warnings))
}

/// The keys that a peer would show: those of end entities, or all where each is a CA's or has no certificate.
pub fn candidates<'s>(keys: &[&'s Entry]) -> Vec<&'s Entry> {
    let is_shown = |e: &&&Entry| matches!(&e.item, Item::Key { chain, .. } if chain.first().is_some_and(|leaf| !leaf.is_ca()));
    let shown: Vec<&Entry> = keys.iter().filter(is_shown).copied().collect();
    if shown.is_empty() { keys.to_vec() } else { shown }
}

/// Every identity in a keystore with its alias, for trying the others when one fails.
pub fn identities(store: &Store) -> Vec<(Option<String>, Identity)> {
    let usable = store.keys().filter_map(|e| match &e.item {
        Item::Key { key: Ok(key), sent, .. } if !sent.is_empty() => {
            Some((e.alias.clone(), Identity { key: key.clone(), chain: sent.clone() }))
        }
        _ => None,
    });
    usable.collect()
}

/// The certificates that a truststore trusts, and the finding if that is none. A CA that lies there with its key is
/// trusted, too: OpenSSL reads every certificate of a file, and Java the first one of each key entry.
pub fn anchors(part: Part<'_>) -> (Vec<Cert>, Option<Finding>) {
    let of_a_ca = |e: &'_ Entry| match &e.item {
        Item::Key { chain, .. } => chain.first().filter(|own| own.is_ca()).cloned(),
        _ => None,
    };
    let mut anchors: Vec<Cert> = part.store.anchors().cloned().collect();
    anchors.extend(part.store.keys().filter_map(of_a_ca));
    if !anchors.is_empty() {
        return (anchors, None);
    }
    let finding = if part.store.keys().next().is_some() { is_keystore(part) } else { empty(part) };
    (anchors, Some(finding))
}

/// PKCS#12 truststores whose certificates Java does not see.
pub fn trust_not_marked(part: Part<'_>) -> Option<Finding> {
    let unmarked: Vec<&Cert> = part
        .store
        .entries
        .iter()
        .filter_map(|e| match &e.item {
            Item::Certificate(cert) => Some(cert),
            _ => None,
        })
        .collect();
    let first = unmarked.first().filter(|_| part.store.format == Format::Pkcs12)?;
    let file = shell_word(part.file);
    Some(
        Finding::new(code::TRUST_NOT_MARKED, Severity::Warning, part.place, format!("Java sees no trusted certificate in {}: {} not marked as trusted", part.file, if unmarked.len() == 1 { "its certificate is".to_owned() } else { format!("its {} certificates are", unmarked.len()) }))
            .about(first)
            .fact(part.file, format!("{}, {} marked with Java's trusted-key-usage attribute", count(unmarked.len(), "certificate"), part.store.entries.len() - unmarked.len()))
            .because("Java takes a PKCS#12 certificate as trusted only where it carries Oracle's trusted-key-usage attribute, which OpenSSL, certtool and most libraries leave out; it then says \"the trustAnchors parameter must be non-empty\".")
            .fix(format!("mtls truststore NEW.p12 {file}  # writes the attribute")),
    )
}

/// What a store says against itself, when nothing is known of the part it shall play: for `inspect`.
pub fn on_its_own(part: Part<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = part
        .store
        .entries
        .iter()
        .filter_map(|entry| match &entry.item {
            Item::Key { key: Err(e), .. } => Some(locked_key(part, entry, e)),
            Item::Key { chain, .. } if chain.is_empty() => Some(no_certificate(part, entry)),
            _ => None,
        })
        .collect();
    if part.store.keys().next().is_none() {
        found.extend(trust_not_marked(part).map(|f| f.at_most(Severity::Warning)));
    }
    found
}

fn no_private_key(part: Part<'_>) -> Box<Finding> {
    let holds = count(part.store.anchors().count(), "certificate");
    Box::new(
        part.error(code::NO_PRIVATE_KEY, format!("{} holds no private key, so the {} has nothing to show", part.file, part.owner()))
            .fact(part.file, format!("{}, {holds}, no private key", part.store.format))
            .because(format!("A keystore holds a private key and its certificate; {} holds {holds} and no key: the certificate alone was exported, or this is a truststore.", part.file))
            .fix(format!("mtls keystore NEW.p12 KEY {}  # or export key and certificate together", shell_word(part.file))),
    )
}

fn no_such_alias(part: Part<'_>, alias: &str, keys: &[&Entry]) -> Box<Finding> {
    let names: Vec<String> = keys.iter().filter_map(|e| e.alias.clone()).collect();
    Box::new(
        part.error(code::NO_PRIVATE_KEY, format!("{} holds no private key called \"{}\"", part.file, Safe(alias)))
            .fact(part.file, if names.is_empty() { "no named key".to_owned() } else { Safe(names.join(", ")).to_string() })
            .fix(if names.is_empty() { "leave the alias away".to_owned() } else { format!("use {}", Safe(one_of(&names))) }),
    )
}

fn locked_key(part: Part<'_>, entry: &Entry, error: &crate::error::Error) -> Finding {
    let what = entry.alias.as_ref().map_or("the private key".to_owned(), |a| format!("the private key \"{}\"", Safe(a)));
    let base = Finding::from_error(error, part.place)
        .unwrap_or_else(|| part.error(code::DAMAGED_STORE, error.what.clone()).fix(error.fix.clone()));
    if error.kind == Kind::KeyPasswordDiffers {
        let mut finding = base.because(format!(
            "{} opened, but {what} in it is encrypted with another password. Most servers and Java's PKCS#12 know only one.",
            part.file
        ));
        finding.headline = format!("{what} in {} needs another password than the store", part.file);
        return finding.fix("give it with --key-password pass:TEXT, env:NAME, file:PATH or prompt");
    }
    Finding { headline: format!("{}: {what}: {}", part.file, error.what), ..base }
}

fn no_certificate(part: Part<'_>, entry: &Entry) -> Finding {
    let alias = entry.alias.as_ref().map_or(String::new(), |a| format!(" \"{}\"", Safe(a)));
    let has_request = part.store.entries.iter().any(|e| matches!(e.item, Item::Request(_)));
    let why = match has_request {
        true => "what is there is the request that is sent to the CA, not the certificate that comes back",
        false => "the CA's answer was never imported",
    };
    // a pair without its request: the key's file alone
    let key = part.file.split(',').next_back().filter(|_| has_request).unwrap_or(part.file);
    part.error(code::NO_CERTIFICATE_FOR_KEY, format!("{} holds a private key{alias} without its certificate", part.file))
        .because(format!(
            "No certificate in {} belongs to the private key{alias}, so there is nothing to show: {why}.",
            part.file
        ))
        .fix(format!("mtls keystore NEW.p12 {} CERT  # CERT: the file that the CA sent back", shell_word(key)))
}

/// Several keys, of which one must be chosen.
pub fn several_keys(part: Part<'_>, keys: &[&Entry]) -> Finding {
    let names: Vec<String> = keys.iter().map(|e| name_of(e)).collect();
    let option = if part.owner() == "client" { "--client-alias" } else { "--server-alias" };
    part.error(code::SEVERAL_KEYS, format!("{} holds {}, and none was chosen", part.file, count(keys.len(), "private key")))
        .fact(part.file, names.join(", "))
        .because(format!(
            "The first, {}, was taken, as most servers do; others choose by key type or alias.",
            names.first().map_or("", String::as_str)
        ))
        .fix(match keys.iter().find_map(|e| e.alias.as_deref()) {
            Some(alias) => format!("{option} {}", shell_word(alias)),
            None => ONE_KEY.to_owned(),
        })
}

/// The advice where keys have no alias to choose by.
pub const ONE_KEY: &str = "keep one key with its certificates in the file, each other one in a file of its own";

/// A key entry as people name it: by its alias, else by its certificate's subject.
pub fn name_of(entry: &Entry) -> String {
    match (&entry.alias, &entry.item) {
        (Some(alias), _) => format!("\"{}\"", Safe(alias)),
        (None, Item::Key { chain, .. }) if !chain.is_empty() => format!("the one of {}", called(&chain[0])),
        _ => "one without a name".to_owned(),
    }
}

/// A keystore in the place of a truststore.
pub fn is_keystore(part: Part<'_>) -> Finding {
    let has_ca = part.store.keys().any(|e| matches!(&e.item, Item::Key { chain, .. } if chain.iter().skip(1).any(Cert::is_ca)));
    let leaf = part.store.keys().find_map(|e| match &e.item {
        Item::Key { chain, .. } => chain.first(),
        _ => None,
    });
    let finding = part
        .error(
            code::TRUSTSTORE_IS_KEYSTORE,
            format!("{} was given as the {}'s truststore, but it is a keystore", part.file, part.owner()),
        )
        .fact(
            part.file,
            format!("a private key{}, no trusted certificate", leaf.map_or(String::new(), |l| format!(" for {}", called(l)))),
        )
        .because(format!(
            "{} holds a private key and no trusted certificate: keystore and truststore were given the wrong way round.",
            part.file
        ))
        .fix(match has_ca {
            true => format!(
                "mtls truststore NEW.p12 {}  # takes the CA out of it; or swap: --{} KEYSTORE TRUSTSTORE",
                shell_word(part.file),
                part.owner()
            ),
            false => format!(
                "give the two in the order --{} KEYSTORE TRUSTSTORE, or make a truststore: mtls truststore NEW.p12 CA.crt",
                part.owner()
            ),
        });
    match leaf {
        Some(leaf) => finding.about(leaf),
        None => finding,
    }
}

/// The remedy for a keystore given as truststore where a file at hand holds the root above it: OpenSSL wants that one, and a
/// keystore has its intermediates only.
pub fn root_at_hand(part: Part<'_>, known: &[(&str, Cert)]) -> Option<String> {
    let own = part.store.keys().find_map(|e| match &e.item {
        Item::Key { chain, .. } => chain.last().filter(|top| !top.is_self_issued()),
        _ => None,
    })?;
    let root = last_above(own, known);
    let (file, root) = known.iter().find(|(file, c)| *file != part.file && c == root && c.is_self_issued())?;
    Some(format!(
        "mtls truststore NEW.p12 {}  # it holds {}, the root; or swap: --{} KEYSTORE TRUSTSTORE",
        shell_word(file),
        called(root),
        part.owner()
    ))
}

fn empty(part: Part<'_>) -> Finding {
    part.error(
        code::TRUSTSTORE_EMPTY,
        format!("{} holds no trusted certificate, so the {} trusts nobody", part.file, part.owner()),
    )
    .fact(part.file, format!("{}, {}", part.store.format, count(part.store.entries.len(), "entry")))
    .because(format!(
        "{} was read, and no certificate is in it. Java says \"the trustAnchors parameter must be non-empty\" for this.",
        part.file
    ))
    .fix(match part.store.format {
        // a list that cannot grow, and nothing in it to keep
        Format::Pkcs7 | Format::Der => "mtls truststore NEW.p12 CA.crt".to_owned(),
        _ => format!("mtls truststore {} CA.crt", shell_word(part.file)),
    })
}
