//! The one table from what rustls and webpki say to our own words.

use super::failure::{CertRefusal, Failure};
use super::names::alert_name;
use crate::asn1::Reader;
use crate::pki::KeyKind;
use crate::pki::signature::Signature;
use rustls::{CertRevocationListError, CertificateError, InvalidMessage, PeerIncompatible, PeerMisbehaved};
use time::OffsetDateTime;

/// What `error` means, taken for itself; the verifier's notes may know better ([`super::notes::Log::failure`]).
pub(super) fn of(error: &rustls::Error) -> Failure {
    use rustls::Error;
    match error {
        Error::InvalidCertificate(reason) => Failure::CertificateRefused(refusal(reason)),
        Error::InvalidCertRevocationList(reason) => Failure::CertificateRefused(CertRefusal::CrlUnusable(crl_words(reason))),
        Error::NoCertificatesPresented => Failure::NoCertificateSent,
        Error::AlertReceived(alert) => {
            let number = u8::from(*alert);
            Failure::AlertReceived(number, alert_name(number))
        }
        Error::NoApplicationProtocol => Failure::NothingInCommon("application protocol"),
        Error::PeerIncompatible(reason) => nothing_in_common(reason),
        Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedApplicationProtocol) => {
            Failure::NothingInCommon("application protocol")
        }
        // a key of another kind than the cipher suite or the signature scheme promised
        Error::PeerMisbehaved(PeerMisbehaved::SignedKxWithWrongAlgorithm) => Failure::SignatureRefused(ANOTHER_KIND.to_owned()),
        // what a peer without TLS sends cannot pass for a record header
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion | InvalidMessage::MessageTooLarge,
        ) => Failure::NotTls,
        Error::InvalidMessage(InvalidMessage::HandshakePayloadTooLarge | InvalidMessage::CertificatePayloadTooLarge) => {
            Failure::Other("the peer sent a message too large for a handshake (64 KiB)".to_owned())
        }
        other => Failure::Other(other.to_string()),
    }
}

/// Said of a signature that is not of the certificate's key's kind.
pub(super) const ANOTHER_KIND: &str = "the signature is of another kind than the key in the certificate";

fn refusal(reason: &CertificateError) -> CertRefusal {
    match reason {
        CertificateError::BadEncoding => CertRefusal::BadEncoding,
        // rustls says so where webpki found a validity that ends before it starts
        CertificateError::Expired => CertRefusal::InvalidValidity,
        CertificateError::ExpiredContext { not_after, .. } => CertRefusal::Expired { not_after: date(*not_after) },
        CertificateError::NotValidYet => CertRefusal::NotYetValid { not_before: None },
        CertificateError::NotValidYetContext { not_before, .. } => CertRefusal::NotYetValid { not_before: date(*not_before) },
        CertificateError::Revoked => CertRefusal::Revoked,
        CertificateError::UnhandledCriticalExtension => CertRefusal::UnknownCriticalExtension,
        CertificateError::UnknownIssuer => CertRefusal::UnknownIssuer,
        CertificateError::UnknownRevocationStatus => CertRefusal::RevocationUnknown,
        CertificateError::ExpiredRevocationList => CertRefusal::CrlExpired { next_update: None },
        CertificateError::ExpiredRevocationListContext { next_update, .. } => {
            CertRefusal::CrlExpired { next_update: date(*next_update) }
        }
        CertificateError::BadSignature => CertRefusal::BadSignature,
        CertificateError::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. } => {
            CertRefusal::UnsupportedSignatureAlgorithm(signature_name(signature_algorithm_id))
        }
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id,
            public_key_algorithm_id,
        } => CertRefusal::UnsupportedSignatureForKey {
            signature: signature_name(signature_algorithm_id),
            key: key_name(public_key_algorithm_id),
        },
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => CertRefusal::NameMismatch,
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => CertRefusal::WrongUsage,
        CertificateError::Other(other) => match other.0.downcast_ref::<webpki::Error>() {
            Some(reason) => unnamed(reason),
            None => CertRefusal::Other(other.to_string()),
        },
        other => CertRefusal::Other(other.to_string()),
    }
}

/// webpki's reasons for which rustls has no name.
fn unnamed(reason: &webpki::Error) -> CertRefusal {
    use webpki::Error;
    match reason {
        Error::CaUsedAsEndEntity => CertRefusal::CaUsedAsEndEntity,
        Error::EndEntityUsedAsCa => CertRefusal::EndEntityUsedAsCa,
        Error::PathLenConstraintViolated => CertRefusal::PathLenExceeded,
        Error::NameConstraintViolation => CertRefusal::NameConstraint,
        Error::UnsupportedCertVersion => CertRefusal::UnsupportedVersion,
        Error::UnsupportedCriticalExtension => CertRefusal::UnknownCriticalExtension,
        // an extendedKeyUsage that lists nothing allows nothing
        Error::EmptyEkuExtension => CertRefusal::WrongUsage,
        Error::InvalidCertValidity => CertRefusal::InvalidValidity,
        Error::SignatureAlgorithmMismatch
        | Error::ExtensionValueInvalid
        | Error::MalformedExtensions
        | Error::InvalidSerialNumber
        | Error::MalformedDnsIdentifier
        | Error::MalformedNameConstraint
        | Error::InvalidNetworkMaskConstraint => CertRefusal::BadEncoding,
        Error::MaximumNameConstraintComparisonsExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumSignatureChecksExceeded => CertRefusal::TooComplex,
        other => CertRefusal::Other(spelled(&other.to_string())),
    }
}

