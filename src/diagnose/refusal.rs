//! What the verifier said, as a finding: used where our own judgement found no cause, so that a failed handshake is
//! never without one.

use super::catalogue as code;
use super::direction::{Direction, called};
use super::{Code, Finding, Place, Severity};
use crate::handshake::{CertRefusal, Failure};
use crate::pki::Cert;

/// The code and the place (sender's keystore or judge's truststore) that a verifier's refusal speaks of.
fn code_of(refusal: &CertRefusal, d: &Direction<'_>) -> (Code, Place) {
    let (keystore, truststore) = (d.keystore_place(), d.truststore_place());
    let purpose = super::fault::purpose_code(d);
    match refusal {
        CertRefusal::UnknownIssuer => (code::UNTRUSTED_ISSUER, truststore),
        CertRefusal::NoAnchors => (code::TRUSTSTORE_EMPTY, truststore),
        CertRefusal::Expired { .. } => (code::EXPIRED, keystore),
        CertRefusal::NotYetValid { .. } => (code::NOT_YET_VALID, keystore),
        CertRefusal::NameMismatch => (code::NAME_MISMATCH, keystore),
        CertRefusal::WrongUsage => (purpose, keystore),
        CertRefusal::CaUsedAsEndEntity => (code::CA_AS_LEAF, keystore),
        CertRefusal::EndEntityUsedAsCa => (code::NOT_A_CA, keystore),
        CertRefusal::PathLenExceeded | CertRefusal::TooComplex => (code::PATH_TOO_LONG, keystore),
        CertRefusal::NameConstraint => (code::NAME_CONSTRAINT_VIOLATED, keystore),
        CertRefusal::Revoked => (code::REVOKED, keystore),
        // the judge cannot use the lists that it was given
        CertRefusal::CrlExpired { .. } | CertRefusal::CrlUnusable(_) | CertRefusal::RevocationUnknown => {
            (code::CRL_UNUSABLE, truststore)
        }
        CertRefusal::BadSignature => (code::BAD_SIGNATURE, keystore),
        CertRefusal::UnsupportedSignatureAlgorithm(name) if name.ends_with("SHA1") || name.ends_with("MD5") => {
            (code::WEAK_SIGNATURE, keystore)
        }
        CertRefusal::UnsupportedSignatureAlgorithm(_) | CertRefusal::UnsupportedSignatureForKey { .. } => {
            (code::UNSUPPORTED_KEY, keystore)
        }
        CertRefusal::UnsupportedVersion => (code::OLD_CERTIFICATE_VERSION, keystore),
        CertRefusal::UnknownCriticalExtension => (code::UNKNOWN_CRITICAL_EXTENSION, keystore),
        CertRefusal::InvalidValidity | CertRefusal::BadEncoding | CertRefusal::Other(_) => {
            (code::MALFORMED_CERTIFICATE, keystore)
        }
    }
}

/// A refused certificate.
pub fn refused(d: &Direction<'_>, refusal: &CertRefusal) -> Finding {
    let (code, place) = match refusal {
        CertRefusal::TooComplex => return too_many(d),
        // signatures lead to an anchor, and the verifier does not see it: it cannot read that anchor
        CertRefusal::UnknownIssuer | CertRefusal::NoAnchors if !d.anchors.is_empty() => {
            match d.sent.first().and_then(|leaf| d.search().best_path(leaf)) {
                Some(path) => return unreadable_anchor(d, &path.anchor),
                None => code_of(refusal, d),
            }
        }
        _ => code_of(refusal, d),
    };
    let remedy = super::catalogue::row(code).map_or("", |r| r.remedy);
    let finding = Finding::new(
        code,
        Severity::Error,
        place,
        format!("the {} refused the {}'s certificate: {refusal}", d.judging(), d.sender()),
    );
    let finding = match d.sent.first() {
        Some(leaf) => finding
            .about(leaf)
            .fact(d.keystore, called(leaf))
            .fact(d.truststore, format!("trusts {}", crate::safe::count(d.anchors.len(), "certificate"))),
        None => finding,
    };
    finding.because(format!("The {}'s verifier says: {refusal}.", d.judging())).fix(remedy)
}

