//! The ways from a leaf to a trusted CA, each with what is wrong on it.
//!
//! Real PKIs have several certificates of one name (regenerated, renewed, cross-signed CAs), so every way is tried and
//! the one with the least wrong is explained. The rules are those of RFC 5280 section 6; which of them the handshake's
//! verifier enforces is [`Fault::is_enforced`], so that a verdict of ours is never harsher than the real one.

use crate::pki::cert::{NameConstraints, Subtree};
use crate::pki::constraint;
use crate::pki::crl::Crl;
use crate::pki::{Cert, San, signature};
use time::OffsetDateTime;

/// Signatures to check before the search gives up, so that CAs that signed each other, or a thousand of one name, cost
/// little. webpki gives up after 100: what it could not find, this search still explains.
const MAX_SIGNATURES: usize = 1200;
/// Paths to judge before the search is content with the best of them.
const MAX_PATHS: usize = 64;
/// How far a chain without an anchor is followed; real ones stay below 6.
const MAX_CHAIN: usize = 32;
/// CAs between leaf and anchor; webpki's limit.
pub const MAX_INTERMEDIATES: usize = 6;

/// One thing that is wrong on a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Past its end.
    Expired(Cert),
    /// Before its start.
    NotYetValid(Cert),
    /// No basicConstraints CA:true, and it issued something.
    NotACa(Cert),
    /// keyUsage without keyCertSign, and it issued something.
    CannotSign(Cert),
    /// This CA's path length constraint is exceeded.
    PathTooLong(Cert),
    /// This CA's constraints forbid that name of the certificate.
    Constraint {
        /// The CA that has the constraints.
        ca: Cert,
        /// The certificate that breaks them.
        cert: Cert,
        /// The name that breaks them, as it is shown.
        name: String,
        /// The rule that it breaks, as it is shown.
        rule: String,
    },
    /// extendedKeyUsage of a CA lacks the purpose.
    Purpose(Cert),
    /// Signed with MD5 or SHA-1, or another digest that the verifier refuses.
    WeakSignature(Cert),
    /// Signed with an algorithm that the verifier does not know.
    UnsupportedSignature(Cert),
    /// This CA's key is of a kind that the verifier does not take for signatures.
    UnsupportedIssuerKey(Cert),
    /// This CA's key is too short for what it signed to count.
    WeakIssuerKey(Cert),
    /// A critical extension (its number) that verifiers must refuse.
    Critical(Cert, String),
    /// X.509 version 1 or 2.
    OldVersion(Cert),
    /// On a CRL, since then, for that reason.
    Revoked(Cert, OffsetDateTime, Option<String>),
}

impl Fault {
    /// Whether the handshake's own verifier (webpki) refuses because of it. It ignores keyUsage.
    pub fn is_enforced(&self) -> bool {
        !matches!(self, Fault::CannotSign(_))
    }
}

/// One way from the leaf to an anchor.
#[derive(Debug, Clone)]
pub struct Path {
    /// Leaf first, without the anchor.
    pub certs: Vec<Cert>,
    /// The trusted certificate that it ends in.
    pub anchor: Cert,
    /// What is wrong on it; empty for a good one.
    pub faults: Vec<Fault>,
    /// What is wrong with the anchor itself. This verifier and Java's take an anchor as it is, others do not.
    pub anchor_faults: Vec<Fault>,
}

impl Path {
    /// The less, the better a path is.
    fn badness(&self) -> (usize, usize, usize) {
        let enforced = self.faults.iter().filter(|f| f.is_enforced()).count();
        (enforced, self.faults.len() + self.anchor_faults.len(), self.certs.len())
    }

    /// Whether the leaf itself is what is trusted.
    pub fn is_leaf_itself(&self) -> bool {
        self.certs.len() == 1 && is_same_identity(&self.certs[0], &self.anchor)
    }
}

/// Whether two certificates name the same subject with the same key: copies, or one renewed.
pub fn is_same_identity(a: &Cert, b: &Cert) -> bool {
    a.subject == b.subject && a.spki == b.spki
}

/// Whether a certificate was signed with its own key.
pub fn is_self_signed(cert: &Cert) -> bool {
    cert.is_self_issued() && signature::verifies(cert, cert) != Some(false)
}

/// What a search needs to know.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// What was sent beside the leaf.
    pub sent: &'a [Cert],
    /// What is trusted.
    pub anchors: &'a [Cert],
    /// `serverAuth` or `clientAuth`.
    pub purpose: &'a str,
    /// The instant of judgement.
    pub now: OffsetDateTime,
    /// Revocation lists that were given.
    pub crls: &'a [Crl],
}

