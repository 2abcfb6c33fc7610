//! Why one side broke off, in our own words.

use crate::safe;
use std::fmt;
use time::OffsetDateTime;

/// Why one side broke off, in a form that rules can match on without knowing rustls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// This side's verifier refused the peer's certificate.
    CertificateRefused(CertRefusal),
    /// This side wanted a certificate, and the peer sent none.
    NoCertificateSent,
    /// The peer sent this alert: its number and its name (RFC 8446 section 6).
    AlertReceived(u8, String),
    /// The peer's signature does not fit the certificate that it sent: it holds another key. Says what does not fit.
    SignatureRefused(String),
    /// The handshake was whole, and then the server said no in words of the protocol above, as nginx does in HTTP.
    RefusedInWords(String),
    /// Nothing in common of this kind: `version`, `cipher suite`, `group`, `signature scheme`, `application protocol`.
    NothingInCommon(&'static str),
    /// This side's own key cannot be used for TLS, with the reason; nothing was sent.
    KeyUnusable(String),
    /// This side has nothing to present: no key, or no certificate for it; nothing was sent.
    NothingToPresent,
    /// What the peer sent is no TLS; [`Story::first_bytes`](super::Story::first_bytes) has its beginning.
    NotTls,
    /// Nothing listens at the address.
    ConnectionRefused,
    /// The connection was closed, or reset, without an alert.
    Closed,
    /// The time allowed ran out.
    TimedOut,
    /// Another fault, in the stack's words.
    Other(String),
}

/// Why a verifier refused a certificate. The first one found decides: the leaf's validity and usage, then the way up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertRefusal {
    /// No way from the leaf to a trust anchor: none has the issuer's name, or the one that has it leads no further.
    UnknownIssuer,
    /// There is no trust anchor at all to compare with.
    NoAnchors,
    /// A certificate of the chain was valid until then.
    Expired {
        /// The end of its validity, where it is known.
        not_after: Option<OffsetDateTime>,
    },
    /// A certificate of the chain is valid from then on.
    NotYetValid {
        /// The start of its validity, where it is known.
        not_before: Option<OffsetDateTime>,
    },
    /// A certificate's validity ends before it starts, or its dates cannot be read.
    InvalidValidity,
    /// No subjectAltName is the name that was asked for.
    NameMismatch,
    /// extendedKeyUsage leaves out what the certificate is used for here.
    WrongUsage,
    /// A CA's certificate was presented as a leaf.
    CaUsedAsEndEntity,
    /// An issuer in the chain is no CA (basicConstraints).
    EndEntityUsedAsCa,
    /// A CA's path length is exceeded.
    PathLenExceeded,
    /// A name is outside of a CA's name constraints.
    NameConstraint,
    /// A certificate of the chain is on a CRL.
    Revoked,
    /// A CRL is past its next update.
    CrlExpired {
        /// When the next one was due, where it is known.
        next_update: Option<OffsetDateTime>,
    },
    /// A CRL for this issuer cannot be used; says why.
    CrlUnusable(String),
    /// No CRL says whether the certificate is revoked.
    RevocationUnknown,
    /// A signature was not made by the issuer's key: the certificate was altered, the issuer was made anew under its old
    /// name, or its key is too short for this stack (RSA below 2048 bits).
    BadSignature,
    /// A certificate is signed with an algorithm that this stack does not take, by its name (`RSA-SHA1`).
    UnsupportedSignatureAlgorithm(String),
    /// The signature's algorithm does not go with the issuer's key, or the key is of a kind that this stack does not take.
    UnsupportedSignatureForKey {
        /// The signature's algorithm (`ECDSA-SHA256`).
        signature: String,
        /// The key's kind (`EC secp256k1`).
        key: String,
    },
    /// A certificate that is no X.509 version 3.
    UnsupportedVersion,
    /// A critical extension that this stack does not know.
    UnknownCriticalExtension,
    /// A certificate that is ill-formed in the eyes of this stack.
    BadEncoding,
    /// The search for a way up was given up: too many certificates of the same name, or too many names.
    TooComplex,
    /// Another reason, in the stack's words.
    Other(String),
}

