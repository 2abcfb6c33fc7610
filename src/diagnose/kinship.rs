//! Whether an issuer that we have never seen may stand below a CA that is trusted.
//!
//! A leaf alone, its issuer in no file at hand: was an intermediate left out, or is the whole CA foreign? The certificate
//! often tells: its authority key identifier may name the issuer's issuer. Else the names do, as far as names can:
//!
//! - a name that says "root", or "other", "foreign" …, is no intermediate of ours;
//! - two names of one shape that differ in a word or a number are siblings (`Server CA`, `Client CA`; `CA 1`, `CA 2`);
//! - a name that says "intermediate" or "issuing" is one, unless its own words or its organisation are another's;
//! - a name that carries all that a trusted CA's has, and more, is its child (`Dev CA`, `Dev Server CA`);
//! - shared words below a name that says "root", or a shared organisation, make kin.

use crate::asn1::{self, Reader};
use crate::pki::{Cert, DistinguishedName};
use crate::safe::Safe;
use std::collections::BTreeSet;

/// Anchors whose names are compared before the rest is left alone: system stores hold some 150.
const MAX_ANCHORS: usize = 2000;

/// Why it is likely that one of `anchors` issued the unknown issuer of `cert`, in words; `None` where nothing says so.
pub fn hint(cert: &Cert, anchors: &[Cert]) -> Option<String> {
    hint_of_names(cert, anchors.iter().filter(|a| may_issue_a_ca(a)).map(|a| &a.subject))
}

/// The same where only the names of the trusted CAs are known, as from a server's list.
pub fn hint_of_names<'a>(cert: &Cert, names: impl Iterator<Item = &'a DistinguishedName>) -> Option<String> {
    let above: Vec<&DistinguishedName> = names.take(MAX_ANCHORS).collect();
    if let Some(parent) = authority_issuer(cert) {
        let named = above.iter().find(|name| ***name == parent)?;
        return Some(format!("its authority key identifier says that {} issued that CA", quoted(named)));
    }
    let issuer = Words::of(&cert.issuer);
    let (kin, how) =
        above.iter().filter_map(|name| issuer.kinship(&Words::of(name)).map(|how| (name, how))).max_by_key(|(_, how)| *how)?;
    // that a CA was left out above an intermediate that is there is less likely than that its root is not trusted
    if cert.is_ca() && !(issuer.says_below && how >= Kinship::Named) {
        return None;
    }
    Some(match how {
        Kinship::Words => format!("by its name it is an intermediate below {}", quoted(kin)),
        Kinship::Named => format!("its name says that it is an intermediate, and {} may be above it", quoted(kin)),
        Kinship::Organisation => format!("it belongs to the same organisation as {}, which is trusted", quoted(kin)),
    })
}

fn quoted(name: &DistinguishedName) -> String {
    format!("\"{}\"", Safe(name.short()))
}

/// A CA whose path length constraint lets it issue another CA.
fn may_issue_a_ca(ca: &Cert) -> bool {
    ca.basic.is_none_or(|b| b.ca && b.path_len != Some(0))
}

/// authorityCertIssuer of the authority key identifier: the name of the issuer's issuer (RFC 5280 section 4.2.1.1).
fn authority_issuer(cert: &Cert) -> Option<DistinguishedName> {
    let (name, _) = authority_issuer_and_serial(cert)?;
    // a CA that issued itself tells nothing of what is above it
    (name != cert.issuer).then_some(name)
}

/// authorityCertIssuer and authorityCertSerialNumber: which certificate of the issuer is meant.
pub fn authority_issuer_and_serial(cert: &Cert) -> Option<(DistinguishedName, Option<Vec<u8>>)> {
    let extension = cert.extensions.iter().find(|e| e.oid == "2.5.29.35")?;
    let parts: Vec<asn1::Value<'_>> = Reader::new(&extension.value).sequence().ok()?.filter_map(Result::ok).collect();
    let names = parts.iter().find(|v| v.tag == asn1::context(1, true))?;
    let directory = names.reader().filter_map(Result::ok).find(|v| v.tag == asn1::context(4, true))?;
    let serial = parts.iter().find(|v| v.tag == asn1::context(2, false)).map(|v| asn1::unsigned_bytes(v.content).to_vec());
    Some((DistinguishedName::from_der(directory.content), serial))
}

