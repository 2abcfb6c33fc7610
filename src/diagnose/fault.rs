//! Faults of a path, told as findings.

use super::catalogue as code;
use super::direction::{Direction, called, key_of, shell_word};
use super::path::Fault;
use super::{Code, Finding, Severity, time};
use crate::pki::Cert;
use crate::safe::{Safe, count, date};

/// One finding a fault; an error where the verifier enforces it, else a warning.
pub fn finding(d: &Direction<'_>, leaf: &Cert, fault: &Fault) -> Finding {
    let severity = if fault.is_enforced() { Severity::Error } else { Severity::Warning };
    let start = |code: Code, cert: &Cert, headline: String| {
        Finding::new(code, severity, d.holder(cert).0, headline).about(cert).fact(d.holder(cert).1, facts_of(cert))
    };
    match fault {
        Fault::Expired(cert) => time::expired(d, cert),
        Fault::NotYetValid(cert) => time::not_yet_valid(d, cert),
        Fault::NotACa(ca) => {
            start(code::NOT_A_CA, ca, format!("{} issued {}, but is no CA", called(ca), called_below(d, ca, leaf)))
                .because(format!(
                    "{} has {}: it may not issue certificates, so what it signed counts for nothing.",
                    called(ca),
                    if ca.basic.is_some() { "basicConstraints CA:false" } else { "no basicConstraints extension" }
                ))
                .fix(format!(
                    "issue the {}'s certificate from a CA certificate: mtls ca NAME, then {}",
                    d.sender(),
                    d.reissue(&d.names_for_reissue(None))
                ))
        }
        Fault::CannotSign(ca) => start(
            code::CA_CANNOT_SIGN,
            ca,
            format!("the CA {} may not sign certificates: its keyUsage lacks keyCertSign", called(ca)),
        )
        .fact("keyUsage", usage_words(ca))
        .because(format!(
            "{} is a CA, but its keyUsage ({}) leaves keyCertSign out; OpenSSL, Java and GnuTLS refuse the chain for it.",
            called(ca),
            usage_words(ca)
        ))
        .fix("make the CA certificate anew with keyUsage keyCertSign (mtls ca does), and issue from it"),
        Fault::PathTooLong(ca) => {
            let limit = ca.basic.and_then(|b| b.path_len).unwrap_or_default();
            start(
                code::PATH_TOO_LONG,
                ca,
                format!("{} allows {} below it, and the chain has more", called(ca), count(limit as usize, "intermediate CA")),
            )
            .fact("pathLenConstraint", limit.to_string())
            .because(format!(
                "{} was issued with pathLenConstraint {limit}, so no more than {} may stand between it and a leaf.",
                called(ca),
                count(limit as usize, "CA")
            ))
            .fix(format!("issue the certificate from {} directly, or make that CA anew with a larger path length", called(ca)))
        }
        Fault::Constraint { ca, cert, name, rule } => Finding::new(
            code::NAME_CONSTRAINT_VIOLATED,
            severity,
            d.holder(cert).0,
            format!("{} may not issue for {}", called(ca), Safe(name)),
        )
        .about(cert)
        .fact(d.holder(cert).1, format!("{} has {}", called(cert), Safe(name)))
        .fact(d.holder(ca).1, format!("{} allows {}", called(ca), Safe(rule)))
        .because(format!(
            "The name {} of {} breaks the name constraints of {} ({}).",
            Safe(name),
            called(cert),
            called(ca),
            Safe(rule)
        ))
        .fix(format!("issue the certificate for names that {} may certify, or from another CA", called(ca))),
        Fault::Purpose(ca) => start(purpose_code(d), ca, format!("the CA {} is not for {}s", called(ca), d.sender()))
            .fact("extendedKeyUsage", ca.eku.clone().unwrap_or_default().join(", "))
            .because(format!(
                "{} has an extendedKeyUsage without {}, and what a CA may not do, the certificates below it may not do either.",
                called(ca),
                d.purpose()
            ))
            .fix(format!(
                "have the {}'s certificate issued by a CA that allows {}, or that has no extendedKeyUsage",
                d.sender(),
                d.purpose()
            )),
        Fault::WeakSignature(cert) => start(
            code::WEAK_SIGNATURE,
            cert,
            format!("{} is signed with {}, which is refused today", called(cert), cert.signature.name()),
        )
        .fact("signature", cert.signature.name())
        .because(format!(
            "{} carries a {} signature; collisions can be made, so TLS stacks refuse it below a root.",
            called(cert),
            cert.signature.name()
        ))
        .fix("have the certificate issued anew with a SHA-256 signature"),
        Fault::UnsupportedSignature(cert) => start(
            code::UNSUPPORTED_KEY,
            cert,
            format!("{} is signed with {}, which TLS stacks do not take", called(cert), signature_words(cert)),
        )
        .fact("signature", signature_words(cert))
        .because(format!(
            "The signature on {} ({}) is of a kind that this handshake's verifier and most TLS stacks do not know.",
            called(cert),
            signature_words(cert)
        ))
        .fix("have the certificate issued by a CA with an EC P-256 or RSA key"),
        Fault::UnsupportedIssuerKey(ca) => start(
            code::UNSUPPORTED_KEY,
            ca,
            format!("the CA {} has a {} key, which TLS stacks do not take", called(ca), ca.key.title()),
        )
        .fact("key", ca.key.title())
        .because(format!(
            "{} signs with {}; verifiers in TLS take RSA, EC P-256, P-384, P-521, Ed25519 and ML-DSA.",
            called(ca),
            ca.key.title()
        ))
        .fix("make the CA anew with an EC P-256 or RSA key (mtls ca), and issue from it"),
        Fault::WeakIssuerKey(ca) => {
            start(code::WEAK_KEY, ca, format!("the CA {} has a weak key: {}", called(ca), ca.key.title()))
                .fact("key", ca.key.title())
                .because(format!("{} signs with {}; 2048 bits is the least that TLS stacks accept.", called(ca), ca.key.title()))
                .fix("make the CA anew with an EC P-256 or RSA 2048 key, and issue from it")
        }
        Fault::Critical(cert, oid) => critical(d, cert, oid).at_most(severity),
        Fault::OldVersion(cert) => old_version(d, cert).at_most(severity),
        Fault::Revoked(cert, since, reason) => {
            let why = reason.as_ref().map_or(String::new(), |r| format!(", reason: {}", Safe(r)));
            start(code::REVOKED, cert, format!("{} was revoked on {}{why}", called(cert), date(*since)))
                .fact("serial number", crate::safe::hex(&cert.serial))
                .because(format!(
                    "\"{}\" put serial number {} of {} on its revocation list on {}{why}.",
                    Safe(cert.issuer.short()),
                    crate::safe::hex(&cert.serial),
                    called(cert),
                    date(*since)
                ))
                .fix(d.reissue(&d.names_for_reissue(None)))
        }
    }
}

