//! What the verifier said, as a finding: used where our own judgement found no cause, so that a failed handshake is
//! never without one.

use super::catalogue as code;
use super::direction::{Direction, called};
use super::{Code, Finding, Place, Severity};
use crate::handshake::{CertRefusal, Failure};

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
        CertRefusal::Revoked | CertRefusal::CrlExpired { .. } | CertRefusal::CrlUnusable(_) | CertRefusal::RevocationUnknown => {
            (code::REVOKED, keystore)
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
    let (code, place) = code_of(refusal, d);
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
        Failure::CertificateRefused(_)
        | Failure::AlertReceived(..)
        | Failure::RefusedInWords(_)
        | Failure::Other(_) => (code::PEER_REJECTED, at),
    };
    let row = super::catalogue::row(code);
    Finding::new(code, Severity::Error, at, row.map_or_else(|| failure.to_string(), |r| r.title.to_owned()))
        .fact("the stack says", failure.to_string())
        .because(format!("{failure}{}", row.map_or(String::new(), |r| format!(": {}", r.cause))))
        .fix(row.map_or("", |r| r.remedy))
}