/// What rustls says of a CRL, in words.
pub(super) fn crl_words(reason: &CertRevocationListError) -> String {
    match reason {
        CertRevocationListError::BadSignature => "its signature does not verify with its issuer's key".to_owned(),
        CertRevocationListError::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. }
        | CertRevocationListError::UnsupportedSignatureAlgorithmForPublicKeyContext { signature_algorithm_id, .. } => {
            format!("it is signed with {}, which is not accepted", signature_name(signature_algorithm_id))
        }
        CertRevocationListError::IssuerInvalidForCrl => "its issuer's keyUsage lacks cRLSign".to_owned(),
        CertRevocationListError::UnsupportedCrlVersion => "it is no version 2 list".to_owned(),
        CertRevocationListError::UnsupportedDeltaCrl => "it is a delta list".to_owned(),
        CertRevocationListError::UnsupportedIndirectCrl => "it is an indirect list".to_owned(),
        CertRevocationListError::ParseError => "it is ill-formed".to_owned(),
        CertRevocationListError::InvalidCrlNumber => "its number is ill-formed".to_owned(),
        CertRevocationListError::UnsupportedCriticalExtension => "it has a critical extension that is not known".to_owned(),
        other => spelled(&format!("{other:?}")),
    }
}

/// What the two sides lack in common.
fn nothing_in_common(reason: &PeerIncompatible) -> Failure {
    Failure::NothingInCommon(match reason {
        PeerIncompatible::NoCipherSuitesInCommon => "cipher suite",
        PeerIncompatible::NoKxGroupsInCommon | PeerIncompatible::NamedGroupsExtensionRequired => "group",
        PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon
        | PeerIncompatible::SignatureAlgorithmsExtensionRequired => "signature scheme",
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::SupportedVersionsExtensionRequired
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled => "version",
        other => return Failure::Other(spelled(&format!("{other:?}"))),
    })
}

fn date(t: rustls::pki_types::UnixTime) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(i64::try_from(t.as_secs()).ok()?).ok()
}

/// The name of the signature algorithm in an AlgorithmIdentifier's content.
fn signature_name(algorithm: &[u8]) -> String {
    let oid = Reader::new(algorithm).oid().unwrap_or_else(|_| "an ill-formed algorithm".to_owned());
    Signature { algorithm: algorithm.to_vec(), oid, value: Vec::new() }.name()
}

/// The kind of key that an AlgorithmIdentifier's content names; the size of an RSA key is not in it.
fn key_name(algorithm: &[u8]) -> String {
    let mut parts = Reader::new(algorithm);
    match parts.oid().as_deref() {
        Ok(crate::pki::kind::OID_RSA) => "RSA".to_owned(),
        Ok("1.2.840.113549.1.1.10") => "RSA-PSS".to_owned(),
        Ok(oid) => KeyKind::from_algorithm(oid, parts.rest()).to_string(),
        Err(_) => "an ill-formed key".to_owned(),
    }
}

