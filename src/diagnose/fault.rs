//! Faults of a path, told as findings.

use super::catalogue as code;
use super::direction::{Direction, called, facts_of, key_of};
use super::path::Fault;
use super::{Code, Finding, Severity, time};
use crate::pki::Cert;
use crate::safe::{Safe, count, date};

/// A fault of a trusted CA: this verifier and Java's take it as it is; OpenSSL and GnuTLS look at it as at any other
/// certificate.
pub fn of_anchor(d: &Direction<'_>, leaf: &Cert, fault: &Fault) -> Finding {
    let mut found = finding(d, leaf, fault).at_most(Severity::Warning);
    if matches!(fault, Fault::Expired(_) | Fault::NotYetValid(_)) {
        found.explain.push_str(
            " This program's verifier and Java take a trusted CA as it is; OpenSSL (curl, nginx, HAProxy) refuses every certificate below it.",
        );
    }
    found
}

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
                .fix(format!("issue the {}'s certificate from a CA certificate: {}", d.sender(), d.start_anew()))
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
        .fix(format!("make the CA certificate anew with keyUsage keyCertSign, or start from a new CA: {}", d.start_anew())),
        Fault::PathTooLong(ca) => {
            let limit = ca.basic.and_then(|b| b.path_len).unwrap_or_default();
            let few = if limit == 0 { "no intermediate CA".to_owned() } else { count(limit as usize, "intermediate CA") };
            start(code::PATH_TOO_LONG, ca, format!("{} allows {} below it, and the chain has more", called(ca), few))
                .fact("pathLenConstraint", limit.to_string())
                .because(format!(
                    "{} was issued with pathLenConstraint {limit}: between it and a leaf may stand {few}.",
                    called(ca)
                ))
                .fix(format!("issue the certificate from {} directly, or start from a new CA: {}", called(ca), d.start_anew()))
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
        .fix(format!(
            "issue the certificate for names that {} may certify, or from another CA: {}",
            called(ca),
            d.start_anew()
        )),
        Fault::Purpose(ca) => start(purpose_code(d), ca, format!("the CA {} is not for {}s", called(ca), d.sender()))
            .fact("extendedKeyUsage", ca.eku.clone().unwrap_or_default().join(", "))
            .because(format!(
                "{} has an extendedKeyUsage without {}, and what a CA may not do, the certificates below it may not do either.",
                called(ca),
                d.purpose()
            ))
            .fix(format!(
                "have the {}'s certificate issued by a CA that allows {}, or that has no extendedKeyUsage: {}",
                d.sender(),
                d.purpose(),
                d.start_anew()
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
        .fix(match d.sent.first() == Some(cert) {
            true => format!("have it issued anew with a SHA-256 signature: {}", d.reissue_fix()),
            false => {
                format!("have {} issued anew with a SHA-256 signature, or start from a new CA: {}", called(cert), d.start_anew())
            }
        }),
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
        .fix(format!("have the certificate issued by a CA with an EC P-256 or RSA key: {}", d.start_anew())),
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
        .fix(format!("make a CA with an EC P-256 or RSA key, and issue from it: {}", d.start_anew())),
        Fault::WeakIssuerKey(ca) => {
            start(code::WEAK_KEY, ca, format!("the CA {} has a weak key: {}", called(ca), ca.key.title()))
                .fact("key", ca.key.title())
                .because(format!("{} signs with {}; 2048 bits is the least that TLS stacks accept.", called(ca), ca.key.title()))
                .fix(format!("make a CA with an EC P-256 or RSA 2048 key, and issue from it: {}", d.start_anew()))
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
                .fix(if cert.is_ca() {
                    format!("issue the {}'s certificate from another CA: {}", d.sender(), d.start_anew())
                } else {
                    // it looks good to who does not know the list
                    format!("{} --renew{}", d.reissue(&d.names_for_reissue(None)), d.signer_note())
                })
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
    .fix(format!("get {} anew from its issuer, and bundle it: {}", called(cert), d.rewrite("KEY CERT")))
}

/// A critical extension that nobody at hand knows.
pub fn critical(d: &Direction<'_>, cert: &Cert, oid: &str) -> Finding {
    Finding::new(code::UNKNOWN_CRITICAL_EXTENSION, Severity::Error, d.holder(cert).0, format!("{} has a critical extension that verifiers do not know", called(cert)))
        .about(cert)
        .fact("extension", format!("{}, critical", extension_words(oid)))
        .because(format!(
            "{} has the critical extension {}. A verifier that does not know a critical extension must refuse the certificate (RFC 5280 section 4.2){}.",
            called(cert),
            extension_words(oid),
            if extension_name(oid).is_some() { "; OpenSSL and Java know this one, rustls and others do not" } else { "" }
        ))
        .fix(match d.sent.first() == Some(cert) {
            true => format!("have it issued without that extension, or with it not critical: {}", d.reissue_fix()),
            false => format!("have {} issued without that extension, or with it not critical, or start from a new CA: {}", called(cert), d.start_anew()),
        })
}

/// An extension for people: its name with its number, where it has one.
fn extension_words(oid: &str) -> String {
    extension_name(oid).map_or_else(|| format!("with number {oid}"), |name| format!("{name} ({oid})"))
}

/// The extensions that RFC 5280 verifiers process and webpki does not, and some that are marked critical by mistake.
fn extension_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "2.5.29.16" => "privateKeyUsagePeriod",
        "2.5.29.18" => "issuerAltName",
        "2.5.29.32" => "certificatePolicies",
        "2.5.29.33" => "policyMappings",
        "2.5.29.35" => "authorityKeyIdentifier",
        "2.5.29.36" => "policyConstraints",
        "2.5.29.46" => "freshestCRL",
        "2.5.29.54" => "inhibitAnyPolicy",
        "1.3.6.1.5.5.7.1.1" => "authorityInfoAccess",
        "1.3.6.1.5.5.7.1.24" => "tlsFeature",
        "2.16.840.1.113730.1.1" => "netscapeCertType",
        _ => return None,
    })
}

/// A certificate of X.509 version 1 or 2.
pub fn old_version(d: &Direction<'_>, cert: &Cert) -> Finding {
    Finding::new(code::OLD_CERTIFICATE_VERSION, Severity::Error, d.holder(cert).0, format!("{} is an X.509 version {} certificate; version 3 is needed", called(cert), cert.version))
        .about(cert)
        .fact(d.holder(cert).1, facts_of(cert))
        .because(format!("{} has version {}, so it can carry no names, usages or CA mark; OpenSSL-based peers take it, Go, rustls and browsers do not. \"openssl x509 -req\" without extensions makes such certificates.", called(cert), cert.version))
        .fix(d.reissue_fix())
}

/// `not-for-server` or `not-for-client`.
pub fn purpose_code(d: &Direction<'_>) -> Code {
    if d.purpose() == "serverAuth" { code::NOT_FOR_SERVER } else { code::NOT_FOR_CLIENT }
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