fn unreadable_anchor(d: &Direction<'_>, anchor: &Cert) -> Finding {
    Finding::new(
        code::MALFORMED_CERTIFICATE,
        Severity::Error,
        d.truststore_place(),
        format!("the {} cannot read the trusted CA {}", d.judging(), called(anchor)),
    )
    .about(anchor)
    .fact(d.truststore, format!("{}, skipped by the verifier", called(anchor)))
    .because(format!(
        "{} issued the {}'s certificate and lies in {}, but it is not well-formed, and verifiers leave such a CA out.",
        called(anchor),
        d.sender(),
        d.truststore
    ))
    .fix("make the CA certificate anew with the same key and name, and put it in place of the old")
}

/// Verifiers give up after a hundred signatures: so many certificates of one name.
fn too_many(d: &Direction<'_>) -> Finding {
    let leaf = d.sent.first();
    let trusted =
        leaf.map_or(0, |leaf| d.anchors.iter().filter(|a| d.sent.iter().chain([leaf]).any(|c| c.issuer == a.subject)).count());
    let (code, place, file, number) = if trusted > d.sent.len() {
        (code::SAME_NAME_OTHER_KEY, d.truststore_place(), d.truststore, trusted)
    } else {
        (code::CHAIN_HAS_STRANGERS, d.keystore_place(), d.keystore, d.sent.len())
    };
    let finding = Finding::new(code, Severity::Error, place, format!("{file} holds so many CAs of one name that the {} gives up", d.judging()))
        .fact(file, format!("{} that could be the issuer", crate::safe::count(number, "certificate")))
        .because(format!("{number} certificates in {file} have the name of an issuer in the chain; verifiers try their keys one by one and give up after about a hundred, so that nobody can keep them busy."))
        .fix(format!("write {file} anew with the one CA that is meant: mtls truststore NEW.p12 CA.crt"));
    match leaf {
        Some(leaf) => finding.about(leaf),
        None => finding,
    }
}

/// A failure that is no refused certificate, as a finding about the exchange.
pub fn broken_off(failure: &Failure, at: Place) -> Finding {
    let (code, at) = match failure {
        Failure::NothingInCommon("version") => (code::NO_COMMON_VERSION, Place::Protocol),
        Failure::NothingInCommon("cipher suite") => (code::NO_COMMON_CIPHER, Place::Protocol),
        Failure::NothingInCommon("group") => (code::NO_COMMON_GROUP, Place::Protocol),
        Failure::NothingInCommon("application protocol") => (code::ALPN_MISMATCH, Place::Protocol),
        Failure::NothingInCommon(_) => (code::NO_COMMON_SIGNATURE, Place::Protocol),
        Failure::SignatureRefused(_) => (code::KEY_MISMATCH, at),
        Failure::KeyUnusable(_) => (code::UNSUPPORTED_KEY, at),
        Failure::NothingToPresent => (code::NO_PRIVATE_KEY, at),
        Failure::NoCertificateSent => (code::CLIENT_CERTIFICATE_MISSING, Place::ClientKeystore),
        Failure::NotTls => (code::NOT_TLS, Place::Network),
        Failure::ConnectionRefused => (code::CONNECTION_REFUSED, Place::Network),
        Failure::Closed => (code::CLOSED_EARLY, Place::Network),
        Failure::TimedOut => (code::TIMED_OUT, Place::Network),
        Failure::CertificateRefused(_) | Failure::AlertReceived(..) | Failure::RefusedInWords(_) | Failure::Other(_) => {
            (code::PEER_REJECTED, at)
        }
    };
    let row = super::catalogue::row(code);
    Finding::new(code, Severity::Error, at, row.map_or_else(|| failure.to_string(), |r| r.title.to_owned()))
        .fact("the stack says", failure.to_string())
        .because(format!("{failure}{}", row.map_or(String::new(), |r| format!(": {}", r.cause))))
        .fix(row.map_or("", |r| r.remedy))
}
