//! Whether an issuer that we have never seen may stand below a CA that is trusted.
//!
//! A leaf alone, its issuer in no file at hand: was an intermediate left out, or is the whole CA foreign? The certificate
//! often tells: its authority key identifier may name the issuer's issuer, and CAs name their intermediates by their kin.

use crate::asn1::{self, Reader};
use crate::pki::{Cert, DistinguishedName, signature};
use crate::safe::Safe;
use std::collections::HashSet;

/// Whether signatures lead from `ca` over `known` certificates to one of `anchors`.
pub fn leads_to<'a>(ca: &Cert, known: impl Iterator<Item = &'a Cert> + Clone, anchors: &[Cert]) -> bool {
    let mut last = ca;
    for _ in 0..super::path::MAX_INTERMEDIATES {
        if anchors.iter().any(|a| a == last || (a.subject == last.issuer && signature::verifies(last, a) != Some(false))) {
            return true;
        }
        let next = known.clone().find(|c| c.subject == last.issuer && *c != last && signature::verifies(last, c) == Some(true));
        match next {
            Some(next) => last = next,
            None => return false,
        }
    }
    false
}

/// Why it is likely that one of `anchors` issued the unknown issuer of `cert`, in words; `None` where nothing says so.
pub fn hint(cert: &Cert, anchors: &[Cert]) -> Option<String> {
    let above: Vec<&Cert> = anchors.iter().filter(|a| may_issue_a_ca(a)).collect();
    let parent = authority_issuer(cert);
    if let Some(parent) = &parent {
        let named = above.iter().find(|a| a.subject == *parent)?;
        return Some(format!("its authority key identifier says that {} issued that CA", named_ca(named)));
    }
    let issuer = Words::of(&cert.issuer);
    let kin = above.iter().find(|a| issuer.is_kin_of(&Words::of(&a.subject)));
    match kin {
        Some(kin) => Some(format!("by its name it is an intermediate below {}", named_ca(kin))),
        // a name that says "intermediate" and a single root that it can stand under
        None if issuer.says_intermediate && above.len() == 1 && !issuer.belongs_elsewhere(&Words::of(&above[0].subject)) => {
            Some(format!("its name says that it is an intermediate, and {} is the only CA trusted", named_ca(above[0])))
        }
        None => None,
    }
}

/// The same where only the `names` of trusted CAs are known, as from a server's list.
pub fn hint_of_names(cert: &Cert, names: &[DistinguishedName]) -> Option<String> {
    let quoted = |name: &DistinguishedName| format!("\"{}\"", Safe(name.short()));
    if let Some(parent) = authority_issuer(cert) {
        let named = names.iter().find(|n| **n == parent)?;
        return Some(format!("its authority key identifier says that {} issued that CA", quoted(named)));
    }
    let issuer = Words::of(&cert.issuer);
    let kin = names.iter().find(|n| issuer.is_kin_of(&Words::of(n)));
    match (kin, names) {
        (Some(kin), _) => Some(format!("by its name it is an intermediate below {}", quoted(kin))),
        (None, [only]) if issuer.says_intermediate && !issuer.belongs_elsewhere(&Words::of(only)) => {
            Some(format!("its name says that it is an intermediate, and {} is the only CA asked for", quoted(only)))
        }
        (None, _) => None,
    }
}

fn named_ca(ca: &Cert) -> String {
    format!("\"{}\"", Safe(ca.subject.short()))
}

/// A CA whose path length constraint lets it issue another CA.
fn may_issue_a_ca(ca: &Cert) -> bool {
    ca.basic.is_none_or(|b| b.ca && b.path_len != Some(0))
}

/// authorityCertIssuer of the authority key identifier: the name of the issuer's issuer (RFC 5280 section 4.2.1.1).
fn authority_issuer(cert: &Cert) -> Option<DistinguishedName> {
    let extension = cert.extensions.iter().find(|e| e.oid == "2.5.29.35")?;
    let names =
        Reader::new(&extension.value).sequence().ok()?.filter_map(Result::ok).find(|v| v.tag == asn1::context(1, true))?;
    let directory = names.reader().filter_map(Result::ok).find(|v| v.tag == asn1::context(4, true))?;
    let name = DistinguishedName::from_der(directory.content);
    // a CA that issued itself tells nothing of what is above it
    (name != cert.issuer).then_some(name)
}

/// The words of a CA's name that tell whose it is, and what it says of its rank.
struct Words {
    own: HashSet<String>,
    organisation: Option<String>,
    says_intermediate: bool,
    says_root: bool,
}

/// Words that every CA may have in its name.
const COMMON: &[&str] = &[
    "ca",
    "certificate",
    "certification",
    "certificates",
    "authority",
    "the",
    "of",
    "and",
    "for",
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "co",
    "corp",
    "test",
    "tls",
    "ssl",
    "pki",
    "x",
    "trust",
    "services",
    "service",
    "rsa",
    "ecc",
    "ec",
    "ecdsa",
    "sha256",
    "global",
    "new",
    "old",
    "my",
    "server",
    "client",
    "public",
    "private",
    "internal",
];
const BELOW: &[&str] = &[
    "intermediate",
    "issuing",
    "subordinate",
    "sub",
    "subca",
    "ica",
    "int",
    "inter",
    "issuer",
    "signing",
    "leaf",
    "ou",
    "level2",
    "policy",
];
const TOP: &[&str] = &["root", "primary", "rootca", "anchor"];

impl Words {
    fn of(name: &DistinguishedName) -> Words {
        let text = name.short().to_lowercase();
        let all: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let says = |list: &[&str]| all.iter().any(|w| list.contains(w));
        let (says_intermediate, says_root) = (says(BELOW), says(TOP));
        // numbers and generations (1, g2, r3) tell CAs of one family apart, not families
        let generation = |w: &str| w.trim_start_matches(['g', 'r', 'v', 'x', 'e']).chars().all(|c| c.is_ascii_digit());
        let own = all
            .iter()
            .filter(|w| !COMMON.contains(w) && !BELOW.contains(w) && !TOP.contains(w) && !generation(w))
            .map(|w| (*w).to_owned());
        Words { own: own.collect(), organisation: name.organisation(), says_intermediate, says_root }
    }

    fn is_kin_of(&self, above: &Words) -> bool {
        let same_words = !self.own.is_disjoint(&above.own);
        let same_organisation = self.organisation.is_some() && self.organisation == above.organisation;
        !self.says_root
            && ((same_words && (self.says_intermediate || above.says_root)) || (same_organisation && self.says_intermediate))
    }

    fn belongs_elsewhere(&self, above: &Words) -> bool {
        let other_words = !self.own.is_empty() && !above.own.is_empty() && self.own.is_disjoint(&above.own);
        let other_organisation =
            self.organisation.is_some() && above.organisation.is_some() && self.organisation != above.organisation;
        other_words || other_organisation
    }
}