impl Search<'_> {
    /// The best path from `leaf` to an anchor: one without faults, or the one with the fewest. `None` where no signature
    /// leads to an anchor.
    pub fn best_path(&self, leaf: &Cert) -> Option<Path> {
        let mut found = Vec::new();
        self.walk(&mut vec![leaf.clone()], &mut found, &mut { MAX_SIGNATURES });
        found.into_iter().min_by_key(Path::badness)
    }

    /// The longest chain that signatures make upwards from `leaf` within what was sent, as far as 32 certificates.
    pub fn longest_chain(&self, leaf: &Cert) -> Vec<Cert> {
        let mut chain = vec![leaf.clone()];
        let mut signatures = MAX_SIGNATURES;
        let mut verifies = |cert: &Cert, issuer: &Cert| {
            signatures = signatures.saturating_sub(1);
            signatures > 0 && signature::verifies(cert, issuer) != Some(false)
        };
        while chain.len() < MAX_CHAIN {
            let last = &chain[chain.len() - 1];
            if is_self_signed(last) {
                break;
            }
            let issuer = self.sent.iter().find(|c| c.subject == last.issuer && !chain.contains(c) && verifies(last, c));
            match issuer.cloned() {
                Some(issuer) => chain.push(issuer),
                None => break,
            }
        }
        chain
    }

    fn walk(&self, path: &mut Vec<Cert>, found: &mut Vec<Path>, signatures: &mut usize) {
        let last = path[path.len() - 1].clone();
        let mut verifies = |issuer: &Cert| {
            *signatures = signatures.saturating_sub(1);
            *signatures > 0 && signature::verifies(&last, issuer) != Some(false)
        };
        for anchor in self.anchors.iter().filter(|a| a.subject == last.issuer) {
            if found.len() < MAX_PATHS && verifies(anchor) {
                let (faults, anchor_faults) = (self.faults(path, anchor), self.anchor_faults(path, anchor));
                found.push(Path { certs: path.clone(), anchor: anchor.clone(), faults, anchor_faults });
            }
        }
        if path.len() > MAX_INTERMEDIATES {
            return;
        }
        let next: Vec<Cert> =
            self.sent.iter().filter(|c| c.subject == last.issuer && !path.contains(c) && verifies(c)).cloned().collect();
        for issuer in next {
            path.push(issuer);
            self.walk(path, found, signatures);
            path.pop();
        }
    }

    /// What is wrong with the certificates of a path; what the leaf says of itself is left to its own rules.
    fn faults(&self, path: &[Cert], anchor: &Cert) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (i, cert) in path.iter().enumerate() {
            let issuer = path.get(i + 1).unwrap_or(anchor);
            if i > 0 {
                self.issuer_faults(cert, i - 1, &mut faults);
                faults.extend(constraint_fault(cert, &path[..i]));
                faults.extend(self.time_fault(cert));
                faults.extend(unknown_critical(cert).map(|oid| Fault::Critical(cert.clone(), oid)));
            }
            faults.extend(signature_fault(cert, issuer));
            faults.extend(self.revocation(cert, issuer));
        }
        faults.extend(constraint_fault(anchor, path));
        faults
    }

    /// What verifiers that look at an anchor as at any other certificate find in it (OpenSSL, GnuTLS).
    fn anchor_faults(&self, path: &[Cert], anchor: &Cert) -> Vec<Fault> {
        let mut faults = Vec::new();
        if path.len() == 1 && is_same_identity(&path[0], anchor) {
            return faults; // the leaf itself: it is judged as a leaf
        }
        faults.extend(self.time_fault(anchor));
        if anchor.version >= 3 {
            self.issuer_faults(anchor, path.len() - 1, &mut faults);
        }
        if anchor.signature.is_weak() {
            faults.push(Fault::WeakSignature(anchor.clone()));
        }
        faults.extend(unknown_critical(anchor).map(|oid| Fault::Critical(anchor.clone(), oid)));
        faults
    }

    fn time_fault(&self, cert: &Cert) -> Option<Fault> {
        if self.now > cert.not_after {
            Some(Fault::Expired(cert.clone()))
        } else if self.now < cert.not_before {
            Some(Fault::NotYetValid(cert.clone()))
        } else {
            None
        }
    }

    fn issuer_faults(&self, ca: &Cert, below: usize, faults: &mut Vec<Fault>) {
        if ca.version < 3 {
            faults.push(Fault::OldVersion(ca.clone())); // it cannot say that it is a CA
        } else if !ca.is_ca() {
            faults.push(Fault::NotACa(ca.clone()));
        } else if ca.basic.and_then(|b| b.path_len).is_some_and(|limit| below > limit as usize) {
            faults.push(Fault::PathTooLong(ca.clone()));
        }
        if ca.is_ca() && ca.key_usage.as_ref().is_some_and(|usage| !usage.contains(&"keyCertSign")) {
            faults.push(Fault::CannotSign(ca.clone()));
        }
        if lacks_purpose(ca, self.purpose) {
            faults.push(Fault::Purpose(ca.clone()));
        }
    }

    fn revocation(&self, cert: &Cert, issuer: &Cert) -> Option<Fault> {
        let lists = self.crls.iter().filter(|crl| crl.issuer == cert.issuer);
        let mut ours = lists.filter(|crl| signature::verify(&issuer.spki, &crl.signature, &crl.tbs) != Some(false));
        let line = ours.find_map(|crl| crl.revoked.iter().find(|r| r.serial == cert.serial))?;
        Some(Fault::Revoked(cert.clone(), line.since, line.reason.clone()))
    }
}

