//! Part of a store could not be read: is that why something is missing?

use super::store::Part;
use super::{Code, Finding, Place, Severity, catalogue as code, is_error};
use crate::error::{Error, Kind};
use crate::formats::Item;

/// `found`, with the damage to a store in the place of what only follows from it: where an intermediate, a CA or the
/// leaf cannot be read, it looks as if it were not there. A warning where nothing failed for it.
pub fn told(mut found: Vec<Finding>, parts: &[Part<'_>]) -> Vec<Finding> {
    for part in parts {
        let Some(mut finding) = damage(*part).and_then(|why| Finding::from_error(why, part.place)) else { continue };
        let before = found.len();
        found.retain(|f| !(is_error(f) && follows(f, part.place)));
        if found.len() == before {
            finding = finding.at_most(Severity::Warning);
        }
        if !finding.headline.contains(part.file) {
            finding.headline = format!("{}: {}", part.file, finding.headline);
            finding.explain = format!("{}: {}", part.file, finding.explain);
        }
        found.push(finding);
    }
    found
}

/// Why an entry of the store could not be read, where that is damage.
fn damage<'a>(part: Part<'a>) -> Option<&'a Error> {
    part.store.entries.iter().find_map(|entry| match &entry.item {
        Item::Unread { why, .. } if why.kind == Kind::Damaged => Some(why),
        _ => None,
    })
}

/// Whether a finding is what a hole in the store at `place` looks like.
fn follows(f: &Finding, place: Place) -> bool {
    let (keystore, codes): (Place, &[Code]) = match place {
        Place::ServerKeystore | Place::ClientKeystore => {
            (place, &[code::NO_CERTIFICATE_FOR_KEY, code::NO_PRIVATE_KEY, code::MISSING_INTERMEDIATE, code::KEY_MISMATCH])
        }
        // the other side's chain finds no CA
        Place::ServerTruststore => (Place::ClientKeystore, &[code::MISSING_INTERMEDIATE]),
        _ => (Place::ServerKeystore, &[code::MISSING_INTERMEDIATE]),
    };
    if place == Place::Store {
        return codes.contains(&f.code) || [code::NO_CERTIFICATE_FOR_KEY, code::NO_PRIVATE_KEY].contains(&f.code);
    }
    let truststore = match keystore {
        Place::ClientKeystore => Place::ServerTruststore,
        _ => Place::ClientTruststore,
    };
    let misses_a_ca = [code::UNTRUSTED_ISSUER, code::TRUSTSTORE_EMPTY, code::TRUSTSTORE_IS_KEYSTORE].contains(&f.code);
    (f.at == keystore && codes.contains(&f.code)) || (f.at == truststore && misses_a_ca)
}