/// What speaks for it that one CA issued the other; the last is the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kinship {
    /// The same organisation.
    Organisation,
    /// The one says that it is an intermediate, and nothing speaks against the other.
    Named,
    /// Words of its own that both share.
    Words,
}

/// The words of a CA's name that tell whose it is, and what it says of its rank.
struct Words {
    /// All words of the common name, in order.
    all: Vec<String>,
    /// Those that not every CA has.
    own: BTreeSet<String>,
    organisation: Option<String>,
    says_below: bool,
    says_top: bool,
    says_foreign: bool,
}

/// Words that every CA may have in its name.
const ANYBODYS: &str = "ca cas certificate certification certificates authority the of and for inc ltd llc gmbh co corp test tests \
    testing demo example mtls tls ssl pki x trust trusted services service rsa ecc ec ecdsa ed25519 sha256 global my \
    server servers client clients public private internal device devices user users web machine workload";
const BELOW: &str = "intermediate intermediates interm issuing subordinate sub subca ica int inter issuer signing signer intca policy \
    mid middle lower l2 l3 tier2 tier3 level2 level3 delegated operational child";
const TOP: &str = "root roots primary rootca anchor top master rca l1 tier1 level1 toplevel parent";
const FOREIGN: &str = "other others another foreign rogue evil fake unrelated untrusted unknown stranger strangers strange wrong alien \
    bad attacker impostor imposter mallory external different outsider outside alternate alternative alt \
    unauthorized malicious competitor self old former";

impl Words {
    fn of(name: &DistinguishedName) -> Words {
        let all = words(&name.short());
        let says = |list: &str| all.iter().any(|w| lists(list, w));
        let ranked = |n: u8| all.windows(2).any(|w| matches!(w[0].as_str(), "level" | "tier" | "layer") && w[1] == n.to_string());
        let says_below = says(BELOW) || ranked(2) || ranked(3);
        let says_top = says(TOP) || ranked(1);
        let own = all
            .iter()
            .filter(|w| ![ANYBODYS, BELOW, TOP, FOREIGN].iter().any(|list| lists(list, w)) && !is_generation(w))
            .filter(|w| !matches!(w.as_str(), "level" | "tier" | "layer"))
            .cloned();
        Words {
            own: own.collect(),
            organisation: name.organisation().map(|o| o.to_lowercase()),
            says_below,
            says_top,
            says_foreign: says(FOREIGN),
            all,
        }
    }

    /// How likely a CA of this name stands below one named `above`.
    fn kinship(&self, above: &Words) -> Option<Kinship> {
        if self.says_foreign || (self.says_top && !self.says_below) || (!self.says_below && self.is_sibling_of(above)) {
            return None;
        }
        let organisations = self.organisation.as_ref().zip(above.organisation.as_ref());
        if organisations.is_some_and(|(a, b)| a != b) {
            return None;
        }
        let shares_words = !self.own.is_disjoint(&above.own) || self.is_called_after(above) || above.is_called_after(self);
        let is_child = above.own.is_subset(&self.own) && self.carries(above);
        if shares_words && (self.says_below || above.says_top || is_child) {
            return Some(Kinship::Words);
        }
        let is_elsewhere = !self.own.is_empty() && !above.own.is_empty() && !shares_words;
        if self.says_below && (organisations.is_some() || !is_elsewhere) {
            return Some(Kinship::Named);
        }
        if is_child && self.all.len() > above.all.len() && !above.own.is_empty() {
            return Some(Kinship::Words);
        }
        organisations.map(|_| Kinship::Organisation)
    }

    /// Whether the names have one shape and differ in one place only: two CAs of one house, side by side.
    fn is_sibling_of(&self, other: &Words) -> bool {
        let differing = self.all.iter().zip(&other.all).filter(|(a, b)| a != b).count();
        let same_length = self.all.len() == other.all.len() && self.all.len() > 1 && differing == 1;
        // `Acme CA` and `Acme CA 2`: the next one, not one below
        let numbered = |long: &[String], short: &[String]| {
            long.len() == short.len() + 1 && long.starts_with(short) && long.last().is_some_and(|w| is_generation(w))
        };
        let ranks_differ = self.says_top != other.says_top;
        (same_length && !ranks_differ) || numbered(&self.all, &other.all) || self.stem() == other.stem() && !ranks_differ
    }