impl fmt::Display for CertRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on =
            |words: &str, when: &Option<OffsetDateTime>| when.map_or(String::new(), |t| format!(" ({words} {})", safe::date(t)));
        match self {
            CertRefusal::UnknownIssuer => f.write_str("no trusted CA issued it"),
            CertRefusal::NoAnchors => f.write_str("there is no trusted CA to check it with"),
            CertRefusal::Expired { not_after } => write!(f, "it has expired{}", on("valid until", not_after)),
            CertRefusal::NotYetValid { not_before } => write!(f, "it is not valid yet{}", on("valid from", not_before)),
            CertRefusal::InvalidValidity => f.write_str("its validity ends before it starts"),
            CertRefusal::NameMismatch => f.write_str("it is not for the name that was asked for"),
            CertRefusal::WrongUsage => f.write_str("its extendedKeyUsage does not allow this use"),
            CertRefusal::CaUsedAsEndEntity => f.write_str("it is a CA's certificate, presented as a leaf"),
            CertRefusal::EndEntityUsedAsCa => f.write_str("one of its issuers is no CA"),
            CertRefusal::PathLenExceeded => f.write_str("the chain is longer than one of its CAs allows"),
            CertRefusal::NameConstraint => f.write_str("one of its names is outside of a CA's name constraints"),
            CertRefusal::Revoked => f.write_str("it is revoked"),
            CertRefusal::CrlExpired { next_update } => {
                write!(f, "its issuer's CRL is out of date{}", on("the next one was due on", next_update))
            }
            CertRefusal::CrlUnusable(why) => write!(f, "its issuer's CRL cannot be used: {why}"),
            CertRefusal::RevocationUnknown => f.write_str("no CRL says whether it is revoked"),
            CertRefusal::BadSignature => f.write_str("its signature does not verify with its issuer's key"),
            CertRefusal::UnsupportedSignatureAlgorithm(name) => write!(f, "it is signed with {name}, which is not accepted"),
            CertRefusal::UnsupportedSignatureForKey { signature, key } => {
                write!(f, "its signature ({signature}) is not accepted with its issuer's key ({key})")
            }
            CertRefusal::UnsupportedVersion => f.write_str("it is no X.509 version 3 certificate"),
            CertRefusal::UnknownCriticalExtension => f.write_str("it has a critical extension that is not known"),
            CertRefusal::BadEncoding => f.write_str("it is ill-formed"),
            CertRefusal::TooComplex => f.write_str("the search for its issuers was given up: too many candidates"),
            CertRefusal::Other(why) => f.write_str(why),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::CertificateRefused(why) => write!(f, "the certificate was refused: {why}"),
            Failure::NoCertificateSent => f.write_str("the peer sent no certificate"),
            Failure::AlertReceived(number, name) => write!(f, "the peer sent the alert {name} ({number})"),
            Failure::RefusedInWords(words) => write!(f, "after the handshake the server answered \"{words}\""),
            Failure::SignatureRefused(why) => write!(f, "the peer did not prove that it has the certificate's key: {why}"),
            Failure::NothingInCommon(what) => write!(f, "no {what} in common"),
            Failure::KeyUnusable(why) => write!(f, "the key cannot be used for TLS: {why}"),
            Failure::NothingToPresent => f.write_str("there is no certificate with its key to present"),
            Failure::NotTls => f.write_str("the peer does not speak TLS"),
            Failure::ConnectionRefused => f.write_str("nothing listens there"),
            Failure::Closed => f.write_str("the peer closed the connection without a word"),
            Failure::TimedOut => f.write_str("no answer in the time allowed"),
            Failure::Other(why) => f.write_str(why),
        }
    }
}