/// `UnsupportedNameType` as `unsupported name type`: the last resort for a reason that has no words here.
fn spelled(name: &str) -> String {
    name.chars().fold(String::with_capacity(name.len() + 8), |mut words, c| {
        if c.is_ascii_uppercase() && words.chars().last().is_some_and(char::is_alphanumeric) {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
        words
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::{ServerName, UnixTime};
    use rustls::{AlertDescription, Error, OtherError};
    use std::sync::Arc;
    use std::time::Duration;
    use time::macros::datetime;

    fn unnamed(reason: webpki::Error) -> CertificateError {
        CertificateError::Other(OtherError(Arc::new(reason)))
    }

    #[test]
    fn every_reason_for_a_certificate_has_our_word() {
        let (then, date) = (UnixTime::since_unix_epoch(Duration::from_secs(1_800_000_000)), datetime!(2027-01-15 08:00 UTC));
        // AlgorithmIdentifier contents: sha1WithRSAEncryption with NULL, ecdsa-with-SHA256, id-ecPublicKey secp256k1
        let sha1_rsa = vec![6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5, 5, 0];
        let ecdsa = vec![6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
        let secp256k1 = vec![6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x0a];
        let name = ServerName::try_from("api.example").unwrap().to_owned();
        let table = [
            (CertificateError::BadEncoding, CertRefusal::BadEncoding),
            (CertificateError::Expired, CertRefusal::InvalidValidity),
            (CertificateError::ExpiredContext { time: then, not_after: then }, CertRefusal::Expired { not_after: Some(date) }),
            (CertificateError::NotValidYet, CertRefusal::NotYetValid { not_before: None }),
            (
                CertificateError::NotValidYetContext { time: then, not_before: then },
                CertRefusal::NotYetValid { not_before: Some(date) },
            ),
            (CertificateError::Revoked, CertRefusal::Revoked),
            (CertificateError::UnhandledCriticalExtension, CertRefusal::UnknownCriticalExtension),
            (CertificateError::UnknownIssuer, CertRefusal::UnknownIssuer),
            (CertificateError::UnknownRevocationStatus, CertRefusal::RevocationUnknown),
            (CertificateError::ExpiredRevocationList, CertRefusal::CrlExpired { next_update: None }),
            (
                CertificateError::ExpiredRevocationListContext { time: then, next_update: then },
                CertRefusal::CrlExpired { next_update: Some(date) },
            ),
            (CertificateError::BadSignature, CertRefusal::BadSignature),
            (
                CertificateError::UnsupportedSignatureAlgorithmContext {
                    signature_algorithm_id: sha1_rsa,
                    supported_algorithms: Vec::new(),
                },
                CertRefusal::UnsupportedSignatureAlgorithm("RSA-SHA1".to_owned()),
            ),
            (
                CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
                    signature_algorithm_id: ecdsa,
                    public_key_algorithm_id: secp256k1,
                },
                CertRefusal::UnsupportedSignatureForKey { signature: "ECDSA-SHA256".to_owned(), key: "EC secp256k1".to_owned() },
            ),
            (CertificateError::NotValidForName, CertRefusal::NameMismatch),
            (CertificateError::NotValidForNameContext { expected: name, presented: Vec::new() }, CertRefusal::NameMismatch),
            (CertificateError::InvalidPurpose, CertRefusal::WrongUsage),
            (unnamed(webpki::Error::EmptyEkuExtension), CertRefusal::WrongUsage),
            (unnamed(webpki::Error::CaUsedAsEndEntity), CertRefusal::CaUsedAsEndEntity),
            (unnamed(webpki::Error::EndEntityUsedAsCa), CertRefusal::EndEntityUsedAsCa),
            (unnamed(webpki::Error::PathLenConstraintViolated), CertRefusal::PathLenExceeded),
            (unnamed(webpki::Error::NameConstraintViolation), CertRefusal::NameConstraint),
            (unnamed(webpki::Error::UnsupportedCertVersion), CertRefusal::UnsupportedVersion),
            (unnamed(webpki::Error::UnsupportedCriticalExtension), CertRefusal::UnknownCriticalExtension),
            (unnamed(webpki::Error::SignatureAlgorithmMismatch), CertRefusal::BadEncoding),
            (unnamed(webpki::Error::MaximumPathDepthExceeded), CertRefusal::TooComplex),
            (unnamed(webpki::Error::UnsupportedNameType), CertRefusal::Other("unsupported name type".to_owned())),
        ];
        for (theirs, ours) in table {
            assert_eq!(of(&Error::InvalidCertificate(theirs)), Failure::CertificateRefused(ours));
        }
    }

    #[test]
    fn every_other_end_of_a_handshake_has_our_word() {
        let nothing = Failure::NothingInCommon;
        let table = [
            (Error::NoCertificatesPresented, Failure::NoCertificateSent),
            (
                Error::AlertReceived(AlertDescription::CertificateRequired),
                Failure::AlertReceived(116, "certificate_required".to_owned()),
            ),
            (Error::AlertReceived(AlertDescription::Unknown(200)), Failure::AlertReceived(200, "unknown alert".to_owned())),
            (Error::NoApplicationProtocol, nothing("application protocol")),
            (Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon), nothing("cipher suite")),
            (Error::PeerIncompatible(PeerIncompatible::NoKxGroupsInCommon), nothing("group")),
            (Error::PeerIncompatible(PeerIncompatible::NoSignatureSchemesInCommon), nothing("signature scheme")),
            (Error::PeerIncompatible(PeerIncompatible::Tls12NotOfferedOrEnabled), nothing("version")),
            (Error::PeerIncompatible(PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig), nothing("version")),
            (
                Error::PeerMisbehaved(PeerMisbehaved::SignedKxWithWrongAlgorithm),
                Failure::SignatureRefused(ANOTHER_KIND.to_owned()),
            ),
            (Error::InvalidMessage(InvalidMessage::InvalidContentType), Failure::NotTls),
            (
                Error::InvalidCertRevocationList(CertRevocationListError::BadSignature),
                Failure::CertificateRefused(CertRefusal::CrlUnusable(
                    "its signature does not verify with its issuer's key".to_owned(),
                )),
            ),
        ];
        for (theirs, ours) in table {
            assert_eq!(of(&theirs), ours);
        }
    }
}
