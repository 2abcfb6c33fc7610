//! Does the server's certificate cover the name that the client asked for?

use super::catalogue as code;
use super::direction::{Direction, called};
use super::{Code, Finding, Severity};
use crate::pki::name::parse_ip;
use crate::pki::{Cert, San};
use crate::safe::{Safe, all_of};

/// At most one finding; none where no name was asked for.
pub fn findings(d: &Direction<'_>, leaf: &Cert) -> Vec<Finding> {
    let Some(host) = d.host else { return vec![] };
    if leaf.names().iter().any(|san| san.covers(host)) {
        return vec![];
    }
    vec![mismatch(d, leaf, host)]
}

fn mismatch(d: &Direction<'_>, leaf: &Cert, host: &str) -> Finding {
    let usable: Vec<&San> = leaf.names().iter().filter(|n| matches!(n, San::Dns(_) | San::Ip(_))).collect();
    let has = if usable.is_empty() { "no subjectAltName".to_owned() } else { Safe(all_of(&usable)).to_string() };
    let (code, why) = cause(leaf, host, &usable);
    Finding::new(
        code,
        Severity::Error,
        d.keystore_place(),
        format!("the client asks for \"{}\", and the server's certificate does not have that name", Safe(host)),
    )
    .about(leaf)
    .fact("asked for", Safe(host).to_string())
    .fact(d.keystore, format!("{} has {has}", called(leaf)))
    .because(why)
    .fix(format!(
        "{}    or ask for a name that it has: --name {}",
        d.reissue(&d.names_for_reissue(Some(host))),
        usable.first().map_or("NAME".to_owned(), |n| super::direction::shell_word(&n.value()))
    ))
}

fn cause(leaf: &Cert, host: &str, usable: &[&San]) -> (Code, String) {
    let name = called(leaf);
    if leaf.names().is_empty() {
        let cn = leaf.subject.common_name().map_or(String::new(), |cn| format!(" (\"{}\")", Safe(cn)));
        return (
            code::NO_SAN,
            format!(
                "{name} has only a common name{cn} and no subjectAltName. OpenSSL and Java still fall back to it, Go, rustls and browsers do not."
            ),
        );
    }
    if parse_ip(host).is_some() {
        let digits = leaf.names().iter().any(|n| matches!(n, San::Dns(text) if text == host));
        let trap = if digits { " A DNS name with the same digits is there, but it does not count as an address." } else { "" };
        return (
            code::IP_NOT_IN_SAN,
            format!("The client connects to the address {}, and {name} has no iPAddress name for it.{trap}", Safe(host)),
        );
    }
    if let Some(wildcard) = usable.iter().find_map(|n| near_wildcard(n, host)) {
        return (
            code::WILDCARD_MISMATCH,
            format!(
                "{name} has {}, but a wildcard stands for exactly one label: it does not cover \"{}\".",
                Safe(wildcard),
                Safe(host)
            ),
        );
    }
    let names = if usable.is_empty() { "no DNS name or address".to_owned() } else { Safe(all_of(usable)).to_string() };
    (code::NAME_MISMATCH, format!("{name} is for {names}; \"{}\" is not among them.", Safe(host)))
}

/// A wildcard in the right domain that does not fit: too deep, the bare domain, or over a whole public suffix.
fn near_wildcard<'a>(san: &'a San, host: &str) -> Option<&'a str> {
    let San::Dns(pattern) = san else { return None };
    let domain =
        pattern.strip_prefix("*.").or_else(|| pattern.contains('*').then(|| pattern.split_once('.').map_or("", |(_, d)| d)))?;
    let (host, domain) = (host.trim_end_matches('.').to_ascii_lowercase(), domain.to_ascii_lowercase());
    let inside = host == domain || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
    (inside && !domain.is_empty()).then_some(pattern.as_str())
}