/// Whether extendedKeyUsage is there and does not name the purpose itself (webpki does not take "any" for it).
pub fn lacks_purpose(cert: &Cert, purpose: &str) -> bool {
    cert.eku.as_ref().is_some_and(|eku| !eku.iter().any(|u| u == purpose))
}

/// The name that breaks a CA's constraints. At most one for each CA: one cause, told once.
fn constraint_fault(ca: &Cert, below: &[Cert]) -> Option<Fault> {
    let limits = ca.name_constraints.as_ref()?;
    let broken = |cert: &Cert| constraint::violation(limits, cert).map(|(name, rule)| (name, rule.to_string()));
    let unread = |cert: &Cert| constraint_unread(limits, cert);
    let first = |of: &dyn Fn(&Cert) -> Option<(String, String)>| below.iter().find_map(|cert| Some((cert, of(cert)?)));
    let (cert, (name, rule)) = first(&broken).or_else(|| first(&unread))?;
    Some(Fault::Constraint { ca: ca.clone(), cert: cert.clone(), name, rule })
}

/// A name that is within a CA's constraints, of a kind that this verifier does not compare: it refuses it unseen, as
/// RFC 5280 section 4.2.1.10 allows.
fn constraint_unread(limits: &NameConstraints, cert: &Cert) -> Option<(String, String)> {
    let limited = |kind: fn(&Subtree) -> bool| limits.permitted.iter().chain(&limits.excluded).find(|s| kind(s));
    let note = |rule: &Subtree| format!("{rule}, which OpenSSL and Java compare, while rustls cannot and therefore refuses");
    let named = cert.names().iter().find_map(|name| {
        let rule = match name {
            San::Email(_) => limited(|s| matches!(s, Subtree::Email(_))),
            San::Uri(_) => limited(|s| matches!(s, Subtree::Uri(_))),
            _ => None,
        };
        Some((name.to_string(), note(rule?)))
    });
    named.or_else(|| Some((cert.subject.to_string(), note(limited(|s| matches!(s, Subtree::Directory(_)))?))))
}

/// Extensions that webpki knows, or that RFC 5280 verifiers process: all others must not be critical.
const KNOWN_EXTENSIONS: [&str; 7] = ["2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.37", "2.5.29.14"];

/// The number of a critical extension that verifiers must refuse because they do not know it (RFC 5280 section 4.2).
pub fn unknown_critical(cert: &Cert) -> Option<String> {
    cert.extensions.iter().find(|e| e.critical && !KNOWN_EXTENSIONS.contains(&e.oid.as_str())).map(|e| e.oid.clone())
}

fn signature_fault(cert: &Cert, issuer: &Cert) -> Option<Fault> {
    if cert.signature.is_weak() || cert.signature.name().ends_with("SHA224") {
        return Some(Fault::WeakSignature(cert.clone()));
    }
    if issuer.key.is_weak() {
        return Some(Fault::WeakIssuerKey(issuer.clone()));
    }
    if !issuer.key.signs_handshakes() {
        return Some(Fault::UnsupportedIssuerKey(issuer.clone()));
    }
    signature::verifies(cert, issuer).is_none().then(|| Fault::UnsupportedSignature(cert.clone()))
}