/// An altered certificate: its issuer is known by its key identifier, and its signature does not verify.
pub fn bad_signature(d: &Direction<'_>, cert: &Cert, issuer: &Cert) -> Finding {
    Finding::new(
        code::BAD_SIGNATURE,
        Severity::Error,
        d.holder(cert).0,
        format!("the signature on {} does not verify: it was altered after {} signed it", called(cert), called(issuer)),
    )
    .about(cert)
    .fact(d.holder(cert).1, facts_of(cert))
    .fact("issuer", format!("{}, {}", called(issuer), key_of(issuer)))
    .because(format!(
        "{} names {} as its issuer, and {} fits, but its signature is wrong: some byte of the certificate changed.",
        called(cert),
        called(issuer),
        key_of(issuer)
    ))
    .fix(format!(
        "get {} anew from its issuer, and bundle it: mtls keystore {} KEY CERT",
        called(cert),
        shell_word(d.keystore)
    ))
}

/// A critical extension that nobody at hand knows.
pub fn critical(d: &Direction<'_>, cert: &Cert, oid: &str) -> Finding {
    Finding::new(code::UNKNOWN_CRITICAL_EXTENSION, Severity::Error, d.holder(cert).0, format!("{} has a critical extension that verifiers do not know", called(cert)))
        .about(cert)
        .fact("extension", format!("number {oid}, critical"))
        .because(format!("A verifier that does not know a critical extension (here number {oid}) must refuse the certificate (RFC 5280 section 4.2)."))
        .fix("have the certificate issued without that extension, or with it not critical")
}

/// A certificate of X.509 version 1 or 2.
pub fn old_version(d: &Direction<'_>, cert: &Cert) -> Finding {
    Finding::new(code::OLD_CERTIFICATE_VERSION, Severity::Error, d.holder(cert).0, format!("{} is an X.509 version {} certificate; version 3 is needed", called(cert), cert.version))
        .about(cert)
        .fact(d.holder(cert).1, facts_of(cert))
        .because(format!("{} has version {}, so it can carry no names, usages or CA mark; OpenSSL-based peers take it, Go, rustls and browsers do not. \"openssl x509 -req\" without extensions makes such certificates.", called(cert), cert.version))
        .fix(d.reissue(&d.names_for_reissue(None)))
}

/// `not-for-server` or `not-for-client`.
pub fn purpose_code(d: &Direction<'_>) -> Code {
    if d.purpose() == "serverAuth" { code::NOT_FOR_SERVER } else { code::NOT_FOR_CLIENT }
}

/// The certificate, who signed it and until when it is good, in one line.
pub fn facts_of(cert: &Cert) -> String {
    format!("{} signed by \"{}\", {} to {}", called(cert), Safe(cert.issuer.short()), date(cert.not_before), date(cert.not_after))
}

fn called_below(d: &Direction<'_>, ca: &Cert, leaf: &Cert) -> String {
    d.sent.iter().find(|c| c.issuer == ca.subject && *c != ca).map_or_else(|| called(leaf), called)
}

/// A signature's algorithm for people: a number says what it is.
fn signature_words(cert: &Cert) -> String {
    let name = cert.signature.name();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("an algorithm with number {name}") } else { name }
}

fn usage_words(cert: &Cert) -> String {
    cert.key_usage.as_ref().map_or("none".to_owned(), |usage| usage.join(", "))
}