    /// The name without generations and numbers, also those that are glued to a word (`ca2`).
    fn stem(&self) -> Vec<String> {
        let bare = |w: &String| w.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        self.all.iter().filter(|w| !is_generation(w)).map(bare).collect()
    }

    /// Whether every word of `above`'s name, but for its rank, is in this one.
    fn carries(&self, above: &Words) -> bool {
        let rank = |w: &str| lists(TOP, w) || lists(BELOW, w) || is_generation(w);
        above.all.iter().filter(|w| !rank(w)).all(|w| self.all.contains(w))
    }

    /// Whether the organisation's own words stand in the other's common name (`R11, O=Acme` below `Acme Root`).
    fn is_called_after(&self, other: &Words) -> bool {
        let house = self.organisation.as_deref().map(words).unwrap_or_default();
        house.iter().any(|w| !lists(ANYBODYS, w) && other.own.contains(w)) && other.organisation.is_none()
    }
}

/// Whether a list of words, with blanks between them, has this one.
fn lists(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Numbers and generations (1, g2, r3, 2025) tell CAs of one family apart, not families. So does a single letter.
fn is_generation(word: &str) -> bool {
    let digits = word.trim_start_matches(['g', 'r', 'v', 'x', 'e']);
    digits.len() + 1 >= word.len() && digits.chars().all(|c| c.is_ascii_digit()) || word.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether an unknown CA of the first name is taken for an intermediate below one of the second.
    fn is_below(issuer: &str, anchor: &str) -> bool {
        let words = |name: &str| Words::of(&DistinguishedName::from_rfc4514(name).unwrap());
        words(issuer).kinship(&words(anchor)).is_some()
    }

    #[test]
    fn intermediates_are_known_by_their_names() {
        for (issuer, anchor) in [
            ("CN=Acme Issuing CA,O=Acme", "CN=Acme Root CA,O=Acme"),
            ("CN=Intermediate CA", "CN=Root CA"),
            ("CN=Intermediate CA 1", "CN=Acme Root CA"),
            ("CN=Test Intermediate CA", "CN=Test Root CA"),
            ("CN=Dev Intermediate", "CN=Dev CA"),
            ("CN=Dev Server CA", "CN=Dev CA"),
            ("CN=Int CA", "CN=Root"),
            ("CN=Halden Web 3,O=Halden Works", "CN=Halden Anchor,O=Halden Works"),
            ("CN=R11,O=Acme Encrypt", "CN=Acme Root X1,O=Acme Encrypt"),
            ("CN=Level 2 CA,O=Gov", "CN=Level 1 CA,O=Gov"),
            ("CN=Mid CA,O=x", "CN=Top CA,O=x"),
            ("CN=SubCA", "CN=Root CA"),
            ("CN=Vesper,O=Lattice", "CN=Norda,O=Lattice"),
            ("CN=Acme TLS CA 2", "CN=Acme Root CA"),
        ] {
            assert!(is_below(issuer, anchor), "{issuer} below {anchor}");
        }
    }

    #[test]
    fn siblings_and_strangers_are_not_intermediates() {
        for (issuer, anchor) in [
            ("CN=Other CA", "CN=Test Root CA"),
            ("CN=Rogue Intermediate CA", "CN=Test Root CA"),
            ("CN=CA B", "CN=CA A"),
            ("CN=ca2", "CN=ca1"),
            ("CN=Acme CA 2", "CN=Acme CA"),
            ("CN=Beta CA,O=Lab", "CN=Alpha CA,O=Lab"),
            ("CN=Client CA", "CN=Server CA"),
            ("CN=Acme Client CA,O=Acme", "CN=Acme Server CA,O=Acme"),
            ("CN=Acme Root CA G2,O=Acme", "CN=Acme Root CA G1,O=Acme"),
            ("CN=Partner Issuing CA,O=Partner", "CN=Corp Root,O=Corp"),
            ("CN=Umbrella Issuing CA", "CN=Acme Root CA"),
            ("CN=Foreign Root,O=Test", "CN=Test Root,O=Test"),
            ("CN=Norda", "CN=Vesper"),
            ("CN=Old Root", "CN=New Root"),
        ] {
            assert!(!is_below(issuer, anchor), "{issuer} not below {anchor}");
        }
    }
}
