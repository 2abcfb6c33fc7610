//! Does the server's certificate cover the name that the client asked for?

use super::catalogue as code;
use super::direction::{Direction, called};
use super::{Code, Finding, Severity};
use crate::handshake::Side;
use crate::pki::name::parse_ip;
use crate::pki::{Cert, San};
use crate::safe::{Safe, all_of, shell_word};

/// At most one finding; none where no name was asked for.
pub fn findings(d: &Direction<'_>, leaf: &Cert) -> Vec<Finding> {
    let Some(host) = d.host else { return nameless(d, leaf).into_iter().collect() };
    if leaf.names().iter().any(|san| san.covers(host) && !san.is_over_public_suffix()) {
        return vec![];
    }
    vec![mismatch(d, leaf, host)]
}

/// A server's certificate without any name, where none was asked for: whatever a client asks for, it will not be there.
fn nameless(d: &Direction<'_>, leaf: &Cert) -> Option<Finding> {
    let for_servers = d.judge == Side::Client && leaf.eku.as_ref().is_some_and(|eku| eku.iter().any(|u| u == "serverAuth"));
    (for_servers && leaf.names().is_empty() && !leaf.is_ca()).then(|| {
        let host = leaf.subject.common_name().unwrap_or_else(|| "NAME".to_owned());
        Finding { headline: format!("{} carries no name that a client could ask for", called(leaf)), ..mismatch(d, leaf, &host) }
            .at_most(Severity::Warning)
    })
}

fn mismatch(d: &Direction<'_>, leaf: &Cert, host: &str) -> Finding {
    let usable: Vec<&San> = leaf.names().iter().filter(|n| matches!(n, San::Dns(_) | San::Ip(_))).collect();
    let has = if usable.is_empty() { "no subjectAltName".to_owned() } else { Safe(all_of(&usable)).to_string() };
    let (code, why) = cause(leaf, host, &usable);
    let reissue = d.reissue(&d.names_for_reissue(Some(host)));
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
    .fix(match usable.iter().find(|n| !n.value().contains('*')) {
        Some(name) => format!("{reissue}  # or ask for a name that it has: --name {}", shell_word(&name.value())),
        None => format!("{reissue}{}", d.signer_note()),
    })
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
    if let Some((wildcard, why)) = usable.iter().find_map(|n| Some((*n, near_wildcard(n, host)?))) {
        return (
            code::WILDCARD_MISMATCH,
            format!("{name} has {}, but {why}: it does not cover \"{}\".", Safe(wildcard.value()), Safe(host)),
        );
    }
    let names = if usable.is_empty() { "no DNS name or address".to_owned() } else { Safe(all_of(usable)).to_string() };
    (code::NAME_MISMATCH, format!("{name} is for {names}; \"{}\" is not among them.", Safe(host)))
}

/// Why a wildcard that could be meant for `host` does not fit: too deep, the bare domain, within a label, or over a whole
/// public suffix. `None` for other names, and for wildcards of another domain.
fn near_wildcard(san: &San, host: &str) -> Option<&'static str> {
    let San::Dns(pattern) = san else { return None };
    if !pattern.contains('*') {
        return None;
    }
    let whole_label = pattern.strip_prefix("*.").filter(|domain| !domain.contains('*'));
    // what follows the last star is the domain that every meaning of the pattern has
    let domain = whole_label
        .unwrap_or_else(|| pattern.rsplit_once('*').map_or("", |(_, after)| after.split_once('.').map_or("", |(_, d)| d)));
    let (host, domain) = (host.trim_end_matches('.').to_ascii_lowercase(), domain.trim_end_matches('.').to_ascii_lowercase());
    let inside = host == domain || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
    match () {
        () if domain.is_empty() => Some("a wildcard alone, without a domain, stands for nothing"),
        () if !inside => None,
        () if whole_label.is_none() => Some("a wildcard must be the whole first label"),
        () if san.is_over_public_suffix() && domain.contains('.') => {
            Some("browsers, Java and curl refuse a wildcard over a whole public suffix, below which anyone may have a name")
        }
        () if san.is_over_public_suffix() => Some("verifiers refuse a wildcard over a whole top-level domain"),
        () if host == domain => Some("a wildcard stands for exactly one label more than its domain has"),
        () => Some("a wildcard stands for exactly one label"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(pattern: &str, host: &str) -> bool {
        near_wildcard(&San::Dns(pattern.to_owned()), host).is_some()
    }

    #[test]
    fn wildcards_of_the_right_domain_are_near() {
        for (pattern, host) in [
            ("*.lab.test", "a.b.lab.test"),
            ("*.lab.test", "lab.test"),
            ("*.Lab.test", "LAB.test."),
            ("*.test", "lab.test"),
            ("no*.lab.test", "node.lab.test"),
            ("x.*.lab.test", "x.y.lab.test"),
            ("*.*.lab.test", "x.y.lab.test"),
            ("*", "localhost"),
        ] {
            assert!(near(pattern, host), "{pattern} {host}");
        }
    }

    #[test]
    fn names_of_other_domains_are_not_near() {
        for (pattern, host) in [
            ("*.other.test", "a.lab.test"),
            ("*.prod.lab.test", "a.lab.test"),
            ("lab.test", "a.lab.test"),
            ("*.ab.test", "lab.test"),
        ] {
            assert!(!near(pattern, host), "{pattern} {host}");
        }
    }
}
